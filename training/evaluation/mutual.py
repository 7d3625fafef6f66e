"""Who of those that met chose each other: held out are whole occasions, judged is how their people are ranked.

Only attributes that are declared are looked at, as in serving (docs/recommendations.md). A query is a member who met
several people of whom some were chosen both ways. Intervals draw whole occasions anew: what happens at one depends on
itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.community.attribute_preferences import columns, declared
from models.domain.records import Community, Member, Outcome
from training import metrics
from training.evaluation.judging import RANDOM_ORDERS, Interval
from training.evaluation.record import EvaluationError, Recorded
from training.evaluation.report import interval
from training.fitting.attribute_preferences import COMBINATIONS, Chances, blank, both_ways, earlier, held_out
from training.labels.explicit_choices import Decision, MutualQuery, decisions, occasions, queries_of

OURS = "Yiqi: both sides"
ONE_SIDED = "the asker accepts"
RANDOM = "random"
OTHER_SIDE = "the other accepts"
ALIKE = "attributes alike"
LIKED = "most liked so far"
LIKED_THERE = "most liked, in hindsight"  # knows what the others decided afterwards
METRICS = ("mrr", "ndcg10", "auc")
RESAMPLES = 2000  # a few occasions, drawn anew: with less the second digit shakes
SMOOTHING = 2.0  # decisions like the average that everybody is taken to have had
FEWEST_QUERIES = 5
EARLIER = 2 / 3  # of the occasions are learnt from, where the later ones are asked about

Scores = Callable[[str, Sequence[str]], np.ndarray]


@dataclass(frozen=True, slots=True)
class Block:
    """One way of holding occasions out. `methods` by name and metric, `gains` of ours over each other one."""

    name: str
    queries: int
    occasions: int
    methods: Mapping[str, Mapping[str, Interval]]
    gains: Mapping[str, Mapping[str, Interval]]


def evaluate(recorded: Recorded, names: Sequence[str], seed: int) -> list[Block]:
    """Every occasion held out in turn, and the later third foretold from the others.

    `names` of attributes count as declared; without any, those that the community of the archive declares. Raises
    EvaluationError where none is, too little was decided both ways, or nothing that is declared is known.
    """
    community = next((r for r in recorded.standing if isinstance(r, Community)), None)
    names = names or (declared(community) if community else ())
    if not names:
        raise EvaluationError('mutual: no attribute is declared, by --matchable or "matchable" of the community')
    members = recorded.members
    decided = decisions(r for r in recorded.dated if isinstance(r, Outcome))
    blocks = [
        _block("every occasion held out in turn", members, names, decided, held_out(members, names, decided), seed)
    ]
    if len(np.unique(occasions(decided))) > 1:
        chance = earlier(members, names, decided, EARLIER)
        blocks.append(_block("the later third, learnt from what was before", members, names, decided, chance, seed))
    return blocks


def _block(
    name: str,
    members: Sequence[Member],
    names: Sequence[str],
    decided: Sequence[Decision],
    chance: Chances,
    seed: int,
) -> Block:
    known = [d for d in decided if (d.source, d.target) in chance and (d.target, d.source) in chance]
    queries = queries_of(known)
    if len(queries) < FEWEST_QUERIES:
        raise EvaluationError(f"mutual: {len(queries)} members chose, and were chosen, at what is held out")
    of = _occasion_of(known)
    clusters = [of[query.source] for query in queries]
    figures = _figures(queries, _methods(members, names, known, chance), seed)
    intervals = {
        method: {metric: _interval(values, clusters, seed + 1) for metric, values in found.items()}
        for method, found in figures.items()
    }
    gains = {
        method: {
            metric: _interval(figures[OURS][metric] - values, clusters, seed + 2) for metric, values in found.items()
        }
        for method, found in figures.items()
        if method != OURS
    }
    return Block(name, len(queries), len(set(clusters)), intervals, gains)


def _methods(
    members: Sequence[Member], names: Sequence[str], known: Sequence[Decision], chance: Chances
) -> dict[str, Scores]:
    """Everything but chance, simple ones first."""
    wishes = Liked(known)

    def by(way: str) -> Scores:
        return lambda source, met: COMBINATIONS[way](*both_ways(chance, source, met))

    return {
        ALIKE: _alike(members, names),
        LIKED: wishes.so_far,
        LIKED_THERE: wishes.by_all_others,
        ONE_SIDED: by("one-sided"),
        OTHER_SIDE: lambda source, met: both_ways(chance, source, met)[1],
        OURS: by("harmonic mean"),
    }


def _alike(members: Sequence[Member], names: Sequence[str]) -> Scores:
    """Cosine of declared attributes: numbers standardised, words 0 or 1 less their share."""
    table = columns(members, names)
    encoded = blank(table).encode(table)
    unit = encoded / np.maximum(np.linalg.norm(encoded, axis=1, keepdims=True), 1e-9)
    row = {m.id: i for i, m in enumerate(members)}
    return lambda source, met: np.asarray(unit[[row[m] for m in met]] @ unit[row[source]])


class Liked:
    """How many accepted somebody, of those who decided about them; the asker's own word never counts."""

    def __init__(self, known: Sequence[Decision]) -> None:
        self._about: defaultdict[str, list[Decision]] = defaultdict(list)
        for decision in known:
            self._about[decision.target].append(decision)
        self._when = {(d.source, d.target): d.time for d in known}
        self._usual = float(np.mean([d.accepted for d in known])) if known else 0.0

    def so_far(self, source: str, met: Sequence[str]) -> np.ndarray:
        """(n,) by what had been decided when the asker met each."""
        return np.array([self._share(m, source, self._when[source, m]) for m in met])

    def by_all_others(self, source: str, met: Sequence[str]) -> np.ndarray:
        """(n,) by what was decided at any time."""
        return np.array([self._share(m, source, None) for m in met])

    def _share(self, target: str, but: str, before: int | None) -> float:
        said = [
            d.accepted for d in self._about[target] if d.source != but and (before is None or d.time < before)
        ]  # fmt: skip
        return (sum(said) + SMOOTHING * self._usual) / (len(said) + SMOOTHING)


