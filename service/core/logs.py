"""Log lines as JSON on stderr: the message, the level, and what was given beside it."""

from __future__ import annotations

import json
import logging
import sys
import threading
from datetime import UTC, datetime

from service.core import traces
from service.core.faults import outline

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


log = logging.getLogger("yiqi.faults")


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": time, "level": record.levelname.lower(), "logger": record.name, "event": record.getMessage()}
        if trace := traces.trace_id():
            line["trace"] = trace
        line |= {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = outline(record.exc_info[1])
            # What gRPC says of a fault of ours ends with the message of the exception, which may quote people.
            line["event"] = line["event"].replace(str(record.exc_info[1]) or "\0", "…")
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
    threading.excepthook = _thread_ended
    sys.unraisablehook = _not_raised


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    """A fault that nobody caught: one line with its place, as for any other."""
    fault, thread = ended.exc_value, ended.thread
    if fault is not None:
        name = thread.name if thread else ""
        log.error("thread ended", extra={"thread_name": name, "fault": outline(fault)})


def _not_raised(ignored: sys.UnraisableHookArgs) -> None:
    """A fault where nothing can be raised, such as while an object goes."""
    if ignored.exc_value is not None:
        log.error("fault ignored", extra={"fault": outline(ignored.exc_value)})
