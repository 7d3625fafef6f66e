"""Seats for the seldom shown, what they cost a member, and who is likely to come back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import numpy as np
import pytest

from models.community.builder import Builder
from models.community.view import Community
from models.domain.records import Community as CommunityRecord
from models.domain.records import Member, Message
from models.domain.requests import Options
from models.features import matrix
from models.ranking import exposure, pipeline, retrieval, return_probability
from models.ranking.exposure import LEAST_KEPT, MOST_KEPT, PLACES, Exposure, ExposureSlots, connected, eligible, kept
from models.ranking.ranker import Head, Ranker, shipped
from models.ranking.return_probability import ReturnProbability
from training.fitting import exposure as solving
from training.fitting import return_probability as fitting
from training.metrics import gini

HOUR = 3_600_000_000
START = 1_700_000_000_000_000
MEMBERS = 80
HEAD: Head = "peers"
SHIPPED = return_probability.shipped()


def embed(texts: Sequence[tuple[str, str]]) -> np.ndarray:
    """Any vectors will do: what is tried here is not how well a text is understood."""
    seeds = [int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big") for _, text in texts]
    vectors = np.array([np.random.default_rng(seed).normal(size=16) for seed in seeds], np.float32).reshape(-1, 16)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


def a_busy_few() -> list[Message]:
    """A chat where a few say nearly all and most fell silent early."""
    rng = np.random.default_rng(0)
    said = []
    for n in range(2400):
        silent_from = 1 - n / 2400
        author = (
            min(int(rng.pareto(0.7) * 4), MEMBERS - 1) if rng.random() > silent_from else int(rng.integers(MEMBERS))
        )
        to = () if author < 6 or rng.random() < 0.98 else (f"m{int(rng.integers(6)):02}",)
        text = f"what everybody talks about, part {n % 8}"
        said.append(Message(id=f"x{n:04}", author=f"m{author:02}", time=START + n * HOUR, text=text, mentions=to))
    return said


def view_of(messages: Sequence[Message], members: Sequence[Member] = ()) -> Community:
    builder = Builder(CommunityRecord(id="c"), 16, "any")
    builder.put_all([*members, *messages])
    builder.embed_pending(embed)
    return builder.view()


@pytest.fixture(scope="module")
def view() -> Community:
    return view_of(a_busy_few())


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return shipped()


def solve(view: Community, ranker: Ranker, shown: dict[str, float] | None = None) -> solving.Solved | None:
    return solving.solve(view, ranker, SHIPPED, [HEAD], shown).get(HEAD)


@pytest.fixture(scope="module")
def solved(view: Community, ranker: Ranker) -> solving.Solved:
    found = solve(view, ranker)
    assert found is not None
    return found


def first_places(view: Community, ranker: Ranker, row: int, given: Exposure | None, met: bool = False) -> list[int]:
    """Rows of the ten whom this member would be shown; with `met` from a list that the connected are in."""
    query = matrix.member_query(view, row)
    options = Options(limit=view.size, audience="organizers", include_connected=met)
    found = pipeline.rank(view, ranker, HEAD, query, options)
    known = connected(view, row)[found.rows]
    order = np.arange(len(found.rows))
    seats = given.of(view, HEAD) if given else None
    if seats is not None:
        worth, price = exposure.log_odds(found.likely), seats.price_for(row, found.rows)
        free, resting = pipeline.seatable(view, row, found), seats.resting[found.rows]
        order = exposure.seat(order, worth, price, int(seats.kept[row]), known=known, free=free, resting=resting)
    return [int(row) for row in found.rows[order[~known[order]]][:PLACES]]


def times_shown(view: Community, ranker: Ranker, given: Exposure | None) -> np.ndarray:
    counts = np.zeros(view.size)
    for row in np.flatnonzero(eligible(view)):
        counts[first_places(view, ranker, int(row), given)] += 1
    return np.asarray(counts[eligible(view)])


# -- presence --------------------------------------------------------------------------------------------------------


def test_who_speaks_often_and_of_late_is_likelier_to_come_back_than_who_fell_silent() -> None:
    often = [Message(id=f"a{n}", author="often", time=START + n * HOUR, text="here") for n in range(0, 200, 4)]
    gone = [Message(id=f"g{n}", author="gone", time=START + n * HOUR, text="was here") for n in range(0, 40, 4)]
    once = [Message(id="o", author="once", time=START + 20 * HOUR, text="hello")]
    view = view_of([*often, *gone, *once])
    chance = dict(zip(view.ids, SHIPPED.probability(view), strict=True))
    assert 1 > chance["often"] > chance["gone"] > chance["once"] > 0


def test_a_member_who_only_stated_a_profile_counts_as_just_arrived_and_not_as_long_gone() -> None:
    said = [
        Message(id=f"a{n}", author="early" if n < 3 else "busy", time=START + n * 24 * HOUR, text="words")
        for n in range(90)
    ]
    view = view_of(said, [Member(id="new", name="New", profile="I bake bread")])
    chance = dict(zip(view.ids, SHIPPED.probability(view), strict=True))
    assert chance["new"] > chance["early"]


def test_presence_is_learnt_from_who_came_back(view: Community) -> None:
    lately = return_probability.columns(view)[:, 0]
    fitted = fitting.fit([(view, lately > np.median(lately))])
    chance = fitted.probability(view)
    assert chance[lately > np.median(lately)].min() > chance[lately < np.quantile(lately, 0.3)].max()
    assert fitted.weights[0] > SHIPPED.weights[0]


def test_without_a_past_presence_is_what_ships() -> None:
    assert fitting.fit([]) == SHIPPED
    assert fitting.fit([(view_of([]), np.zeros(0, bool))]) == SHIPPED


def test_presence_comes_back_from_json_and_nonsense_is_refused() -> None:
    plain = json.loads(json.dumps(return_probability.to_json(SHIPPED)))
    assert return_probability.from_json(plain) == SHIPPED
    for wrong in ({}, {"intercept": 0, "weights": {"shoe_size": 1}}, {**plain, "intercept": float("nan")}):
        with pytest.raises(ValueError):
            return_probability.from_json(wrong)


# -- a seat in one list ----------------------------------------------------------------------------------------------

ORDER = np.arange(20)
VALUE = np.linspace(2, -2, 20)
NOBODY = np.zeros(20, bool)


def seat(price: np.ndarray, kept: int, order: np.ndarray = ORDER, **who: np.ndarray) -> np.ndarray:
    given = {"known": NOBODY, "free": ~NOBODY, "resting": NOBODY} | who
    return np.asarray(exposure.seat(order, VALUE, price, kept, **given))


def test_the_first_places_stay_and_the_seats_go_to_who_is_worth_most_after_the_price() -> None:
    price = np.zeros(20)
    price[[17, 19]] = -9, -12
    out = seat(price, 8)
    assert list(out[:10]) == [*range(8), 19, 17]
    assert list(out[10:]) == [8, 9, 10, 11, 12, 13, 14, 15, 16, 18]


def test_of_equals_the_one_in_front_is_seated() -> None:
    worth_alike = np.where(ORDER >= 12, VALUE - 5, VALUE + 9)
    assert list(seat(worth_alike, 8)[8:10]) == [12, 13]


def test_equal_prices_leave_every_list_as_it_is() -> None:
    assert list(seat(np.full(20, 3.0), 2)) == list(ORDER)


def test_the_known_take_no_place_and_the_list_without_them_is_the_same_list() -> None:
    known = np.isin(ORDER, [0, 3, 11])
    price = np.where(ORDER == 16, -9.0, 0.0)
    among = seat(price, 9, known=known)
    alone = seat(price, 9, np.flatnonzero(~known))
    assert list(among[~known[among]]) == list(alone)
    assert list(among[:4]) == [0, 1, 2, 3]


def test_nobody_who_shares_a_thread_takes_a_seat() -> None:
    price = np.where(ORDER >= 15, -9.0, 0.0)
    out = seat(price, 9, free=ORDER != 15)
    assert out[9] == 16


def test_who_rests_stands_behind_everybody_but_those_one_knows_stay_where_they_are() -> None:
    resting = np.isin(ORDER, [1, 4, 17])
    out = seat(np.where(ORDER >= 17, -9.0, 0.0), 8, resting=resting, known=ORDER == 4)
    assert list(out[:11]) == [0, 2, 3, 4, 5, 6, 7, 8, 9, 18, 19]
    assert list(out[-2:]) == [1, 17]


def test_a_list_that_shows_everybody_is_left_alone() -> None:
    assert list(seat(-VALUE * 9, 1, ORDER[:10])) == list(range(10))


def test_more_places_go_by_the_ranker_the_likelier_the_seeker_is_here() -> None:
    chance = np.random.default_rng(1).beta(0.4, 2, 500)
    for average in (1.5, 4.0, 7.0):
        keep = kept(chance, average, np.ones(500, bool))
        assert (PLACES - keep).mean() == pytest.approx(average, abs=0.1)
        assert (np.diff(keep[np.argsort(chance)]) >= 0).all()
        assert keep.min() >= LEAST_KEPT
        assert keep.max() <= MOST_KEPT


# -- prices ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [0.0, 3.0, 40.0])
def test_what_is_poured_raises_the_lowest_to_one_level(amount: float) -> None:
    level = np.array([5.0, 0.0, 2.0, 0.0, 9.0])
    filled = solving.fill(level, amount)
    assert filled.sum() == pytest.approx(level.sum() + amount)
    raised = filled[filled > level]
    assert len(raised) == 0 or (np.ptp(raised) < 1e-9 and raised.max() <= filled[filled == level].min(initial=99.0))


def test_everybody_gets_the_floor_and_the_rest_goes_to_the_likeliest_few_that_leave_it_even() -> None:
    level, likely = np.array([5.0, 0.0, 2.0, 0.0, 9.0]), np.array([0.1, 0.9, 0.2, 0.3, 0.8])
    poured = solving.pour(level, 12.0, 1.0, likely, lambda found: found.max() < 10)
    assert poured.tolist() == [5, 6, 2, 6, 9]
    assert solving.pour(level, 12.0, 1.0, likely, lambda found: True).tolist() == [5, 11, 2, 1, 9]
    assert solving.pour(level, 1.0, 1.0, likely, lambda found: True).tolist() == [5, 0.5, 2, 0.5, 9]


def test_with_seats_everybody_is_shown_and_none_takes_all(
    view: Community, ranker: Ranker, solved: solving.Solved
) -> None:
    given = Exposure(SHIPPED, {HEAD: solved.seats})
    before, after = times_shown(view, ranker, None), times_shown(view, ranker, given)
    assert (before > 0).mean() < 0.8
    assert gini(before) > 0.65
    assert (after > 0).mean() >= 0.95
    assert gini(after) <= 0.6
    assert solved.coverage == pytest.approx((after > 0).mean(), abs=0.05)
    assert solved.gini == pytest.approx(gini(after), abs=0.05)


def test_everybody_is_shown_too_where_there_are_too_many_to_rank_everybody(
    view: Community, ranker: Ranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most members are then not even looked at for a list, unless they are drawn for it."""
    for name, value in (("EVERYBODY", 20), ("SEATS", 5), ("DRAWN", 15)):
        monkeypatch.setattr(retrieval, name, value)
    found = solve(view, ranker)
    assert found is not None
    assert coverage(view, ranker, None) < 0.8
    assert coverage(view, ranker, Exposure(SHIPPED, {HEAD: found.seats})) >= 0.95


