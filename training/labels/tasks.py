"""What is predicted: queries with the members who turned out right, as of a cut in time.

Nothing at or after the cut reaches the view; the window after it only makes labels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from models.domain.records import Message, Project
from models.domain.requests import Goal
from models.ranking.ranker import Head

Task = Literal["direct", "topic", "project", "join", "answer"]
# Which tasks teach a head of the ranker.
HEAD_TASKS: dict[Head, tuple[Task, ...]] = {
    "peers": ("direct", "topic"),
    "collaborators": ("project",),
    "strangers": ("direct", "topic", "project"),
    "brief": ("join",),
    "question": ("answer",),
    "search": ("join", "answer"),
}
CONNECTING_SIZE = 25  # a thread or project of more people than this connects nobody
ANSWER_WITHIN = 7 * 86_400 * 1_000_000


@dataclass(frozen=True, slots=True)
class LabelledQuery:
    """Who or what asks, who turned out right, and who could not, having met before the cut (member ids)."""

    source: str | Goal
    targets: frozenset[str]
    met: frozenset[str] = frozenset()


def cut_time(events: Sequence[Message] | Sequence[Project], share: float) -> int:
    """The time before which this share of events (messages or projects) lies."""
    times = sorted(e.time for e in events if e.time is not None)
    return times[min(int(len(times) * share), len(times) - 1)]


def queries(
    task: Task, messages: Sequence[Message], projects: Sequence[Project], cut: int, until: int
) -> list[LabelledQuery]:
    """All queries of a task with labels from [cut, until)."""
    if task == "join":
        return _join(projects, cut, until)
    if task == "answer":
        return _answer(messages, cut, until)
    found = list(pairs(task, messages, projects))
    # Pairs come thread by thread and not in time: who had met is known only when all of them were seen.
    met: defaultdict[str, set[str]] = defaultdict(set)
    fresh: defaultdict[str, set[str]] = defaultdict(set)
    for time, u, v, _ in found:
        if time < cut:
            met[u].add(v)
            met[v].add(u)
    for time, u, v, size in found:
        if cut <= time < until and size <= CONNECTING_SIZE and v not in met[u]:
            fresh[u].add(v)
            fresh[v].add(u)
    return [LabelledQuery(u, frozenset(targets), frozenset(met[u])) for u, targets in sorted(fresh.items())]


def pairs(task: Task, messages: Sequence[Message], projects: Sequence[Project]) -> Iterator[tuple[int, str, str, int]]:
    """(time, member, other, how many took part) whenever two deal with each other, as a task counts it.

    "direct": a reply or mention; "topic": the later of their first messages in a thread; "project": one project.
    """
    if task == "project":
        for p in projects:
            for i, u in enumerate(p.members):
                for v in p.members[:i]:
                    yield p.time or 0, u, v, len(p.members)
    elif task == "topic":
        threads: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for m in messages:
            if m.thread:
                threads[m.thread].setdefault(m.author, m.time)
        for first in threads.values():
            arrived = sorted(first.items(), key=lambda x: x[1])
            for j, (v, time) in enumerate(arrived):
                for u, _ in arrived[:j]:
                    yield time, u, v, len(arrived)
    else:
        author = {m.id: m.author for m in messages}
        for m in messages:
            for target in {*m.mentions, *([author[m.reply_to]] if m.reply_to in author else [])} - {m.author}:
                yield m.time, m.author, target, 2


def _join(projects: Sequence[Project], cut: int, until: int) -> list[LabelledQuery]:
    return [
        LabelledQuery(Goal(title=p.title, text=p.text, members=p.members[:1]), frozenset(p.members[1:]))
        for p in projects
        if p.time is not None and cut <= p.time < until and len(p.members) > 1
    ]


def _answer(messages: Sequence[Message], cut: int, until: int) -> list[LabelledQuery]:
    first: dict[str, Message] = {}
    answer: dict[str, Message] = {}
    for m in messages:
        if not m.thread:
            continue
        begun = first.setdefault(m.thread, m)
        if m.author != begun.author:
            answer.setdefault(m.thread, m)
    return [
        LabelledQuery(
            Goal(title=q.topic, text=q.text, channel=q.channel, source=q.author), frozenset({answer[thread].author})
        )
        for thread, q in first.items()
        if cut <= q.time < until and thread in answer and answer[thread].time - q.time <= ANSWER_WITHIN
    ]
