"""Who sits where: local search for the best groups under rules, by simulated annealing over exchanges of two seats.

Every group has the same number of seats, next to each other; a seat that stays empty holds a nobody, who is worth
nothing to anybody. So exchanging two seats is also how somebody moves to a smaller group, leaves the pool of those who
sit out, or takes a free part in a team. For one person at a time the worth of *all* exchanges is worked out at once,
and one is drawn by its Boltzmann weight (the heat bath of Creutz, Phys. Rev. D 21, 1980, drawn with Gumbel noise): no
proposal is wasted where few are good.

No library that Yiqi uses does this: CP-SAT proves optimality up to about 12 people and falls behind after.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.rounds.problem.fairness import Utility

NOISE = 1 << 17


@dataclass(frozen=True, slots=True)
class Counted:
    """A rule on how many people of each code one group has. `codes` (people,) in 0..V-1, or -1 for what is not counted;
    `least` and `most` (V,); each person too many or too few costs `cost`."""

    codes: np.ndarray
    least: np.ndarray
    most: np.ndarray
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """What is to be seated: n people, in groups of `seats` each, the last `pool` of which are no groups at all.

    `score` and `cost` (n, n) float32, symmetric, diagonal 0: what two are worth to each other, and what it costs to
    have them in one group (below 0 for who belongs together). `kind` (all seats,) int: what sort of seat it is; `fare`
    (kinds, n + 1) float32: what a person on such a seat costs, nobody in the last column. `care` (n,) float32: how much
    each one's worth counts. `start` (all seats,) int: who sits where, -1 for nobody. `fixed` (all seats,) bool: whoever
    sits there stays. `movers` (all seats,) bool: seats whose exchanges are tried in turn, or those with people.
    """

    score: np.ndarray
    cost: np.ndarray | None
    seats: int
    pool: int
    kind: np.ndarray
    fare: np.ndarray
    care: np.ndarray
    counted: tuple[Counted, ...]
    start: np.ndarray
    fixed: np.ndarray
    utility: Utility
    movers: np.ndarray | None = None


class _Count:
    """A `Counted` rule in motion. By group and code: what one more and one less of it costs; by seat: the codes."""

    def __init__(self, rule: Counted, people: np.ndarray, seats: int, pool: int) -> None:
        free = len(rule.least)  # the code of what is not counted
        self._seats, self._groups = seats, len(people) // seats
        self._least = np.append(rule.least, 0)
        self._most = np.append(rule.most, len(people))
        self._cost = np.where(np.arange(self._groups) < self._groups - pool, rule.cost, 0).astype(np.float32)
        self._codes = np.append(np.where(rule.codes < 0, free, rule.codes), free)[people]
        self._had = (self._codes.reshape(-1, seats, 1) == np.arange(free + 1)).sum(1)
        self._up = np.zeros((self._groups, free + 1), np.float32)
        self._down = np.zeros_like(self._up)
        self._leave = np.zeros(len(people), np.float32)
        for group in range(self._groups):
            self._refresh(group)

    def _refresh(self, group: int) -> None:
        had = self._had[group]
        short, over = self._least - had, had - self._most
        # One more of a code costs something from `most` on, and saves something below `least`; one less the reverse.
        self._up[group] = self._cost[group] * ((over >= 0) * 1.0 - (short > 0))
        self._down[group] = self._cost[group] * ((short >= 0) * 1.0 - (over > 0))
        here = slice(group * self._seats, (group + 1) * self._seats)
        self._leave[here] = self._down[group][self._codes[here]]

    def change(self, seat: int) -> np.ndarray:
        """(all seats,) float32: what it costs when whoever sits there and whoever sits here change places."""
        code, group = self._codes[seat], seat // self._seats
        out = self._up[group][self._codes]
        out += self._leave
        out += self._down[group, code]
        out.reshape(-1, self._seats)[:] += self._up[:, code, None]
        out[self._codes == code] = 0
        return np.asarray(out)

    def exchange(self, seat: int, other: int) -> None:
        """Lets two change places."""
        a, b = self._codes[seat], self._codes[other]
        if a == b:
            return
        here, there = seat // self._seats, other // self._seats
        self._codes[seat], self._codes[other] = b, a
        self._had[here, [a, b]] += (-1, 1)
        self._had[there, [a, b]] += (1, -1)
        self._refresh(here)
        self._refresh(there)


class Table:
    """Seats with people on them. `who` (all seats,) int: people, -1 for nobody."""

    def __init__(self, seats: Seats) -> None:
        self.who = seats.start.copy()
        self._k, self._groups = seats.seats, len(seats.start) // seats.seats
        people = np.where(self.who < 0, len(seats.care), self.who)  # nobody is the last row
        # Everything is held by seat, so that a group is a block and an exchange swaps two rows.
        self._score = _padded(seats.score)[np.ix_(people, people)]
        self._cost = None if seats.cost is None else _padded(seats.cost)[np.ix_(people, people)]
        self._fare = np.ascontiguousarray(seats.fare[:, people]) if np.any(seats.fare) else None
        self._care = np.append(seats.care, 0).astype(np.float32)[people]
        self._real = (self.who >= 0).astype(np.float32)
        self._kind, self._fixed, self._movers = seats.kind, seats.fixed, seats.movers
        self._apart = np.arange(self._groups) < self._groups - seats.pool
        self._group_of = np.arange(len(self.who)) // self._k
        self._seat = np.arange(len(self.who))
        self._share = np.array([0, 0, *(1 / (size - 1) for size in range(2, self._k + 1))], np.float32)
        self._counts = [_Count(rule, people, self._k, seats.pool) for rule in seats.counted]
        self._size = np.zeros(self._groups, np.int64)
        self._without = np.zeros((self._groups, self._k, self._k), np.float32)
        self._own_cost = np.zeros(len(self.who), np.float32)
        self._value = np.zeros(self._groups, np.float32)
        self.use(seats.utility)

    def use(self, utility: Utility) -> None:
        """From now on worths add up like this."""
        self._utility = utility
        for group in range(self._groups):
            self._refresh(group)

    def anneal(self, rng: np.random.Generator, temperatures: np.ndarray, go_on: Callable[[], bool]) -> None:
        """One pass over all people at each temperature, in good matches."""
        noise = -np.log(rng.exponential(size=NOISE)).astype(np.float32)
        for temperature in temperatures:
            order = self._order(rng)
            starts = rng.integers(NOISE - len(self.who), size=len(order)).tolist()
            cold = np.float32(1 / temperature)
            for seat, at in zip(order, starts, strict=True):
                if not go_on():
                    return
                gain = self.gains(seat)
                gain *= cold
                gain += noise[at : at + len(gain)]
                if (best := int(gain.argmax())) != seat:
                    self.exchange(seat, best)

    def descend(self, rng: np.random.Generator, go_on: Callable[[], bool], passes: int = 10) -> None:
        """The best exchange of each, over and over until nobody gains."""
        for _ in range(passes):
            changed = False
            for seat in self._order(rng):
                if not go_on():
                    return
                gain = self.gains(seat)
                best = int(gain.argmax())
                if gain[best] > 1e-5:
                    self.exchange(seat, best)
                    changed = True
            if not changed:
                return

    def _order(self, rng: np.random.Generator) -> list[int]:
        movers = self._real > 0 if self._movers is None else self._movers
        return [int(seat) for seat in rng.permutation(np.flatnonzero(movers & ~self._fixed))]

    def gains(self, seat: int) -> np.ndarray:
        """(all seats,) float32: gain of changing places with each; 0 with oneself, -inf where somebody has to stay."""
        group = seat // self._k
        here = slice(group * self._k, (group + 1) * self._k)
        gain = self._gained_worth(seat, group)
        if self._cost is not None:
            gain -= self._cost_change(seat, group, here)
        for count in self._counts:
            gain -= count.change(seat)
        gain[here] = 0
        if self._fare is not None:
            now = self._fare[self._kind, self._seat]
            gain += now + now[seat] - self._fare[self._kind[seat]] - self._fare[self._kind, seat]
        gain[self._fixed] = -np.inf
        gain[seat] = 0
        return gain

    def _gained_worth(self, seat: int, group: int) -> np.ndarray:
        """What the members of both groups gain in worth when this seat changes places with each."""
        k, mine = self._k, self._score[seat]
        blocks = mine.reshape(-1, k)
        # (group, who goes, member of the group), the goer's own place standing for who comes.
        there = self._without + blocks[:, None, :]
        flat = there.reshape(self._groups, k * k)
        flat[:, :: k + 1] = blocks.sum(1, keepdims=True) - blocks
        sizes = self._size[:, None] + int(self._real[seat]) - self._real.reshape(-1, k).astype(np.int64)
        there *= self._share[sizes][:, :, None]
        self._utility(there)
        come = flat[:, :: k + 1] * self._care[seat]
        flat[:, :: k + 1] = 0
        gain = np.matmul(there, self._care.reshape(-1, k, 1))[:, :, 0]
        gain += come
        gain -= self._value[:, None]
        gain[~self._apart] = 0
        if self._apart[group]:
            gain += (self._worth_here(seat, group, mine) - self._value[group]).reshape(-1, k)
        return np.asarray(gain.reshape(-1))

    def _worth_here(self, seat: int, group: int, mine: np.ndarray) -> np.ndarray:
        """What this seat's group is worth with each other in it."""
        k, own = self._k, seat % self._k
        here = slice(group * k, (group + 1) * k)
        rows = self._score[here] + self._without[group, own][:, None]
        rows[own] = self._score[here].sum(0) - mine
        others = self._size[group] - int(self._real[seat])
        rows *= np.where(self._real > 0, self._share[min(others + 1, k)], self._share[others])
        worth = self._utility(rows)
        care = self._care[here].copy()
        care[own] = 0
        return np.asarray(care @ worth + self._care * worth[own])

    def _cost_change(self, seat: int, group: int, here: slice) -> np.ndarray:
        assert self._cost is not None
        mine = self._cost[seat]
        inside = np.where(self._apart, mine.reshape(-1, self._k).sum(1), 0)
        change = np.where(self._apart[self._group_of], inside[self._group_of] - mine, 0)
        change -= self._own_cost + self._own_cost[seat]
        if self._apart[group]:
            change += self._cost[here].sum(0) - mine
        return np.asarray(change)

    def exchange(self, seat: int, other: int) -> None:
        """Lets two change places."""
        for square in (self._score, self._cost):
            if square is not None:
                _swap(square, seat, other)
                _swap(square.T, seat, other)
        if self._fare is not None:
            _swap(self._fare.T, seat, other)
        for row in (self.who, self._care, self._real):
            row[seat], row[other] = row[other], row[seat]
        for group in {seat // self._k, other // self._k}:
            self._refresh(group)
        for count in self._counts:
            count.exchange(seat, other)

    def _refresh(self, group: int) -> None:
        here = slice(group * self._k, (group + 1) * self._k)
        inside = self._score[here, here]
        own = inside.sum(0)
        self._size[group] = size = int(self._real[here].sum())
        self._without[group] = own - inside
        if self._apart[group]:
            self._value[group] = self._utility(own * self._share[size]) @ self._care[here]
            if self._cost is not None:
                self._own_cost[here] = self._cost[here, here].sum(0)

    def move(self, kind: np.ndarray) -> None:
        """Makes the seats of other sorts, (all seats,) int."""
        self._kind = kind

    def groups(self) -> list[np.ndarray]:
        """The people of each group that is one, by group."""
        blocks = self.who.reshape(-1, self._k)[self._apart]
        return [block[block >= 0] for block in blocks]


def _swap(rows: np.ndarray, a: int, b: int) -> None:
    kept = rows[a].copy()
    rows[a] = rows[b]
    rows[b] = kept


def _padded(square: np.ndarray) -> np.ndarray:
    """With a row and a column for nobody."""
    return np.pad(square, (0, 1)).astype(np.float32, copy=False)