def test_where_nobody_else_is_here_there_are_no_seats(ranker: Ranker) -> None:
    talk = [Message(id=f"a{n}", author="often", time=START + n * HOUR, text="anybody?") for n in range(30)]
    once = [Message(id=f"o{n}", author=f"once{n}", time=START + n * HOUR, text="hello") for n in range(15)]
    assert solve(view_of([*talk, *once]), ranker) is None


def coverage(view: Community, ranker: Ranker, given: Exposure | None) -> float:
    """The share of the members who are here whom lists of ten show."""
    counts = np.zeros(view.size)
    options = Options(limit=PLACES, audience="organizers")
    for row in np.flatnonzero(eligible(view)):
        query = matrix.member_query(view, int(row))
        counts[pipeline.rank(view, replace(ranker, exposure=given), HEAD, query, options).rows] += 1
    return float((counts[eligible(view)] > 0).mean())


def test_a_ranker_with_seats_answers_with_the_seats_taken(
    view: Community, ranker: Ranker, solved: solving.Solved
) -> None:
    given = Exposure(SHIPPED, {HEAD: solved.seats})
    options = Options(limit=PLACES, audience="organizers")
    changed = 0
    for row in np.flatnonzero(eligible(view))[:20]:
        query = matrix.member_query(view, int(row))
        found = pipeline.rank(view, replace(ranker, exposure=given), HEAD, query, options)
        assert list(found.rows) == first_places(view, ranker, int(row), given)
        changed += list(found.rows) != first_places(view, ranker, int(row), None)
    assert changed > 10


