"""Pairs and two sides: as good as can be, fair when asked, and honest about what could not be done."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linear_sum_assignment

from models.rounds.constraints.apart import Apart
from models.rounds.constraints.mixed import Mixed
from models.rounds.constraints.new_to_each_other import NewToEachOther
from models.rounds.constraints.no_repeat import NoRepeat
from models.rounds.constraints.quota import Quota
from models.rounds.constraints.same import Same
from models.rounds.constraints.together import Together
from models.rounds.problem.problem import People
from models.rounds.solve import solve
from models.rounds.spec.requests import Bid, Match, Met, Plan, RoundSpec, Side
from tests.rounds_check import check

WEEK = 7 * 86_400 * 1_000_000
PLAIN = RoundSpec(kind="pairs", fairness=0.0)


def people_of(n: int, seed: int = 0, **known: object) -> People:
    score = np.random.default_rng(seed).random((n, n)).astype(np.float32)
    score = (score + score.T) / 2
    np.fill_diagonal(score, 0)
    return People(ids=tuple(f"p{i}" for i in range(n)), score=score, **known)  # type: ignore[arg-type]


def solved(spec: RoundSpec, people: People) -> Plan:
    plan = solve(spec, people)
    check(spec, people, plan)
    return plan


def pairings(rows: Sequence[int]) -> Iterator[list[tuple[int, int]]]:
    """Every way to pair up an even number."""
    if not rows:
        yield []
        return
    first, *rest = rows
    for other in rest:
        for more in pairings([r for r in rest if r != other]):
            yield [(first, other), *more]


def scores_of(people: People, plan: Plan) -> list[float]:
    row = {m: i for i, m in enumerate(people.ids)}
    return [float(people.score[row[m.members[0]], row[m.members[1]]]) for m in plan.matches]


@pytest.mark.parametrize("seed", range(20))
def test_no_other_list_of_pairs_has_a_larger_total(seed: int) -> None:
    people = people_of(8, seed)
    best = max(sum(people.score[p] for p in pairs) for pairs in pairings(range(8)))
    plan = solved(PLAIN, people)
    assert sum(scores_of(people, plan)) == pytest.approx(best, abs=1e-5)
    assert plan.summary.bound == pytest.approx(1)


@pytest.mark.parametrize("seed", range(20))
def test_at_full_fairness_the_worst_pair_is_as_good_as_any_list_can_make_it(seed: int) -> None:
    people = people_of(8, seed)
    best = max(min(people.score[p] for p in pairs) for pairs in pairings(range(8)))
    plan = solved(replace(PLAIN, fairness=1.0), people)
    assert min(scores_of(people, plan)) == pytest.approx(best, abs=1e-5)


def test_fairness_trades_the_total_for_the_worst_off_and_says_how_much() -> None:
    people = people_of(60, seed=3)
    plans = [solved(replace(PLAIN, fairness=f), people) for f in (0.0, 0.75, 1.0)]
    assert plans[0].summary.mean > plans[1].summary.mean
    assert plans[0].summary.worst < plans[1].summary.worst <= plans[2].summary.worst
    for plan in plans:
        assert plan.summary.best == pytest.approx(plans[0].summary.mean)
        assert plan.summary.best_worst == pytest.approx(plans[0].summary.worst)
        assert plan.summary.random < plan.summary.mean


@pytest.mark.parametrize("seed", range(30))
def test_everybody_is_placed_who_can_be(seed: int) -> None:
    rng = np.random.default_rng(seed)
    barred = frozenset((f"p{a}", f"p{b}") for a, b in combinations(range(8), 2) if rng.random() < 0.7)
    people = people_of(8, seed, barred=barred)
    allowed = {(a, b) for a, b in combinations(range(8), 2) if (f"p{a}", f"p{b}") not in barred}
    most = max(2 * sum(tuple(sorted(p)) in allowed for p in pairs) for pairs in pairings(range(8)))
    assert solved(replace(PLAIN, leftover="bye"), people).summary.placed == most


def test_the_same_request_gives_the_same_list() -> None:
    people = people_of(41)
    spec = RoundSpec(kind="pairs", seed=5)
    assert solve(spec, people).matches == solve(spec, people).matches


def test_an_odd_one_joins_the_pair_that_gains_most() -> None:
    people = people_of(3)
    assert solved(PLAIN, people).matches[0].members == ("p0", "p1", "p2")
    plan = solved(PLAIN, people_of(9))
    assert sorted(len(match.members) for match in plan.matches) == [2, 2, 2, 3]
    assert not plan.byes


def test_who_sat_out_least_sits_out() -> None:
    people = people_of(5, byes=np.array([1, 2, 0, 1, 1]))
    plan = solved(replace(PLAIN, leftover="bye"), people)
    assert [(bye.member, bye.why) for bye in plan.byes] == [("p2", "odd_number")]
    assert not plan.collisions


def test_twelve_weeks_bring_no_repeat_and_byes_go_round() -> None:
    people, byes, met = people_of(13), np.zeros(13, int), list[tuple[int, Match]]()
    for week in range(12):
        history = tuple(Met(members=m.members, time=w * WEEK, rounds_ago=week - w) for w, m in met)
        now = replace(people, met=history, byes=byes, now=week * WEEK)
        plan = solved(replace(PLAIN, leftover="bye", rules=(NoRepeat(rounds=20),)), now)
        assert not plan.relaxed
        byes = byes + np.isin(people.ids, [bye.member for bye in plan.byes])
        met += [(week, match) for match in plan.matches]
    assert byes.max() <= 1


def test_where_all_have_met_those_meet_again_who_met_the_longest_ago() -> None:
    weeks = [(("p0", "p1"), ("p2", "p3")), (("p0", "p2"), ("p1", "p3")), (("p0", "p3"), ("p1", "p2"))]
    met = tuple(
        Met(members=pair, time=week * WEEK, rounds_ago=3 - week) for week, pairs in enumerate(weeks) for pair in pairs
    )
    plan = solved(replace(PLAIN, rules=(NoRepeat(rounds=8),)), people_of(4, met=met, now=3 * WEEK))
    assert {match.members for match in plan.matches} == set(weeks[0])
    assert {(relaxed.rule, relaxed.kept) for relaxed in plan.relaxed} == {(0, 2.0)}
    firm = solved(replace(PLAIN, rules=(NoRepeat(rounds=8, firm=True),)), people_of(4, met=met, now=3 * WEEK))
    assert not firm.matches
    assert {collision.rules for collision in firm.collisions} == {(0,)}
    assert {collision.cures for collision in firm.collisions} == {(0,)}


def test_only_who_has_no_other_way_meets_again() -> None:
    met = tuple(Met(members=("p0", f"p{i}"), time=WEEK, rounds_ago=1) for i in range(1, 6))
    plan = solved(replace(PLAIN, rules=(NoRepeat(rounds=3),), leftover="bye"), people_of(6, met=met, now=2 * WEEK))
    assert plan.summary.placed == 6
    assert [set(relaxed.members) & {"p0"} for relaxed in plan.relaxed] == [{"p0"}]


def knowing(n: int, *pairs: tuple[int, int]) -> sp.csr_matrix:
    """(n, n): these have dealt with each other."""
    out = np.zeros((n, n), np.float32)
    for a, b in pairs:
        out[a, b] = out[b, a] = 1
    return sp.csr_matrix(out)


def test_who_knows_each_other_does_not_meet_however_well_they_fit() -> None:
    people = people_of(6, acquainted=knowing(6, (0, 1), (2, 3), (4, 5)))
    people.score[[0, 1, 2, 3, 4, 5], [1, 0, 3, 2, 5, 4]] = 1.0
    plan = solved(replace(PLAIN, rules=(NewToEachOther(),)), people)
    assert not {match.members for match in plan.matches} & {("p0", "p1"), ("p2", "p3"), ("p4", "p5")}
    assert not plan.relaxed
    free = solved(replace(PLAIN, rules=(NewToEachOther(off=True),)), people)
    assert {match.members for match in free.matches} == {("p0", "p1"), ("p2", "p3"), ("p4", "p5")}
    assert not free.relaxed


def test_acquaintances_meet_before_anybody_meets_again() -> None:
    met = tuple(Met(members=pair, time=WEEK, rounds_ago=1) for pair in (("p0", "p1"), ("p2", "p3")))
    everybody = tuple(combinations(range(4), 2))
    people = people_of(4, met=met, now=2 * WEEK, acquainted=knowing(4, *everybody))
    rules = (NoRepeat(rounds=8), NewToEachOther())
    plan = solved(replace(PLAIN, rules=rules), people)
    assert not {match.members for match in plan.matches} & {("p0", "p1"), ("p2", "p3")}
    assert {relaxed.rule for relaxed in plan.relaxed} == {1}
    firm = solved(replace(PLAIN, rules=(NewToEachOther(firm=True),)), people)
    assert not firm.matches
    assert {collision.cures for collision in firm.collisions} == {(0,)}


def test_in_a_hurry_rules_give_way_no_more_than_else() -> None:
    met = tuple(Met(members=("p0", f"p{i}"), time=WEEK, rounds_ago=1) for i in range(1, 500))
    spec = replace(PLAIN, rules=(NoRepeat(rounds=3),), leftover="bye", seconds=2.0)
    plan = solved(spec, people_of(500, met=met, now=2 * WEEK))
    assert plan.summary.placed == 500
    assert len(plan.relaxed) == 1


def test_of_rules_that_are_not_firm_the_last_given_goes_first() -> None:
    team = tuple({"team": t, "town": w} for t, w in (("a", "x"), ("b", "x"), ("a", "y"), ("b", "y")))
    rules = (Same(attribute="team", firm=False), Same(attribute="town", firm=False))
    plan = solved(replace(PLAIN, rules=rules), people_of(4, attributes=team))
    assert {match.members for match in plan.matches} == {("p0", "p2"), ("p1", "p3")}
    assert {relaxed.rule for relaxed in plan.relaxed} == {1}


def test_who_must_meet_and_may_not_is_told_with_the_rule_to_drop() -> None:
    people = people_of(4, barred=frozenset({("p1", "p0")}))
    plan = solved(replace(PLAIN, rules=(Together(members=("p0", "p1")),)), people)
    assert plan.summary.placed == 4
    (collision,) = plan.collisions
    assert (collision.rules, collision.also, collision.cures) == ((0,), ("blocks",), (0,))
    assert collision.members == ("p0", "p1")


def test_two_rules_that_collide_are_both_named_and_either_cures() -> None:
    rules = (Together(members=("p0", "p1")), Apart(members=("p0", "p1")))
    (collision,) = solved(replace(PLAIN, rules=rules), people_of(4)).collisions
    assert (collision.rules, collision.cures) == ((0, 1), (0, 1))


def test_a_crowd_that_cannot_be_placed_is_told_what_would_help() -> None:
    teams = tuple({"team": "red" if i < 4 else "blue"} for i in range(6))
    plan = solved(replace(PLAIN, rules=(Mixed(attribute="team"),), leftover="bye"), people_of(6, attributes=teams))
    assert plan.summary.placed == 4
    (collision,) = plan.collisions
    assert (collision.rules, collision.cures) == ((0,), (0,))
    assert len(collision.members) == 2


def test_of_very_many_people_it_is_told_what_keeps_those_apart_who_are_left() -> None:
    n = 1600
    teams = tuple({"team": "red" if i < 1000 else "blue"} for i in range(n))
    people = people_of(n, attributes=teams, barred=frozenset({("p0", "p1")}))
    plan = solved(replace(PLAIN, rules=(Mixed(attribute="team"),), leftover="bye"), people)
    assert plan.summary.placed == 1200
    (collision,) = plan.collisions
    assert collision.rules == (0,)
    assert len(collision.members) == 400


@pytest.mark.parametrize("seed", range(15))
def test_dropping_a_rule_that_is_named_as_a_cure_places_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    known = tuple({"team": "abc"[rng.integers(3)], "senior": bool(rng.random() < 0.3)} for _ in range(9))
    rules = (Mixed(attribute="team"), Quota(attribute="senior", value=True), Same(attribute="languages"))
    spoken = tuple(frozenset({("en", "zh")[rng.integers(2)]}) for _ in range(9))
    people = people_of(9, seed, attributes=known, languages=spoken)
    plan = solved(replace(PLAIN, rules=rules), people)
    for rule in {cure for collision in plan.collisions for cure in collision.cures}:
        without = solve(replace(PLAIN, rules=rules[:rule] + rules[rule + 1 :]), people)
        assert without.summary.placed > plan.summary.placed


def test_a_locked_match_stays_and_a_forbidden_one_does_not() -> None:
    people = people_of(6, locked=(Match(members=("p0", "p5")),))
    plan = solved(PLAIN, people)
    assert [match.members for match in plan.matches if match.locked] == [("p0", "p5")]
    refused = solved(PLAIN, replace(people, barred=frozenset({("p0", "p5")})))
    assert not any(match.locked for match in refused.matches)
    assert refused.collisions[0].also == ("blocks", "locks")


def test_bids_count_beside_the_scores() -> None:
    people = people_of(4)
    worst = solved(PLAIN, people).matches[0].members
    bids = tuple(Bid(source=worst[0], target=other, score=1.0) for other in people.ids if other not in worst)
    plan = solved(replace(PLAIN, bids=bids, bid_weight=1.0), people)
    assert worst not in {match.members for match in plan.matches}
    assert plan.summary.mean > 0.5


def test_who_fared_badly_before_is_cared_for() -> None:
    score = np.full((4, 4), 0.4, np.float32)
    score[0, 1] = score[1, 0] = score[2, 0] = score[0, 2] = 0.9
    score[1, 3] = score[3, 1] = score[2, 3] = score[3, 2] = 0.1
    people = People(ids=("p0", "p1", "p2", "p3"), score=score)
    unlucky = replace(people, luck=np.array([0.9, 0.1, 0.9, 0.9]))
    partner = {match.members for match in solved(PLAIN, unlucky).matches}
    assert ("p0", "p1") in partner
    other = replace(people, luck=np.array([0.9, 0.9, 0.1, 0.9]))
    assert ("p0", "p2") in {match.members for match in solved(PLAIN, other).matches}


def test_after_drop_outs_nearly_all_untouched_matches_stay() -> None:
    people = people_of(200)
    plan = solve(RoundSpec(kind="pairs"), people)
    left = tuple(m for i, m in enumerate(people.ids) if i % 20)
    spec = RoundSpec(kind="pairs", members=left)
    again = solved(spec, replace(people, previous=plan.matches))
    untouched = {m.members for m in plan.matches if set(m.members) <= set(left)}
    assert len(untouched & {m.members for m in again.matches}) >= 0.9 * len(untouched)
    assert again.summary.placed == 190


def test_pairs_get_slots_in_which_both_are_free_and_no_more_than_the_places() -> None:
    when = tuple(frozenset({"mon"} if i < 6 else {"mon", "tue"}) for i in range(12))
    spec = replace(PLAIN, slots=("Mon", "Tue"), places=3)
    plan = solved(spec, people_of(12, availability=when))
    assert plan.summary.placed == 12
    crowded = solved(replace(spec, places=2), people_of(12, availability=when))
    assert crowded.summary.placed == 8
    assert any("places" in collision.also for collision in crowded.collisions)


def test_who_has_to_meet_gets_a_place_before_others_do() -> None:
    spec = replace(PLAIN, slots=("Mon",), places=2, rules=(Together(members=("p6", "p7")),))
    plan = solved(spec, people_of(8))
    assert ("p6", "p7") in {match.members for match in plan.matches}
    locked = tuple(Match(members=pair) for pair in (("p0", "p1"), ("p2", "p3"), ("p4", "p5")))
    full = solved(spec, people_of(8, locked=locked))
    assert len(full.matches) == 2
    assert {("locks", "places"), ("places",)} <= {collision.also for collision in full.collisions}


def test_large_communities_are_placed_whole_in_good_time() -> None:
    n, best = 3000, 30
    rng = np.random.default_rng(0)
    columns = rng.integers(0, n, (n, best))
    entries = rng.random(n * best).astype(np.float32), (np.repeat(np.arange(n), best), columns.ravel())
    score = sp.csr_matrix(entries, shape=(n, n)).minimum(1)
    people = People(ids=tuple(f"p{i}" for i in range(n)), score=score.maximum(score.T).tocsr())
    spec = RoundSpec(kind="pairs", seconds=3.0)
    started = time.monotonic()
    plan = solved(spec, people)
    assert time.monotonic() - started < 4 * spec.seconds
    assert plan.summary.placed == n
    assert plan.summary.mean > 0.8


def sides_of(people: People, first: int, one: tuple[int, int], other: tuple[int, int]) -> RoundSpec:
    return RoundSpec(
        kind="sides",
        fairness=0.0,
        sides=(
            Side(name="mentors", members=people.ids[:first], least=one[0], most=one[1]),
            Side(name="newcomers", members=people.ids[first:], least=other[0], most=other[1]),
        ),
    )


@pytest.mark.parametrize("seed", range(10))
def test_no_other_list_across_two_sides_has_a_larger_total(seed: int) -> None:
    people = people_of(16, seed)
    plan = solved(sides_of(people, 4, (0, 3), (0, 1)), people)
    score = np.repeat(np.asarray(people.score)[:4, 4:], 3, axis=0)
    rows, columns = linear_sum_assignment(score, maximize=True)
    assert len(plan.matches) == 12
    assert sum(scores_of(people, plan)) == pytest.approx(float(score[rows, columns].sum()), abs=1e-3)


def test_everybody_gets_as_many_as_they_must_have_before_anybody_gets_more() -> None:
    people = people_of(9)
    plan = solved(sides_of(people, 3, (2, 4), (1, 1)), people)
    loads = [sum(member in match.members for match in plan.matches) for member in people.ids]
    assert min(loads[:3]) >= 2
    assert loads[3:] == [1] * 6
    assert not plan.collisions


@pytest.mark.parametrize(("mentors", "newcomers", "most"), [(4, 10, 6), (5, 12, 5), (10, 37, 9)])
def test_newcomers_are_spread_evenly_over_mentors_who_could_take_more(mentors: int, newcomers: int, most: int) -> None:
    people = people_of(mentors + newcomers)
    plan = solved(sides_of(people, mentors, (0, most), (0, 1)), people)
    loads = [sum(member in match.members for match in plan.matches) for member in people.ids[:mentors]]
    assert sum(loads) == newcomers
    assert max(loads) - min(loads) <= 1


def test_loads_are_uneven_only_where_rules_leave_no_other_way() -> None:
    people = people_of(9)
    apart = (Apart(members=("p0", *people.ids[4:])), Apart(members=("p1", *people.ids[4:])))
    spec = replace(sides_of(people, 3, (0, 6), (0, 1)), rules=tuple(replace(rule, firm=True) for rule in apart))
    plan = solve(spec, people)
    assert len(plan.matches) == 6
    assert sum("p2" in match.members for match in plan.matches) >= 5


def test_too_few_mentors_are_told_as_a_matter_of_load() -> None:
    people = people_of(9)
    plan = solved(sides_of(people, 2, (1, 2), (1, 1)), people)
    assert plan.summary.placed == 6
    assert {bye.why for bye in plan.byes} == {"load"}
    assert any("load" in collision.also for collision in plan.collisions)


def test_a_mentor_with_several_meetings_has_them_one_after_the_other() -> None:
    people = people_of(8)
    spec = replace(sides_of(people, 2, (1, 3), (1, 1)), slots=("9:00", "9:30", "10:00"), places=2)
    plan = solved(spec, people)
    assert len(plan.matches) == 6
    assert not plan.collisions


def test_somebody_on_both_sides_is_refused() -> None:
    people = people_of(4)
    both = (Side(name="a", members=("p0", "p1")), Side(name="b", members=("p1", "p2")))
    with pytest.raises(ValueError, match="both sides: p1"):
        solve(RoundSpec(kind="sides", sides=both), people)
