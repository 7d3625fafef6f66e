"""Why a match was made: computed from the columns that made its score, with evidence that the reader may see.

A reason stands only where its columns add to the score and its evidence exists: take the evidence away and the reason
goes and the score falls. Evidence is words both used in rooms open to everybody, statements in profiles that the reader
may see, and people the reader could be shown themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from models.community.view import SUGGESTED_WEIGHT, Community
from models.domain.records import DAY
from models.domain.requests import Evidence, Options, Reason, ReasonKind
from models.features import matrix as features
from models.features.matrix import COLUMNS, Query
from models.meaning.statements import content_words
from models.ranking import eligibility
from models.ranking.fit import NEAR, NEAREST, Fits, claimed_from, word_weights
from models.ranking.ranker import Head, Ranker
from models.ranking.said import possibly_said, reason_said
from models.text.terms import TIMES, contains, names, speakable

MOST = 4  # reasons a match
MOST_POSSIBLE = 2  # of these, about what is only near
QUOTED = 80  # characters
LEAST_WEIGHT = 0.02  # a smaller share of the score is not a reason
LEAST_FIT = 0.35  # of two statements, before it is said that they have to do with each other
LEAST_AIM_FIT = 0.2  # of two aims, which are longer and seldom worded alike
TELLING_WEIGHT = (
    0.35  # weight of a word (`models.ranking.fit.word_weights`) below which too many say it to name an interest
)
# What says that two would fit; judged by `models.ranking.fit`, and claimed only where that is sure.
FITTING: frozenset[ReasonKind] = frozenset(
    {"offer_meets_seek", "seek_meets_offer", "meets_need", "shared_interest", "knows_about", "possible_fit"}
)
OF_PIECES: frozenset[ReasonKind] = frozenset({"shared_interest", "knows_about"})  # the others stand on facets
GENERAL: frozenset[ReasonKind] = frozenset(
    {"shared_language", "time_zone_overlap", "active_now"}
)  # true of many: said last
NEW_MEMBER_DAYS = 45
LATELY_DAYS = 30  # silent for longer, nobody is active lately, however slow a community is

# Which reason a raw feature speaks for; "interest" becomes "knows_about" where a text asked.
SPEAKS_FOR: dict[str, ReasonKind] = {
    **dict.fromkeys((*features.TEXT, "stated"), "shared_interest"),
    "gives": "offer_meets_seek",
    "takes": "seek_meets_offer",
    "aims": "shared_aim",
    "values": "shared_value",
    "place": "same_place",
    "time_zone": "time_zone_overlap",
    "language": "shared_language",
    **dict.fromkeys(
        ("adamic_adar", "adamic_adar_decayed", "pagerank", "three_hops", "three_hops_recent"), "common_ties"
    ),
    **dict.fromkeys(("tie", "projects_together"), "worked_together"),
    **dict.fromkeys(
        ("near", "near_two_hop", "threads", "channel", "channel_recent", "channel_answers", "rooms_now"), "same_channel"
    ),
    **dict.fromkeys(("days", "hours", *(a for a in features.ACTIVITY if a != "newness")), "active_now"),
    "newness": "newcomer",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One shown candidate, and all that its reasons are worked out from."""

    view: Community
    query: Query
    row: int
    values: dict[str, float]
    options: Options
    visible: np.ndarray  # (N,) bool: members whose name the reader may see
    stands_on: Mapping[ReasonKind, tuple[int, int]]  # mine and theirs, of what fits or is near to it


def explain(
    view: Community,
    ranker: Ranker,
    head: Head,
    query: Query,
    rows: np.ndarray,
    matrix: np.ndarray,
    values: dict[str, np.ndarray],
    fits: Fits,
    options: Options,
) -> list[tuple[Reason, ...]]:
    """Reasons for each of the shown rows (k,), strongest first, at most `MOST`.

    `matrix` is their (k, F) features, `values` the plain (k,) ones that `features.raw` gave, `fits` whether they fit.
    """
    if not len(rows):
        return []
    anybody = Options(audience=options.audience, include_connected=True, now=options.now)
    visible = eligibility.allowed(view, query.own, anybody).mask
    least = NEAR if query.row >= 0 else NEAREST
    shares = _shares(ranker.contributions(head, matrix), goal=query.row < 0)
    claimed = claimed_from(head)
    return [
        _reasons(
            Case(
                view,
                query,
                int(row),
                {n: float(v[i]) for n, v in values.items()},
                options,
                visible,
                _near(fits, i, least),
            ),
            {k: s[i] for k, s in shares.items()},
            {kind: float(one.chance[i]) for kind, one in fits.kinds.items()},
            claimed,
        )
        for i, row in enumerate(rows)
    ]


