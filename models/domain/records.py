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

DAY: Micros = 86_400 * 1_000_000

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
RoundState = Literal["solving", "solved", "failed", "cancelled", "published", "repairing", "undone"]
InvitationSource = Literal["round", "introduction", "proposal"]
InvitationState = Literal["open", "withdrawn"]
Reply = Literal["pending", "accepted", "declined"]
FollowUp = Literal["", "talked", "met", "again", "no"]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A match list that an organizer asked for. `members` are all who are named in it.

    `spec` and `plan` are the JSON text of a `RoundSpec` and of the `Plan` that answers it ("" while there is none), see
    `models.rounds.spec.json_text`. `left_out` says who was asked for and is not in it, and why: the JSON text of a
    list of [member, why]. `attempt` counts how often it was solved; a result of an earlier attempt is thrown away.
    `goes_out`: it is published by itself as soon as it is solved without a collision. `date`, `place` and `note` are
    what everybody in it is told, see `models.rounds.texts.notice`.
    """

    id: str
    time: Micros  # when it was asked for; the server's
    title: str = ""
    state: RoundState = "solving"
    members: tuple[str, ...] = ()
    spec: str = ""
    plan: str = ""
    left_out: str = ""
    ranked_as: Literal["collaborators", "peers"] = "collaborators"
    language: Literal["en", "zh"] = "en"
    double_opt_in: bool = False
    goes_out: bool = False
    period_days: int = 0  # standing matches are asked whether they renew after so many days; 0 for matches of one time
    attempt: int = 1
    published: Micros | None = None
    problem: str = ""  # why it failed, for people
    date: str = ""
    place: str = ""
    note: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody invited: their part, what they replied, what became of it, and whether they stay where it goes on."""

    member: str
    role: str = ""
    reply: Reply = "pending"
    answer: FollowUp = ""
    renewed: int = 0  # the last period for which they renewed
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """People who are brought together, by whatever did it: `ref` is the id of the round, introduction or proposal.

    All invitations with the same source and ref count as one contact for whoever is in them. `title` and `text` say
    what it is about in words that every guest may see. Nobody ever sees another's refusal; with `double_opt_in`, that
    all accepted is seen only when all did. One that has fewer than two guests left does not exist.
    """

    id: str
    time: Micros  # when it was sent; the server's
    guests: tuple[Guest, ...]
    source: InvitationSource = "round"
    ref: str = ""
    state: InvitationState = "open"
    double_opt_in: bool = False
    title: str = ""
    text: str = ""
    sitting: int = 0
    slot: str = ""
    team: str = ""
    score: float = 0.0
    period_days: int = 0  # 0 for a meeting of one time
    extra: str = ""

    @property
    def members(self) -> tuple[str, ...]:
        """Who is invited."""
        return tuple(guest.member for guest in self.guests)


Record: TypeAlias = (
    Community | Member | Channel | Message | Project | Tie | Outcome | Block | Suggestion | Round | Invitation
)

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
    "round": Round,
    "invitation": Invitation,
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
