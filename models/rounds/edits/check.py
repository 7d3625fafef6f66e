"""What changes by hand go against: rules of the request, match by match, for those who were brought together by them.

Blocks, firm rules and sides are refused. What gives way in solving gives way here, too, and so does what is no rule:
the size of a group, times, places, loads. Whoever leaves breaks nothing that would be refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.rounds.edits.edits import match_id
from models.rounds.plan import kept_of
from models.rounds.problem.problem import HARD, Also, Break, Placed, Problem
from models.rounds.problem.repeats import latest_meetings
from models.rounds.spec.requests import Match, Plan, Relaxed


@dataclass(frozen=True, slots=True)
class Broken:
    """What is broken: a place in `RoundSpec.rules` or, when -1, `also`; for whom; whether that is refused (`firm`).

    `kept`: see `Relaxed`.
    """

    rule: int
    also: Also | None
    members: tuple[str, ...]
    firm: bool = False
    kept: float = 0.0

    @property
    def relaxed(self) -> Relaxed:
        """As a rule of the list that gave way."""
        return Relaxed(rule=self.rule, members=self.members, kept=self.kept)


def broken_by(problem: Problem, before: Plan, after: Plan) -> list[Broken]:
    """What the matches of `after` break that are not in `before`. All their people are in the problem."""
    known = {match_id(match) for match in before.matches}
    fresh = [match for match in after.matches if match_id(match) not in known]
    found = [broken for match in fresh for broken in _of_match(problem, before, after, match)]
    return list(dict.fromkeys([*found, *_torn(problem, before, after)]))


def still_relaxed(before: Plan, after: Plan) -> tuple[Relaxed, ...]:
    """What gave way before and is still in a match of `after`."""
    matches = [set(match.members) for match in after.matches]
    return tuple(one for one in before.relaxed if any(set(one.members) <= match for match in matches))


def _of_match(problem: Problem, before: Plan, after: Plan, match: Match) -> Iterator[Broken]:
    rows = [problem.row[member] for member in match.members if member in problem.row]
    placed = Placed(tuple(rows), match.sitting, team=match.team)
    earlier = [set(one.members) for one in before.matches if (one.sitting, one.team) == (match.sitting, match.team)]
    smaller = any(set(match.members) < members for members in earlier)
    for pair in combinations(rows, 2):
        if not any({problem.ids[row] for row in pair} <= members for members in earlier):
            yield from _of_pair(problem, placed, pair)
            yield from _again(problem, after, match, pair)
    for found in problem.count_breaks(rows):
        if found.also != "slots":
            yield _broken(problem, placed, found, firm=found.level == HARD and not smaller)
    if not _fits_in_size(problem, match):
        yield Broken(-1, "size", match.members)
    yield from _in_time(problem, after, match, rows)
    if problem.spec.kind == "sides":
        yield from _overloaded(problem, after, match)


def _of_pair(problem: Problem, placed: Placed, pair: tuple[int, int]) -> Iterator[Broken]:
    a, b = np.array([pair[0]]), np.array([pair[1]])
    for barrier in problem.barriers:
        level = int(barrier.levels(a, b)[0])
        if not level or barrier.also == "slots" or (barrier.pair_only and len(placed.rows) > 2):
            continue
        yield _broken(problem, placed, Break(barrier.rule, barrier.also, level, pair), firm=level == HARD)


def _broken(problem: Problem, placed: Placed, found: Break, *, firm: bool) -> Broken:
    members = tuple(problem.ids[row] for row in found.rows)
    if found.rule < 0:
        return Broken(found.rule, found.also, members, firm)
    latest = latest_meetings(problem.people.met, dict(problem.row))
    pair_or_all = Placed(found.rows) if len(found.rows) == 2 else placed
    return Broken(found.rule, found.also, members, firm, kept_of(problem, pair_or_all, found, latest))


def _again(problem: Problem, after: Plan, match: Match, pair: tuple[int, int]) -> Iterator[Broken]:
    """Two who meet in another sitting, too."""
    members = tuple(problem.ids[row] for row in pair)
    elsewhere = (one for one in after.matches if one.sitting != match.sitting)
    if any(set(members) <= set(one.members) for one in elsewhere):
        yield Broken(-1, "numbers", members)


def _fits_in_size(problem: Problem, match: Match) -> bool:
    spec, size = problem.spec, len(match.members)
    match spec.kind:
        case "groups":
            return spec.size[0] <= size <= spec.size[1]
        case "pairs":
            return size <= (3 if spec.leftover == "trio" else 2)
        case "sides":
            return size == 2
        case _:
            return True


def _in_time(problem: Problem, after: Plan, match: Match, rows: Sequence[int]) -> Iterator[Broken]:
    """Who is not free at the time of a match, and a time with more matches than places."""
    slots, places = problem.spec.slots, problem.spec.places
    if match.slot not in slots:
        return
    at = slots.index(match.slot)
    if busy := tuple(problem.ids[row] for row in rows if not problem.free[row, at]):
        yield Broken(-1, "slots", busy)
    if places and sum(one.slot == match.slot for one in after.matches) > places:
        yield Broken(-1, "places", match.members)


def _overloaded(problem: Problem, after: Plan, match: Match) -> Iterator[Broken]:
    for side in problem.spec.sides:
        for member in match.members:
            if member in side.members and sum(member in one.members for one in after.matches) > side.most:
                yield Broken(-1, "load", (member,))


def _torn(problem: Problem, before: Plan, after: Plan) -> Iterator[Broken]:
    """Who has to meet, did so before, and does not any more."""
    for together in problem.together:
        members = {problem.ids[row] for row in together.rows}
        did, does = (any(members <= set(match.members) for match in plan.matches) for plan in (before, after))
        if did and not does:
            yield Broken(together.rule, None, tuple(sorted(members)), together.level == HARD)
