"""Lists are the same however they are asked for, and nothing that can be asked or said breaks them."""

from __future__ import annotations

import numpy as np
import pytest

from models.community.view import Community
from models.domain.records import Member, Message, Need, Outcome, Project, Record, Tie
from models.domain.requests import Goal
from models.ranking import batch, pipeline, retrieval
from models.ranking.ranker import Ranker
from service.texts import say
from tests.toy.ask import FOR_A_MEMBER, Asker, asked, ids
from tests.toy.world import DAY, HOUR, MEMBERS, RECORDS, START, Encode, builder_of, embed, view_of

ODD = {
    "empty": "",
    "blank": " \n\t ",
    "emoji": "🎸🎉👩‍🚀",
    "signs": "?!… --- ***",
    "stop words": "the of and 的 了",
    "nul": "\x00\x00",
    "nul inside": "gui\x00tar",
    "surrogate": "\ud800 guitar",
    "code": "```\nfor(;;){}\n```",
    "address": "https://example.org/a/b?c=d",
    "100 kB": "guitar lessons " * 7_000,
    "100 kB without a space": "吉" * 33_000,
    "unknown words": "qwrtzp xkcdfg",
}


@pytest.fixture(scope="module")
def ask(toy: Community, ranker: Ranker, encode: Encode) -> Asker:
    return Asker(toy, ranker, encode)


@pytest.mark.parametrize("head", ["peers", "collaborators"])
@pytest.mark.parametrize("limit", [3, 1000])
@pytest.mark.parametrize("diversity", [0.0, 0.2, 1.0])
def test_lists_for_all_are_those_of_single_calls(ask: Asker, head: str, limit: int, diversity: float) -> None:
    options = asked(limit=limit, diversity=diversity)
    every = {m: (found, scores) for m, found, scores in batch.rankings(ask.view, ask.ranker, head, options)}  # type: ignore[arg-type]
    assert set(every) == {m.id for m in MEMBERS}
    for member, (found, scores) in every.items():
        single = FOR_A_MEMBER[head](ask, member, limit=limit, diversity=diversity)
        assert found == ids(single)
        assert scores.tolist() == pytest.approx([m.score for m in single.matches], abs=1e-6)


@pytest.mark.parametrize("everybody", [1, 4096], ids=["of candidates", "of everybody"])
def test_texts_asked_together_are_answered_as_those_asked_alone(
    ask: Asker, everybody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "EVERYBODY", everybody)
    goals = [Goal(text="who plays the guitar?"), Goal(text="谁会修自行车", source="mei"), Goal(text=""), Goal(text="?")]
    options = asked(limit=5)
    given = ask.view, ask.ranker
    for together, alone in (
        (batch.search, pipeline.search_members),
        (batch.collaborators, pipeline.recommend_collaborators),
    ):
        for found, goal in zip(together(*given, goals, options, ask.encode), goals, strict=True):
            single = alone(*given, goal, options, ask.encode)
            assert ids(found) == ids(single)
            assert [m.score for m in found.matches] == pytest.approx([m.score for m in single.matches], abs=1e-6)


def test_a_short_list_is_the_beginning_of_a_long_one_when_only_scores_count(ask: Asker) -> None:
    for call in (*FOR_A_MEMBER.values(), Asker.projects):
        for member in ("mei", "ruth", "cold"):
            long = call(ask, member, limit=1000).matches
            for limit in (1, 2, 5, 10):
                assert call(ask, member, limit=limit).matches == long[:limit]


def test_diversity_keeps_the_best_first_and_loses_nobody(ask: Asker) -> None:
    plain = ids(ask.peers("mei"))
    varied = ids(ask.peers("mei", diversity=1.0))
    assert varied[0] == plain[0]
    assert sorted(varied) == sorted(plain)
    assert varied != plain


def test_the_same_question_gets_the_same_answer(encode: Encode, ranker: Ranker) -> None:
    one, other = (Asker(view_of(RECORDS, encode), ranker, encode) for _ in range(2))
    for call in FOR_A_MEMBER.values():
        assert call(one, "mei", diversity=0.3) == call(other, "mei", diversity=0.3)


def test_equal_scores_are_ordered_by_id_whatever_the_order_of_arrival(encode: Encode, ranker: Ranker) -> None:
    names = ["b", "阿", "a", "Z", "c"]
    twins: list[Record] = [Member(id=n, profile="Bakes bread.", consent="members") for n in names]
    twins.append(Member(id="asker", profile="Looks for company.", consent="members"))
    for order in (twins, twins[::-1]):
        ask = Asker(view_of(order, encode), ranker, encode)
        for call in FOR_A_MEMBER.values():
            assert ids(call(ask, "asker")) == sorted(names)


def test_a_member_with_nothing_gets_a_list_all_the_same(ask: Asker) -> None:
    for call in FOR_A_MEMBER.values():
        assert len(ids(call(ask, "cold", limit=5))) == 5
    assert len(ids(ask.projects("cold"))) == 3


def test_a_member_with_only_a_profile_gets_who_fits(encode: Encode, ranker: Ranker) -> None:
    arrived = Member(
        id="new", seeks=(Need("运动损伤的治疗"),), offers=(Need("training plans for runners"),), consent="members"
    )
    ask = Asker(view_of((*RECORDS, arrived), encode), ranker, encode)
    assert ids(ask.collaborators("new"))[0] == "xin"
    assert ids(ask.collaborators("xin"))[:2] in (["omar", "new"], ["new", "omar"])


def test_an_empty_community_finds_nobody(encode: Encode, ranker: Ranker) -> None:
    ask = Asker(view_of((), encode), ranker, encode)
    assert ids(ask.search("anybody?")) == []
    assert ids(ask.collaborators(Goal(text="a goal", members=("x",), needs=(Need("a need"),)))) == []
    assert list(batch.rankings(ask.view, ranker, "peers", asked())) == []


