"""The circle method: n people meet, two and two, n - 1 times, and nobody twice (Kirkman, 1847)."""

from __future__ import annotations

import numpy as np

LABELLINGS = 200


def best_circle(score: np.ndarray, rounds: int, rng: np.random.Generator) -> list[list[tuple[int, int]]]:
    """At most so many rounds of pairs of rows, of the largest total of `score` (n, n) among labellings at random.

    Of an odd number, another one sits out each time.
    """
    n = len(score)
    even = n + n % 2
    places = circle(even)
    padded = np.pad(score, (0, even - n))
    best, chosen = -np.inf, np.zeros((0, 0, 2), np.int64)
    for _ in range(LABELLINGS):
        labelled = rng.permutation(even)[places]
        totals = padded[labelled[:, :, 0], labelled[:, :, 1]].sum(1)
        top = np.argsort(-totals, kind="stable")[:rounds]
        if totals[top].sum() > best:
            best, chosen = float(totals[top].sum()), labelled[top]
    return [[(int(a), int(b)) for a, b in np.sort(pairs, axis=1) if b < n] for pairs in chosen]


def circle(n: int) -> np.ndarray:
    """(n - 1, n / 2, 2) places 0..n-1 who meet, for an even n: one stays, the others move round."""
    turning = np.arange(n - 1)
    rounds = []
    for turn in range(n - 1):
        ring = np.concatenate([[n - 1], np.roll(turning, turn)])
        rounds.append(np.column_stack([ring[: n // 2], ring[::-1][: n // 2]]))
    return np.array(rounds)
