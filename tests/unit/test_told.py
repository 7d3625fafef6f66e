"""What people say came of each other is learnt at night: whom of the shown they chose, refused or left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.domain.records import Channel, Community, Member, Message, Outcome, Record
from models.domain.requests import Options
from models.features.matrix import COLUMNS
from models.files.durable import write_folder
from models.ranking import pipeline
from models.ranking.ranker import Ranker, shipped
from tests import planted
from training.labels.feedback import LEFT, told
from training.labels.outcomes import GAINS, REFUSED, GradedHead, GradedQuery, Slate, propensity
from training.nightly.answers import Answers
from training.nightly.job import run
from training.nightly.judging import Verdict, judge
from training.nightly.packing import open_window, pack_window
from training.nightly.past import Past, past_of, views
from training.nightly.recipe import STANDARD, fit_from_prior, said
from training.nightly.stage_cache import StageCache
from training.nightly.windows import Questions, ask, served, windows

DAY = 86_400_000_000
CUT, UNTIL = 100 * DAY, 300 * DAY
LIST = Slate("a", ("b", "c", "d", "e"))


def said_of(source: str, target: str, kind: Any, day: float, token: str = "") -> Outcome:
    return Outcome(
        id=f"{source}{target}{kind}{day}", source=source, target=target, time=int(day * DAY), kind=kind, token=token
    )


def asked_of(
    *outcomes: Outcome,
    head: GradedHead = "peers",
    messages: Sequence[Message] = (),
    slates: Mapping[str, Slate] = {"list": LIST},
) -> list[GradedQuery]:
    return told(head, messages, [], outcomes, slates, CUT, UNTIL)


def test_who_was_shown_is_compared_with_nobody_but_the_shown() -> None:
    shown = [said_of("a", target, "shown", 110, "list") for target in "bcd"]
    (query,) = asked_of(*shown, said_of("a", "c", "accepted", 111, "list"), said_of("a", "d", "met", 112, "list"))
    assert query.among == frozenset("bcd"), "nobody said that e was seen"
    assert query.gains == pytest.approx({"c": 1 / propensity(2), "d": GAINS["met"] / propensity(3)})
    assert query.labels(["b", "c", "x"])[2].tolist() == [True, True, False]
    assert query.weight > 1


def test_who_chose_from_a_list_has_seen_those_above() -> None:
    (query,) = asked_of(said_of("a", "c", "accepted", 111, "list"))
    assert query.among == frozenset("bc")


def test_a_refusal_counts_as_three_who_were_left_alone() -> None:
    (query,) = asked_of(said_of("a", "c", "met", 111, "list"), said_of("a", "b", "dismissed", 111, "list"))
    assert query.emphasis == {"b": REFUSED}
    assert set(query.gains) == {"c"}


def test_where_some_were_refused_and_nobody_taken_up_the_rest_are_preferred_a_little() -> None:
    shown = [said_of("a", target, "shown", 110, "list") for target in "bcd"]
    (query,) = asked_of(*shown, said_of("a", "c", "dismissed", 111, "list"))
    assert query.gains == {"b": LEFT, "d": LEFT}
    assert not query.targets, "that they were left alone is nothing to be judged by"
    assert query.weight < 1
    assert asked_of(*shown)[0].gains == {}, "of a list that nobody answered nothing is learnt"


def test_an_invitation_that_was_answered_was_put_to_somebody_and_a_follow_up_says_how_it_went() -> None:
    outcomes = [said_of("a", "x", "accepted", 110), said_of("a", "y", "declined", 110), said_of("a", "x", "met", 120)]
    (query,) = asked_of(*outcomes, said_of("x", "a", "met", 120))
    assert query.among == frozenset("xy")
    assert query.gains == {"x": GAINS["met"]}


def test_what_people_say_of_those_whom_nobody_put_to_them_is_a_contact_of_its_depth() -> None:
    found = {str(q.source): q for q in asked_of(said_of("a", "x", "helped", 110), said_of("x", "a", "helped", 110))}
    assert found["a"].among is None
    assert found["a"].gains == {"x": GAINS["helped"]}
    assert found["a"].weight == GAINS["helped"] / GAINS["talked"]
    assert {str(q.source) for q in asked_of(said_of("a", "x", "helped", 110), head="collaborators")} == {"a", "x"}
    assert asked_of(said_of("a", "x", "talked", 110), head="collaborators") == []


def test_the_other_side_of_a_list_is_no_contact_that_came_about_by_itself() -> None:
    outcomes = [said_of("a", "b", "shown", 110, "list"), said_of("a", "b", "met", 111), said_of("b", "a", "met", 111)]
    assert [q.source for q in asked_of(*outcomes)] == ["a"]


def test_a_list_of_collaborators_teaches_nothing_about_peers() -> None:
    outcome = said_of("a", "c", "met", 111, "list")
    slates = {"list": replace(LIST, head="collaborators")}
    assert asked_of(outcome, slates=slates) == []
    assert [q.among for q in asked_of(outcome, slates=slates, head="collaborators")] == [frozenset("bc")]


def test_who_was_in_touch_before_the_showing_is_neither_right_nor_wrong() -> None:
    talk = [Message(id="1", author="a", time=105 * DAY, mentions=("b",))]
    shown = [said_of("a", target, "shown", 110, "list") for target in "bc"]
    (query,) = asked_of(*shown, said_of("a", "b", "met", 120), said_of("a", "c", "met", 120), messages=talk)
    assert set(query.gains) == {"c"}
    assert "b" in query.known


# -- a community where people talk with one kind, and get on with another ---------------------------------------------

EVENTS, SHOWN = 900, 8
CREW = {name: i % planted.SHIFTS for i, name in enumerate(planted.NAMES)}
ROOM = {name: planted.ROOMS[i // planted.SHIFTS % 3] for i, name in enumerate(planted.NAMES)}


def talk() -> Iterator[Record]:
    """As in `planted`, but everybody has a room of their own: who is awake at the same hours talks, in any room."""
    yield Community(id="", name="Planted")
    yield from (Channel(id=room) for room in planted.ROOMS)
    yield from (Member(id=name, name=name, languages=("en",), consent="members") for name in planted.NAMES)
    for record in planted.history(EVENTS):
        if isinstance(record, Message):
            yield replace(record, channel=ROOM[record.author])


def meetings(seed: int = 3) -> tuple[list[Outcome], dict[str, Slate]]:
    """Lists of anybody, in any order: who sits in one's room is met with joy, and of the others some are refused."""
    rng = np.random.default_rng(seed)
    outcomes: list[Outcome] = []
    slates: dict[str, Slate] = {}
    moments = [record.time for record in talk() if isinstance(record, Message)][::4]
    for n, time in enumerate(moments):
        member, *others = rng.choice(planted.NAMES, SHOWN + 1, replace=False)
        token = f"t{n}"
        slates[token] = Slate(member, tuple(others))
        for place, other in enumerate(others, 1):
            liked = ROOM[member] == ROOM[other]
            looked = rng.random() < propensity(place)
            kinds = ["shown", *(["accepted", "met"] if liked else ["dismissed"] if rng.random() < 0.3 else [])]
            for later, kind in enumerate(kinds[: 3 if looked else 1]):
                at = time + later * planted.MINUTE
                id = f"{token}{other}{kind}"
                outcomes.append(Outcome(id=id, source=member, target=other, time=at, kind=kind, token=token))  # type: ignore[arg-type]
    return outcomes, slates


