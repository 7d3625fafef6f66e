"""When and where a round is, and what its organizer says to everybody in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from models.domain.requests import Language

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip


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


def day_in_words(text: str, language: Language) -> str:
    """A day and what stands behind it, as one says it: "Thursday 10 December 2026, 19:00"; other words as they are."""
    day = day_of(text)
    if day is None:
        return text
    time = _DAY.sub("", text, count=1).strip(" T,，")
    weekday = _WEEKDAYS[language][day.weekday()]
    if language == "zh":
        return f"{day.year} 年 {day.month} 月 {day.day} 日（{weekday}）{time}"
    return f"{weekday} {day.day} {_MONTHS[day.month - 1]} {day.year}" + (f", {time}" if time else "")
