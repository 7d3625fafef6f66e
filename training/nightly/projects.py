"""What a night learns of who joins a project and who does one; either stays as it ships where that foretold better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.community.view import Community
from models.domain.records import Micros
from models.ranking.artifact import Gate
from models.ranking.projects import habits, likely, participation, weights
from models.ranking.projects.habits import Choice
from models.ranking.projects.weights import ProjectWeights
from training.metrics import ndcg, paired_bootstrap

FEWEST_CHOICES = 20  # of fewer nobody can tell, and what was learnt is taken, as before the first night
ONE_SIDED = 0.9  # the level of an interval whose upper bound is missed in one of twenty cases


@dataclass(frozen=True, slots=True)
class Learnt:
    """`weights` are None where there are too few projects to learn from."""

    weights: ProjectWeights | None = None
    gates: tuple[Gate, ...] = ()


def learn(then: Community, today: Community, since: Micros) -> Learnt:
    """Learnt from all of today's projects. A twin, learnt from the view `then`, just before `since`, foretells those
    that came later; where it is surely behind the weights that ship, these are taken."""
    if habits.newest(today) is None:
        return Learnt()
    twin, now, ships = weights.learnt(then), weights.learnt(today), weights.shipped()
    rows, places = habits.begun(today, since), participation.PLACES
    joined = list(participation.choices(today, since, rows)) if len(rows) else []
    done = likely.choices(today, since, rows) if len(rows) else []
    joining_is_good, joins = _judged("who joins", joined, twin.joining[places], ships.joining[places])
    doing_is_good, does = _judged("who does", done, twin.doing, ships.doing)
    found = ProjectWeights(
        intercept=ships.intercept,
        joining=now.joining if joining_is_good else ships.joining,
        doing=now.doing if doing_is_good else ships.doing,
    )
    return Learnt(found, (joins, does))


def _judged(what: str, asked: Sequence[Choice], twin: np.ndarray, ships: np.ndarray) -> tuple[bool, Gate]:
    """Whether what was learnt is good enough, and the gate, which either of the two has passed."""
    if len(asked) < FEWEST_CHOICES:
        return True, Gate(what, True, 0.0, 0.0, f"{what} projects: {len(asked)} are too few to judge by.")
    ours, theirs = (np.array([ndcg(matrix @ of, right) for matrix, right in asked]) for of in (twin, ships))
    gain, low, high = paired_bootstrap(ours, theirs, 0, level=ONE_SIDED)
    taken = high >= 0
    sentence = f"{what} projects: NDCG@10 {gain:+.3f} ({low:+.3f} to {high:+.3f}) against the weights that ship"
    return taken, Gate(what, True, gain if taken else 0.0, 0.0, sentence + ("." if taken else ", which stay."))
