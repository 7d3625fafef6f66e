"""`yiqi round` as an organizer uses it, on a data folder and on a server."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from service.jobs import solver
from service.serving.lock import data_lock

from .conftest import ALL_16, Yiqi, created, everybody, people
from .serving import Server

COMMANDS = (
    "create", "show", "list", "edit", "solve", "publish", "undo", "repair", "cancel", "delete", "export", "texts",
    "due", "answer",
)  # fmt: skip
ENDINGS = ("csv", "people.csv", "json", "html", "slips.html", "svg", "png", "poster.png")


def test_a_round_that_failed_says_how_to_go_on(round_: Yiqi, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(solver, "COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
        patched.setattr(solver, "GRACE_SECONDS", 0.2)
        failed = round_("create", "stuck", *ALL_16, "--seconds", "0.2")
    assert failed.code == 1
    assert "Try again: yiqi round solve stuck --community c\nOr drop it: yiqi round delete stuck" in failed.err
    assert round_("solve", "stuck").code == 0
    assert "16 of 16 people are placed" in round_("show", "stuck").out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(yiqi: Yiqi, command: str) -> None:
    done = yiqi("round", command, "--help")
    assert done.code == 0
    assert f"Example: yiqi round {command}" in " ".join(done.out.split())


def test_from_asking_to_taking_back(yiqi: Yiqi, round_: Yiqi, tmp_path: Path) -> None:
    drawn = round_("create", "coffee", *ALL_16, "--title", "Thursday coffee")
    assert drawn.code == 0, drawn.err
    assert "16 of 16 people are placed in 8 matches." in drawn.out
    assert "yiqi round publish coffee" in drawn.err
    before = round_("show", "coffee", "--format", "json").json["matches"]
    assert sorted(everybody(before)) == [f"m{n:02}" for n in range(16)]

    # By hand: keep the second match, drop somebody from another one; then solve again.
    gone, left = people(before[4])
    assert round_("edit", "coffee", "--lock", "2", "--drop", gone).code == 0
    assert round_("solve", "coffee").code == 0
    solved = round_("show", "coffee", "--format", "json").json
    after = solved["matches"]
    assert [match["locked"] for match in after if match["id"] == before[1]["id"]] == [True]
    assert gone not in everybody(after)
    assert left in everybody(after)
    assert gone in [one["id"] for one in solved["left_out"]]

    published = round_("publish", "coffee")
    assert published.code == 0
    assert "published" in round_("list").out
    texts = round_("show", "coffee", "--texts").out
    assert "Hi Person 02, " in texts
    assert "成员03，" in texts

    # Somebody says what came of it: an outcome, both ways.
    one, other = people(after[1])
    assert "met" in round_("answer", "coffee", "２", "--member", one).out
    yiqi("export", "--community", "c", tmp_path / "out")
    with gzip.open(tmp_path / "out" / "outcomes.jsonl.gz", "rt") as lines:
        assert {(row["from"], row["kind"]) for row in map(json.loads, lines)} >= {(one, "met"), (other, "met")}

    dropped = people(after[-1])[0]
    repaired = round_("repair", "coffee", "--drop", dropped)
    assert repaired.code == 0, repaired.err
    kept = int(re.search(r"As before: (\d+) of", repaired.err)[1])  # type: ignore[index]
    assert kept >= 5
    assert dropped not in everybody(round_("show", "coffee", "--format", "json").json["matches"])

    assert round_("undo", "coffee").code == 0
    assert "taken back" in round_("list").out
    assert round_("delete", "coffee").code == 0
    assert round_("show", "coffee").code == 1


def test_a_draft_sends_nothing_and_publishing_makes_texts_due(round_: Yiqi) -> None:
    created(round_, "draft", "--member", "m08", "--member", "m09")
    assert round_("due", "--member", "m08").out.strip() == "nothing is due"
    created(round_, "sent", "--member", "m08", "--member", "m09", "--publish")
    due = round_("due", "--member", "Person 08").out
    assert "Reply with one digit: 1 we talked" in due
    invitation = re.search(r"^(\S+)\s+Person 08", due, re.MULTILINE)[1]  # type: ignore[index]
    assert round_("answer", invitation, "1", "--member", "m08").code == 0
    assert round_("due", "--member", "m08").out.strip() == "nothing is due"
    round_("undo", "sent")


def test_blocked_people_never_meet_and_asking_for_it_is_answered_without_naming_who(round_: Yiqi) -> None:
    done = round_("create", "clash", *ALL_16, "--together", "m00,m01")
    assert done.code == 0
    assert "rule 1 (Person 00 and 成员01 meet); some of them may not meet." in " ".join(done.out.split())
    assert "It would be enough to drop rule 1." in " ".join(done.out.split())
    assert not re.search("block", done.out, re.IGNORECASE)
    matches = round_("show", "clash", "--format", "json").json["matches"]
    assert not [match for match in matches if {"m00", "m01"} <= set(people(match))]
    assert "say what to change" in round_("edit", "clash").err
    assert "there is no match 99" in round_("edit", "clash", "--lock", "99").err
    pinned = round_("edit", "clash", "--pin", "m00,m01")
    assert pinned.code == 1
    assert "may not meet" in pinned.err


def test_who_is_left_out_and_why_is_told(round_: Yiqi) -> None:
    named = ("--member", "m02", "--member", "m03", "--member", "shy", "--member", "ghost")
    done = round_("create", "open", *named)
    assert done.code == 0
    assert "Shy: agreed to be recommended to nobody" in done.out
    assert "ghost: there is no such member" in done.out


def test_a_list_reads_in_chinese_too_and_members_are_found_by_a_name_that_only_one_has(round_: Yiqi) -> None:
    done = round_("create", "zh", "--member", "成员01", "--member", "person 02", "--language", "zh")
    assert "2 人参加，2 人排上，共 1 场" in done.out
    assert "8 轮之内见过的不再见" in done.out
    assert "2 of 2 people are placed" in round_("show", "zh", "--language", "en").out
    twice = round_("create", "twins", "--member", "Twin", "--member", "m02")
    assert twice.code == 2
    assert "twin-1, twin-2" in " ".join(twice.err.split())


def test_a_word_of_a_name_is_enough_where_one_person_alone_has_it(round_: Yiqi) -> None:
    created(round_, "word", "--member", "02", "--member", "m03")
    (match,) = round_("show", "word", "--format", "json").json["matches"]
    assert set(people(match)) == {"m02", "m03"}
    several = round_("create", "words", "--member", "Person", "--member", "m03")
    assert several.code == 2
    assert "members are called Person; give one of" in " ".join(several.err.split())


def test_who_did_not_answer_last_time_rests_and_is_named_unless_told_otherwise(round_: Yiqi) -> None:
    four = [part for n in (2, 3, 4, 5) for part in ("--member", f"m{n:02}")]
    first = created(round_, "asked", *four, "--seed", "3")
    assert round_("publish", "asked").code == 0
    spoke = people(first["matches"][0])[0]
    assert round_("answer", "asked", "1", "--member", spoke).code == 0
    silent = {"m02", "m03", "m04", "m05"} - {spoke}
    rested = created(round_, "rested", "--filter", "place=Chengdu")
    assert {one["id"] for one in rested["left_out"]} == silent
    assert "did not answer last time, and rests this once" in round_("show", "rested").out
    assert not created(round_, "again", "--filter", "place=Chengdu", "--ask-silent")["left_out"]
    assert round_("undo", "asked").code == 0


def test_who_said_nothing_and_times_that_nobody_can_read_stand_below_the_list(round_: Yiqi, tmp_path: Path) -> None:
    made = round_("create", "notes", "--member", "m02", "--member", "m03", "--slots", "Friday,the usual hour")
    assert "Not understood as times, and compared letter by letter: “the usual hour”." in made.out
    page = tmp_path / "notes.html"
    assert round_("export", "notes", page, "--language", "zh").code == 0
    assert "没看懂的时间：“the usual hour”，只按原字比对。" in page.read_text("utf-8")


def test_a_change_that_breaks_a_rule_names_it_and_stays_when_solving_again(round_: Yiqi) -> None:
    four = [part for n in (2, 3, 4, 5) for part in ("--member", f"m{n:02}")]
    made = created(round_, "hand", *four, "--apart", "m02,m04", "--prefer", "mix:team", "--acquainted")
    refused = round_("edit", "hand", "--pin", "m02,m04")
    assert refused.code == 1
    assert "Rule 1 (Person 02 and Person 04 do not meet) is firm" in refused.err
    best = {frozenset(people(match)) for match in made["matches"]}
    pairs = ("m02,m05", "m02,m03", "m03,m04", "m04,m05")
    other = next(pair for pair in pairs if frozenset(pair.split(",")) not in best)
    changed = round_("edit", "hand", "--pin", other)
    assert changed.code == 0
    assert frozenset(other.split(",")) in _pairs_of(round_("solve", "hand", "--format", "json").json)
    assert _pairs_of(round_("solve", "hand", "--discard-edits", "--format", "json").json) == best


def test_any_rule_can_be_written_by_its_name(round_: Yiqi) -> None:
    four = [part for n in (2, 3, 4, 5) for part in ("--member", f"m{n:02}")]
    rules = ("--rule", "apart members=m02,'Person 04'", "--rule", "quota attribute=team value=blue least=0 firm=false")
    made = round_("create", "named", *four, *rules, "--acquainted")
    assert made.code == 0, made.err
    assert "1. Person 02 and Person 04 do not meet" in made.out
    assert "2. at least 0 with team blue in every match (if it can be)" in made.out
    refused = round_("edit", "named", "--pin", "m02,m04")
    assert "Rule 1 (Person 02 and Person 04 do not meet) is firm" in refused.err


def test_somebody_moves_to_another_match_and_what_gives_way_is_told(round_: Yiqi) -> None:
    six = [part for n in (2, 3, 5, 6, 7, 8) for part in ("--member", f"m{n:02}")]
    made = created(round_, "moved", *six, "--leftover", "bye", "--acquainted")
    first, second, *_ = made["matches"]
    moved = round_("edit", "moved", "--move", f"{people(second)[0]}=1", "--format", "json")
    assert moved.code == 0
    assert set(people(first)) | {people(second)[0]} in [set(people(match)) for match in moved.json["matches"]]
    assert "Warning: The match of" in moved.err
    assert "is not of the size that was asked for" in moved.err


def _pairs_of(made: Any) -> set[frozenset[str]]:
    return {frozenset(people(match)) for match in made["matches"]}


def test_sittings_meet_nobody_twice(round_: Yiqi) -> None:
    made = created(round_, "speed", *ALL_16, "--sittings", "5")
    pairs = [tuple(sorted(people(match))) for match in made["matches"]]
    assert len(pairs) == 5 * 8
    assert len(set(pairs)) == len(pairs)


def test_who_sits_out_for_the_same_reason_is_told_in_one_line_and_one_time_once(round_: Yiqi) -> None:
    three = ("--member", "m02", "--member", "m03", "--member", "m05")
    made = round_("create", "apart", *three, "--apart", "m02,m03,m05", "--slots", "Friday", "--language", "zh")
    assert re.search(r"^  Person 02、成员03、成员05：", made.out, re.MULTILINE)
    once = round_("create", "once", *ALL_16, "--slots", "Friday 19:00")
    assert "time: Friday 19:00\n" in once.out
    assert once.out.count("Friday 19:00") == 1


def test_a_pair_pinned_as_it_was_keeps_what_it_is_worth(round_: Yiqi) -> None:
    made = created(round_, "kept", *ALL_16)
    before = made["matches"][0]
    edited = round_("edit", "kept", "--pin", ",".join(reversed(people(before))), "--format", "json")
    after = [match for match in edited.json["matches"] if set(people(match)) == set(people(before))]
    assert [match["score"] for match in after] == [before["score"]] != [0.0]
    assert "yiqi round solve kept --community c\n" in edited.err


def test_what_is_to_be_copied_stands_on_a_line_of_its_own(round_: Yiqi) -> None:
    drawn = round_("create", "copied", *ALL_16)
    assert "Send it: yiqi round publish copied --community c\n" in drawn.err
    sent = round_("create", "sent-at-once", *ALL_16, "--acquainted", "--no-repeat", "0", "--publish")
    assert "What to send to whom: yiqi round texts sent-at-once --community c\n" in sent.err
    round_("undo", "sent-at-once")


def test_groups_keep_their_size_and_rules(round_: Yiqi) -> None:
    made = created(round_, "tables", *ALL_16, "--kind", "groups", "--size", "4", "--quota", "senior=true:1-1")
    groups = [people(match) for match in made["matches"]]
    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert all(len({"m00", "m01", "m02", "m03"} & set(group)) == 1 for group in groups)


def test_two_sides_keep_their_loads(round_: Yiqi, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("# newcomers\nm04\nm05, Person\n\nm06\nm07\n")
    made = created(
        round_, "mentors", "--kind", "sides", "--side", "mentors=m02,m03", "--load", "mentors=1-2",
        "--side", f"new=@{tmp_path / 'new.txt'}",
    )  # fmt: skip
    met = [people(match) for match in made["matches"]]
    assert sorted(pair[1] for pair in met) == ["m04", "m05", "m06", "m07"]
    assert sorted(pair[0] for pair in met) == ["m02", "m02", "m03", "m03"]


def test_what_speaks_for_a_part_is_shown_and_a_part_for_nobody_is_told_as_sought(round_: Yiqi) -> None:
    made = round_("create", "parts", *ALL_16, "--kind", "teams", "--team", "cafe=bookbinding,quantum chemistry:2")
    assert made.code == 0
    assert "Offers “bookbinding”." in made.out or "Offers “装订”." in made.out
    assert "Repair café still seeks: quantum chemistry ×2." in made.out


def test_a_project_without_roles_looks_for_what_it_needs(round_: Yiqi) -> None:
    made = created(round_, "crew", "--kind", "teams", "--team", "cafe", *ALL_16[2:])
    roles = {one["role"] for one in made["matches"][0]["members"]}
    assert roles >= {"soldering", "bread baking"}
    assert made["matches"][0]["team"] == "Repair café"


def test_bids_of_the_organizer_count(round_: Yiqi, tmp_path: Path) -> None:
    file = tmp_path / "bids.csv"
    file.write_text("target,source,score\nm15,m02,1\nm14,m03,1.0\n", encoding="utf-8-sig")
    four = ("--member", "m02", "--member", "m03", "--member", "m14", "--member", "m15")
    made = created(round_, "bids", *four, "--bids", file, "--bid-weight", "1", "--fairness", "0")
    assert sorted(sorted(people(match)) for match in made["matches"]) == [["m02", "m15"], ["m03", "m14"]]
    file.write_text("source,target,score\nm02,m15,7\n")
    wrong = round_("create", "bids-2", *four, "--bids", file)
    assert (wrong.code, "from 0 to 1" in wrong.err) == (2, True)


def test_a_file_asks_for_the_same_as_options(round_: Yiqi, tmp_path: Path) -> None:
    spec = {
        "kind": "pairs",
        "members": [f"m{n:02}" for n in range(16)],
        "rules": [
            {"rule": "same", "attribute": "place"},
            {"rule": "mixed", "attribute": "team", "firm": False},
            {"rule": "no_repeat", "rounds": 2},
        ],
        "seed": 5,
    }
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    filed = created(round_, "filed", "--spec", tmp_path / "spec.json")
    options = ("--same", "place", "--prefer", "mix:team", "--no-repeat", "2", "--seed", "5")
    typed = created(round_, "typed", *ALL_16, *options)
    assert [people(match) for match in filed["matches"]] == [people(match) for match in typed["matches"]]
    assert filed["rules"] == typed["rules"]


def test_with_double_opt_in_a_match_waits_for_both(round_: Yiqi, tmp_path: Path) -> None:
    done = round_("create", "opt", "--member", "m10", "--member", "m12", "--double-opt-in", "--publish", "--texts")
    assert "would you like to meet Person 12?" in " ".join(done.out.split())
    assert "once everybody accepted" in round_("export", "opt", tmp_path / "opt.poster.png").err
    assert "everybody accepted" not in round_("answer", "opt", "yes", "--member", "m10").out
    assert "everybody accepted" in round_("answer", "opt", "好", "--member", "m12").out
    round_("undo", "opt")


def test_a_round_is_written_in_every_format(round_: Yiqi, tmp_path: Path) -> None:
    created(round_, "files", "--member", "m01", "--member", "m02", "--member", "m03")
    for ending in ENDINGS:
        out = tmp_path / f"round.{ending}"
        done = round_("export", "files", out)
        assert done.code == 0, done.err
        if ending.endswith("png"):
            assert out.read_bytes().startswith(b"\x89PNG")
        else:
            assert "成员01" in out.read_text(encoding="utf-8-sig")
    shown = round_("show", "files", "--format", "csv").out
    assert shown == (tmp_path / "round.csv").read_bytes().decode()
    assert len(list(csv.reader(io.StringIO(shown)))) == 2


def test_a_calendar_is_written_for_times_with_a_date_and_says_what_it_needs(round_: Yiqi, tmp_path: Path) -> None:
    out = tmp_path / "timed.ics"
    created(round_, "timed", "--member", "m02", "--member", "m03", "--slots", "2026-12-10 18:00")
    without = round_("export", "timed", out)
    assert (without.code, "time zone" in without.err, out.exists()) == (1, True, False)
    done = round_("export", "timed", out, "--time-zone", "Asia/Shanghai", "--place", "Tea house", "--minutes", "30")
    assert done.code == 0, done.err
    assert b"DTSTART:20261210T100000Z\r\nDTEND:20261210T103000Z" in out.read_bytes()
    assert b"Tea house" in out.read_bytes()
    assert "is no time zone" in round_("export", "timed", out, "--time-zone", "Shanghai").err


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_tables_keep_to_the_terminal_and_names_and_ids_whole(
    yiqi: Yiqi, round_: Yiqi, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    name = f"the-evening-of-the-repair-cafe-{columns}"
    title = "修东西的晚上 and everything else that is broken"
    created(round_, name, *ALL_16, "--kind", "groups", "--size", "4", "--title", title, "--publish")
    shown = {command: round_(*command) for command in (("list",), ("show", name), ("show", name, "--texts"), ("due",))}
    for args in (("members", "--community", "c"), ("recommend", "peers", "--community", "c", "--member", "m03")):
        shown[args] = yiqi(*args)
    for command, done in shown.items():
        assert done.code == 0, done.err
        wide = [line for line in done.out.splitlines() if cell_len(line.rstrip()) > columns]
        assert not wide, (command, wide)
        assert not re.search(r"Person$|成$|成员$", done.out, re.MULTILINE), command
    assert name in shown["list",].out
    seats = [
        one["name"] for match in round_("show", name, "--format", "json").json["matches"] for one in match["members"]
    ]
    assert all(seat in shown["show", name].out for seat in seats)
    round_("undo", name)


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("create", "w", "--size", "1", "--kind", "groups"), "1' is no size"),
        (("create", "w", "--kind", "sides"), "needs two sides"),
        (("create", "w", "--kind", "teams"), "needs a project"),
        (("create", "w", "--quota", "team"), "NAME=VALUE"),
        (("create", "w", "--apart", "m01"), "fewer than two"),
        (("create", "w", "--apart", "m01,m2"), "there is no member m2; did you mean m"),
        (("create", "w", "--prefer", "tea"), "names no rule"),
        (("create", "w", "--rule", "tea"), "rule must be one of apart, "),
        (("create", "w", "--rule", "near km=3"), "km is not known; known are kilometres, "),
        (("create", "w", "--rule", "near"), "kilometres is missing"),
        (("create", "w", "--rule", "near kilometres=far"), "kilometres must be a number"),
        (("create", "w", "--rule", "apart members='m01"), "No closing quotation"),
        (("create", "w", "--side", "a=@/nowhere/at/all"), "No such file"),
        (("create", "w", "--near", "far"), "no number"),
        (("create", "w", "--members-file", os.devnull), "names nobody"),
        (("create", "w", "--kind", "sides", "--side", f"a=@{os.devnull}", "--side", "b=m01"), "names nobody"),
        (("create", "w", "--fairness", "2"), "fairness"),
        (("export", "files", "round.xls"), "ends in none of"),
        (("answer", "files", "7", "--member", "m01"), "is not one of 1, 2, 3, 4"),
        (("show", "files", "--language", "fr"), "is not en or zh"),
        (("show", "files", "--data", "d", "--server", "s"), "not both"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(round_: Yiqi, args: tuple[str, ...], why: str) -> None:
    done = round_(*args)
    assert done.code == 2
    assert why in " ".join(done.err.split())


def test_a_request_in_a_file_stands_alone_and_its_mistakes_are_told_by_place(round_: Yiqi, tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text('{"kind": "pairs", "rules": [{"rule": "same", "atribute": "place"}]}')
    wrong = round_("create", "w", "--spec", file)
    assert (wrong.code, "rules[0].atribute" in wrong.err) == (2, True)
    file.write_text('{"kind": "pairs"}')
    both = round_("create", "w", "--spec", file, "--same", "place")
    assert (both.code, "leave out --spec" in " ".join(both.err.split())) == (2, True)


def test_what_fails_is_one_sentence_and_ends_with_1(round_: Yiqi, data: Path) -> None:
    missing = round_("show", "nothing")
    assert (missing.code, missing.out) == (1, "")
    assert missing.err.startswith("yiqi: There is no round nothing")
    assert "Traceback" not in missing.err
    with data_lock(data):
        locked = round_("create", "locked")
        assert (locked.code, "--server" in locked.err) == (1, True)
        assert round_("list").code == 0


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[Server]:
    running = Server(data)
    try:
        yield running
    finally:
        running.stop()


def test_a_server_gives_the_same_list_as_the_folder(round_: Yiqi, server: Server) -> None:
    there = ("--server", server.address)
    made = round_("create", "served", *ALL_16, *there)
    assert made.code == 0, made.err
    assert "16 of 16 people are placed in 8 matches." in made.out
    assert round_("edit", "served", "--lock", "1", *there).code == 0
    # Beside a running server the folder can be read.
    for format_ in ("json", "csv", "table"):
        assert (
            round_("show", "served", "--format", format_, *there).out
            == round_("show", "served", "--format", format_).out
        )
