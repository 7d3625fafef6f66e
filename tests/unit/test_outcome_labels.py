"""Outcomes and contacts as graded labels, and what is done about the places in which people were shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from models.domain.records import Message, Outcome, Project
from training.fitting.listwise import Group, fit_listwise
from training.labels.outcomes import GAINS, MOST_WEIGHT, GradedHead, GradedQuery, Slate, graded, propensity

DAY = 86_400_000_000
CUT, UNTIL = 100 * DAY, 300 * DAY


def said(id: str, author: str, day: float, **fields: Any) -> Message:
    return Message(id=id, author=author, time=int(day * DAY), **fields)


def told(source: str, target: str, kind: Any, day: float, token: str = "") -> Outcome:
    id = f"{source}{target}{kind}{day}"
    return Outcome(id=id, source=source, target=target, time=int(day * DAY), kind=kind, token=token)


def label(
    *outcomes: Outcome,
    messages: Sequence[Message] = (),
    projects: Sequence[Project] = (),
    slates: Mapping[str, Slate] | None = None,
    head: GradedHead = "peers",
) -> dict[str, GradedQuery]:
    return {str(q.source): q for q in graded(head, messages, projects, outcomes, slates or {}, CUT, UNTIL)}


def test_the_deeper_an_outcome_the_greater_its_gain() -> None:
    chain = ("accepted", "talked", "met", "helped", "built_together", "still_together")
    found = label(*(told("a", f"b{i}", kind, 110) for i, kind in enumerate(chain)))
    gains = [found["a"].gains[f"b{i}"] for i in range(len(chain))]
    assert gains == sorted(gains)
    assert len(set(gains)) == len(chain)
    assert found["a"].targets == {f"b{i}" for i in range(len(chain))}


def test_to_accept_is_the_wish_of_one_and_to_talk_is_done_by_both() -> None:
    assert set(label(told("a", "b", "accepted", 110))) == {"a"}
    assert set(label(told("a", "b", "talked", 110))) == {"a", "b"}


def test_the_furthest_step_in_the_window_counts_and_nothing_at_its_end_or_later() -> None:
    steps = [told("a", "b", "accepted", 110), told("a", "b", "met", 120), told("a", "b", "built_together", 300)]
    assert label(*steps)["a"].gains == {"b": GAINS["met"]}


def test_replies_threads_and_projects_tell_how_far_people_came() -> None:
    messages = [
        said("1", "a", 110, thread="t"),
        said("2", "b", 111, thread="t"),
        said("3", "c", 112, thread="t", reply_to="1"),
    ]
    found = label(messages=messages, projects=[Project(id="p", time=113 * DAY, members=("a", "d"))])
    assert found["a"].gains == {"b": GAINS["shared_thread"], "c": GAINS["talked"], "d": GAINS["built_together"]}
    assert found["d"].gains == {"a": GAINS["built_together"]}


def test_a_thread_or_project_of_more_than_25_tells_nothing() -> None:
    crowd = tuple(f"m{i}" for i in range(26))
    thread = [said(m, m, 110, thread="t") for m in crowd]
    assert label(messages=thread, projects=[Project(id="p", time=111 * DAY, members=crowd)]) == {}
    assert len(label(messages=thread[1:])) == 25


@pytest.mark.parametrize(("later", "stage"), [(29, "talked"), (30, "together_30d"), (90, "together_90d")])
def test_to_deal_with_one_another_still_after_30_and_90_days_weighs_most(later: int, stage: Any) -> None:
    found = label(messages=[said("1", "a", 110, mentions=("b",)), said("2", "b", 110 + later, mentions=("a",))])
    assert found["a"].gains == {"b": GAINS[stage]}
    assert found["b"].gains == {"a": GAINS[stage]}


def test_who_came_as_far_before_the_cut_is_known_and_no_label_but_may_come_further_as_a_collaborator() -> None:
    history = [said("1", "a", 90, mentions=("b",))]
    together = [Project(id="p", time=110 * DAY, members=("a", "b", "c"))]
    peers = label(messages=history, projects=together)["a"]
    assert (set(peers.gains), peers.known) == ({"c"}, frozenset({"b"}))
    partners = label(messages=history, projects=together, head="collaborators")["a"]
    assert (set(partners.gains), partners.known) == ({"b", "c"}, frozenset())


def test_who_is_already_known_is_neither_right_nor_wrong() -> None:
    found = label(told("a", "b", "already_known", 110), told("a", "b", "met", 120), told("a", "c", "met", 120))["a"]
    assert (set(found.gains), found.known) == ({"c"}, frozenset({"b"}))
    gains, _, counts = found.labels(["b", "c", "d"])
    assert gains.tolist() == [0, GAINS["met"], 0]
    assert counts.tolist() == [False, True, True]


def test_a_refusal_is_no_gain_and_outweighs_somebody_unseen_unless_it_is_taken_back() -> None:
    yes = told("a", "x", "accepted", 105)
    refused = label(yes, told("a", "b", "accepted", 110), told("a", "b", "dismissed", 111))["a"]
    assert set(refused.gains) == {"x"}
    assert refused.labels(["b", "c"])[1][0] > refused.labels(["b", "c"])[1][1] == 1
    taken_back = label(yes, told("a", "b", "declined", 110), told("a", "b", "accepted", 111))["a"]
    assert set(taken_back.gains) == {"x", "b"}
    assert not taken_back.emphasis


def test_a_gain_is_divided_by_the_chance_that_its_place_was_looked_at() -> None:
    slates = {"token": Slate("a", ("b", "c", "d"))}
    shown = [told("a", target, "shown", 105, "token") for target in "bcd"]
    found = label(*shown, *(told("a", target, "met", 110) for target in "bde"), slates=slates)["a"]
    assert found.gains == pytest.approx({"b": GAINS["met"], "d": GAINS["met"] / propensity(3), "e": GAINS["met"]})
    assert found.weight == pytest.approx((1 + 1 / propensity(3) + 1) / 3)
    assert [part.tolist() for part in found.labels(["c"])] == [[0], [1], [True]], "shown and left alone: as any other"


def test_a_contact_in_the_open_counts_as_shown_only_after_the_showing() -> None:
    slates = {"token": Slate("a", ("x", "b"))}
    talk = [said("1", "a", 110, mentions=("b",))]
    after = label(told("a", "b", "shown", 109, "token"), messages=talk, slates=slates)
    assert after["a"].gains["b"] == pytest.approx(GAINS["talked"] / propensity(2))
    assert after["b"].gains["a"] == GAINS["talked"], "nobody was shown to b"
    before = label(told("a", "b", "shown", 111, "token"), messages=talk, slates=slates)
    assert before["a"].gains["b"] == GAINS["talked"]


def test_an_answer_to_an_introduction_was_asked_for_and_is_not_corrected() -> None:
    slates = {"token": Slate("b", ("x", "y", "a"))}
    assert label(told("a", "b", "accepted", 110, "token"), slates=slates)["a"].gains["b"] == GAINS["accepted"]


def test_no_gain_weighs_more_than_ten_times_itself() -> None:
    slates = {"token": Slate("a", (*(f"m{i}" for i in range(5000)), "b"))}
    shown = told("a", "b", "accepted", 110, "token")
    assert label(shown, slates=slates)["a"].gains["b"] == pytest.approx(GAINS["accepted"] * MOST_WEIGHT)


# -- a simulated community: people look at a list from above, and take whom they like --------------------------------

SEEKERS, SHOWN = 300, 30
LIKING = np.array([2.5, 1.0])  # what people go by: fit counts 2.5 times what being busy does


def simulate(seed: int) -> tuple[np.ndarray, list[Outcome], dict[str, Slate]]:
    """(features (queries, shown, 2), outcomes, slates): shown by busyness, looked at from above, taken by liking."""
    rng = np.random.default_rng(seed)
    features = rng.random((SEEKERS, SHOWN, 2)).astype(np.float32)
    chance = 0.6 * np.exp(features @ LIKING - LIKING.sum())
    outcomes: list[Outcome] = []
    slates: dict[str, Slate] = {}
    for i in range(SEEKERS):
        order = np.argsort(-(features[i, :, 1] + 0.15 * rng.random(SHOWN)))
        slates[f"t{i}"] = Slate(f"s{i}", tuple(f"c{j}" for j in order))
        for place, j in enumerate(order, 1):
            outcomes.append(told(f"s{i}", f"c{j}", "shown", 110, f"t{i}"))
            if rng.random() < propensity(place) * chance[i, j]:
                outcomes.append(told(f"s{i}", f"c{j}", "accepted", 111, f"t{i}"))
    return features, outcomes, slates


def learnt(features: np.ndarray, outcomes: Sequence[Outcome], slates: Mapping[str, Slate]) -> np.ndarray:
    """(2,) weights fitted on the graded labels."""
    candidates = [f"c{j}" for j in range(SHOWN)]
    queries = graded("peers", [], [], outcomes, slates, CUT, UNTIL)
    groups = [Group(features[int(str(q.source)[1:])], q.labels(candidates)[0], q.weight) for q in queries]
    return fit_listwise(groups)


def test_with_the_correction_the_true_preference_is_found_behind_the_places_in_which_people_were_shown() -> None:
    with_: list[float] = []
    without: list[float] = []
    for seed in range(4):
        features, outcomes, slates = simulate(seed)
        for found, known in ((with_, slates), (without, {})):
            fit, busy = learnt(features, outcomes, known)
            found.append(busy / fit)
    truth = LIKING[1] / LIKING[0]
    assert abs(np.mean(with_) - truth) < 0.15
    assert np.mean(without) > 2 * truth, "those who were shown first look liked"
