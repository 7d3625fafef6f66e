"""Times as exports write them, and which clock they were read by."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.archive.container import ArchiveError
from models.domain.records import Micros
from service.importers.frame.format import Options
from service.importers.frame.report import Report

_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)
_WRITTEN = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?[\sT,，]*"
    r"(上午|下午|AM|PM)?\s*(\d{1,2})\s*[:：时点]\s*(\d{1,2})(?:\s*[:：分]\s*(\d{1,2})(?:[.,](\d+))?)?\s*[秒分]?\s*"
    r"(AM|PM)?\s*(?:(Z)|(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d\d)?)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(\d{9,11}|\d{13}|\d{16})(?:\.(\d+))?")
CHINA = ZoneInfo("Asia/Shanghai")


class ZoneNeeded(ArchiveError):
    """Times without an offset, and nobody said by which clock they were read."""


def zone_named(name: str) -> ZoneInfo:
    """An IANA time zone. ArchiveError when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ArchiveError(f"no such time zone: {name}; it is written like Europe/Berlin") from error


def local_zone(options: Options, report: Report, usual: ZoneInfo | None = None) -> ZoneInfo:
    """The clock of times without an offset: what was said, else what is `usual` for the format. The report says which.

    ArchiveError where neither is known.
    """
    if options.zone is not None:
        report.clock = f"{options.zone.key}, as you said"
        return options.zone
    if usual is None:
        raise ZoneNeeded(
            f"recognised as {report.format or 'a chat'}, whose times have no time zone; "
            "say where they were with --time-zone, such as Europe/Berlin"
        )
    report.clock = f"{usual.key}, usual for this format; --time-zone says otherwise"
    return usual


def micros(moment: datetime) -> Micros:
    """Microseconds of a moment that has a zone."""
    return (moment - _EPOCH) // _MICROSECOND


def written(text: str, zone: tzinfo) -> Micros:
    """A time with its year first, as people and exporters write it; `zone` where it has no offset of its own.

    2024-03-05 21:14:03, 2024/3/5 21:14, 2024年3月5日 下午9:14, RFC 3339, 2024/03/05 8:54:20 AM GMT+8, and seconds,
    milliseconds or microseconds since 1970. ValueError when it is none of these.
    """
    text = text.strip()
    if match := _NUMBER.fullmatch(text):
        return since_1970(match[1], match[2] or "")
    match = _WRITTEN.fullmatch(text)
    if not match:
        raise ValueError(f"not a date with a time of day: {text[:40]!r}")
    year, month, day, before, hour, minute, second, part, after, utc, sign, ahead, minutes = match.groups()
    if utc or sign:
        offset = timedelta(hours=int(ahead or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        zone = UTC if utc else _fixed(offset)
    half = (before or after or "").upper()
    hours = int(hour) % 12 + 12 * (half in ("PM", "下午")) if half else int(hour)
    fraction = int((part or "0")[:6].ljust(6, "0"))
    try:
        return micros(datetime(int(year), int(month), int(day), hours, int(minute), int(second or 0), fraction, zone))
    except (ValueError, OverflowError):
        raise ValueError(f"no such time: {text[:40]!r}") from None


def since_1970(whole: str, part: str = "") -> Micros:
    """Seconds (with a `part` behind the point), milliseconds or microseconds, told apart by their number of digits."""
    if len(whole) <= 11:
        return int(whole) * 1_000_000 + int(part[:6].ljust(6, "0"))
    return int(whole) * (1000 if len(whole) == 13 else 1)


def _fixed(offset: timedelta) -> tzinfo:
    if abs(offset) >= timedelta(hours=24):
        raise ValueError(f"no such offset: {offset}")
    return timezone(offset)
