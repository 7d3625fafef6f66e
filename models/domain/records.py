"""Plain records of a community: what archives, stores and requests hand to the computation.

Every record is frozen and compares by value, so "the same id with the same content" is `==`.
Times are integers: microseconds since 1970-01-01T00:00:00Z.
`extra` is the JSON text of an object with the fields of an archive row that Yiqi does not know ("" when none);
they are kept untouched and come back on export.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias, get_args

from models.domain import strict_json
from models.domain.fields import (
    Day,
    Given,
    Id,
    InArchive,
    JsonObject,
    LanguageTag,
    Least,
    Most,
    Time,
    TimeZone,
    Within,
)

Micros: TypeAlias = int
Scalar: TypeAlias = str | int | float | bool

DAY: Micros = 86_400 * 1_000_000

ValueKind = Literal["", "growth", "income", "resources", "connections"]
Consent = Literal["nobody", "organizers", "members"]  # the stricter the earlier
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

VALUE_KINDS: tuple[ValueKind, ...] = get_args(ValueKind)
OUTCOME_KINDS: tuple[OutcomeKind, ...] = get_args(OutcomeKind)
CONSENT_LEVEL: dict[Consent, int] = {word: level for level, word in enumerate(get_args(Consent))}
MAX_TEXT_BYTES = 100_000
MAX_PERIOD_DAYS = 3650
ROUND_BYTES = 64_000_000  # of the request or the list of a round

OwnId = Annotated[str, Id()]
MemberId = Annotated[str, Id("members")]
Label = Annotated[str, Most(200, "characters")]
Short = Annotated[str, Most(128, "characters")]
Statement = Annotated[str, Most(2_000)]
Profile = Annotated[str, Most(20_000)]
Statements = Annotated[tuple[Statement, ...], Most(100, "items")]
Languages = Annotated[tuple[Annotated[str, LanguageTag()], ...], Most(100, "items")]
Extra = Annotated[str, JsonObject(), Most(20_000)]
Past = Annotated[Micros, Time()]
PeriodDays = Annotated[int, Within(0, MAX_PERIOD_DAYS)]
Counted = Annotated[int, Within(0, 2**31)]
From = Annotated[MemberId, InArchive("from")]
To = Annotated[MemberId, InArchive("to")]
PairId = Annotated[OwnId, Given(lacks=True), InArchive(always=True)]  # one is made where none is stated
ALWAYS, LAST = InArchive(always=True), InArchive(always=True, last=True)

# An outcome of one of these means that the two have dealt with each other (see "Connected" in docs/architecture.md).
CONNECTING_OUTCOMES = frozenset({"already_known", "talked", "met", "helped", "built_together", "still_together"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """The tenant: nobody is ever matched across one."""

    id: Annotated[OwnId, Given(lacks=True), InArchive(never=True)]
    name: Label = ""
    purpose: Profile = ""
    values: Statements = ()
    languages: Languages = ()
    extra: Extra = ""


@dataclass(frozen=True, slots=True)
class Need:
    """Something offered, sought or needed; `kind` says which of the four values of a community it moves."""

    text: Annotated[Statement, Given(lacks=True)]
    kind: ValueKind = ""


Needs = Annotated[tuple[Need, ...], Most(100, "items")]


@dataclass(frozen=True, slots=True)
class Identity:
    """A handle on a platform by which one person is known there."""

    platform: Short
    handle: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person, as they describe themselves. Suggestions inferred from their words live in `Suggestion`, never here."""

    id: OwnId
    name: Label = ""
    profile: Profile = ""
    aims: Statements = ()
    offers: Needs = ()
    seeks: Needs = ()
    values: Statements = ()
    languages: Languages = ()
    place: Label = ""
    time_zone: Annotated[str, TimeZone()] = ""
    availability: Statements = ()
    identities: Annotated[tuple[Identity, ...], Most(100, "items")] = ()
    consent: Annotated[Consent, ALWAYS] = "organizers"
    paused_until: Annotated[Micros | None, Time(ahead=True)] = None
    attributes: Annotated[dict[str, Scalar], Most(100, "items")] = field(default_factory=dict)
    extra: Extra = ""

    @property
    def has_profile(self) -> bool:
        """True when the person stated anything that can be matched on."""
        return bool(self.profile or self.aims or self.offers or self.seeks or self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where messages are said. `members` counts only where visibility is not "community"."""

    id: OwnId
    name: Label = ""
    visibility: Annotated[Visibility, ALWAYS] = "community"
    members: Annotated[tuple[MemberId, ...], Most(10_000, "items")] = ()
    extra: Extra = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Text by a member at a time in a channel and thread."""

    id: OwnId
    author: MemberId
    time: Past
    text: Annotated[str, Most(MAX_TEXT_BYTES), LAST] = ""
    channel: Annotated[str, Id("channels")] = ""
    thread: Short = ""
    topic: Statement = ""
    reply_to: Annotated[str, Id("messages")] = ""
    mentions: Annotated[tuple[MemberId, ...], Most(100, "items")] = ()
    extra: Extra = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Something done or to be done together; the first member leads. No state means not open."""

    id: OwnId
    title: Annotated[Statement, ALWAYS] = ""
    text: Annotated[Profile, ALWAYS] = ""
    time: Annotated[Micros | None, Time()]
    members: Annotated[tuple[MemberId, ...], Most(1000, "items"), ALWAYS] = ()
    needs: Needs = ()
    state: ProjectState = ""
    extra: Extra = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A declared acquaintance: `source` says that they know `target`."""

    id: PairId
    source: From
    target: To
    time: Annotated[Micros | None, Time()] = None
    kind: Short = ""
    extra: Extra = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a match between `source`, who was shown it, and `target`.

    `invitation`: the double opt-in that it is a reply to, a secret of `source` for as long as not all accepted.
    """

    id: PairId
    source: From
    target: To
    time: Past
    kind: OutcomeKind
    value: ValueKind = ""
    token: Statement = ""
    invitation: Annotated[str, Id("invitations")] = ""
    extra: Extra = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`source` never wants to meet `target`; it hides both from each other."""

    id: PairId
    source: From
    target: To
    time: Annotated[Micros | None, Time()] = None
    kind: Short = ""
    extra: Extra = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Something a member may aim at, offer, seek, value or where they live, read out of one of their messages.

    It counts with less weight than a statement until somebody confirms it; a struck one counts for nothing and is
    never suggested again. `id` is stable: the same words give the same id.
    """

    id: OwnId
    member: MemberId
    field: SuggestionField
    text: Statement
    kind: ValueKind = ""
    message: Annotated[str, Id("messages")] = ""
    state: Annotated[SuggestionState, ALWAYS] = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A match list that an organizer asked for. `members` are all who are named in it.

    `spec` and `plan` are the JSON text of a `RoundSpec` and of the `Plan` that answers it ("" while there is none), see
    `models.rounds.spec.json_text`. `left_out` says who was asked for and is not in it, and why: the JSON text of a
    list of [member, why]. `attempt` counts how often it was solved; a result of an earlier attempt is thrown away.
    `goes_out`: it is published by itself as soon as it is solved without a collision. `date`, `place` and `note` are
    what everybody in it is told, see `models.rounds.texts.notice`.
    """

    id: OwnId
    time: Past  # when it was asked for; the server's
    title: Statement = ""
    state: Annotated[RoundState, Given(), ALWAYS] = "solving"
    members: Annotated[tuple[MemberId, ...], Most(20_000, "items")] = ()
    spec: Annotated[str, JsonObject(), Most(ROUND_BYTES), Given()] = ""
    plan: Annotated[str, JsonObject(), Most(ROUND_BYTES)] = ""
    left_out: Annotated[str, Most(ROUND_BYTES)] = ""
    ranked_as: Literal["collaborators", "peers"] = "collaborators"
    language: Literal["en", "zh"] = "en"
    double_opt_in: bool = False
    goes_out: bool = False
    # Standing matches are asked whether they renew after so many days; 0 for matches of one time.
    period_days: PeriodDays = 0
    attempt: Counted = 1
    published: Annotated[Micros | None, Time()] = None
    problem: Statement = ""  # why it failed, for people
    date: Annotated[str, Day(), Most(40, "characters")] = ""
    place: Label = ""
    note: Label = ""
    extra: Extra = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody invited: their part, what they replied, what became of it, and whether they stay where it goes on."""

    member: MemberId
    role: Label = ""
    reply: Reply = "pending"
    answer: FollowUp = ""
    renewed: Counted = 0  # the last period for which they renewed
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """People who are brought together, by whatever did it: `ref` is the id of the round, introduction or proposal.

    All invitations with the same source and ref count as one contact for whoever is in them. `title` and `text` say
    what it is about in words that every guest may see. Nobody ever sees another's refusal; with `double_opt_in`, that
    all accepted is seen only when all did. One that has fewer than two guests left does not exist.
    """

    id: OwnId
    time: Past  # when it was sent; the server's
    source: Annotated[InvitationSource, Given(), ALWAYS] = "round"
    ref: Annotated[str, Id("anything")] = ""
    guests: Annotated[tuple[Guest, ...], Most(1000, "items"), Least(2), ALWAYS]
    state: Annotated[InvitationState, ALWAYS] = "open"
    double_opt_in: bool = False
    title: Statement = ""
    text: Profile = ""
    sitting: Annotated[int, Within(0, 1000)] = 0
    slot: Label = ""
    team: Short = ""
    score: Annotated[float, Within(0, 1)] = 0.0
    period_days: PeriodDays = 0  # 0 for a meeting of one time
    extra: Extra = ""

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
    unknown = strict_json.kept_object(member.extra)
    return {
        key: value for key, value in unknown.items() if isinstance(value, (str, int, float, bool))
    } | member.attributes