@pytest.fixture(scope="module")
def silent() -> Past:
    return past_of(talk(), "c")


@pytest.fixture(scope="module")
def outspoken() -> Past:
    outcomes, slates = meetings()
    return replace(past_of([*talk(), *outcomes], "c"), slates=slates)


def night(past: Past, bench: StageCache) -> tuple[Ranker, Questions]:
    """What a night promotes, and all that it was learnt from."""
    learnt: list[Questions] = []

    def fit(asked: Questions, prior: Ranker, seed: int) -> Ranker:
        learnt.append(asked)
        return STANDARD.fit(asked, prior, seed)

    outcome = run(planted.night(past), bench, replace(STANDARD, fit=fit))
    assert outcome.status == "promoted", outcome.reason
    assert outcome.ranker is not None
    return outcome.ranker, learnt[-1]


def share_alike(past: Past, ranker: Ranker, kind: Mapping[str, Any]) -> float:
    """Of the ten people first shown to each member today, the share who are of the same kind."""
    ((_, view),) = views(past, [past.end + 1], planted.embed, 8, "e")
    options = Options(limit=10, audience="organizers", now=past.end)
    alike = [
        kind[match.id] == kind[name]
        for name in planted.NAMES
        for match in pipeline.recommend_peers(view, ranker, name, options).matches
    ]
    return float(np.mean(alike))


def test_a_night_learns_with_whom_meetings_go_well_although_people_talk_with_others(
    outspoken: Past, tmp_path: Path
) -> None:
    told_, asked = night(outspoken, StageCache(tmp_path))
    heard = fit_from_prior({what: found for what, found in asked.items() if what != "peers outcomes"}, shipped(), 0)
    assert share_alike(outspoken, heard, CREW) > 0.6, "from talk: who is awake at the same hours"
    before, after = (share_alike(outspoken, ranker, ROOM) for ranker in (heard, told_))
    assert after > before + 0.25, "from what people said: who sits in the same room"


