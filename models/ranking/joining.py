"""Open projects a member should join: what they care about, what they can bring, and who is in it.

How much likeness and ties to the people in it count is learnt from who joined what, elsewhere and here
(`models.ranking.projects.weights`). What people state (wishes, offers that meet needs) is in no community's record of
joining and is weighed by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.community.sparse import common, row_of, stands
from models.community.view import Community
from models.domain.facts import Fact
from models.domain.records import Project
from models.domain.requests import Evidence, Match, Options, Reason, ReasonKind, Recommendations
from models.features import matrix
from models.features.matrix import Query
from models.meaning.columns import rivals
from models.ranking import eligibility
from models.ranking.fit import SURE, Wanted, meets_columns
from models.ranking.projects import open_projects
from models.ranking.projects.weights import serving
from models.ranking.ranker import Ranker
from models.ranking.reasons.aims import SHARED_AIM
from models.ranking.reasons.company import WORKED_TOGETHER
from models.ranking.reasons.exchange import MEETS_NEED
from models.ranking.reasons.interests import SHARED_INTEREST
from models.ranking.reasons.projects import OPEN_TO_JOIN
from models.ranking.reasons.said import project_said
from models.text.terms import speakable

# Log odds: what is stated, at its most.
WEIGHTS: Mapping[str, float] = {"wanted": 1.5, "needed": 4.0, "fresh": 0.3}
FRESH_DAYS = 90.0
MET = 0.2  # fit from which a need may be called met
# Cosines between a member's wishes and a project's text.
ABOUT_RANGE = (0.25, 0.75)
ABOUT = 0.35  # likeness of a piece of the member's with a project's text, from which the two are about one thing


@dataclass(frozen=True, slots=True)
class Fit:
    """How open projects fit one member. `rows` (n,) of the view; `parts` (n,) float32 log odds by family, "text" and
    "ties" learnt, beginning at `intercept`, others as in `WEIGHTS`. `need`: the best met need, -1 for none; `how` well
    `offer` meets it, 0..1."""

    intercept: float
    rows: np.ndarray
    parts: dict[str, np.ndarray]
    need: np.ndarray
    offer: np.ndarray
    how: np.ndarray


def recommend_projects(view: Community, ranker: Ranker, member: str, options: Options) -> Recommendations:
    """Open projects that this member is not in, best first. Raises KeyError when the member is not in the view."""
    query = matrix.member_query(view, view.row[member])
    fit = compare(view, ranker, query, options)
    learnt = fit.intercept + fit.parts["text"] + fit.parts["ties"] + fit.parts["fresh"]
    for_you, for_them = learnt + fit.parts["wanted"], learnt + fit.parts["needed"]
    score = _probability((for_you + for_them) / 2)
    places = np.lexsort((fit.rows, -np.round(score, 6)))
    places = places[score[places] >= options.min_score][: options.limit]
    return Recommendations(
        matches=tuple(
            Match(
                view.projects.ids[fit.rows[i]],
                float(score[i]),
                float(_probability(for_you[i])),
                float(_probability(for_them[i])),
                _reasons(view, query, fit, int(i), options) if options.reasons else (),
            )
            for i in places
        ),
        model_version=ranker.version,
    )


def compare(view: Community, ranker: Ranker, query: Query, options: Options) -> Fit:
    """The member beside all open projects that they may join."""
    found = open_projects.openings(view, ranker.learnt.tower)
    places = np.flatnonzero(_joinable(view, query, found.rows, options))
    compared = open_projects.values(view, query, found, ranker.learnt.tower)
    columns = open_projects.transform({name: value[places] for name, value in compared.items()})
    weights = serving(view, ranker.projects)
    text = np.where(open_projects.ABOUT_TEXT, weights.joining, 0)
    rows, projects = found.rows[places], view.projects
    wants = np.concatenate([query.seeks, query.aims])
    wanted = (projects.vectors[rows] @ wants.T).max(1, initial=0) if len(wants) else np.zeros(len(rows), np.float32)
    age = np.maximum((view.as_of - projects.time[rows]) / 86_400e6, 0)
    need, offer, how = _needs(view, query, rows)
    stated = {"wanted": scaled_to_project(wanted), "needed": how, "fresh": 0.5 ** (age / FRESH_DAYS)}
    parts = {
        "text": columns @ text,
        "ties": columns @ (weights.joining - text),
        **{name: np.asarray(WEIGHTS[name] * value, np.float32) for name, value in stated.items()},
    }
    return Fit(weights.intercept, rows, parts, need, offer, how)


def _joinable(view: Community, query: Query, rows: np.ndarray, options: Options) -> np.ndarray:
    """(n,) bool: projects in `rows` without the member, and without anybody whom the rules keep from them, or who
    pauses: who is in a project that is not offered must not tell which of the two it is."""
    kept_out = np.asarray(view.rules.paused_until > options.now, np.float32)
    kept_out[view.rules.hidden[query.row].indices] = 1
    kept_out[query.row] = 1
    there = view.projects.members[rows].astype(np.float32) @ kept_out > 0
    excluded = np.array([view.projects.ids[row] in options.exclude for row in rows], bool)
    return np.asarray(~there & ~excluded)


def _needs(view: Community, query: Query, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(n,) each: the best met need of each project, the offer that meets it, and how well, 0..1."""
    projects, place = view.projects, {int(r): i for i, r in enumerate(rows)}
    need, offer, how = np.full(len(rows), -1), np.full(len(rows), -1), np.zeros(len(rows), np.float32)
    mine = view.facets.rows(query.row, "offers")
    if not len(mine) or not len(projects.need_text):
        return need, offer, how
    fits = judged_needs(view, mine) if view.judgement else matrix.fits(view.facets, mine, projects.need_vectors)
    best = fits.max(0)
    for j in np.lexsort((np.arange(len(best)), -best)):
        i = place.get(int(projects.need_project[j]), -1)
        if i >= 0 and need[i] < 0 and best[j] > 0:
            need[i], offer[i], how[i] = j, mine[int(fits[:, j].argmax())], best[j]
    return need, offer, how


