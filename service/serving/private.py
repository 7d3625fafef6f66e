"""A data folder is for its owner alone: what people said in confidence lies in it."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.core.errors import FailedPrecondition

# Beside the database: what is learnt, what signs tokens, who may call, and who called.
BESIDE = ("models", "token.key", "access.json", "audit")
# What Yiqi keeps in a data folder; whatever else lies there belongs to somebody else.
_OURS = (*BESIDE, "yiqi.db*", "yiqi.lock", "access.lock", "snapshots")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO

log = logging.getLogger("yiqi.app")


@contextmanager
def private(folder: Path) -> Iterator[None]:
    """What the process writes meanwhile only its owner can read; what others could read in the data folder is mended.

    Raises FailedPrecondition where that cannot be changed.
    """
    before = os.umask(_OTHERS)
    try:
        if folder.exists():
            _mend(folder)
        yield
    finally:
        os.umask(before)


def _mend(folder: Path) -> None:
    exposed = [path for path in _ours(folder) if _is_exposed(path)]
    for path in exposed:
        try:
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)
        except FileNotFoundError:
            pass  # a file that came and went
        except PermissionError:
            raise FailedPrecondition(
                f"{path} can be read by others, and its mode cannot be changed; make this user its owner"
            ) from None
    if exposed:
        log.warning("modes mended", extra={"files": len(exposed)})


def _ours(folder: Path) -> Iterator[Path]:
    yield folder
    for pattern in _OURS:
        for path in folder.glob(pattern):
            yield path
            yield from path.rglob("*") if path.is_dir() else ()


def _is_exposed(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISLNK(mode) and bool(mode & _OTHERS)
