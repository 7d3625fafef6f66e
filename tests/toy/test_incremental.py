"""A builder that lived through changes gives the answers of one that was fed what is left of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from models.community.builder import Builder
from models.community.snapshot import restore, state_of
from models.community.view import Community
from models.domain.records import (
    KIND_OF,
    Block,
    Member,
    Message,
    Need,
    Outcome,
    OutcomeKind,
    Project,
    Record,
    Suggestion,
    SuggestionField,
    Tie,
)
from models.domain.requests import Recommendations
from models.ranking.ranker import Ranker
from tests.toy.ask import FOR_A_MEMBER, Asker
from tests.toy.world import COMMUNITY, DAY, DIMENSION, HOUR, RECORDS, START, Encode, builder_of, embed, view_of

PHRASES = (
    "guitar strings and chords", "tomatoes on the roof", "记账和报税", "跑步和膝盖", "a website for a small shop",
    "胶片摄影", "bees in the chimney", "translating contracts", "the kiln is cooling", "种子和泥土", "yes", "🎉", "",
)  # fmt: skip
MINUTE = HOUR // 60
KINDS = ("member", "suggestion", "project", "message", "tie", "outcome", "block")
# Two messages of one author in one room lie further apart than a passage reaches: what is said in one breath is tested
# below, since deleting a line in its middle leaves the passage in one piece, and saying it anew would make two.
APART = 11 * MINUTE
# A number that differs in its last bit may become another whole one where vectors take a byte a number.
NEARLY = 1e-3


class World:
    """What happened, kept as a store would: the records that are left, by kind and id."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.left: dict[tuple[str, str], Record] = {(KIND_OF[type(r)], r.id): r for r in RECORDS}
        self.clock = START + 20 * DAY
        self.count = 0
        self.spoke: dict[tuple[str, str], list[int]] = {}

    def step(self) -> Iterator[tuple[str, Any]]:
        """One change, as ("put", record) or ("delete", (kind, id))."""
        action = self.rng.choices(
            (self.message, self.member, self.project, self.suggestion, self.relation, self.edit, self.delete),
            (40, 12, 8, 8, 12, 8, 12),
        )[0]
        record = action()
        if isinstance(record, tuple):
            del self.left[record]
            if record[0] == "message":
                for key in [k for k, r in self.left.items() if isinstance(r, Suggestion) and r.message == record[1]]:
                    del self.left[key]
                    yield "delete", key
            yield "delete", record
        elif record is not None:
            self.left[KIND_OF[type(record)], record.id] = record
            yield "put", record

    def fresh(self) -> Iterator[Record]:
        """All that is left, in the order in which a store is read."""
        yield from (r for (kind, _), r in self.left.items() if kind == "channel")
        for kind in KINDS:
            of_kind = [r for (k, _), r in self.left.items() if k == kind]
            yield from sorted(
                of_kind,
                key=lambda r: (getattr(r, "time", 0) or 0, r.id) if kind in ("message", "project") else (0, r.id),
            )

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def people(self) -> list[str]:
        return sorted(id for kind, id in self.left if kind == "member")

    def message(self) -> Record | None:
        self.clock += self.rng.randint(1, 70) * MINUTE + self.rng.randrange(MINUTE)
        late = self.rng.random() < 0.2
        time = self.clock - self.rng.randint(1, 3 * 24 * 60) * MINUTE if late else self.clock
        return self.spoken(self.name("m"), time)

    def spoken(self, id: str, time: int) -> Message | None:
        rng = self.rng
        author, channel = rng.choice(self.people()), rng.choice(("plaza", "plaza", "garden", "back", ""))
        times = self.spoke.setdefault((author, channel), [])
        if any(abs(time - other) < APART for other in times):
            return None
        times.append(time)
        said = [id for kind, id in self.left if kind == "message"] + ["m9999", f"m{self.count + 3}"]
        return Message(
            id=id,
            author=author,
            time=time,
            text=rng.choice(PHRASES),
            channel=channel,
            thread=rng.choice(("", "", "one", "two")),
            topic=rng.choice(("", "", "soil")),
            reply_to=rng.choice(said) if rng.random() < 0.4 else "",
            mentions=tuple(rng.sample(self.people(), 2)) if rng.random() < 0.3 else (),
        )

    def member(self) -> Record:
        rng = self.rng
        known = rng.random() < 0.6
        return Member(
            id=rng.choice(self.people()) if known else self.name("p"),
            profile=rng.choice(PHRASES),
            aims=tuple(rng.sample(PHRASES, rng.randint(0, 2))),
            offers=tuple(Need(text) for text in rng.sample(PHRASES, rng.randint(0, 2))),
            seeks=tuple(Need(text) for text in rng.sample(PHRASES, rng.randint(0, 2))),
            languages=rng.choice(((), ("en",), ("zh", "en"))),
            place=rng.choice(("", "Berlin", "上海")),
            time_zone=rng.choice(("", "Europe/Berlin", "Asia/Shanghai")),
            consent=rng.choice(("members", "members", "members", "organizers", "nobody")),
        )

    def project(self) -> Record:
        rng = self.rng
        known = sorted(id for kind, id in self.left if kind == "project")
        return Project(
            id=rng.choice(known) if known and rng.random() < 0.4 else self.name("j"),
            time=rng.choice((None, self.clock - rng.randint(0, 90) * DAY)),
            title=rng.choice(PHRASES),
            text=rng.choice(PHRASES),
            members=tuple(rng.sample(self.people(), rng.randint(0, 4))),
            needs=tuple(Need(text) for text in rng.sample(PHRASES, rng.randint(0, 2))),
            state=rng.choice(("open", "done", "")),
        )

    def suggestion(self) -> Record | None:
        rng = self.rng
        messages = sorted(r.id for r in self.left.values() if isinstance(r, Message))
        known = [r for r in self.left.values() if isinstance(r, Suggestion)]
        if known and rng.random() < 0.3:
            return replace(rng.choice(known), state=rng.choice(("open", "struck", "confirmed")))
        message = rng.choice(messages)
        author = next(r.author for r in self.left.values() if isinstance(r, Message) and r.id == message)
        fields: tuple[SuggestionField, ...] = ("aims", "offers", "seeks", "values", "place")
        return Suggestion(
            id=self.name("g"), member=author, field=rng.choice(fields), text=rng.choice(PHRASES), message=message
        )

    def relation(self) -> Record:
        rng = self.rng
        source, target = rng.sample(self.people(), 2)
        kind = rng.choice((Tie, Outcome, Outcome, Block))
        if kind is Outcome:
            kinds: tuple[OutcomeKind, ...] = ("shown", "dismissed", "accepted", "met", "helped", "declined")
            return Outcome(
                id=rng.choice((self.name("o"), "o1")),
                source=source,
                target=target,
                time=self.clock,
                kind=rng.choice(kinds),
            )
        if kind is Tie:
            return Tie(
                id=rng.choice((self.name("k"), "k1")), source=source, target=target, time=rng.choice((None, START))
            )
        return Block(id=rng.choice((self.name("b"), "b1")), source=source, target=target)

    def edit(self) -> Record | None:
        """A message said differently, by the same author at the same time."""
        messages = [r for r in self.left.values() if isinstance(r, Message)]
        return replace(self.rng.choice(messages), text=self.rng.choice(PHRASES), topic="")

    def delete(self) -> tuple[str, str]:
        kinds = ("message", "project", "suggestion", "tie", "outcome", "block")
        return self.rng.choice([key for key in self.left if key[0] in kinds])


