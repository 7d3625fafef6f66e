"""How fields of records are described: what they hold, within which bounds, and how archives write them.

A record of `models.domain.records` describes each of its fields once, as `Annotated[type, mark, …]`. The archive, the
store, the contract and the checks of what comes in all read these marks.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, dataclass
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True)
class Most:
    """At most so long: texts in bytes or characters, lists in items."""

    count: int
    unit: Literal["bytes", "characters", "items"] = "bytes"


@dataclass(frozen=True, slots=True)
class Least:
    """A list has at least so many items."""

    count: int


@dataclass(frozen=True, slots=True)
class Id:
    """Text that is an id: of a record in this collection; of the record itself where none is named."""

    of: str = ""


@dataclass(frozen=True, slots=True)
class AttributeName:
    """Text that names an attribute of members, or "languages", "place" or "time_zone"."""


@dataclass(frozen=True, slots=True)
class Within:
    """A number from `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Time:
    """Microseconds since 1970. One that is not `ahead` is at most a few minutes in the future."""

    ahead: bool = False


@dataclass(frozen=True, slots=True)
class LanguageTag:
    """A language of BCP 47."""


@dataclass(frozen=True, slots=True)
class TimeZone:
    """A time zone of the IANA database, or nothing."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day as in 2026-12-10, with or without a time behind it, or nothing."""


@dataclass(frozen=True, slots=True)
class JsonObject:
    """The JSON text of an object, or nothing."""


@dataclass(frozen=True, slots=True)
class Given:
    """An archive must state it though the record has a default; with `lacks`, it need not though there is none."""

    lacks: bool = False


@dataclass(frozen=True, slots=True)
class InArchive:
    """How an archive writes the field: under which key, whether even when empty, after all others, or not at all."""

    key: str = ""
    always: bool = False
    last: bool = False
    never: bool = False


M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record. `type` has no marks; `item` describes what a list holds.

    `default` is what it is where nothing states it; without `has_default` a record must be given it. `optional` is one
    that may be None, `required` one that an archive must state.
    """

    name: str
    type: Any
    default: Any
    has_default: bool
    optional: bool
    required: bool
    marks: tuple[object, ...]
    item: Field | None = None

    def mark(self, kind: type[M]) -> M | None:
        """The mark of a kind; None where there is none."""
        return next((mark for mark in self.marks if isinstance(mark, kind)), None)

    @property
    def written(self) -> InArchive:
        """How an archive writes it."""
        return self.mark(InArchive) or InArchive()

    @property
    def key(self) -> str:
        """Its name in an archive."""
        return self.written.key or self.name

    @property
    def is_part(self) -> bool:
        """Whether it has fields of its own."""
        return dataclasses.is_dataclass(self.type)

    @property
    def names_members(self) -> bool:
        """Whether it is a list of members."""
        to = self.item.mark(Id) if self.item else None
        return to is not None and to.of == "members"

    @property
    def choices(self) -> tuple[str, ...]:
        """What it may be, where that is one of few words."""
        return get_args(self.type) if get_origin(self.type) is Literal else ()


def fields_of(record: type[Any]) -> tuple[Field, ...]:
    """The fields of a record, or of a part of one, in their order."""
    if record not in _FIELDS:
        plain, marked = get_type_hints(record), get_type_hints(record, include_extras=True)
        _FIELDS[record] = tuple(_field(one, plain[one.name], marked[one.name]) for one in dataclasses.fields(record))
    return _FIELDS[record]


_FIELDS: dict[type, tuple[Field, ...]] = {}


def _field(one: dataclasses.Field[Any], plain: Any, marked: Any) -> Field:
    default = one.default if one.default_factory is MISSING else one.default_factory()
    has_default, optional = default is not MISSING, type(None) in get_args(plain)
    inner, marks = _unwrapped(marked)
    given = next((mark for mark in marks if isinstance(mark, Given)), None)
    required = not given.lacks if given else not (has_default or optional)
    if not has_default:
        default = "" if plain is str else None
    item = _item(one.name, inner) if get_origin(inner) is tuple else None
    return Field(one.name, plain, default, has_default, optional, required, marks, item)


def _item(name: str, listed: Any) -> Field:
    inner, marks = _unwrapped(get_args(listed)[0])
    return Field(name, inner, None, has_default=True, optional=False, required=False, marks=marks)


def _unwrapped(hint: Any) -> tuple[Any, tuple[object, ...]]:
    """A type and its marks."""
    if get_origin(hint) is Annotated:
        inner, *marks = get_args(hint)
        return inner, tuple(marks)
    return hint, ()
