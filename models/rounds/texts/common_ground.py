"""What two people have for each other, as far as the one who reads it may see it.

Statements of a profile are quoted only to members if its owner agreed to be recommended to members; words only if both
used them where everybody could read them. So nothing here comes from a private room, or from a profile that is meant
for organizers alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import scipy.sparse as sp

from models.community.view import FACET_KINDS, SUGGESTED_WEIGHT, Community, Facet
from models.domain.records import CONSENT_LEVEL, ValueKind
from models.domain.requests import Language
from models.features import matrix
from models.meaning.lexicon import shipped
from models.meaning.statements import says_nothing
from models.ranking import fit
from models.ranking.reasons.exchange import OFFER_MEETS_SEEK
from models.rounds.texts.quotable_lines import Line, line_of
from models.rounds.texts.readers import reads
from models.text.lexical import CJK, kinds_of_words, tokens
from models.text.terms import TELLING, TIMES, as_written, names, speakable
from models.themes.general_words import GENERAL_WORDS

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
BESIDE = 0.6  # chance that an offer meets a wish, from which it perhaps helps
_CUT_OFF = re.compile(r"[第的在和把给就]$")  # how what was read out of a sentence ends where it is a piece of it
# What says of somebody that they would rather not be asked, and nothing of what they do.
_SHY = re.compile(
    r"\b(?:shy|lurk\w*|introvert\w*|quiet|nothing (?:special|much)|just (?:here|looking|reading|curious)|here to learn|"
    r"beginner|newbie|new here|tbd|not your|do not|don't|badly|no (?:legal )?advice)\b"
    r"|社恐|潜水|内向|不(?:会|爱|善)(?:聊天|说话|言辞)|默默|围观|随便看看|新人|小白|多多关照|向大家学习|求带|勿|哈哈|不方便",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody seeks or aims at, in their own words, and the kind of value it is."""

    text: str
    kind: ValueKind = ""


@dataclass(frozen=True, slots=True)
class Gift:
    """Something one person brings another: an offer in its owner's words, and what it meets (None when nothing)."""

    text: str
    kind: ValueKind = ""
    meets: Wish | None = None
    fit: float = 0.0  # 0..1, of the offer to what it meets
    sure: bool = False  # whether it fits so well that a text may say so
    stated: bool = True  # False when it was read out of what they said and nobody confirmed it yet


@dataclass(frozen=True, slots=True)
class Ground:
    """What `reader` may be told about `other`, and what they have in common."""

    reader: str
    other: str
    reads: frozenset[Language] = frozenset()  # languages that the reader reads
    english: bool = True  # whether what the other writes in Latin letters is English, as far as is known
    gives: Gift | None = None  # what the other has for the reader
    takes: Gift | None = None  # what the reader has for the other
    seeks: Wish | None = None  # what the other is looking for
    aims: tuple[str, str] | None = None  # the other's and the reader's, where they are near
    aim: str = ""  # the other's
    profile: str = ""  # the other's
    line: Line | None = None  # something the other said
    themes: tuple[str, ...] = ()  # subjects that both talk of in open rooms, most telling first
    place: str = ""  # where both live


def ground(view: Community, reader: str, other: str, told_in: Language) -> Ground:
    """What these two have for each other, for the eyes of `reader`. Raises KeyError when one is not in the view."""
    mine, theirs = view.row[reader], view.row[other]
    themes = shared_themes(view, [mine, theirs])
    found = Ground(reader, other, reads(view, reader, told_in), _writes_english(view, other), themes=themes)
    if not may_quote(view, theirs):
        return found
    aims = _closest(view, theirs, "aims", mine, "aims")
    return replace(
        found,
        gives=_gift(view, theirs, mine),
        takes=_gift(view, mine, theirs),
        seeks=_wish(view, theirs),
        aims=(aims[0].text, aims[1].text) if aims and aims[2] >= SURE_FIT else None,
        aim=_first(view, theirs, "aims"),
        profile=_telling(_first(view, theirs, "profile")),
        line=line_of(view, theirs),
        place=_shared_place(view, mine, theirs),
    )


