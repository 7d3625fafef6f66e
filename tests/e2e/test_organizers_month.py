"""A month of an organizer at the command line, from the first coffee round to the health of the community.

What is printed is one transcript. `YIQI_TRANSCRIPT=FILE` writes it; tests/readings/organizers_month.txt is the one that
was read. Commands, how they end and how many are placed have to agree with it; wordings may change.
"""

from __future__ import annotations

import csv
import os
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from .conftest import Done, Yiqi, everybody, people
from .lakeside import write_archive

ROOT = Path(__file__).parents[2]
READ = ROOT / "tests" / "readings" / "organizers_month.txt"
WRITTEN = os.environ.get("YIQI_TRANSCRIPT", "")
PLACED = re.compile(r"(\d+) of (\d+) people are placed in (\d+) matches")
MENTORS = {"tao-ran": "木工", "ida": "sailing", "raj": "welding", "zhao-he": "烤面包"}
NEW = ["lin-yu", "tom", "xie-tong", "eve", "meng-xi", "he-qing", "ann", "liv"]
GUESTS = [
    "ann", "tom", "ida", "raj", "eve", "leo", "nia", "max", "joy",
    "ben", "mia", "oli", "kim", "zoe", "sam", "liv", "una",
]  # fmt: skip
FRIDAY_OR_SATURDAY = "2099-03-06 19:00-20:00,2099-03-07 15:00-16:00"
BLOCKED, DEALT_WITH = {"max", "oli"}, {"tao-ran", "lin-yu"}
Pairs = set[frozenset[str]]