def _near(fits: Fits, at: int, least: float) -> dict[ReasonKind, tuple[int, int]]:
    """What is near enough of the candidate in a place, with what it stands on; nothing of whom one wants none of."""
    return {
        kind: (int(one.mine[at]), int(one.theirs[at]))
        for kind, one in fits.kinds.items()
        if one.chance[at] >= least and not fits.refused[at]
    }


def _shares(contributions: np.ndarray, goal: bool) -> dict[ReasonKind, np.ndarray]:
    """(k,) share of the positive part of the score that each kind of reason carries."""
    positive = np.maximum(contributions, 0)
    total = np.maximum(positive.sum(1), 1e-9)
    out: dict[ReasonKind, np.ndarray] = {}
    for column, name in enumerate(COLUMNS):
        kind = SPEAKS_FOR.get(features.value_of(name))
        if kind is None:
            continue  # attributes weigh, but are nobody else's business
        if goal:
            kind = {"shared_interest": "knows_about", "offer_meets_seek": "meets_need"}.get(kind, kind)  # type: ignore[assignment]
        out[kind] = out.get(kind, 0) + positive[:, column] / total
    return out


def _reasons(
    case: Case,
    shares: dict[ReasonKind, float],
    chances: dict[ReasonKind, float],
    claimed: Mapping[ReasonKind, float],
) -> tuple[Reason, ...]:
    found = []
    # What fits has half of the weight, by how sure it is; the rest goes by what added to the likelihood.
    sure = {kind: chances[kind] for kind in case.stands_on if chances[kind] >= claimed[kind]}
    scale = 0.5 / max(sum(sure.values()), 1.0)
    weights = {kind: share / 2 for kind, share in shares.items() if share >= LEAST_WEIGHT and kind not in FITTING}
    weights |= {kind: chance * scale for kind, chance in sure.items()}
    for kind, weight in weights.items():
        if kind in EVIDENCE:
            evidence = EVIDENCE[kind](case)
            if evidence is not None:
                said = reason_said(kind, evidence, _name(case.view, _quotes(case)))
                found.append(Reason(kind, said, round(float(weight), 4), evidence))
    if not sure:
        found += _possible(case, chances)
    found.sort(key=lambda r: (r.kind in GENERAL, r.kind not in FITTING, -r.weight, r.kind))
    return (*found[:MOST], *_new_circle(case))


def _possible(case: Case, chances: dict[ReasonKind, float]) -> list[Reason]:
    """What comes nearest to a fit, where nothing is sure enough to be claimed."""
    found = []
    for kind in sorted(case.stands_on, key=lambda kind: (-chances[kind], kind)):
        evidence = (_pieces if kind == "shared_interest" else EVIDENCE[kind])(case)
        if evidence is not None:
            said = possibly_said(kind, evidence, _name(case.view, _quotes(case)))
            found.append(Reason("possible_fit", said, round(chances[kind] / 2, 4), evidence))
    return found[:MOST_POSSIBLE]


def _new_circle(case: Case) -> tuple[Reason, ...]:
    """Said of strangers, beside what speaks for them; it adds nothing to the score."""
    view, query = case.view, case.query
    others = view.ties.degree[query.row] > 0 and view.ties.degree[case.row] > 0 if query.row >= 0 else False
    if not others or case.values["adamic_adar"] > 0 or view.rules.connected[query.row, case.row]:
        return ()
    return (Reason("new_circle", reason_said("new_circle", (), _name(view)), 0.0),)


