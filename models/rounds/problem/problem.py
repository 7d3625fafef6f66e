"""A round as the solvers see it: rows for people, levels for rules, and what they hand back.

For those who write a solver:

- Rows: person i is `problem.ids[i]`; all arrays are over rows. `problem.score` is (n, n), dense or CSR.
- Rules over pairs are levels: `problem.levels(a, b)` is 0 where two may meet, `HARD` where they never may, and between
  them how far rules that are not firm have to give way: low levels first (who knows each other, then the longest ago of
  what must not repeat, then the rules that are not firm, the last given first). `problem.dense_levels` is all of it,
  (n, n) int8.
- Rules over whole matches are `problem.quotas` and `problem.mixtures`; `problem.breaks(rows)` says everything that a
  match of these rows would break, pairs, quotas, mixtures and a common slot alike. A match whose breaks are all below
  `HARD` may be made; `solve` reports them as relaxed.
- `problem.together` are people who share a match; `problem.locked` are matches that are there already (their members
  meet nobody else, except where loads or sittings say otherwise); `problem.kept` are those to keep as far as possible.
- A solver is a function (Problem, Progress) -> Found. It watches `problem.clock`, and is deterministic for
  `problem.spec.seed` as long as that does not run out. `solve` turns Found into a Plan: scores, relaxed, summary.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
import scipy.sparse as sp

from models.domain.records import Micros, Scalar
from models.rounds.spec.requests import Bye, Collision, Match, Met, RoundSpec

HARD = 127
DENSE = 4000  # up to so many people all pairs are held in arrays
ByeReason = Literal["odd_number", "no_partner", "time_limit", "load"]
Also = Literal["blocks", "size", "load", "slots", "places", "roles", "numbers", "time_limit", "locks"]
Progress: TypeAlias = Callable[[float], None]  # is told the share done, 0..1


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What is known of those who may take part; all in the order of `ids`, and plain, so that it can be pickled.

    Fields that are left empty say nothing of anybody.
    """

    ids: tuple[str, ...]
    score: np.ndarray | sp.csr_matrix  # (n, n) float32 in 0..1, symmetric; CSR holds the best of each, the rest count 0
    # (n, roles) float32 in 0..1, roles of all teams one after the other; 0 for who showed nothing for it
    role_score: np.ndarray | None = None
    attributes: tuple[Mapping[str, Scalar], ...] = ()
    languages: tuple[frozenset[str], ...] = ()
    place: tuple[str, ...] = ()
    coordinates: np.ndarray | None = None  # (n, 2) degrees of latitude and longitude, NaN when unknown
    utc_offset: np.ndarray | None = None  # (n,) hours, NaN when unknown
    availability: tuple[frozenset[str], ...] = ()  # words for times, see `week_times`; empty: always free
    barred: frozenset[tuple[str, str]] = frozenset()  # never together: blocks and dismissals, in whichever order
    acquainted: sp.csr_matrix | None = None  # (n, n) above 0 for who dealt with each other, symmetric
    met: tuple[Met, ...] = ()
    byes: np.ndarray | None = None  # (n,) int, how often each sat out before
    luck: np.ndarray | None = None  # (n,) float, mean score of each one's past matches, NaN without any
    previous: tuple[Match, ...] = ()
    locked: tuple[Match, ...] = ()
    now: Micros = 0  # the wall clock: from when days are counted back


@dataclass(frozen=True, slots=True)
class Barrier:
    """Why two may not meet. `rule` is a place in `RoundSpec.rules`, or -1 where `also` names what it is instead.

    `levels(a, b)`: int8 levels of pairs of rows, broadcast; 0 where nothing is in the way. `pair_only`: says nothing of
    larger matches.
    """

    rule: int
    also: Also | None
    levels: Callable[[np.ndarray, np.ndarray], np.ndarray]
    pair_only: bool = False


@dataclass(frozen=True, slots=True)
class QuotaOf:
    """A match has between `least` and `most` people of `has` (n,) bool."""

    rule: int
    level: int
    has: np.ndarray
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class MixtureOf:
    """At most `most` people of a match share a code (n,) int32; -1 is like no other."""

    rule: int
    level: int
    codes: np.ndarray
    most: int


