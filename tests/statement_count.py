"""Counts what is asked of SQLite."""

from __future__ import annotations

import sqlite3
from typing import Any


class StatementCount:
    """Counts what every connection that is opened from now on runs; `stop` undoes it for those to come."""

    def __init__(self) -> None:
        self.count = 0
        self._connect = connect = sqlite3.connect

        def counted(*args: Any, **options: Any) -> sqlite3.Connection:
            connection = connect(*args, **options)
            connection.set_trace_callback(self._add)
            return connection

        sqlite3.connect = counted  # type: ignore[assignment]

    def stop(self) -> None:
        """Count no connections that are opened from here on."""
        sqlite3.connect = self._connect

    def _add(self, statement: str) -> None:
        self.count += 1
