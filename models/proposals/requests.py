"""What can be asked for as something to do together, and what is proposed: plain types."""

from __future__ import annotations

from dataclasses import dataclass

from models.domain.facts import Fact
from models.domain.records import Micros, Need, ValueKind
from models.domain.requests import Audience, Language

SIZE = (2, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A proposal that was sent or put aside before: its title, what that is about (the title, unless given), whom it
    named, and what they said to it."""

    title: str
    subject: str = ""
    members: tuple[str, ...]
    dismissed_by: tuple[str, ...] = ()  # who did not want it; "" for an organizer
    accepted_by: tuple[str, ...] = ()  # of what was sent
    declined_by: tuple[str, ...] = ()  # of what was sent; nobody else ever learns of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for. `member`: projects for this one, "" for the community. `now` is the wall clock (µs).

    `busy`: ids who have no contact left this week. The same wish gives the same proposals; another `seed` gives others.
    """

    member: str = ""
    limit: int = 5
    language: Language = "en"
    audience: Audience = "members"
    size: tuple[int, int] = SIZE
    now: Micros = 0
    seed: int = 0
    busy: frozenset[str] = frozenset()
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """Something somebody brings or gets, as it is said; `kind` of value ("" where nobody said), `whose` it comes from
    (a member's id, for what is got)."""

    said: Fact
    kind: ValueKind = ""
    whose: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the team: what they bring and get, why they, whom of the others they know already. Scores in 0..1."""

    member: str
    brings: Value
    gets: Value
    why: Fact | None
    known: tuple[str, ...]
    fit: float  # to the theme
    score: float  # mean of the both-way scores with the others


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something to do together. `id` is the same for the same theme and team. `needs` are those that nobody in the team
    covers yet. The first of `parts` would lead."""

    id: str
    title: Fact
    text: Fact
    first_step: Fact
    words: tuple[str, ...]
    parts: tuple[Part, ...]
    needs: tuple[Need, ...]
    covered: tuple[Need, ...]
    score: float
    worst: float
    known_pairs: int
    new_pairs: int

    @property
    def members(self) -> tuple[str, ...]:
        """The team, the lead first."""
        return tuple(part.member for part in self.parts)


@dataclass(frozen=True, slots=True)
class Proposed:
    """An answer, best first. `hidden_by_consent` as in `Recommendations`; `fewer` says why there are fewer than were
    asked for, None where there are as many."""

    proposals: tuple[Proposal, ...]
    hidden_by_consent: int = 0
    model_version: str = ""
    fewer: Fact | None = None
