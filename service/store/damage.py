"""What is damaged of a database file: noticed by whoever reads there, or looked for."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from service.core.errors import DataDamaged, Unavailable
from service.store.engine import file_uri, in_words

_MOST = 100  # findings that are told
# sqlite3 tells codes of its own errors only; a text that is no text comes without one.
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_NO_TEXT = "Could not decode to UTF-8"


class Damage:
    """Whether a file is damaged. Once it is, it stays so for this process. For any thread."""

    def __init__(self) -> None:
        self._found = False
        self._lock = threading.Lock()
        self._told: Callable[[], None] = lambda: None

    @property
    def found(self) -> bool:
        """Whether any was."""
        return self._found

    def tell(self, told: Callable[[], None]) -> None:
        """`told` is called when damage is found, at once where it was before."""
        with self._lock:
            self._told = told
        if self._found:
            told()

    def note(self) -> None:
        """There is some."""
        with self._lock:
            first, self._found = not self._found, True
        if first:
            self._told()

    def require_none(self) -> None:
        """Raises DataDamaged: what is written beside damage may be lost, or spread it."""
        if self._found:
            raise DataDamaged("The data file")

    @contextmanager
    def noticed(self) -> Iterator[None]:
        """What the database refuses in the block, as an exception of this service. Raises DataDamaged,
        DataUnusable, Unavailable."""
        try:
            yield
        except (DatabaseError, sqlite3.DatabaseError) as error:
            if _is_damage(error):
                self.note()
                raise DataDamaged("The data file", debug=str(_raw(error))) from error
            if isinstance(error, OperationalError | sqlite3.OperationalError):
                raise in_words(error) from error
            raise


def findings(path: Path) -> list[str]:
    """What is damaged of a file, at most 100 lines of SQLite's own words; nothing for a whole one. Reads all of it, and
    lets others read and write meanwhile. Raises Unavailable."""
    try:
        with closing(sqlite3.connect(file_uri(path, "ro"), uri=True)) as file:
            rows = [str(text) for (text,) in file.execute(f"PRAGMA quick_check({_MOST})")]
            # It does not look into the indexes of foreign keys, nor whether text is text.
            return [] if rows == ["ok"] else rows
    except sqlite3.DatabaseError as error:
        if _is_damage(error):
            return [str(error)]
        raise Unavailable("The data file", debug=str(error)) from error


def _is_damage(error: Exception) -> bool:
    if isinstance(error, IntegrityError):
        return False
    raw = _raw(error)
    return (getattr(raw, "sqlite_errorcode", 0) & 0xFF) in _DAMAGED or _NO_TEXT in str(raw)


def _raw(error: Exception) -> BaseException:
    return getattr(error, "orig", None) or error