def test_a_community_of_one_finds_nobody_for_them_and_them_for_others(encode: Encode, ranker: Ranker) -> None:
    ask = Asker(view_of([Member(id="one", profile="Plays the guitar.", consent="members")], encode), ranker, encode)
    for call in (*FOR_A_MEMBER.values(), Asker.projects):
        assert ids(call(ask, "one")) == []
    assert ids(ask.search("guitar")) == ["one"]


def test_a_community_without_a_word_still_answers(encode: Encode, ranker: Ranker) -> None:
    ask = Asker(view_of([Tie(id="k", source="a", target="b", time=START), Member(id="c")], encode), ranker, encode)
    assert ids(ask.peers("a", audience="organizers")) == []
    assert ask.view.rules.connected[ask.view.row["a"], ask.view.row["b"]]


def test_words_of_a_small_community_are_found_though_everybody_uses_them(encode: Encode, ranker: Ranker) -> None:
    two = [Member(id=m, profile="chess", consent="members") for m in ("a", "b")]
    ask = Asker(view_of(two, encode), ranker, encode)
    assert "chess" in say(ask.search("chess").matches[0].reasons[0].said, "en")


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_any_text_can_be_asked(ask: Asker, text: str) -> None:
    everybody = set(ids(ask.search("guitar")))
    for found in (
        ask.search(text),
        ask.search(text, source="cold"),
        ask.collaborators(Goal(text=text, title=text, members=("mei",), needs=(Need(text),))),
    ):
        assert set(ids(found)) >= everybody - {"cold", "mei"}
        assert all(np.isfinite(m.score) for m in found.matches)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_any_text_can_be_said_and_stated(text: str, encode: Encode, ranker: Ranker) -> None:
    odd = (
        Member(
            id="odd",
            profile=text,
            aims=(text,),
            offers=(Need(text),),
            seeks=(Need(text),),
            values=(text,),
            consent="members",
        ),
        Message(id="odd1", author="odd", time=START + DAY, text=text, topic=text, channel="plaza"),
        Project(
            id="odd2", time=START + DAY, title=text, text=text, members=("odd",), needs=(Need(text),), state="open"
        ),
    )
    ask = Asker(view_of((*RECORDS, *odd), encode), ranker, encode)
    assert "odd" in ids(ask.peers("mei"))
    assert "odd" not in ids(ask.peers("mei"))[:1]
    assert "odd2" in ids(ask.projects("mei"))
    assert len(ids(ask.peers("odd"))) == len(ids(ask.peers("cold"))) - 1, "all but themselves"


@pytest.mark.parametrize("time", [0, -1, -62_135_596_800_000_000, 253_402_300_799_000_000])
def test_any_time_can_be_stated(time: int, encode: Encode, ranker: Ranker) -> None:
    odd = (
        Message(id="w", author="mei", time=time, text="什么时候", channel="plaza"),
        Project(id="w", time=time, title="When", members=("mei", "ruth"), state="open"),
        Tie(id="w", source="mei", target="pia", time=time),
        Outcome(id="w", source="mei", target="hua", time=time, kind="met"),
    )
    ask = Asker(view_of((*RECORDS, *odd), encode), ranker, encode)
    for call in (*FOR_A_MEMBER.values(), Asker.projects):
        assert all(np.isfinite(m.score) for m in call(ask, "noah", include_connected=True).matches)
    for time_zone in ("Asia/Shanghai", "No/Where", "America", "../../etc", "\x00"):
        clocks = Member(id="zone", profile="x", time_zone=time_zone, consent="members")
        assert "zone" in ids(Asker(view_of((*RECORDS, *odd, clocks), encode), ranker, encode).peers("noah"))


def test_candidates_are_never_fewer_than_asked_for(
    ask: Asker, encode: Encode, ranker: Ranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = [Member(id=f"s{i:02}", profile="…", consent="members") for i in range(40)]
    large = Asker(view_of((*RECORDS, *silent), encode), ranker, encode)
    whole = ids(large.peers("mei"))
    monkeypatch.setattr(retrieval, "EVERYBODY", 5)
    monkeypatch.setattr(retrieval, "SEATS", 2)
    assert len(whole) == 49
    for limit in (1, 10, 30, 45, 48):
        for call in FOR_A_MEMBER.values():
            assert len(ids(call(large, "mei", limit=limit))) == limit
    assert ids(large.collaborators("mei", limit=3))[0] == "ada", "who fits is a candidate, too"
    assert ids(large.explain("mei", "s39")) == ["s39"], "and so is who is asked about"


def test_a_view_stays_as_it_was_whatever_happens_afterwards(encode: Encode, ranker: Ranker) -> None:
    builder = builder_of(RECORDS, encode)
    ask = Asker(builder.view(), ranker, encode)
    before = [call(ask, member) for call in FOR_A_MEMBER.values() for member in ("mei", "kenji")]
    found = ask.search("guitar")
    shape = ask.view.lexical.counts.shape
    builder.put(Member(id="late", profile="Guitars, soil, websites and marathons.", consent="members"))
    builder.put_all(
        Message(id=f"late{i}", author="late", time=START + 40 * DAY + i * HOUR, text=f"guitar number {i}")
        for i in range(30)
    )
    builder.delete("member", "noah")
    builder.delete("message", "t04")
    builder.delete("project", "seedbus")
    builder.put(Member(id="ada", profile="Gone fishing."))
    embed(builder, encode)
    assert "late" in builder.view().ids
    assert [call(ask, member) for call in FOR_A_MEMBER.values() for member in ("mei", "kenji")] == before
    assert ask.search("guitar") == found
    assert ask.view.lexical.counts.shape == shape
