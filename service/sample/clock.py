"""When people write: by the hour of their day, by the weekday, with pauses between one line and the next."""

from __future__ import annotations

from random import Random

from models.domain.records import Micros
from service.sample.material import City

SECOND: Micros = 1_000_000
HOUR: Micros = 3600 * SECOND
DAY: Micros = 24 * HOUR

#                0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
_HOURS = (2, 1, 1, 1, 0, 0, 1, 3, 6, 8, 8, 8, 12, 9, 6, 6, 6, 7, 8, 9, 12, 14, 11, 6)
_WEEKDAYS = (8, 9, 8, 9, 10, 12, 9)  # from Monday
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


def moment(rng: Random, since: Micros, until: Micros, city: City) -> Micros:
    """A time in [since, until) at which somebody in this city is likely to write."""
    first, last = since // DAY, max(since // DAY, until // DAY - 1)
    days = [rng.randint(first, last) for _ in range(4)]
    day = rng.choices(days, [_WEEKDAYS[(d + _EPOCH_WEEKDAY) % 7] for d in days])[0]
    hour = rng.choices(range(24), _HOURS)[0]
    time = day * DAY + (hour - city.offset) * HOUR + rng.randrange(HOUR)
    return min(max(time, since), until - 1)


def pause(rng: Random, *, same_person: bool) -> Micros:
    """How long until the next line: seconds by the same hand, minutes from another, at times hours."""
    if same_person:
        return rng.randint(4, 70) * SECOND
    if rng.random() < 0.12:
        return int(rng.uniform(1, 9) * HOUR)
    return max(5 * SECOND, int(rng.expovariate(1 / 240) * SECOND))


def night_skipped(time: Micros, city: City) -> Micros:
    """The same time, or next morning when it is between one and six o'clock in this city."""
    hour = (time // HOUR + city.offset) % 24
    return time + (7 - hour) * HOUR if 1 <= hour < 6 else time
