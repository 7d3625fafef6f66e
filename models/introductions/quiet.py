"""Quiet hours: when somebody is not to be told anything, by their own clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.domain.records import Member, Micros, all_attributes

ATTRIBUTE = "quiet_hours"
_HOURS = re.compile(r"\s*(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?\s*\Z")
_DAY_MINUTES = 24 * 60


def span(text: str) -> tuple[int, int] | None:
    """Minutes of the day from which and until which it is quiet, from "22:00-08:00" or "22-8"; None for none at all.

    Raises ValueError for a text that is not empty and not of this form.
    """
    if not text.strip():
        return None
    found = _HOURS.match(text)
    if not found:
        raise ValueError(f"{text!r} is not a span of hours such as 22:00-08:00")
    hours = [int(part or 0) for part in found.groups()]
    if hours[0] > 24 or hours[2] > 24 or max(hours[1], hours[3]) > 59:
        raise ValueError(f"{text!r} names an hour that no day has")
    begin, end = (hours[0] * 60 + hours[1]) % _DAY_MINUTES, (hours[2] * 60 + hours[3]) % _DAY_MINUTES
    return None if begin == end else (begin, end)


def due(member: Member, usual: str, now: Micros) -> Micros:
    """When a member may be told something that happens at `now`: then, or when their quiet hours end.

    Their attribute "quiet_hours" comes before the `usual` ones; one that cannot be read counts as not stated. Who
    states neither hours of their own nor a time zone is told at once: nobody knows when it is night there.
    """
    own = all_attributes(member).get(ATTRIBUTE)
    hours = _readable(own) if isinstance(own, str) else None
    zone = _zone(member.time_zone)
    if hours is None:
        if isinstance(own, str) and not own.strip():
            return now  # stated that there are none
        hours = span(usual) if zone is not None else None
    if hours is None:
        return now
    local = datetime.fromtimestamp(now / 1e6, UTC).astimezone(zone or UTC)
    begin, end = hours
    minute = local.hour * 60 + local.minute
    quiet = begin <= minute < end if begin < end else minute >= begin or minute < end
    if not quiet:
        return now
    ends = local.replace(hour=end // 60, minute=end % 60, second=0, microsecond=0)
    if minute >= end:
        ends += timedelta(days=1)
    return max(now, int(ends.timestamp()) * 1_000_000)


def _readable(text: str) -> tuple[int, int] | None:
    try:
        return span(text)
    except ValueError:
        return None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
