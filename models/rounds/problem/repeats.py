"""Nobody twice: which pairs met too lately, and how far each `NoRepeat` would have to give way for them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from models.domain.records import DAY
from models.rounds.constraints.no_repeat import NoRepeat
from models.rounds.problem.barriers import pairs_barrier
from models.rounds.problem.problem import HARD, Barrier, People
from models.rounds.spec.requests import Met

STEPS = 6  # at most, from "longest ago" to "just now"


def barred_by(rule: NoRepeat, met: Met, now: int) -> bool:
    """Whether who met then must not meet again. As many days ahead count like as many ago: a clock was wrong, then or
    now, and nobody is to wait until it gets there."""
    return met.rounds_ago <= rule.rounds or abs(now - met.time) < rule.days * DAY


def kept(rule: NoRepeat, met: Met, now: int) -> float:
    """What is left of the rule when these meet again: rounds, or days where it counts days."""
    if rule.rounds:
        return float(min(met.rounds_ago - 1, rule.rounds))
    return float(min(max(now - met.time, 0) // DAY, rule.days))


def repeats_of(
    rules: Sequence[tuple[int, NoRepeat]], people: People, row: dict[str, int], above: int = 0
) -> tuple[dict[int, Barrier], int]:
    """A barrier a rule, by its place, and the highest level used: the lowest one `above` is of the longest ago."""
    latest = latest_meetings(people.met, row)
    by_time = sorted({met.time for met in latest.values()})
    step = {time: above + 1 + i * STEPS // len(by_time) for i, time in enumerate(by_time)}
    barriers, used = {}, above
    for i, rule in rules:
        pairs = [pair for pair, met in latest.items() if barred_by(rule, met, people.now)]
        levels = [HARD if rule.firm else step[latest[pair].time] for pair in pairs]
        if pairs:
            barriers[i] = pairs_barrier(i, None, pairs, np.array(levels))
            used = above + STEPS
    return barriers, used


def latest_meetings(met: Sequence[Met], row: dict[str, int]) -> dict[tuple[int, int], Met]:
    """The last meeting of every pair of rows (a < b)."""
    latest: dict[tuple[int, int], Met] = {}
    for each in sorted(met, key=lambda m: (m.time, -m.rounds_ago)):
        rows = sorted({row[m] for m in each.members if m in row})
        latest |= dict.fromkeys(combinations(rows, 2), each)
    return latest
