"""From scores to figures: every method on the same queries, the same ties broken the same way, with intervals.

Ties are broken at random by one generator that all methods share in their order, so the same seed gives the same
figures. Windows of neighbouring cuts overlap: pooled intervals draw whole askers anew, not single queries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training import metrics
from training.evaluation.asking import Lists
from training.evaluation.baselines import RANDOM, common_acquaintances
from training.evaluation.trial import Audience, Trial

RANDOM_ORDERS = 5
RESAMPLES = 500
METRICS = ("ndcg10", "recall10", "mrr", "hit10", "auc_matched", "far10", "weak10")
COMPARED = ("ndcg10", "auc_matched", "far10", "weak10")
BANDS = {"far10": (0, 0), "weak10": (1, 3)}  # fewest and most common acquaintances


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and its bootstrap 95 % interval; NaN where there is nothing to judge by."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PerQuery:
    """(Q,) values and weights of each metric. A weight of 0: the query says nothing about it.

    That of far10 is the number of right ones with whom the asker shares no acquaintance, that of weak10 the number of
    those with one to three; elsewhere it is 1.
    """

    values: Mapping[str, np.ndarray]
    weights: Mapping[str, np.ndarray]
    askers: tuple[str, ...]

    def mean(self, metric: str) -> float:
        """Weighted mean over the queries; NaN where none says anything."""
        weights = self.weights[metric]
        return float(self.values[metric] @ weights / weights.sum()) if weights.any() else float("nan")

    def interval(self, metric: str, seed: int, by_asker: bool = False) -> Interval:
        """Mean and interval, drawing queries anew, or whole askers."""
        clusters = self.askers if by_asker else None
        return Interval(
            *metrics.bootstrap(
                self.values[metric], seed, weights=self.weights[metric], clusters=clusters, resamples=RESAMPLES
            )
        )


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much one method is ahead of another on the same queries; `ratio` of their means."""

    over: str
    gain: Interval
    ratio: float


@dataclass(frozen=True, slots=True)
class Exposure:
    """Of what those who are here would see first: share who never come back; of those who are here, the share shown and
    the Gini of showings."""

    ghosts10: float
    seen10: float
    gini10: float


def judge(trial: Trial, methods: Mapping[str, np.ndarray], seed: int) -> dict[str, PerQuery]:
    """Figures of each method from its (Q, C) scores."""
    bands = targets_by_band(trial)
    matched = _matched(trial, seed + 3)
    rng = np.random.default_rng(seed)
    out = {}
    for name, scores in methods.items():
        ranked = np.where(trial.closed, -np.inf, scores)
        orders = [np.random.default_rng(seed + i) for i in range(RANDOM_ORDERS)] if name == RANDOM else [rng]
        qualities = np.mean([_qualities(trial, ranked, one) for one in orders], axis=0)
        values = dict(zip(("recall10", "ndcg10", "mrr", "hit10"), qualities.T, strict=True))
        weights = {metric: np.ones(len(trial.asked)) for metric in METRICS}
        values["auc_matched"] = np.array([_auc(scores[q], of_query) for q, of_query in enumerate(matched)])
        weights["auc_matched"] = np.array([bool(of_query) for of_query in matched], float)
        for metric, targets in bands.items():
            values[metric] = _found(ranked, targets, rng)
            weights[metric] = np.array([len(of_query) for of_query in targets], float)
        out[name] = PerQuery(values, weights, trial.askers)
    return out


def targets_by_band(trial: Trial) -> dict[str, list[np.ndarray]]:
    """A query: the right ones with whom the asker shares as many acquaintances as `BANDS` say. None where members do
    not ask."""
    if trial.audience is None:
        return {band: [np.zeros(0, np.int64) for _ in trial.targets] for band in BANDS}
    shared = common_acquaintances(trial)
    return {
        band: [t[(shared[q, t] >= fewest) & (shared[q, t] <= most)] for q, t in enumerate(trial.targets)]
        for band, (fewest, most) in BANDS.items()
    }


def pool(cuts: Sequence[PerQuery]) -> PerQuery:
    """The same method's queries of several cuts together, each counting the same."""
    return PerQuery(
        values={m: np.concatenate([cut.values[m] for cut in cuts]) for m in METRICS},
        weights={m: np.concatenate([cut.weights[m] for cut in cuts]) for m in METRICS},
        askers=tuple(asker for cut in cuts for asker in cut.askers),
    )


def best(methods: Mapping[str, PerQuery], metric: str, but: str) -> str:
    """The simple baseline with the highest mean; the product itself and chance are none."""
    means = {name: method.mean(metric) for name, method in methods.items() if name not in (but, RANDOM)}
    return max(means, key=lambda name: (means[name], name))


def gain(methods: Mapping[str, PerQuery], ours: str, theirs: str, metric: str, seed: int, by_asker: bool) -> Gain:
    """Ours over theirs, paired by query."""
    mine, other = methods[ours], methods[theirs]
    found = metrics.bootstrap(
        mine.values[metric] - other.values[metric],
        seed,
        weights=mine.weights[metric],
        clusters=mine.askers if by_asker else None,
    )
    below = other.mean(metric)
    return Gain(theirs, Interval(*found), mine.mean(metric) / below if below else float("nan"))


def exposure(shown: Lists, audience: Audience) -> Exposure:
    """How lists spread over everybody who is here at the cut."""
    counts = dict.fromkeys(audience.here, 0)
    places = ghosts = 0
    for member in audience.here:
        for other in shown[member]:
            places += 1
            ghosts += other not in audience.back
            if other in counts:
                counts[other] += 1
    spread = np.array(list(counts.values()), float)
    return Exposure(ghosts / max(places, 1), float((spread > 0).mean()), metrics.gini(spread))


def _qualities(trial: Trial, ranked: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(Q, 4): recall, NDCG, reciprocal rank, hit."""
    out = []
    for q, targets in enumerate(trial.targets):
        relevant = np.zeros(ranked.shape[1], bool)
        relevant[targets] = True
        found = metrics.quality(ranked[q], relevant, rng)
        out.append((found.recall, found.ndcg, found.reciprocal_rank, found.hit))
    return np.array(out)


def _found(ranked: np.ndarray, wanted: Sequence[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """(Q,) share of the wanted among the first ten."""
    out = np.zeros(len(wanted))
    for q, targets in enumerate(wanted):
        if len(targets):
            out[q] = np.isin(targets, metrics.order(ranked[q], rng)[: metrics.K]).mean()
    return out


def _matched(trial: Trial, seed: int) -> list[list[tuple[int, np.ndarray]]]:
    """A query: each right one with those of the rest who are just as active."""
    rng = np.random.default_rng(seed)
    rank = metrics.activity_rank(trial.activity)
    out = []
    for q, targets in enumerate(trial.targets):
        others = ~trial.closed[q]
        others[targets] = False
        columns = np.flatnonzero(others)
        out.append([(int(t), metrics.matched(rank, columns, t, rng)) for t in targets] if len(columns) else [])
    return out


def _auc(scores: np.ndarray, matched: Sequence[tuple[int, np.ndarray]]) -> float:
    if not matched:
        return 0.0
    return float(np.mean([metrics.chance_above(scores[target], scores[others]) for target, others in matched]))
