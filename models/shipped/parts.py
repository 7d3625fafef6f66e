"""The parts of the artifact, a file each: read when asked for, verified, and written by the command that fits them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from models.files import sealed
from models.files.sealed import ArtifactError

FOLDER = Path(__file__).parent
RANKER, RETURN_PROBABILITY = "ranker.json", "return_probability.json"
PROJECTS, INTRODUCTIONS = "projects.json", "introductions.json"
TAGGER = "tagger.npz"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the numbers of a part come from: what they were fitted on, its SHA-256, and the command that fits them."""

    material: str
    fitted_on: str
    command: str


def meaning(encoder: str) -> str:
    """The part that judges the vectors of an encoder."""
    return f"meaning-{encoder}.npz"


def read(part: str, folder: Path = FOLDER) -> bytes:
    """A part. Raises ArtifactError when it or the manifest is missing or damaged."""
    try:
        return sealed.read_file(folder, part, sealed.read_manifest(folder)["files"].get(part, ""))
    except ArtifactError as problem:
        raise ArtifactError(f"What comes with Yiqi cannot be read; install it again. {problem}") from problem


def read_arrays(part: str) -> dict[str, np.ndarray]:
    """The arrays of a part that is an npz. Raises ArtifactError."""
    with np.load(io.BytesIO(read(part)), allow_pickle=False) as data:
        return {name: np.asarray(data[name]) for name in data.files}


def write(part: str, content: bytes, source: Source, folder: Path = FOLDER) -> None:
    """Put a part in its place; the others stay as they are."""
    manifest = sealed.read_manifest(folder) if (folder / sealed.MANIFEST).exists() else {"parts": {}, "files": {}}
    about = {**asdict(source), "arrays": {name: list(shape) for name, shape in shapes(part, content)}}
    parts = dict(sorted({**manifest["parts"], part: about}.items()))
    files = {name: (folder / name).read_bytes() for name in manifest["files"]} | {part: content}
    (folder / part).write_bytes(content)
    (folder / sealed.MANIFEST).write_bytes(sealed.seal({"parts": parts}, files)[sealed.MANIFEST])


def shapes(part: str, content: bytes) -> Iterator[tuple[str, tuple[int, ...]]]:
    """(name, shape) of everything in a part; in JSON, numbers by name are one array."""
    if part.endswith(".json"):
        yield from _shapes_in(json.loads(content))
    else:
        with np.load(io.BytesIO(content), allow_pickle=False) as data:
            yield from ((name, data[name].shape) for name in data.files)


def _shapes_in(values: Mapping[str, object], within: str = "") -> Iterator[tuple[str, tuple[int, ...]]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and all(isinstance(one, (int, float)) for one in value.values()):
            yield within + name, (len(value),)
        elif isinstance(value, Mapping):
            yield from _shapes_in(value, f"{within}{name}.")
        elif isinstance(value, (int, float)):
            yield within + name, ()
