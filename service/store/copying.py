"""A copy of the database file as of one moment, while others write."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from service.core.errors import DataDamaged
from service.store.damage import Damage, findings
from service.store.engine import file_uri


def copy_database(source: Path, target: Path) -> None:
    """Copy a file into a new one, whole and by itself. Raises DataDamaged where the copy is, Unavailable."""
    uri = file_uri(source, "ro")
    with Damage().noticed(), closing(sqlite3.connect(uri, uri=True)) as read, closing(sqlite3.connect(target)) as copy:
        # In one step: readers keep nobody from writing, and a copy in several begins anew with every write.
        read.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    if findings(target):
        raise DataDamaged(f"The copy of {source}")
