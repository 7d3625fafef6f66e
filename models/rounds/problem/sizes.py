"""How many groups of how many people: counting before anybody is seated."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from models.rounds.problem.problem import HARD, Problem


@dataclass(frozen=True, slots=True)
class Division:
    """People (rows) who can be reached from each other by who may meet whom; `groups` of them are to be made, and so
    `left` of them sit out. `rules` are those that keep the number of groups down where somebody is left."""

    rows: np.ndarray
    groups: int
    left: int
    rules: tuple[int, ...] = ()


def divide(problem: Problem, rows: np.ndarray, hard: np.ndarray, target: float, most_groups: int) -> list[Division]:
    """Divisions of `rows` (m,), which `hard` (m, m) bool bars from each other, into groups of about `target` people.

    As few as possible sit out; no more than `most_groups` are made, if larger groups can do that.
    """
    parts = _parts(hard)
    divisions = [_division(problem, rows[part], target) for part in parts]
    while sum(each.groups for each in divisions) > most_groups and target < problem.spec.size[1]:
        target = min(target + 0.5, problem.spec.size[1])
        divisions = [_division(problem, rows[part], target) for part in parts]
    while sum(each.groups for each in divisions) > most_groups:  # there is no room: the smallest division loses first
        at = min((i for i, each in enumerate(divisions) if each.groups), key=lambda i: len(divisions[i].rows))
        groups = divisions[at].groups - 1
        left = max(len(divisions[at].rows) - groups * problem.spec.size[1], 0)
        divisions[at] = replace(divisions[at], groups=groups, left=left)
    return divisions


def natural_left(problem: Problem, people: int) -> int:
    """How many of so many people sit out because of the sizes alone."""
    low, high = problem.spec.size
    return _best_number(people, low, high, low, people, [])[1]


def _parts(hard: np.ndarray) -> list[np.ndarray]:
    if not hard.any():
        return [np.arange(len(hard))]
    count, part = connected_components(csr_matrix(~hard), directed=False)
    return [np.flatnonzero(part == i) for i in range(count)]


def _division(problem: Problem, rows: np.ndarray, target: float) -> Division:
    low, high = problem.spec.size
    _, unavoidable = _best_number(len(rows), low, high, target, len(rows), [])
    most, capped, rules = _bounds(problem, rows)
    groups, left = _best_number(len(rows), low, high, target, most, capped)
    return Division(rows, groups, left, tuple(sorted(rules)) if left > unavoidable else ())


def _best_number(
    n: int, low: int, high: int, target: float, most: int, capped: list[tuple[int, int]]
) -> tuple[int, int]:
    """How many groups, at most `most`, such that the fewest are left and sizes near the target; and how many are left.

    `capped`: of so many people at most so many fit in a group.
    """
    best, rank = (0, n), (n, 0.0)
    for groups in range(1, min(n // low, most) + 1):
        left = max(n - groups * high, max((had - groups * each for had, each in capped), default=0), 0)
        fit = (left, abs((n - left) / groups - target))
        if n - left >= groups * low and fit < rank:
            rank, best = fit, (groups, left)
    return best


def _bounds(problem: Problem, rows: np.ndarray) -> tuple[int, list[tuple[int, int]], set[int]]:
    """The largest number of groups that firm quotas allow, what they cap, and the rules that say so."""
    most, capped, rules = len(rows), [], set()
    for quota in problem.quotas:
        if quota.level == HARD:
            had = int(quota.has[rows].sum())
            most = min(most, had // quota.least) if quota.least else most
            capped.append((had, quota.most))
            rules.add(quota.rule)
    for mixture in problem.mixtures:
        codes = mixture.codes[rows]
        if mixture.level == HARD and (codes >= 0).any():
            capped.append((int(np.bincount(codes[codes >= 0]).max()), mixture.most))
            rules.add(mixture.rule)
    return most, capped, rules


def usual_size(problem: Problem) -> float:
    """What groups are aimed at where nothing speaks for larger or smaller ones."""
    return sum(problem.spec.size) / 2