def _writes_english(view: Community, member: str) -> bool:
    record = view.member(member)
    return record is None or not record.languages or any(tag.lower().startswith("en") for tag in record.languages)


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
    found_words = _no_parts([word for word in words if word not in hidden and _is_subject(view, word)])[:most]
    return tuple(word if CJK.search(word) else _as_they_write(view, rows[0], word) for word in found_words)


def _as_they_write(view: Community, row: int, word: str) -> str:
    """The way somebody mostly writes a word: Mandarin, comics."""
    theirs = np.flatnonzero(view.documents.owner == row)
    return as_written(word, (view.documents.texts[int(at)] for at in theirs))


def _is_subject(view: Community, word: str) -> bool:
    """Whether a word names a thing that people talk of: not "half", "read" or "嘿嘿"."""
    if not speakable(word) or word in TIMES or word in GENERAL_WORDS or not names(word, view.lexical.knows):
        return False
    if CJK.search(word):
        return all(kind.startswith("n") for kind in kinds_of_words(word))
    # Nothing here tells an English noun from a verb, but the lexicon has things.
    return bool(shipped().inside(word))


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
    """The offer of one that meets best what the other seeks; their first one where none does."""
    found = _met(view, giver, taker)
    if found is not None:
        offer, seek, chance, sure = found
        return Gift(offer.text, _kind(offer), Wish(seek.text, _kind(seek)), chance, sure)
    items = [view.facets.items[int(row)] for row in view.facets.rows(giver, "offers")]
    first = next((one for one in items if _says_something(one)), None)
    return Gift(first.text, _kind(first), stated=first.weight > SUGGESTED_WEIGHT) if first else None


def _met(view: Community, giver: int, taker: int) -> tuple[Facet, Facet, float, bool] | None:
    """The offer of one and the wish of the other that it meets, the chance of that, and whether it is sure.

    Both stated. By the judgement that reasons claim by; by nearness alone in a view without one.
    """
    if view.judgement is None:
        found = _closest(view, giver, "offers", taker, "seeks")
        if found is None or min(found[0].weight, found[1].weight) <= SUGGESTED_WEIGHT:
            return None
        return *found, found[2] >= SURE_FIT
    judged = fit.exchange(view, taker, fit.crowd(view, giver), "offers", "seeks")
    chance, items = float(judged.chance[0]), view.facets.items
    if chance < BESIDE:
        return None
    offer, seek = items[judged.theirs[0]], items[judged.mine[0]]
    if min(offer.weight, seek.weight) <= SUGGESTED_WEIGHT:
        return None  # what was only read out of somebody's words is no ground for a claim
    return offer, seek, chance, chance >= fit.SURE[OFFER_MEETS_SEEK]


def _closest(view: Community, a: int, kind: str, b: int, other_kind: str) -> tuple[Facet, Facet, float] | None:
    """The facet of a and the facet of b that fit best, and how well (0..1), among those that fit at all."""
    facets = view.facets
    left, right = facets.rows(a, kind), facets.rows(b, other_kind)
    if not len(left) or not len(right):
        return None
    fit = matrix.fits(facets, left, facets.telling[right], facets.weight[right])
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


def _says_something(item: Facet) -> bool:
    """What somebody states says something unless it is empty; what was only read out of their words, from a few on."""
    if says_nothing(item.text):
        return False
    return item.weight > SUGGESTED_WEIGHT or (_length(item.text) >= SHORT and not _CUT_OFF.search(item.text))


def _wish(view: Community, row: int) -> Wish | None:
    items = [view.facets.items[int(at)] for at in view.facets.stated(row, "seeks")]
    return next((Wish(one.text, _kind(one)) for one in items if _says_something(one)), None)


def _first(view: Community, row: int, kind: str) -> str:
    """Their first statement of a kind that says something; nothing unconfirmed."""
    items = [view.facets.items[int(at)] for at in view.facets.stated(row, kind)]
    return next((one.text for one in items if _says_something(one)), "")


def _telling(profile: str) -> str:
    """A profile, if it is about something: neither "hahaha" nor "shy, lurking" nor "here to learn from you"."""
    little = len(set(profile)) < 5 or _length(profile) <= SHORT
    return "" if little or _SHY.search(profile) else profile


def _shared_place(view: Community, a: int, b: int) -> str:
    place = view.whereabouts.place
    return view.whereabouts.places[b] if place[a] >= 0 and place[a] == place[b] else ""
