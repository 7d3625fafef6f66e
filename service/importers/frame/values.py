"""What stands in a JSON export, taken for what it should be: wrong types are empty, and times are real ones."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias
from zoneinfo import available_timezones

from models.domain.records import Micros
from service.importers.frame.clock import micros
from service.importers.frame.decoding import is_broken

Json: TypeAlias = dict[str, Any]

LONGEST_NAME = 200
_LAST = 253_402_300_799_999_999  # of the year 9999
_SECONDS = re.compile(r"(\d{1,12})(?:\.(\d{1,9}))?")
_LONE = re.compile("[\ud800-\udfff]")
_QUOTED = re.compile(r"^(?:>>> (?s:.*)|>(?: .*)?)$\n?", re.MULTILINE)


def fields(value: object) -> Json:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def entries(value: object) -> list[Any]:
    """A list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def words(value: object) -> str:
    """Text that somebody wrote, without NUL. ValueError where it holds bytes that are no text."""
    if not isinstance(value, str):
        return ""
    if not value.isascii() and is_broken(value):
        raise ValueError("holds bytes that are no text; export it as UTF-8")
    return value.replace("\x00", "") if "\x00" in value else value


def label(value: object) -> str:
    """A name on one line; what is no character of it becomes "�"."""
    if not isinstance(value, str):
        return ""
    if not value.isascii():
        value = _LONE.sub("�", value)
    return " ".join(value.replace("\x00", "").split())[:LONGEST_NAME]


def key(value: object) -> str:
    """An id, which some write as a number; "" for none."""
    if isinstance(value, str):
        return label(value) if value else ""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 70:
        return str(value)
    return ""


def address(value: object) -> str:
    """An e-mail address in small letters, "" where it is none."""
    text = label(value).lower()
    return text if re.fullmatch(r"[^\s@<>]{1,100}@[^\s@<>]{1,100}", text) else ""


def zone_name(value: object) -> str:
    """An IANA time zone, "" where there is none of that name."""
    text = label(value)
    return text if text in _zones() else ""


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def seconds(value: object) -> Micros:
    """Seconds since 1970 as a number or text, exactly. ValueError where they are no time."""
    if isinstance(value, str) and (found := _SECONDS.fullmatch(value)):
        return _real(int(found[1]) * 1_000_000 + int((found[2] or "0")[:6].ljust(6, "0")))
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12:
        return _real(round(value * 1_000_000))
    raise ValueError("it has no time")


def milliseconds(value: object) -> Micros:
    """Milliseconds since 1970. ValueError where they are no time."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
        return _real(round(value * 1000))
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return _real(int(value) * 1000)
    raise ValueError("it has no time")


def iso(value: object) -> Micros:
    """A time such as 2024-03-05T08:54:20.123+01:00. ValueError where it is none, or has no offset."""
    if not isinstance(value, str) or len(value) > 60:
        raise ValueError("it has no time")
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("its time has no offset from UTC")
    return _real(micros(moment))


def _real(moment: Micros) -> Micros:
    if not 0 < moment <= _LAST:
        raise ValueError("no such time")
    return moment


def own_words(text: str) -> tuple[str, bool]:
    """Text without the lines that quote others ("> so they said"), and whether there were any."""
    if ">" not in text:
        return text, False
    own, quoted = _QUOTED.subn("", text)
    return (own.strip(), True) if quoted else (text, False)
