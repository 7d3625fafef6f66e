"""Making one data folder of another."""

from __future__ import annotations

import shutil
from pathlib import Path

from service.core.errors import FailedPrecondition, Unavailable

_TRIES = 5  # of copying a folder, which changes when somebody is erased, a night ends or a log begins anew


def make_empty(out: Path) -> None:
    """Make a folder. Raises FailedPrecondition when there is one that is not empty."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FailedPrecondition(f"{out} is not empty")
    out.mkdir(parents=True, exist_ok=True)


def copy(source: Path, target: Path) -> None:
    """Copy a file or folder if it is there, without what is written aside in it, as it is at one moment.

    As far as that matters: a version of a model never changes while it is there, and the log of calls only grows.
    Raises Unavailable.
    """
    if source.is_file():
        shutil.copyfile(source, target)
        return
    for _ in range(_TRIES):
        if not source.exists():
            return
        try:
            shutil.copytree(source, target, ignore=shutil.ignore_patterns(".*"))
            return
        except (FileNotFoundError, shutil.Error):
            shutil.rmtree(target, ignore_errors=True)
    raise Unavailable(f"The folder {source.name}")
