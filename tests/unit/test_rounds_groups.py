"""Groups, sittings and teams: every firm rule holds, everybody is somewhere, and what cannot be explains itself."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.rounds.constraints.apart import Apart
from models.rounds.constraints.mixed import Mixed
from models.rounds.constraints.quota import Quota
from models.rounds.constraints.same import Same
from models.rounds.constraints.together import Together
from models.rounds.problem.problem import People
from models.rounds.solve import solve
from models.rounds.spec.requests import Match, Plan, Role, RoundKind, RoundSpec, Team
from tests.rounds_check import check
from tests.unit.test_rounds_properties import SLOTS, some_people, some_rules

SECONDS = 20.0


def some(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def crowd(n: int, seed: int = 0, **known: object) -> People:
    """People as directions in space: who is near fits, and the nearer the better."""
    at = np.random.default_rng(seed).normal(size=(n, 6))
    at /= np.linalg.norm(at, axis=1)[:, None]
    score = (((1 + at @ at.T) / 2) ** 2).astype(np.float32)
    np.fill_diagonal(score, 0)
    return People(ids=tuple(f"m{i:03}" for i in range(n)), score=score, **known)  # type: ignore[arg-type]


def solved(spec: RoundSpec, people: People) -> Plan:
    started = time.monotonic()
    plan = solve(spec, people)
    assert time.monotonic() - started < spec.seconds + 2
    check(spec, people, plan)
    return plan


# --- whatever is asked for --------------------------------------------------------------------------------------------


@st.composite
def group_rounds(
    draw: st.DrawFn, kinds: tuple[RoundKind, ...] = ("groups",), sittings: int = 1
) -> tuple[RoundSpec, People]:
    people = draw(some_people(most=13))
    low = draw(st.integers(2, 5))
    slots = draw(st.sampled_from([(), (), SLOTS]))
    spec = RoundSpec(
        kind=draw(st.sampled_from(kinds)),
        size=(low, low + draw(st.integers(0, 2))),
        sittings=draw(st.integers(min(sittings, 2), sittings)),
        rules=tuple(draw(some_rules(people.ids))),
        slots=slots,
        places=draw(st.sampled_from([0, 1, 2])) if slots else 0,
        leftover=draw(st.sampled_from(["trio", "bye"])),
        fairness=draw(st.sampled_from([0.0, 0.5, 1.0])),
        seconds=SECONDS,
        seed=draw(st.integers(0, 3)),
    )
    return spec, people


@some(200)
@given(group_rounds())
def test_groups_keep_every_firm_rule_and_explain_whom_they_leave_out(asked: tuple[RoundSpec, People]) -> None:
    solved(*asked)


@some(40)
@given(group_rounds(("groups", "pairs"), sittings=4))
def test_in_no_sitting_does_anybody_meet_the_same_person_again(asked: tuple[RoundSpec, People]) -> None:
    spec, people = asked
    solved(spec, replace(people, locked=(), previous=()))


@st.composite
def team_rounds(draw: st.DrawFn) -> tuple[RoundSpec, People]:
    people = draw(some_people(least=1))
    few = st.lists(st.sampled_from(people.ids), max_size=2, unique=True).map(tuple)
    role = st.builds(
        Role,
        name=st.sampled_from(["lead", "writer", "maker"]),
        count=st.integers(1, 2),
        attribute=st.sampled_from(["", "senior"]),
        value=st.just(True),
    )
    roles = st.lists(role, min_size=1, max_size=3, unique_by=lambda r: r.name).map(tuple)
    teams = [Team(id=f"t{i}", members=draw(few), roles=draw(roles)) for i in range(draw(st.integers(1, 3)))]
    slots = draw(st.sampled_from([(), (), SLOTS]))
    width = sum(len(team.roles) for team in teams)
    fit = np.random.default_rng(draw(st.integers(0, 99))).random((len(people.ids), width)).astype(np.float32)
    spec = RoundSpec(
        kind="teams",
        teams=tuple(teams),
        load=draw(st.integers(1, 2)),
        rules=tuple(draw(some_rules(people.ids))),
        slots=slots,
        fairness=draw(st.sampled_from([0.0, 0.5])),
        seconds=SECONDS,
    )
    return spec, replace(people, role_score=fit, locked=(), previous=())


@some(150)
@given(team_rounds())
def test_a_team_has_its_people_in_roles_they_can_play_and_empty_roles_are_said(asked: tuple[RoundSpec, People]) -> None:
    spec, people = asked
    plan = solved(spec, people)
    teams = {team.id: team for team in spec.teams}
    joins: Counter[str] = Counter()
    for match in plan.matches:
        team = teams[match.team]
        inside = {m for m, role in zip(match.members, match.roles, strict=True) if not role}
        assert inside == set(team.members)
        played = Counter(role for role in match.roles if role)
        assert played
        for role in team.roles:
            assert played[role.name] <= role.count
            for member in (m for m, name in zip(match.members, match.roles, strict=True) if name == role.name):
                joins[member] += 1
                assert not role.attribute or people.attributes[people.ids.index(member)].get(role.attribute) is True
    assert max(joins.values(), default=0) <= spec.load
    empty = sum(r.count for t in spec.teams for r in t.roles) - sum(joins.values())
    assert empty == 0 or any({"roles", "slots"} & set(c.also) or c.rules or c.also for c in plan.collisions)


# --- groups -----------------------------------------------------------------------------------------------------------


def test_groups_are_better_than_greedy_ones_and_far_better_than_random_ones() -> None:
    people = crowd(60)
    plan = solved(RoundSpec(kind="groups", size=(4, 4), fairness=0.0, seconds=SECONDS), people)
    score, left, total = np.asarray(people.score), set(range(60)), 0.0
    while left:  # the best pair that is left, and whoever adds most
        rows = list(max(combinations(sorted(left), 2), key=lambda pair: float(score[pair[0], pair[1]])))
        while len(rows) < 4:
            rows.append(max(sorted(left - set(rows)), key=lambda row: float(sum(score[other, row] for other in rows))))
        left -= set(rows)
        total += float(score[np.ix_(rows, rows)].sum()) / 3
    assert plan.summary.mean > 1.02 * total / 60
    assert plan.summary.mean > 1.3 * plan.summary.random
    assert plan.summary.placed == 60


def test_everybody_is_placed_whenever_sizes_in_the_range_add_up() -> None:
    for n in (6, 7, 8, 11, 13, 17, 22):
        plan = solved(RoundSpec(kind="groups", size=(3, 4), seconds=SECONDS), crowd(n))
        assert not plan.byes, n


def test_whoever_sat_out_least_sits_out_when_sizes_do_not_add_up() -> None:
    byes = np.array([1, 1, 0, 1, 1, 1, 1, 0, 1])
    plan = solved(RoundSpec(kind="groups", size=(7, 7), seconds=SECONDS), crowd(9, byes=byes))
    assert {bye.member for bye in plan.byes} == {"m002", "m007"}
    assert {bye.why for bye in plan.byes} == {"odd_number"}
    assert not plan.collisions


def test_fairness_lifts_the_worst_off_and_says_what_that_costs() -> None:
    plans = [
        solved(RoundSpec(kind="groups", size=(4, 4), fairness=f, seconds=SECONDS), crowd(40, seed=3)).summary
        for f in (0.0, 1.0)
    ]
    assert plans[1].worst > plans[0].worst
    assert plans[1].mean < plans[1].best
    assert plans[1].best_worst < plans[1].worst


def test_every_group_gets_its_two_designers_and_its_engineer() -> None:
    trades = tuple({"trade": ("designer", "designer", "engineer", "other")[i % 4]} for i in range(40))
    rules = (
        Quota(attribute="trade", value="designer", least=2, most=2),
        Quota(attribute="trade", value="engineer", least=1, most=1),
    )
    plan = solved(RoundSpec(kind="groups", size=(4, 4), rules=rules, seconds=SECONDS), crowd(40, attributes=trades))
    assert len(plan.matches) == 10
    assert not plan.collisions


def test_too_few_engineers_are_a_conflict_of_that_quota_which_dropping_it_would_cure() -> None:
    trades = tuple({"trade": "engineer" if i < 2 else "other"} for i in range(20))
    rules = (Apart(members=("m000", "m001")), Quota(attribute="trade", value="engineer"))
    plan = solved(RoundSpec(kind="groups", size=(4, 5), rules=rules, seconds=SECONDS), crowd(20, attributes=trades))
    assert len(plan.matches) == 2
    (collision,) = plan.collisions
    assert collision.rules == (1,)
    assert collision.cures == (1,)
    assert len(collision.members) == 10


def test_people_who_speak_other_languages_sit_in_groups_of_their_own_sizes() -> None:
    spoken = tuple(frozenset({"zh"}) if i < 7 else frozenset({"en"}) for i in range(13))
    rule = Same(attribute="languages")
    plan = solved(RoundSpec(kind="groups", size=(3, 5), rules=(rule,), seconds=SECONDS), crowd(13, languages=spoken))
    assert not plan.byes
    assert sorted(len(m.members) for m in plan.matches if "m000" not in m.members)[0] >= 3


def test_groups_meet_when_all_are_free_and_no_slot_holds_more_than_its_places() -> None:
    when = tuple(frozenset({("mon", "tue", "wed")[i % 3]} if i < 12 else {"mon", "wed"}) for i in range(40))
    spec = RoundSpec(kind="groups", size=(4, 5), slots=SLOTS, places=4, seconds=SECONDS)
    plan = solved(spec, crowd(40, availability=when))
    assert not plan.byes
    assert max(Counter(match.slot for match in plan.matches).values()) <= 4


def test_a_rule_that_is_not_firm_gives_way_only_where_somebody_would_sit_out() -> None:
    teams = tuple({"team": "a" if i < 6 else "b"} for i in range(12))
    mixed = Mixed(attribute="team", most=2, firm=False)
    plan = solved(RoundSpec(kind="groups", size=(4, 4), rules=(mixed,), seconds=SECONDS), crowd(12, attributes=teams))
    assert not plan.relaxed
    crowded = tuple({"team": "a" if i < 8 else "b"} for i in range(12))
    plan = solved(RoundSpec(kind="groups", size=(4, 4), rules=(mixed,), seconds=SECONDS), crowd(12, attributes=crowded))
    assert plan.relaxed
    assert not plan.byes


def test_the_same_request_and_seed_give_the_same_groups_and_another_seed_may_not() -> None:
    spec = RoundSpec(kind="groups", size=(3, 5), seconds=SECONDS)
    first = solved(spec, crowd(30)).matches
    assert solved(spec, crowd(30)).matches == first
    assert any(solved(replace(spec, seed=seed), crowd(30)).matches != first for seed in (1, 2, 3))


def test_after_some_drop_out_nine_of_ten_other_groups_stay_as_they_were() -> None:
    people, spec = crowd(60), RoundSpec(kind="groups", size=(3, 5), seconds=SECONDS)
    before = solved(spec, people)
    gone = {"m003", "m031", "m044"}
    left = tuple(member for member in people.ids if member not in gone)
    after = solved(replace(spec, members=left), replace(people, previous=before.matches))
    others = [set(m.members) for m in before.matches if not gone & set(m.members)]
    stayed = sum(any(group == set(m.members) for m in after.matches) for group in others)
    assert stayed >= 0.9 * len(others)
    assert not after.byes


def test_a_locked_group_stays_and_its_people_sit_nowhere_else() -> None:
    locked = Match(members=("m000", "m005", "m009"), locked=True)
    plan = solved(RoundSpec(kind="groups", size=(4, 4), seconds=SECONDS), crowd(23, locked=(locked,)))
    (stays,) = (match for match in plan.matches if match.locked)
    assert set(stays.members) == set(locked.members)
    assert len(plan.matches) == 6


def test_a_search_that_runs_out_of_time_still_hands_back_a_list_that_keeps_every_firm_rule() -> None:
    started = time.monotonic()
    barred = frozenset((f"m{i:03}", f"m{(i + 1) % 300:03}") for i in range(300))
    people = crowd(300, barred=barred)
    spec = RoundSpec(kind="groups", size=(4, 5), seconds=0.5)
    check(spec, people, solve(spec, people))
    assert time.monotonic() - started < 5


# --- sittings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["pairs", "groups"])
def test_eight_sittings_of_forty_people_bring_nobody_together_twice(kind: RoundKind) -> None:
    plan = solved(RoundSpec(kind=kind, size=(4, 5), sittings=8, seconds=60.0), crowd(40))
    assert not plan.byes
    assert not plan.collisions
    met = Counter(frozenset(pair) for match in plan.matches for pair in combinations(match.members, 2))
    assert max(met.values()) == 1


def test_everybody_meets_everybody_when_there_are_as_many_sittings_as_others() -> None:
    plan = solved(RoundSpec(kind="pairs", sittings=11, seconds=SECONDS), crowd(12))
    assert len({frozenset(match.members) for match in plan.matches}) == 66
    assert not plan.byes


def test_sitting_out_rotates_over_the_sittings() -> None:
    plan = solved(RoundSpec(kind="pairs", sittings=7, leftover="bye", seconds=SECONDS), crowd(15))
    assert sorted(Counter(bye.member for bye in plan.byes).values()) == [1] * 7


@pytest.mark.parametrize(
    ("spec", "teams"),
    [
        (RoundSpec(kind="pairs", sittings=8, leftover="bye", seconds=SECONDS), (13,)),
        (RoundSpec(kind="groups", size=(4, 4), sittings=3, seconds=SECONDS), (14,)),
        (RoundSpec(kind="pairs", sittings=8, rules=(Mixed(attribute="team"),), seconds=SECONDS), (9, 4, 4)),
        (RoundSpec(kind="pairs", sittings=8, rules=(Mixed(attribute="team"),), seconds=SECONDS), (11, 7, 3)),
    ],
)
def test_over_the_sittings_nobody_sits_out_two_times_more_than_anybody_else(
    spec: RoundSpec, teams: tuple[int, ...]
) -> None:
    people = crowd(sum(teams), attributes=tuple({"team": str(at)} for at, n in enumerate(teams) for _ in range(n)))
    byes = Counter(bye.member for bye in solved(spec, people).byes)
    often = [byes[member] for member in people.ids]
    assert max(often) - min(often) <= 1


def test_who_sat_out_before_sits_out_last_of_those_who_sit_out_as_often_now() -> None:
    before = np.array([0] * 8 + [3, 1, 1])
    plan = solved(RoundSpec(kind="pairs", sittings=8, leftover="bye", seconds=SECONDS), crowd(11, byes=before))
    byes = Counter(bye.member for bye in plan.byes)
    assert sorted(byes.values()) == [1] * 8
    assert not {"p8", "p9", "p10"} & byes.keys()


def test_more_sittings_than_people_to_meet_are_a_conflict_of_numbers() -> None:
    plan = solved(RoundSpec(kind="pairs", sittings=5, seconds=SECONDS), crowd(4))
    assert len(plan.matches) == 6
    assert any("numbers" in collision.also for collision in plan.collisions)


def test_nobody_is_at_two_sittings_at_one_time() -> None:
    spec = RoundSpec(kind="groups", size=(3, 4), sittings=3, slots=SLOTS, places=8, seconds=SECONDS)
    plan = solved(spec, crowd(24))
    busy = Counter((member, match.slot) for match in plan.matches for member in match.members)
    assert max(busy.values()) == 1
    assert not plan.byes


# --- teams ------------------------------------------------------------------------------------------------------------


def test_roles_go_to_those_who_fit_them_and_a_person_joins_no_more_teams_than_their_load() -> None:
    fit = np.full((12, 4), 0.1, np.float32)
    fit[[0, 1, 2, 3], [0, 1, 2, 3]] = 0.9
    teams = tuple(Team(id=t, roles=(Role(name="lead"), Role(name="writer"))) for t in ("red", "blue"))
    plan = solved(RoundSpec(kind="teams", teams=teams, fairness=0.0, seconds=SECONDS), crowd(12, role_score=fit))
    assert {(m.team, m.members) for m in plan.matches} == {("red", ("m000", "m001")), ("blue", ("m002", "m003"))}
    few = crowd(2, role_score=fit[:2])
    assert len(solved(RoundSpec(kind="teams", teams=teams, load=1, seconds=SECONDS), few).collisions) >= 1
    twice = solved(RoundSpec(kind="teams", teams=teams, load=2, seconds=SECONDS), few)
    assert not twice.collisions
    assert [len(match.members) for match in twice.matches] == [2, 2]


def test_of_two_who_fit_alike_the_one_joins_who_is_worth_most_to_the_team() -> None:
    score = np.full((4, 4), 0.2, np.float32)
    score[0, 3] = score[3, 0] = 0.9
    np.fill_diagonal(score, 0)
    people = replace(crowd(4), score=score, role_score=np.full((4, 1), 0.5, np.float32))
    team = Team(id="t", members=("m000",), roles=(Role(name="writer"),))
    (match,) = solved(RoundSpec(kind="teams", teams=(team,), seconds=SECONDS), people).matches
    assert match.members == ("m000", "m003")
    assert match.roles == ("", "writer")


def test_nobody_joins_a_team_with_whom_they_are_blocked() -> None:
    team = Team(id="t", members=("m000",), roles=(Role(name="writer", count=3),))
    people = crowd(4, role_score=np.ones((4, 1), np.float32), barred=frozenset({("m002", "m000")}))
    plan = solved(RoundSpec(kind="teams", teams=(team,), seconds=SECONDS), people)
    assert set(plan.matches[0].members) == {"m000", "m001", "m003"}
    assert any("roles" in collision.also for collision in plan.collisions)


def test_a_team_of_a_quota_has_that_many_of_them_whoever_fits_better() -> None:
    senior = tuple({"senior": i == 3} for i in range(5))
    fit = np.array([[0.9], [0.8], [0.7], [0.1], [0.6]], np.float32)
    team = Team(id="t", roles=(Role(name="maker", count=2),))
    rules = (Quota(attribute="senior", value=True, least=1),)
    people = crowd(5, attributes=senior, role_score=fit)
    plan = solved(RoundSpec(kind="teams", teams=(team,), rules=rules, seconds=SECONDS), people)
    assert "m003" in plan.matches[0].members
    assert len(plan.matches[0].members) == 2


def test_the_checker_sees_a_broken_rule() -> None:
    people = crowd(6, barred=frozenset({("m000", "m001")}))
    spec = RoundSpec(kind="groups", size=(3, 3), rules=(Together(members=("m000", "m002")),), seconds=SECONDS)
    plan = solved(spec, people)
    wrong = replace(plan, matches=(Match(members=("m000", "m001", "m002")), Match(members=("m003", "m004", "m005"))))
    with pytest.raises(AssertionError, match="never together"):
        check(spec, people, wrong)
