"""Whatever is asked for, of whomever: a list keeps every rule that is firm, says what gave way, and explains itself."""

from __future__ import annotations

import os
import time

import numpy as np
import scipy.sparse as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.rounds.constraints.apart import Apart
from models.rounds.constraints.mixed import Mixed
from models.rounds.constraints.near import Near
from models.rounds.constraints.new_to_each_other import NewToEachOther
from models.rounds.constraints.no_repeat import NoRepeat
from models.rounds.constraints.quota import Quota
from models.rounds.constraints.same import Same
from models.rounds.constraints.time_zones import TimeZones
from models.rounds.constraints.together import Together
from models.rounds.problem.problem import People
from models.rounds.solve import solve
from models.rounds.spec.requests import Bid, Match, Met, RoundSpec, Side
from tests.rounds_check import check

DAY = 86_400 * 1_000_000
NOW = 1_000 * DAY
SLOTS = ("Mon", "Tue", "Wed")
EXAMPLES = int(os.environ.get("ROUND_EXAMPLES", "300"))  # more find more: other ones, then, each time
MANY = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES == 300
)


@st.composite
def some_people(draw: st.DrawFn, least: int = 0, most: int = 11) -> People:
    """A few people with attributes, places, times, blocks and a past, each of them sometimes unknown."""
    n = draw(st.integers(least, most))
    ids = tuple(f"p{i}" for i in range(n))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    score = rng.random((n, n)).astype(np.float32)
    members = st.sampled_from(ids) if n else st.nothing()
    pairs = st.tuples(members, members).filter(lambda p: p[0] != p[1])
    some_pairs = st.lists(pairs, max_size=n) if n > 1 else st.just([])
    met = [
        Met(members=pair, time=NOW - ago * 7 * DAY, rounds_ago=ago)
        for pair in draw(some_pairs)
        for ago in [draw(st.integers(1, 5))]
    ]
    place = draw(st.sampled_from([0.0, 0.3, 1.0]))

    def known(values: list[object], empty: object) -> tuple[object, ...]:
        return tuple(empty if rng.random() < 0.2 else values[rng.integers(len(values))] for _ in ids)

    offsets = rng.choice([-8.0, 0.0, 1.0, 8.0, 13.0, np.nan], n)
    coordinates = np.column_stack([rng.uniform(-60, 60, n), rng.uniform(-180, 180, n)]) * place
    coordinates[rng.random(n) < 0.3] = np.nan
    return People(
        ids=ids,
        score=(score + score.T) / 2,
        attributes=tuple(
            {"team": team, "senior": bool(senior), "online": bool(online)}
            for team, senior, online in zip(
                known(["a", "b", "c", 2, 2.0], ""),
                known([True, False], False),
                known([True, False], False),
                strict=True,
            )
        ),
        languages=known(
            [frozenset({"en"}), frozenset({"zh"}), frozenset({"en", "zh"}), frozenset({"fr"})], frozenset()
        ),
        place=known(["Berlin", "berlin ", "Shanghai"], ""),
        coordinates=coordinates,
        utc_offset=offsets,
        availability=known([frozenset({"mon"}), frozenset({"tue", "wed"}), frozenset({"mon", "wed"})], frozenset()),
        barred=frozenset(draw(some_pairs)),
        acquainted=acquainted(n, rng) if draw(st.booleans()) else None,
        met=tuple(met),
        byes=rng.integers(0, 3, n),
        luck=np.where(rng.random(n) < 0.5, rng.random(n), np.nan),
        previous=tuple(Match(members=pair) for pair in draw(some_pairs)[:2]),
        locked=tuple(Match(members=pair, slot=draw(st.sampled_from(("", *SLOTS)))) for pair in draw(some_pairs)[:1]),
        now=NOW,
    )


def acquainted(n: int, rng: np.random.Generator) -> sp.csr_matrix:
    """(n, n), symmetric: a third of all pairs have dealt with each other."""
    upper = np.triu(rng.random((n, n)) < 1 / 3, 1)
    return sp.csr_matrix((upper | upper.T).astype(np.float32))