def apply(builder: Builder, op: str, what: Any) -> None:
    if op == "put":
        builder.put(what)
    else:
        builder.delete(*what)


def assert_same_answers(one: Community, other: Community, ranker: Ranker, encode: Encode) -> None:
    a, b = Asker(one, ranker, encode), Asker(other, ranker, encode)
    assert one.as_of == other.as_of
    everybody = sorted(m.id for m in other.members if m is not None)
    for at, member in enumerate(everybody):
        options = ({"include_connected": True, "audience": "organizers"}, {})[at % 2]
        for call in (*FOR_A_MEMBER.values(), Asker.projects):
            mine, theirs = (call(asker, member, reasons=False, **options) for asker in (a, b))
            assert_close(mine, theirs, f"{call.__name__} {member}")
    assert_close(a.search("guitar lessons"), b.search("guitar lessons"), "search")


def assert_close(one: Recommendations, other: Recommendations, what: str) -> None:
    """The same people with the same scores and reasons; in the same order but for near-ties."""
    left, right = ({m.id: m for m in found.matches} for found in (one, other))
    assert left.keys() == right.keys(), what
    assert one.hidden_by_consent == other.hidden_by_consent
    for id, match in left.items():
        assert match.score == pytest.approx(right[id].score, abs=NEARLY), f"{what}: {id}"
    ranked = [right[m.id].score for m in one.matches]
    assert all(x >= y - NEARLY for x, y in pairwise(ranked)), what


