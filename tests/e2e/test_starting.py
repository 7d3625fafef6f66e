"""What starts does not wait for what it does not need."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from models.domain.records import Community, Member, Message
from models.text.encoder import Encoder, identity
from service.core.settings import Settings
from service.serving import build, encoders
from service.store.sql import SqlStore
from tests.e2e.serving import ROOT, START

ENCODER = "encoder"
TEXTS = ("torch", "sentence_transformers", "transformers", "sklearn", "rjieba", "models.suggest")
GRAPHS = ("networkx", "rustworkx", "ortools", "scipy.optimize")
REST = ("alembic", "jwt", "matplotlib", "service.importers.members", "service.importers.formats")
# Runs what follows "--" and then says which of the modules named before it are there.
WATCHED = """
import sys
from service.__main__ import main
at = sys.argv.index("--")
heavy, sys.argv = sys.argv[1:at], ["yiqi", *sys.argv[at + 1 :]]
try:
    main()
finally:
    print(*[name for name in heavy if name in sys.modules], file=sys.stderr)
"""
# The same of a server when it begins to take calls, which is then stopped.
SERVED = """
import os, signal, sys
from pathlib import Path
from service.compose import serve
from service.core.settings import Settings
def ready(address):
    print(*[name for name in sys.argv[2:] if name in sys.modules], file=sys.stderr)
    os.kill(os.getpid(), signal.SIGTERM)
serve(Settings(data=Path(sys.argv[1]), listen="127.0.0.1:0", log_level="error"), ready)
"""


class NoModel:
    """Nothing here has a vector."""

    def get_embedding_dimension(self) -> int:
        return 8


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three who are there, say nothing that could be read, and are saved in a snapshot."""
    folder = tmp_path_factory.mktemp("data")
    (folder / ENCODER).mkdir()
    (folder / ENCODER / "model").write_text("told by its content")
    people = [Member(id=id, name=id, consent="members") for id in ("ada", "ben", "cleo")]
    said = [Message(id=f"m{n}", author=people[n % 3].id, time=(START + n) * 10**6, text="") for n in range(9)]
    with pytest.MonkeyPatch.context() as patched, closing(SqlStore(folder / "yiqi.db")) as store:
        patched.setattr(encoders, "load_encoder", lambda name: Encoder(str(identity(name)), NoModel(), nullcontext()))
        store.put("c", [Community(id="c"), *people, *said])
        build(store, "c", folder, Settings(data=folder, encoder=str(folder / ENCODER)))
    return folder


def imported(data: Path, code: str, *args: str | Path) -> list[str]:
    """What a process says that it has imported."""
    environment = {**os.environ, "YIQI_ENCODER": str(data / ENCODER)}
    command = [sys.executable, "-c", code, *map(str, args)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr.split("\n")[-2].split()


def test_help_imports_neither_numbers_nor_networks(tmp_path: Path) -> None:
    heavy = ("numpy", "grpc", "google.protobuf", "sqlalchemy", "pydantic", "numba", "rich.console", *TEXTS, *REST)
    assert imported(tmp_path, WATCHED, *heavy, "--", "--help") == []


@pytest.mark.parametrize("command", [("recommend", "peers", "--member", "ada"), ("members", "list")])
def test_a_command_imports_nothing_that_it_does_not_use(data: Path, command: tuple[str, ...]) -> None:
    heavy = (*TEXTS, *GRAPHS, *REST)
    assert imported(data, WATCHED, *heavy, "--", *command, "--data", data, "--community", "c") == []


def test_a_server_takes_calls_before_it_has_read_what_only_texts_need(data: Path) -> None:
    assert imported(data, SERVED, data, *TEXTS, *GRAPHS, *REST) == []
