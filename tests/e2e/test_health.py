"""`yiqi health` as an organizer meets it: beside a server and through one, in words, as JSON and drawn."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from models.health.advice import Action, Advice
from service.application.health import commands
from service.application.importing import import_archive
from service.cli.app import app
from service.importers import open_source
from service.sample.generate import write_sample
from service.sample.solo import BRIDGE, BROADCASTER, LONER
from service.store.sql import SqlStore

from .serving import serving
from .worlds import NOW, make_archive, run_import

ROOT = Path(__file__).parents[2]


def yiqi(*args: str | Path) -> Any:
    """A command in this process."""
    return CliRunner().invoke(app, [*map(str, args)], env={"COLUMNS": "160"})


def process(*args: str | Path) -> subprocess.CompletedProcess[str]:
    """The same in one of its own."""
    command = [sys.executable, "-m", "service", *map(str, args)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample community."""
    folder = tmp_path_factory.mktemp("health")
    write_sample(folder / "sample")
    store = SqlStore(folder / "yiqi.db")
    import_archive(store, "makers", open_source(folder / "sample"), until=None, consent="organizers", now=NOW + 10**14)
    store.close()
    return folder


@pytest.fixture(scope="module")
def told(data: Path) -> dict[str, Any]:
    """The health of the sample as JSON, read from the folder."""
    done = yiqi("health", "--data", data, "--community", "makers", "--format", "json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = orjson.loads(done.stdout)
    return found


def pointed(told: dict[str, Any], kind: str) -> list[str]:
    figure = next(one for one in told["figures"] if one["kind"] == f"HEALTH_FIGURE_KIND_{kind}")
    return [one["member"].split("/")[-1] for one in figure["pointers"]]


def test_the_sample_shows_its_broadcaster_its_loner_and_its_bridge(told: dict[str, Any]) -> None:
    assert pointed(told, "BROADCASTING") == [BROADCASTER]
    assert LONER in pointed(told, "ISOLATED")
    assert pointed(told, "HANGING") == [BRIDGE]


def test_a_server_tells_the_same_and_the_folder_can_be_read_beside_it(tmp_path: Path) -> None:
    run_import(tmp_path / "yiqi.db", make_archive(tmp_path / "in.zip", 300))
    with serving(tmp_path) as (server, _):
        remote = yiqi("health", "--server", server.address, "--community", "c", "--format", "json")
        beside = process("health", "--data", tmp_path, "--community", "c", "--format", "json")
    assert remote.exit_code == 0, remote.stderr
    assert beside.returncode == 0, beside.stderr
    assert orjson.loads(remote.stdout) == orjson.loads(beside.stdout)
    assert len(orjson.loads(remote.stdout)["figures"]) == 17


def test_a_table_says_what_to_do_in_either_language(data: Path) -> None:
    english = yiqi("health", "--data", data, "--community", "makers").stdout
    chinese = yiqi("health", "--data", data, "--community", "makers", "--language", "zh").stdout
    assert "What could be done" in english
    assert "Tomasz Wróbel" in english
    assert "可以做什么" in chinese
    assert "Tomasz Wróbel" in chinese
    assert f"yiqi recommend collaborators --community makers --member={BROADCASTER}" in english.replace("\n", "")


def test_every_command_that_advice_proposes_is_one_that_yiqi_has(told: dict[str, Any]) -> None:
    lines = [line for advice in told["advice"] for line in advice["action"]["commands"]]
    assert len(lines) >= 5
    for action in (Action("project"), Action("round"), Action("round", ("-a b", "c"))):
        lines += commands(Advice("voice", "", (), action), "makers", NOW)
    for line in lines:
        words = shlex.split(line)
        assert words[0] == "yiqi"
        command: Any = get_command(app)
        rest = words[1:]
        while hasattr(command, "commands"):
            command, rest = command.commands[rest[0]], rest[1:]
        command.make_context(words[1], rest)  # parses the options without running anything


def test_the_picture_is_drawn_the_same_each_time(data: Path, tmp_path: Path) -> None:
    pictures = [tmp_path / f"{name}.svg" for name in "ab"]
    for picture in pictures:
        done = yiqi("health", "--data", data, "--community", "makers", "--plot", picture, "--language", "zh")
        assert done.exit_code == 0, done.stderr
    assert pictures[0].read_bytes() == pictures[1].read_bytes()
    assert "没人理会的成员" in pictures[0].read_text()


def test_help_has_an_example() -> None:
    assert "Example: yiqi health --community makers" in " ".join(yiqi("health", "--help").stdout.split())


def test_weekly_windows_are_weekly(data: Path) -> None:
    done = yiqi(
        "health", "--data", data, "--community", "makers", "--since", "2026-11-01", "--every", "1w", "--format", "json"
    )
    assert len(orjson.loads(done.stdout)["windows"]) == 3


def test_an_unknown_community_is_told_in_one_line(data: Path) -> None:
    done = process("health", "--data", data, "--community", "nobody-here")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "nobody-here" in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["--community", "makers", "--every", "soon"],
        ["--community", "makers", "--every", "400d"],
        ["--community", "makers", "--since", "yesterday"],
        ["--community", "makers", "--plot", "out.pdf"],
        ["--community", "makers", "--plot", "no/such/folder/out.svg"],
        ["--community", "makers", "--server", "127.0.0.1:1"],
        [],
    ],
)
def test_wrong_use_says_so_before_any_work(data: Path, args: list[str]) -> None:
    done = yiqi("health", "--data", data, *args)
    assert done.exit_code == 2
    assert done.stderr.strip()
