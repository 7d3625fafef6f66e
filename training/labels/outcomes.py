"""The outcome chain as labels: who went how far with whom after a cut, by what was said about it and by what was done.

Explicit are the recorded outcomes. Implicit are the first reply or mention, the first thread or project shared by at
most 25, and dealing with one another still, 30 and 90 days after the first contact. The deeper, the greater the gain.

What we showed was seen more often the higher it stood. So a gain that follows a showing is divided by the chance that
the place was looked at (inverse propensity; Joachims, Swaminathan and Schnabel, "Unbiased learning-to-rank with biased
feedback", WSDM 2017); contacts that nobody showed count as they are. docs/experiments/nights.md has figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from models.domain.records import DAY, Message, Outcome, Project
from training.labels.explicit_choices import Pair
from training.labels.tasks import CONNECTING_SIZE, LabelledQuery, Task, pairs

GradedHead = Literal["peers", "collaborators"]
Stage: TypeAlias = Literal[
    "accepted", "shared_thread", "talked", "met", "helped", "built_together", "still_together", "together_30d",
    "together_90d",
]  # fmt: skip
GAINS: dict[Stage, float] = {
    "accepted": 1.0,
    "shared_thread": 1.0,
    "talked": 2.0,
    "met": 4.0,
    "helped": 6.0,
    "built_together": 8.0,
    "still_together": 12.0,
    "together_30d": 12.0,
    "together_90d": 16.0,
}
REFUSALS = frozenset({"dismissed", "declined"})
ALREADY_THERE: dict[GradedHead, float] = {"peers": GAINS["talked"], "collaborators": GAINS["built_together"]}
IMPLICIT: dict[GradedHead, dict[Task, Stage]] = {
    "peers": {"topic": "shared_thread", "direct": "talked", "project": "built_together"},
    "collaborators": {"project": "built_together"},
}
LASTING: tuple[tuple[int, Stage], ...] = ((30 * DAY, "together_30d"), (90 * DAY, "together_90d"))

MOST_WEIGHT = 10.0  # of one gain, however seldom its place is looked at
REFUSED = 3.0  # how many unseen candidates somebody refused counts for


@dataclass(frozen=True, slots=True)
class Slate:
    """What an answer showed, out of its token: to whom ("" for a goal of nobody), the ids, best first, and what for."""

    source: str
    ids: tuple[str, ...]
    head: GradedHead = "peers"


@dataclass(frozen=True, slots=True)
class GradedQuery(LabelledQuery):
    """A query whose targets differ in worth.

    `gains` by target, above 0, corrected for the place in which they were shown. `weight` of the query in a loss that
    shares 1 out among its targets: the mean of those corrections, without which a target seldom seen would count no
    more for being alone. `emphasis`: how many unseen candidates a refused one counts for. `known` are neither right nor
    wrong: they knew each other, or had come as far already. `among`: nobody else is a candidate; None: everybody is.
    """

    gains: Mapping[str, float] = field(default_factory=dict)
    weight: float = 1.0
    emphasis: Mapping[str, float] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    among: frozenset[str] | None = None

    def labels(self, ids: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(gains, emphasis, counts) of candidates: (n,) float32, (n,) float32, (n,) bool, False for the known, and for
        who is not among those compared."""
        return (
            np.array([self.gains.get(i, 0.0) for i in ids], np.float32),
            np.array([self.emphasis.get(i, 1.0) for i in ids], np.float32),
            np.array([i not in self.known and (self.among is None or i in self.among) for i in ids], bool),
        )


class Deed(NamedTuple):
    """`source` came this far with `target`; what both did is noted from either side."""

    time: int
    source: str
    target: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Course:
    """How far everybody had come with whom by the end of a window, all by (source, target).

    `before` are the gains from before the cut, `since` (gain, time of the first step) of steps since; `said` those
    pairs of `since` of whom an outcome tells. `known` need no introduction. `refused` holds the times of refusals since
    the cut that were the last word, `places` (time, place) of each showing.
    """

    before: Mapping[Pair, float]
    since: Mapping[Pair, tuple[float, int]]
    said: frozenset[Pair]
    known: frozenset[Pair]
    refused: Mapping[Pair, int]
    places: Mapping[Pair, Sequence[tuple[int, int]]]

    def fresh(self) -> Iterator[tuple[Pair, float, int]]:
        """(pair, gain, time of the first step) of those who came further than before, by pair."""
        for pair, (gain, time) in sorted(self.since.items()):
            if pair not in self.known and pair not in self.refused and gain > self.before.get(pair, 0.0):
                yield pair, gain, time

    def corrected(self, pair: Pair, gain: float, time: int) -> float:
        """The gain over the chance that the place was looked at, where the one was shown to the other by then."""
        return gain * _correction(self.places.get(pair, ()), time)


