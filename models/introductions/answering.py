"""Who evidently can answer a question: by what they state and wrote of it, and by how well they know their subject.

The past of a community does not tell: who was away for a day, or never wrote here, may be its only electrician.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models import fit
from models.community import Community
from models.features import Seeker
from models.fit import NONE, SURE_TO_ANSWER, Fits
from models.introductions import mastery
from models.meaning.acts import ACT, WANTING

SEEKS = 0.25  # chance that a message wants something, below which it only looks like a question
STEP = 0.7  # of the log odds to know, that each step of mastery adds or takes
LEAST = 1 / (1 + (1 - SURE_TO_ANSWER) / SURE_TO_ANSWER * np.exp(STEP * mastery.MOST))  # from here it can be reached
OF_IT = 0.6  # what is so near to a question, as a share of the nearest by the same member, is about the same thing


def seeks(view: Community, seeker: Seeker) -> bool:
    """Whether a text that looks like a question wants something, by what it does."""
    if view.judgement is None or seeker.asked is None:
        return False
    acts = seeker.asked.readings[0, view.judgement.space.size : -1]
    return float(acts[[ACT[name] for name in WANTING]].sum()) >= SEEKS


@dataclass(frozen=True, slots=True)
class Knowing:
    """Of n candidates: who fits, with the chances to know as mastery makes them; whether they state it (n,) bool."""

    fits: Fits
    stated: np.ndarray

    @property
    def sure(self) -> np.ndarray:
        """(n,) float32 chance that each knows."""
        known = self.fits.kinds.get("knows_about")
        return known.chance if known else np.zeros(len(self.stated), np.float32)


def knowing(view: Community, seeker: Seeker, rows: np.ndarray) -> Knowing:
    """Who of the candidates in `rows` (n,) knows what is asked."""
    found = fit.fits(view, seeker, rows, "question")
    known = found.kinds.get("knows_about")
    if known is None or seeker.asked is None:
        return Knowing(found, np.zeros(len(rows), bool))
    chance = known.chance.copy()
    near = np.flatnonzero(chance >= LEAST)
    pieces = fit.able_near(view, rows[near], seeker.asked, OF_IT)
    for at, sources in zip(near, pieces, strict=True):
        odds = chance[at] / max(1 - chance[at], 1e-4) * np.exp(STEP * _steps(view, sources))
        chance[at] = odds / (1 + odds)
    kinds = {**found.kinds, "knows_about": replace(known, chance=chance)}
    return Knowing(replace(found, kinds=kinds), known.theirs < NONE)


def _steps(view: Community, sources: np.ndarray) -> float:
    """How well a member knows what their pieces of evidence are about; `sources` as in `Judged`."""
    documents = view.documents
    said, stated = sources[sources >= 0], -2 - sources[sources < NONE]
    states, wrote = [view.facets.items[i].text for i in stated], [documents.texts[i] for i in said]
    replies = np.flatnonzero(np.isin(documents.asked, said)) if len(said) else said
    thanks = [documents.texts[i] for i in replies.tolist() if documents.owner[i] != documents.owner[documents.asked[i]]]
    return mastery.steps(states, wrote, int((documents.asked[said] >= 0).sum()), thanks)
