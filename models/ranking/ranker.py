"""Turns a feature matrix into scores. The first ranker is linear: weights a head, fitted on several communities' pasts.

A head is a kind of question. The score of a pair is reciprocal: the mean of the logits of both directions, so a pair
ranks high only when each is worth something to the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from models.community import attribute_preferences
from models.community import lsa as towers
from models.community.view import Community
from models.features.columns import by_name
from models.features.matrix import COLUMN, COLUMNS, NOTHING_LEARNT, Learnt, feature_of
from models.ranking import exposure as exposures
from models.ranking import return_probability
from models.ranking.exposure import Exposure
from models.ranking.projects import weights as projects
from models.ranking.projects.weights import ProjectWeights
from models.shipped import parts

# "strangers": of those who share no acquaintance with the member who asks, whom to meet.
Head = Literal["peers", "collaborators", "strangers", "brief", "question", "search"]
MEMBER_HEADS: tuple[Head, ...] = ("peers", "collaborators")  # a member asks; else a text does
HEADS: tuple[Head, ...] = ("peers", "collaborators", "strangers", "brief", "question", "search")


SHARE = 0.2  # of places for strangers, where neither a request nor a night says otherwise (docs/experiments/ranking.md)
# How much of the log of presence counts, in standard deviations of the logits of a query: communities differ tenfold in
# how far apart these lie (docs/experiments/ranking.md).
HERE = 0.3
LEAST_LIKELY = 1e-3
STATED = np.array([feature_of(c).group == "profile" for c in COLUMNS])


@dataclass(frozen=True)
class Ranker:
    """Linear weights (F,) and an intercept a head. `version` travels with every answer."""

    version: str
    weights: Mapping[Head, np.ndarray]
    intercepts: Mapping[Head, float]
    learnt: Learnt = NOTHING_LEARNT
    # The share of new people in a list who should be strangers, where the request says nothing.
    shares: Mapping[Head, float] = field(default_factory=lambda: dict.fromkeys(MEMBER_HEADS, SHARE))
    exposure: Exposure | None = None  # None: no seats, lists go by the ranker alone
    projects: ProjectWeights | None = None  # None: no night learnt them (`models.ranking.projects.weights.serving`)

    def score(self, head: Head, features: np.ndarray) -> np.ndarray:
        """(n,) logits of (n, F) features."""
        logits: np.ndarray = features @ self.weights[head] + self.intercepts[head]
        return logits.astype(np.float32)

    def score_strangers(self, head: Head, features: np.ndarray) -> np.ndarray:
        """(n,) logits of (n, F) features among people without a common acquaintance. What people state about
        themselves counts as in `head`."""
        weights = np.where(STATED, self.weights[head], self.weights["strangers"])
        return np.asarray(features @ weights, np.float32)

    def likely_here(self, view: Community) -> np.ndarray:
        """(N,) what is added to the logit of a pair, in standard deviations of its query, for how likely each member is
        to be here; 0 or less."""
        presence = self.exposure.presence if self.exposure else return_probability.shipped()
        return np.asarray(HERE * np.log(np.maximum(presence.probability(view), LEAST_LIKELY)), np.float32)

    def contributions(self, head: Head, features: np.ndarray) -> np.ndarray:
        """(n, F) what each column adds to the logit."""
        return np.asarray(features * self.weights[head])

    def without(self, member: str) -> Ranker:
        """The same ranker, knowing nothing of this member; weights know of nobody."""
        return replace(self, exposure=self.exposure.without(member) if self.exposure else None)


def shipped() -> Ranker:
    """The ranker that comes with the product."""
    return from_json(parts.read(parts.RANKER).decode())


def from_json(text: str) -> Ranker:
    """A ranker from the JSON text of `to_json`, by this version. Raises ValueError on unknown columns or heads."""
    data = json.loads(text)
    if unknown := [name for head in HEADS for name in data["heads"][head]["weights"] if name not in COLUMN]:
        raise ValueError(f"unknown feature column {unknown[0]!r}")
    return _ranker(data)


def _ranker(data: Mapping[str, Any]) -> Ranker:
    """A ranker from the values of `to_json`, by whichever version: what is unknown by now is left out."""
    weights = {head: np.array(by_name(data["heads"][head]["weights"], COLUMNS), np.float32) for head in HEADS}
    intercepts = {head: float(data["heads"][head]["intercept"]) for head in HEADS}
    shares: dict[Head, float] = {head: float(data.get("shares", {}).get(head, SHARE)) for head in MEMBER_HEADS}
    return Ranker(version=str(data["version"]), weights=weights, intercepts=intercepts, shares=shares)


def from_files(files_: Mapping[str, bytes]) -> Ranker:
    """A ranker from what `to_files` gave, by whichever version. Raises ValueError when it cannot be read."""
    try:
        texts = {name: content.decode() for name, content in files_.items() if name.endswith(".json")}
        ranker = _ranker(json.loads(texts["ranker.json"]))
        choice = attribute_preferences.from_json(texts["choice.json"]) if "choice.json" in texts else None
        seats = exposures.from_json(json.loads(texts["exposure.json"])) if "exposure.json" in texts else None
        of_night = projects.from_json(files_["projects.json"]) if "projects.json" in files_ else None
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as problem:
        raise ValueError(f"no readable ranker: {problem!r}") from problem
    tower = towers.from_bytes(files_["tower.npz"]) if "tower.npz" in files_ else None
    return replace(ranker, learnt=Learnt(choice, tower), exposure=seats, projects=of_night)


def column_names(files_: Mapping[str, bytes]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """(columns there, columns of this version) of each table of what `to_files` gave, beside the feature matrix."""
    if "exposure.json" in files_:
        presence = json.loads(files_["exposure.json"])["presence"]
        yield tuple(presence["weights"]), return_probability.COLUMNS
    if "projects.json" in files_:
        yield from projects.column_names(json.loads(files_["projects.json"]))


def to_files(ranker: Ranker) -> dict[str, bytes]:
    """What an artifact holds of a ranker: file names with their contents."""
    texts = {"ranker.json": to_json(ranker)}
    if ranker.learnt.choice:
        texts["choice.json"] = attribute_preferences.to_json(ranker.learnt.choice)
    if ranker.exposure:
        texts["exposure.json"] = json.dumps(exposures.to_json(ranker.exposure), ensure_ascii=False)
    found = {name: text.encode() for name, text in texts.items()}
    if ranker.projects:
        found["projects.json"] = projects.to_json(ranker.projects)
    return found | ({"tower.npz": towers.to_bytes(ranker.learnt.tower)} if ranker.learnt.tower else {})


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
    return json.dumps({"version": ranker.version, "shares": dict(ranker.shares), "heads": heads}, indent=1) + "\n"
