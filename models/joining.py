"""Open projects a member should join: what they care about, what they can bring, and who is in it.

Who joins what is learnt from the other side, by the ranker's head for briefs: where the member stands among all whom
the project could ask. What people state (wishes, offers that meet needs) is in no community's record of joining and is
weighed by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models import features, recommend, rules
from models.community import Community
from models.features import Seeker
from models.ranker import Ranker
from models.reasons import speakable
from models.records import Project
from models.requests import Evidence, Match, Options, Reason, ReasonKind, Recommendations
from models.sentences import project_sentence

# The log odds of a project with nothing in its favour are BASE. The weights are set by hand.
BASE = -1.5
WEIGHTS: dict[str, float] = {"interest": 2.0, "words": 1.0, "wanted": 1.5, "needed": 4.0, "known": 1.0, "fresh": 0.3}
FRESH_DAYS = 90.0
# How much the head for briefs counts beside them, in log odds for one of its own, and for so many, the best by hand.
LEARNT, MOST_LEARNT = 0.5, 60
LOWEST = -6.0
FOREVER = 1 << 62  # when nobody pauses any more
MET = 0.2  # fit from which a need may be called met
# Cosines between a member's interests and a project's text.
ABOUT_RANGE = (0.25, 0.75)


@dataclass(frozen=True, slots=True)
class Fit:
    """How each open project fits one member; arrays of (n,) float32 in 0..1. `need`: the best met need, -1 for none."""

    rows: np.ndarray
    parts: dict[str, np.ndarray]
    need: np.ndarray
    offer: np.ndarray


def recommend_projects(view: Community, ranker: Ranker, member: str, options: Options) -> Recommendations:
    """Open projects that this member is not in, best first. Raises KeyError when the member is not in the view."""
    row = view.row[member]
    seeker = features.member_seeker(view, row)
    fit = compare(view, seeker, _joinable(view, seeker, options))
    logit_for_you = _weighed(fit, ("interest", "words", "wanted", "known", "fresh"))
    logit_for_them = _weighed(fit, ("interest", "needed", "known", "fresh"))
    asked = LEARNT * _asked_for(view, ranker, row, fit, logit_for_you + logit_for_them)
    logit_for_you, logit_for_them = logit_for_you + asked, logit_for_them + asked
    for_you, for_them = _probability(logit_for_you), _probability(logit_for_them)
    score = _probability((logit_for_you + logit_for_them) / 2)
    places = np.lexsort((fit.rows, -np.round(score, 6)))
    places = places[score[places] >= options.min_score][: options.limit]
    return Recommendations(
        matches=tuple(
            Match(
                view.projects.ids[fit.rows[i]],
                float(score[i]),
                float(for_you[i]),
                float(for_them[i]),
                _reasons(view, seeker, fit, int(i), options) if options.reasons else (),
            )
            for i in places
        ),
        model_version=ranker.version,
    )


def compare(view: Community, seeker: Seeker, rows: np.ndarray) -> Fit:
    """The member beside the projects in `rows`."""
    projects, n = view.projects, len(rows)
    zero = np.zeros(n, np.float32)
    vectors = projects.vectors[rows]
    interest = (vectors @ seeker.vectors.T).max(1) if len(seeker.vectors) and n else zero
    wants = np.concatenate([seeker.seeks, seeker.aims])
    wanted = (vectors @ wants.T).max(1) if len(wants) and n else zero
    words = np.asarray((projects.tfidf[rows] @ seeker.lexical.T).todense(), np.float32).ravel() if n else zero
    people = projects.members[rows].astype(np.float32)
    tie = np.asarray((people @ (seeker.tie + 0.5 * seeker.near).T).todense(), np.float32).ravel() if n else zero
    age = (view.as_of - projects.time[rows]) / 86_400e6
    need, offer, needed = _needs(view, seeker, rows)
    return Fit(
        rows=rows,
        parts={
            "interest": scaled_to_project(interest),
            "words": np.minimum(words * 3, 1),
            "wanted": scaled_to_project(wanted),
            "needed": needed,
            "known": 1 - np.exp(-tie),
            "fresh": (0.5 ** (np.maximum(age, 0) / FRESH_DAYS)).astype(np.float32),
        },
        need=need,
        offer=offer,
    )


def _asked_for(view: Community, ranker: Ranker, row: int, fit: Fit, by_hand: np.ndarray) -> np.ndarray:
    """(n,) logits of the member among all whom each project could ask, by the head for briefs.

    0 is as good as the third best; who stands far down is told no further apart. Beyond the best `MOST_LEARNT` by hand
    all are like the lowest of these.
    """
    best = np.lexsort((fit.rows, -by_hand))[:MOST_LEARNT]
    found = np.zeros(len(fit.rows), np.float32)
    found[best] = [_logits(view, ranker, int(fit.rows[i]))[row] for i in best]
    found[np.setdiff1d(np.arange(len(found)), best)] = found[best].min(initial=0)
    return found


def _logits(view: Community, ranker: Ranker, project: int) -> np.ndarray:
    """(N,) for one project, worked out once a view."""
    known: dict[int, tuple[Ranker, np.ndarray]] = view.__dict__.setdefault("_asked_for", {})
    if project not in known or known[project][0] is not ranker:
        everybody = Options(audience="organizers", include_connected=True, now=FOREVER, limit=view.size)
        compared = recommend.compare(view, project_seeker(view, project), everybody, ranker.learnt)
        logits = np.full(view.size, LOWEST, np.float32)
        logits[compared.rows] = np.clip(ranker.score("brief", compared.yours), LOWEST, -LOWEST)
        known[project] = (ranker, logits)
    return known[project][1]


def project_seeker(view: Community, project: int) -> Seeker:
    """A project (its row) as one that looks for people."""
    projects = view.projects
    return features.goal_seeker(
        view,
        members=projects.members[project].indices.astype(np.int64),
        lexical=projects.tfidf[project],
        said=1.0,
        vectors=projects.vectors[[project]],
        needs=projects.need_vectors[projects.need_project == project],
        room=-1,
    )


def _joinable(view: Community, seeker: Seeker, options: Options) -> np.ndarray:
    """Open projects without the member, and without anybody whom the rules keep from them."""
    projects = view.projects
    inside = np.asarray(projects.members[:, seeker.row].todense()).ravel()
    hidden = np.zeros(view.size, np.float32)
    hidden[view.rules.hidden[seeker.row].indices] = 1
    kept_apart = projects.members.astype(np.float32) @ hidden > 0
    excluded = np.array([p in options.exclude for p in projects.ids], bool)
    return np.flatnonzero(projects.open & ~inside & ~kept_apart & ~excluded)


def _needs(view: Community, seeker: Seeker, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(n,) each: the best met need of each project, the offer that meets it, and how well, 0..1."""
    projects, place = view.projects, {int(r): i for i, r in enumerate(rows)}
    need, offer, how = np.full(len(rows), -1), np.full(len(rows), -1), np.zeros(len(rows), np.float32)
    mine = view.facets.rows(seeker.row, "offers")
    if not len(mine) or not len(projects.need_text):
        return need, offer, how
    fits = features.fits(view.facets, mine, projects.need_vectors, None, features.FIT_RANGE["offers"])
    best = fits.max(0)
    for j in np.lexsort((np.arange(len(best)), -best)):
        i = place.get(int(projects.need_project[j]), -1)
        if i >= 0 and need[i] < 0 and best[j] > 0:
            need[i], offer[i], how[i] = j, mine[int(fits[:, j].argmax())], best[j]
    return need, offer, how


