"""Connections to a SQLite file: durable, one writer beside any number of readers, explicit transactions."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import OperationalError

from service.core.errors import DataUnusable, Unavailable, YiqiError

_log = logging.getLogger(__name__)

BUSY_SECONDS = 30.0
# Named in `execution_options` of a connection that is going to write.
WRITES = "yiqi_writes"


# What SQLite calls it (by the beginning of the name of its result code), and what it is.
_UNUSABLE = {
    "SQLITE_FULL": "The disk of the data folder is full",
    "SQLITE_READONLY": "The data folder may not be written",
    "SQLITE_CANTOPEN": "The data file cannot be opened or made",
    "SQLITE_PERM": "The data file may not be read or written",
    "SQLITE_IOERR": "The disk of the data folder fails to read or write",
}


def in_words(error: OperationalError | sqlite3.OperationalError) -> YiqiError:
    """What went wrong: something to mend where the disk or the rights are at fault, else something that may pass."""
    raw = getattr(error, "orig", None) or error
    name = getattr(raw, "sqlite_errorname", "")
    for code, problem in _UNUSABLE.items():
        if name.startswith(code):
            return DataUnusable(problem, debug=str(raw))
    return Unavailable("The store", debug=str(raw))


def file_uri(path: Path, mode: str) -> str:
    """What SQLite opens in a mode: "ro", "rw", or "rwc", which creates it."""
    return f"file:{quote(str(path.absolute()))}?mode={mode}"


def open_engine(path: Path, *, read_only: bool) -> Engine:
    """An engine on the file; a writer creates it when missing. Nothing is opened before the first use."""
    uri = file_uri(path, "ro" if read_only else "rwc")

    def connect() -> sqlite3.Connection:
        # isolation_level=None leaves transactions to the BEGIN below; pysqlite would begin late and never IMMEDIATE.
        connection = sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            _set_up(connection, read_only)
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine(
        "sqlite+pysqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=-1,
        pool_reset_on_return="rollback",
    )
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, read_only: bool) -> None:
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    else:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # Erased text must not stay behind in freed pages.
        connection.execute("PRAGMA secure_delete = ON")
        # Large imports touch the same index pages again and again: fold the log back every 16 MB rather than 4.
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
    connection.execute("PRAGMA foreign_keys = ON")
    # Sorting must not spill people's text into temporary files.
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -16000")


def _begin(connection: Connection) -> None:
    # A deferred transaction that turns to writing fails at once when another wrote meanwhile; IMMEDIATE waits its turn.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


# SQLite zeroes what it deletes, but splitting a page leaves copies of rows behind in unused parts of pages. Only
# writing the file anew reaches those; the mark that this is due lies in the file, so that it outlives the process.
_COMPACTION_DUE = 1


def mark_for_compaction(connection: Connection) -> None:
    """Note, as part of the open transaction, that deleted text may remain in unused parts of pages."""
    connection.exec_driver_sql(f"PRAGMA user_version = {_COMPACTION_DUE}")


def compact(engine: Engine, largest: int | None = None) -> None:
    """Write the file anew if that is due, and the file has at most `largest` bytes. Readers go on meanwhile.

    Takes about 10 ms a megabyte. When it fails (no room, somebody else writes), it stays due.
    """
    with _driver(engine) as cursor:
        if _value(cursor, "user_version") != _COMPACTION_DUE:
            return
        if largest is not None and _value(cursor, "page_count") * _value(cursor, "page_size") > largest:
            return
        try:
            # The copy would otherwise lie in memory as a whole; it holds nothing deleted.
            cursor.execute("PRAGMA temp_store = FILE")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA user_version = 0")
        except sqlite3.OperationalError as error:
            _log.warning("compaction put off: %s", error)
        finally:
            cursor.execute("PRAGMA temp_store = MEMORY")


def empty_wal(engine: Engine) -> bool:
    """Move the write-ahead log into the database and truncate it; False when a reader still needs it. Never waits."""
    with _driver(engine) as cursor:
        try:
            cursor.execute("PRAGMA busy_timeout = 0")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            row = cursor.fetchone()
            return row is not None and row[0] == 0
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


@contextmanager
def _driver(engine: Engine) -> Iterator[sqlite3.Cursor]:
    """A cursor of the driver itself, outside of any transaction."""
    with engine.connect() as connection:
        raw = cast(sqlite3.Connection, connection.connection.dbapi_connection)
        with closing(raw.cursor()) as cursor:
            yield cursor


def _value(cursor: sqlite3.Cursor, pragma: str) -> int:
    return int(cursor.execute(f"PRAGMA {pragma}").fetchone()[0])


class Pulse:
    """Tells whether anything was committed to a file since the last look. For any thread.

    SQLite counts the commits of all other connections for each connection, so that this one, which never writes, hears
    of every one; asking reads no table.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()

    def count(self) -> int:
        """Another number than before once anything was committed."""
        with self._lock:
            if self._connection is None:
                uri = file_uri(self._path, "ro")
                self._connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