def test_who_is_surely_here_keeps_nearly_all_of_their_list(
    view: Community, ranker: Ranker, solved: solving.Solved
) -> None:
    given = Exposure(SHIPPED, {HEAD: solved.seats})
    seats = given.of(view, HEAD)
    assert seats is not None
    surest = int(np.argmax(np.where(eligible(view), SHIPPED.probability(view), 0)))
    keep = int(seats.kept[surest])
    assert keep >= 8
    plain, spread = first_places(view, ranker, surest, None), first_places(view, ranker, surest, given)
    assert plain[:keep] == spread[:keep]


def test_the_seldom_shown_are_cheaper_than_the_often_shown(
    view: Community, ranker: Ranker, solved: solving.Solved
) -> None:
    rows = np.flatnonzero(eligible(view))
    counts = times_shown(view, ranker, None)
    price = np.array([solved.seats.prices[view.ids[row]] for row in rows])
    assert price[counts == 0].mean() < price[counts > np.quantile(counts, 0.8)].mean()


def test_who_was_really_shown_of_late_becomes_dearer(view: Community, ranker: Ranker, solved: solving.Solved) -> None:
    cheapest = min(solved.seats.prices, key=lambda member: solved.seats.prices[member])
    again = solve(view, ranker, shown={cheapest: 60})
    assert again is not None
    assert again.seats.prices[cheapest] > solved.seats.prices[cheapest] + 0.02


