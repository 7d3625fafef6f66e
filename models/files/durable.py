"""Files and folders that appear whole or not at all, whenever the process or the machine stops."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

Content: TypeAlias = bytes | memoryview
# What is written aside ends so; where nobody else writes, whatever is left of it is rubbish.
ASIDE = ".aside"


def write_file(path: Path, content: Content) -> None:
    """Put `content` in the place of `path`, durably; readers see the old content or the new. Its folder must exist."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=ASIDE, dir=path.parent)
    aside = Path(name)
    try:
        with open(handle, "wb") as file:
            _fill(file.fileno(), content)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    sync(path.parent)


def write_folder(folder: Path, contents: Mapping[str, Content]) -> None:
    """Make a folder of these files, durably, for its owner only. Raises FileExistsError when it is there already."""
    aside = _aside(folder, contents)
    try:
        if folder.exists():
            raise FileExistsError(str(folder))
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    sync(folder.parent)


def replace_folder(folder: Path, contents: Mapping[str, Content]) -> None:
    """Put a folder of these files in the place of one that is there.

    A folder cannot be renamed over another: for a moment there is none, and a reader should look again.
    """
    aside = _aside(folder, contents)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", suffix=ASIDE, dir=folder.parent) as old:
            folder.rename(Path(old, folder.name))
            aside.rename(folder)
            sync(folder.parent)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def remove_folder(folder: Path) -> None:
    """Delete a folder if it is there, so that nobody sees half of it."""
    if not folder.exists():
        return
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", suffix=ASIDE, dir=folder.parent) as old:
        folder.rename(Path(old, folder.name))
        sync(folder.parent)


def clear_asides(folder: Path) -> None:
    """Delete what killed writers left in a folder. Nobody may be writing in it."""
    for left in folder.glob(f".*{ASIDE}"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Make a file durable, or what was renamed in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _aside(folder: Path, contents: Mapping[str, Content]) -> Path:
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=ASIDE, dir=folder.parent))
    try:
        for name, content in contents.items():
            with open(os.open(aside / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                _fill(file.fileno(), content)
        sync(aside)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return aside


def _fill(handle: int, content: Content) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]
    os.fsync(handle)
