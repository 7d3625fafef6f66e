"""What a round looks like to an organizer, ready to be drawn: plain values, names beside ids, every sentence written.

Whoever makes a sheet sees to it that names and texts are in `language`; renderers add headings and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from models.domain.records import FollowUp, Micros, Reply, RoundState
from models.domain.requests import Language
from models.rounds.spec.requests import RoundKind, Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What an organizer knows beside the round: the time zone of its times, how long a meeting takes, and where it is,
    if not where the round says."""

    place: str = ""
    time_zone: str = ""  # an IANA name
    minutes: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody in a match. `reasons` are sentences to them, weightiest first; `text` is for them, in their language."""

    member: str
    name: str
    role: str = ""
    reasons: tuple[str, ...] = ()
    text: str = ""
    reply: Reply = "pending"
    answer: FollowUp = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A match. `sitting` counts from 0; `team` is the title of the team; scores lie in 0..1.

    `why` are sentences about its people, for the organizer; `invitation` is its id once published. `changed`: a repair
    made it after publishing, and its people need their text anew.
    """

    id: str
    seats: tuple[Seat, ...]
    sitting: int = 0
    slot: str = ""
    team: str = ""
    score: float = 0.0
    worst: float = 0.0
    locked: bool = False
    why: tuple[str, ...] = ()
    starter: str = ""
    invitation: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Somebody who meets nobody, in one sitting (a bye, with the text that tells them) or at all, and why.

    `changed`: they had been told of a match that a repair took away.
    """

    member: str
    name: str
    why: str
    sitting: int | None = None
    text: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A whole round. `rules` are what was asked for, `relaxed` what gave way, `collisions` what collides, and `notes`
    what else is to be known, all in sentences. `date`, `place` and `note` are what its organizer tells everybody."""

    community: str  # its name, or id
    round: str
    kind: RoundKind
    title: str = ""
    date: str = ""
    place: str = ""
    note: str = ""
    state: RoundState = "solved"
    language: Language = "en"
    time: Micros = 0
    published: Micros | None = None
    sittings: int = 1
    double_opt_in: bool = False
    fairness: float = 0.5
    lines: tuple[Line, ...] = ()
    byes: tuple[Absent, ...] = ()
    left_out: tuple[Absent, ...] = ()
    rules: tuple[str, ...] = ()
    relaxed: tuple[str, ...] = ()
    collisions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    summary: Summary = field(default_factory=Summary)

    @property
    def heading(self) -> str:
        """What the round is called."""
        return self.title or self.round
