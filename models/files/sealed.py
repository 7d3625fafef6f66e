"""A folder of files under a manifest that holds their hashes: what was changed, lost or added since is noticed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"


class ArtifactError(Exception):
    """An artifact cannot be used; the text is a sentence that says why."""


def seal(about: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files and their manifest: what there is to say of them, their hashes ("files"), and its own ("sha256").

    Raises ValueError when a number is not finite.
    """
    data = {**about, "format": FORMAT, "files": digests(files)}
    data["sha256"] = sha256(canonical(data)).hexdigest()
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return {**files, MANIFEST: text.encode()}


def read_manifest(folder: Path) -> dict[str, Any]:
    """What `seal` was given with "format" and "files", verified. Raises ArtifactError; the files are not looked at."""
    try:
        data = json.loads((folder / MANIFEST).read_bytes())
        if data["format"] != FORMAT:
            raise ArtifactError(f"Its format is {data['format']}, and this version reads {FORMAT}.")
        digest = data.pop("sha256")
        if sha256(canonical(data)).hexdigest() != digest:
            raise ArtifactError(f"{MANIFEST} was changed or damaged.")
        return dict(data)
    except FileNotFoundError:
        raise ArtifactError(f"{MANIFEST} is missing.") from None
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise ArtifactError(f"{MANIFEST} cannot be read.") from problem


def read_file(folder: Path, name: str, digest: str) -> bytes:
    """A file, verified. Raises ArtifactError."""
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError:
        raise ArtifactError(f"The file {name} is missing.") from None
    except OSError as problem:
        raise ArtifactError("Its files cannot be read.") from problem
    if sha256(content).hexdigest() != digest:
        raise ArtifactError(f"The file {name} was changed or damaged.")
    return content


def read_files(folder: Path, expected: Mapping[str, str]) -> dict[str, bytes]:
    """All files of a folder, which must be these, by name with their hashes. Raises ArtifactError."""
    try:
        more = {path.name for path in folder.iterdir()} - {MANIFEST} - expected.keys()
    except OSError as problem:
        raise ArtifactError("Its files cannot be read.") from problem
    if more:
        raise ArtifactError(f"The file {min(more)} does not belong to it.")
    return {name: read_file(folder, name, digest) for name, digest in expected.items()}


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """The SHA-256 of each file, by name."""
    return {name: sha256(content).hexdigest() for name, content in sorted(files.items())}


def canonical(data: Mapping[str, Any]) -> bytes:
    """The one text of a manifest that hashes are made of."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