def _reasons(view: Community, seeker: Seeker, fit: Fit, i: int, options: Options) -> tuple[Reason, ...]:
    project = view.projects.records[fit.rows[i]]
    parts = {name: WEIGHTS[name] * float(values[i]) for name, values in fit.parts.items()}
    total = sum(parts.values()) or 1.0
    found: list[tuple[ReasonKind, float, tuple[Evidence, ...]]] = [
        ("meets_need", parts["needed"], _met_need(view, fit, i)),
        ("shared_interest", parts["interest"] + parts["words"], _terms(view, seeker, int(fit.rows[i]))),
        ("shared_aim", parts["wanted"], _wanted(view, seeker, int(fit.rows[i]))),
        ("worked_together", parts["known"], _known(view, seeker, int(fit.rows[i]), options)),
        ("open_to_join", parts["fresh"], _open_needs(project)),
    ]
    reasons = [
        Reason(kind, _sentence(view, kind, options, evidence), round(weight / total, 4), evidence)
        for kind, weight, evidence in found
        if weight > 0 and evidence
    ]
    return tuple(sorted(reasons, key=lambda r: (-r.weight, r.kind)))


def _sentence(view: Community, kind: ReasonKind, options: Options, evidence: tuple[Evidence, ...]) -> str:
    def name(item: Evidence) -> str:
        member = view.members[view.row[item.value]] if item.kind == "member" else None
        return (member.name or member.id) if member else item.value

    return project_sentence(kind, options.language, evidence, name)


def _met_need(view: Community, fit: Fit, i: int) -> tuple[Evidence, ...]:
    if fit.need[i] < 0 or fit.parts["needed"][i] < MET:
        return ()
    offer = view.facets.items[fit.offer[i]]
    return (
        Evidence("project", view.projects.need_text[fit.need[i]]),
        Evidence("statement" if offer.weight == 1 else "suggestion", offer.text),
    )


def _terms(view: Community, seeker: Seeker, row: int) -> tuple[Evidence, ...]:
    product = seeker.lexical.multiply(view.projects.tfidf[row]).tocoo()
    best = np.lexsort((product.col, -product.data))[:12]
    words = [view.lexical.vocabulary.terms[int(product.col[j])] for j in best]
    return tuple(Evidence("term", word) for word in words if speakable(word))[:3]


def _wanted(view: Community, seeker: Seeker, row: int) -> tuple[Evidence, ...]:
    """The aim or wish of the member that comes nearest to the project."""
    rows = np.concatenate([view.facets.rows(seeker.row, kind) for kind in ("seeks", "aims")])
    if not len(rows):
        return ()
    likeness = scaled_to_project(view.facets.vectors[rows] @ view.projects.vectors[row])
    item = view.facets.items[int(rows[int(np.argmax(likeness))])]
    return (Evidence("statement" if item.weight == 1 else "suggestion", item.text),) if likeness.max() > 0 else ()


def _known(view: Community, seeker: Seeker, row: int, options: Options) -> tuple[Evidence, ...]:
    anybody = Options(audience=options.audience, include_connected=True, now=options.now)
    visible = rules.allowed(view, seeker.own, anybody).mask
    people = view.projects.members[row].indices
    known = [int(m) for m in people if visible[m] and view.ties.binary[seeker.row, m] > 0]
    return tuple(Evidence("member", view.ids[m]) for m in known[:2])


def _open_needs(project: Project) -> tuple[Evidence, ...]:
    return tuple(Evidence("project", need.text) for need in project.needs[:2])


def scaled_to_project(cosine: np.ndarray) -> np.ndarray:
    """Cosines with a project's text as 0..1."""
    return features.scaled(cosine, ABOUT_RANGE)


def _weighed(fit: Fit, names: Sequence[str]) -> np.ndarray:
    return np.asarray(BASE + sum(WEIGHTS[name] * fit.parts[name] for name in names), np.float32)


def _probability(logits: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)
