"""One task at one cut: who or what asks, who could be meant, who turned out right.

Candidates were active before the cut and come back after it (except for answers), so that a list is not judged by who
left. For ties those whom the asker had met are closed, for a brief its lead, for a question the asker.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from models.domain.records import Message, Project
from models.domain.requests import Goal
from models.ranking.ranker import Head
from training.evaluation.record import Cut, EvaluationError, Recorded
from training.labels.tasks import LabelledQuery, Task, pairs, queries

FEWEST_QUERIES = 5
MOST_QUERIES = 1500
COUNTED_SIZE = 60  # a thread or project of more people than this makes nobody acquainted
# Who counts as a candidate: so many messages or projects before the cut.
ACTIVE: Mapping[Task, int] = {"direct": 3, "topic": 3, "project": 1, "join": 2, "answer": 3}
HEAD: Mapping[Task, Head] = {
    "direct": "peers",
    "topic": "peers",
    "project": "collaborators",
    "join": "brief",
    "answer": "question",
}
OF_PROJECTS: frozenset[Task] = frozenset({"project", "join"})
# What stands in pseudonymous archives where somebody was named: no words of the author.
PLACEHOLDER = re.compile(r"@(?:m\d{4,}|someone)|<(?:name|email|ip|phone)>")


class Deed(NamedTuple):
    """A message said or a project taken part in, at a time in microseconds."""

    time: int
    member: str
    text: str


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody who is here at the cut (active shortly before it), candidate or not: whom they had met, and who of all
    comes back after it."""

    here: tuple[str, ...]
    met: Mapping[str, frozenset[str]]
    back: frozenset[str]
    recent: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Trial:
    """Q queries over C candidates. Members are named by their place in `candidates`, but in `asked` and `askers`.

    `common` is Adamic-Adar; what no acquaintance is shared by has 0. `audience` is given where members ask.
    """

    task: Task
    cut: Cut
    asked: tuple[str | Goal, ...]
    askers: tuple[str, ...]  # whom a query comes from, "" when unknown
    candidates: tuple[str, ...]
    targets: tuple[np.ndarray, ...]
    closed: np.ndarray  # (Q, C) bool: not to be ranked
    deeds: np.ndarray  # (C,) messages or projects before the cut
    recent: np.ndarray  # (C,) of these, shortly before it
    texts: tuple[str, ...]  # what each candidate wrote or took part in before the cut
    ties: sp.csr_matrix  # (M, M) how often members dealt with each other before the cut, in rows `known`
    known: Mapping[str, int]
    audience: Audience | None = None

    @property
    def activity(self) -> np.ndarray:
        """(C,) by which candidates count as just as active."""
        return self.deeds + 1e-3 * self.recent


def trial(recorded: Recorded, task: Task, cut: Cut) -> Trial:
    """The task at the cut. Raises EvaluationError where nothing, or too little, is asked."""
    messages = [m for m in recorded.messages if m.time < cut.until]
    projects = [p for p in recorded.projects if (p.time or 0) < cut.until]
    deeds = _deeds(task, messages, projects)
    done = Counter(d.member for d in deeds if d.time < cut.time)
    recent = Counter(d.member for d in deeds if cut.recent <= d.time < cut.time)
    back = frozenset(d.member for d in deeds if d.time >= cut.time)
    active = sorted(member for member, count in done.items() if count >= ACTIVE[task])
    candidates = [member for member in active if task == "answer" or member in back]
    column = {member: i for i, member in enumerate(candidates)}
    asked = _asked(task, messages, projects, cut, column)
    ties, known, met = _ties(task, messages, projects, cut, done)
    of_members = task not in ("join", "answer")
    askers = tuple(_asker(query.source) for query in asked)
    return Trial(
        task=task,
        cut=cut,
        asked=tuple(query.source if isinstance(query.source, str) else _unnamed(query.source) for query in asked),
        askers=askers,
        candidates=tuple(candidates),
        targets=tuple(np.array(sorted(column[t] for t in query.targets if t in column)) for query in asked),
        closed=_closed(askers, column, met if of_members else {}),
        deeds=np.array([done[member] for member in candidates], float),
        recent=np.array([recent[member] for member in candidates], float),
        texts=_texts(deeds, cut.time, column),
        ties=ties,
        known=known,
        audience=Audience(tuple(m for m in active if recent[m]), met, back, recent) if of_members else None,
    )


