"""Log lines as JSON on stderr: the message, the level, and what was given beside it."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from service.core import traces

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": time, "level": record.levelname.lower(), "logger": record.name, "event": record.getMessage()}
        if trace := traces.trace_id():
            line["trace"] = trace
        line |= {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info and record.exc_info[0] is not None:
            # Only its type: the message of an exception may quote what people wrote.
            line["exception"] = record.exc_info[0].__qualname__
        return json.dumps(line, ensure_ascii=False, default=str)


def formatter() -> logging.Formatter:
    """Makes a line of a record."""
    return _JsonLines()


def configure(level: str) -> None:
    """Send what Yiqi logs at this level or above to stderr, and warnings of everything else."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("yiqi").setLevel(level.upper())
