"""Answers of a sign-up sheet that is imported again: the newest counts, but for what was changed here since.

Of the sheet that came before only digests are kept, field by field, beside the member: a field that still has its
digest is as the sheet said, and takes the newer answer; another one was changed here and stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import orjson

from models.domain import strict_json
from models.domain.fields import fields_of
from models.domain.records import CONSENT_LEVEL, Member, Micros, Record

# What somebody says of themselves: whoever states none of it is known from what they said elsewhere.
STATED = tuple(
    field.name
    for field in fields_of(Member)
    if field.name not in ("id", "name", "time_zone", "identities", "consent", "paused_until", "attributes", "extra")
)
_FIELDS = ("name", *STATED, "time_zone", "consent")
_ATTRIBUTE = "attributes."


@dataclass(frozen=True, slots=True)
class Answered:
    """What a sheet said: when, 0 where it has no times, and a digest of each field."""

    time: Micros
    said: Mapping[str, str]


def noted(member: Member, time: Micros) -> str:
    """The note of what a sheet says of a member."""
    said = {name: _digest(value) for name, value in _values(member).items()}
    return orjson.dumps({"time": time, "said": said}).decode()


def read(note: str) -> Answered | None:
    """The note back; None where no sheet said anything yet."""
    return Answered(**orjson.loads(note)) if note else None


def differ(one: Record, other: Record) -> bool:
    """Whether two of one member state different things of themselves."""
    return any(getattr(one, name) != getattr(other, name) for name in STATED)


def answered_again(stored: Member, new: Member, before: Answered, time: Micros, *, over_changes: bool) -> Member:
    """The member with newer answers; one older than those `before`, or none, takes nothing away. `over_changes`: also
    where they were changed here since."""
    if time < before.time:
        return stored
    ours, theirs = _values(stored), _values(new)
    taken = {
        name: value
        for name, value in theirs.items()
        if _is_said(value) and (over_changes or name not in ours or _digest(ours[name]) == before.said.get(name))
    }
    if _is_newly_stricter(stored, new, before):
        taken["consent"] = new.consent
    fields = {name: value for name, value in taken.items() if name in _FIELDS}
    attributes = {name: value for name, value in new.attributes.items() if f"{_ATTRIBUTE}{name}" in taken}
    extra = new.extra if "consent" in taken and _only_limits(stored.extra) else stored.extra
    return replace(stored, **fields, attributes=stored.attributes | attributes, extra=extra)


def unlike(member: Member, new: Member) -> bool:
    """Whether a sheet says something else of a member than what stands; whom they are shown to is told by itself."""
    ours = _values(member)
    return any(_is_said(value) and ours.get(name) != value for name, value in _values(new).items() if name != "consent")


def _values(member: Member) -> dict[str, Any]:
    return {name: getattr(member, name) for name in _FIELDS} | {
        f"{_ATTRIBUTE}{name}": value for name, value in member.attributes.items()
    }


def _digest(value: Any) -> str:
    return blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _is_newly_stricter(stored: Member, new: Member, before: Answered) -> bool:
    """A refusal given in the newer answer holds, whatever was set here."""
    stricter = CONSENT_LEVEL[new.consent] < CONSENT_LEVEL[stored.consent]
    return stricter and before.said.get("consent") != _digest(new.consent)


def _is_said(value: object) -> bool:
    return value not in ("", ())


def _only_limits(extra: str) -> bool:
    return not extra or strict_json.kept_object(extra).keys() == {"consent_answer"}
