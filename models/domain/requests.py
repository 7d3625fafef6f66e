"""What can be asked of a community and what comes back: the plain types of `models.ranking.pipeline`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NewType

from models.domain.facts import Fact
from models.domain.records import Need, Scalar

Audience = Literal["members", "organizers"]
Language = Literal["en", "zh"]
ReasonKind = NewType("ReasonKind", str)  # declared by the kinds themselves, in `models.ranking.reasons`
Basis = Literal["", "fit", "ties", "activity"]  # what a match rests on


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Who may be recommended at all; an empty field asks for nothing. All that is given must hold.

    `languages`: speaks at least one. `place`: equal, ignoring case. `attributes`: every key equal.
    `members`: one of these ids. `active_since`: said or did something at or after this time (microseconds); to
    members, where all may see it.
    """

    languages: tuple[str, ...] = ()
    place: str = ""
    attributes: dict[str, Scalar] = field(default_factory=dict)
    members: frozenset[str] = frozenset()
    active_since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to answer. `diversity` from 0 (by score alone) to 1; `now` is the wall clock in microseconds for pauses.

    `fillers`: also results without a reason, where reasons are asked for. `gone`: also people who are here no more.
    `strangers`: of the new people in a member's list, the share who have no acquaintance in common with them, from 0
    (by likelihood alone) to 1; None leaves it to the model. `own`: for the eyes of whoever asks, so that whom they
    declined in a double opt-in stays out; nothing that others see may depend on that.
    """

    limit: int = 10
    audience: Audience = "members"
    include_connected: bool = False
    exclude: frozenset[str] = frozenset()
    filter: Filter = field(default_factory=Filter)
    diversity: float = 0.1
    strangers: float | None = None
    min_score: float = 0.0
    language: Language = "en"
    reasons: bool = True
    fillers: bool = False
    gone: bool = False
    own: bool = False
    now: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A stated goal, a project brief or a question. `members` are its own people: never shown, but their ties count.

    `source` is who asks ("" when unknown); a brief's lead is its first member.
    """

    text: str
    title: str = ""
    channel: str = ""
    source: str = ""
    members: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reason stands on, shareable with the reader: words, or the id of a member, channel, project or message."""

    kind: Literal["term", "statement", "suggestion", "member", "channel", "project", "message"]
    value: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: typed, what is said of it, the share of the score it carries (0..1), and its evidence."""

    kind: ReasonKind
    said: Fact
    weight: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """One recommended member or project. Scores lie in 0..1.

    `score_for_you`: how much they are worth to you; `score_for_them`: how much you are worth to them.
    """

    id: str
    score: float
    score_for_you: float
    score_for_them: float
    reasons: tuple[Reason, ...] = ()
    basis: Basis = ""


@dataclass(frozen=True, slots=True)
class Recommendations:
    """An answer, best first. `hidden_by_consent`: about how many agreed to be shown to nobody."""

    matches: tuple[Match, ...]
    hidden_by_consent: int = 0
    model_version: str = ""