def test_who_was_really_shown_far_more_often_than_others_rests(view: Community, ranker: Ranker) -> None:
    found = solve(view, ranker, shown={view.ids[0]: 900, view.ids[1]: 90})
    assert found is not None
    assert found.seats.resting == {view.ids[0]}
    assert view.ids[0] in found.seats.prices
    given = Exposure(SHIPPED, {HEAD: found.seats})
    assert all(0 not in first_places(view, ranker, int(row), given) for row in np.flatnonzero(eligible(view)))
    assert given.without(view.ids[0]).seats[HEAD].resting == frozenset()


def test_a_sample_of_seekers_finds_prices_that_are_good_for_all(
    view: Community, ranker: Ranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solving, "SEEKERS", 50)
    found = solve(view, ranker)
    assert found is not None
    after = times_shown(view, ranker, Exposure(SHIPPED, {HEAD: found.seats}))
    assert (after > 0).mean() >= 0.9


def test_the_same_seed_finds_the_same_prices(view: Community, ranker: Ranker, solved: solving.Solved) -> None:
    assert solve(view, ranker) == solved


def test_a_community_too_small_for_long_lists_has_no_seats(ranker: Ranker) -> None:
    said = [Message(id=f"x{n}", author=f"m{n % 6}", time=START + n * HOUR, text="hello there") for n in range(60)]
    assert solve(view_of(said), ranker) is None


def test_a_newcomer_without_a_price_pays_what_others_of_their_presence_do(
    view: Community, solved: solving.Solved
) -> None:
    newcomer = view.ids[3]
    seats = Exposure(SHIPPED, {HEAD: solved.seats}).without(newcomer).of(view, HEAD)
    level, slope = solved.seats.usual
    assert seats is not None
    assert seats.price[3] == pytest.approx(level + slope * SHIPPED.log_odds(view)[3], abs=1e-4)
    assert seats.price[4] == pytest.approx(solved.seats.prices[view.ids[4]], abs=1e-4)
    assert slope > 0


