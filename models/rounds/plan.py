"""From what a solver found to the list: names, scores, what gave way, who sits out, and how good it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from models.rounds.constraints.no_repeat import NoRepeat
from models.rounds.constraints.quota import Quota
from models.rounds.problem.problem import HARD, Break, Found, Placed, Problem
from models.rounds.problem.repeats import kept, latest_meetings
from models.rounds.spec.requests import Bye, Match, Met, Plan, Relaxed, Summary


def plan_of(problem: Problem, found: Found) -> Plan:
    """The list in order of sittings, slots and people."""
    placed = sorted(found.matches, key=lambda p: (p.sitting, p.slot, p.team, min(p.rows)))
    return Plan(
        matches=tuple(_match(problem, each, w) for each, w in zip(placed, worths_of(problem, placed), strict=True)),
        byes=tuple(_byes(problem, found)),
        relaxed=tuple(_relaxed(problem, placed)),
        collisions=(*problem.collisions, *found.collisions),
        summary=_summary(problem, found),
    )


def worths_of(problem: Problem, matches: Sequence[Placed]) -> list[np.ndarray]:
    """(members,) each, what a match is worth to its members."""
    worths = problem.all_worths([placed.rows for placed in matches])
    return [np.array(placed.worths) if placed.worths else w for placed, w in zip(matches, worths, strict=True)]


def obstacles(problem: Problem, row: int) -> tuple[int, ...]:
    """Places of the firm rules that bar this row from anybody."""
    others = np.delete(np.arange(problem.n), row)
    rules = {
        barrier.rule
        for barrier in problem.barriers
        if barrier.rule >= 0 and (barrier.levels(np.full(len(others), row), others) == HARD).any()
    }
    return tuple(sorted(rules))


def _match(problem: Problem, placed: Placed, worths: np.ndarray) -> Match:
    return Match(
        members=tuple(problem.ids[row] for row in placed.rows),
        sitting=placed.sitting,
        slot=problem.spec.slots[placed.slot] if placed.slot >= 0 else "",
        team=placed.team,
        roles=placed.roles,
        score=float(worths.mean()),
        worst=float(worths.min()),
        locked=placed.locked,
    )


def _byes(problem: Problem, found: Found) -> Iterator[Bye]:
    """Those the solver named, and whoever else is nowhere; in teams nobody has to be anywhere."""
    yield from found.byes
    if problem.spec.kind == "teams":
        return
    named = {(bye.member, bye.sitting) for bye in found.byes}
    sittings = 1 if problem.spec.kind == "sides" else problem.spec.sittings
    for sitting in range(sittings):
        seated = {row for placed in found.matches if placed.sitting == sitting or sittings == 1 for row in placed.rows}
        for row, member in enumerate(problem.ids):
            if row not in seated and (member, sitting) not in named:
                yield Bye(member=member, sitting=sitting, why="no_partner", rules=obstacles(problem, row))


def _relaxed(problem: Problem, placed: list[Placed]) -> Iterator[Relaxed]:
    """Every rule that is not firm and does not hold, match by match."""
    latest = latest_meetings(problem.people.met, dict(problem.row))
    for at in problem.breaking([each.rows for each in placed]) if problem.can_relax else ():
        each = placed[at]
        for found in problem.breaks(each.rows):
            if found.rule >= 0 and found.level < HARD:
                ids = tuple(problem.ids[row] for row in found.rows)
                yield Relaxed(rule=found.rule, members=ids, kept=kept_of(problem, each, found, latest))
    matches = [set(each.rows) for each in placed]
    for together in problem.together:
        if together.level < HARD and not any(set(together.rows) <= match for match in matches):
            yield Relaxed(rule=together.rule, members=tuple(problem.ids[row] for row in together.rows))


def kept_of(problem: Problem, placed: Placed, found: Break, latest: dict[tuple[int, int], Met]) -> float:
    """How much of a rule that a match breaks is still kept, see `Relaxed`; `latest` as `latest_meetings` has it."""
    rule = problem.spec.rules[found.rule]
    if isinstance(rule, NoRepeat):
        met = [m for pair, m in latest.items() if set(pair) <= set(placed.rows)]
        return min(kept(rule, each, problem.people.now) for each in met)
    if isinstance(rule, Quota):
        quota = next(q for q in problem.quotas if q.rule == found.rule)
        has = int(quota.has[list(placed.rows)].sum())
        return float(max(quota.least - has, has - quota.most))
    return 0.0


def _summary(problem: Problem, found: Found) -> Summary:
    by_person: dict[int, list[float]] = defaultdict(list)
    for placed, worths in zip(found.matches, worths_of(problem, found.matches), strict=True):
        for row, worth in zip(placed.rows, worths, strict=True):
            by_person[row].append(float(worth))
    means = np.array([np.mean(each) for each in by_person.values()]) if by_person else np.zeros(1)
    best = found.best if found.best == found.best else float(means.mean())
    return Summary(
        mean=float(means.mean()),
        worst=float(means.min()),
        median=float(np.median(means)),
        best=best,
        best_worst=found.best_worst if found.best_worst == found.best_worst else float(means.min()),
        random=found.random if found.random == found.random else 0.0,
        bound=float(min(found.bound, 1.0)),
        placed=len(by_person),
        people=problem.n,
        seconds=problem.clock.spent,
    )
