"""Turns a feature matrix into scores. The first ranker is linear: weights a head, fitted on several communities' pasts.

A head is a kind of question. The score of a pair is reciprocal: the mean of the logits of both directions, so a pair
ranks high only when each is worth something to the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import numpy as np

from models.features import COLUMN, COLUMNS

Head = Literal["peers", "collaborators", "brief", "question", "search"]
HEADS: tuple[Head, ...] = ("peers", "collaborators", "brief", "question", "search")


@dataclass(frozen=True)
class Ranker:
    """Linear weights (F,) and an intercept a head. `version` travels with every answer."""

    version: str
    weights: Mapping[Head, np.ndarray]
    intercepts: Mapping[Head, float]

    def score(self, head: Head, features: np.ndarray) -> np.ndarray:
        """(n,) logits of (n, F) features."""
        logits: np.ndarray = features @ self.weights[head] + self.intercepts[head]
        return logits.astype(np.float32)

    def contributions(self, head: Head, features: np.ndarray) -> np.ndarray:
        """(n, F) what each column adds to the logit."""
        return np.asarray(features * self.weights[head])


def shipped() -> Ranker:
    """The ranker that comes with the product."""
    return from_json(files("models").joinpath("prior.json").read_text(encoding="utf8"))


def from_json(text: str) -> Ranker:
    """A ranker from the JSON text of `to_json`. Raises ValueError on unknown columns or heads."""
    data = json.loads(text)
    weights, intercepts = {}, {}
    for head in HEADS:
        row = np.zeros(len(COLUMNS), np.float32)
        for name, weight in data["heads"][head]["weights"].items():
            if name not in COLUMN:
                raise ValueError(f"unknown feature column {name!r}")
            row[COLUMN[name]] = weight
        weights[head], intercepts[head] = row, float(data["heads"][head]["intercept"])
    return Ranker(version=str(data["version"]), weights=weights, intercepts=intercepts)


def to_json(ranker: Ranker) -> str:
    """Readable JSON: only columns whose weight is not 0."""
    heads = {
        head: {
            "intercept": round(ranker.intercepts[head], 4),
            "weights": {
                c: round(float(w), 4) for c, w in zip(COLUMNS, ranker.weights[head], strict=True) if abs(w) > 5e-5
            },
        }
        for head in HEADS
    }
    return json.dumps({"version": ranker.version, "heads": heads}, indent=1) + "\n"
