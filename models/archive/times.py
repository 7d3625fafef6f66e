"""RFC 3339 text ↔ microseconds since 1970-01-01T00:00:00Z."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def parse_time(text: str) -> int:
    """Microseconds of an RFC 3339 time with any offset; finer digits are cut. ValueError when it is none."""
    if not _RFC3339.fullmatch(text):
        raise ValueError(f"not an RFC 3339 time with an offset, such as 2024-03-05T21:14:03Z: {text[:40]!r}")
    try:
        return (datetime.fromisoformat(text.upper()) - _EPOCH) // _MICRO
    except (ValueError, OverflowError):
        raise ValueError(f"no such time: {text[:40]!r}") from None


def format_time(micros: int) -> str:
    """The canonical text: UTC, "Z", a fraction only when it is not zero. OverflowError outside the years 1 to 9999."""
    text = (_EPOCH + micros * _MICRO).replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if "." in text else text) + "Z"
