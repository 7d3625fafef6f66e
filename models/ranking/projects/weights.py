"""What tells of who joins a project, and of who does one: weights that ship, moved by a community's own past."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from models.community.view import Community
from models.features.columns import by_name
from models.ranking.projects import likely, open_projects, participation
from models.shipped import parts

DIGITS = 4


@dataclass(frozen=True, eq=False)
class ProjectWeights:
    """Log odds: `joining` (F,) float32 by `open_projects.COLUMNS`, `doing` (D,) by `likely.COLUMNS`.

    The `intercept` of joining gives the third of a usual list log odds of 0.
    """

    intercept: float
    joining: np.ndarray
    doing: np.ndarray

    def __post_init__(self) -> None:
        if not np.isfinite([self.intercept, *self.joining, *self.doing]).all():
            raise ValueError("a weight of projects is not a number")


@cache
def shipped() -> ProjectWeights:
    """Those that come with Yiqi."""
    return from_json(parts.read(parts.PROJECTS))


def learnt(view: Community) -> ProjectWeights:
    """Those that ship, moved by what told here; as they are where there are too few projects."""
    start = shipped()
    return ProjectWeights(start.intercept, participation.moved(view, start.joining), likely.moved(view, start.doing))


def serving(view: Community, of_night: ProjectWeights | None) -> ProjectWeights:
    """What a night learnt. Before one, what is learnt where the view is made, and anew when a project changed."""
    return of_night or view.projects.fitted.get("project weights", lambda: learnt(view))


def to_json(weights: ProjectWeights) -> bytes:
    """Readable JSON."""
    data = {
        "joining": {
            "intercept": round(weights.intercept, DIGITS), "weights": _named(weights.joining, open_projects.COLUMNS)
        },
        "doing": {"weights": _named(weights.doing, likely.COLUMNS)},
    }  # fmt: skip
    return json.dumps(data, indent=1).encode() + b"\n"


def from_json(text: bytes) -> ProjectWeights:
    """What `to_json` gave, also of another version. Raises ValueError for anything else."""
    try:
        data = json.loads(text)
        return ProjectWeights(
            intercept=float(data["joining"]["intercept"]),
            joining=np.array(by_name(data["joining"]["weights"], open_projects.COLUMNS), np.float32),
            doing=np.array(by_name(data["doing"]["weights"], likely.COLUMNS)),
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"no readable weights of projects: {problem!r}") from problem


def column_names(data: Mapping[str, Any]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """(columns that the JSON of `to_json` has, columns of this version) of each table."""
    yield tuple(data["joining"]["weights"]), open_projects.COLUMNS
    yield tuple(data["doing"]["weights"]), likely.COLUMNS


def _named(weights: np.ndarray, columns: Sequence[str]) -> dict[str, float]:
    return {column: round(float(w), DIGITS) for column, w in zip(columns, weights, strict=True)}
