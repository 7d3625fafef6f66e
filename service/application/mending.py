"""A damaged data folder, saved as far as it can be read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from models.domain.records import Record
from service.core.bounds import END_OF_TIME
from service.core.errors import FailedPrecondition, InvalidArgument
from service.core.settings import Settings
from service.core.tokens import KEY_FILE
from service.core.validation import validate_record
from service.serving.lock import data_lock
from service.serving.private import private
from service.serving.rankers import MODELS
from service.store.contract import Store
from service.store.salvage import Salvaged
from service.store.salvage import salvage as save


def salvage(settings: Settings, out: Path, opened: Callable[[Settings], AbstractContextManager[Store]]) -> Salvaged:
    """Save a data folder into a new one at `out`, whose store is `opened` once the folder is there.

    Raises FailedPrecondition when `out` holds something, DataLocked while the folder is in use.
    """
    if not settings.database.exists():
        raise FailedPrecondition("There is no data yet")
    with private(settings.data), data_lock(settings.data):
        make_empty(out)
        for name in (KEY_FILE, MODELS):
            copy(settings.data / name, out / name)
        new = Settings(data=out)
        with opened(new) as target:
            return save(settings.database, target, new.database, _is_sound)


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


def _is_sound(record: Record) -> bool:
    try:
        validate_record(record, END_OF_TIME)
    except InvalidArgument:
        return False
    return True
