"""What a proposal is built on: the kind of plan, by what its people want, did, asked and wrote."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models import features
from models.proposals.case import Case
from models.proposals.evidence import Done, Question, done_near, open_question, threads_of, topic_of
from models.proposals.parts import met_seek
from models.proposals.people import acquainted
from models.proposals.phrases import Form
from models.proposals.team import NEAR_NEED
from models.records import DAY

LEAST_THREADS, LEAST_SIDES, LEAST_COLLECTED = 2, 4, 3  # from which there is something to put together
ALIKE = 0.5  # centred cosine with the theme from which projects belong into one collection
OLD = 500 * DAY  # since when a project may have a sequel
SHARED_AIM = 0.5  # fit of two aims from which two want nearly the same


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan can be built on."""

    aim: str
    wanting: list[int]  # rows of those who want nearly that
    done: list[Done]  # one title a project, of the most of the team first
    question: Question | None
    threads: list[str]
    sides: list[str]  # a thread each, of those who each wrote in another


def ground_of(case: Case) -> Ground:
    """All that there is to build on."""
    rows = case.team.rows
    done = sorted(done_near(case.view, case.theme, rows), key=lambda one: -len(one.rows))
    by_title = list({one.title: one for one in reversed(done)}.values())[::-1]
    sides: list[str] = []
    for row in rows:
        sides += [topic for topic in [topic_of(case.theme, row, frozenset(sides))] if topic]
    threads = threads_of(case.theme, rows)
    aim, wanting = _wanted(case)
    return Ground(aim, wanting, by_title, open_question(case.theme, rows), threads, sides)


def form_of(case: Case, ground: Ground) -> Form:
    """The kind of plan, the one with most to build on first."""
    if ground.aim:
        return "aim" if len(ground.wanting) > 1 else "wish"
    if sum(_finds(case, row) for row in case.team.rows) >= 2:
        return "exchange"
    rows = case.team.rows
    if ground.done and all(any(row in one.rows for one in ground.done) for row in rows):
        return _next_project(case, ground)
    if ground.question:
        return "invite" if ground.question.invites else "answer"
    if len(ground.sides) >= LEAST_SIDES:
        return "show"
    return "gather" if len(ground.threads) >= LEAST_THREADS else "try"


def _next_project(case: Case, ground: Ground) -> Form:
    """Where they did several things each with others, these make a collection; what is old is taken up again."""
    rows = case.team.rows
    pairs = list(combinations(rows, 2))
    apart = 2 * sum(not acquainted(case.view, a, b) for a, b in pairs) >= len(pairs)
    first = ground.done[:LEAST_COLLECTED]
    if len(first) == LEAST_COLLECTED and len({one.rows for one in first}) > 1 and min(o.near for o in first) >= ALIKE:
        return "collect"
    if case.view.as_of - ground.done[0].time >= OLD:
        return "renew"
    return "join" if apart else "again"


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
    fit = features.scaled(vectors @ vectors.T, features.FIT_RANGE)
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
