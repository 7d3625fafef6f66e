"""What two people have for each other, as far as the one who reads it may see it.

Statements of a profile are quoted only to members if its owner agreed to be recommended to members; words only if both
used them where everybody could read them. So nothing here comes from a private room, or from a profile that is meant
for organizers alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

import numpy as np
import scipy.sparse as sp

from models import features
from models.community import CONSENT_LEVEL, FACET_KINDS, SUGGESTED_WEIGHT, Community, Facet
from models.lexical import tokens
from models.reasons import TELLING, speakable
from models.records import ValueKind

THEMES = 2
_WORDS = re.compile(r"[0-9A-Za-z\u00c0-\u024f]+|[\u3040-\u30ff\u3400-\u9fff]")
# From how good a fit on an offer is told to meet a wish; one less good perhaps helps; below, neither is told.
SURE_FIT = 0.55
BESIDE_FIT = 0.3
# Vectors of very short statements lie close together whatever they say: without a word in common they have to be nearly
# the same. With one, a lesser fit will do.
SHORT = 4  # characters of Chinese, a word of another language counting as two
SAME_FIT = 0.9
SHARED_WORD_FIT = 0.17


@dataclass(frozen=True, slots=True)
class Gift:
    """Something one person brings another: an offer in its owner's words, and what it meets ("" when nothing)."""

    text: str
    kind: ValueKind = ""
    meets: str = ""
    fit: float = 0.0  # 0..1, of the offer to what it meets
    stated: bool = True  # False when it was read out of what they said and nobody confirmed it yet


@dataclass(frozen=True, slots=True)
class Ground:
    """What `reader` may be told about `other`, and what they have in common."""

    reader: str
    other: str
    gives: Gift | None = None  # what the other has for the reader
    takes: Gift | None = None  # what the reader has for the other
    seeks: str = ""  # what the other is looking for
    aims: tuple[str, str] | None = None  # the other's and the reader's, where they are near
    aim: str = ""  # the other's
    profile: str = ""  # the other's
    themes: tuple[str, ...] = ()  # words that both use in open rooms, most telling first
    place: str = ""  # where both live


def ground(view: Community, reader: str, other: str) -> Ground:
    """What these two have for each other, for the eyes of `reader`. Raises KeyError when one is not in the view."""
    mine, theirs = view.row[reader], view.row[other]
    shown = may_quote(view, theirs)
    themes = shared_themes(view, [mine, theirs])
    if not shown:
        return Ground(reader, other, themes=themes)
    aims = _closest(view, theirs, "aims", mine, "aims")
    return Ground(
        reader,
        other,
        gives=_gift(view, theirs, mine),
        takes=_gift(view, mine, theirs),
        seeks=_first(view, theirs, "seeks"),
        aims=(aims[0].text, aims[1].text) if aims and aims[2] >= SURE_FIT else None,
        aim=_first(view, theirs, "aims"),
        profile=_telling(_first(view, theirs, "profile")),
        themes=themes,
        place=_shared_place(view, mine, theirs),
    )


def may_quote(view: Community, row: int) -> bool:
    """Whether members may read what this one says of themselves."""
    return bool(view.rules.consent[row] >= CONSENT_LEVEL["members"])


def first_offer(view: Community, row: int) -> str:
    """What somebody brings in a few words: their first offer, else aim; "" when nothing that members may read."""
    return (_first(view, row, "offers") or _first(view, row, "aims")) if may_quote(view, row) else ""


def shared_themes(view: Community, rows: list[int], most: int = THEMES) -> tuple[str, ...]:
    """The most telling words that all of these people use in open rooms, each of them more than once.

    Who keeps their profile from members does so with its words, too.
    """
    lexical = view.lexical
    product, often = lexical.tfidf[rows[0]], _often_said(view, rows[0])
    for row in rows[1:]:
        product, often = product.multiply(lexical.tfidf[row]), often.multiply(_often_said(view, row))
    found = product.multiply(often).tocoo()
    telling = lexical.df[found.col] <= max(TELLING * view.size, 3)
    columns, weight = found.col[telling], found.data[telling]
    hidden = {word for row in rows if not may_quote(view, row) for word in _stated_words(view, row)}
    words = (lexical.vocabulary.terms[int(columns[i])] for i in np.lexsort((columns, -weight)))
    return _no_parts([word for word in words if speakable(word) and word not in hidden])[:most]


def _often_said(view: Community, row: int) -> sp.csr_matrix:
    """(1, V) 1 for the words that somebody used more than once: what is said once is no theme."""
    counts = view.lexical.counts[row].copy()
    counts.data = (counts.data > 1).astype(np.float32)
    return counts


def _no_parts(words: list[str]) -> tuple[str, ...]:
    """Without words that stand inside a better one."""
    kept: list[str] = []
    for word in words:
        if not any(word in other or other in word for other in kept):
            kept.append(word)
    return tuple(kept)


def _stated_words(view: Community, row: int) -> set[str]:
    return {word for kind in FACET_KINDS for place in view.facets.rows(row, kind)
            for word in tokens(view.facets.items[place].text)}  # fmt: skip


def _gift(view: Community, giver: int, taker: int) -> Gift | None:
    """The offer of one that comes nearest to what the other seeks; their first one where none does."""
    found = _closest(view, giver, "offers", taker, "seeks")
    if found is not None:
        offer, seek, fit = found
        return Gift(offer.text, _kind(offer), seek.text, fit, offer.weight > SUGGESTED_WEIGHT)
    rows = view.facets.rows(giver, "offers")
    if not len(rows):
        return None
    offer = view.facets.items[int(rows[0])]
    return Gift(offer.text, _kind(offer), stated=offer.weight > SUGGESTED_WEIGHT)


def _closest(view: Community, a: int, kind: str, b: int, other_kind: str) -> tuple[Facet, Facet, float] | None:
    """The facet of a and the facet of b that fit best, and how well (0..1), among those that fit at all."""
    facets = view.facets
    left, right = facets.rows(a, kind), facets.rows(b, other_kind)
    if not len(left) or not len(right):
        return None
    fit = features.fits(facets, left, facets.telling[right], facets.weight[right])
    for place in np.argsort(-fit, axis=None, kind="stable"):
        i, j = np.unravel_index(int(place), fit.shape)
        if fit[i, j] < SHARED_WORD_FIT:
            return None
        one, other = facets.items[int(left[i])], facets.items[int(right[j])]
        if _fits(one.text, other.text, float(fit[i, j])):
            return one, other, float(fit[i, j])
    return None


def _fits(one: str, other: str, fit: float) -> bool:
    """Whether two statements with this fit may be told to have to do with each other."""
    if set(tokens(one)) & set(tokens(other)):
        return True
    return fit >= (SAME_FIT if min(_length(one), _length(other)) <= SHORT else BESIDE_FIT)


def _length(text: str) -> int:
    return sum(2 if word.isascii() else len(word) for word in _WORDS.findall(text))


def _kind(facet: Facet) -> ValueKind:
    return cast(ValueKind, facet.value)


def _first(view: Community, row: int, kind: str) -> str:
    """Their first statement of a kind; nothing unconfirmed."""
    stated = view.facets.stated(row, kind)
    return view.facets.items[int(stated[0])].text if len(stated) else ""


def _telling(text: str) -> str:
    """The text if it says anything: "hahaha" does not."""
    return text if len(set(text)) >= 5 else ""


def _shared_place(view: Community, a: int, b: int) -> str:
    place = view.whereabouts.place
    return view.whereabouts.places[b] if place[a] >= 0 and place[a] == place[b] else ""
