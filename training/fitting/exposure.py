"""Works out seats and prices (models.ranking.exposure) from the lists that a ranker would give today.

First the number of seats: the fewest with which all lists together can be even enough. Then each member's share of
them: everybody's floor, and the rest for those likeliest to be here, as few of them as leave the lists even enough.
Then prices that bring those shares about, by dual descent over small batches of queries in random order: who sits more
often than their share becomes dearer, who sits less often cheaper (Balseiro, Lu and Mirrokni, ICML 2020).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.community.view import Community
from models.domain.requests import Options
from models.features import matrix
from models.ranking import pipeline
from models.ranking.exposure import (
    LEAST_KEPT,
    MOST_KEPT,
    PLACES,
    ExposureSlots,
    connected,
    eligible,
    kept,
    log_odds,
    marks_of,
)
from models.ranking.ranker import Head, Ranker
from models.ranking.return_probability import ReturnProbability
from training.fitting.exposure_lists import Gathering, Lists
from training.metrics import gini

SEEKERS = 3000  # of more, a sample
PASSES = 30
BATCH = 32
STEPS = (0.3, 0.01)  # of a price, in standard deviations of scores, from the first pass to the last
CAPPED_FROM = 100  # real showings: of fewer nobody tires
LOT = 0.3  # of a standard deviation of scores
# Prices meet shares nearly: shares are made more even than what is aimed at by this, and by what is missed, again.
MISSED = 0.03
ATTEMPTS = 3
AVERAGED = 0.3  # the prices are a mean over this share of the passes, the last ones


@dataclass(frozen=True, slots=True)
class Aims:
    """What all lists together should come to, counting the first ten places of one list a member.

    `gini` of how often each is shown, `floor`: times that everybody should be shown. `cap`: who was really shown more
    than this many times as often as members are on average rests until the next night.
    """

    gini: float = 0.6
    floor: float = 1.3  # prices meet shares only nearly, and nobody should end at none
    cap: float = 25.0


@dataclass(frozen=True, slots=True)
class Solved:
    """Seats, and what the lists then come to among those who are here."""

    seats: ExposureSlots
    coverage: float
    gini: float
    most: float  # the largest share of lists that show one member


def solve(
    view: Community,
    ranker: Ranker,
    presence: ReturnProbability,
    heads: Sequence[Head],
    shown: Mapping[str, float] | None = None,
    aims: Aims | None = None,
    seed: int = 0,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> dict[Head, Solved]:
    """Seats by kind of list; none where lists are too short to spread anything.

    `shown` counts how often members really were shown of late: that, too, is exposure. The ranker must come without
    seats of its own. `report`: queries done, of all.
    """
    found = lists(view, ranker, heads, seed, report)
    solved = {head: solve_lists(view, found.pop(head), presence, shown, aims, seed) for head in heads}
    return {head: one for head, one in solved.items() if one}


def lists(
    view: Community,
    ranker: Ranker,
    heads: Sequence[Head],
    seed: int = 0,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> dict[Head, Lists]:
    """The lists of the members who are here, or of a sample of them, by head.

    The connected are compared, too, and then left out: prices found so were as right for requests that leave them out
    as for those that do not, and not the other way round.
    """
    rows = np.flatnonzero(eligible(view))
    if len(rows) > SEEKERS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, SEEKERS, replace=False))
    options = Options(limit=PLACES, audience="organizers", include_connected=True, reasons=False)
    gathering = {head: Gathering() for head in heads}
    for done, row in enumerate(rows.tolist(), 1):
        query = matrix.member_query(view, row)
        compared = pipeline.compare(view, query, options, ranker.learnt)
        new = ~connected(view, row)
        for head in heads:
            found, places = pipeline.in_order(view, ranker, head, query, compared, options)
            shown = found.rows[places]
            free = np.flatnonzero(new[found.rows] & pipeline.seatable(view, row, found))
            gathering[head].add(shown[new[shown]], found.rows[free], log_odds(found.likely[free]))
        report(done, len(rows))
    return {head: gathered.lists(rows, view.size) for head, gathered in gathering.items()}


def solve_lists(
    view: Community,
    found: Lists,
    presence: ReturnProbability,
    shown: Mapping[str, float] | None = None,
    aims: Aims | None = None,
    seed: int = 0,
) -> Solved | None:
    """As `solve`, from lists at hand."""
    aims = aims or Aims()
    counted = eligible(view)
    there = found.could_show()
    seated = there & counted  # seats are theirs alone
    if not seated.any() or not (found.top[:, -1] >= 0).any():
        return None
    really = np.array([(shown or {}).get(m, 0.0) for m in view.ids])
    # A showing counts for as much as its share of all lists, where those at hand are a sample.
    sampled = len(found.rows) / counted.sum()
    resting = really > max(aims.cap * float(really[there].mean()), CAPPED_FROM)
    probability = presence.probability(view)
    lot = LOT * found.spread()
    drawn = found.with_lots(marks_of(view), lot)

    def by_ranker(average: float) -> tuple[np.ndarray, np.ndarray]:
        keep = kept(probability, average, counted)[found.rows]
        placed = np.bincount(found.kept(keep), minlength=view.size)
        return keep, really * sampled + np.where(resting, 0.0, placed)

    def even_enough(average: float, most: float) -> bool:
        keep, times = by_ranker(average)
        filled = times.copy()
        filled[seated] = fill(times[seated], float((PLACES - keep).sum()))
        return bool(gini(filled[seated]) <= most and filled[seated].min(initial=np.inf) >= aims.floor * sampled)

    def attempt(most: float) -> Solved:
        average = _fewest(lambda seats: even_enough(seats, most))
        keep, times = by_ranker(average)
        share = np.zeros(view.size)
        share[seated] = pour(
            times[seated],
            float((PLACES - keep).sum()),
            aims.floor * sampled,
            probability[seated],
            lambda level: float(gini(level)) <= most,
        )
        share -= times * seated
        price = _prices(drawn, keep, share, np.random.default_rng(seed))
        times = (times + drawn.seated(keep, price))[seated]
        seats = replace(
            _named(view, there, price, presence),
            average=average,
            lot=lot,
            resting=frozenset(view.ids[row] for row in np.flatnonzero(resting)),
        )
        return Solved(seats, float((times > 0).mean()), float(gini(times)), float(times.max() / len(found.rows)))

    most = aims.gini - MISSED
    for _ in range(ATTEMPTS):
        solved = attempt(most)
        if solved.gini <= aims.gini:
            break
        most -= solved.gini - aims.gini + MISSED / 3
    return solved


def fill(level: np.ndarray, amount: float) -> np.ndarray:
    """(n,) levels after an amount is poured over them: the lowest rise first, and then together."""
    ranked = np.sort(level)
    needed = ranked * np.arange(1, len(ranked) + 1) - np.cumsum(ranked)  # to raise all below to this one
    under = int(np.searchsorted(needed, amount, "right"))
    surface = (amount + ranked[:under].sum()) / max(under, 1)
    return np.asarray(np.maximum(level, surface))


def pour(
    level: np.ndarray, amount: float, floor: float, likely: np.ndarray, even: Callable[[np.ndarray], bool]
) -> np.ndarray:
    """(n,) levels after an amount is poured over them: first all up to the floor, then the likeliest alone, as few of
    them as leave the levels even enough."""
    raised = np.maximum(level, floor)
    left = amount - float((raised - level).sum())
    if left <= 0:
        return fill(level, amount)
    likeliest = np.argsort(-likely, kind="stable")

    def over(count: int) -> np.ndarray:
        out: np.ndarray = raised.copy()
        out[likeliest[:count]] = fill(raised[likeliest[:count]], left)
        return out

    fewest = bisect_left(range(1, len(level)), True, key=lambda count: even(over(count)))
    return over(fewest + 1)


def _fewest(enough: Callable[[float], bool]) -> float:
    """The fewest seats a list with which it is enough, else the most there can be."""
    low, high = float(PLACES - MOST_KEPT), float(PLACES - LEAST_KEPT)
    if enough(low):
        return low
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return round(high, 2)


def _prices(found: Lists, keep: np.ndarray, share: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(N,) prices with which the seats go by the shares (N,), nearly."""
    step = found.spread() * np.geomspace(*STEPS, PASSES)
    rate = share / max(share.sum(), 1.0)
    price, total, taken = np.zeros(len(share), np.float32), np.zeros(len(share)), 0
    for turn in range(PASSES):
        for batch in _batches(rng.permutation(len(keep))):
            sitting = found.seated(keep, price, batch)
            price += (step[turn] * (sitting - rate * (PLACES - keep[batch]).sum())).astype(np.float32)
        if turn >= PASSES * (1 - AVERAGED):
            total, taken = total + price, taken + 1
    return np.asarray(total / taken, np.float32)


def _batches(lists: np.ndarray) -> list[np.ndarray]:
    return np.array_split(lists, max(1, len(lists) // BATCH))


def _named(view: Community, there: np.ndarray, price: np.ndarray, presence: ReturnProbability) -> ExposureSlots:
    """Prices by id around a mean of 0, and the line through them over presence."""
    rows = np.flatnonzero(there)
    own = price[rows] - price[rows].mean()
    odds = presence.log_odds(view)[rows]
    off = odds - odds.mean()
    slope = float(off @ own / max(float(off @ off), 1e-9))
    usual = (round(-slope * float(odds.mean()), 4), round(slope, 4))
    return ExposureSlots(0.0, {view.ids[row]: round(float(p), 4) for row, p in zip(rows, own, strict=True)}, usual)
