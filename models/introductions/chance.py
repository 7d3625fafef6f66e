"""How likely two people are to deal with each other within a week of being introduced, and how likely is enough.

A logistic regression on few columns, of which none depends on how a community's ranker scales its scores, so that it
holds in communities that it never saw. Fitted by `python -m tests.bench.introductions ARCHIVE ... --fit` on what was
said between 20 % and 60 % of the past of two communities; docs/introductions.md says what it reaches on the last fifth.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.community import Community
from models.features import standing
from models.introductions.finding import Evidence
from models.introductions.requests import IntroductionKind

COLUMNS = (
    "text_place",  # place of the other, by the ranker, among all who could be told what was said: 1 for the first
    "both_place",  # place of the other among all whom the first could meet, from both sides
    "away",  # log(1 + hours since the other last said something)
    "own_contacts",  # log(1 + people whom the first met lately)
    "other_contacts",  # log(1 + people whom the other met lately)
    "lively",  # 1 where the other said something like it lately, 0 for a question that they could answer
    "idea",  # how near the two remarks are that voice one idea, 0..1
)
WEIGHTS = np.array([1.62, 0.84, -0.255, 0.3, 0.414, 0.283, 0.436], np.float32)
INTERCEPT = -5.08
# Below, nobody is introduced; chosen on the same past, where one in ten or more came true above. Profiles have no past
# to learn from: there only the fit of offer and seek counts.
BAR: dict[IntroductionKind, float] = {"answer": 0.12, "shared_interest": 0.10, "same_idea": 0.05}
LEAST_FIT = 0.35  # of an offer and a seek
HOUR = 3_600_000_000


def columns(
    view: Community,
    row: int,
    rows: np.ndarray,
    text_place: np.ndarray,
    both_place: np.ndarray,
    hours_away: np.ndarray,
    evidence: Sequence[Evidence],
) -> np.ndarray:
    """(n, columns) float32 for the member in `row` and those in `rows` (n,); all others are (n,), too."""
    contacts = np.log1p(view.ties.new_contacts)
    strength = np.array([one.strength for one in evidence])
    kind = np.array([one.kind for one in evidence])
    return np.stack(
        [
            text_place,
            both_place,
            np.log1p(hours_away),
            np.full(len(rows), contacts[row]),
            contacts[rows],
            kind != "answer",
            np.where(kind == "same_idea", strength, 0),
        ],
        axis=1,
    ).astype(np.float32)


def places(logits: np.ndarray) -> np.ndarray:
    """(n,) the place of each by its logit: 1 for the first, a half for the one with ten before them."""
    return standing(np.exp(logits.astype(np.float64)), np.ones(len(logits)))


def chances(matrix: np.ndarray) -> np.ndarray:
    """(n,) 0..1 from (n, columns)."""
    return np.asarray(1 / (1 + np.exp(-(matrix @ WEIGHTS + INTERCEPT))))
