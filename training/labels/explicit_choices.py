"""Explicit choices as data: who decided what about whom, on which occasions they met, and who chose each other.

An occasion (a party, a course, a round) is a connected part of the graph of decisions: nobody there decided about
anybody elsewhere. Where a history falls into occasions, they are held out whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from models.domain.records import Outcome

Pair: TypeAlias = tuple[str, str]

YES = frozenset({"accepted", "talked", "met", "helped", "built_together", "still_together"})
NO = frozenset({"dismissed", "declined"})
LARGEST = 0.5  # share of all decisions above which one occasion is no occasion


@dataclass(frozen=True, slots=True)
class Decision:
    """`source` wanted `target`, or not; `time` in microseconds, of the first word on it."""

    source: str
    target: str
    accepted: bool
    time: int


@dataclass(frozen=True, slots=True)
class MutualQuery:
    """Of those with whom `source` decided on each other (`met`), who were both accepted and accepting (`targets`)."""

    source: str
    met: frozenset[str]
    targets: frozenset[str]


def decisions(outcomes: Iterable[Outcome]) -> list[Decision]:
    """One a directed pair, in order of time: the last word counts. "shown" and "already known" decide nothing."""
    first: dict[Pair, int] = {}
    last: dict[Pair, bool] = {}
    for outcome in sorted(outcomes, key=lambda o: (o.time, o.id)):
        if outcome.kind in YES or outcome.kind in NO:
            pair = outcome.source, outcome.target
            first.setdefault(pair, outcome.time)
            last[pair] = outcome.kind in YES
    return [Decision(*pair, last[pair], time) for pair, time in first.items()]


def occasions(decided: Sequence[Decision]) -> np.ndarray:
    """(n,) number of the occasion of each decision; all 0 where one of them holds more than half of the decisions."""
    number = {m: i for i, m in enumerate(sorted({m for d in decided for m in (d.source, d.target)}))}
    at = np.array([(number[d.source], number[d.target]) for d in decided], np.int64).reshape(-1, 2)
    graph = sp.csr_matrix((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=(len(number), len(number)))
    part = connected_components(graph, directed=False)[1][at[:, 0]] if len(at) else np.zeros(0, np.int64)
    whole = np.bincount(part).max(initial=0) <= LARGEST * len(decided)
    return np.asarray(part if whole else np.zeros_like(part))


def mutual_queries(outcomes: Iterable[Outcome], cut: int, until: int) -> list[MutualQuery]:
    """What became of those who first decided in [cut, until), by member; only pairs in which both decided.

    Where the history falls into occasions, only of occasions that began at or after the cut. Members without any
    mutual choice, or with nothing else, are left out: they cannot be ranked rightly or wrongly.
    """
    decided = [d for d in decisions(outcomes) if d.time < until]
    occasion = occasions(decided)
    begun: defaultdict[int, int] = defaultdict(lambda: until)
    for decision, of in zip(decided, occasion, strict=True):
        begun[int(of)] = min(begun[int(of)], decision.time)
    apart = len(begun) > 1
    fresh = [
        d for d, of in zip(decided, occasion, strict=True) if (begun[int(of)] if apart else d.time) >= cut
    ]  # fmt: skip
    return queries_of(fresh)


def queries_of(decided: Sequence[Decision]) -> list[MutualQuery]:
    """A query a member, by id, from decisions that all count."""
    accepted: Mapping[Pair, bool] = {(d.source, d.target): d.accepted for d in decided}
    met: defaultdict[str, set[str]] = defaultdict(set)
    for source, target in accepted:
        if (target, source) in accepted:
            met[source].add(target)
    found = (
        MutualQuery(m, frozenset(met[m]), frozenset(t for t in met[m] if accepted[m, t] and accepted[t, m]))
        for m in sorted(met)
    )
    return [query for query in found if query.targets and query.targets != query.met]
