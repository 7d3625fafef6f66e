"""A round as a calendar (iCalendar, RFC 5545): an event for each match, at its time.

Times become UTC, which needs no rules of time zones in the file. An event keeps its UID as long as the same people meet
in the same sitting, so that a calendar that is read again moves it instead of showing it twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from models.domain.records import Micros
from service.core.errors import InvalidArgument, TimesWithoutDate
from service.rendering.sheet import Line, Occasion, Sheet
from service.rendering.words import names, word

_WHEN = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?\s*[T ,，]?\s*"
    r"(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?::\d{2})?"
    r"(?:\s*[-–—~～至到]\s*(?P<end_hour>\d{1,2})[:：](?P<end_minute>\d{2}))?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
_LINE_BYTES = 75


def as_calendar(sheet: Sheet, occasion: Occasion) -> bytes:
    """The calendar, UTF-8 with CRLF. Raises TimesWithoutDate, InvalidArgument where no time zone is known."""
    if not sheet.lines or not (sheet.date or any(line.slot for line in sheet.lines)):
        raise TimesWithoutDate(f'The round "{sheet.round}" has no times')
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Yiqi//Rounds//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(f'{sheet.heading} · {sheet.community}')}",
    ]
    for number, line in enumerate(sheet.lines, 1):
        lines += _event(sheet, occasion, number, line)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for text in lines for part in _folded(text)).encode()


def day_and_time(slot: str, occasion: Occasion) -> tuple[datetime, datetime] | None:
    """When a time of a round begins and ends, in UTC; None where it is on no day.

    One that ends before it begins ends on the next day. Raises InvalidArgument where its time zone is not known.
    """
    found = _WHEN.fullmatch(slot.strip())
    if not found:
        return None
    year, month, day, hour, minute = (int(found[part]) for part in ("year", "month", "day", "hour", "minute"))
    try:
        local = datetime(year, month, day, hour, minute, tzinfo=_zone(found["zone"], occasion))
        if not found["end_hour"]:
            begin = local.astimezone(UTC)
            return begin, begin + timedelta(minutes=occasion.minutes)
        end = local.replace(hour=int(found["end_hour"]), minute=int(found["end_minute"]))
    except ValueError:
        return None
    end = end if end > local else end + timedelta(days=1)
    return local.astimezone(UTC), end.astimezone(UTC)


def _event(sheet: Sheet, occasion: Occasion, number: int, line: Line) -> Iterator[str]:
    when = day_and_time(line.slot, occasion) or day_and_time(f"{sheet.date} {line.slot}".strip(), occasion)
    if when is None:
        said = f'has the time "{line.slot}"' if line.slot else f"has no time for match {number}"
        raise TimesWithoutDate(f'The round "{sheet.round}" {said}, which is on no day')
    begin, end = when
    table = f"{word('match' if sheet.kind in ('pairs', 'sides') else 'table', sheet.language)} {number}"
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(f'{line.id}.{sheet.time}.{sheet.round}@yiqi')}"
    yield f"DTSTAMP:{_utc(_moment(sheet.published or sheet.time))}"
    yield f"DTSTART:{_utc(begin)}"
    yield f"DTEND:{_utc(end)}"
    yield f"SUMMARY:{_escaped(f'{line.team or sheet.heading}: {names(line, sheet.language)}')}"
    yield f"LOCATION:{_escaped(', '.join(filter(None, (occasion.place or sheet.place, table))))}"
    if line.starter or sheet.note:
        yield f"DESCRIPTION:{_escaped(chr(10).join(filter(None, (line.starter, sheet.note))))}"
    yield "END:VEVENT"


def _zone(offset: str | None, occasion: Occasion) -> tzinfo:
    if offset:
        if offset == "Z":
            return UTC
        hours, minutes = int(offset[1:3]), int(offset[-2:])
        return timezone((1 if offset[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
    if not occasion.time_zone:
        said = "The time zone of the round's times (time_zone, or --time-zone, such as Asia/Shanghai)"
        raise InvalidArgument(said, reason="FIELD_REQUIRED")
    return ZoneInfo(occasion.time_zone)


def _moment(time: Micros) -> datetime:
    return datetime.fromtimestamp(time / 1e6, UTC)


def _utc(time: datetime) -> str:
    return f"{time:%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """As the TEXT of RFC 5545: backslashes, semicolons, commas and new lines escaped, other control characters gone."""
    for letter, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(letter, written)
    return "".join(letter for letter in text if letter >= " " and letter != "\x7f")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 bytes, those after the first behind a space; no letter is cut."""
    piece, room = "", _LINE_BYTES
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield piece
            piece, room = " ", _LINE_BYTES - 1
        piece += letter
        room -= size
    yield piece
