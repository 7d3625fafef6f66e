"""When two people are both free: what they say of it in words (`week_words`), compared on one clock.

Words become quarter hours of a week, or of dates, on somebody's own clock; two of them are compared by what they have
in common. Zones are fixed offsets: of summer time only the present one counts. What is not understood is compared
letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from models.domain.availability import DAY, QUARTERS, WEEK, Times, read_times

ENOUGH = QUARTERS  # quarter hours in common with which two can meet, or all of a time that is shorter


def meet(a: Times, b: Times, hours: float = 0.0) -> bool:
    """Whether two have enough time in common; the clock of `a` is so many `hours` ahead of that of `b`.

    A date and a time of any week meet by the day of the week, two dates only on the same one.
    """
    shift = round(hours * QUARTERS)
    week = np.roll(a.week, -shift)
    dates = [(start - shift, end - shift) for start, end in a.dates]
    weeks = ((week, b.week), (_in_week(dates), b.week), (week, _in_week(b.dates)))
    if any(_enough((one & other).sum(), one.sum(), other.sum()) for one, other in weeks):
        return True
    return any(
        _enough(min(end, to) - max(start, since), end - start, to - since)
        for start, end in dates
        for since, to in b.dates
    )


@dataclass(frozen=True)
class Clock:
    """When somebody is free: the words they wrote, and their offset in hours, NaN where it is unknown."""

    words: tuple[str, ...]
    offset: float = float("nan")


def both_free(one: Clock, other: Clock) -> bool:
    """Whether two have time in common. Who says nothing is always free; of an unknown zone it is taken to be the other
    one's."""
    if not one.words or not other.words:
        return True
    return any(_fit(a, one.offset, b, other.offset) for a in one.words for b in other.words)


def free_at(one: Clock, slots: Sequence[str], offset: float) -> list[bool]:
    """At which of the slots somebody is free. `offset`: of slots that name no zone, NaN where it is unknown."""
    return [both_free(one, Clock((slot,), offset)) for slot in slots]


def usual_offset(offsets: Iterable[float]) -> float:
    """The commonest offset, of several the smallest; NaN where none is known."""
    known = sorted(offset for offset in map(float, offsets) if offset == offset)
    return max(dict.fromkeys(known), key=known.count, default=float("nan"))


def common_words(clocks: Sequence[Clock]) -> list[str]:
    """Words of some of these for times at which all are free, the shortest time first; none where clocks differ, since
    the words would mean another time to each."""
    if len({clock.offset for clock in clocks if clock.offset == clock.offset}) > 1:
        return []
    words = dict.fromkeys(word.strip() for clock in clocks for word in clock.words)
    shared = [word for word in words if all(both_free(Clock((word,)), other) for other in clocks)]
    return sorted(shared, key=lambda word: (_length(word), word))


def not_understood(words: Iterable[str]) -> list[str]:
    """Those that are no times, each once, in order."""
    return [word for word in dict.fromkeys(words) if read_times(word) is None]


def _length(word: str) -> int:
    """Quarter hours of a week."""
    found = read_times(word)
    return WEEK if found is None else int(found.week.sum() + _in_week(found.dates).sum())


def _fit(a: str, a_offset: float, b: str, b_offset: float) -> bool:
    mine, theirs = read_times(a), read_times(b)
    if mine is None or theirs is None:
        same = a.casefold().strip() == b.casefold().strip()
        return same or any(one is not None and bool(one.week.all()) for one in (mine, theirs))
    ahead = (mine.offset if mine.offset is not None else a_offset) - (
        theirs.offset if theirs.offset is not None else b_offset
    )
    return meet(mine, theirs, 0.0 if ahead != ahead else ahead)


def _enough(common: int, one: int, other: int) -> bool:
    return common > 0 and common >= min(ENOUGH, one, other)


def _in_week(dates: Iterable[tuple[int, int]]) -> np.ndarray:
    week = np.zeros(WEEK, bool)
    for start, end in dates:
        week[np.arange(start - DAY, end - DAY) % WEEK] = True  # day 1 of the calendar was a Monday
    return week
