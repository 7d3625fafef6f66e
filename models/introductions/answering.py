"""Who evidently can answer a question: by what they state and wrote of it, and by how well they know their subject.

The past of a community does not tell: who was away for a day, or never wrote here, may be its only electrician.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.community.view import SUGGESTED_WEIGHT, Community
from models.features.matrix import Query
from models.introductions import mastery
from models.introductions.questions import is_plain, wants_an_answer
from models.introductions.requests import Remark
from models.meaning.acts import ACT, WANTING
from models.ranking import fit
from models.ranking.fit import NONE, SURE, SURE_TO_ANSWER, Fits
from models.ranking.reasons.interests import KNOWS_ABOUT

SEEKS = 0.25  # chance that a message wants something, below which it only looks like a question
ASKS = 0.5  # chance that it is a question, from which on it needs no word that says so
STEP = 0.7  # of the log odds to know, that each step of mastery adds or takes
LOOKED_AT = 20  # people who are likeliest to know, whose mastery is looked at
LEAST = 0.15  # of a chance to know, from which on mastery could make it enough
OF_IT = 0.6  # what is so near to a question, as a share of the nearest by the same member, is about the same thing


def asked(view: Community, said: Remark, vector: np.ndarray) -> bool:
    """Whether a remark with its (d,) vector asks something of nobody in particular: by its words and by what it does,
    or by the latter alone where that is sure."""
    if view.judgement is None or said.addressed:
        return False
    acts = view.judgement.acts.of(vector[None], [said.text])[0]
    if said.asks:
        return float(acts[[ACT[name] for name in WANTING]].sum()) >= SEEKS
    return is_plain(said.text) and float(acts[ACT["question"]]) >= ASKS and wants_an_answer(said.text)


@dataclass(frozen=True, slots=True)
class Knowing:
    """Of n candidates: who fits, with the chances to know as mastery makes them; whether they state it (n,) bool."""

    fits: Fits
    stated: np.ndarray

    @property
    def sure(self) -> np.ndarray:
        """(n,) float32 chance that each knows."""
        known = self.fits.kinds.get(KNOWS_ABOUT)
        return known.chance if known else np.zeros(len(self.stated), np.float32)

    @property
    def enough(self) -> np.ndarray:
        """(n,) bool: whether they are sure to. Who states it answers for it; who only wrote of it has to be surer."""
        return np.asarray(self.sure >= np.where(self.stated, SURE[KNOWS_ABOUT], SURE_TO_ANSWER))


def knowing(view: Community, query: Query, rows: np.ndarray) -> Knowing:
    """Who of the candidates in `rows` (n,) knows what is asked."""
    found = fit.fits(view, query, rows, "question")
    known = found.kinds.get(KNOWS_ABOUT)
    if known is None or query.asked is None:
        return Knowing(found, np.zeros(len(rows), bool))
    chance = known.chance.copy()
    near = np.argsort(-chance, kind="stable")[:LOOKED_AT]
    near = near[chance[near] >= LEAST]
    pieces = fit.able_near(view, rows[near], query.asked, OF_IT)
    for at, sources in zip(near, pieces, strict=True):
        odds = chance[at] / max(1 - chance[at], 1e-4) * np.exp(STEP * _steps(view, sources))
        chance[at] = odds / (1 + odds)
    kinds = {**found.kinds, KNOWS_ABOUT: replace(known, chance=chance)}
    return Knowing(replace(found, kinds=kinds), _stated(view, known.theirs))


def _stated(view: Community, sources: np.ndarray) -> np.ndarray:
    """(n,) bool: whether evidence by its (n,) sources is stated; what was suggested of somebody is not."""
    stated = sources < NONE
    stated[stated] = view.facets.weight[-2 - sources[stated]] > SUGGESTED_WEIGHT
    return stated


def _steps(view: Community, sources: np.ndarray) -> float:
    """How well a member knows what their pieces of evidence are about; `sources` as in `Judged`."""
    documents = view.documents
    said, stated = sources[sources >= 0], -2 - sources[sources < NONE]
    states, wrote = [view.facets.items[i].text for i in stated], [documents.texts[i] for i in said]
    replies = np.flatnonzero(np.isin(documents.asked, said)) if len(said) else said
    thanks = [documents.texts[i] for i in replies.tolist() if documents.owner[i] != documents.owner[documents.asked[i]]]
    return mastery.steps(states, wrote, int((documents.asked[said] >= 0).sum()), thanks)
