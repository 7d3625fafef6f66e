"""Which ranker is judged at a cut: one that is there already, or one learnt from the past before the cut."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from models.community.view import Community
from models.files.sealed import ArtifactError
from models.ranking import artifact
from models.ranking.ranker import Ranker, from_json
from training.evaluation.protocol import RankerAt
from training.evaluation.record import Cut, EvaluationError, Recorded, past
from training.evaluation.vectors import TextVectors
from training.labels.feedback import Asking
from training.nightly.judging import folds
from training.nightly.past import past_of, views
from training.nightly.recipe import STANDARD
from training.nightly.windows import Asked, ask, longest, who_came_back, windows


def fixed(ranker: Ranker) -> RankerAt:
    """The same ranker at every cut."""
    return lambda recorded, today, cut, vectors: ranker


def local(prior: Ranker, seed: int) -> RankerAt:
    """What a night just before each cut would learn, beginning with `prior`, and before any gate."""
    return partial(_learnt, prior=prior, seed=seed)


def from_file(path: Path) -> tuple[Ranker, int]:
    """The ranker of a file of weights or of an artifact's folder, and the time that its newest label lies before.

    That time is 0 for a file, which is taken to be learnt from other communities. Raises EvaluationError.
    """
    try:
        if path.is_dir():
            ranker, manifest = artifact.read(path)
            return ranker, manifest.trained_through
        return from_json(path.read_text(encoding="utf8")), 0
    except ArtifactError as error:
        raise EvaluationError(f"{path}: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise EvaluationError(f"{path} holds no ranker: {error}") from error


def _learnt(
    recorded: Recorded, today: Community, cut: Cut, vectors: TextVectors, *, prior: Ranker, seed: int
) -> Ranker:
    before = past_of(past(recorded, cut.time), recorded.name)
    found = longest(windows(before.event_times), before.end)
    finished_by = next((fold.judged[0] for fold in folds(found, 0)[-1:]), None)
    compare = STANDARD.compare(vectors.encode)
    asked: dict[Asking, list[Asked]] = {}
    then: tuple[Community, np.ndarray] | None = None
    cuts = [window.cut for window in found]
    seen = views(before, cuts, vectors.embed, vectors.dimension, vectors.encoder)
    for window, (_, view) in zip(found, seen, strict=True):
        for task, of_task in ask(before.history, view, window, compare, seed).items():
            asked.setdefault(task, []).extend(of_task)
        if window == finished_by:
            back = who_came_back(before.history, window)
            then = view, np.array([member in back for member in view.ids], bool)
    ranker = STANDARD.fit(asked, prior, seed)
    return STANDARD.finish(ranker, today, then, {}, lambda done, total: None) if STANDARD.finish and then else ranker
