"""The command line as scripts meet it: exit codes, help, and lines on stdout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import orjson
import pytest

from models.archive.container import read
from models.domain.facts import given
from models.domain.requests import Evidence, Match, Reason
from models.ranking.reasons.aims import SHARED_AIM
from service.cli.shared.asking import read_questions
from service.cli.shared.doors import Found
from service.cli.shared.output import RankingWriter, write_line
from service.store.sql import SqlStore

from .worlds import make_archive, run_import

ROOT = Path(__file__).parents[2]
COMMANDS = [
    ["serve"], ["import"], ["export"], ["search"], ["sample"], ["evaluate"], ["recommend"], ["recommend", "peers"],
    ["recommend", "collaborators"], ["recommend", "projects"], ["suggestions"], ["suggestions", "list"],
    ["suggestions", "confirm"], ["suggestions", "strike"], ["members"], ["propose"],
]  # fmt: skip


def yiqi(*args: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "service", *map(str, args)]
    return subprocess.run(command, cwd=ROOT, env=os.environ | env, capture_output=True, text=True, timeout=120)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the community "c"."""
    (tmp_path / "data").mkdir()
    run_import(tmp_path / "data" / "yiqi.db", make_archive(tmp_path / "in.zip", 300))
    return tmp_path / "data"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_an_example(command: list[str]) -> None:
    done = yiqi(*command, "--help")
    assert done.returncode == 0
    assert f"Example: yiqi {' '.join(command)}" in " ".join(done.stdout.split())


def test_help_answers_at_once() -> None:
    best = min(_seconds() for _ in range(3))
    assert best < 0.5


def _seconds() -> float:
    """Of processor time, so that other work on the machine does not count."""
    before = os.times()
    assert yiqi("--help").returncode == 0
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


@pytest.mark.parametrize(
    "args",
    [
        ["frobnicate"],
        ["export", "out.zip"],
        ["import", "no-such-archive", "--community", "c"],
        ["import", "tests", "--community", "c", "--until", "yesterday"],
        ["import", "tests", "--community", "c", "--consent", "everyone"],
        ["recommend", "peers", "--community", "c"],
        ["recommend", "peers", "--community", "c", "--member", "a", "--all"],
        ["recommend", "peers", "--community", "c", "--member", "a", "--limit", "10001"],
        ["recommend", "peers", "--community", "c", "--member", "a", "--data", "x", "--server", "localhost:1"],
        ["search", "--community", "c"],
        ["search", "--community", "c", "words", "--format", "xml"],
    ],
    ids=" ".join,
)
def test_wrong_use_exits_2_and_says_why(args: list[str]) -> None:
    done = yiqi(*args)
    assert done.returncode == 2
    assert "Error" in done.stderr
    assert done.stdout == ""


def test_what_fails_exits_1_with_one_line(data: Path, tmp_path: Path) -> None:
    for args in (
        ["export", "--community", "nobody", "--data", data, tmp_path / "x.zip"],
        ["export", "--community", "c", "--data", tmp_path / "nothing", tmp_path / "x.zip"],
        ["export", "--community", "c", "--data", data, ROOT / "tests"],
        ["search", "--community", "c", "--server", "127.0.0.1:1", "words"],
    ):
        done = yiqi(*args)
        assert done.returncode == 1, args
        assert done.stderr.startswith("yiqi: ")
        assert done.stderr.count("\n") == 1
    assert not (tmp_path / "x.zip").exists()


def test_a_wrong_setting_is_named(data: Path, tmp_path: Path) -> None:
    done = yiqi("export", "--community", "c", tmp_path / "x.zip", YIQI_WORKERS="many")
    assert done.returncode == 1
    assert "YIQI_WORKERS" in done.stderr


def test_export_writes_the_archive_and_counts(data: Path, tmp_path: Path) -> None:
    done = yiqi("export", "--community", "c", tmp_path / "out.tar.gz", YIQI_DATA=str(data))
    assert done.returncode == 0, done.stderr
    assert "message           300" in done.stdout
    assert sum(1 for _ in read(tmp_path / "out.tar.gz").records()) == 357, "with the stranger and the community"


def test_export_reads_beside_a_writer(data: Path, tmp_path: Path) -> None:
    writer = SqlStore(data / "yiqi.db")
    try:
        assert yiqi("export", "--community", "c", "--data", data, tmp_path / "out").returncode == 0
    finally:
        writer.close()


def test_many_rankings_are_written_as_one_ranking_is(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    ids = ["安", 'quo"te', "c"]
    scores = np.array([0.75, 0.5, 1e-9], np.float64)
    RankingWriter().write("m/1", ids, scores, "v1")
    RankingWriter().write("nobody", [], scores[:0], "v1")
    matches = tuple(Match(id, float(score), 0.0, 0.0) for id, score in zip(ids, scores, strict=True))
    write_line("member", "m/1", Found(matches, "v1"), reasons=False)
    write_line("member", "nobody", Found((), "v1"), reasons=False)
    sys.stdout.flush()
    lines = capfdbinary.readouterr().out.splitlines()
    assert lines[:2] == lines[2:]
    assert orjson.loads(lines[0])["results"][1] == {"id": 'quo"te', "score": 0.5}


def test_reasons_are_in_a_line_only_when_asked_for(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    match = Match(
        "a", 0.5, 0.4, 0.6, (Reason(SHARED_AIM, given("Both want a boat."), 0.3, (Evidence("term", "boat"),)),)
    )
    write_line("query", "q", Found((match,), "v1"), reasons=False)
    write_line("query", "q", Found((match,), "v1"), reasons=True)
    sys.stdout.flush()
    bare, full = map(orjson.loads, capfdbinary.readouterr().out.splitlines())
    assert bare == {"query": "q", "model": "v1", "results": [{"id": "a", "score": 0.5}]}
    assert full["results"][0]["reasons"] == [
        {"kind": "shared_aim", "sentence": "Both want a boat.", "weight": 0.3, "evidence": [{"term": "boat"}]}
    ]


def test_every_line_of_questions_is_asked_whatever_it_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(
        '{"query":"a","text":"who carves","title":null,"channel":"","member":7,"members":["x",null,"",3]}\n'
        '{"query":5}\n\nnonsense\n[1]\n{"text":["x"]}\n',
        encoding="utf-8",
    )
    asked = list(read_questions(file))
    assert [one.query for one in asked] == ["a", "5", "4", "5", "6"]
    first = asked[0].goal
    assert (first.text, first.title, first.channel, first.source, first.members) == (
        "who carves",
        "",
        "",
        "7",
        ("x", "3"),
    )
    assert all(one.goal.text == "" for one in asked[1:])
    told = capsys.readouterr().err.splitlines()
    assert [line.rpartition(". ")[2] for line in told] == 2 * ['Write it as {"text": "…"}']