@pytest.mark.parametrize("seed", range(8))
def test_any_history_of_changes_gives_what_building_afresh_gives(seed: int, encode: Encode, ranker: Ranker) -> None:
    world = World(random.Random(seed))
    builder = builder_of(RECORDS, encode)
    for _ in range(3):
        for _ in range(40):
            for change in world.step():
                apply(builder, *change)
        embed(builder, encode)
        assert not builder.stale
        assert_same_answers(builder.view(), view_of(world.fresh(), encode), ranker, encode)


@pytest.mark.parametrize("seed", range(20, 23))
def test_a_builder_restored_from_its_state_goes_on_where_it_stood(seed: int, encode: Encode, ranker: Ranker) -> None:
    world = World(random.Random(seed))
    builder = builder_of(RECORDS, encode)
    for _ in range(3):
        for _ in range(30):
            for change in world.step():
                apply(builder, *change)
        embed(builder, encode)
        builder = restore(state_of(builder))
    assert_same_answers(builder.view(), view_of(world.fresh(), encode), ranker, encode)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_which_records_arrive_does_not_matter(seed: int, encode: Encode, ranker: Ranker) -> None:
    world = World(random.Random(100 + seed))
    for _ in range(80):
        list(world.step())
    records = list(world.fresh())
    first = [r for r in records if isinstance(r, Member) or KIND_OF[type(r)] == "channel"]
    rest = [r for r in records if r not in first]
    random.Random(seed).shuffle(rest)
    assert_same_answers(view_of([*first, *rest], encode), view_of(records, encode), ranker, encode)


def test_saying_everything_twice_changes_nothing(encode: Encode, ranker: Ranker) -> None:
    builder = builder_of(RECORDS, encode)
    builder.put_all(RECORDS)
    embed(builder, encode)
    assert not builder.stale
    assert_same_answers(builder.view(), view_of(RECORDS, encode), ranker, encode)


def test_what_comes_and_goes_leaves_no_trace(encode: Encode, ranker: Ranker) -> None:
    builder = builder_of(RECORDS, encode)
    passing: list[Record] = [
        Message(id="x1", author="mei", time=START + 50 * DAY, text="guitar chords", channel="plaza", mentions=("xin",)),
        Message(id="x2", author="xin", time=START + 50 * DAY + MINUTE, text="的", channel="plaza", reply_to="x1"),
        Project(id="x3", time=START + 51 * DAY, title="Guitar", members=("mei", "hua"), needs=(Need("chords"),)),
        Tie(id="x4", source="mei", target="hua", time=START),
        Outcome(id="x5", source="mei", target="hua", time=START + 59 * DAY, kind="met"),
        Block(id="x6", source="mei", target="noah"),
        Suggestion(id="x7", member="fresh", field="offers", text="guitar lessons", message="n1"),
    ]
    for record in passing:
        builder.put(record)
        embed(builder, encode)
        builder.view()
    for record in passing:
        builder.delete(KIND_OF[type(record)], record.id)
    embed(builder, encode)
    assert_same_answers(builder.view(), view_of(RECORDS, encode), ranker, encode)


def line(id: str, author: str, minute: int, text: str, **fields: Any) -> Message:
    return Message(
        id=id, author=author, time=START + 30 * DAY + minute * MINUTE, text=text, **{"channel": "plaza", **fields}
    )


def test_lines_said_in_one_breath_are_one_passage_however_they_came(encode: Encode, ranker: Ranker) -> None:
    lines = [line("x1", "mei", 0, "guitar"), line("x2", "mei", 1, "chords"), line("x3", "mei", 2, "and strings")]
    builder = builder_of(RECORDS, encode)
    for one in lines:
        builder.put(one)
        embed(builder, encode)
        builder.view()
    assert ("x1", "x2", "x3") in builder.view().documents.messages
    assert_same_answers(builder.view(), view_of((*RECORDS, *lines), encode), ranker, encode)
    builder.delete("message", "x2")
    embed(builder, encode)
    assert_same_answers(builder.view(), view_of((*RECORDS, lines[0], lines[2]), encode), ranker, encode)