def _quotes(case: Case) -> dict[str, str]:
    """What was said in the messages that reasons stand on."""
    documents = case.view.documents
    pieces = [two for kind, two in case.stands_on.items() if kind in OF_PIECES]
    sources = {source for two in pieces for source in two if source >= 0}
    return {documents.messages[s][0]: documents.texts[s] for s in sources if documents.messages[s]}


def _name(view: Community, quotes: Mapping[str, str] = MappingProxyType({})) -> Callable[[Evidence], str]:
    def name(evidence: Evidence) -> str:
        if evidence.kind == "message":
            return _cut(quotes.get(evidence.value, ""))
        if evidence.kind == "member":
            member = view.member(evidence.value)
            return (member.name or member.id) if member else evidence.value
        if evidence.kind == "channel" and evidence.value in view.channel_row:
            return view.channels[view.channel_row[evidence.value]].name or evidence.value
        if evidence.kind == "project" and evidence.value in view.projects.row:
            return view.projects.records[view.projects.row[evidence.value]].title or evidence.value
        return evidence.value

    return name


def _whole(words: Sequence[str]) -> list[str]:
    """The words without those that are a part of another one: 主义 beside 存在主义, crowd beside crowd-sourced."""
    return [word for word in words if not any(word != other and contains(other, word) for other in words)]


def _interest(case: Case) -> tuple[Evidence, ...] | None:
    """The words that both use for it, else what they said or stated of it: theirs, then mine."""
    return _common_words(case, *case.stands_on["shared_interest"]) or _pieces(case)


def _pieces(case: Case) -> tuple[Evidence, ...] | None:
    """What both said or stated of a shared interest: theirs, then mine."""
    mine, theirs = (_piece(case, source) for source in case.stands_on["shared_interest"])
    return (theirs, mine) if theirs and mine else None


def _knows(case: Case) -> tuple[Evidence, ...] | None:
    """What they state or wrote."""
    piece = _piece(case, case.stands_on["knows_about"][1])
    return (piece,) if piece else None


def _piece(case: Case, source: int) -> Evidence | None:
    """A statement, or the message with which a passage begins; None where it was taken back."""
    if source < 0:
        return _facet(case, -2 - source)
    messages = case.view.documents.messages[source]
    return Evidence("message", messages[0]) if messages else None


def _common_words(case: Case, mine: int, theirs: int, most: int = 3) -> tuple[Evidence, ...]:
    """Words that stand in both pieces and that few enough use to tell something."""
    lexical, weight = case.view.lexical, word_weights(case.view)
    both = content_words(_text(case, mine)) & content_words(_text(case, theirs))
    known = {word: ids[0] for word in both if len(ids := lexical.vocabulary.ids([word], grow=False))}
    telling = {
        word: float(weight[at]) for word, at in known.items() if at < len(weight) and weight[at] >= TELLING_WEIGHT
    }
    named = [word for word in sorted(telling, key=lambda w: (-telling[w], w)) if _names_something(case, word)]
    return tuple(Evidence("term", word) for word in _whole(named)[:most])


def _names_something(case: Case, word: str) -> bool:
    return speakable(word) and word not in TIMES and names(word, case.view.lexical.knows)


def _text(case: Case, source: int) -> str:
    return case.view.facets.items[-2 - source].text if source < 0 else case.view.documents.texts[source]


def _facet(case: Case, facet: int) -> Evidence:
    item = case.view.facets.items[facet]
    return Evidence("statement" if item.weight > SUGGESTED_WEIGHT else "suggestion", _cut(item.text))


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= QUOTED else text[: QUOTED - 1].rstrip() + "…"


def _claimed(kind: ReasonKind) -> Callable[[Case], tuple[Evidence, ...] | None]:
    """Evidence that a statement of theirs meets one of mine: (theirs, mine), or theirs alone for a goal."""

    def evidence(case: Case) -> tuple[Evidence, ...] | None:
        mine, theirs = case.stands_on[kind]
        return (_facet(case, theirs), *((_facet(case, mine),) if case.query.row >= 0 else ()))

    return evidence


