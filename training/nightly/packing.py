"""A window's questions, and answers to them, as files to be kept between runs: numbers only, no ids and no text.

Features of windows stay in their files and are read a query at a time: a night would else hold gigabytes of them.
"""

from __future__ import annotations

import io
import os
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from zipfile import BadZipFile

import numpy as np

from models.features.matrix import COLUMNS
from models.files.durable import Content
from training.labels.feedback import Asking
from training.nightly.answers import Answers
from training.nightly.stage_cache import Files
from training.nightly.windows import Asked, Graded, Questions

REST, FEATURES = "window.npz", "features.f16"
ROW_BYTES = 2 * len(COLUMNS)


class FeatureFile:
    """A file of features, open as long as anybody holds it: it can be read on when its folder is gone."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where there is none, ValueError where it ends within a row."""
        self._handle = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._handle)
        self.rows, rest = divmod(os.fstat(self._handle).st_size, ROW_BYTES)
        if rest:
            raise ValueError("the last row of features is not whole")

    def read(self, first: int, count: int) -> np.ndarray:
        """(count, F) float16."""
        content = os.pread(self._handle, count * ROW_BYTES, first * ROW_BYTES)
        return np.frombuffer(content, np.float16).reshape(count, len(COLUMNS))


@dataclass(frozen=True, slots=True)
class Rows:
    """Some of the rows of a file of features."""

    file: FeatureFile
    first: int
    count: int

    def read(self) -> np.ndarray:
        """(count, F) float16."""
        return self.file.read(self.first, self.count)


def pack_window(asked: Questions) -> dict[str, Content]:
    """A window as files, without ids or text: features of all candidates of all queries one after another, and the
    rest as an uncompressed npz."""
    features = [np.zeros((0, len(COLUMNS)), np.float16)]
    arrays: dict[str, np.ndarray] = {}
    for task, found in sorted(asked.items()):
        features += [one.features for one in found]
        empty = np.zeros(0, bool)
        arrays[f"{task}.relevant"] = np.concatenate([empty, *(a.relevant for a in found)])
        arrays[f"{task}.back"] = np.concatenate([empty, *(a.back for a in found)])
        arrays[f"{task}.size"] = np.array([len(a.relevant) for a in found], np.int64)
        arrays[f"{task}.rows"] = np.concatenate([np.zeros(0, np.int32), *(a.rows for a in found)])
        arrays[f"{task}.asker"] = np.array([a.asker for a in found], np.int64)
        arrays[f"{task}.place"] = np.array([a.place for a in found], np.int64)
        if graded := [a.graded for a in found if a.graded]:
            arrays[f"{task}.gains"] = np.concatenate([g.gains for g in graded])
            arrays[f"{task}.emphasis"] = np.concatenate([g.emphasis for g in graded])
            arrays[f"{task}.weight"] = np.array([g.weight for g in graded])
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return {REST: file.getvalue(), FEATURES: np.concatenate(features).reshape(-1).view(np.uint8).data}


def open_window(folder: Path) -> dict[Asking, list[Asked]]:
    """What `pack_window` wrote. Raises ValueError, KeyError or OSError for anything else."""
    arrays = read_arrays((folder / REST).read_bytes())
    file = FeatureFile(folder / FEATURES)
    out: dict[Asking, list[Asked]] = {}
    first = 0
    for name in sorted({name.split(".")[0] for name in arrays}):
        task = cast(Asking, name)
        ends = first + np.cumsum(arrays[f"{task}.size"])
        rows = [Rows(file, int(end - size), int(size)) for end, size in zip(ends, arrays[f"{task}.size"], strict=True)]
        out[task] = _asked(arrays, task, rows)
        first = int(ends[-1]) if len(ends) else first
    if file.rows != first:
        raise ValueError("there are not as many features as candidates")
    return out


def _asked(arrays: Mapping[str, np.ndarray], task: Asking, rows: Sequence[Rows]) -> list[Asked]:
    ends = np.cumsum(arrays[f"{task}.size"])[:-1]
    relevant, back, who = (np.split(arrays[f"{task}.{name}"], ends) for name in ("relevant", "back", "rows"))
    graded = _graded_of(arrays, task, ends) or [None] * len(rows)
    numbers = (arrays[f"{task}.{name}"].tolist() for name in ("asker", "place"))
    parts = zip(rows, relevant, back, *numbers, who, graded, strict=False)
    return [Asked(matrix, r, b, asker, w, place, g) for matrix, r, b, asker, place, w, g in parts]


def _graded_of(arrays: Mapping[str, np.ndarray], task: Asking, ends: np.ndarray) -> list[Graded | None]:
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