@dataclass(frozen=True, slots=True)
class TogetherOf:
    """These rows share a match; `level` is HARD when that is firm."""

    rule: int
    level: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """What a match breaks: a place in `RoundSpec.rules` or, when -1, `also`; up to HARD."""

    rule: int
    also: Also | None
    level: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A match of rows. `slot` is a place in `RoundSpec.slots`, -1 for none."""

    rows: tuple[int, ...]
    sitting: int = 0
    slot: int = -1
    team: str = ""
    roles: tuple[str, ...] = ()
    locked: bool = False
    worths: tuple[float, ...] = ()  # what it is worth to each; () leaves it to `Problem.worths`


@dataclass(kw_only=True)
class Found:
    """What a solver hands back; `solve` adds the rest. `best`, `best_worst`, `random`: see `Summary`, NaN if unknown.

    Whom no match holds and no bye names, `solve` gives a bye without a partner.
    """

    matches: list[Placed] = field(default_factory=list)
    byes: list[Bye] = field(default_factory=list)
    collisions: list[Collision] = field(default_factory=list)
    best: float = float("nan")
    best_worst: float = float("nan")
    random: float = float("nan")
    bound: float = 0.0


class Clock:
    """How much of the time for solving is left."""

    def __init__(self, seconds: float) -> None:
        self._started = time.monotonic()
        self._seconds = seconds

    @property
    def left(self) -> float:
        """Seconds, 0 or less when it is over."""
        return self._seconds - self.spent

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def part(self, share: float) -> Clock:
        """A clock for a share of what is left."""
        return Clock(max(self.left, 0.0) * share)


@dataclass(frozen=True)
class Problem:
    """A compiled round of n people; see the module."""

    spec: RoundSpec
    people: People
    ids: tuple[str, ...]
    row: Mapping[str, int]
    score: np.ndarray | sp.csr_matrix  # (n, n) float32, bids blended in, diagonal 0
    barriers: tuple[Barrier, ...]
    quotas: tuple[QuotaOf, ...]
    mixtures: tuple[MixtureOf, ...]
    together: tuple[TogetherOf, ...]
    free: np.ndarray  # (n, slots) bool; one column, all True, where no slots are asked for
    locked: tuple[Placed, ...]
    kept: tuple[Placed, ...]
    byes: np.ndarray  # (n,) int
    care: np.ndarray  # (n,) float32, 1 and a little more for who fared badly before
    clock: Clock
    collisions: tuple[Collision, ...] = ()  # what was seen to collide while compiling

    @property
    def n(self) -> int:
        """How many take part."""
        return len(self.ids)

    @property
    def is_dense(self) -> bool:
        """Whether `score` is an array."""
        return isinstance(self.score, np.ndarray)

    def scores(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """(pairs,) float32 of rows a and b."""
        return np.asarray(self.score[a, b], np.float32).reshape(np.shape(a))

    def levels(self, a: np.ndarray, b: np.ndarray, matches_of: int = 2) -> np.ndarray:
        """int8 levels of pairs of rows, broadcast, as members of a match of `matches_of` people."""
        out = np.where(a == b, np.int8(HARD), np.int8(0))
        for barrier in self.barriers:
            if matches_of == 2 or not barrier.pair_only:
                out = np.maximum(out, barrier.levels(a, b))
        return out

    @cached_property
    def dense_levels(self) -> np.ndarray:
        """(n, n) int8 of `levels` for pairs; ask only up to `DENSE` people."""
        rows = np.arange(self.n)
        return self.levels(rows[:, None], rows[None, :])

    @cached_property
    def dense_group_levels(self) -> np.ndarray:
        """(n, n) int8 of `levels` inside larger matches; ask only up to `DENSE` people."""
        rows = np.arange(self.n)
        return self.levels(rows[:, None], rows[None, :], matches_of=3)

    def breaks(self, rows: Sequence[int]) -> list[Break]:
        """Everything that a match of these rows breaks."""
        return [*self._pair_breaks(rows), *self.count_breaks(rows)]

    def may_meet(self, rows: Sequence[int], up_to: int = 0) -> bool:
        """Whether a match of these rows breaks nothing above a level."""
        return all(found.level <= up_to for found in self.breaks(rows))

    def worths(self, rows: Sequence[int]) -> np.ndarray:
        """(len(rows),) float32: what a match is worth to each member, the mean of their scores with the others."""
        if len(rows) < 2:
            return np.zeros(len(rows), np.float32)
        at = np.asarray(rows)
        among = self.score[at][:, at]
        dense = among if isinstance(among, np.ndarray) else among.toarray()
        return np.asarray(dense.sum(1) / (len(rows) - 1), np.float32)

    def all_worths(self, matches: Sequence[Sequence[int]]) -> list[np.ndarray]:
        """`worths` of many matches at once."""
        sizes = np.array([len(rows) for rows in matches], np.int64)
        pairs = [pair for rows in matches for pair in combinations(rows, 2)]
        a, b = np.array(pairs, np.int64).reshape(-1, 2).T
        score = self.scores(a, b)
        out, at = [], 0
        for rows, n in zip(matches, sizes.tolist(), strict=True):
            if n == 2:
                out.append(np.full(2, score[at], np.float32))
            else:
                out.append(self.worths(rows))
            at += n * (n - 1) // 2
        return out

    def breaking(self, matches: Sequence[Sequence[int]]) -> list[int]:
        """Places of the matches that break anything, found at once where they are pairs."""
        a, b = np.array([(rows[0], rows[-1]) for rows in matches], np.int64).reshape(-1, 2).T
        levels = self.levels(a, b)
        return [i for i, rows in enumerate(matches) if len(rows) != 2 or levels[i] > 0 or self.count_breaks(rows)]

    @property
    def can_relax(self) -> bool:
        """Whether any rule is not firm."""
        return any(not rule.firm for rule in self.spec.rules)

    def common_slots(self, rows: Sequence[int]) -> np.ndarray:
        """(slots,) bool: free for all of them."""
        return np.asarray(self.free[list(rows)].all(0))

    def _pair_breaks(self, rows: Sequence[int]) -> list[Break]:
        pairs = list(combinations(rows, 2))
        if not pairs:
            return []
        a, b = np.array(pairs).T
        found = []
        for barrier in self.barriers:
            if barrier.pair_only and len(rows) > 2:
                continue
            levels = barrier.levels(a, b)
            if worst := int(levels.max()):
                guilty = sorted({row for i in np.flatnonzero(levels == worst) for row in pairs[i]})
                found.append(Break(barrier.rule, barrier.also, worst, tuple(guilty)))
        return found

    def count_breaks(self, rows: Sequence[int]) -> list[Break]:
        """What a match of these rows breaks by how many of a kind are in it, and when they are free."""
        at, everybody = np.asarray(rows), tuple(rows)
        found = [
            Break(quota.rule, None, quota.level, everybody)
            for quota in self.quotas
            if not quota.least <= int(quota.has[at].sum()) <= quota.most
        ]
        for mixture in self.mixtures:
            codes = mixture.codes[at]
            if np.bincount(codes[codes >= 0], minlength=1).max() > mixture.most:
                found.append(Break(mixture.rule, None, mixture.level, everybody))
        if len(rows) > 2 and not self.common_slots(rows).any():
            found.append(Break(-1, "slots", HARD, everybody))
        return found
