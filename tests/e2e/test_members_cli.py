"""`yiqi members` as an organizer uses it: who is there, and what changes for them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from .conftest import Yiqi, created, everybody, people

IN_C = ("--community", "c")


@pytest.mark.parametrize(
    "command",
    ["list", "show", "add", "edit", "pause", "resume", "block", "unblock", "find", "link", "unlink", "consent"],
)
def test_every_command_explains_itself_with_an_example(yiqi: Yiqi, command: str) -> None:
    done = yiqi("members", command, "--help")
    assert done.code == 0
    assert "Example: yiqi members " in " ".join(done.out.split())


def test_without_a_command_members_are_listed_and_found_by_a_part_of_their_name(yiqi: Yiqi) -> None:
    for args in (("member", *IN_C), (*IN_C, "member"), ("list", "member", *IN_C)):
        assert yiqi("members", *args).out.strip() == "nobody is called member"
    found = yiqi("members", "person 02", *IN_C, "--format", "jsonl").out
    assert json.loads(found) == {"id": "m02", "name": "Person 02"}
    assert len(yiqi("members", *IN_C, "--format", "jsonl").out.splitlines()) >= 19
    assert "m02" in yiqi("members", *IN_C).out


def test_who_pauses_is_in_no_round_until_they_are_back(yiqi: Yiqi) -> None:
    until = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}"
    assert until in yiqi("members", "pause", "Person 08", "--until", until, *IN_C).out
    assert until in yiqi("members", "show", "m08", *IN_C).out
    drawn = yiqi("round", "create", "rest", "--member", "m08", "--member", "m09", *IN_C)
    assert "Person 08: pauses" in drawn.out
    assert yiqi("members", "resume", "m08", *IN_C).code == 0
    assert "paused until" not in yiqi("members", "show", "m08", *IN_C).out
    assert "1 match." in yiqi("round", "create", "back", "--member", "m08", "--member", "m09", *IN_C).out


def test_a_pause_needs_one_end_that_is_still_to_come(yiqi: Yiqi) -> None:
    for args in ((), ("--days", "3", "--until", "2030-01-01"), ("--until", "2020-01-01")):
        done = yiqi("members", "pause", "m08", *args, *IN_C)
        assert (done.code, "--until" in done.err) == (2, True)


def test_who_is_kept_apart_never_meets_until_it_is_taken_back(yiqi: Yiqi) -> None:
    round_ = lambda command, *args: yiqi("round", command, *args, *IN_C)  # noqa: E731
    pair = ("--member", "m10", "--member", "m13")
    assert yiqi("members", "block", "Person 10", "成员13", *IN_C).code == 0
    assert everybody(created(round_, "apart", *pair)["matches"]) == []
    assert yiqi("members", "unblock", "m10", "m13", *IN_C).code == 0
    (match,) = created(round_, "together", *pair)["matches"]
    assert set(people(match)) == {"m10", "m13"}
    assert yiqi("members", "block", "m10", "m10", *IN_C).code == 1
    assert "there is no member ghost" in " ".join(yiqi("members", "block", "m10", "ghost", *IN_C).err.split())


def test_somebody_added_is_there_with_all_that_was_said_and_an_edit_changes_only_what_it_names(yiqi: Yiqi) -> None:
    said = (
        "--name", "Cleo 小白", "--aim", "a tea house", "--offer", "growth:pottery", "--offer", "tea: all kinds",
        "--seek", "a kiln", "--value", "patience", "--language", "zh", "--language", "en", "--place", "Chengdu",
        "--time-zone", "Asia/Shanghai", "--available", "Sunday", "--attribute", "senior=true",
        "--attribute", "team=red", "--consent", "members",
    )  # fmt: skip
    added = yiqi("members", "add", "cleo", *said, *IN_C)
    assert added.code == 0, added.err
    before = yiqi("members", "show", "Cleo", *IN_C).out
    assert before == added.out
    for shown in ("growth: pottery", "tea: all kinds", "zh, en", "senior=true", "team=red", "a tea house", "members"):
        assert shown in before
    edited = yiqi("members", "edit", "Cleo", "--place", "Berlin", "--aim", "", "--attribute", "team=blue", *IN_C)
    assert edited.code == 0, edited.err
    after = yiqi("members", "show", "cleo", *IN_C).out
    assert "Chengdu" not in after
    assert "a tea house" not in after
    for shown in ("Berlin", "team=blue", "senior=true", "growth: pottery", "a kiln", "Asia/Shanghai"):
        assert shown in after
    assert "already exists" in yiqi("members", "add", "cleo", "--name", "Another", *IN_C).err
    assert yiqi("members", "edit", "cleo", *IN_C).code == 2
    assert yiqi("members", "edit", "cleo", "--language", "not a tag!", *IN_C).code == 1


def test_somebody_is_found_by_a_handle_and_two_records_of_one_person_are_made_one(yiqi: Yiqi) -> None:
    for id, name, handle in (
        ("o1", "Ottilie Brandt", "slack:U77"),
        ("o2", "ottilie brandt", "matrix:@ottilie:example.org"),
    ):
        assert yiqi("members", "add", id, "--name", name, "--identity", handle, *IN_C).code == 0
    assert "Ottilie" in yiqi("members", "find", "u77", *IN_C).out
    (pair,) = yiqi("members", "link", *IN_C, "--format", "jsonl").out.splitlines()
    found = json.loads(pair)
    assert "nobody else" in found["reason"]
    done = yiqi("members", "link", found["first"], found["second"], *IN_C)
    assert f"yiqi members unlink {found['second']} --community c" in done.out
    assert yiqi("members", "link", *IN_C).out.startswith("nobody")
    (line,) = yiqi("members", "find", "U77", *IN_C, "--format", "jsonl").out.splitlines()
    assert "matrix:@ottilie:example.org" in json.loads(line)["handles"]


def test_a_consent_is_noted_for_some_or_for_all_who_did_not_refuse(yiqi: Yiqi, tmp_path: Path) -> None:
    for id in ("dee", "eli"):
        assert yiqi("members", "add", id, *IN_C).code == 0
    answers = tmp_path / "answers.csv"
    answers.write_text("Name,Skills,May we introduce you?\nFay,tea,Only via organizers\nGus,salt,Yes\n", "utf-8")
    imported = yiqi("import", answers, *IN_C)
    assert "(all 25 of the community): 20 to members, 1 to nobody, 4 to organizers" in imported.out, imported.err
    assert "1 changed, 0 were so" in yiqi("members", "consent", "nobody", "dee", *IN_C).out
    done = yiqi("members", "consent", "--all", "members", *IN_C)
    assert done.code == 0, done.err
    assert "22 to members, 2 to nobody, 1 to organizers" in done.out, "the other one had refused before"
    shown = " ".join(yiqi("members", "show", "eli", *IN_C).out.split())
    assert "consent members" in shown
    assert "0 changed, 1 were so" in yiqi("members", "consent", "members", "eli", *IN_C).out
    for wrong in ((), ("--all", "dee")):
        assert yiqi("members", "consent", "members", *wrong, *IN_C).code == 2


def test_two_people_taken_for_one_are_two_again(yiqi: Yiqi) -> None:
    for id, name in (("v1", "Vera Eins"), ("v2", "Vera Zwei"), ("v3", "Vera Drei")):
        assert yiqi("members", "add", id, "--name", name, "--place", name[5:], *IN_C).code == 0
    before = [yiqi("members", "show", id, *IN_C).out for id in ("v1", "v2", "v3")]
    for kept, other in (("v1", "v2"), ("v1", "Drei")):
        assert yiqi("members", "link", kept, other, *IN_C).code == 0
    (newest, first) = map(json.loads, yiqi("members", "unlink", *IN_C, "--format", "jsonl").out.splitlines()[:2])
    assert (newest["id"], newest["is now"], newest["undo first"]) == ("v3", "v1", "")
    assert (first["id"], first["name"], first["undo first"]) == ("v2", "Vera Zwei", "v3")
    refused = yiqi("members", "unlink", "v2", *IN_C)
    assert (refused.code, "Undo the later merge first" in " ".join(refused.err.split())) == (1, True)
    assert "Vera Drei" in yiqi("members", "unlink", *IN_C).out
    assert "v3 is v3 again, and no longer v1" in yiqi("members", "unlink", "Vera Drei", *IN_C).out
    assert yiqi("members", "unlink", "v1", *IN_C).code == 0, "of whoever was kept, the last one"
    assert [yiqi("members", "show", id, *IN_C).out for id in ("v1", "v2", "v3")] == before
    assert yiqi("members", "unlink", "v1", *IN_C).code == 2
