"""Bounds of single values: rules that requests and records share."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from models.domain import strict_json
from models.domain.strict_json import JsonError
from models.rounds.texts.notice import day_of
from service.core import names
from service.core.errors import InvalidArgument
from service.core.names import shown

FUTURE_MICROS = 5 * 60 * 1_000_000
END_OF_TIME = 253_402_300_799_999_999  # the last microsecond of the year 9999
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")


class Rule:
    """A bound of one value; `check` raises InvalidArgument naming `path`."""

    def check(self, value: Any, path: str, now: int) -> None:
        """Accept anything; narrower rules say what they refuse."""


@dataclass(frozen=True)
class Text(Rule):
    """Text without NUL or lone surrogates of at most `max` bytes (or characters)."""

    max: int
    unit: str = "bytes"
    required: bool = False

    def check(self, value: Any, path: str, now: int) -> None:
        if not value and self.required:
            raise InvalidArgument(path, reason="FIELD_REQUIRED")
        try:
            size = len(value.encode())
        except UnicodeEncodeError:
            raise InvalidArgument(f"{path} with a lone surrogate") from None
        if self.unit != "bytes":
            size = len(value)
        if size > self.max:
            raise InvalidArgument(f"{path} has {size} {self.unit}; at most {self.max}", reason="TEXT_TOO_LONG")
        if "\x00" in value:
            raise InvalidArgument(path, reason="FORBIDDEN_CHARACTER")


@dataclass(frozen=True)
class Id(Rule):
    """An id."""

    required: bool = True

    def check(self, value: Any, path: str, now: int) -> None:
        if value or self.required:
            names.require_id(value, path)


@dataclass(frozen=True)
class Name(Rule):
    """A resource name of these collections; whether it lies in the request's community is checked where it is used."""

    collections: tuple[str, ...]
    required: bool = False

    def check(self, value: Any, path: str, now: int) -> None:
        if value or self.required:
            names.split(value, self.collections, path)


@dataclass(frozen=True)
class AnyName(Rule):
    """A resource name of one of several patterns."""

    patterns: tuple[tuple[str, ...], ...]

    def check(self, value: Any, path: str, now: int) -> None:
        wanted = tuple(value.split("/")[::2])
        names.split(value, wanted if wanted in self.patterns else self.patterns[0], path)


@dataclass(frozen=True)
class Each(Rule):
    """A list of `min` to `max` items, each under `rule`; without one, the items are checked by their own fields."""

    max: int
    rule: Rule | None = None
    min: int = 0

    def check(self, value: Any, path: str, now: int) -> None:
        if len(value) > self.max:
            raise InvalidArgument(f"{path} has {len(value)} items; at most {self.max}", reason="TOO_MANY_ITEMS")
        if len(value) < self.min:
            raise InvalidArgument(path, reason="FIELD_REQUIRED")
        if self.rule is not None:
            for at, item in enumerate(value):
                self.rule.check(item, f"{path}[{at}]", now)


@dataclass(frozen=True)
class Separately(Each):
    """A list whose items are refused one by one, so only its length is checked with the request."""


@dataclass(frozen=True)
class Range(Rule):
    """A finite number from `low` to `high`."""

    low: float
    high: float

    def check(self, value: Any, path: str, now: int) -> None:
        if not (math.isfinite(value) and self.low <= value <= self.high):
            bounds = f"it must lie between {self.low:g} and {self.high:g}"
            raise InvalidArgument(f"{path} is {value}; {bounds}", reason="OUT_OF_RANGE")


@dataclass(frozen=True)
class Finite(Rule):
    """Any number but infinities and NaN."""

    def check(self, value: Any, path: str, now: int) -> None:
        if not math.isfinite(value):
            raise InvalidArgument(f"{path} is {value}; it must be finite", reason="OUT_OF_RANGE")


@dataclass(frozen=True)
class Time(Rule):
    """Microseconds since 1970; unless `future`, at most 5 minutes ahead of the server."""

    future: bool = False
    required: bool = False

    def check(self, value: Any, path: str, now: int) -> None:
        if value is None:
            if self.required:
                raise InvalidArgument(path, reason="FIELD_REQUIRED")
            return
        if value < 0:
            raise InvalidArgument(path, reason="TIME_TOO_EARLY")
        if value > END_OF_TIME:
            raise InvalidArgument(f"{path} lies beyond the year 9999", reason="OUT_OF_RANGE")
        if not self.future and value > now + FUTURE_MICROS:
            raise InvalidArgument(path, reason="TIME_IN_FUTURE")


@dataclass(frozen=True)
class Language(Rule):
    """A BCP 47 language tag."""

    def check(self, value: Any, path: str, now: int) -> None:
        if len(value) > 35 or not _LANGUAGE.match(value):
            raise InvalidArgument(f"{path} {shown(value)}", reason="LANGUAGE_TAG_INVALID")


@dataclass(frozen=True)
class Day(Rule):
    """Empty, or a day, 2026-12-10, with or without a time behind it; at most `max` characters."""

    max: int

    def check(self, value: Any, path: str, now: int) -> None:
        Text(self.max, "characters").check(value, path, now)
        if value and day_of(value) is None:
            raise InvalidArgument(f'{path} "{value}", which does not begin with a day such as 2026-12-10,')


@dataclass(frozen=True)
class TimeZone(Rule):
    """Empty, or a name of the IANA database."""

    def check(self, value: Any, path: str, now: int) -> None:
        if value and value not in _zones():
            raise InvalidArgument(f"{path} {shown(value)}", reason="TIME_ZONE_UNKNOWN")


@dataclass(frozen=True)
class JsonObject(Rule):
    """Empty, or the JSON text of an object within `text`, also as it is kept (see `strict_json.canonical`)."""

    text: Text

    def check(self, value: Any, path: str, now: int) -> None:
        self.text.check(value, path, now)
        if value:
            self.text.check(_kept(value, path), path, now)


@dataclass(frozen=True)
class Scalars(Rule):
    """The attributes of a record: names to texts, numbers and booleans."""

    max: int
    name: Text
    text: Text

    def check(self, value: Any, path: str, now: int) -> None:
        Each(self.max).check(value, path, now)
        for key, item in value.items():
            self.name.check(key, f"a name in {path}", now)
            if isinstance(item, str):
                self.text.check(item, f"{path}[{shown(key)}]", now)
            elif isinstance(item, int) and not -(2**63) <= item < 2**63:
                raise InvalidArgument(f"{path}[{shown(key)}] does not fit into 64 bits", reason="OUT_OF_RANGE")
            elif isinstance(item, float):
                Finite().check(item, f"{path}[{shown(key)}]", now)


@dataclass(frozen=True)
class Given(Rule):
    """A sub-message that must be there."""


@dataclass(frozen=True)
class Choice(Rule):
    """One of a record field's literal values."""

    values: tuple[str, ...]

    def check(self, value: Any, path: str, now: int) -> None:
        if value not in self.values:
            raise InvalidArgument(f"{path} {shown(str(value))}", reason="ENUM_UNKNOWN")


def _kept(text: str, path: str) -> str:
    try:
        return strict_json.write(strict_json.read_object(text))
    except JsonError:
        raise InvalidArgument(path, reason="EXTRA_JSON_INVALID") from None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
