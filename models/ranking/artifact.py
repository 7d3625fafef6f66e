"""A ranker on disk: a folder with its files and a manifest that says where it comes from. No pickle.

What was changed, lost or added since is noticed, and never scored with (`models.files.sealed`). Another version may
have made it: columns that this one does not know are left out, and those that it lacks weigh nothing; `note` says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from models.domain.records import Micros
from models.features.matrix import COLUMNS
from models.files import sealed
from models.files.durable import replace_folder, write_folder
from models.files.sealed import FORMAT, ArtifactError
from models.ranking.ranker import Ranker, column_names, from_files, to_files

_VERSION = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{10}\Z")


@dataclass(frozen=True, slots=True)
class Metric:
    """A measured figure of one task with its 95 % interval, over so many queries. `name` is like "ndcg@10"."""

    task: str
    name: str
    value: float
    low: float
    high: float
    queries: int


@dataclass(frozen=True, slots=True)
class Gate:
    """What a model had to pass: what was measured, the bound that it was held against, and a sentence for people."""

    name: str
    passed: bool
    value: float
    bound: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where a ranker comes from and how it did. All numbers must be finite.

    `parent` is the version that it was compared with, `trained_through` the time that its newest label lies before,
    `encoder` the `Encoder.name` and `dimension` the length of the vectors that its features were computed from.
    `members` and `events` count what it learnt from. `version` and `files` (name → SHA-256) are filled in by this
    module, and so is `note`: what this version reads otherwise than the one that wrote it, in words; it is not kept.
    """

    community: str
    created: Micros
    parent: str
    trained_through: Micros
    data_hash: str
    code_version: str
    encoder: str
    dimension: int
    seed: int
    members: int = 0
    events: int = 0
    metrics: tuple[Metric, ...] = ()
    gates: tuple[Gate, ...] = ()
    features: tuple[str, ...] = COLUMNS
    version: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT
    note: str = ""

    @property
    def refused(self) -> tuple[Gate, ...]:
        """The gates that it did not pass."""
        return tuple(gate for gate in self.gates if not gate.passed)


def named(ranker: Ranker, manifest: Manifest) -> tuple[Ranker, Manifest]:
    """Both with a version of their own: when it was made, and a digest of what it is."""
    content = to_files(replace(ranker, version=""))
    whole = sealed.canonical(_plain(replace(manifest, version="", files=sealed.digests(content))))
    time = datetime.fromtimestamp(manifest.created / 1e6, UTC)
    version = f"{time:%Y%m%dT%H%M%SZ}-{sha256(whole).hexdigest()[:10]}"
    return replace(ranker, version=version), replace(manifest, version=version)


def is_version(text: str) -> bool:
    """Whether a text looks like what `named` gives."""
    return _VERSION.match(text) is not None


def write(folder: Path, ranker: Ranker, manifest: Manifest) -> None:
    """Write an artifact; the folder appears whole, durable and readable by its owner only, or not at all.

    Raises FileExistsError when the folder is there; ValueError when the versions differ or a number is not finite.
    """
    write_folder(folder, _contents(ranker, manifest))


def rewrite(folder: Path, ranker: Ranker, manifest: Manifest) -> None:
    """Put a changed ranker into an artifact that is there; the manifest gets fresh checksums. ValueError as `write`."""
    replace_folder(folder, _contents(ranker, manifest))


def read(folder: Path, *, community: str = "", encoder: str = "") -> tuple[Ranker, Manifest]:
    """The ranker and its manifest, verified to the last byte.

    Raises ArtifactError when anything is missing, added or changed, when the format is unknown, and when it was made
    for another community or encoder than those given.
    """
    manifest = read_manifest(folder)
    if community and manifest.community != community:
        raise ArtifactError(f'It was made for the community "{manifest.community}".')
    if encoder and manifest.encoder != encoder:
        raise ArtifactError(f"It was made with the text encoder {manifest.encoder}, and {encoder} is in use.")
    files = sealed.read_files(folder, manifest.files)
    try:
        ranker, note = from_files(files), _note(manifest, files)
    except ValueError as problem:
        # What is wrong in them is for the traceback: it might quote ids of members.
        raise ArtifactError("Its files cannot be read by this version.") from problem
    if ranker.version != manifest.version:
        raise ArtifactError("Its manifest belongs to another model.")
    return ranker, replace(manifest, note=note)


def read_manifest(folder: Path) -> Manifest:
    """The manifest alone, verified. Raises ArtifactError; the files beside it are not looked at."""
    data = sealed.read_manifest(folder)
    try:
        metrics = tuple(Metric(**row) for row in data.pop("metrics"))
        gates = tuple(Gate(**row) for row in data.pop("gates"))
        features = tuple(data.pop("features"))
        return Manifest(**data, metrics=metrics, gates=gates, features=features)
    except (ValueError, KeyError, TypeError) as problem:
        raise ArtifactError(f"{sealed.MANIFEST} cannot be read.") from problem


def _contents(ranker: Ranker, manifest: Manifest) -> dict[str, bytes]:
    if not manifest.version or ranker.version != manifest.version:
        raise ValueError(f"the ranker is {ranker.version!r} and its manifest {manifest.version!r}")
    return sealed.seal(_plain(manifest), to_files(ranker))


def _note(manifest: Manifest, files: Mapping[str, bytes]) -> str:
    """Which columns of the version that wrote it are unknown here, and which of this one it lacks."""
    tables = [(manifest.features, COLUMNS), *column_names(files)]
    unknown = [name for there, known in tables for name in there if name not in known]
    lacking = [name for there, known in tables for name in known if name not in there]
    found = {"Columns of another version, left out:": unknown, "Columns that it lacks, without weight:": lacking}
    return " ".join(f"{what} {', '.join(dict.fromkeys(names))}." for what, names in found.items() if names)


def _plain(manifest: Manifest) -> dict[str, Any]:
    data = asdict(replace(manifest, files=dict(manifest.files)))
    del data["note"]
    return data
