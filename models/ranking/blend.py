"""One list of two orders: likely contacts, and strangers, who share no acquaintance with the query.

Ranked by who is likely to meet, strangers come last even where they fit, for whoever shares acquaintances meets anyway.
So they have an order of their own and a share of the places: the last of the first ones, where they cost whoever is
likely the least. Whom the query knows already keeps their place and counts for neither.
"""

from __future__ import annotations

import numpy as np

from models.arrays.compiled import compiled

DEPTH = 200  # new people among whom places are shared out; whoever comes later stays in the order of likely contacts


def mix(
    likely: np.ndarray,
    strange: np.ndarray,
    stranger: np.ndarray,
    known: np.ndarray,
    ids: np.ndarray,
    share: float,
    first: int,
) -> np.ndarray:
    """(n,) int places of candidates, best first.

    Of the `first` new people the last ones are strangers, their share of these places rounded; of any m beyond them at
    least ⌊share · m⌋. The arrays are (n,): the scores of both orders, bool masks of strangers and of people known
    already, and the id rank by which ties break. `share` runs from 0 (by `likely` alone) to 1 (strangers first). Where
    strangers come often enough by themselves nothing moves.
    """
    order = np.lexsort((ids, -likely))
    if share <= 0:
        return order
    new = ~known[order]
    mixed = order.copy()
    others = np.flatnonzero(stranger & ~known)
    if len(others) > DEPTH:
        others = others[strange[others] >= np.partition(strange[others], -DEPTH)[-DEPTH]]
    others = others[np.lexsort((ids[others], -strange[others]))]
    mixed[new] = _shared_out(order[new], others, stranger & ~known, min(share, 1.0), first)
    return mixed


@compiled()
def _due(share: float, first: int, place: int) -> int:
    """How many of this many first places are strangers', at least."""
    early = int(share * first + 0.5) - max(0, first - place)
    # A hair more than the product, so that 0.1 · 10 places are one whole place.
    return max(early, int(share * place + 1e-9) if place > first else 0)


def _shared_out(order: np.ndarray, others: np.ndarray, stranger: np.ndarray, share: float, first: int) -> np.ndarray:
    """`order` with strangers moved up, the best of whom are the `others`: it is their turn where with this place they
    would hold less than their share."""
    taken = np.zeros(len(stranger), np.bool_)
    chosen = np.empty(min(DEPTH, len(order)), order.dtype)
    _choose(order, others, stranger, share, first, taken, chosen)
    return np.concatenate([chosen, order[~taken[order]]])


@compiled()
def _choose(order, others, stranger, share, first, taken, chosen):  # type: ignore[no-untyped-def]
    next_likely = next_strange = strangers = 0
    for place in range(len(chosen)):
        while taken[order[next_likely]]:
            next_likely += 1
        while next_strange < len(others) and taken[others[next_strange]]:
            next_strange += 1
        due = strangers < _due(share, first, place + 1) and next_strange < len(others)
        pick = others[next_strange] if due else order[next_likely]
        taken[pick] = True
        strangers += stranger[pick]
        chosen[place] = pick
