"""Who would fit: apart from who is likely.

Three judgements, each a calibrated chance with the evidence that it stands on: an offer meets a wish (either way), two
share a rare interest, somebody knows what is asked. Activity and ties are no part of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.arrays.compiled import compiled
from models.community import evidence
from models.community.evidence import ACTIVITY_AT, MORE, REFUSES_AT
from models.community.kept import once_a_view
from models.community.sparse import row_of
from models.community.view import FACET_KINDS, Community
from models.community.word_counts import word_weights
from models.domain.requests import ReasonKind
from models.features.matrix import Asked, Query
from models.meaning import columns
from models.meaning.statements import GENERAL, Statements, read
from models.ranking.nearest_pieces import WANTS_NONE, ability, nearest_pieces, shows
from models.ranking.reasons.exchange import MEETS_NEED, OFFER_MEETS_SEEK, SEEK_MEETS_OFFER
from models.ranking.reasons.interests import KNOWS_ABOUT, SHARED_INTEREST
from models.text.lexical import tokens

WORTH_A_LOOK = 0.12  # likeness of an offer and a wish below which nothing is looked at any closer
REFUSED = 0.45  # likeness to what somebody wants none of, from which it is taken to be that
NONE = -1
CROWD = 200  # people among whom it shows whether somebody stands out
NEAR = 0.5  # from this chance on somebody fits rather than not, and comes before all who do not
# From these chances on it is claimed; what lies between is said to be possible.
SURE: Mapping[ReasonKind, float] = {
    OFFER_MEETS_SEEK: 0.7,
    SEEK_MEETS_OFFER: 0.7,
    MEETS_NEED: 0.7,
    SHARED_INTEREST: 0.8,
    KNOWS_ABOUT: 0.75,
}
RARE = 4  # people who share an interest, up to whom each of them comes first from `NEAR` on
# Who will answer a question that is asked in a room is told better by who answers there: only who is sure to know comes
# before them.
SURE_TO_ANSWER = 0.9
NEAREST = 0.15  # whoever asks in words is told of the nearest from this chance on
PHRASE, SAME_WORDS = 4, 0.6  # words of a phrase at least; share of the words of two that are the same
DOING = 0.3  # of a chance to share an interest, how much depends on both doing it, and not only wanting it
OWN_SIDE = 0.85  # of what a match is worth to one side, what that side gets
GIVES = 0.6  # of the worth of a partner, what they give; the rest is what they take


@dataclass(frozen=True, slots=True)
class Judged:
    """(n,) float32 chance for each candidate; (n,) int64 where `mine` and `theirs` stand, `NONE` for nothing.

    Of offers and wishes: rows of facets. Of interests and knowledge: sources of pieces (a passage, or -2 - the row of a
    facet).
    """

    chance: np.ndarray
    mine: np.ndarray
    theirs: np.ndarray

    def __getitem__(self, places: np.ndarray) -> Judged:
        """Those in these places, in this order."""
        return Judged(self.chance[places], self.mine[places], self.theirs[places])


@dataclass(frozen=True, slots=True)
class Fits:
    """Of n candidates: what speaks for their fitting by kind of reason, how much it is worth (n,) 0..1, 0 where nothing
    is near enough, to both and to each side; `perhaps` (n,) is the best chance, sure or not; and who is about what the
    one who asks wants none of."""

    kinds: Mapping[ReasonKind, Judged]
    worth: np.ndarray
    for_you: np.ndarray
    for_them: np.ndarray
    perhaps: np.ndarray
    refused: np.ndarray

    def __getitem__(self, places: np.ndarray) -> Fits:
        """Those in these places, in this order."""
        return Fits(
            {kind: one[places] for kind, one in self.kinds.items()},
            self.worth[places],
            self.for_you[places],
            self.for_them[places],
            self.perhaps[places],
            self.refused[places],
        )


def fits(view: Community, query: Query, rows: np.ndarray, head: str) -> Fits:
    """Who of the candidates in `rows` (n,) fits whoever asks.

    Partners: who has what I seek and seeks what I have comes first, then who has it, then who wants it. Peers: who
    shares a rare interest. Of a brief: who offers what is needed, or showed that they can. Of a question: who knows.
    """
    if view.judgement is None or not len(rows):
        return none_fit(len(rows))
    if query.row < 0:
        return _text_fits(view, query, rows, head)
    away = refused(view, query.row, rows)
    kinds: dict[ReasonKind, Judged] = {SHARED_INTEREST: shared(view, query.row, rows)}
    kinds[OFFER_MEETS_SEEK] = exchange(view, query.row, rows, "offers", "seeks")
    kinds[SEEK_MEETS_OFFER] = exchange(view, query.row, rows, "seeks", "offers")
    near = {kind: np.where(away, 0, _near(one.chance)) for kind, one in kinds.items()}
    if head == "peers":
        worth = _near(near[SHARED_INTEREST], _bar_for_many(near[SHARED_INTEREST]))
        return Fits(kinds, worth, worth, worth, kinds[SHARED_INTEREST].chance, away)
    gives, takes = near[OFFER_MEETS_SEEK], near[SEEK_MEETS_OFFER]
    perhaps = np.maximum(kinds[OFFER_MEETS_SEEK].chance, kinds[SEEK_MEETS_OFFER].chance)
    worth = (GIVES * gives + (1 - GIVES) * takes).astype(np.float32)
    return Fits(kinds, worth, _mostly(gives, takes), _mostly(takes, gives), perhaps, away)


def crowd(view: Community, row: int) -> np.ndarray:
    """Rows of somebody, and of enough others for it to show whether they stand out."""
    others = np.unique(np.linspace(0, view.size - 1, min(view.size, CROWD)).astype(np.int64))
    return np.concatenate([[row], others[others != row]])


def _bar_for_many(near: np.ndarray) -> float:
    """The chance from which an interest brings somebody to the front: what many share is not rare, and of many who are
    just near enough more are wrong. The more there are, the surer each has to be, so that no more are wrong than among
    `RARE` (as in Bonferroni's correction)."""
    return 1 - (1 - NEAR) * RARE / max(int((near > 0).sum()), RARE)


def none_fit(n: int) -> Fits:
    """Of n candidates nobody."""
    none = np.zeros(n, np.float32)
    return Fits({}, none, none, none, none, np.zeros(n, bool))


def _mostly(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(n,) what a match is worth to one side: matches are mutual, so what the other gets counts a little."""
    return (OWN_SIDE * own + (1 - OWN_SIDE) * other).astype(np.float32)


def _text_fits(view: Community, query: Query, rows: np.ndarray, head: str) -> Fits:
    kinds: dict[ReasonKind, Judged] = {}
    if query.asked is not None:
        known, offered = knows(view, rows, query.asked), needs_met(view, rows, query.asked)
        brief = head == "brief"
        kinds = {KNOWS_ABOUT: known, MEETS_NEED: offered} if brief else {KNOWS_ABOUT: _either(known, offered)}
    none = np.zeros(len(rows), np.float32)
    perhaps = np.max([one.chance for one in kinds.values()], axis=0) if kinds else none
    worth = _near(perhaps, SURE_TO_ANSWER if head == "question" else NEAR)
    return Fits(kinds, worth, worth, worth, perhaps, np.zeros(len(rows), bool))


def _either(known: Judged, offered: Judged) -> Judged:
    """The surer one: who offers what is asked for knows about it."""
    better = offered.chance > known.chance
    theirs = np.where(better & (offered.theirs != NONE), -2 - offered.theirs, known.theirs)
    return Judged(np.maximum(known.chance, offered.chance), known.mine, theirs)


def _near(chance: np.ndarray, least: float = NEAR) -> np.ndarray:
    return np.where(chance >= least, chance, 0).astype(np.float32)


def claimed_from(head: str) -> Mapping[ReasonKind, float]:
    """The chance from which each kind of reason is claimed: never of somebody who does not come first for it."""
    least = SURE_TO_ANSWER if head == "question" else NEAR
    return {kind: max(sure, least) for kind, sure in SURE.items()}


def nothing(n: int) -> Judged:
    """Nobody fits."""
    none = np.full(n, NONE, np.int64)
    return Judged(np.zeros(n, np.float32), none, none)


def exchange(view: Community, row: int, rows: np.ndarray, theirs: str, mine: str) -> Judged:
    """Whether what the candidates in `rows` (n,) state as `theirs` meets what the member in `row` states as `mine`:
    ("offers", "seeks") or ("seeks", "offers")."""
    facets = view.facets
    own = facets.rows(row, mine)
    own = own[~facets.statements.empty[own]]
    wanted = Wanted(facets.statements, own, facets.readings[own], facets.telling[own], facets.weight[own])
    return _meets(view, rows, theirs, wanted, wanted_offers=mine == "offers")


def needs_met(view: Community, rows: np.ndarray, asked: Asked) -> Judged:
    """Whether what the candidates offer meets a need; `mine` counts needs."""
    one = np.ones(len(asked.needs), np.float32)
    needs = Wanted(read(asked.needs), np.arange(len(asked.needs)), asked.readings, asked.vectors, one)
    return _meets(view, rows, "offers", needs, wanted_offers=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What candidates' statements are held against: (s,) `at` in `statements`, readings, plain vectors, weights."""

    statements: Statements
    at: np.ndarray
    readings: np.ndarray
    vectors: np.ndarray
    weight: np.ndarray


def _meets(view: Community, rows: np.ndarray, theirs: str, wanted: Wanted, *, wanted_offers: bool) -> Judged:
    if view.judgement is None:
        return nothing(len(rows))
    place = np.full(view.size, NONE, np.int64)
    place[rows] = np.arange(len(rows))
    others = view.facets.of_kind(theirs)
    others = others[(place[view.facets.member[others]] >= 0) & ~view.facets.statements.empty[others]]
    a, b, columns_ = meets_columns(view, others, wanted, wanted_offers=wanted_offers)
    if not len(a):
        return nothing(len(rows))
    chance = view.judgement.meets.chance(columns_) * ~columns.rivals(columns_)
    # What was only read out of somebody's words is less sure than what they state.
    chance = chance * _as_sure_as(view.facets.weight[others[a]]) * _as_sure_as(wanted.weight[b])
    return _best(len(rows), place[view.facets.member[others[a]]], chance, wanted.at[b], others[a])


def meets_columns(
    view: Community, others: np.ndarray, wanted: Wanted, *, wanted_offers: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(p,) places in `others` (facets) and in what is wanted, of pairs that are near enough, and their columns."""
    none = np.zeros(0, np.int64)
    if not len(others) or not len(wanted.at) or view.judgement is None:
        return none, none, np.zeros((0, len(columns.MEETS)), np.float32)
    facets, k = view.facets, view.judgement.space.size
    alike = facets.readings[others, :k] @ wanted.readings[:, :k].T
    above = columns.standout(alike)
    a, b = np.nonzero(alike >= WORTH_A_LOOK)
    plain = np.einsum("pd,pd->p", facets.telling[others[a]], wanted.vectors[b])
    two = (facets.statements, wanted.statements), (others[a], wanted.at[b])
    if wanted_offers:
        two = two[0][::-1], two[1][::-1]
    of = columns.activities(facets.readings[others[a], -1], wanted.readings[b, -1], view.judgement.activity_likeness)
    return a, b, columns.met(*two[0], np.stack(two[1], 1), alike[a, b], plain, above[a, b], of)


def _as_sure_as(weight: np.ndarray) -> np.ndarray:
    return 0.8 + 0.2 * weight


def _best(n: int, at: np.ndarray, chance: np.ndarray, mine: np.ndarray, theirs: np.ndarray) -> Judged:
    """Of several claims about one candidate the surest; of equal ones the first."""
    found = Judged(np.zeros(n, np.float32), np.full(n, NONE, np.int64), np.full(n, NONE, np.int64))
    order = np.lexsort((np.arange(len(at)), -np.round(chance, columns.DIGITS), at))
    first = order[np.append(True, at[order][1:] != at[order][:-1])] if len(order) else order
    found.chance[at[first]], found.mine[at[first]], found.theirs[at[first]] = chance[first], mine[first], theirs[first]
    return found


def shared(view: Community, row: int, rows: np.ndarray) -> Judged:
    """Whether the member in `row` and each candidate share an interest that few have."""
    found = shared_columns(view, row, rows)
    if found is None or view.judgement is None:
        return nothing(len(rows))
    cols, mine, theirs = found
    chance = np.where(cols[..., 0] > 0, view.judgement.shared.chance(cols), 0)
    # Who does a thing is more of a peer to who does it than who only wants it.
    chance = chance * (1 - DOING + DOING * cols[..., columns.SHARED.index("able")])
    which = chance.argmax(1)
    pick = (np.arange(len(rows)), which)
    best = chance[pick].astype(np.float32)
    own, other = sources(view, np.full(len(rows), row), mine[which]), sources(view, rows, theirs[pick])
    for at in np.flatnonzero((best >= NEAR) & (own >= 0) & (other >= 0)):
        best[at] *= not _nearly_copied(view.documents.texts[own[at]], view.documents.texts[other[at]])
    return Judged(best, own, other)


def _nearly_copied(one: str, other: str) -> bool:
    """Whether two lines are one phrase with another word in it: many say it, and it shows nothing of either."""
    words, theirs = set(tokens(one)), set(tokens(other))
    return min(len(words), len(theirs)) >= PHRASE and len(words & theirs) >= SAME_WORDS * len(words | theirs)


def shared_columns(view: Community, row: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """(n, m, len(SHARED)) columns of each of the m pieces of a member with the nearest of each candidate, (m,) their
    sources and (n, m) those of the candidates; None where the member showed nothing."""
    if view.judgement is None or not len(rows):
        return None
    mine = view.pieces[row]
    mine = mine[shows(mine)]
    if not len(mine):
        return None
    small = view.judgement.space.small_talk
    found = nearest_pieces(view, mine, rows, small)
    able = np.sqrt(ability(mine)[None] * found.able)
    stated = (found.source < 0) & (mine[:, -1] < 0)[None]
    idle = np.maximum((mine[:, : len(small)] @ small)[None], found.small_talk)
    of = columns.activities(mine[None, :, -MORE + ACTIVITY_AT], found.activity, view.judgement.activity_likeness)
    best, words = found.alike, _words_shared(view, row, rows)[:, None]
    cols = columns.known(best, able, stated, words, columns.standout(best), columns.others(best), idle, of)
    return cols, mine[:, -1], found.source


def knows(view: Community, rows: np.ndarray, asked: Asked) -> Judged:
    """Whether each candidate knows or can do what is asked, or a part of it that says what is needed."""
    if view.judgement is None:
        return nothing(len(rows))
    chances, sources = [], []
    for text, reading in zip(asked.needs, asked.readings, strict=True):
        cols, source = knows_columns(view, rows, reading, text)
        chances.append(np.where(source != NONE, view.judgement.knows.chance(cols), 0))
        sources.append(source)
    best = np.argmax(chances, axis=0)
    at = (best, np.arange(len(rows)))
    return Judged(np.array(chances, np.float32)[at], np.full(len(rows), NONE, np.int64), np.array(sources)[at])


def knows_columns(view: Community, rows: np.ndarray, reading: np.ndarray, text: str) -> tuple[np.ndarray, np.ndarray]:
    """(n, len(KNOWS)) columns of each candidate's best evidence for a text and its reading, and its (n,) source."""
    none = np.full(len(rows), NONE, np.int64)
    k = view.judgement.space.size if view.judgement else 0
    point = reading[:k]
    if view.judgement is None or not len(rows) or not point.any():
        return np.zeros((len(rows), len(columns.KNOWS)), np.float32), none
    place = np.full(view.size, NONE, np.int64)
    place[rows] = np.arange(len(rows))
    owner, source, alike, able, activity = _pieces_for(view, point)
    keep = np.flatnonzero((able >= evidence.LEAST) & (owner >= 0))
    keep = keep[place[owner[keep]] >= 0]
    strength = np.round(np.maximum(alike[keep], 0) + able[keep] / 4, columns.DIGITS)
    found = _best(len(rows), place[owner[keep]], strength + 1, keep, source[keep])
    has = found.mine >= 0
    if not has.any():
        return np.zeros((len(rows), len(columns.KNOWS)), np.float32), none
    best = np.where(has, alike[found.mine], 0).astype(np.float32)
    sure = np.where(has, able[found.mine], 0).astype(np.float32)
    words = _words_asked(view, rows, text)
    idle = _points_of(view, found.theirs) @ view.judgement.space.small_talk
    stated = found.theirs < NONE
    of = columns.activities(np.where(has, activity[found.mine], 0), reading[-1:], view.judgement.activity_likeness)
    cols = columns.known(best, sure, stated, words, columns.standout(best), columns.others(best), idle, of)
    return cols, found.theirs


def able_near(view: Community, rows: np.ndarray, asked: Asked, share: float) -> list[np.ndarray]:
    """Of each candidate in `rows` (n,) the sources of all that shows ability and is near to what is asked: by at least
    this share of how near their nearest comes."""
    if view.judgement is None:
        return [np.zeros(0, np.int64) for _ in rows]
    owner, source, alike, able, _ = _pieces_for(view, asked.readings[0, : view.judgement.space.size])
    asked_for = np.zeros(view.size + 1, bool)  # the last is nobody, whose number is -1
    asked_for[rows] = True
    shows = np.flatnonzero((able >= evidence.LEAST) & asked_for[owner])
    of_each = [shows[owner[shows] == row] for row in rows]
    return [source[those[alike[those] >= share * alike[those].max(initial=0)]] for those in of_each]


def _points_of(view: Community, sources: np.ndarray) -> np.ndarray:
    """(n, k) where pieces lie, given by their (n,) sources; zero for none."""
    k = view.judgement.space.size if view.judgement else 0
    out = np.zeros((len(sources), k), np.float32)
    stated, said = np.flatnonzero(sources < NONE), np.flatnonzero(sources >= 0)
    out[stated] = view.facets.readings[-2 - sources[stated], :k]
    out[said] = view.documents.readings.take(sources[said])[:, :k]
    return out


def refused(view: Community, row: int, rows: np.ndarray) -> np.ndarray:
    """(n,) bool: who is about what the member in `row` wants none of."""
    out = np.zeros(len(rows), bool)
    if view.judgement is None or row < 0 or not len(rows):
        return out
    k = view.judgement.space.size
    mine = view.pieces[row]
    wants_none = mine[mine[:, k + REFUSES_AT] >= WANTS_NONE]
    if not len(wants_none):
        return out
    theirs = view.pieces.take(rows)
    alike = np.where(shows(theirs)[:, :, None], theirs[:, :, :k] @ wants_none[:, :k].T, -1)
    return np.asarray(alike.max((1, 2)) >= REFUSED)


def sources(view: Community, rows: np.ndarray, source: np.ndarray) -> np.ndarray:
    """(n,) passages as they are, facets as -2 - their row; of members in `rows` (n,)."""
    source = source.astype(np.int64)
    first = np.searchsorted(view.facets.member, rows)
    return np.where(source >= 0, source, np.where(source > evidence.NOTHING, -2 - (first - 1 - source), NONE))


def _pieces_for(view: Community, point: np.ndarray) -> tuple[np.ndarray, ...]:
    """(E,) owner row, source, likeness to a point, ability and activity of everything that anybody stated or said."""
    facets, documents = view.facets, view.documents
    k = len(point)
    kinds = {i: evidence.STATED[name][0] for i, name in enumerate(FACET_KINDS) if name in evidence.STATED}
    stated = np.array([kinds.get(i, 0.0) for i in range(len(FACET_KINDS))], np.float32)[facets.kind] * facets.weight
    stated *= ~facets.statements.empty
    said, asked, norm, activity = _said(view)
    padded = np.zeros((1, view.judgement.size if view.judgement else k), np.float32)
    padded[0, :k] = point
    likeness = documents.readings.dot(padded)[:, 0] if len(said) else np.zeros(0, np.float32)
    answers = asked >= 0
    likeness = likeness.copy()
    likeness[answers] = (likeness[asked[answers]] + evidence.OWN * likeness[answers]) / norm[answers]
    return (
        np.concatenate([facets.member.astype(np.int64), documents.owner.astype(np.int64)]),
        np.concatenate([-2 - np.arange(len(facets.items)), np.arange(len(said))]),
        np.concatenate([facets.readings[:, :k] @ point, likeness]),
        np.concatenate([stated, said]),
        np.concatenate([facets.readings[:, -1], activity]),
    )


@once_a_view
def _said(view: Community) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(D,) what each passage shows of being able, the passage it answers, the length of both taken together, and the
    activity it is about."""
    documents = view.documents
    if view.judgement is None:
        nothing = np.zeros(len(documents.owner), np.float32)
        return nothing, documents.asked, np.ones_like(nothing), nothing
    k = view.judgement.space.size
    does = documents.readings.take(np.arange(len(documents.owner)), slice(k, None))
    able = evidence.able_of(does[:, :-1])
    norm = np.ones(len(able), np.float32)
    activity = does[:, -1].copy()
    answers = np.flatnonzero(documents.asked >= 0)
    if len(answers):
        activity[answers] = evidence.answered(activity[documents.asked[answers]], activity[answers])
        asked, own = (documents.readings.take(rows, slice(k)) for rows in (documents.asked[answers], answers))
        both = asked + evidence.OWN * own
        norm[answers] = np.maximum(np.linalg.norm(both, axis=1), 1e-6)
    return able, documents.asked, norm, activity


def _words_shared(view: Community, row: int, rows: np.ndarray) -> np.ndarray:
    """(n,) weight of the two rarest words that pieces of both are about, 0..1 each."""
    out = np.zeros(len(rows), np.float32)
    words = row_of(view.interest_words, row).columns
    if len(words):
        weight = np.zeros(view.interest_words.shape[1], np.float32)
        weight[words] = word_weights(view)[words]
        _add_two_rarest(view.interest_words.indptr, view.interest_words.indices, rows, weight, out)
    return out


@compiled()
def _add_two_rarest(indptr, indices, rows, weight, out):  # type: ignore[no-untyped-def]
    for i in range(len(rows)):
        first, second = out[i], out[i]
        for at in range(indptr[rows[i]], indptr[rows[i] + 1]):
            one = weight[indices[at]]
            if one > first:
                first, second = one, first
            elif one > second:
                second = one
        out[i] = first + second


def _words_asked(view: Community, rows: np.ndarray, text: str) -> np.ndarray:
    """(n,) share of what is asked, by weight of its words, that pieces of each candidate are about."""
    weight = word_weights(view)
    asked = [word for word in dict.fromkeys(tokens(text)) if word not in GENERAL]
    ids = view.lexical.vocabulary.ids(asked, grow=False)
    ids = ids[ids < view.interest_words.shape[1]]
    # A word that nobody here used weighs like the rarest.
    total = float(weight[ids].sum()) + (len(asked) - len(ids))
    if not len(ids) or total <= 0:
        return np.zeros(len(rows), np.float32)
    return np.asarray((view.interest_words[:, ids][rows] @ weight[ids]) / total, np.float32)
