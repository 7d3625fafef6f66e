"""When and where a round is, and what its organizer says to everybody in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from models.domain.facts import Fact, Value

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What the people of a round are told beside whom they meet; any of it may be "".

    `date` is a day, "2026-12-10", with or without a time behind it; `place` where they meet; `note` a sentence of the
    organizer's own.
    """

    date: str = ""
    place: str = ""
    note: str = ""

    def __len__(self) -> int:
        """Characters."""
        return len(self.date) + len(self.place) + len(self.note)


def day_of(text: str) -> date | None:
    """The day with which a text begins; None where it begins with none that there is."""
    found = _DAY.match(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def day_said(text: str) -> Value:
    """A day and what stands behind it, as one says it ("Thursday 10 December 2026, 19:00"); other words as they are."""
    day = day_of(text)
    if day is None:
        return text
    time = _DAY.sub("", text, count=1).strip(" T,，")
    at: dict[str, Value] = {"year": str(day.year), "month": day.month, "day": day.day, "weekday": day.weekday()}
    return Fact("date.day", {**at, "time": time})
