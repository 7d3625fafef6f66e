"""The whole evaluation: cut the record, ask the product and the baselines, judge both by what came next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import get_args

from models.community.view import Community
from models.ranking.ranker import Ranker
from training.evaluation import asking, judging
from training.evaluation.baselines import baselines
from training.evaluation.record import Cut, EvaluationError, Recorded, cut_at
from training.evaluation.results import OURS, Evaluation, Judged, LeftOut
from training.evaluation.trial import HEAD, Trial, trial
from training.evaluation.vectors import TextVectors
from training.labels.tasks import Task

TASKS: tuple[Task, ...] = get_args(Task)
CUTS = (0.5, 0.6, 0.7, 0.8)
EARLIEST, LATEST = 0.2, 0.95

# The ranker to ask at a cut, of the community as it stood then: what it learnt must lie before it.
RankerAt = Callable[[Recorded, Community, Cut, TextVectors], Ranker]
# (what is being done, how much is done, out of how much or None when nobody knows)
Report = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is judged at each cut, and what cannot be: worked out before anything is encoded or ranked."""

    recorded: Recorded
    trials: tuple[tuple[Cut, tuple[Trial, ...]], ...]
    left_out: tuple[LeftOut, ...]


def plan(recorded: Recorded, tasks: Sequence[Task], shares: Sequence[float]) -> Plan:
    """Tasks at cuts (shares of the events, between 0.2 and 0.95); no task means all that the archive has.

    A task that cannot be judged at a cut is left out there. Raises EvaluationError when nothing is left, or a task that
    was asked for cannot be judged at any cut.
    """
    wanted = [task for task in TASKS if task in (tasks or TASKS)]
    left_out: list[LeftOut] = []
    cuts = [cut_at(recorded, share) for share in sorted(set(shares))]
    trials = tuple((cut, tuple(_trials(recorded, wanted, cut, left_out))) for cut in cuts)
    possible = {one.task for _, of_cut in trials for one in of_cut}
    missing = [task for task in wanted if task not in possible]
    if missing and (tasks or not possible):
        reasons = "; ".join(one.reason for one in left_out if one.task in missing)
        raise EvaluationError(f"{recorded.name} cannot be judged: {reasons}")
    return Plan(recorded, trials, tuple(one for one in left_out if one.task in possible))


def evaluate(plan: Plan, ranker_at: RankerAt, vectors: TextVectors, seed: int, report: Report) -> Evaluation:
    """Carry out a plan."""
    judged: dict[Task, list[Judged]] = {}
    for cut, trials in plan.trials:
        if trials:
            for one in _judge_cut(plan.recorded, cut, trials, ranker_at, vectors, seed, report):
                judged.setdefault(one.trial.task, []).append(one)
    in_order = {task: judged[task] for task in TASKS if task in judged}
    return Evaluation(plan.recorded.name, vectors.encoder, seed, in_order, plan.left_out)


def _trials(recorded: Recorded, tasks: Sequence[Task], cut: Cut, left_out: list[LeftOut]) -> Iterator[Trial]:
    for task in tasks:
        try:
            yield trial(recorded, task, cut)
        except EvaluationError as error:
            left_out.append(LeftOut(task, str(error)))


def _judge_cut(
    recorded: Recorded,
    cut: Cut,
    trials: Sequence[Trial],
    ranker_at: RankerAt,
    vectors: TextVectors,
    seed: int,
    report: Report,
) -> list[Judged]:
    at = f"{cut.share:.0%}"
    vectors.step = partial(report, f"{at} vectors")
    view = asking.view_at(recorded, cut.time, vectors.embed, vectors.dimension, vectors.encoder)
    ranker = ranker_at(recorded, view, cut, vectors)
    vectors.save()
    judged = []
    for head, group in groupby(trials, key=lambda one: HEAD[one.task]):
        alike = list(group)
        answers = asking.ask(view, ranker, alike, vectors.encode, partial(report, f"{at} {head}"))
        judged += [
            _judge(recorded, one, view, answer, ranker, vectors, seed)
            for one, answer in zip(alike, answers, strict=True)
        ]
    return judged


def _judge(
    recorded: Recorded,
    one: Trial,
    view: Community,
    answers: asking.Answers,
    ranker: Ranker,
    vectors: TextVectors,
    seed: int,
) -> Judged:
    methods = baselines(recorded, one, view, vectors.encode, seed) | {OURS: answers.scores}
    figures = judging.judge(one, methods, seed)
    if one.audience is None:
        return Judged(one, figures, None, None, ranker.version, seed)
    by_recent = asking.by_recent_activity(one.audience)
    return Judged(
        trial=one,
        methods=figures,
        exposure=judging.exposure(answers.shown, one.audience),
        exposure_by_recent=judging.exposure(by_recent, one.audience),
        model=ranker.version,
        seed=seed,
    )
