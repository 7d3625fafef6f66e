"""A community that organizers of rounds bring together, and the command `yiqi` in this process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.cli.app import run

TRADES = ("soldering", "bread baking", "bookbinding", "drawing comics")
CHINESE = ("焊接", "烤面包", "装订", "画漫画")


def member(n: int) -> dict[str, Any]:
    """Offers one trade, seeks the next; every other one in Chinese; in one of two teams and towns."""
    words = CHINESE if n % 2 else TRADES
    return {
        "id": f"m{n:02}",
        "name": f"成员{n:02}" if n % 2 else f"Person {n:02}",
        "offers": [{"kind": "growth", "text": words[n % 4]}],
        "seeks": [{"kind": "growth", "text": words[(n + 1) % 4]}],
        "languages": ["zh", "en"] if n % 2 else ["en"],
        "place": "Chengdu" if n < 8 else "Berlin",
        "attributes": {"team": "red" if n % 3 else "blue", "senior": n < 4},
        "consent": "members",
    }


MEMBERS = [
    *map(member, range(16)),
    {"id": "twin-1", "name": "Twin", "consent": "members", "profile": "one of two"},
    {"id": "twin-2", "name": "Twin", "consent": "members", "profile": "the other one"},
    {"id": "shy", "name": "Shy", "consent": "nobody", "profile": "would rather not"},
]
ALL_16 = [part for n in range(16) for part in ("--member", f"m{n:02}")]


def write_archive(out: Path) -> Path:
    out.mkdir()
    files: dict[str, list[dict[str, Any]]] = {
        "members": MEMBERS,
        "channels": [{"id": "lobby"}],
        "messages": [
            {"id": f"x{n}", "author": f"m{n % 16:02}", "time": f"2026-03-01T{n % 24:02}:00:00Z", "channel": "lobby",
             "text": f"today it was about {TRADES[n % 4]} again"}
            for n in range(32)
        ],
        "projects": [
            {"id": "cafe", "title": "Repair café", "text": "We mend what is broken.", "time": "2026-03-02T10:00:00Z",
             "members": ["m00"], "needs": ["soldering", "bread baking"], "state": "open"}
        ],
        "blocks": [{"from": "m00", "to": "m01", "time": "2026-03-01T00:00:00Z", "kind": "blocked"}],
    }  # fmt: skip
    for name, rows in files.items():
        (out / f"{name}.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return out


@dataclass(frozen=True)
class Done:
    """What a command said, and with which exit code it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Yiqi = Callable[..., Done]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the community "c"."""
    folder = tmp_path_factory.mktemp("rounds")
    archive = write_archive(folder / "archive")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["yiqi", "import", str(archive), "--community", "c", "--data", str(folder / "data")])
        with pytest.raises(SystemExit, match="0"):
            run()
    return folder / "data"


@pytest.fixture
def yiqi(data: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Yiqi:
    """The command, in this process, on the data folder."""
    monkeypatch.setenv("YIQI_DATA", str(data))
    monkeypatch.setenv("YIQI_CONTACTS_PER_WEEK", "1000")
    monkeypatch.setenv("YIQI_FOLLOW_UP_DAYS", "0")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*args: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["yiqi", *map(str, args)])
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            run()
        said = capsysbinary.readouterr()
        code = ended.value.code
        return Done(code if isinstance(code, int) else int(bool(code)), said.out.decode(), said.err.decode())

    return call


@pytest.fixture
def round_(yiqi: Yiqi) -> Yiqi:
    """`yiqi round ... --community c`."""
    return lambda command, *args: yiqi("round", command, *args, "--community", "c")


def people(match: dict[str, Any]) -> list[str]:
    return [one["id"] for one in match["members"]]


def everybody(matches: list[dict[str, Any]]) -> list[str]:
    return [one for match in matches for one in people(match)]


def created(round_: Yiqi, name: str, *args: str | Path) -> Any:
    """A new round, as JSON."""
    done = round_("create", name, *args, "--format", "json")
    assert done.code == 0, done.err
    return done.json
