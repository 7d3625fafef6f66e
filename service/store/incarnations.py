"""Which of the communities that had an id in turn a file holds: for who makes tokens beside a server."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from service.store.engine import file_uri, in_words


def incarnation_in(path: Path, community: str) -> str:
    """As `Store.incarnation`; "" also where there is no file yet, or one of before there were any.

    Raises DataUnusable, Unavailable.
    """
    if not path.exists():
        return ""
    try:
        with closing(sqlite3.connect(file_uri(path, "ro"), uri=True)) as file:
            if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'incarnations'").fetchone():
                return ""
            found = file.execute("SELECT id FROM incarnations WHERE community = ?", [community]).fetchone()
            return str(found[0]) if found else ""
    except sqlite3.OperationalError as error:
        raise in_words(error) from error
