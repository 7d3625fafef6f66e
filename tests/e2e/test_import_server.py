"""`yiqi import` beside a running server: the same end as on the data folder, whatever happens in between."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.application import importing
from service.cli.app import run
from service.cli.shared import import_targets
from service.compose import open_store
from service.core.settings import Settings
from service.importers import open_source
from tests.bench.serving import Served, serving

from .serving import Server
from .worlds import make_archive

CRAFTS = "soldering", "baking", "weaving", "welding", "pottery", "carving", "sewing", "printing", "dyeing"


def yiqi(capture: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, str, str]:
    """The command in this process: exit code, stdout, stderr."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["yiqi", *map(str, args)])
        with pytest.raises(SystemExit) as ended:
            run()
    said = capture.readouterr()
    code = ended.value.code
    return code if isinstance(code, int) else int(bool(code)), said.out, said.err


def archive(out: Path, **files: list[dict[str, Any]]) -> Path:
    out.mkdir(parents=True)
    for name, rows in files.items():
        (out / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return out


def chat(folder: Path) -> list[Path]:
    """A chat in two exports: the second has newer words, a narrower room, another name and a bad row more."""
    ann = {"id": "ann", "name": "U1", "identities": [{"platform": "slack", "handle": "U1"}], "consent": "members"}
    room = {"id": "r", "name": "workshop", "visibility": "community", "members": ["ann"]}
    said = [
        {"id": f"x{n}", "author": "ann" if n % 2 else "bo", "channel": "r", "time": f"2026-03-01T0{n}:00:00Z",
         "text": f"I can teach {craft} and I am looking for somebody who builds {craft} tools"}
        for n, craft in enumerate(CRAFTS)
    ]  # fmt: skip
    again = [{**one, "text": "I would love to learn welding"} if one["id"] == "x3" else one for one in said]
    return [
        archive(folder / "1", channels=[room], members=[ann], messages=said, blocks=[{"from": "ann", "to": "bo"}]),
        archive(
            folder / "2",
            channels=[room | {"visibility": "private", "members": ["bo"]}],
            members=[ann | {"name": "Ann Lee", "profile": "Potter", "consent": "nobody"}],
            messages=[*again, {"id": "y", "author": "cy"}, {"id": "z", "author": "cy", "time": "2999-01-01T00:00:00Z"}],
        ),
    ]


def sheet(folder: Path) -> list[Path]:
    """A sign-up sheet."""
    folder.mkdir()
    rows = "Name,Email,Looking for,Can offer\nLu Ping,lu@example.org,a co-founder,design\nBo,bo@example.org,,baking\n"
    (folder / "signup.csv").write_text(rows)
    return [folder / "signup.csv"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server without any community."""
    with serving(tmp_path_factory.mktemp("server"), "") as found:
        yield found


def exported(capture: pytest.CaptureFixture[str], out: Path, *args: str | Path) -> bytes:
    assert yiqi(capture, "export", out, *args)[0] == 0
    return out.read_bytes()


@pytest.mark.parametrize("make", [chat, sheet])
def test_the_same_files_end_in_the_same_bytes_and_words_through_both_doors(
    make: Any,
    served: Served,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)  # what is suggested must not depend on where a batch ends
    community = make.__name__
    doors = {"folder": ("--data", tmp_path / "data"), "server": ("--server", served.target)}
    said: dict[str, list[str]] = {}
    for name, door in doors.items():
        said[name] = []
        files = make(tmp_path / name)
        for file in [*files, files[0]]:  # the first one again when all is there
            code, out, err = yiqi(capsys, "import", file, "--community", community, "--consent", "members", *door)
            assert code == 0, err
            said[name] += [line for line in out.splitlines() if not line.startswith("done in")]
    assert said["server"] == said["folder"]
    folder, server = (
        exported(capsys, tmp_path / f"{name}.zip", "--community", community, *door) for name, door in doors.items()
    )
    assert server == folder


def test_members_only_named_get_the_consent_asked_for(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = [{"id": "1", "author": "stranger", "time": "2026-03-01T00:00:00Z", "text": "hello"}]
    file = archive(tmp_path / "in", messages=said)
    given = ("import", file, "--community", "named", "--consent", "members", "--server", served.target)
    assert yiqi(capsys, *given)[0] == 0
    with served.client() as client:
        assert [one.consent for one in client.list_members("named")] == [3]


def test_nothing_is_written_by_a_dry_run(served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = make_archive(tmp_path / "in.zip", 20)
    code, out, _ = yiqi(capsys, "import", file, "--community", "dry", "--dry-run", "--server", served.target)
    assert code == 0
    assert "nothing was written" in out
    with served.client() as client:
        assert "communities/dry" not in [one.name for one in client.list_communities()]


def test_an_import_goes_on_where_it_stopped_when_the_server_was_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 200)
    file = make_archive(tmp_path / "in.zip", 600)
    server = Server(tmp_path / "data")
    take = import_targets.RemoteImport.take

    def dies(self: import_targets.RemoteImport, import_id: str, first: int, *rest: Any) -> Any:
        if first >= 400:
            server.kill()
        return take(self, import_id, first, *rest)

    monkeypatch.setattr(import_targets.RemoteImport, "take", dies)
    code, _, err = yiqi(capsys, "import", file, "--community", "c", "--server", server.address)
    assert code == 1
    assert err.count("yiqi: ") == 1
    monkeypatch.setattr(import_targets.RemoteImport, "take", take)
    again = Server(tmp_path / "data")
    try:
        code, out, err = yiqi(capsys, "import", file, "--community", "c", "--server", again.address)
        assert code == 0, err
        assert "resumed     after 400 rows" in out
        assert "message           600 read: 600 created" in out
        found = exported(capsys, tmp_path / "out.zip", "--community", "c", "--server", again.address)
    finally:
        again.kill()
    whole = tmp_path / "whole"
    with open_store(Settings(data=whole), writes=True) as store:
        importing.import_archive(store, "c", open_source(file), now=1_790_000_000_000_000)
    assert found == exported(capsys, tmp_path / "whole.zip", "--community", "c", "--data", whole)
