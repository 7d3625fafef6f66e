"""Reasons say what made the score, in the reader's language, and go when their evidence goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.community.view import Community
from models.domain.records import Member, Message, Need, Project, Record
from models.domain.requests import Goal, Recommendations
from models.ranking.explain import FITTING
from models.ranking.ranker import HEADS, Ranker
from models.ranking.reasons.kinds import GENERAL
from service.texts import say
from tests.toy.ask import Asker, asked, ids, reasons, said, score
from tests.toy.world import DAY, HOUR, NOW, RECORDS, START, Encode, changed, view_of, without

WORDS = "the tram museum"
ENGLISH_CRAFTS = ("pottery glazes", "tax returns", "bread baking", "statistics", "the guitar", "bicycle repair", "yoga",
                  "contract law", "beekeeping", "chess", "first aid", "Spanish")  # fmt: skip
CHINESE_CRAFTS = (
    "陶艺釉料",
    "报税",
    "烤面包",
    "统计学",
    "吉他",
    "修自行车",
    "瑜伽",
    "合同法",
    "养蜂",
    "象棋",
    "急救",
    "西班牙语",
)


def talk(author: str, text: str, n: int, channel: str = "plaza", **fields: Any) -> tuple[Message, ...]:
    """Lines of one author, a day apart."""
    return tuple(
        Message(
            id=f"{author}-{channel}-{i}",
            author=author,
            time=START + (20 + i) * DAY,
            text=text,
            channel=channel,
            **fields,
        )
        for i in range(n)
    )


WITH_TRAM = (
    *RECORDS,
    *talk("liang", f"Oiled the brakes of car 12 at {WORDS} all Sunday", 2),
    *talk("xin", f"Repainted an old carriage at {WORDS}, second coat", 2),
)
WITH_BREAD = (
    *RECORDS,
    *talk("liang", "baked two sourdough loaves, the crumb is open at last", 2),
    *talk("xin", "my sourdough starter doubled overnight, two loaves are in the oven", 2),
)
WITH_PROJECT = (
    *RECORDS,
    Project(id="p1", time=START, title="x", members=("mei", "ruth", "omar")),
    Project(id="p2", time=START, title="y", members=("xin", "omar")),
)


def peers(ask: Asker) -> Recommendations:
    return ask.peers("mei", include_connected=True)


def collaborators(ask: Asker) -> Recommendations:
    return ask.collaborators("mei")


CASES: dict[str, tuple[Callable[[Asker], Recommendations], str, tuple[Record, ...], tuple[Record, ...]]] = {
    "offer_meets_seek": (collaborators, "ada", RECORDS, changed(RECORDS, Member, "ada", offers=())),
    "seek_meets_offer": (collaborators, "ada", RECORDS, changed(RECORDS, Member, "ada", seeks=())),
    "shared_aim": (peers, "noah", RECORDS, changed(RECORDS, Member, "noah", aims=())),
    "shared_value": (peers, "noah", RECORDS, changed(RECORDS, Member, "noah", values=())),
    "same_place": (
        lambda ask: ask.peers("mei"),
        "liang",
        changed(RECORDS, Member, "liang", place="上海"),
        RECORDS,
    ),
    "time_zone_overlap": (peers, "liang", RECORDS, changed(RECORDS, Member, "liang", time_zone="")),
    "shared_language": (peers, "liang", RECORDS, changed(RECORDS, Member, "liang", languages=("fr",))),
    "shared_interest": (
        lambda ask: ask.peers("liang"),
        "xin",
        WITH_BREAD,
        without(WITH_BREAD, Message, "xin-plaza-0", "xin-plaza-1"),
    ),
    "possible_fit": (
        lambda ask: ask.peers("liang"),
        "xin",
        WITH_TRAM,
        without(WITH_TRAM, Message, "xin-plaza-0", "xin-plaza-1"),
    ),
    "common_ties": (
        lambda ask: ask.peers("mei"),
        "xin",
        WITH_PROJECT,
        without(WITH_PROJECT, Project, "p2"),
    ),
    "knows_about": (
        lambda ask: ask.search("bees and honey", now=NOW + 40 * DAY),
        "pia",
        RECORDS,
        without(changed(RECORDS, Member, "pia", profile="Parent.", offers=()), Message, "t11"),
    ),
    "meets_need": (
        lambda ask: ask.collaborators(Goal(text="an evening for runners", needs=(Need("a physiotherapist"),))),
        "xin",
        RECORDS,
        changed(RECORDS, Member, "xin", offers=()),
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_reason_goes_and_the_score_falls_when_its_evidence_is_taken_away(
    kind: str, encode: Encode, ranker: Ranker
) -> None:
    call, other, there, gone = CASES[kind]
    with_it, without_it = (call(Asker(view_of(records, encode), ranker, encode)) for records in (there, gone))
    assert kind in reasons(with_it, other)
    assert kind not in reasons(without_it, other)
    assert score(without_it, other) < score(with_it, other)


@pytest.mark.parametrize(
    ("kind", "member", "project", "there", "gone"),
    [
        ("meets_need", "xin", "clinic", RECORDS, changed(RECORDS, Project, "clinic", needs=())),
        ("worked_together", "ada", "clinic", RECORDS, without(RECORDS, Message, "r3", "s4")),
        ("open_to_join", "ada", "album", RECORDS, changed(RECORDS, Project, "album", needs=())),
        ("shared_interest", "mei", "seedbus", None, None),
    ],
)
def test_reasons_for_projects_go_with_their_evidence(
    kind: str,
    member: str,
    project: str,
    there: tuple[Record, ...] | None,
    gone: tuple[Record, ...] | None,
    encode: Encode,
    ranker: Ranker,
) -> None:
    if there is None or gone is None:
        there = (*RECORDS, *talk("mei", "seeds for the school yards, and soil for the school yards", 2))
        gone = RECORDS
    with_it, without_it = (Asker(view_of(r, encode), ranker, encode).projects(member) for r in (there, gone))
    assert kind in reasons(with_it, project)
    assert kind not in reasons(without_it, project)
    if kind != "open_to_join":  # it is said, not scored: what is scored is how fresh the project is
        assert score(without_it, project) < score(with_it, project)


def test_reasons_come_in_the_language_of_the_reader(toy: Community, ranker: Ranker, encode: Encode) -> None:
    ask = Asker(toy, ranker, encode)
    answers = (
        ask.peers("mei"),
        ask.collaborators("omar"),
        ask.search("compost"),
        ask.projects("xin"),
        ask.explain("mei", "noah"),
    )
    for match in (match for found in answers for match in found.matches):
        assert all(say(reason.said, "en").endswith(".") for reason in match.reasons)
        assert all(say(reason.said, "zh").endswith("。") for reason in match.reasons)
    assert "目标相近" in said(ask.peers("mei"), "zh")
    assert "Your aims are close" in said(ask.peers("mei"))


def test_reasons_are_shares_of_the_score_strongest_first_and_at_most_four(
    toy: Community, ranker: Ranker, encode: Encode
) -> None:
    ask = Asker(toy, ranker, encode)
    for found in (ask.peers("mei"), ask.collaborators("ada"), ask.search("guitar"), ask.brief("mei")):
        assert any(match.reasons for match in found.matches)
        for match in found.matches:
            assert len(match.reasons) <= 4
            assert sum(r.weight for r in match.reasons) <= 1.001
            told = [(r.kind in GENERAL, -r.weight) for r in match.reasons]
            assert told == sorted(told), "what is true of many is said last"


def test_reasons_are_left_out_when_nobody_asks_for_them(toy: Community, ranker: Ranker, encode: Encode) -> None:
    ask = Asker(toy, ranker, encode)
    quiet = ask.peers("mei", reasons=False)
    assert not any(match.reasons for match in quiet.matches)
    assert ids(quiet) == ids(ask.peers("mei"))


def test_what_was_only_read_out_of_words_counts_less_and_says_so(encode: Encode, ranker: Ranker) -> None:
    from tests.toy.world import suggestion

    silent = changed(RECORDS, Member, "ada", offers=())
    guessed = (*silent, suggestion("ada", "offers", "building websites", "t02"))
    stated, read, nothing = (Asker(view_of(r, encode), ranker, encode) for r in (RECORDS, guessed, silent))
    assert nothing.explain("mei", "ada").matches[0].score < read.explain("mei", "ada").matches[0].score
    assert read.explain("mei", "ada").matches[0].score < stated.explain("mei", "ada").matches[0].score
    garden = view_of((*silent, suggestion("ada", "offers", "a website for your garden", "t02")), encode)
    reason = reasons(Asker(garden, ranker, encode).collaborators("mei"), "ada")["offer_meets_seek"]
    assert [item.kind for item in reason.evidence] == ["suggestion", "statement"]
    assert "unconfirmed" in say(reason.said, "en")

    struck = (*silent, replace(suggestion("ada", "offers", "building websites", "t02"), state="struck"))
    none = Asker(view_of(struck, encode), ranker, encode).explain("mei", "ada")
    assert none.matches[0].score == pytest.approx(nothing.explain("mei", "ada").matches[0].score, abs=1e-6)


def test_only_columns_with_weight_make_reasons(toy: Community, ranker: Ranker, encode: Encode) -> None:
    mute = replace(ranker, weights={head: ranker.weights[head] * 0 for head in HEADS})
    found = Asker(toy, mute, encode).peers("mei", limit=5)
    assert found.matches
    assert {reason.kind for match in found.matches for reason in match.reasons} <= FITTING, "what fits is judged apart"
    assert asked().limit == 1000


def test_a_newcomer_is_introduced_as_one(encode: Encode, ranker: Ranker) -> None:
    later = Message(id="l1", author="ada", time=START + 50 * DAY, text="Still here.", channel="plaza")
    arrival = Message(id="l2", author="fresh", time=START + 30 * DAY, text="Where is the library?", channel="plaza")
    records = (*without(RECORDS, Message, "n1"), later, arrival)
    weighty = replace(ranker, weights={head: ranker.weights[head] + 0.01 for head in HEADS})
    ask = Asker(view_of(records, encode), weighty, encode)
    assert "newcomer" in {r.kind for m in ask.brief("mei").matches if m.id == "fresh" for r in m.reasons}
    old = Message(id="l0", author="fresh", time=START + HOUR, text="Hello.", channel="plaza")
    ask = Asker(view_of((*records, old), encode), weighty, encode)
    assert "newcomer" not in {r.kind for m in ask.brief("mei").matches if m.id == "fresh" for r in m.reasons}


def test_an_offer_that_only_resembles_a_wish_is_not_said_to_meet_it(encode: Encode, ranker: Ranker) -> None:
    """Whoever comes nearest need not be near: of a dozen offers, one is always the least unlike."""
    far = changed(RECORDS, Member, "ada", offers=(Need("recorder and microphones to borrow"),), seeks=())
    asks = changed(far, Member, "mei", seeks=(Need("somebody who can mend radios"),), offers=())
    explained = Asker(view_of(asks, encode), ranker, encode).explain("mei", "ada")
    assert "offer_meets_seek" not in reasons(explained, "ada")


@pytest.mark.parametrize(
    ("offer", "seek", "what", "words"),
    [
        ("can teach {}", "want to learn {}", "pottery glazes", ENGLISH_CRAFTS),
        ("可以教{}", "想学{}", "陶艺釉料", CHINESE_CRAFTS),
        ("can teach {}", "想学{}", "陶艺釉料", ENGLISH_CRAFTS),
    ],
    ids=["English", "Chinese", "across"],
)
def test_what_all_offers_have_in_common_meets_no_wish(
    encode: Encode, ranker: Ranker, offer: str, seek: str, what: str, words: tuple[str, ...]
) -> None:
    offering = [Member(id=f"m{i:02}", offers=(Need(offer.format(w)),), consent="members") for i, w in enumerate(words)]
    asking = Member(id="asking", seeks=(Need(seek.format(what)),), consent="members")
    found = Asker(view_of([*offering, asking], encode), ranker, encode).collaborators("asking")
    assert found.matches[0].id == "m00"
    assert {m.id for m in found.matches if any(r.kind == "offer_meets_seek" for r in m.reasons)} == {"m00"}


@pytest.mark.parametrize(
    ("text", "other", "whole", "inside"),
    [
        ("读完一章存在主义，写了三页笔记", "存在主义读书笔记写到第三章了", "存在主义", "主义"),
        (
            "drew crowd-sourced maps and crowd-sourced atlases",
            "my crowd-sourced map of the river is finished",
            "crowd-sourced",
            "crowd",
        ),
    ],
)
def test_a_word_inside_another_is_not_a_second_interest(
    text: str, other: str, whole: str, inside: str, encode: Encode, ranker: Ranker
) -> None:
    records = (*RECORDS, *talk("liang", text, 2), *talk("xin", other, 2))
    found = Asker(view_of(records, encode), ranker, encode).peers("liang", include_connected=True)
    [shared] = [
        one for match in found.matches if match.id == "xin" for one in match.reasons if one.kind == "shared_interest"
    ]
    terms = [one.value for one in shared.evidence]
    assert whole in terms
    assert inside not in terms


def test_what_somebody_states_is_quoted_without_a_second_full_stop(encode: Encode, ranker: Ranker) -> None:
    records = changed(RECORDS, Member, "ada", profile="Keeps bees, sells honey.", offers=(), aims=())
    found = Asker(view_of(records, encode), ranker, encode).search("bees and honey")
    [knows] = [
        one for match in found.matches if match.id == "ada" for one in match.reasons if one.kind == "knows_about"
    ]
    assert say(knows.said, "en") == "Knows about this: “Keeps bees, sells honey”."


def test_who_was_silent_for_a_month_is_not_said_to_be_active_lately(encode: Encode, ranker: Ranker) -> None:
    """In a slow community the newest eighth of all that was said may take a year."""
    later = Message(id="l1", author="ada", time=START + 55 * DAY, text="Still here.", channel="plaza")
    for records, active in ((RECORDS, True), ((*RECORDS, later), False)):
        found = Asker(view_of(records, encode), ranker, encode).peers("mei")
        assert any("active_now" in reasons(found, m.id) for m in found.matches if m.id != "ada") == active