def test_a_reply_that_comes_before_its_parent_counts_once_the_parent_is_there(encode: Encode, ranker: Ranker) -> None:
    parent = line("x1", "mei", 0, "谁来？")
    reply = line("x2", "xin", 30, "我来", reply_to="x1", mentions=("mei",))
    other = line("x3", "hua", 60, "我也来", reply_to="x1")
    builder = builder_of((*RECORDS, other, reply), encode)
    row = builder.view().row
    assert not builder.view().rules.connected[row["hua"], row["mei"]]
    builder.put(parent)
    embed(builder, encode)
    assert builder.view().rules.connected[row["hua"], row["mei"]]
    assert_same_answers(builder.view(), view_of((*RECORDS, parent, reply, other), encode), ranker, encode)


def test_whom_a_deleted_message_connected_is_a_stranger_again(encode: Encode, ranker: Ranker) -> None:
    parent, reply = line("x1", "mei", 0, "谁来？"), line("x2", "xin", 30, "我来", reply_to="x1")
    builder = builder_of((*RECORDS, parent, reply), encode)
    row = builder.view().row
    builder.delete("message", "x1")
    embed(builder, encode)
    assert not builder.view().rules.connected[row["xin"], row["mei"]]
    assert_same_answers(builder.view(), view_of((*RECORDS, reply), encode), ranker, encode)
    builder.put(parent)
    embed(builder, encode)
    assert builder.view().rules.connected[row["xin"], row["mei"]]


def test_a_message_of_stop_words_can_be_deleted(encode: Encode, ranker: Ranker) -> None:
    """It has a passage but no words that count."""
    words = line("x1", "mei", 0, "the and of")
    builder = builder_of((*RECORDS, words), encode)
    builder.view()
    builder.delete("message", "x1")
    embed(builder, encode)
    assert_same_answers(builder.view(), view_of(RECORDS, encode), ranker, encode)


def test_a_late_message_takes_its_place_in_time(encode: Encode) -> None:
    early, late, answer = line("x1", "mei", 0, "谁来？"), line("x2", "xin", 5, "我来"), line("x3", "hua", 8, "好")
    in_order = view_of((*RECORDS, early, late, answer), encode)
    out_of_order = view_of((*RECORDS, early, answer, late), encode)
    row = in_order.row
    assert in_order.ties.near[row["xin"], row["mei"]] > 0
    assert np.allclose(in_order.ties.near.toarray(), out_of_order.ties.near.toarray())
    assert in_order.activity.answers_total[row["xin"]] == pytest.approx(1, abs=1e-3)
    assert np.allclose(in_order.activity.answers.toarray(), out_of_order.activity.answers.toarray())


def test_an_edited_profile_is_what_counts_from_then_on(encode: Encode, ranker: Ranker) -> None:
    builder = builder_of(RECORDS, encode)
    builder.put(Member(id="fresh", profile="康复治疗师", offers=(Need("治疗运动损伤"),), consent="members"))
    embed(builder, encode)
    ask = Asker(builder.view(), ranker, encode)
    assert "fresh" in [m.id for m in ask.collaborators("omar", limit=2).matches]
    builder.put(Member(id="fresh", consent="members"))
    embed(builder, encode)
    assert_same_answers(
        builder.view(),
        view_of([Member(id="fresh", consent="members") if r.id == "fresh" else r for r in RECORDS], encode),
        ranker,
        encode,
    )


def test_languages_seen_in_what_was_said_go_with_the_message(encode: Encode) -> None:
    spoken = line("x1", "fresh", 0, "这里的图书馆在哪里？" * 8)
    builder = Builder(COMMUNITY, DIMENSION, "use-multilingual-v3")
    builder.put_all((*RECORDS, spoken))
    embed(builder, encode)
    view = builder.view()
    names = view.whereabouts.language_names
    assert view.whereabouts.languages[view.row["fresh"], names.index("zh")]
    builder.delete("message", "x1")
    embed(builder, encode)
    assert not builder.view().whereabouts.languages[view.row["fresh"], names.index("zh")]


def test_the_clock_is_the_newest_time_of_what_is_left(encode: Encode) -> None:
    builder = builder_of(RECORDS, encode)
    before = builder.view().as_of
    builder.put(Outcome(id="x", source="mei", target="hua", time=START + 40 * DAY, kind="shown"))
    assert builder.view().as_of == START + 40 * DAY
    builder.delete("outcome", "x")
    builder.put(Tie(id="x", source="mei", target="hua", time=START + 50 * DAY))
    assert builder.view().as_of == before
