"""Who gets a seat: in every list of ten some places are kept for members whom few lists show.

The first places go by the ranker alone: the likelier the query is to be here, the more of them. The rest are seats. A
seat goes to whoever fits best after a price is taken off, and the price of a member is what makes all seats of all
lists together raise the least shown to one level (training.fitting.exposure; a dual price as in Balseiro, Lu and
Mirrokni, "Dual mirror descent for online allocation problems", ICML 2020). Prices belong to members, so one answer and
the answers to everybody are the same lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import numpy as np

from models.arrays.compiled import compiled
from models.community.kept import while_ids_stay
from models.community.view import Community
from models.ranking import return_probability as presences
from models.ranking.return_probability import ReturnProbability

PLACES = 10
# Of these, by the ranker alone: never none, so that a list makes sense to whoever returns against all odds; never all,
# so that the seldom shown are met by people who are here, too.
LEAST_KEPT, MOST_KEPT = 1, 9
ESTABLISHED = 3  # messages, or one project: who did less does not count when lists are evened out


@dataclass(frozen=True, slots=True)
class ExposureSlots:
    """Of one kind of list. `average`: seats of ten places in a list, over the members who are here.

    `prices` by member id, in log-odds of the score. Who has none yet pays what others of the same presence do: the
    `usual` (level, slope) over log-odds of presence. A `lot` of at most this many log-odds falls between a query and a
    candidate, the same every time: without it all lists would seat the same one of those who are alike to everybody.
    The `resting` were shown so often of late that they stand behind everybody else for now.
    """

    average: float
    prices: Mapping[str, float]
    usual: tuple[float, float] = (0.0, 0.0)
    lot: float = 0.0
    resting: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ViewSlots:
    """For the N rows of one view: (N,) float32 `price` and (N,) bool `resting` as a candidate, (N,) int `kept` places
    as a query. `marks` (N,) uint64 are what lots are drawn from."""

    price: np.ndarray
    resting: np.ndarray
    kept: np.ndarray
    marks: np.ndarray
    lot: float

    def price_for(self, row: int, candidates: np.ndarray) -> np.ndarray:
        """(n,) float32: what the candidates in these rows (n,) cost the query in a row."""
        drawn = lots(self.marks[candidates], self.marks[row])
        return np.asarray(self.price[candidates] - self.lot * drawn, np.float32)


@dataclass(frozen=True)
class Exposure:
    """The chance of coming back, and seats by head; a head without has no seats: its lists go by the ranker alone."""

    presence: ReturnProbability
    seats: Mapping[str, ExposureSlots]

    def of(self, view: Community, head: str) -> ViewSlots | None:
        """Aligned to the rows of a view, worked out once a view."""
        seats = self.seats.get(head)
        if seats is None:
            return None
        return view.kept.get(f"exposure {head}", lambda: _align(seats, self.presence, view), by=seats)

    def without(self, member: str) -> Exposure:
        """The same, knowing nothing of this member."""
        return replace(
            self,
            seats={
                head: replace(
                    seats,
                    prices={m: p for m, p in seats.prices.items() if m != member},
                    resting=seats.resting - {member},
                )
                for head, seats in self.seats.items()
            },
        )


def _align(seats: ExposureSlots, presence: ReturnProbability, view: Community) -> ViewSlots:
    odds = presence.log_odds(view)
    level, slope = seats.usual
    price = np.array(
        [seats.prices.get(m, usual) for m, usual in zip(view.ids, level + slope * odds, strict=True)], np.float32
    )
    probability = 1 / (1 + np.exp(-odds))
    resting = np.array([m in seats.resting for m in view.ids], bool)
    return ViewSlots(price, resting, kept(probability, seats.average, eligible(view)), marks_of(view), seats.lot)


@while_ids_stay
def marks_of(view: Community) -> np.ndarray:
    """The marks of all N members of a view."""
    return marks(view.ids)


def marks(ids: Sequence[str]) -> np.ndarray:
    """(N,) uint64 by which members draw lots."""
    return np.array([crc32(member.encode("utf8", "surrogatepass")) for member in ids], np.uint64)


def lots(marks: np.ndarray, mark: np.uint64 | np.ndarray) -> np.ndarray:
    """(n,) float32 in 0..1, evenly spread: one for each of the pairs of marks, the same every time.

    The mixing of bits is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA
    2014).
    """
    one, other = np.atleast_1d(marks), np.atleast_1d(mark)
    out = np.empty(np.broadcast_shapes(one.shape, other.shape), np.float32)
    _lots(one, other, out)
    return out


@compiled()
def _lots(marks, others, out):  # type: ignore[no-untyped-def]
    step, other_step = int(len(marks) > 1), int(len(others) > 1)
    for i in range(len(out)):
        x = (marks[i * step] << np.uint64(32)) | others[i * other_step]
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        out[i] = np.float32((x ^ (x >> np.uint64(31))) >> np.uint64(40)) / np.float32(1 << 24)


def eligible(view: Community) -> np.ndarray:
    """(N,) bool: among whom showings are to be even. Those with at least `ESTABLISHED` messages or one project, and
    active since the newest eighth of all events began: a place for somebody who left is lost."""
    projects = np.asarray(view.projects.members.sum(0)).ravel() if view.projects.ids else np.zeros(view.size)
    done = view.rules.present & ((view.activity.total >= ESTABLISHED) | (projects > 0))
    return np.asarray(done & (view.activity.newest >= view.activity.recent_since))


def connected(view: Community, row: int) -> np.ndarray:
    """(N,) bool: have dealt with this member."""
    found = np.zeros(view.size, bool)
    found[view.rules.connected[row].indices] = True
    return found


def kept(probability: np.ndarray, average: float, counted: np.ndarray) -> np.ndarray:
    """(N,) int places of ten that go by the ranker, in proportion to the query's presence (N,), within the bounds.

    The proportion is such that the seats left over are `average` a list, over the `counted` (N,) bool.
    """
    among = probability[counted]
    if not len(among):
        return np.full(len(probability), MOST_KEPT)
    low, high = 1e-6, 1e3  # presence that keeps all
    for _ in range(50):
        middle = np.sqrt(low * high)
        if PLACES - _kept(among, middle).mean() < average:
            low = middle
        else:
            high = middle
    return _kept(probability, high)


def _kept(probability: np.ndarray, full: float) -> np.ndarray:
    return np.clip(np.round(PLACES * probability / full), LEAST_KEPT, MOST_KEPT).astype(np.int64)


def log_odds(score: np.ndarray) -> np.ndarray:
    """(n,) float32 of (n,) scores in 0..1."""
    inside = np.clip(score.astype(np.float64), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(inside / (1 - inside)), np.float32)


def seat(
    order: np.ndarray,
    value: np.ndarray,
    price: np.ndarray,
    kept: int,
    *,
    known: np.ndarray,
    free: np.ndarray,
    resting: np.ndarray,
) -> np.ndarray:
    """The order (n,) of places with the seats taken. The rest are (n,) in candidate order, `value` in log-odds.

    The `known` take no place: they stay with those around them, so that the list without them is the same list. A seat
    goes to the `free` alone. The `resting` come last.
    """
    behind = (resting & ~known)[order]
    order = np.concatenate([order[~behind], order[behind]])
    taken = np.cumsum(~known[order])
    if not len(taken) or taken[-1] <= PLACES:
        return order  # everybody is shown anyhow
    first = int(np.searchsorted(taken, kept, "right"))
    rest = order[first:]
    could = np.flatnonzero(free[rest] & ~known[rest] & ~resting[rest])
    worth = (value - price)[rest[could]]
    seated = could[_best(worth, PLACES - kept)]
    left = np.ones(len(rest), bool)
    left[seated] = False
    return np.concatenate([order[:first], rest[seated], rest[left]])


def _best(worth: np.ndarray, count: int) -> np.ndarray:
    """Places of the `count` largest, best first; of equals the one in front."""
    if len(worth) <= count:
        return np.argsort(-worth, kind="stable")
    among = np.flatnonzero(worth >= np.partition(worth, -count)[-count])
    return np.asarray(among[np.argsort(-worth[among], kind="stable")][:count])


def to_json(exposure: Exposure) -> dict[str, Any]:
    """Plain values for an artifact."""
    return {
        "presence": presences.to_json(exposure.presence),
        "seats": {
            head: {
                "average": s.average,
                "usual": list(s.usual),
                "lot": s.lot,
                "resting": sorted(s.resting),
                "prices": dict(sorted(s.prices.items())),
            }
            for head, s in exposure.seats.items()
        },
    }


def from_json(data: Mapping[str, Any]) -> Exposure:
    """What `to_json` gave. Raises ValueError when it is not that."""
    try:
        seats = {
            str(head): ExposureSlots(
                float(s["average"]),
                {str(m): float(p) for m, p in s["prices"].items()},
                (float(s["usual"][0]), float(s["usual"][1])),
                float(s["lot"]),
                frozenset(map(str, s["resting"])),
            )
            for head, s in data["seats"].items()
        }
        found = Exposure(presences.from_json(data["presence"]), seats)
    except (KeyError, TypeError, AttributeError, IndexError) as problem:
        raise ValueError(f"no readable exposure: {problem!r}") from problem
    numbers = [x for s in seats.values() for x in (s.average, s.lot, *s.usual, *s.prices.values())]
    if not np.isfinite(numbers).all():
        raise ValueError("a price is not a number")
    return found
