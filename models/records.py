"""Plain records of a community: what archives, stores and requests hand to the computation.

Every record is frozen and compares by value, so "the same id with the same content" is `==`.
Times are integers: microseconds since 1970-01-01T00:00:00Z.
`extra` is the JSON text of an object with the fields of an archive row that Yiqi does not know ("" when none);
they are kept untouched and come back on export.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Micros: TypeAlias = int
Scalar: TypeAlias = str | int | float | bool

ValueKind = Literal["", "growth", "income", "resources", "connections"]
Consent = Literal["nobody", "organizers", "members"]
Visibility = Literal["community", "members", "private"]
ProjectState = Literal["", "open", "active", "done", "dropped"]
OutcomeKind = Literal[
    "shown",
    "dismissed",
    "already_known",
    "accepted",
    "declined",
    "talked",
    "met",
    "helped",
    "built_together",
    "still_together",
]
SuggestionField = Literal["aims", "offers", "seeks", "values", "place"]
SuggestionState = Literal["open", "confirmed", "struck"]

VALUE_KINDS = ("", "growth", "income", "resources", "connections")
OUTCOME_KINDS = (
    "shown", "dismissed", "already_known", "accepted", "declined", "talked", "met", "helped",
    "built_together", "still_together",
)  # fmt: skip
# An outcome of one of these means that the two have dealt with each other (see "Connected" in docs/architecture.md).
CONNECTING_OUTCOMES = frozenset({"already_known", "talked", "met", "helped", "built_together", "still_together"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """The tenant: nobody is ever matched across one."""

    id: str
    name: str = ""
    purpose: str = ""
    values: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """Something offered, sought or needed; `kind` says which of the four values of a community it moves."""

    text: str
    kind: ValueKind = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """A handle on a platform by which one person is known there."""

    platform: str
    handle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person, as they describe themselves. Suggestions inferred from their words live in `Suggestion`, never here."""

    id: str
    name: str = ""
    profile: str = ""
    aims: tuple[str, ...] = ()
    offers: tuple[Need, ...] = ()
    seeks: tuple[Need, ...] = ()
    values: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    place: str = ""
    time_zone: str = ""
    availability: tuple[str, ...] = ()
    identities: tuple[Identity, ...] = ()
    consent: Consent = "organizers"
    paused_until: Micros | None = None
    attributes: dict[str, Scalar] = field(default_factory=dict)
    extra: str = ""

    @property
    def has_profile(self) -> bool:
        """True when the person stated anything that can be matched on."""
        return bool(self.profile or self.aims or self.offers or self.seeks or self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where messages are said. `members` counts only where visibility is not "community"."""

    id: str
    name: str = ""
    visibility: Visibility = "community"
    members: tuple[str, ...] = ()
    extra: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Text by a member at a time in a channel and thread."""

    id: str
    author: str
    time: Micros
    text: str = ""
    channel: str = ""
    thread: str = ""
    topic: str = ""
    reply_to: str = ""
    mentions: tuple[str, ...] = ()
    extra: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Something done or to be done together; the first member leads. No state means not open."""

    id: str
    time: Micros | None
    title: str = ""
    text: str = ""
    members: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    state: ProjectState = ""
    extra: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A declared acquaintance: `source` says that they know `target`."""

    id: str
    source: str
    target: str
    time: Micros | None = None
    kind: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a match between `source`, who was shown it, and `target`."""

    id: str
    source: str
    target: str
    time: Micros
    kind: OutcomeKind
    value: ValueKind = ""
    token: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`source` never wants to meet `target`; it hides both from each other."""

    id: str
    source: str
    target: str
    time: Micros | None = None
    kind: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Something a member may aim at, offer, seek, value or where they live, read out of one of their messages.

    It counts with less weight than a statement until somebody confirms it; a struck one counts for nothing and is
    never suggested again. `id` is stable: the same words give the same id.
    """

    id: str
    member: str
    field: SuggestionField
    text: str
    kind: ValueKind = ""
    message: str = ""
    state: SuggestionState = "open"


Record: TypeAlias = Community | Member | Channel | Message | Project | Tie | Outcome | Block | Suggestion

RECORD_TYPES: dict[str, type] = {
    "community": Community,
    "member": Member,
    "channel": Channel,
    "message": Message,
    "project": Project,
    "tie": Tie,
    "outcome": Outcome,
    "block": Block,
    "suggestion": Suggestion,
}
KIND_OF: dict[type, str] = {cls: kind for kind, cls in RECORD_TYPES.items()}


def all_attributes(member: Member) -> dict[str, Scalar]:
    """What a filter may ask of a member: the stated attributes, and unknown fields of their row that are one value."""
    if not member.extra:
        return member.attributes
    unknown = json.loads(member.extra)
    return {
        key: value for key, value in unknown.items() if isinstance(value, (str, int, float, bool))
    } | member.attributes