def some_rules(ids: tuple[str, ...]) -> st.SearchStrategy[list[object]]:
    """Rules of every sort, firm or not."""
    firm = st.booleans()
    few = st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True).map(tuple) if len(ids) > 2 else None
    kinds: list[st.SearchStrategy[object]] = [
        st.builds(Same, attribute=st.sampled_from(["languages", "place", "time_zone", "team"]), firm=firm),
        st.builds(Mixed, attribute=st.sampled_from(["team", "place"]), most=st.integers(1, 2), firm=firm),
        st.builds(
            Quota,
            attribute=st.just("senior"),
            value=st.just(True),
            least=st.integers(0, 1),
            most=st.sampled_from([None, 1, 2]),
            firm=firm,
        ),
        st.builds(Near, kilometres=st.sampled_from([50.0, 5000.0]), online=st.booleans(), firm=firm),
        st.builds(TimeZones, hours=st.sampled_from([0.0, 3.0, 9.0]), firm=firm),
        st.builds(NoRepeat, days=st.sampled_from([0, 20]), rounds=st.integers(0, 4), firm=firm),
        st.builds(NewToEachOther, off=st.booleans(), firm=firm),
    ]
    if few is not None:
        kinds += [st.builds(Together, members=few, firm=firm), st.builds(Apart, members=few, firm=firm)]
    return st.lists(st.one_of(kinds), max_size=3)


@st.composite
def some_bids(draw: st.DrawFn, ids: tuple[str, ...]) -> tuple[Bid, ...]:
    if len(ids) < 2 or draw(st.booleans()):
        return ()
    name = st.sampled_from(ids)
    return tuple(draw(st.lists(st.builds(Bid, source=name, target=name, score=st.floats(0, 1)), max_size=4)))


@st.composite
def pair_rounds(draw: st.DrawFn) -> tuple[RoundSpec, People]:
    people = draw(some_people())
    slots = draw(st.sampled_from([(), SLOTS]))
    return RoundSpec(
        kind="pairs",
        rules=tuple(draw(some_rules(people.ids))),
        slots=slots,
        places=draw(st.sampled_from([0, 1, 2])) if slots else 0,
        leftover=draw(st.sampled_from(["trio", "bye"])),
        fairness=draw(st.sampled_from([0.0, 0.5, 1.0])),
        bids=draw(some_bids(people.ids)),
        seconds=20.0,
    ), people


@MANY
@given(pair_rounds())
def test_pairs_keep_every_rule_or_say_why_not(asked: tuple[RoundSpec, People]) -> None:
    spec, people = asked
    started = time.monotonic()
    plan = solve(spec, people)
    assert time.monotonic() - started < spec.seconds
    check(spec, people, plan)


@st.composite
def side_rounds(draw: st.DrawFn) -> tuple[RoundSpec, People]:
    people = draw(some_people(least=2))
    cut = draw(st.integers(1, len(people.ids) - 1))
    slots = draw(st.sampled_from([(), SLOTS]))
    sides = []
    for name, members in (("mentors", people.ids[:cut]), ("newcomers", people.ids[cut:])):
        least = draw(st.integers(0, 2))
        sides.append(Side(name=name, members=members, least=least, most=draw(st.integers(max(least, 1), 3))))
    return RoundSpec(
        kind="sides",
        sides=tuple(sides),
        rules=tuple(draw(some_rules(people.ids))),
        slots=slots,
        places=draw(st.sampled_from([0, 1, 2])) if slots else 0,
        fairness=draw(st.sampled_from([0.0, 0.5, 1.0])),
        bids=draw(some_bids(people.ids)),
        seconds=20.0,
    ), people


@MANY
@given(side_rounds())
def test_two_sides_keep_every_rule_or_say_why_not(asked: tuple[RoundSpec, People]) -> None:
    spec, people = asked
    started = time.monotonic()
    plan = solve(spec, people)
    assert time.monotonic() - started < spec.seconds
    check(spec, people, plan)
