"""How a training command ships what it fitted: its part of `models.shipped`, with the hash of what it was fitted on."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import numpy as np

from models.shipped import parts
from models.shipped.parts import Source


def ship(part: str, content: bytes, material: str, paths: Iterable[Path], command: str) -> None:
    """Write a part that was fitted on these files and folders, which `material` says in words."""
    parts.write(part, content, Source(material, digest(paths), command))
    print(f"wrote {part}, {len(content) // 1024} KB")


def ship_arrays(
    part: str, arrays: Mapping[str, np.ndarray], material: str, paths: Iterable[Path], command: str
) -> None:
    """The same of arrays."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    ship(part, file.getvalue(), material, paths, command)


def digest(paths: Iterable[Path]) -> str:
    """SHA-256 of what is in files and folders, and of what it is called in there; wherever they lie."""
    whole = sha256()
    for name, file in sorted(_files(paths)):
        whole.update(f"{name} {sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def _files(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for path in paths:
        if path.is_dir():
            below = (file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
            yield from ((file.relative_to(path.parent).as_posix(), file) for file in below)
        else:
            yield path.name, path