def test_what_is_said_after_a_cut_changes_no_feature_and_hides_nobody(outspoken: Past) -> None:
    window = windows(outspoken.event_times)[3]
    turned = [
        replace(r, kind="dismissed" if r.kind == "met" else "met")
        if isinstance(r, Outcome) and time >= window.cut and r.kind in ("met", "dismissed")
        else r
        for time, r in outspoken.timed
    ]
    other = replace(past_of([outspoken.community, *outspoken.timeless, *turned], "c"), slates=outspoken.slates)
    compared = 0
    found = []
    for past in (outspoken, other):
        ((_, view),) = views(past, [window.cut], planted.embed, 8, "e")
        found.append(ask(past.history, view, window, served(planted.encode), 0))
        assert not [o for o in past.history.outcomes if o.time >= window.cut and o.time <= view.as_of]
    by_asker = [{one.asker: one for one in asked["peers outcomes"]} for asked in found]
    for asker in by_asker[0].keys() & by_asker[1].keys():
        one, two = by_asker[0][asker], by_asker[1][asker]
        assert one.graded is not None
        assert two.graded is not None
        if len(one.relevant) == len(two.relevant):
            compared += not np.array_equal(one.graded.gains, two.graded.gains)
            assert np.array_equal(one.features, two.features)
    assert compared > 10, "the labels did change"
    refused = [one for one in by_asker[0].values() if one.graded is not None and (one.graded.emphasis > 1).any()]
    assert refused, "who was refused after the cut is a candidate still"


def test_where_nobody_said_anything_the_same_is_asked_and_learnt_to_the_last_bit(silent: Past) -> None:
    """Lists that were shown, with no token that can be read and no answer, say nothing."""
    outcomes, _ = meetings()
    seen = past_of([*talk(), *(o for o in outcomes if o.kind == "shown")], "c")
    window = windows(silent.event_times)[3]
    asked = []
    for past in (silent, seen):
        ((_, view),) = views(past, [window.cut], planted.embed, 8, "e")
        asked.append(ask(past.history, view, window, served(planted.encode), 0))
    assert pack_window(asked[0]) == pack_window(asked[1])
    assert not said("peers", asked[0], [])
    one, two = (fit_from_prior(found, shipped(), 0) for found in asked)
    assert all(np.array_equal(one.weights[head], two.weights[head]) for head in one.weights)
    assert one.intercepts == two.intercepts


def test_a_window_with_what_people_said_comes_back_from_its_files(outspoken: Past, tmp_path: Path) -> None:
    window = windows(outspoken.event_times)[3]
    ((_, view),) = views(outspoken, [window.cut], planted.embed, 8, "e")
    asked = ask(outspoken.history, view, window, served(planted.encode), 0)
    write_folder(tmp_path / "window", pack_window(asked))
    again = open_window(tmp_path / "window")["peers outcomes"]
    assert len(again) == len(asked["peers outcomes"]) > 20
    for one, other in zip(asked["peers outcomes"], again, strict=True):
        assert one.graded is not None
        assert other.graded is not None
        assert one.graded.weight == other.graded.weight
        assert np.array_equal(one.graded.gains, other.graded.gains)
        assert np.array_equal(one.graded.emphasis, other.graded.emphasis)


# -- judging ----------------------------------------------------------------------------------------------------------


def answers(gain: float, queries: int, weight: float) -> Answers:
    usual = np.random.default_rng(1).random(queries) * 0.4
    gained = usual + gain + np.random.default_rng(2).normal(0, 0.05, queries)
    columns = {name: np.full(queries, 0.1) for name in COLUMNS}
    ndcg = {**columns, "challenger": gained, "incumbent": usual}
    return Answers(np.arange(queries) % 50, ndcg, np.full(queries, weight))


def test_what_people_say_outweighs_whom_they_were_seen_to_deal_with() -> None:
    contacts = answers(-0.04, 200, 1.0)

    def verdict(said_: Answers) -> Verdict:
        return judge({"direct": contacts, "peers outcomes": said_})[0]

    assert verdict(answers(0.06, 200, 2.0)).better
    assert not verdict(answers(0.06, 200, 0.5)).better, "the whole is no better"
    few = verdict(answers(0.5, 30, 4.0))
    assert few.gain > 0.005
    assert not few.better, "few people said anything, so contacts have their veto"
    assert not verdict(answers(-0.06, 200, 2.0)).better
    worse = judge({"direct": answers(0.2, 200, 1.0), "peers outcomes": answers(-0.04, 200, 1.0)})[0]
    assert worse.gain > 0.005
    assert worse.worse_tasks == ("peers outcomes",)
    assert not worse.better
