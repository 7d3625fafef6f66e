"""An evaluation as plain values, for JSON. What cannot be judged is null."""

from __future__ import annotations

import math
from typing import Any

from models.archive.times import format_time
from training.evaluation.judging import Exposure, Gain, Interval
from training.evaluation.results import OURS, Evaluation, Judged, Summary


def as_values(evaluation: Evaluation) -> dict[str, Any]:
    """Nested dictionaries of text and finite numbers, by task: every cut, and all of them pooled."""
    return {
        "archive": evaluation.archive,
        "encoder": evaluation.encoder,
        "seed": evaluation.seed,
        "tasks": {
            task: {"cuts": [_cut(one) for one in judged], "pooled": _summary(evaluation.pooled[task])}
            for task, judged in evaluation.judged.items()
        },
        "left_out": [one.reason for one in evaluation.left_out],
    }


def _cut(judged: Judged) -> dict[str, Any]:
    trial = judged.trial
    return {
        "cut": trial.cut.share,
        "time": format_time(trial.cut.time),
        "until": format_time(trial.cut.until),
        "model_version": judged.model,
        "queries": len(trial.asked),
        "candidates": len(trial.candidates),
        "mean_targets": _number(sum(len(targets) for targets in trial.targets) / len(trial.targets)),
        **_summary(judged.summary),
        "shown": _exposure(judged.exposure),
        "shown_by_recent_activity": _exposure(judged.exposure_by_recent),
    }


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "methods": {
            name: {metric: interval(found) for metric, found in metrics.items()}
            for name, metrics in summary.intervals.items()
        },
        "gains": {metric: {"of": OURS, **_gain(found)} for metric, found in summary.gains.items()},
    }


def _gain(found: Gain) -> dict[str, Any]:
    return {"over": found.over, **interval(found.gain), "ratio": _number(found.ratio)}


def interval(found: Interval) -> dict[str, Any]:
    """A mean and its bounds; what cannot be told is null."""
    return {"mean": _number(found.mean), "low": _number(found.low), "high": _number(found.high)}


def _exposure(found: Exposure | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "ghosts10": _number(found.ghosts10),
        "seen10": _number(found.seen10),
        "gini10": _number(found.gini10),
    }


def _number(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None
