"""A window's questions, and answers to them, as bytes to be kept between runs: numbers only, no ids and no text."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import cast
from zipfile import BadZipFile

import numpy as np

from models.features.matrix import COLUMNS
from training.labels.feedback import Asking
from training.nightly.answers import Answers
from training.nightly.stage_cache import Files
from training.nightly.windows import Asked, Graded, Questions


def to_bytes(asked: Questions) -> bytes:
    """A window as an uncompressed npz, without ids or text."""
    arrays: dict[str, np.ndarray] = {}
    for task, found in asked.items():
        empty = np.zeros(0, bool)
        arrays[f"{task}.features"] = np.concatenate(
            [np.zeros((0, len(COLUMNS)), np.float16), *(a.features for a in found)]
        )
        arrays[f"{task}.relevant"] = np.concatenate([empty, *(a.relevant for a in found)])
        arrays[f"{task}.back"] = np.concatenate([empty, *(a.back for a in found)])
        arrays[f"{task}.size"] = np.array([len(a.relevant) for a in found], np.int64)
        arrays[f"{task}.asker"] = np.array([a.asker for a in found], np.int64)
        if graded := [a.graded for a in found if a.graded]:
            arrays[f"{task}.gains"] = np.concatenate([g.gains for g in graded])
            arrays[f"{task}.emphasis"] = np.concatenate([g.emphasis for g in graded])
            arrays[f"{task}.weight"] = np.array([g.weight for g in graded])
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def from_bytes(content: bytes) -> dict[Asking, list[Asked]]:
    """What `to_bytes` wrote. Raises ValueError or KeyError for anything else."""
    arrays = read_arrays(content)
    out: dict[Asking, list[Asked]] = {}
    for name in sorted({name.split(".")[0] for name in arrays}):
        task = cast(Asking, name)
        ends = np.cumsum(arrays[f"{task}.size"])[:-1]
        parts = zip(
            *(np.split(arrays[f"{task}.{name}"], ends) for name in ("features", "relevant", "back")),
            arrays[f"{task}.asker"],
            strict=False,
        )
        graded = _graded_of(arrays, task, ends)
        out[task] = [Asked(f, r, b, int(a), graded[i] if graded else None) for i, (f, r, b, a) in enumerate(parts)]
    return out


def _graded_of(arrays: Mapping[str, np.ndarray], task: Asking, ends: np.ndarray) -> list[Graded]:
    if f"{task}.weight" not in arrays:
        return []
    gains, emphasis = (np.split(arrays[f"{task}.{name}"], ends) for name in ("gains", "emphasis"))
    weights = arrays[f"{task}.weight"]
    return [Graded(g, e, float(w)) for g, e, w in zip(gains, emphasis, weights, strict=True)]


def read_arrays(content: bytes) -> dict[str, np.ndarray]:
    """The arrays of an npz. Raises ValueError when it is none."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (BadZipFile, OSError, EOFError) as problem:
        raise ValueError(f"not an npz: {problem}") from problem


def pack_answers(answers: Mapping[Asking, Answers]) -> Files:
    """Answers as a stage on the bench."""
    file = io.BytesIO()
    np.savez(
        file,
        allow_pickle=False,
        **{f"{task}.askers": found.askers for task, found in answers.items()},
        **{f"{task}.weights": found.counted for task, found in answers.items()},
        **{f"{task}.{name}": values for task, found in answers.items() for name, values in found.ndcg.items()},
    )
    return {"answers.npz": file.getvalue()}


def unpack_answers(files: Files) -> dict[Asking, Answers]:
    """What `pack_answers` packed. Raises ValueError or KeyError for anything else."""
    arrays = read_arrays(files["answers.npz"])
    out: dict[Asking, Answers] = {}
    for name in arrays:
        if name.endswith(".askers"):
            task = cast(Asking, name.removesuffix(".askers"))
            own = {n.removeprefix(f"{task}."): v for n, v in arrays.items() if n.startswith(f"{task}.") and n != name}
            weights = own.pop("weights")
            out[task] = Answers(arrays[name], own, weights)
    return out