def _close(what: str, least: float) -> Callable[[Case], tuple[Evidence, ...] | None]:
    """Evidence that two statements of a kind are close: (theirs, mine)."""

    def evidence(case: Case) -> tuple[Evidence, ...] | None:
        facets, query = case.view.facets, case.query
        rows = facets.rows(case.row, what)
        own = facets.rows(query.row, what) if query.row >= 0 else np.zeros(0, np.int64)
        rows, own = rows[~facets.statements.empty[rows]], own[~facets.statements.empty[own]]
        like = features.scaled(facets.telling[rows] @ facets.telling[own].T, features.FIT_RANGE)
        if not (like >= least).any():
            return None
        # What an unconfirmed suggestion weighs says nothing about how well its words fit.
        close = like * facets.weight[rows][:, None] * facets.weight[own]
        best = np.unravel_index(int(np.argmax(np.where(like >= least, close, -1))), close.shape)
        return _facet(case, int(rows[best[0]])), _facet(case, int(own[best[1]]))

    return evidence


def _common_ties(case: Case) -> tuple[Evidence, ...] | None:
    ties = case.view.ties
    product = case.query.adamic_adar.multiply(ties.binary[case.row]).tocoo()
    best = [int(product.col[i]) for i in np.lexsort((product.col, -product.data)) if case.visible[product.col[i]]]
    return tuple(Evidence("member", case.view.ids[row]) for row in best[:3]) or None


def _worked_together(case: Case) -> tuple[Evidence, ...] | None:
    own = [row for row in case.query.own if case.view.ties.binary[row, case.row] > 0]
    return tuple(Evidence("member", case.view.ids[row]) for row in own[:2]) or None


def _same_channel(case: Case) -> tuple[Evidence, ...] | None:
    view = case.view
    theirs = view.activity.channel[case.row]
    product = theirs.multiply(case.query.channel).tocoo()
    best = [int(product.col[i]) for i in np.lexsort((product.col, -product.data))]
    rooms = [view.channels[c] for c in best if view.channels[c].id and view.channels[c].visibility == "community"]
    return tuple(Evidence("channel", room.id) for room in rooms[:2]) or None


def _same_place(case: Case) -> tuple[Evidence, ...] | None:
    place = case.view.whereabouts.places[case.row]
    return (Evidence("term", place),) if case.values["place"] > 0 and place else None


def _time_zone(case: Case) -> tuple[Evidence, ...] | None:
    member = case.view.members[case.row]
    near = case.values["time_zone"] > 0.6
    return (Evidence("term", member.time_zone),) if near and member and member.time_zone else None


def _language(case: Case) -> tuple[Evidence, ...] | None:
    whereabouts = case.view.whereabouts
    shared = np.flatnonzero(whereabouts.languages[case.row] & case.query.languages)
    return tuple(Evidence("term", whereabouts.language_names[i]) for i in shared) or None


def _active_now(case: Case) -> tuple[Evidence, ...] | None:
    silent = case.view.as_of - int(case.view.activity.newest[case.row])
    return () if case.values["recent"] > 0 and silent <= LATELY_DAYS * DAY else None


def _newcomer(case: Case) -> tuple[Evidence, ...] | None:
    oldest = int(case.view.activity.oldest[case.row])
    return () if oldest and case.view.as_of - oldest < NEW_MEMBER_DAYS * 86_400_000_000 else None


EVIDENCE: dict[ReasonKind, Callable[[Case], tuple[Evidence, ...] | None]] = {
    "shared_interest": _interest,
    "knows_about": _knows,
    "offer_meets_seek": _claimed("offer_meets_seek"),
    "seek_meets_offer": _claimed("seek_meets_offer"),
    "meets_need": _claimed("meets_need"),
    "shared_aim": _close("aims", LEAST_AIM_FIT),
    "shared_value": _close("values", LEAST_FIT),
    "common_ties": _common_ties,
    "worked_together": _worked_together,
    "same_channel": _same_channel,
    "same_place": _same_place,
    "time_zone_overlap": _time_zone,
    "shared_language": _language,
    "active_now": _active_now,
    "newcomer": _newcomer,
}
