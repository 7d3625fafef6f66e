"""Who is introduced to whom in the toy world, by what is said and stated there."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from models.community.view import Community
from models.domain.records import Block, Channel, Member, Message
from models.domain.requests import Options
from models.introductions import Introduction, Proposer, Recent, Remark, chance, remark, wording
from models.introductions.wording import Two
from models.ranking.ranker import Ranker
from service.texts import say
from tests.toy.world import HOUR, MEMBERS, NOW, RECORDS, SAID, Encode, changed, view_of, without

OPTIONS = Options(audience="members", now=NOW)
STARTER = "My sourdough starter smells of apples, I feed it rye flour every night."
STARTER_TOO = "Trying to keep a sourdough starter alive here, with rye flour from the mill."
MONEY = "Who can help me with bookkeeping and the tax return?"


@pytest.fixture(autouse=True)
def low_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Evidence alone decides, but where the bar itself is under test."""
    for kind in chance.BAR:
        monkeypatch.setitem(chance.BAR, kind, 0.0)


def spoken(author: str, text: str, channel: str = "plaza", thread: str = "new", id: str = "") -> Message:
    return Message(id=id or f"x-{author}", author=author, time=NOW - HOUR, text=text, channel=channel, thread=thread)


class Room:
    """A view, and what was said lately; asks for introductions as the service does."""

    def __init__(self, view: Community, ranker: Ranker, encode: Encode, before: Iterable[Message] = ()) -> None:
        self.view, self.ranker, self.encode = view, ranker, encode
        self.recent = Recent(view.facets.vectors.shape[1])
        self.barred: dict[str, set[str]] = {}
        for message in before:
            said, vector = self.heard(message)
            self.recent.add(said, vector)

    def heard(self, message: Message) -> tuple[Remark, np.ndarray]:
        said = remark(message)
        assert said is not None
        return said, self.encode([said.text])[0]

    def proposer(self) -> Proposer:
        return Proposer(self.view, self.ranker, self.recent, OPTIONS, lambda id: self.barred.get(id, ()))

    def after(self, message: Message) -> list[Introduction]:
        return self.proposer().from_remark(*self.heard(message))


@pytest.fixture
def room(toy: Community, ranker: Ranker, encode: Encode) -> Room:
    return Room(toy, ranker, encode)


def pairs(found: Iterable[Introduction]) -> list[tuple[str, str, str]]:
    return [(*one.members, one.kind) for one in found]


def test_two_who_use_the_same_rare_words_meet(toy: Community, ranker: Ranker, encode: Encode) -> None:
    room = Room(toy, ranker, encode, [spoken("omar", STARTER, "garden", id="o1")])
    found = room.after(spoken("kenji", STARTER_TOO))
    assert pairs(found) == [("kenji", "omar", "shared_interest")]
    assert found[0].answered_by == "o1"


def test_words_that_many_use_and_one_word_alone_bring_nobody_together(ranker: Ranker, encode: Encode) -> None:
    talk = [spoken(m, "rye flour and sourdough", id=f"y-{m}") for m in ("mei", "noah", "ada", "liang", "hua", "omar")]
    common = Room(view_of((*RECORDS, *talk), encode), ranker, encode, [spoken("omar", STARTER, "garden", id="o1")])
    assert common.after(spoken("kenji", "No rye flour left for my sourdough, says the mill", "garden")) == []
    once = Room(view_of(RECORDS, encode), ranker, encode, [spoken("omar", STARTER, "garden", id="o1")])
    assert once.after(spoken("kenji", "The word sourdough was in a contract today, said somebody", "garden")) == []


def test_the_name_of_somebody_is_no_interest(toy: Community, ranker: Ranker, encode: Encode) -> None:
    room = Room(toy, ranker, encode, [spoken("omar", "Sofia, you were great", "garden", id="o1")])
    assert room.after(spoken("kenji", "Sofia has cancelled again, well")) == []


def test_the_same_idea_in_two_channels_brings_two_together(toy: Community, ranker: Ranker, encode: Encode) -> None:
    theirs = spoken("omar", "Why not hold a repair night and mend lamps, toasters and radios", "garden")
    mine = "An evening to fix everybody's old appliances would be great, someone should organise one"
    room = Room(toy, ranker, encode, [theirs])
    nearest = room.heard(theirs)[1]  # as near as an encoder that understands every word would put it
    said = room.heard(spoken("kenji", mine))[0]
    assert pairs(room.proposer().from_remark(said, nearest)) == [("kenji", "omar", "same_idea")]
    here = room.heard(spoken("kenji", mine, "garden", "other"))[0]
    assert room.proposer().from_remark(here, nearest) == []


