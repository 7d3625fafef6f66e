"""What to send to whom: the texts of a round, and after a repair those that are new."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import ALL_16, Yiqi, created, everybody, people


@pytest.fixture
def sent(round_: Yiqi) -> Iterator[str]:
    """A round of eight pairs that is out."""
    created(round_, "told", *ALL_16, "--publish")
    yield "told"
    round_("undo", "told")
    round_("delete", "told")


def rows(round_: Yiqi, *args: str) -> list[dict[str, str]]:
    done = round_("texts", "told", "--format", "csv", *args)
    assert done.code == 0, done.err
    return list(csv.DictReader(io.StringIO(done.out.removeprefix("\ufeff"))))


def test_texts_come_as_rows_and_as_one_file_a_person(round_: Yiqi, sent: str, tmp_path: Path) -> None:
    found = rows(round_)
    assert sorted(row["member"] for row in found) == [f"m{n:02}" for n in range(16)]
    assert all(row["name"] in row["text"] for row in found)
    lines = [json.loads(line) for line in round_("texts", sent, "--format", "jsonl").out.splitlines()]
    assert {(line["member"], line["text"]) for line in lines} == {(row["member"], row["text"]) for row in found}
    assert round_("texts", sent, "--out", tmp_path / "texts").code == 0
    written = {file.name: file.read_text() for file in (tmp_path / "texts").iterdir()}
    assert written == {f"{row['member']}.txt": f"{row['text']}\n" for row in found}
    one = round_("texts", sent, "--member", "Person 02").out
    assert one.startswith("Person 02 (m02)\nHi Person 02, ")
    assert "m03" not in one


def test_a_folder_with_texts_of_others_is_not_mixed_with_these(round_: Yiqi, sent: str, tmp_path: Path) -> None:
    (tmp_path / "cleo.txt").write_text("an older round\n")
    done = round_("texts", sent, "--out", tmp_path)
    assert (done.code, "cleo.txt" in " ".join(done.err.split())) == (2, True)
    assert [file.name for file in tmp_path.iterdir()] == ["cleo.txt"]


def test_somebody_who_meets_several_gets_one_file_with_all_of_it(round_: Yiqi, tmp_path: Path) -> None:
    created(round_, "speedy", *ALL_16, "--sittings", "3")
    assert round_("texts", "speedy", "--out", tmp_path).code == 0
    assert len((tmp_path / "m05.txt").read_text().strip().split("\n\n")) == 3


def test_ids_that_are_no_file_names_get_names_of_their_own(tmp_path: Path) -> None:
    from service.cli.rounds.texting import file_stem

    ids = ["ann", "a:b", "a_b", "..", "名" * 128, "名" * 127 + "字", "ends.", "ends"]
    stems = [file_stem(id) for id in ids]
    assert stems[0] == "ann"
    assert len(set(stems)) == len(ids)
    for stem in stems:
        (tmp_path / f"{stem}.txt").write_text("")


def test_after_a_repair_those_who_need_a_new_text_are_named_and_told_alone(round_: Yiqi, sent: str) -> None:
    assert round_("texts", sent, "--changed").out.strip() == "nothing to send"
    before = round_("show", sent, "--format", "json").json["matches"]
    gone, left = people(before[3])
    repaired = round_("repair", sent, "--drop", gone)
    assert repaired.code == 0, repaired.err
    after = round_("show", sent, "--format", "json").json["matches"]
    ids = {match["id"] for match in before}
    new = {one for match in after if match["id"] not in ids for one in people(match)}
    assert left in new | {row["member"] for row in rows(round_, "--changed")}
    assert gone not in everybody(after)
    changed = {row["member"]: row for row in rows(round_, "--changed")}
    assert new <= set(changed) <= new | {left}
    assert "Who needs a new text: " in repaired.err
    assert all(row["name"] in repaired.err for row in changed.values())
    assert {row["member"] for row in rows(round_) if row["changed"]} == set(changed)
    # Another one, and this time only the texts.
    dropped = next(one for match in after if match["id"] in ids for one in people(match))
    told = set(re.findall(r"^.+ \((m\d\d)\)$", round_("repair", sent, "--drop", dropped, "--texts").out, re.MULTILINE))
    before, after = after, round_("show", sent, "--format", "json").json["matches"]
    ids = {match["id"] for match in before}
    new = {one for match in after if match["id"] not in ids for one in people(match)}
    assert new <= told
    assert not (told - new) & set(everybody(after))
    assert dropped not in told
