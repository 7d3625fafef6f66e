"""What an organizer can ask for and what comes back: the plain types of `models.rounds`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from models.domain.records import Micros, Need, Scalar
from models.rounds.constraints.constraint import Constraint

# "pairs": two and two. "groups": of `size`. "sides": members of the first side meet members of the second, each as
# often as its load allows. "teams": people fill the roles of given projects.
RoundKind = Literal["pairs", "groups", "sides", "teams"]
# Who is left when numbers are odd: a pair becomes a trio, or somebody sits out (whoever sat out least before).
Leftover = Literal["trio", "bye"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of "sides": these members, each in at least `least` and at most `most` matches."""

    name: str
    members: tuple[str, ...]
    least: int = 0
    most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A part in a team that `count` people play; only those whose attribute has this value, if one is named."""

    name: str
    count: int = 1
    need: Need | None = None
    attribute: str = ""
    value: Scalar = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A project that looks for people. `project` is the id of one that exists, or "" for one described here."""

    id: str
    title: str = ""
    text: str = ""
    project: str = ""
    members: tuple[str, ...] = ()  # who is in it already
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """What the organizer's own list says a pair is worth, 0 to 1."""

    source: str
    target: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSpec:
    """One request of an organizer.

    `size` bounds a group. `load`: how many of the teams one person joins at most. `sittings`: how often everybody meets
    somebody, each time somebody else. `slots`: times in words; a match gets one that suits all its members (see
    `week_times`), and at most `places` matches share one (0: any number). `fairness` from 0 (the largest total) to 1
    (the worst-off first). `bids` count with `bid_weight` beside the scores of the model. `standing` matches meet again
    and are asked whether they renew. `seconds` bounds the solver. The same spec, people and seed give the same list.
    `ask_silent`: who said nothing of the last round takes part at once, instead of resting this once.
    """

    kind: RoundKind
    members: tuple[str, ...] = ()
    size: tuple[int, int] = (3, 5)
    sides: tuple[Side, ...] = ()
    teams: tuple[Team, ...] = ()
    sittings: int = 1
    load: int = 1
    slots: tuple[str, ...] = ()
    places: int = 0
    rules: tuple[Constraint, ...] = ()
    leftover: Leftover = "trio"
    fairness: float = 0.25
    bids: tuple[Bid, ...] = ()
    bid_weight: float = 0.5
    standing: bool = False
    seed: int = 0
    seconds: float = 30.0
    ask_silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """People who meet: `roles` beside `members` where they play parts. `score` and `worst` (of its members) in 0..1."""

    members: tuple[str, ...]
    sitting: int = 0
    slot: str = ""
    team: str = ""
    roles: tuple[str, ...] = ()
    score: float = 0.0
    worst: float = 0.0
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bye:
    """Somebody who meets nobody in this sitting. `rules` are places in `RoundSpec.rules` of what stood in the way."""

    member: str
    sitting: int = 0
    why: Literal["odd_number", "no_partner", "time_limit", "load"] = "odd_number"
    rules: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """A rule that gave way: its place in `RoundSpec.rules`, for which matches' members, and to what (in words' numbers:
    days or rounds that were kept, people above the quota)."""

    rule: int
    members: tuple[str, ...]
    kept: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """Rules that cannot all hold (places in `RoundSpec.rules`; what cannot be a rule is named in `also`), for whom, and
    which of them, dropped alone, would do."""

    rules: tuple[int, ...]
    also: tuple[
        Literal["blocks", "size", "load", "slots", "places", "roles", "numbers", "time_limit", "locks"], ...
    ] = ()
    members: tuple[str, ...] = ()
    cures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How good a list is. Means over people of the mean score of their matches, 0..1.

    `best`: of the list with the largest total (where it is known); `random`: of random lists that keep the firm rules;
    `bound`: share of an upper bound of the total that is reached, 1 when proven optimal.
    """

    mean: float = 0.0
    worst: float = 0.0
    median: float = 0.0
    best: float = 0.0
    best_worst: float = 0.0  # the worst-off of the list with the largest total
    random: float = 0.0
    bound: float = 0.0
    placed: int = 0
    people: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The list. With `collisions` it may be partial: what could be placed is placed, firm rules always hold.

    `outdated`: somebody in it was erased since it was solved.
    """

    matches: tuple[Match, ...] = ()
    byes: tuple[Bye, ...] = ()
    relaxed: tuple[Relaxed, ...] = ()
    collisions: tuple[Collision, ...] = ()
    summary: Summary = field(default_factory=Summary)
    outdated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Two or more people who were listed together before: when, and how many rounds ago (1 is the last)."""

    members: tuple[str, ...]
    time: Micros
    rounds_ago: int
