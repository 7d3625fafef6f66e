"""Times in people's usual words, in English and Chinese, and whether two of them meet."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from models.domain.availability import DAY, QUARTERS, read_times
from models.domain.availability_overlap import Clock, both_free, common_words, free_at, not_understood, usual_offset

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def told(text: str) -> str:
    """What was understood: "fri 18-23, sat 0-24"."""
    times = read_times(text)
    assert times is not None, f"not understood: {text}"
    parts = []
    for at, day in enumerate(DAYS):
        quarters = np.flatnonzero(times.week[at * DAY : (at + 1) * DAY])
        runs = np.split(quarters, np.flatnonzero(np.diff(quarters) > 1) + 1) if len(quarters) else ()
        parts += [f"{day} {run[0] / QUARTERS:g}-{(run[-1] + 1) / QUARTERS:g}" for run in runs]
    for start, end in times.dates:
        parts.append(f"{date.fromordinal(start // DAY)} {start % DAY / QUARTERS:g}-{(start % DAY + end - start) / 4:g}")
    return ", ".join(parts)


def of(days: str, hours: str) -> str:
    return ", ".join(f"{day} {hours}" for day in days.split())


WORKDAYS, WEEKEND, ALL = "mon tue wed thu fri", "sat sun", "mon tue wed thu fri sat sun"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("周五晚上", "fri 18-23"),
        ("星期五晚", "fri 18-23"),
        ("Fri evening", "fri 18-23"),
        ("Friday evenings", "fri 18-23"),
        ("Thu 19:00-21:00", "thu 19-21"),
        ("weekday evenings", of(WORKDAYS, "18-23")),
        ("工作日晚上", of(WORKDAYS, "18-23")),
        ("周末", of(WEEKEND, "0-24")),
        ("any time", of(ALL, "0-24")),
        ("随时都可以", of(ALL, "0-24")),
        ("2026-05-08 19:00", "2026-05-08 19-20"),
        ("2026年5月8日晚上7点到9点", "2026-05-08 19-21"),
        ("8 May 2026, 7pm", "2026-05-08 19-20"),
        ("周末下午都行", of(WEEKEND, "12-18")),
        ("除了周三都可以", of("mon tue thu fri sat sun", "0-24")),
        ("any time except Wednesday", of("mon tue thu fri sat sun", "0-24")),
        ("weekday evenings except Wednesday", of("mon tue thu fri", "18-23")),
        ("周三不行", of("mon tue thu fri sat sun", "0-24")),
        ("除了周三，周一到周五晚上都行", of("mon tue thu fri", "18-23")),
        ("weekday evenings, Saturday", f"{of(WORKDAYS, '18-23')}, sat 0-24"),
        ("周一三五晚上", of("mon wed fri", "18-23")),
        ("周二、四下午", of("tue thu", "12-18")),
        ("Mon, Wed and Fri 7-9pm", of("mon wed fri", "19-21")),
        ("Sat and Sun afternoon or evening", of(WEEKEND, "12-23")),
        ("evenings on Monday, Wednesday", of("mon wed", "18-23")),
        ("Mon-Fri after 18:00", of(WORKDAYS, "18-24")),
        ("晚上九点以后", of(ALL, "21-24")),
        ("每周三晚上八点半", "wed 20.5-21.5"),
        ("friday 22:00-01:00", "fri 22-24, sat 0-1"),
        ("I am usually free on Tuesday evenings", "tue 18-23"),
    ],
)
def test_usual_words_are_understood(text: str, meant: str) -> None:
    assert told(text) == meant


@pytest.mark.parametrize(
    "text", ["whenever it rains", "thrusday evening", "Table A", "下次再说", "2026-02-30", "25:00", "", "31/12"]
)
def test_a_text_with_a_word_that_is_no_time_is_not_understood(text: str) -> None:
    assert read_times(text) is None
    assert not_understood([text, "Friday", text]) == [text]


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("周五晚上", "Fri 19:00-21:00", True),
        ("weekday evenings", "周六晚上", False),
        ("Thu 18:00", "Thu 19:00", False),
        ("2026-05-08 19:00", "Friday evenings", True),
        ("2026-05-08 19:00", "2026-05-15 19:00", False),
        ("Fri 19:00-19:30", "Fri evening", True),
        ("the usual slot", "The usual slot ", True),
        ("the usual slot", "Friday", False),
        ("the usual slot", "any time", True),
    ],
)
def test_two_meet_who_have_an_hour_in_common_or_the_same_words(one: str, other: str, meet: bool) -> None:
    assert both_free(Clock((one,)), Clock((other,))) is meet
    assert both_free(Clock((other,)), Clock((one,))) is meet


def test_each_one_means_their_own_clock_unless_the_words_name_another() -> None:
    shanghai, london = Clock(("Fri evening",), 8.0), Clock(("Fri evening",), 0.0)
    assert not both_free(shanghai, london)
    assert both_free(shanghai, Clock(("Fri 11:00-13:00",), 0.0))
    assert both_free(london, Clock(("周六 3:00-5:00",), 8.0)), "late on Friday there is early on Saturday here"
    assert free_at(london, ["Fri 19:00", "Fri 19:00 UTC+8", "北京时间周六 3:00"], 0.0) == [True, False, True]
    assert both_free(shanghai, Clock(("Fri evening",), math.nan)), "an unknown zone is taken to be the other's"
    assert usual_offset([math.nan, 8.0, 1.0, 8.0]) == 8.0


def test_a_time_for_all_is_told_in_somebodys_words_only_where_these_mean_the_same_to_all() -> None:
    clocks = [Clock(("weekday evenings",), 1.0), Clock(("Friday", "Sunday"), 1.0)]
    assert common_words(clocks) == ["Friday", "weekday evenings"]
    assert common_words([*clocks, Clock(("Friday",), 8.0)]) == []
