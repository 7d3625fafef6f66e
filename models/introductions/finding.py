"""What speaks for an introduction: rare words, ideas, questions with answers, offers that meet seeks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from models.community.kept import while_names_stay
from models.community.timeline import SESSION_GAP
from models.community.view import FACET_KINDS, Community
from models.features import matrix
from models.features.matrix import Query
from models.introductions import answering
from models.introductions.recent import Recent
from models.introductions.requests import TELLING, IntroductionKind, Remark
from models.ranking.fit import NEAR
from models.text.lexical import tokens
from models.text.terms import speakable

# A word is rare when few members ever used it; the share is lower than that of words which merely tell something.
RARE_SHARE, RARE_LEAST = 0.03, 3
FEWEST_SHARED = 2  # one rare word in common may be chance
IDEA_COSINE = 0.55  # two remarks this near say much the same (default encoder)
ANSWER_LIKENESS = 0.35  # a passage this near to a question is about the same thing
FEW = 4  # people who may know, up to whom each is needed; where more may, whoever is here may answer
NEAREST = 100  # statements that are looked at for each that is new
FULL_STRENGTH = 3.0  # so many words that a single member ever used would be as strong as it gets


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why one member should meet another: `strength` 0..1; `message` is the other's, "" where a profile speaks.

    `proven`: it needs no support by what the past of the community says of the two.
    """

    kind: IntroductionKind
    strength: float
    message: str = ""
    proven: bool = False


def shared_interests(view: Community, recent: Recent, said: Remark) -> dict[int, Evidence]:
    """Who used two of the same rare words in one remark in another thread lately, by row."""
    rare = rare_words(view, said.words)
    alike = {one.id: one for word in rare for one in recent.using(word) if _elsewhere(one, said)}
    found: dict[int, Evidence] = {}
    for one in alike.values():
        shared = one.words & rare.keys()
        row = view.row.get(one.author)
        if row is None or len(shared) < FEWEST_SHARED:
            continue
        strength = min(1.0, sum(rare[word] for word in shared) / FULL_STRENGTH)
        if row not in found or strength >= found[row].strength:
            found[row] = Evidence("shared_interest", strength, one.id)
    return found


def same_ideas(view: Community, recent: Recent, said: Remark, vector: np.ndarray) -> dict[int, Evidence]:
    """Who said much the same in another channel lately, by row."""
    found: dict[int, Evidence] = {}
    if len(said.words) < TELLING:
        return found
    for one, cosine in recent.nearest(vector, IDEA_COSINE):
        row = view.row.get(one.author)
        if row is None or row in found or one.channel == said.channel or not _elsewhere(one, said):
            continue
        if len(one.words) >= TELLING:
            found[row] = Evidence("same_idea", min(1.0, (cosine - IDEA_COSINE) / (0.9 - IDEA_COSINE)), one.id)
    return found


def known(view: Community, query: Query, row: int) -> dict[int, Evidence]:
    """Who evidently knows what the member in `row` asks, by row: they state it, or wrote of it where few may know."""
    rows = np.delete(np.arange(view.size), row)
    knowing = answering.knowing(view, query, rows)
    few = int((knowing.sure >= NEAR).sum()) <= FEW
    evident = np.flatnonzero(knowing.enough & (knowing.stated | few))
    return {int(rows[i]): Evidence("answer", float(knowing.sure[i]), proven=True) for i in evident}


def answers(values: dict[str, np.ndarray], rows: np.ndarray) -> dict[int, Evidence]:
    """Who wrote or states something near to a question, by row; `values` (n,) are what `features.raw` gave for them."""
    likeness = np.maximum(values["passages_top1"] - ANSWER_LIKENESS, 0) / (1 - ANSWER_LIKENESS)
    strength = np.maximum(likeness, values["stated"])
    return {int(row): Evidence("answer", float(s)) for row, s in zip(rows, strength, strict=True) if s > 0}


def exchanges(view: Community, row: int, there: np.ndarray) -> dict[int, Evidence]:
    """Whose offers meet what this member seeks, or the other way round, by row: of those `there` (N,) bool, and of many
    the nearest to each."""
    facets, strength = view.facets, np.zeros(view.size, np.float32)
    among = there[facets.member]
    for theirs, mine in (("offers", "seeks"), ("seeks", "offers")):
        own = facets.rows(row, mine)
        wanted, weight = facets.telling[own], facets.weight[own]
        found, _ = facets.nearest.search(FACET_KINDS.index(theirs), wanted, NEAREST, among)
        rows = np.unique(found[found >= 0])
        fit = matrix.fits(facets, rows, wanted, weight).max(1, initial=0)
        np.maximum.at(strength, facets.member[rows], fit)
    return {int(other): Evidence("offer_meets_seek", float(strength[other])) for other in np.flatnonzero(strength)}


def rare_words(view: Community, words: frozenset[str]) -> dict[str, float]:
    """Of some words those that few members use and that name nobody, with their weights: 1 for a word of one member."""
    lexical, n = view.lexical, max(view.size, 2)
    most = max(RARE_SHARE * n, RARE_LEAST)
    rare: dict[str, float] = {}
    for word in words - names(view):
        known = lexical.vocabulary.ids([word], grow=False)
        # The vocabulary grows with what is new; the counts are as old as the view.
        df = max(int(lexical.df[known[0]]), 1) if len(known) and known[0] < len(lexical.df) else 1
        if df <= most and speakable(word):
            rare[word] = 1 - math.log(df) / math.log(n)
    return rare


@while_names_stay
def names(view: Community) -> frozenset[str]:
    """Words that name a member, which are no interests."""
    known = [member for member in view.members if member is not None]
    handles = (handle for m in known for handle in (m.id, m.name, *(i.handle for i in m.identities)))
    return frozenset(word for handle in handles for word in (handle.casefold(), *tokens(handle)))


def _elsewhere(one: Remark, said: Remark) -> bool:
    """Somebody else's, in another conversation."""
    if one.author == said.author:
        return False
    if (one.channel, one.thread) != (said.channel, said.thread):
        return True
    return not said.thread and abs(said.time - one.time) > SESSION_GAP