def judged_needs(view: Community, offers: np.ndarray) -> np.ndarray:
    """(offers, needs) the chance that each of these offers, rows of facets, meets each need of a project."""
    projects = view.projects
    out = np.zeros((len(offers), len(projects.need_text)), np.float32)
    if view.judgement is not None and len(offers) and len(projects.need_text):
        at = np.arange(len(projects.need_text))
        needs = Wanted(
            projects.need_statements, at, projects.need_readings, projects.need_vectors, np.ones(len(at), np.float32)
        )
        a, b, found = meets_columns(view, offers, needs, wanted_offers=False)
        out[a, b] = view.judgement.meets.chance(found) * ~rivals(found) * view.facets.weight[offers[a]]
    return out


def _reasons(view: Community, query: Query, fit: Fit, i: int, options: Options) -> tuple[Reason, ...]:
    project = view.projects.records[fit.rows[i]]
    parts = {name: float(values[i]) for name, values in fit.parts.items()}
    total = sum(parts.values()) or 1.0
    found: list[tuple[ReasonKind, float, tuple[Evidence, ...]]] = [
        (MEETS_NEED, parts["needed"], _met_need(view, fit, i)),
        (SHARED_INTEREST, parts["text"], _terms(view, query, int(fit.rows[i]))),
        (SHARED_AIM, parts["wanted"], _wanted(view, query, int(fit.rows[i]))),
        (WORKED_TOGETHER, parts["ties"], _known(view, query, int(fit.rows[i]), options)),
        (OPEN_TO_JOIN, parts["fresh"], _open_needs(project)),
    ]
    reasons = [
        Reason(kind, _said(view, kind, evidence), round(weight / total, 4), evidence)
        for kind, weight, evidence in found
        if weight > 0 and evidence
    ]
    return tuple(sorted(reasons, key=lambda r: (-r.weight, r.kind)))


def _said(view: Community, kind: ReasonKind, evidence: tuple[Evidence, ...]) -> Fact:
    def name(item: Evidence) -> str:
        member = view.member(item.value) if item.kind == "member" else None
        return (member.name or member.id) if member else item.value

    return project_said(kind, evidence, name)


def _met_need(view: Community, fit: Fit, i: int) -> tuple[Evidence, ...]:
    if fit.need[i] < 0 or fit.how[i] < (SURE[MEETS_NEED] if view.judgement else MET):
        return ()
    offer = view.facets.items[fit.offer[i]]
    return (
        Evidence("project", view.projects.need_text[fit.need[i]]),
        Evidence("statement" if offer.weight == 1 else "suggestion", offer.text),
    )


def _terms(view: Community, query: Query, row: int) -> tuple[Evidence, ...]:
    """Words of the project that the member's own pieces are about, where one of these comes near to it."""
    if not _about(view, query, row):
        return ()
    pieces = row_of(view.interest_words, query.row).columns if view.judgement else query.lexical.columns
    columns, _ = common(query.lexical, row_of(view.projects.tfidf, row))
    words = [view.lexical.vocabulary.terms[int(column)] for column in columns[np.isin(columns, pieces)][:12]]
    return tuple(Evidence("term", word) for word in words if speakable(word))[:3]


def _about(view: Community, query: Query, row: int) -> bool:
    if view.judgement is None:
        return True
    k = view.judgement.space.size
    return bool((view.pieces[query.row][:, :k] @ view.projects.readings[row, :k]).max(initial=0) >= ABOUT)


def _wanted(view: Community, query: Query, row: int) -> tuple[Evidence, ...]:
    """The aim or wish of the member that comes nearest to the project."""
    rows = np.concatenate([view.facets.rows(query.row, kind) for kind in ("seeks", "aims")])
    if not len(rows):
        return ()
    likeness = scaled_to_project(view.facets.vectors[rows] @ view.projects.vectors[row])
    item = view.facets.items[int(rows[int(np.argmax(likeness))])]
    return (Evidence("statement" if item.weight == 1 else "suggestion", item.text),) if likeness.max() > 0 else ()


def _known(view: Community, query: Query, row: int, options: Options) -> tuple[Evidence, ...]:
    anybody = Options(audience=options.audience, include_connected=True, now=options.now)
    visible = eligibility.allowed(view, query.own, anybody).mask
    people = view.projects.members[row].indices
    known = [int(m) for m in people if visible[m] and stands(view.ties.binary, query.row, m)]
    return tuple(Evidence("member", view.ids[m]) for m in known[:2])


def _open_needs(project: Project) -> tuple[Evidence, ...]:
    return tuple(Evidence("project", need.text) for need in project.needs[:2])


def scaled_to_project(cosine: np.ndarray) -> np.ndarray:
    """Cosines with a project's text as 0..1."""
    return matrix.scaled(cosine, ABOUT_RANGE)


def _probability(logits: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)