def test_a_head_without_prices_has_no_seats(view: Community, solved: solving.Solved) -> None:
    assert Exposure(SHIPPED, {HEAD: solved.seats}).of(view, "brief") is None


def test_new_prices_are_used_at_once_although_the_view_remembers_the_old(view: Community) -> None:
    old, new = (Exposure(SHIPPED, {HEAD: ExposureSlots(3.0, {view.ids[0]: price})}) for price in (1.0, 2.0))
    found = [given.of(view, HEAD) for given in (old, new, old)]
    assert [seats.price[0] for seats in found if seats] == [1.0, 2.0, 1.0]


def test_exposure_comes_back_from_json_and_nonsense_is_refused(solved: solving.Solved) -> None:
    given = Exposure(ReturnProbability(0.5, (1.0, 0.0, 0.25)), {HEAD: solved.seats})
    plain = json.loads(json.dumps(exposure.to_json(given)))
    assert exposure.from_json(plain) == given
    seats = plain["seats"][HEAD]
    for wrong in (
        {"presence": plain["presence"]},
        {**plain, "seats": {HEAD: {**seats, "prices": {"m00": "dear"}}}},
        {**plain, "seats": {HEAD: {**seats, "average": float("inf")}}},
        {**plain, "seats": {HEAD: {**seats, "usual": [1.0]}}},
    ):
        with pytest.raises(ValueError):
            exposure.from_json(wrong)


def test_each_member_is_compared_once_for_all_kinds_of_lists(
    view: Community, ranker: Ranker, solved: solving.Solved, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []

    def compare(view: Community, query: matrix.Query, *rest: Any) -> pipeline.Compared:
        compared.append(query.row)
        return compare_once(view, query, *rest)

    compare_once = pipeline.compare
    monkeypatch.setattr(pipeline, "compare", compare)
    found = solving.solve(view, ranker, SHIPPED, ["peers", "collaborators"])
    assert compared == np.flatnonzero(eligible(view)).tolist()
    assert found[HEAD] == solved
    assert found["collaborators"] != solved


def test_lists_hold_no_more_than_the_pairs_that_may_be_seated(
    view: Community, ranker: Ranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("EVERYBODY", 20), ("SEATS", 5), ("DRAWN", 15)):
        monkeypatch.setattr(retrieval, name, value)
    found = solving.lists(view, ranker, [HEAD])[HEAD]
    assert len(found.free) == len(found.value) < 2 * 15 * len(found.rows) < view.size * len(found.rows)


def test_seats_go_to_who_is_worth_most_after_their_price_and_has_no_place_yet(view: Community, ranker: Ranker) -> None:
    found = solving.lists(view, ranker, [HEAD])[HEAD]
    rng = np.random.default_rng(0)
    price = rng.normal(size=view.size).astype(np.float32)
    keep = rng.integers(LEAST_KEPT, MOST_KEPT + 1, len(found.rows))
    times = np.zeros(view.size, int)
    for i, (first, last) in enumerate(zip(found.ends[:-1], found.ends[1:], strict=True)):
        worth = {int(r): found.value[first + at] - price[r] for at, r in enumerate(found.free[first:last])}
        left = [row for row in worth if row not in found.top[i, : keep[i]]]
        times[sorted(left, key=lambda row: (-worth[row], row))[: PLACES - keep[i]]] += 1
    assert found.seated(keep, price).tolist() == times.tolist()


def test_stricter_aims_ask_for_more_seats(view: Community, ranker: Ranker) -> None:
    found = solving.lists(view, ranker, [HEAD])[HEAD]
    by_aim = [
        solving.solve_lists(view, found, SHIPPED, aims=replace(solving.Aims(), **aim))
        for aim in ({"gini": 0.7}, {"gini": 0.4}, {"gini": 0.7, "floor": 6.0})
    ]
    seats = [one.seats.average for one in by_aim if one]
    assert len(seats) == 3
    assert seats[0] < min(seats[1:])
