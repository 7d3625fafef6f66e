"""Health on small communities whose figures can be counted by hand, and on the sample with its planted people."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.domain.records import (
    DAY,
    Block,
    Channel,
    Guest,
    Invitation,
    Member,
    Message,
    Need,
    Outcome,
    Project,
    Record,
)
from models.health.definitions import FIGURES, FigureName
from models.health.reading import read_history
from models.health.report import Health, examine
from models.health.windows import gini, windows
from service.application.health import KINDS
from service.sample.generate import generate
from service.sample.solo import BRIDGE, BROADCASTER, LONER, NEWCOMER
from service.texts import say

HOUR = DAY // 24
START = 1_700_000_000_000_000
OLD = START + 40 * DAY  # the first 30 days on record are founders' time


def people(*ids: str, **fields: Any) -> list[Record]:
    return [Member(id=id, consent="members", **fields) for id in ids]


def said(author: str, time: float, text: str = "hm", **fields: Any) -> Message:
    """A message some days after START."""
    return Message(
        id=f"{author}@{time}",
        author=author,
        time=START + int(time * DAY),
        text=text,
        **({"channel": "room"} | fields),
    )


def health(*records: Record | Sequence[Record], every: int = 30 * DAY, **asked: Any) -> Health:
    flat: list[Record] = []
    for one in records:
        flat += one if isinstance(one, (list, tuple)) else [one]  # type: ignore[arg-type]
    order = [Channel, Member, Project, Message, Outcome, Block, Invitation]
    flat.sort(key=lambda record: (order.index(type(record)), getattr(record, "time", 0) or 0))
    return examine(read_history(flat), **({"now": START + 10_000 * DAY, "every": every} | asked))


def value(found: Health, name: FigureName, window: int = -1) -> tuple[float, int]:
    figure = found.figures[name]
    return float(figure.values[window]), int(figure.counts[window])


def pointed(found: Health, name: FigureName) -> dict[str, float]:
    return {pointer.id: pointer.value for pointer in found.figures[name].pointers}


# -- windows -----------------------------------------------------------------------------------------------------


def test_the_last_window_ends_with_the_newest_event_and_all_are_equally_long() -> None:
    told = windows(START, START + 100 * DAY)
    assert told.edges[-1] == START + 100 * DAY + 1
    assert set(np.diff(told.edges)) == {30 * DAY}
    assert told.count == 4
    assert windows(START, START + 10_000 * DAY).count == 12
    assert windows(START, START + 10_000 * DAY, since=START).count == 120
    assert windows(START, START).count == 1


@pytest.mark.parametrize(
    ("amounts", "expected"), [([1, 1, 1, 1], 0.0), ([0, 0, 0, 4], 0.75), ([1, 3], 0.25), ([1, 2, 3, 4], 0.25)]
)
def test_gini_is_what_the_textbook_says(amounts: list[int], expected: float) -> None:
    assert gini(np.array(amounts)) == pytest.approx(expected)


def test_an_empty_community_has_no_figures_and_no_advice() -> None:
    found = health()
    assert all(np.isnan(figure.values).all() for figure in found.figures.values())
    assert found.advice == ()


# -- ties --------------------------------------------------------------------------------------------------------


def test_reciprocity_counts_pairs_that_turned_to_each_other() -> None:
    found = health(
        people("a", "b", "c", "d"),
        said("a", 1, mentions=("b",)),
        said("b", 2, mentions=("a",)),
        said("a", 3, mentions=("c",)),
        said("c", 4, mentions=("d",)),
    )
    assert value(found, "reciprocity") == (pytest.approx(1 / 3), 3)


def test_a_tie_survives_when_the_two_meet_again_a_month_later_and_not_when_only_days_later() -> None:
    record = [
        said("z", 0),
        said("a", 40, mentions=("b",)),
        said("b", 75, mentions=("a",)),
        said("c", 41, mentions=("d",)),
        said("d", 50, mentions=("c",)),
        said("z", 101),
    ]
    found = health(people("a", "b", "c", "d", "z"), record)
    values = found.figures["survival_30"].values
    assert values[~np.isnan(values)].tolist() == [0.5]


def test_ties_of_the_first_month_may_be_older_and_are_left_out() -> None:
    found = health(people("a", "b"), said("a", 0), said("a", 5, mentions=("b",)), said("a", 120))
    assert np.isnan(found.figures["survival_30"].values).all()


def test_ties_too_young_to_tell_are_left_out() -> None:
    found = health(people("a", "b"), said("a", 0), said("a", 40, mentions=("b",)), said("a", 99))
    assert np.isnan(found.figures["survival_30"].values).all()


def test_who_is_answered_in_a_closed_room_is_not_isolated() -> None:
    closed = Channel(id="den", visibility="private")
    talk = [said("a", 1, channel="den"), said("a", 2, channel="den"), said("b", 2.1, channel="den", mentions=("a",))]
    alone = [said("c", 1), said("c", 3)]
    found = health(people("a", "b", "c"), closed, talk, alone)
    assert pointed(found, "isolated") == {"c": 2}


def test_a_shared_project_is_company() -> None:
    project = Project(id="p", time=START + 2 * DAY, members=("c", "d"))
    found = health(people("c", "d"), said("c", 1), said("c", 3), project)
    assert value(found, "isolated") == (0, 1)


# -- answers -----------------------------------------------------------------------------------------------------


def questions(*answers: Message) -> Health:
    asked = [said("a", 40, "how do I do this?"), said("b", 41, "is this right？"), said("c", 42, "有人在吗")]
    return health(people("a", "b", "c", "x", "y"), said("x", 0), asked, answers, said("y", 50))


def test_a_reply_within_two_days_answers_and_one_after_does_not() -> None:
    soon = said("x", 40.5, reply_to="a@40")
    late = said("x", 44.5, reply_to="b@41")
    assert value(questions(soon, late), "answered") == (pytest.approx(1 / 3), 3)


def test_a_mention_answers_what_its_target_said_last_in_that_room() -> None:
    here, elsewhere = said("x", 40.5, mentions=("a",)), said("x", 41.5, mentions=("b",), channel="other")
    assert value(questions(here, elsewhere), "answered")[0] == pytest.approx(1 / 3)


def test_one_does_not_answer_oneself() -> None:
    assert value(questions(said("a", 40.2, reply_to="a@40"), said("x", 49, mentions=("y",))), "answered")[0] == 0


def test_the_next_word_in_a_thread_answers() -> None:
    threads = [
        said("a", 40, "how?", thread="t"),
        said("b", 40.1, "why?", thread="u"),
        said("x", 40.2, "so", thread="t"),
        said("b", 40.3, "anyone?", thread="u"),
        said("x", 40.4, "ok", thread="t"),
    ]
    found = health(people("a", "b", "x"), threads, said("x", 50, thread="t"))
    assert value(found, "answered") == (pytest.approx(1 / 3), 3)


def test_where_nobody_declares_anything_the_next_speaker_within_ten_minutes_answers() -> None:
    minute = 1 / 24 / 60
    chat = [said("a", 40, "how?"), said("x", 40 + 5 * minute), said("b", 41, "why?"), said("x", 41 + 30 * minute)]
    assert value(health(people("a", "b", "x"), chat, said("a", 50)), "answered") == (0.5, 2)


def test_an_address_with_a_question_mark_is_no_question_nor_is_one_in_a_closed_room() -> None:
    closed = Channel(id="den", visibility="members")
    found = health(
        people("a"), closed, said("a", 1, "https://x.example/?q=1 look"), said("a", 2, "what?", channel="den"),
        said("a", 9),
    )  # fmt: skip
    assert value(found, "answered")[1] == 0


def test_without_the_three_loudest_only_the_answers_of_others_are_left() -> None:
    loud = [said(who, 40 + n / 10, mentions=("a",)) for n in range(8) for who in ("x", "y", "z")]
    asked = [said("a", 50, "how?"), said("b", 51, "why?")]
    answers = [said("x", 50.1, reply_to="a@50"), said("x", 51.1, reply_to="b@51"), said("c", 51.2, reply_to="b@51")]
    found = health(people("a", "b", "c", "x", "y", "z"), loud, asked, answers, said("c", 60))
    assert value(found, "answered_without_loudest") == (0.5, 2)
    assert pointed(found, "answered_without_loudest") == {"x": 1.0}


def test_who_first_asked_and_then_answered_became_an_answerer() -> None:
    record = [
        said("o", 0),
        said("a", 40, "how?"),
        said("b", 41, "why?"),
        said("a", 41.1, reply_to="b@41"),
        said("o", 135),
    ]
    values = health(people("a", "b", "o"), record).figures["askers_answer"].values
    assert values[~np.isnan(values)].tolist() == [0.5]


def test_who_answered_before_asking_did_not_become_an_answerer() -> None:
    record = [
        said("o", 0),
        said("b", 40, "why?"),
        said("a", 40.1, reply_to="b@40"),
        said("a", 41, "how?"),
        said("o", 135),
    ]
    figure = health(people("a", "b", "o"), record).figures["askers_answer"]
    assert figure.counts.sum() == 1


# -- newcomers ---------------------------------------------------------------------------------------------------


def test_newcomers_are_those_after_the_first_month_and_count_once_two_days_are_over() -> None:
    record = [
        said("old", 0),
        said("a", 40),
        said("old", 41, reply_to="a@40"),
        said("b", 42),
        said("old", 45, mentions=("b",)),
        said("c", 46),
    ]
    found = health(people("old", "a", "b", "c"), record)
    assert value(found, "newcomers_answered") == (0.5, 2)
    assert pointed(found, "newcomers_answered") == {"b": pytest.approx(4)}


def test_newcomers_stay_when_they_are_here_in_the_second_month() -> None:
    record = [said("old", 0), said("a", 40), said("a", 75), said("b", 40), said("b", 50), said("old", 101)]
    values = health(people("old", "a", "b"), record).figures["newcomers_stay"].values
    assert values[~np.isnan(values)].tolist() == [0.5]


# -- voice, value, introductions -----------------------------------------------------------------------------------


def test_one_way_messages_are_those_that_nobody_takes_up() -> None:
    chat = [said("a", 1, mentions=("b",)), said("b", 1.1), said("a", 1.2, reply_to="b@1.1")]
    preacher = [said("p", 2 + n) for n in range(6)]
    found = health(people("a", "b", "p"), chat, preacher)
    assert value(found, "broadcasting") == (pytest.approx(6 / 9), 9)
    assert pointed(found, "broadcasting") == {"p": 6}


def test_who_comes_into_a_talk_of_others_does_not_broadcast() -> None:
    thread = [said("a", 1, thread="t"), said("b", 1.1, thread="t"), said("c", 2, thread="u")]
    assert value(health(people("a", "b", "c"), thread), "broadcasting") == (pytest.approx(1 / 3), 3)


def test_exposure_counts_those_never_shown_and_not_those_who_must_not_be() -> None:
    shown = [
        Outcome(id=f"o{n}", source="a", target=who, time=START + n * DAY, kind="shown") for n, who in enumerate("bb")
    ]
    hermit = Member(id="h", consent="nobody")
    found = health(people("a", "b"), hermit, shown)
    assert value(found, "exposure") == (pytest.approx(0.5), 2)


def test_help_is_counted_for_whom_it_reached_and_told_by_kind() -> None:
    helper, query = Member(id="a", offers=(Need("x", "growth"),)), Member(id="b", seeks=(Need("x", "growth"),))
    help_ = Outcome(id="o", source="a", target="b", time=START + 3 * DAY, kind="helped", value="growth")
    found = health([helper, query], said("a", 1), said("b", 2), help_)
    assert value(found, "helped") == (0.5, 2)
    growth = found.flows[0]
    assert (growth.kind, growth.offering, growth.seeking, growth.given) == ("growth", 1, 1, 1)
    assert [(gift.giver, gift.receiver, gift.kind, gift.times) for gift in found.gifts] == [("a", "b", "growth", 1)]


def test_help_counts_for_thirty_days_however_long_the_windows_are() -> None:
    help_ = Outcome(id="o", source="a", target="b", time=START + 3 * DAY, kind="helped")
    talk = [said("a", 1), said("b", 2), said("b", 50)]
    latest = Outcome(id="p", source="b", target="a", time=START + 49 * DAY, kind="helped")
    assert value(health(people("a", "b"), talk, help_, latest, every=90 * DAY), "helped") == (0.5, 2)


def test_help_is_not_known_where_nobody_recorded_any_for_thirty_days() -> None:
    help_ = Outcome(id="o", source="a", target="b", time=START + 3 * DAY, kind="helped")
    found = health(people("a", "b"), said("a", 1), said("b", 2), said("b", 50), help_, every=90 * DAY)
    assert np.isnan(value(found, "helped")[0])
    assert value(found, "helped")[1] == 2
    assert pointed(found, "helped") == {}


def invited(id: str, day: float, *members: str, **fields: Any) -> Invitation:
    return Invitation(
        id=id, time=START + int(day * DAY), guests=tuple(Guest(member=m) for m in members), **({"ref": "r"} | fields)
    )


def test_the_funnel_follows_invited_pairs_as_far_as_they_came() -> None:
    record = [
        invited("i1", 1, "a", "b"),
        invited("i2", 1, "c", "d"),
        invited("i3", 1, "e", "f", state="withdrawn"),
        said("a", 5, mentions=("b",)),
        Outcome(id="o", source="b", target="a", time=START + 6 * DAY, kind="built_together"),
        said("c", 40),
    ]
    found = health(people("a", "b", "c", "d", "e", "f"), record)
    assert found.funnel.sum(0).tolist() == [2, 1, 1, 1, 0]
    values = found.figures["introductions_talked"].values
    assert values[~np.isnan(values)].tolist() == [0.5]


def test_what_two_people_said_before_they_were_introduced_is_no_step_of_it() -> None:
    record = [said("a", 1, mentions=("b",)), invited("i", 5, "a", "b"), said("a", 40)]
    assert health(people("a", "b"), record).funnel.sum(0).tolist() == [1, 0, 0, 0, 0]


def test_a_meeting_is_compared_with_similar_members_who_were_left_alone() -> None:
    ids = [f"m{n}" for n in range(20)]
    before = [said(id, 1 + n / 50 + day) for n, id in enumerate(ids) for day in (0, 10, 20)]
    meeting = [invited(f"i{n}", 30, ids[n], ids[n + 1]) for n in range(0, 10, 2)]
    after = [said(id, 40, mentions=(ids[(n + 1) % 10],)) for n, id in enumerate(ids[:10])]
    found = health(people(*ids), before, meeting, after, said("m0", 70))
    told = {effect.outcome: effect for effect in found.effects}
    assert told["still_here"].members == 10
    assert (told["still_here"].value, told["still_here"].beside) == (1.0, 0.0)
    assert told["new_ties"].value == pytest.approx(2.0)
    assert told["new_ties"].low > 0
    assert {effect.ref for effect in found.effects} == {"r"}


def test_a_meeting_is_not_judged_before_thirty_days_are_over() -> None:
    ids = [f"m{n}" for n in range(20)]
    talk = [said(id, 1) for id in ids]
    assert health(people(*ids), talk, invited("i", 30, *ids[:8]), said("m0", 59)).effects == ()


# -- groups ------------------------------------------------------------------------------------------------------


def circle(ids: Sequence[str], day: float) -> list[Record]:
    pairs = [(a, b) for n, a in enumerate(ids) for b in ids[n + 1 :]]
    return [said(a, day + n / 100, mentions=(b,)) for n, (a, b) in enumerate(pairs)]


def test_the_one_between_two_circles_is_found_and_so_are_those_who_hang_on_them() -> None:
    left, right = list("abcde"), list("uvwx")
    found = health(people(*left, *right, "z"), circle([*left, "z"], 1), circle([*right, "z"], 2))
    assert pointed(found, "hanging") == {"z": 4}
    assert value(found, "hanging") == (pytest.approx(0.4), 10)
    assert next(iter(pointed(found, "across"))) == "z"
    assert sorted(group.size for group in found.groups) in ([4, 6], [5, 5])


def test_somebody_with_a_single_acquaintance_is_no_group_cut_off() -> None:
    record = [*circle(list("abcde"), 1), said("u", 2, mentions=("a",)), said("v", 2, mentions=("u",))]
    assert value(health(people(*"abcdeuv"), record), "hanging") == (0, 7)


def test_what_happens_in_closed_rooms_names_no_bridge() -> None:
    den = Channel(id="den", visibility="private")
    left, right = list("abcde"), list("uvwx")
    hidden = [replace(message, channel="den") for message in circle([*right, "z"], 2)]  # type: ignore[type-var]
    found = health(den, people(*left, *right, "z"), circle([*left, "z"], 1), hidden)
    assert pointed(found, "hanging") == {}
    assert not {*right} & pointed(found, "across").keys()


# -- who may be named ----------------------------------------------------------------------------------------------


def newcomers(**fields: Any) -> list[Record]:
    host = [said("h", 50 + n / 10, reply_to=f"g@{50 + n / 10 - 0.05}") for n in range(3)]
    asks = [said("g", 50 + n / 10 - 0.05, "how?") for n in range(3)]
    return [
        *people("h", "g"),
        Member(id="new", name="Nadia", **({"consent": "members"} | fields)),
        said("h", 0),
        said("g", 1),
        *asks,
        *host,
        said("new", 52, "hello"),
        said("h", 60),
    ]


def action(found: Health, name: FigureName) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    return next(((one.action.members, one.action.others) for one in found.advice if one.figure == name), None)


def test_an_unanswered_newcomer_is_named_and_meets_who_answers() -> None:
    found = health(newcomers())
    assert action(found, "newcomers_answered") == (("new",), ("h",))
    assert any("Nadia" in say(one.said, "en") for one in found.advice)


def test_whoever_must_not_be_recommended_is_counted_and_never_named() -> None:
    found = health(newcomers(consent="nobody"))
    assert value(found, "newcomers_answered") == (0, 1)
    assert pointed(found, "newcomers_answered") == {}
    assert found.hidden_by_consent == 5  # one, told as up to five
    assert "Nadia" not in str(found.advice)


def test_nothing_is_proposed_with_somebody_paused() -> None:
    found = health(newcomers(paused_until=START + 99 * DAY), now=START + 60 * DAY)
    assert action(found, "newcomers_answered") is None
    assert action(health(newcomers(paused_until=START + 99 * DAY), now=START + 100 * DAY), "newcomers_answered")


@pytest.mark.parametrize(("source", "target"), [("new", "h"), ("h", "new")])
def test_nobody_is_proposed_to_meet_whom_they_blocked_or_who_refused_them(source: str, target: str) -> None:
    assert action(health(newcomers(), Block(id="b", source=source, target=target)), "newcomers_answered") is None
    refusal = Outcome(id="o", source=source, target=target, time=START + 55 * DAY, kind="dismissed")
    assert action(health(newcomers(), refusal), "newcomers_answered") is None


# -- the sample --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> Health:
    records = generate()
    return examine(read_history(r for kind in KINDS for r in records.get(kind, ())), now=START + 10_000 * DAY)


def test_the_planted_broadcaster_loner_newcomer_and_bridge_are_found(sample: Health) -> None:
    assert list(pointed(sample, "broadcasting")) == [BROADCASTER]
    assert {LONER, NEWCOMER} <= pointed(sample, "isolated").keys()
    assert len(pointed(sample, "isolated")) <= 4
    assert next(iter(pointed(sample, "newcomers_answered"))) == NEWCOMER
    assert list(pointed(sample, "hanging")) == [BRIDGE]
    assert next(iter(pointed(sample, "across"))) == BRIDGE


def test_advice_on_the_sample_is_about_the_planted_people(sample: Health) -> None:
    about = {one.figure: {pointer.id for pointer in one.about} for one in sample.advice}
    assert about["broadcasting"] == {BROADCASTER}
    assert LONER in about["isolated"]
    assert BROADCASTER not in about["isolated"]
    assert about["hanging"] == {BRIDGE}
    assert NEWCOMER in about["newcomers_answered"]


def test_the_same_history_gives_the_same_health(sample: Health) -> None:
    records = generate()
    again = examine(read_history(r for kind in KINDS for r in records.get(kind, ())), now=START + 10_000 * DAY)
    assert again.advice == sample.advice
    for name, figure in sample.figures.items():
        assert np.array_equal(figure.values, again.figures[name].values, equal_nan=True)


def test_only_help_can_be_left_unrecorded(sample: Health) -> None:
    assert {name for name, figure in sample.figures.items() if figure.unrecorded.any()} <= {"helped"}


def test_values_stay_within_their_unit(sample: Health) -> None:
    values = np.concatenate([figure.values for figure in sample.figures.values()])
    assert np.nanmin(values) >= 0
    assert np.nanmax(values) <= 1
    assert not all(math.isnan(one) for one in values)


# -- definitions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("definition", FIGURES, ids=lambda definition: definition.name)
def test_every_figure_states_its_unit_its_direction_and_its_source(definition: Any) -> None:
    said_ = " ".join((inspect.getdoc(definition.measure) or "").split())
    assert re.search(r"Unit: (share of \w+|Gini)", said_)
    assert ("Higher" if definition.higher_is_better else "Lower") + " is better" in said_
    assert "Source: " in said_
    assert ("Gini" in said_) == (definition.unit == "gini")
