"""What an evaluation found: figures of every method at every cut, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from training.evaluation import judging
from training.evaluation.judging import COMPARED, METRICS, Exposure, Gain, Interval, PerQuery
from training.evaluation.trial import Trial
from training.labels.tasks import Task

OURS = "Yiqi"


@dataclass(frozen=True, slots=True)
class Summary:
    """What the figures of some queries come to. `gains`: by metric, ours over the best simple baseline."""

    intervals: dict[str, dict[str, Interval]]  # by method, by metric
    gains: dict[str, Gain]


@dataclass(frozen=True)
class Judged:
    """One task at one cut: figures of every method, `OURS` among them, last; exposures where members ask."""

    trial: Trial
    methods: dict[str, PerQuery]
    exposure: Exposure | None
    exposure_by_recent: Exposure | None
    model: str
    seed: int

    @cached_property
    def summary(self) -> Summary:
        """What the figures come to; single queries are drawn anew."""
        return summarise(self.methods, self.seed)


class LeftOut(NamedTuple):
    """A task that could not be judged at a cut, and why."""

    task: Task
    reason: str


@dataclass(frozen=True)
class Evaluation:
    """Everything that was judged, by task, in the order of the cuts; `left_out` says where it could not be."""

    archive: str
    encoder: str
    seed: int
    judged: dict[Task, list[Judged]]
    left_out: tuple[LeftOut, ...]

    @cached_property
    def pooled(self) -> dict[Task, Summary]:
        """All cuts of a task together. Windows overlap, so whole askers are drawn anew."""
        return {task: summarise(_together(judged), self.seed, by_asker=True) for task, judged in self.judged.items()}


def summarise(methods: Mapping[str, PerQuery], seed: int, by_asker: bool = False) -> Summary:
    """Means with intervals, and gains over the best simple baseline of each metric."""
    intervals = {
        name: {metric: method.interval(metric, seed + 1, by_asker) for metric in METRICS}
        for name, method in methods.items()
    }
    gains = {}
    for metric in COMPARED:
        if methods[OURS].weights[metric].any():
            rival = judging.best(methods, metric, OURS)
            gains[metric] = judging.gain(methods, OURS, rival, metric, seed + 2, by_asker)
    return Summary(intervals, gains)


def _together(judged: Sequence[Judged]) -> dict[str, PerQuery]:
    return {name: judging.pool([one.methods[name] for one in judged]) for name in judged[0].methods}