def test_a_question_finds_who_can_answer(room: Room) -> None:
    found = room.after(spoken("liang", MONEY))
    assert pairs(found) == [("liang", "kenji", "answer")]


def test_a_question_to_somebody_in_particular_is_left_to_them(room: Room) -> None:
    asked = spoken("liang", MONEY)
    addressed = Message(id="x", author="liang", time=asked.time, text=MONEY, channel="plaza", mentions=("ruth",))
    assert room.after(addressed) == []


def test_an_offer_meets_a_seek_across_languages(room: Room) -> None:
    found = room.proposer().from_profile("sofia")
    assert pairs(found) == [("sofia", "liang", "offer_meets_seek")]


def test_people_who_have_dealt_with_each_other_are_not_introduced(
    toy: Community, ranker: Ranker, encode: Encode
) -> None:
    room = Room(toy, ranker, encode, [spoken("hua", STARTER, "garden", id="o1")])
    assert room.after(spoken("ada", STARTER_TOO)) == []  # Ada answered Hua once
    assert pairs(room.after(spoken("kenji", STARTER_TOO))) == [("kenji", "hua", "shared_interest")]


def test_a_block_and_a_dismissal_hold_both_ways(toy: Community, ranker: Ranker, encode: Encode) -> None:
    for one, other in (("noah", "kenji"), ("kenji", "noah"), ("omar", "sofia"), ("sofia", "omar")):
        room = Room(toy, ranker, encode, [spoken(one, STARTER, "garden", id="o1")])
        assert room.after(spoken(other, STARTER_TOO)) == []
    unblocked = view_of(without(RECORDS, Block, "b1"), encode)
    assert Room(unblocked, ranker, encode, [spoken("noah", STARTER, "garden", id="o1")]).after(
        spoken("kenji", STARTER_TOO)
    )


@pytest.mark.parametrize("hidden", ["ruth", "tao", "pia"])
def test_who_did_not_agree_or_pauses_is_introduced_to_nobody(
    toy: Community, ranker: Ranker, encode: Encode, hidden: str
) -> None:
    heard = Room(toy, ranker, encode, [spoken(hidden, STARTER, "garden", id="o1")])
    assert heard.after(spoken("kenji", STARTER_TOO)) == []
    speaks = Room(toy, ranker, encode, [spoken("kenji", STARTER, "garden", id="o1")])
    assert speaks.after(spoken(hidden, STARTER_TOO)) == []
    assert speaks.proposer().from_profile(hidden) == []


def test_who_is_in_the_thread_already_is_not_introduced(toy: Community, ranker: Ranker, encode: Encode) -> None:
    before = [spoken("omar", STARTER, "garden", id="o1"), spoken("omar", "hello there", id="o2")]
    assert Room(toy, ranker, encode, before).after(spoken("kenji", STARTER_TOO)) == []


def test_a_pair_that_was_introduced_is_not_again(toy: Community, ranker: Ranker, encode: Encode) -> None:
    room = Room(toy, ranker, encode, [spoken("omar", STARTER, "garden", id="o1")])
    room.barred["kenji"] = {"omar"}
    assert room.after(spoken("kenji", STARTER_TOO)) == []


