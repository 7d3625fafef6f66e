"""Why a match was made: computed from the columns that made its score, with evidence that the reader may see.

A reason stands only where its columns add to the score and its evidence exists: take the evidence away and the reason
goes and the score falls. Evidence is words both used in rooms open to everybody, statements in profiles that the reader
may see, and people the reader could be shown themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from models.community.view import Community
from models.domain.requests import Evidence, Options, Reason, ReasonKind
from models.features import matrix as features
from models.features.matrix import COLUMNS, Query
from models.ranking import eligibility
from models.ranking.fit import NEAR, NEAREST, SURE, Fits, claimed_from
from models.ranking.ranker import Head, Ranker
from models.ranking.reasons.interests import POSSIBLE_FIT, quotes
from models.ranking.reasons.kind import TOLD, Case, cut
from models.ranking.reasons.kinds import BESIDE, GENERAL, KINDS, SPEAKS_FOR
from models.ranking.reasons.said import Name, possibly_said, reason_said

T = TypeVar("T")
MOST = 4  # reasons a match
MOST_POSSIBLE = 2  # of these, about what is only near
LEAST_WEIGHT = 0.02  # a smaller share of the score is not a reason
# What says that two would fit; judged by `models.ranking.fit`, and claimed only where that is sure.
FITTING = frozenset({*SURE, POSSIBLE_FIT})


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
    shares = _by_candidate(_shares(ranker.contributions(head, matrix), goal=query.row < 0), len(rows))
    claimed = claimed_from(head)
    told = _by_candidate({name: values[name] for name in TOLD}, len(rows))
    chances = _by_candidate({kind: one.chance for kind, one in fits.kinds.items()}, len(rows))
    return [
        _reasons(
            Case(view, query, row, told[i], options, visible, _near(fits, i, least)),
            {kind: share for kind, share in shares[i].items() if share >= LEAST_WEIGHT},
            chances[i],
            claimed,
        )
        for i, row in enumerate(rows.tolist())
    ]


def _by_candidate(values: Mapping[T, np.ndarray], n: int) -> list[dict[T, float]]:
    """Of each candidate their values, of (n,) each."""
    columns = [value.tolist() for value in values.values()]
    return [dict(zip(values, of_one, strict=True)) for of_one in zip(*columns, strict=True)] if columns else [{}] * n


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
    kinds, carries = _CARRIED[goal]
    return dict(zip(kinds, (positive @ carries / total[:, None]).T, strict=True))


def _carried(goal: bool) -> tuple[tuple[ReasonKind, ...], np.ndarray]:
    """Kinds of reasons, and (F, kinds) 1 for those columns whose share each carries. Some carry none: attributes weigh,
    but are nobody else's business."""
    of = [SPEAKS_FOR.get(features.value_of(column)) for column in COLUMNS]
    if goal:
        of = [kind and (KINDS[kind].asked or kind) for kind in of]
    kinds = tuple(dict.fromkeys(kind for kind in of if kind is not None))
    return kinds, np.array([[kind == one for one in kinds] for kind in of], np.float32)


_BESIDE = sorted(BESIDE)
_CARRIED = {goal: _carried(goal) for goal in (False, True)}


def _reasons(
    case: Case,
    shares: dict[ReasonKind, float],
    chances: dict[ReasonKind, float],
    claimed: Mapping[ReasonKind, float],
) -> tuple[Reason, ...]:
    # What fits has half of the weight, by how sure it is; the rest goes by what added to the likelihood.
    sure = {kind: chances[kind] for kind in case.stands_on if chances[kind] >= claimed[kind]}
    scale = 0.5 / max(sum(sure.values()), 1.0)
    weights = {kind: round(share / 2, 4) for kind, share in shares.items() if kind not in FITTING}
    weights |= {kind: round(chance * scale, 4) for kind, chance in sure.items()}
    name = _name(case.view, quotes(case))
    found = [] if sure else _possible(case, chances, name)
    # Evidence costs most, and is looked for only as long as there is room.
    for kind in sorted(weights, key=lambda kind: (kind in GENERAL, kind not in FITTING, -weights[kind], kind)):
        if len(found) == MOST:
            break
        evidence = KINDS[kind].evidence(case)
        if evidence is not None:
            found.append(Reason(kind, reason_said(kind, evidence, name), weights[kind], evidence))
    return (*found, *_beside(case))


def _possible(case: Case, chances: dict[ReasonKind, float], name: Name) -> list[Reason]:
    """What comes nearest to a fit, where nothing is sure enough to be claimed."""
    found = []
    for kind in sorted(case.stands_on, key=lambda kind: (-chances[kind], kind)):
        evidence = (KINDS[kind].nearly or KINDS[kind].evidence)(case)
        if evidence is not None:
            found.append(
                Reason(POSSIBLE_FIT, possibly_said(kind, evidence, name), round(chances[kind] / 2, 4), evidence)
            )
    return found[:MOST_POSSIBLE]


def _beside(case: Case) -> Iterator[Reason]:
    """What is said beside what speaks for them."""
    for kind in _BESIDE:
        evidence = KINDS[kind].evidence(case)
        if evidence is not None:
            yield Reason(kind, reason_said(kind, evidence, _name(case.view)), 0.0, evidence)


def _name(view: Community, said: Mapping[str, str] = MappingProxyType({})) -> Name:
    def name(evidence: Evidence) -> str:
        if evidence.kind == "message":
            return cut(said.get(evidence.value, ""))
        if evidence.kind == "member":
            member = view.member(evidence.value)
            return (member.name or member.id) if member else evidence.value
        if evidence.kind == "channel" and evidence.value in view.channel_row:
            return view.channels[view.channel_row[evidence.value]].name or evidence.value
        if evidence.kind == "project" and evidence.value in view.projects.row:
            return view.projects.records[view.projects.row[evidence.value]].title or evidence.value
        return evidence.value

    return name