def graded(
    head: GradedHead,
    messages: Sequence[Message],
    projects: Sequence[Project],
    outcomes: Sequence[Outcome],
    slates: Mapping[str, Slate],
    cut: int,
    until: int,
) -> list[GradedQuery]:
    """A query a member who came further with somebody in [cut, until), by id. `slates`: what tokens say, by token.

    Messages and projects come in order of time. Nothing at or after `until` is looked at.
    """
    run = course(head, messages, projects, outcomes, slates, cut, until)
    plain: defaultdict[str, dict[str, float]] = defaultdict(dict)
    corrected: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for (source, target), gain, time in run.fresh():
        plain[source][target] = gain
        corrected[source][target] = run.corrected((source, target), gain, time)
    return [
        GradedQuery(
            source,
            frozenset(gains),
            gains=gains,
            weight=sum(gains.values()) / sum(plain[source].values()),
            emphasis={t: REFUSED for s, t in run.refused if s == source},
            known=frozenset(t for s, t in run.known if s == source),
        )
        for source, gains in corrected.items()
    ]


def course(
    head: GradedHead,
    messages: Sequence[Message],
    projects: Sequence[Project],
    outcomes: Sequence[Outcome],
    slates: Mapping[str, Slate],
    cut: int,
    until: int,
) -> Course:
    """What `graded` and `training.labels.feedback` make labels of. Nothing at or after `until` is looked at."""
    told = sorted((o for o in outcomes if o.time < until), key=lambda o: (o.time, o.id))
    explicit = list(_explicit(told))
    deeds = [d for d in (*_implicit(head, messages, projects), *explicit) if d.time < until]
    deeds += _lasting(deeds)
    before, since = _depths(deeds, cut)
    known = _known(told) | {pair for pair, gain in before.items() if gain >= ALREADY_THERE[head]}
    return Course(
        before=before,
        since=since,
        said=frozenset((d.source, d.target) for d in explicit if d.time >= cut),
        known=frozenset(known),
        refused={pair: time for pair, time in _refused(told).items() if time >= cut},
        places=_places(told, slates),
    )


def propensity(position: int) -> float:
    """Chance that the place (1 is the first) of an answer was looked at, 1 for the first: 1 / log2(1 + place)."""
    return float(1 / np.log2(1 + position))


def _implicit(head: GradedHead, messages: Sequence[Message], projects: Sequence[Project]) -> Iterator[Deed]:
    for task, stage in IMPLICIT[head].items():
        for time, u, v, size in pairs(task, messages, projects):
            if size <= CONNECTING_SIZE:
                yield Deed(time, u, v, stage)
                yield Deed(time, v, u, stage)


def _explicit(outcomes: Sequence[Outcome]) -> Iterator[Deed]:
    """To accept is a wish of one; what is deeper happened to both."""
    for o in outcomes:
        stage: Stage | None = next((s for s in GAINS if s == o.kind), None)
        if stage:
            yield Deed(o.time, o.source, o.target, stage)
            if stage != "accepted":
                yield Deed(o.time, o.target, o.source, stage)


def _lasting(deeds: Sequence[Deed]) -> list[Deed]:
    """Who still deals with one another 30 and 90 days after they first did."""
    first: dict[Pair, int] = {}
    out = []
    for deed in sorted(d for d in deeds if GAINS[d.stage] >= GAINS["talked"]):
        begun = first.setdefault((deed.source, deed.target), deed.time)
        out += [deed._replace(stage=stage) for after, stage in LASTING if deed.time - begun >= after]
    return out


def _depths(deeds: Sequence[Deed], cut: int) -> tuple[dict[Pair, float], dict[Pair, tuple[float, int]]]:
    """How far each pair had come before the cut, and how far since, with the time of the first step since."""
    before: dict[Pair, float] = {}
    since: dict[Pair, tuple[float, int]] = {}
    for deed in sorted(deeds):
        pair, gain = (deed.source, deed.target), GAINS[deed.stage]
        if deed.time < cut:
            before[pair] = max(gain, before.get(pair, 0.0))
        else:
            most, begun = since.get(pair, (0.0, deed.time))
            since[pair] = max(gain, most), begun
    return before, since


def _known(outcomes: Sequence[Outcome]) -> set[Pair]:
    return {pair for o in outcomes if o.kind == "already_known" for pair in _either_way(o)}


def _either_way(outcome: Outcome) -> tuple[Pair, Pair]:
    return (outcome.source, outcome.target), (outcome.target, outcome.source)


def _refused(outcomes: Sequence[Outcome]) -> dict[Pair, int]:
    """When somebody refused somebody, where that was their last word on it."""
    last = {(o.source, o.target): o for o in outcomes if o.kind != "shown"}
    return {pair: o.time for pair, o in last.items() if o.kind in REFUSALS}


def _places(outcomes: Sequence[Outcome], slates: Mapping[str, Slate]) -> dict[Pair, list[tuple[int, int]]]:
    """(time, place) of every showing of `target` to `source`, as outcomes tell of it. A reply from the other side, or
    without a token, tells of none."""
    out: defaultdict[Pair, list[tuple[int, int]]] = defaultdict(list)
    for o in outcomes:
        slate = slates.get(o.token) if o.token else None
        if slate and slate.source in ("", o.source) and o.target in slate.ids:
            out[o.source, o.target].append((o.time, slate.ids.index(o.target) + 1))
    return out


def _correction(showings: Sequence[tuple[int, int]], time: int) -> float:
    """What a gain is multiplied with: by the best place in which it was shown by then, 1 when it was not shown."""
    seen = [place for at, place in showings if at <= time]
    return min(MOST_WEIGHT, 1 / propensity(min(seen))) if seen else 1.0