def test_below_the_bar_nobody_is_introduced(
    toy: Community, ranker: Ranker, encode: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(toy, ranker, encode, [spoken("omar", STARTER, "garden", id="o1")])
    (sure,) = room.after(spoken("kenji", STARTER_TOO))
    monkeypatch.setitem(chance.BAR, sure.kind, sure.chance + 1e-4)
    assert room.after(spoken("kenji", STARTER_TOO)) == []


# -- in words ----------------------------------------------------------------------------------------------------------


def why(room: Room, two: Two, language: str = "en") -> str:
    found = wording.reason(room.view, room.ranker, two, OPTIONS, room.encode)
    return say(found.said, language) if found else ""


@pytest.mark.parametrize("bar", [0.01, 0.05, 0.2])
def test_who_cannot_reach_the_bar_is_left_out_early_and_nobody_else(
    toy: Community, ranker: Ranker, encode: Encode, monkeypatch: pytest.MonkeyPatch, bar: float
) -> None:
    for kind in chance.BAR:
        monkeypatch.setitem(chance.BAR, kind, bar)
    room = Room(toy, ranker, encode, [spoken("omar", STARTER, "garden", id="o1")])
    for asked in (spoken("liang", MONEY), spoken("kenji", STARTER_TOO), spoken("hua", f"{STARTER_TOO} {MONEY}")):
        said, vector = room.heard(asked)
        everybody = room.proposer().candidates(said, vector, every=True)
        assert everybody is not None
        chances = chance.shipped().of(everybody.columns)
        worth = chances[chance.enough(chances, everybody.evidence)]
        found = room.proposer().from_remark(said, vector)
        assert bool(found) == bool(len(worth))
        assert all(any(one.chance == pytest.approx(each) for each in worth) for one in found)


def test_who_was_heard_a_moment_ago_is_likelier_to_talk(toy: Community, ranker: Ranker, encode: Encode) -> None:
    def sure(before: Iterable[Message]) -> float:
        room = Room(toy, ranker, encode, before)
        found = room.proposer().candidates(*room.heard(spoken("liang", MONEY)), every=True)
        assert found is not None
        return float(chance.shipped().of(found.columns)[list(found.rows).index(toy.row["kenji"])])

    assert sure([spoken("kenji", "Back at my desk now.", "garden")]) > sure([])


def test_each_side_reads_why_in_its_own_words(room: Room) -> None:
    question, row = spoken("liang", MONEY), room.view.row
    asker = Two("answer", row["liang"], row["kenji"], question, None, reader_began=True)
    answerer = Two("answer", row["kenji"], row["liang"], None, question, reader_began=False)
    assert "bookkeeping and tax advice" in why(room, asker)
    assert MONEY in why(room, answerer)
    assert "你问了一个问题" in why(room, asker, "zh")


def test_shared_words_are_named(room: Room) -> None:
    mine, theirs = spoken("kenji", STARTER_TOO), spoken("omar", STARTER, "garden")
    two = Two("shared_interest", room.view.row["kenji"], room.view.row["omar"], mine, theirs, reader_began=True)
    assert "sourdough" in why(room, two)


def test_nothing_is_said_of_a_room_that_not_everybody_may_read(room: Room) -> None:
    row = room.view.row
    for mine, theirs in (("inner", "garden"), ("garden", "inner"), ("back", "plaza")):
        said = spoken("kenji", STARTER_TOO, mine), spoken("omar", STARTER, theirs)
        for kind in ("shared_interest", "same_idea"):
            two = Two(kind, row["kenji"], row["omar"], *said, reader_began=True)
            assert why(room, two) == ""


def test_a_question_in_a_room_that_was_closed_since_is_no_reason(ranker: Ranker, encode: Encode) -> None:
    closed = view_of(changed(RECORDS, Channel, "plaza", visibility="private"), encode)
    room, row = Room(closed, ranker, encode), closed.row
    question = spoken("liang", MONEY)
    assert why(room, Two("answer", row["liang"], row["kenji"], question, None, reader_began=True)) == ""
    assert why(room, Two("answer", row["kenji"], row["liang"], None, question, reader_began=False)) == ""


def test_an_exchange_is_told_to_both(room: Room) -> None:
    row = room.view.row
    query = Two("offer_meets_seek", row["sofia"], row["liang"], None, None, reader_began=True)
    giver = Two("offer_meets_seek", row["liang"], row["sofia"], None, None, reader_began=False)
    assert why(room, query)
    assert why(room, giver)
    assert why(room, query) != why(room, giver)


def test_an_exchange_that_was_taken_back_is_no_reason(ranker: Ranker, encode: Encode) -> None:
    bare = view_of(changed(changed(RECORDS, Member, "liang", offers=(), seeks=()), Member, "sofia", offers=()), encode)
    two = Two("offer_meets_seek", bare.row["sofia"], bare.row["liang"], None, None, reader_began=True)
    assert why(Room(bare, ranker, encode), two) == ""


def test_nobody_is_ever_introduced_against_the_rules(toy: Community, ranker: Ranker, encode: Encode) -> None:
    room = Room(
        toy, ranker, encode, (m for m in SAID if toy.channels[toy.channel_row[m.channel]].visibility == "community")
    )
    found = [one for m in MEMBERS for one in room.proposer().from_profile(m.id)]
    for m in MEMBERS:
        found += room.after(spoken(m.id, f"{STARTER_TOO} {MONEY} 堆肥箱 zeppelin obsidian kiln"))
    assert len(found) > 5
    for one in found:
        rows = [toy.row[id] for id in one.members]
        assert not toy.rules.connected[rows[0], rows[1]]
        assert not toy.rules.hidden[rows[0], rows[1]]
        assert not {"ruth", "tao", "pia"} & set(one.members)
