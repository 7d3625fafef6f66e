"""What lies in a data folder beside the database, and making another folder of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from service.access import audit, grants
from service.core.errors import FailedPrecondition
from service.core.tokens import KEY_FILE
from service.serving.rankers import MODELS

# What is learnt, what signs tokens, who may call, and who called.
BESIDE = (MODELS, KEY_FILE, grants.FILE, audit.FOLDER)


def make_empty(out: Path) -> None:
    """Make a folder. Raises FailedPrecondition when there is one that is not empty."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FailedPrecondition(f"{out} is not empty")
    out.mkdir(parents=True, exist_ok=True)


def copy(source: Path, target: Path) -> None:
    """Copy a file or folder if it is there."""
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copyfile(source, target)
