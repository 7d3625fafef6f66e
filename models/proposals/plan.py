"""What a proposal is built on: the kind of plan, by what its people want, did, asked and wrote."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.domain.records import DAY
from models.features import matrix
from models.proposals.case import Case
from models.proposals.evidence import Question, open_question
from models.proposals.forms import Form
from models.proposals.parts import met_seek
from models.proposals.people import acquainted
from models.proposals.team import NEAR_NEED
from models.text.quoting import chosen

LEAST_THREADS, LEAST_SIDES, LEAST_COLLECTED = 2, 3, 3  # from which there is something to put together
OLD = 500 * DAY  # since when a project may have a sequel
SHARED_AIM = 0.7  # fit of two aims from which two want nearly the same


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan can be built on beside what is cited: an aim and the rows of those who want nearly that, or a
    question."""

    aim: str
    wanting: list[int]
    question: Question | None


def ground_of(case: Case) -> Ground:
    """All that there is to build on."""
    aim, wanting = _wanted(case)
    question = None if case.theme.aim else open_question(case.theme, case.subject, case.team.rows)
    return Ground(aim, wanting, question)


def form_of(case: Case, ground: Ground) -> Form:
    """The kind of plan, the one with most to build on first."""
    if ground.aim:
        return "aim" if len(ground.wanting) > 1 else "wish"
    if sum(_finds(case, row) for row in case.team.rows) >= 2:
        return "exchange"
    rows = case.team.rows
    kinds = {one.kind for one in case.cited.values()}
    if kinds == {"project"} and len(case.cited) == len(case.team.rows):
        return _next_project(case)
    if ground.question:
        return "invite" if ground.question.invites else "answer"
    threads = case.titles("thread")
    if len(threads) >= LEAST_SIDES:
        return chosen(("show", "gather"), *(case.view.ids[row] for row in rows))  # type: ignore[return-value]
    if len(threads) >= LEAST_THREADS:
        return "gather"
    return "follow" if kinds == {"thread"} else "try"


def _next_project(case: Case) -> Form:
    """Where they did several things, these make a collection; what is old is taken up again."""
    if len(case.titles("project")) >= LEAST_COLLECTED:
        return chosen(("collect", "join"), *(case.view.ids[row] for row in case.team.rows))  # type: ignore[return-value]
    newest = max(one.time for one in case.cited.values())
    if case.view.as_of - newest >= OLD:
        return "renew"
    pairs = list(combinations(case.team.rows, 2))
    return "again" if all(acquainted(case.view, a, b) for a, b in pairs) else "join"


def _finds(case: Case, row: int) -> bool:
    """Whether another of the team offers what somebody seeks."""
    return met_seek(case, row, [other for other in case.team.rows if other != row]) is not None


def _wanted(case: Case) -> tuple[str, list[int]]:
    """The aim that the theme begins with, else the one near the theme that two of the team share most; and who wants
    nearly that. ("", []) where there is none."""
    facets = case.view.facets
    rows = np.concatenate([case.stated(row, "aims") for row in case.team.rows])
    if len(rows) < 1 + (not case.theme.aim):
        return "", []
    vectors, owner = facets.telling[rows], facets.member[rows]
    fit = matrix.scaled(vectors @ vectors.T, matrix.FIT_RANGE)
    at = [facets.items[i].text for i in rows].index(case.theme.aim) if case.theme.aim else _most_shared(case, rows, fit)
    wanting = [row for row in case.team.rows if fit[at, owner == row].max(initial=0) >= SHARED_AIM]
    return (facets.items[rows[at]].text, wanting) if case.theme.aim or len(wanting) > 1 else ("", [])


def _most_shared(case: Case, rows: np.ndarray, fit: np.ndarray) -> int:
    """Of aims (a,) and how they fit each other (a, a) the shorter one of the two of different people that are nearest
    and near the theme."""
    facets = case.view.facets
    owner = facets.member[rows]
    near = case.near(rows) >= NEAR_NEED
    others = np.where((owner[:, None] != owner[None, :]) & near[:, None] & near[None, :], fit, 0)
    best = np.unravel_index(int(others.argmax()), others.shape)
    return min(map(int, best), key=lambda i: (len(facets.items[rows[i]].text), facets.items[rows[i]].text))