def _figures(
    queries: Sequence[MutualQuery], methods: Mapping[str, Scores], seed: int
) -> dict[str, dict[str, np.ndarray]]:
    """(Q,) of each metric by method; ties are broken by the same generator, and chance is the mean of several."""
    out: dict[str, list[np.ndarray]] = {RANDOM: [], **{name: [] for name in methods}}
    rng = np.random.default_rng(seed)
    for query in queries:
        met = sorted(query.met)
        right = np.array([m in query.targets for m in met])
        drawn = [_qualities(rng.random(len(met)), right, rng) for _ in range(RANDOM_ORDERS)]
        out[RANDOM].append(np.mean(drawn, axis=0))
        for name, scores in methods.items():
            out[name].append(_qualities(scores(query.source, met), right, rng))
    return {name: dict(zip(METRICS, np.array(rows).T, strict=True)) for name, rows in out.items()}


def _qualities(scores: np.ndarray, right: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(3,) as METRICS. AUC: the chance that somebody chosen both ways stands above somebody who was not."""
    found = metrics.quality(scores, right, rng)
    auc = np.mean([metrics.chance_above(score, scores[~right]) for score in scores[right]])
    return np.array([found.reciprocal_rank, found.ndcg, auc])


def _occasion_of(known: Sequence[Decision]) -> dict[str, str]:
    """The occasion each member was at; where there is but one, members stand for themselves."""
    number = occasions(known)
    if len(np.unique(number)) > 1:
        return {d.source: str(n) for d, n in zip(known, number, strict=True)}
    return {d.source: d.source for d in known}


def _interval(values: np.ndarray, clusters: Sequence[str], seed: int) -> Interval:
    return Interval(*metrics.bootstrap(values, seed, clusters=clusters, resamples=RESAMPLES))


def as_values(archive: str, seed: int, blocks: Sequence[Block]) -> dict[str, Any]:
    """Nested dictionaries of text and finite numbers, for JSON."""

    def intervals(found: Mapping[str, Mapping[str, Interval]]) -> dict[str, Any]:
        return {name: {metric: interval(one) for metric, one in of.items()} for name, of in found.items()}

    return {
        "archive": archive,
        "seed": seed,
        "tasks": {
            "mutual": [
                {
                    "held_out": block.name,
                    "queries": block.queries,
                    "occasions": block.occasions,
                    "methods": intervals(block.methods),
                    "gains_over": intervals(block.gains),
                }
                for block in blocks
            ]
        },
    }
