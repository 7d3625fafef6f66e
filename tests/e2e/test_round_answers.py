"""What came of a round, asked and noted for everybody at once, in a spreadsheet or by a bot."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import ALL_16, Yiqi, created


@pytest.fixture
def sent(round_: Yiqi) -> Iterator[str]:
    """A round of eight pairs that is out."""
    created(round_, "asked", *ALL_16, "--publish")
    yield "asked"
    round_("undo", "asked")
    round_("delete", "asked")


def due(round_: Yiqi) -> list[dict[str, str]]:
    done = round_("due", "asked", "--format", "csv")
    assert done.code == 0, done.err
    return list(csv.DictReader(io.StringIO(done.out.removeprefix("\ufeff"))))


def write(file: Path, rows: list[dict[str, str]], encoding: str = "utf-8-sig") -> Path:
    with open(file, "w", encoding=encoding, newline="") as out:
        table = csv.DictWriter(out, rows[0])
        table.writeheader()
        table.writerows(rows)
    return file


def outcomes(yiqi: Yiqi, out: Path) -> list[dict[str, Any]]:
    yiqi("export", "--community", "c", out)
    with gzip.open(out / "outcomes.jsonl.gz", "rt") as lines:
        return list(map(json.loads, lines))


def test_due_has_a_row_for_each_person_with_whom_and_the_text(round_: Yiqi, sent: str) -> None:
    rows = due(round_)
    assert sorted(row["member"] for row in rows) == [f"m{n:02}" for n in range(16)]
    assert {row["ref"] for row in rows} == {sent}
    names = {row["member"]: row["name"] for row in rows}
    partner = {row["invitation"]: set() for row in rows}
    for row in rows:
        partner[row["invitation"]].add(row["name"])
    assert all({row["with"], names[row["member"]]} == partner[row["invitation"]] for row in rows)
    assert all(row["with"] in row["text"] and row["answer"] == "" for row in rows)
    lines = round_("due", sent, "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == rows
    assert round_("due", "another", "--format", "jsonl").out == ""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_filled_in_table_notes_all_answers_once(
    yiqi: Yiqi, round_: Yiqi, sent: str, tmp_path: Path, encoding: str
) -> None:
    rows = due(round_)
    for row, answer in zip(rows, ("２", "1", "4", "3", "", *["2"] * 11), strict=True):
        row["answer"] = answer
    file = write(tmp_path / "answers.csv", rows, encoding)
    first = round_("answer", "--file", file)
    assert first.code == 0, first.err
    assert "15 answers" in first.out
    assert "1 rows without an answer" in first.out
    kinds = sorted(row["kind"] for row in outcomes(yiqi, tmp_path / "one"))
    assert {"met", "talked", "still_together"} <= set(kinds)
    again = round_("answer", "--file", file)
    assert "0 new outcomes" in again.out
    assert sorted(row["kind"] for row in outcomes(yiqi, tmp_path / "two")) == kinds
    assert [row["member"] for row in due(round_)] == [rows[4]["member"]]


def test_one_wrong_row_and_nothing_is_noted(round_: Yiqi, sent: str, tmp_path: Path) -> None:
    rows = due(round_)
    for row in rows:
        row["answer"] = "2"
    rows[2]["answer"] = "7"
    rows[3]["member"] = "ghost"
    rows[4]["invitation"] = rows[0]["invitation"]
    rows[6]["answer"] = "stay"
    file = write(tmp_path / "answers.csv", rows)
    done = round_("answer", "--file", file)
    assert (done.code, done.out) == (2, "")
    for line, why in (
        (4, "'7' is not one of 1, 2, 3, 4\n"),
        (5, "no member 'ghost'"),
        (6, "no invitation"),
        (8, "no answer to"),
    ):
        assert f"{file}:{line}: " in done.err
        assert why in done.err
    assert "Nothing was noted: 4 of 16 rows" in done.err
    assert len(due(round_)) == 16


def test_json_lines_are_read_too_and_answers_that_contradict_each_other_are_not_noted(
    round_: Yiqi, sent: str, tmp_path: Path
) -> None:
    rows = due(round_)
    file = tmp_path / "answers.jsonl"
    file.write_text("".join(json.dumps({**row, "answer": 2}) + "\n" for row in rows[:3]))
    assert "3 answers" in round_("answer", "--file", file).out
    twice = [{**rows[5], "answer": "2"}, {**rows[5], "answer": "4"}]
    file.write_text("".join(json.dumps(row) + "\n" for row in twice))
    done = round_("answer", "--file", file)
    assert (done.code, f"{file}:2: " in done.err) == (2, True)
    file.write_text("not json\n")
    assert round_("answer", "--file", file).code == 2


def test_a_file_without_the_columns_or_beside_an_answer_is_told(round_: Yiqi, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("member,answer\nm01,2\n")
    missing = round_("answer", "--file", tmp_path / "a.csv")
    assert (missing.code, "there is no invitation" in " ".join(missing.err.split())) == (2, True)
    both = round_("answer", "asked", "2", "--member", "m01", "--file", tmp_path / "a.csv")
    assert (both.code, "without --file" in " ".join(both.err.split())) == (2, True)
    assert round_("answer", "asked").code == 2
