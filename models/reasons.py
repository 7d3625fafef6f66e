"""Why a match was made: computed from the columns that made its score, with evidence that the reader may see.

A reason stands only where its columns add to the score and its evidence exists: take the evidence away and the reason
goes and the score falls. Evidence is words both used in rooms open to everybody, statements in profiles that the reader
may see, and people the reader could be shown themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models import features, rules
from models.community import SUGGESTED_WEIGHT, Community
from models.features import COLUMNS, Seeker
from models.ranker import Head, Ranker
from models.requests import Evidence, Options, Reason, ReasonKind
from models.sentences import sentence
from models.theme_terms import TIMES, contains, names

MOST = 4  # reasons a match
LEAST_WEIGHT = 0.02  # a smaller share of the score is not a reason
LEAST_FIT = 0.35  # of two statements, before it is said that they have to do with each other
LEAST_AIM_FIT = 0.2  # of two aims, which are longer and seldom worded alike
LEAST_STATED = 0.15  # of a statement for what is asked
LEAST_LIKENESS = 0.3  # cosine of a passage with what is asked
CLUMPED = 1.3  # from which a word is something that some keep coming back to, and not a turn of phrase
TELLING = 0.12  # a word that a larger share of the members use names no interest
GENERAL: frozenset[ReasonKind] = frozenset(
    {"shared_language", "time_zone_overlap", "active_now"}
)  # true of many: said last
NEW_MEMBER_DAYS = 45

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
    seeker: Seeker
    row: int
    values: dict[str, float]
    options: Options
    visible: np.ndarray  # (N,) bool: members whose name the reader may see
    nearest: dict[int, int]  # passage by member row


def explain(
    view: Community,
    ranker: Ranker,
    head: Head,
    seeker: Seeker,
    rows: np.ndarray,
    matrix: np.ndarray,
    values: dict[str, np.ndarray],
    options: Options,
) -> list[tuple[Reason, ...]]:
    """Reasons for each of the shown rows (k,), strongest first, at most `MOST`.

    `matrix` is their (k, F) features, `values` the plain (k,) ones that `features.raw` gave.
    """
    if not len(rows):
        return []
    anybody = Options(audience=options.audience, include_connected=True, now=options.now)
    visible = rules.allowed(view, seeker.own, anybody).mask
    shares = _shares(ranker.contributions(head, matrix), goal=seeker.row < 0)
    nearest = _nearest_passages(view, seeker)
    return [
        _reasons(
            Case(view, seeker, int(row), {n: float(v[i]) for n, v in values.items()}, options, visible, nearest),
            {k: s[i] for k, s in shares.items()},
        )
        for i, row in enumerate(rows)
    ]


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


def _reasons(case: Case, shares: dict[ReasonKind, float]) -> tuple[Reason, ...]:
    found = []
    for kind, share in shares.items():
        if share >= LEAST_WEIGHT and kind in EVIDENCE:
            evidence = EVIDENCE[kind](case)
            if evidence is not None:
                text = sentence(kind, case.options.language, evidence, _name(case.view))
                found.append(Reason(kind, text, round(float(share), 4), evidence))
    found.sort(key=lambda r: (r.kind in GENERAL, -r.weight, r.kind))
    return (*found[:MOST], *_new_circle(case))


def _new_circle(case: Case) -> tuple[Reason, ...]:
    """Said of strangers, beside what speaks for them; it adds nothing to the score."""
    view, seeker = case.view, case.seeker
    others = view.ties.degree[seeker.row] > 0 and view.ties.degree[case.row] > 0 if seeker.row >= 0 else False
    if not others or case.values["adamic_adar"] > 0 or view.rules.connected[seeker.row, case.row]:
        return ()
    return (Reason("new_circle", sentence("new_circle", case.options.language, (), _name(view)), 0.0),)


def _name(view: Community) -> Callable[[Evidence], str]:
    def name(evidence: Evidence) -> str:
        if evidence.kind == "member":
            member = view.member(evidence.value)
            return (member.name or member.id) if member else evidence.value
        if evidence.kind == "channel" and evidence.value in view.channel_row:
            return view.channels[view.channel_row[evidence.value]].name or evidence.value
        if evidence.kind == "project" and evidence.value in view.projects.row:
            return view.projects.records[view.projects.row[evidence.value]].title or evidence.value
        return evidence.value

    return name


def shared_terms(case: Case, most: int = 3) -> tuple[Evidence, ...]:
    """The words that carry most of the lexical likeness, among those that few enough use to tell something."""
    lexical, n = case.view.lexical, case.view.size
    product = case.seeker.lexical.multiply(lexical.tfidf[case.row]).tocoo()
    telling = lexical.df[product.col] <= max(TELLING * n, 3)
    if case.seeker.row >= 0:
        telling &= lexical.clumped[product.col] >= CLUMPED
    columns, weight = product.col[telling], product.data[telling]
    best = np.lexsort((columns, -weight))[: 4 * most]
    words = [lexical.vocabulary.terms[int(columns[i])] for i in best]
    named = [word for word in words if speakable(word) and word not in TIMES and names(word, lexical.knows)]
    return tuple(Evidence("term", word) for word in _whole(named)[:most])


def _whole(words: Sequence[str]) -> list[str]:
    """The words without those that are a part of another one: 主义 beside 存在主义, crowd beside crowd-sourced."""
    return [word for word in words if not any(word != other and contains(other, word) for other in words)]


def speakable(word: str) -> bool:
    """Whether a word can stand in a sentence as the name of an interest."""
    return len(word) > 1 and any(c.isalpha() for c in word) and len(word) <= 30


def _interest(case: Case) -> tuple[Evidence, ...] | None:
    return shared_terms(case) or None


def _knows(case: Case) -> tuple[Evidence, ...] | None:
    """What they say of themselves, else words they use, else a message of theirs."""
    return _statement(case) or shared_terms(case) or _passage(case)


def _statement(case: Case) -> tuple[Evidence, ...]:
    facets = case.view.facets
    rows = np.concatenate([facets.rows(case.row, kind) for kind in features.STATED])
    if not len(rows) or not len(case.seeker.queries):
        return ()
    fit = features.stated_fits(facets, rows, case.seeker.queries)
    best = int(np.argmax(fit))
    return (_facet(case, int(rows[best])),) if fit[best] >= LEAST_STATED else ()


def _passage(case: Case) -> tuple[Evidence, ...] | None:
    """The message of theirs that comes nearest to what was asked."""
    passage = case.nearest.get(case.row)
    if passage is None or case.values["passages_top1"] < LEAST_LIKENESS or not case.view.documents.messages[passage]:
        return None
    return (Evidence("message", case.view.documents.messages[passage][0]),)


def _nearest_passages(view: Community, seeker: Seeker) -> dict[int, int]:
    """By member row, their passage nearest to what was asked, for those with one among the nearest of all."""
    documents = view.documents
    if not len(seeker.queries) or not len(documents.index):
        return {}
    most = min(features.NEAREST_PASSAGES, len(documents.index))
    found = documents.index.search(seeker.queries[:1], most)[0][0]
    found = found[found >= 0]
    owners, best = np.unique(documents.owner[found], return_index=True)
    return dict(zip(owners.tolist(), found[best].tolist(), strict=True))


def _facet(case: Case, facet: int) -> Evidence:
    item = case.view.facets.items[facet]
    text = item.text if len(item.text) <= 80 else item.text[:79].rstrip() + "…"
    return Evidence("statement" if item.weight > SUGGESTED_WEIGHT else "suggestion", text)


def _meets(theirs: str, mine: str) -> Callable[[Case], tuple[Evidence, ...] | None]:
    """Evidence that a facet of theirs meets one of mine: (theirs, mine), or theirs alone for a goal."""
    least = LEAST_AIM_FIT if theirs == "aims" else LEAST_FIT

    def evidence(case: Case) -> tuple[Evidence, ...] | None:
        facets, seeker = case.view.facets, case.seeker
        rows = facets.rows(case.row, theirs)
        own = facets.rows(seeker.row, mine) if seeker.row >= 0 else np.zeros(0, np.int64)
        wanted, weight = (facets.telling[own], facets.weight[own]) if seeker.row >= 0 else (seeker.seeks, None)
        # What an unconfirmed suggestion weighs says nothing about how well its words fit.
        like = features.scaled(facets.telling[rows] @ wanted.T, features.FIT_RANGE)
        if not (like >= least).any():
            return None
        fit = like * facets.weight[rows][:, None] * (1 if weight is None else weight)
        best = np.unravel_index(int(np.argmax(np.where(like >= least, fit, -1))), fit.shape)
        mine_too = (_facet(case, int(own[best[1]])),) if len(own) else ()
        return _facet(case, int(rows[best[0]])), *mine_too

    return evidence


def _common_ties(case: Case) -> tuple[Evidence, ...] | None:
    ties = case.view.ties
    product = case.seeker.adamic_adar.multiply(ties.binary[case.row]).tocoo()
    best = [int(product.col[i]) for i in np.lexsort((product.col, -product.data)) if case.visible[product.col[i]]]
    return tuple(Evidence("member", case.view.ids[row]) for row in best[:3]) or None


def _worked_together(case: Case) -> tuple[Evidence, ...] | None:
    own = [row for row in case.seeker.own if case.view.ties.binary[row, case.row] > 0]
    return tuple(Evidence("member", case.view.ids[row]) for row in own[:2]) or None


def _same_channel(case: Case) -> tuple[Evidence, ...] | None:
    view = case.view
    theirs = view.activity.channel[case.row]
    product = theirs.multiply(case.seeker.channel).tocoo()
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
    shared = np.flatnonzero(whereabouts.languages[case.row] & case.seeker.languages)
    return tuple(Evidence("term", whereabouts.language_names[i]) for i in shared) or None


def _active_now(case: Case) -> tuple[Evidence, ...] | None:
    return () if case.values["recent"] > 0 else None


def _newcomer(case: Case) -> tuple[Evidence, ...] | None:
    oldest = int(case.view.activity.oldest[case.row])
    return () if oldest and case.view.as_of - oldest < NEW_MEMBER_DAYS * 86_400_000_000 else None


EVIDENCE: dict[ReasonKind, Callable[[Case], tuple[Evidence, ...] | None]] = {
    "shared_interest": _interest,
    "knows_about": _knows,
    "offer_meets_seek": _meets("offers", "seeks"),
    "seek_meets_offer": _meets("seeks", "offers"),
    "meets_need": _meets("offers", "seeks"),
    "shared_aim": _meets("aims", "aims"),
    "shared_value": _meets("values", "values"),
    "common_ties": _common_ties,
    "worked_together": _worked_together,
    "same_channel": _same_channel,
    "same_place": _same_place,
    "time_zone_overlap": _time_zone,
    "shared_language": _language,
    "active_now": _active_now,
    "newcomer": _newcomer,
}