def without_names(text: str) -> str:
    """The text without placeholders of members."""
    return PLACEHOLDER.sub(" ", text)


def _deeds(task: Task, messages: Sequence[Message], projects: Sequence[Project]) -> list[Deed]:
    if task in OF_PROJECTS:
        return [Deed(p.time or 0, member, f"{p.title}. {p.text}") for p in projects for member in p.members]
    return [Deed(m.time, m.author, without_names(m.text)) for m in messages]


def _asked(
    task: Task, messages: Sequence[Message], projects: Sequence[Project], cut: Cut, column: Mapping[str, int]
) -> list[LabelledQuery]:
    """The queries that have a right candidate, as many as are judged at most."""
    found = queries(task, messages, projects, cut.time, cut.until)
    if task not in ("join", "answer"):
        found = [query for query in found if query.source in column]
    found = [query for query in found if any(target in column for target in query.targets)]
    if len(found) < FEWEST_QUERIES:
        raise EvaluationError(
            f"{task} at {cut.share:.0%}: {_count(len(found))} after the cut; {FEWEST_QUERIES} are the least"
        )
    if len(found) > MOST_QUERIES:
        drawn = np.random.default_rng(0).choice(len(found), MOST_QUERIES, replace=False)
        found = [found[i] for i in sorted(drawn)]
    return found


def _count(n: int) -> str:
    return "no query has anybody who turned out right" if n == 0 else f"only {n} have somebody who turned out right"


def _ties(
    task: Task, messages: Sequence[Message], projects: Sequence[Project], cut: Cut, done: Mapping[str, int]
) -> tuple[sp.csr_matrix, dict[str, int], dict[str, frozenset[str]]]:
    """How often those who did something dealt with each other, and who had met whom, in groups of any size."""
    kind: Task = {"join": "project", "answer": "direct"}.get(task, task)  # type: ignore[assignment]
    known = {member: row for row, member in enumerate(sorted(done))}
    met: defaultdict[str, set[str]] = defaultdict(set)
    rows, columns = [], []
    for time, u, v, size in pairs(kind, messages, projects):
        if time < cut.time:
            met[u].add(v)
            met[v].add(u)
            if size <= COUNTED_SIZE and u in known and v in known:
                rows += [known[u], known[v]]
                columns += [known[v], known[u]]
    ties = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(known), len(known)))
    ties.sum_duplicates()
    return ties, known, {member: frozenset(others) for member, others in met.items()}


def _closed(askers: Sequence[str], column: Mapping[str, int], met: Mapping[str, frozenset[str]]) -> np.ndarray:
    closed = np.zeros((len(askers), len(column)), bool)
    for row, asker in enumerate(askers):
        closed[row, [column[m] for m in (asker, *met.get(asker, ())) if m in column]] = True
    return closed


def _texts(deeds: Sequence[Deed], cut: int, column: Mapping[str, int]) -> tuple[str, ...]:
    texts: list[list[str]] = [[] for _ in column]
    for deed in deeds:
        if deed.time < cut and deed.member in column:
            texts[column[deed.member]].append(deed.text)
    return tuple(" \n".join(of_member) for of_member in texts)


def _asker(source: str | Goal) -> str:
    if isinstance(source, str):
        return source
    return source.source or next(iter(source.members), "")


def _unnamed(goal: Goal) -> Goal:
    return replace(goal, title=without_names(goal.title), text=without_names(goal.text))
