"""A data folder as a backup, taken while a server runs, and back: every file under its hash, or refused."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.domain import strict_json
from models.domain.strict_json import JsonError
from models.files.durable import sync
from service.application.folders import copy, make_empty
from service.core.errors import FailedPrecondition
from service.core.settings import Settings
from service.serving.private import BESIDE, private
from service.store.copying import copy_database

FORMAT = 1
MANIFEST = "backup.json"
PACKED = (".tar.gz", ".tgz", ".tar")


class BackupError(FailedPrecondition):
    """A backup that cannot be used."""


@dataclass(frozen=True, slots=True)
class Backup:
    """How many files a backup has, and their bytes."""

    files: int
    size: int


def back_up(settings: Settings, out: Path) -> Backup:
    """Write a data folder as a backup at `out`: a .tar.gz or .tar by its ending, else a folder. It appears whole or not
    at all. Raises FailedPrecondition when `out` is there or there is no data, DataDamaged, Unavailable."""
    if not settings.database.exists():
        raise FailedPrecondition("There is no data yet")
    if out.exists():
        raise FailedPrecondition(f"{out} is there already")
    out.parent.mkdir(parents=True, exist_ok=True)
    with private(settings.data), tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as scratch:
        folder = Path(scratch, "backup")
        folder.mkdir()
        copy_database(settings.database, folder / settings.database.name)
        for name in BESIDE:
            copy(settings.data / name, folder / name)
        made = _seal(folder)
        finished = _pack(folder, Path(scratch, out.name)) if out.name.endswith(PACKED) else folder
        _make_durable(finished)
        finished.rename(out)
    sync(out.parent)
    return made


def restore(source: Path, settings: Settings) -> Backup:
    """Put a backup into an empty data folder. It is checked to the last byte before the folder appears.

    Raises FailedPrecondition when the folder is not empty, BackupError when the backup is none or is damaged.
    """
    data = settings.data
    make_empty(data)
    with private(data), tempfile.TemporaryDirectory(prefix=f".{data.name}.", dir=data.parent) as scratch:
        folder = Path(scratch, "restored")
        with _unpacked(source, Path(scratch)) as read:
            found = _verified(read)
            for name in found:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(read / name, folder / name)
        size = sum((folder / name).stat().st_size for name in found)
        if {name: _digest(folder / name) for name in found} != found:
            raise BackupError(f"{source} changed while it was read")
        _make_durable(folder)
        folder.rename(data)  # an empty folder gives way
    sync(data.parent)
    return Backup(len(found), size)


def _seal(folder: Path) -> Backup:
    names = _files(folder)
    digests = {name: _digest(folder / name) for name in names}
    text = json.dumps({"format": FORMAT, "files": digests}, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return Backup(len(names), sum((folder / name).stat().st_size for name in names))


def _verified(folder: Path) -> dict[str, str]:
    """The files of a backup and their hashes, each verified. Raises BackupError."""
    try:
        manifest = strict_json.read_object((folder / MANIFEST).read_bytes())
        told = manifest.get("files")
    except (OSError, JsonError):
        raise BackupError(f"{folder.name} is no backup, or its {MANIFEST} is damaged") from None
    if manifest.get("format") != FORMAT or not isinstance(told, dict):
        raise BackupError(f"{MANIFEST} is of another format than this version reads")
    if set(told) != set(_files(folder)) - {MANIFEST}:
        raise BackupError(f"The backup has other files than its {MANIFEST} says")
    for name, digest in told.items():
        if _digest(folder / name) != digest:
            raise BackupError(f"The file {name} of the backup was changed or damaged")
    return dict(told)


@contextmanager
def _unpacked(source: Path, scratch: Path) -> Iterator[Path]:
    if source.is_dir():
        yield source
        return
    folder = scratch / "unpacked"
    try:
        with tarfile.open(source) as packed:
            packed.extractall(folder, filter="data")
    except (OSError, EOFError, tarfile.TarError) as problem:
        raise BackupError(f"{source} cannot be read as a backup", debug=str(problem)) from None
    yield folder


def _pack(folder: Path, out: Path) -> Path:
    with tarfile.open(out, "w" if out.suffix == ".tar" else "w:gz") as packed:
        for name in _files(folder):
            packed.add(folder / name, name)
    return out


def _files(folder: Path) -> list[str]:
    """The names of all files in a folder, by their paths inside it."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_durable(path: Path) -> None:
    for one in [path, *path.rglob("*")]:
        sync(one)
