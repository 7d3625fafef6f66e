"""How a community lives: its history read once for each state of it, figures worked out when somebody asks."""

from __future__ import annotations

import shlex
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from models.domain.records import DAY, Micros
from models.domain.requests import Language
from models.health.advice import Action, Advice
from models.health.history import History
from models.health.reading import read_history
from models.health.report import Health, examine
from models.health.windows import POINTERS
from service.core.errors import Unavailable
from service.store.contract import Store

# What is named comes before what names it.
KINDS = ("channel", "member", "project", "message", "tie", "outcome", "block", "invitation")
HISTORIES = 4  # communities whose columns are kept, some 60 bytes a message
REPORTS = 32
AT_ONCE = 4  # reports worked out or waited for, of the threads that answer everybody
FRESH = 10 * 60 * 1_000_000  # microseconds for which a report is told again while nothing is written: pauses run out

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Question:
    """What to tell: windows of `every` from `since` on, both in microseconds, lists of at most `limit`."""

    since: Micros | None = None
    every: Micros = 30 * DAY
    language: Language = "en"
    limit: int = POINTERS


@dataclass(frozen=True, slots=True)
class Report:
    """The health, the history that it is told from, and the change-log number that this has seen at least."""

    health: Health
    history: History
    sequence: int


class HealthReports:
    """Reports about the communities of a store. For any thread: each community is read by one at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._histories: _Newest[str, tuple[int, History]] = _Newest(HISTORIES)
        self._reports: _Newest[tuple[str, Question], tuple[Micros, Report]] = _Newest(REPORTS)
        self._at_once = threading.BoundedSemaphore(AT_ONCE)
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def report(self, community: str, question: Question, now: Micros) -> Report:
        """The health of a community; `now` is the wall clock in microseconds.

        What was acknowledged before, erasures among it, is in it. Raises CommunityNotFound; Unavailable when too many
        ask at once, for whoever waits here keeps others from being answered.
        """
        head = self._store.head(community)
        if (known := self._known(community, question, head, now)) is not None:
            return known
        if not self._at_once.acquire(blocking=False):
            raise Unavailable(f"The health of the community {community}")
        try:
            with self._lock_of(community):
                return self._known(community, question, head, now) or self._examined(community, question, head, now)
        finally:
            self._at_once.release()

    def _known(self, community: str, question: Question, head: int, now: Micros) -> Report | None:
        told, report = self._reports.get((community, question)) or (0, None)
        fresh = report is not None and report.sequence >= head and abs(now - told) < FRESH
        return report if fresh else None

    def _examined(self, community: str, question: Question, head: int, now: Micros) -> Report:
        sequence, history = self._history(community, head)
        health = examine(
            history,
            now=now,
            since=question.since,
            every=question.every,
            limit=question.limit,
        )
        report = Report(health, history, sequence)
        self._reports.put((community, question), (now, report))
        return report

    def _history(self, community: str, head: int) -> tuple[int, History]:
        known = self._histories.get(community)
        if known is None or known[0] < head:
            with self._store.read(community) as at:
                known = at.revision, read_history(record for kind in KINDS for record in at.scan(kind))
            self._histories.put(community, known)
        return known

    def _lock_of(self, community: str) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(community, threading.Lock())


def commands(advice: Advice, community: str, as_of: Micros) -> tuple[str, ...]:
    """The command lines that do what an advice says; a round is called after its figure and the day `as_of`."""
    action, to = advice.action, ["--community", community]
    if action.kind == "project":
        return (shlex.join(["yiqi", "propose", *to]),)
    if action.kind == "introduction":
        ask = ["yiqi", "recommend", "collaborators", *to]
        return tuple(shlex.join([*ask, f"--member={member}"]) for member in action.members)
    round_ = f"{advice.figure.replace('_', '-')}-{datetime.fromtimestamp(as_of / 1e6, UTC):%Y%m%d}"
    return (shlex.join(["yiqi", "round", "create", round_, *to, *_who_meets(action)]),)


def _who_meets(action: Action) -> list[str]:
    if action.others:
        sides = {"guests": action.members, "hosts": action.others}
        many = max(map(len, sides.values()))
        given = [f"--side={name}={_listed(members)}" for name, members in sides.items()]
        loads = [f"--load={name}=0-{-(-many // len(members))}" for name, members in sides.items()]
        return ["--kind", "sides", *given, *loads]
    members = [f"--member={member}" for member in action.members]
    return ["--kind", "groups", "--size", "3-4", *members, *(["--standing"] if action.standing else [])]


def _listed(members: tuple[str, ...]) -> str:
    return ",".join(members)


class _Newest(Generic[K, V]):
    """The `size` values that were asked for last."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: K, value: V) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)