@dataclass
class Month:
    """Runs commands of the community "lake" and keeps what was said."""

    yiqi: Yiqi
    folder: Path
    lines: list[str] = field(default_factory=list)

    def does(self, *args: str, ends: int = 0) -> Done:
        """A command that goes into the transcript."""
        done = self.yiqi(*args)
        said = "\n".join(line.rstrip() for line in (done.out.lstrip("\ufeff") + done.err).splitlines())
        self.lines += [f"$ yiqi {shlex.join(args)}", said, f"({done.code})\n"]
        assert done.code == ends, done.err
        return done

    def round(self, command: str, *args: str, ends: int = 0) -> Done:
        return self.does("round", command, *args, "--community", "lake", ends=ends)

    def looks(self, name: str) -> Any:
        """A round as JSON, beside the transcript."""
        return self.yiqi("round", "show", name, "--community", "lake", "--format", "json").json

    def heading(self, text: str) -> None:
        self.lines.append(f"# {text}\n")

    @property
    def transcript(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def month(yiqi: Yiqi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Month:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("YIQI_QUIET_HOURS", "")
    monkeypatch.chdir(tmp_path)
    write_archive(tmp_path / "lakeside", datetime.now(UTC))
    return Month(yiqi, tmp_path)


def test_a_month_of_an_organizer(month: Month) -> None:
    try:
        _arrive(month)
        first = _first_coffee(month)
        _mentors(month)
        _tables(month)
        _speed_networking(month)
        silent = _teams(month)
        _second_coffee(month, first, silent)
        _what_yiqi_finds(month)
    finally:
        if WRITTEN:
            (ROOT / WRITTEN).write_text(month.transcript, "utf-8")
    assert list(_facts(month.transcript)) == list(_facts(READ.read_text("utf-8")))


def _arrive(month: Month) -> None:
    month.heading("The neighbours come in")
    month.does("import", "lakeside", "--community", "lake")
    listed = month.does("members", "--community", "lake")
    assert "Ann Becker" in listed.out
    assert "胡老" in listed.out
    month.does("members", "pause", "bai-shu", "--until", "2099-01-15", "--community", "lake")


def _first_coffee(month: Month) -> Pairs:
    """Who met whom."""
    month.heading("Week 1: coffee")
    month.round("create", "coffee-1", "--title", "湖边咖啡 Coffee", "--same", "language", "--apart", "raj,eve")
    month.round("show", "coffee-1", "--texts")
    _edit_by_hand(month)
    month.round("publish", "coffee-1")
    month.round("texts", "coffee-1", "--out", "texts")
    told = month.looks("coffee-1")
    assert {file.stem for file in Path("texts").iterdir()} == set(everybody(told["matches"]))

    repaired = month.round("repair", "coffee-1", "--drop", "kim")
    assert "Who needs a new text: " in repaired.err
    changed = month.round("texts", "coffee-1", "--changed")
    assert "Oli Grant (oli)" in changed.out or "Oli Grant" not in repaired.err
    assert "(kim)" not in changed.out
    _answers(month)
    met = _pairs(month.looks("coffee-1"))
    assert not [pair for pair in met if "kim" in pair]
    return met


def _edit_by_hand(month: Month) -> None:
    blocked = month.round("edit", "coffee-1", "--pin", "max,oli", ends=1)
    assert "block" not in blocked.err.casefold()
    apart = month.round("edit", "coffee-1", "--pin", "raj,eve", ends=1)
    assert "Rule 1 (" in apart.err or "Rule 2 (" in apart.err
    before = _worth(month.looks("coffee-1"), {"zoe", "sam"})
    month.round("edit", "coffee-1", "--pin", "zoe,sam", "--drop", "una")
    assert _worth(month.looks("coffee-1"), {"zoe", "sam"}) == before > 0.5
    month.round("solve", "coffee-1")
    solved = month.looks("coffee-1")
    pairs = _pairs(solved)
    assert frozenset({"zoe", "sam"}) in pairs
    assert "una" not in everybody(solved["matches"])
    assert {"ned", "old-hu", "bai-shu"}.isdisjoint(everybody(solved["matches"]))
    assert not [pair for pair in pairs if pair in ({"raj", "eve"}, BLOCKED, DEALT_WITH)]


def _answers(month: Month) -> None:
    """Every second answers, by way of a file whose first version has a mistake."""
    month.round("due", "coffee-1")
    rows = list(csv.DictReader(month.round("due", "coffee-1", "--format", "csv").out.lstrip("\ufeff").splitlines()))
    for n, row in enumerate(rows):
        row["answer"] = ("2", "", "1", "")[n % 4]
    _write_rows(Path("answers.csv"), [{**row, "answer": row["answer"] or "9"} for row in rows[:3]])
    wrong = month.round("answer", "--file", "answers.csv", ends=2)
    assert "answers.csv:3: " in wrong.err
    _write_rows(Path("answers.csv"), rows)
    noted = month.round("answer", "--file", "answers.csv")
    assert f"noted: {sum(bool(row['answer']) for row in rows)} answers" in noted.out


def _mentors(month: Month) -> None:
    month.heading("Week 2: mentors, and tables of five")
    Path("mentors.txt").write_text("".join(f"{id_}\n" for id_ in MENTORS))
    Path("new.txt").write_text("".join(f"{id_}\n" for id_ in NEW))
    month.round(
        "create", "mentors", "--kind", "sides", "--side", "mentors=@mentors.txt", "--load", "mentors=1-3",
        "--side", "newcomers=@new.txt", "--same", "language", "--publish",
    )  # fmt: skip
    made = month.looks("mentors")
    loads = [sum(mentor in people(match) for match in made["matches"]) for mentor in MENTORS]
    assert all(1 <= load <= 3 for load in loads)
    assert sorted(one for one in everybody(made["matches"]) if one in NEW) == sorted(NEW)


def _tables(month: Month) -> None:
    month.round(
        "create", "tables", "--kind", "groups", "--size", "5", "--quota", "host=yes:1", "--prefer", "mix:crew:2",
        "--language", "zh", "--title", "五人一桌", "--ask-silent",
    )  # fmt: skip
    made = month.looks("tables")
    hosts = {"lin-yu", "zhao-he", "qian-bo", "deng-ke", "pan-lu", "ann", "tom", "ida", "zoe"}
    assert all(hosts & set(people(match)) for match in made["matches"])
    assert {len(people(match)) for match in made["matches"]} <= {4, 5, 6}
    month.round("publish", "tables")
    month.round("export", "tables", "tables.slips.html", "--place", "码头", "--language", "zh")
    assert "码头" in Path("tables.slips.html").read_text("utf-8")


def _speed_networking(month: Month) -> None:
    month.heading("Week 3: eight short talks, and teams")
    Path("guests.txt").write_text("".join(f"{id_}\n" for id_ in GUESTS))
    month.round(
        "create", "thursday", "--sittings", "8", "--members-file", "guests.txt", "--leftover", "bye",
        "--acquainted", "--no-repeat", "0",
    )  # fmt: skip
    made = month.looks("thursday")
    met = [frozenset(people(match)) for match in made["matches"]]
    assert len(met) == len(set(met)) == 8 * 8
    assert max(Counter(one["id"] for one in made["byes"]).values()) == 1
    month.round("publish", "thursday")
    month.round("export", "thursday", "thursday.slips.html", "--place", "Pier")


def _teams(month: Month) -> set[str]:
    """Who is in a team and did not say what came of it: of the last round before the next coffee."""
    made = month.round(
        "create", "crews", "--kind", "teams", "--team", "market=drawing posters:2,quantum chemistry,cooking",
        "--team", "boat=木工,焊接", "--ask-silent",
    )  # fmt: skip
    assert "Lake market still seeks: quantum chemistry." in made.out
    month.round("publish", "crews")
    month.round("answer", "crews", "2", "--member", "zoe")
    return set(everybody(month.looks("crews")["matches"])) - {"zoe"}


def _second_coffee(month: Month, first: Pairs, silent: set[str]) -> None:
    month.heading("Week 4: coffee again, and what Yiqi found")
    month.round("create", "coffee-2", "--title", "湖边咖啡 Coffee", "--same", "language", "--slots", FRIDAY_OR_SATURDAY)
    made = month.looks("coffee-2")
    pairs = _pairs(made)
    assert not pairs & first
    assert not [pair for pair in pairs if pair in (BLOCKED, DEALT_WITH)]
    assert {"ned", "old-hu", "bai-shu", *silent}.isdisjoint(everybody(made["matches"]))
    assert silent <= {one["id"] for one in made["left_out"] if "did not answer last time" in one["why"]}
    month.round("publish", "coffee-2")
    month.round("export", "coffee-2", "coffee-2.ics", ends=1)
    month.round("export", "coffee-2", "coffee-2.ics", "--time-zone", "Asia/Shanghai", "--place", "Pier")
    assert Path("coffee-2.ics").read_bytes().count(b"BEGIN:VEVENT") == len(made["matches"])
    month.round("list")


def _what_yiqi_finds(month: Month) -> None:
    month.does("propose", "--community", "lake", "--limit", "3")
    proposals = month.yiqi("propose", "--community", "lake", "--limit", "3", "--for", "members", "--format", "json")
    proposal = proposals.json["proposals"][0]["proposal_id"]
    month.does("propose", "--community", "lake", "--limit", "3", "--send", proposal)
    month.does("introductions", "list", "--community", "lake")
    health = month.does("health", "--community", "lake")
    assert "What could be done" in health.out
    month.does("health", "--community", "lake", "--language", "zh")


def _worth(made: Any, pair: set[str]) -> float:
    (found,) = (match["score"] for match in made["matches"] if set(people(match)) == pair)
    return float(found)


def _pairs(made: Any) -> Pairs:
    return {frozenset(pair) for match in made["matches"] for pair in combinations(people(match), 2)}


def _write_rows(path: Path, rows: Iterable[dict[str, str]]) -> None:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def _facts(transcript: str) -> Iterator[tuple[str, ...]]:
    """Commands without ids that are made anew, the people and matches that they tell of, and how they end."""
    for said in re.split(r"^\$ ", transcript, flags=re.MULTILINE)[1:]:
        command, _, rest = said.partition("\n")
        ended = re.findall(r"^\((\d)\)$", rest, re.MULTILINE)
        placed = PLACED.search(" ".join(rest.split()))
        yield re.sub(r"\b[0-9a-f]{24}\b", "ID", command), *ended, *(placed.groups() if placed else ())
