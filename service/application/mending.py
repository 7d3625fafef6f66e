"""A damaged data folder, saved as far as it can be read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from models.domain.records import Record
from service.application.folders import copy, make_empty
from service.core.bounds import END_OF_TIME
from service.core.errors import FailedPrecondition, InvalidArgument
from service.core.settings import Settings
from service.core.validation import validate_record
from service.serving.lock import data_lock
from service.serving.private import BESIDE, private
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
        for name in BESIDE:
            copy(settings.data / name, out / name)
        new = Settings(data=out)
        with opened(new) as target:
            return save(settings.database, target, new.database, _is_sound)


def _is_sound(record: Record) -> bool:
    try:
        validate_record(record, END_OF_TIME)
    except InvalidArgument:
        return False
    return True
