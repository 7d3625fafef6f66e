"""How the consumers of a community's change log and its jobs fare, and the replay of what they set aside."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from models.domain.records import Micros
from service.application import crud, round_solving
from service.feed.dispatcher import State
from service.store.contract import DeadLetter, Job, Snapshot, Store

RECORD_OF = {round_solving.KIND: "round"}  # what the key of a job is the id of
MOST_JOBS = 1000


class Positions(Protocol):
    """What this needs of the runtime."""

    def consumers(self) -> tuple[str, ...]:
        """The names of those that follow here."""

    def position(self, consumer: str, community: str) -> tuple[int | None, State]:
        """Up to which entry a consumer is done here, None where it does not follow; and how it fares."""

    def replay(self, community: str) -> None:
        """What was set aside is due."""


@dataclass(frozen=True, slots=True)
class Faring:
    """How one consumer fares. `failing_since` is None while nothing fails."""

    consumer: str
    position: int
    lag: int
    dead_letters: int
    failures: int
    failing_since: Micros | None
    fault: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """An entry of the log that a consumer could not take in, or a dead job (`sequence` 0, `due` None)."""

    consumer: str
    kind: str
    id: str
    sequence: int
    fault: str
    tries: int
    since: Micros
    due: Micros | None


@dataclass(frozen=True, slots=True)
class LetterPage:
    """Some of what was set aside, and how many to skip for the next page; 0 when this is the last."""

    items: list[SetAside]
    next: int


def consumers(store: Store, runtime: Positions, community: str, now: Micros) -> tuple[int, list[Faring]]:
    """The newest number of the log, and every consumer that ever began, by name. Raises CommunityNotFound."""
    letters = store.dead_letters(community)
    found = []
    noted = store.cursors(community)
    for name in sorted({*noted, *runtime.consumers()}):
        here, state = runtime.position(name, community)
        position = noted.get(name) if here is None else here
        if position is not None or state.failures:
            set_aside = sum(one.consumer == name for one in letters)
            found.append((name, position or 0, set_aside, state))
    head = store.head(community)  # read last, so that no lag is below 0
    return head, [
        Faring(name, position, head - position, set_aside, state.failures, _since(state, now), state.fault)
        for name, position, set_aside, state in found
    ]


def jobs(store: Store, community: str) -> list[Job]:
    """What is not done, the oldest first. Raises CommunityNotFound."""
    return store.jobs(community)[:MOST_JOBS]


def list_dead_letters(store: Store, community: str, consumer: str = "", skip: int = 0, size: int = 0) -> LetterPage:
    """What was set aside, by consumer, kind and id. Raises CommunityNotFound."""
    with store.read(community) as at:
        dead = _dead(at, consumer)
    letters = store.dead_letters(community, consumer)
    found = sorted((*map(_of_letter, letters), *map(_of_job, dead)), key=lambda one: (one.consumer, one.kind, one.id))
    end = skip + crud.limit_of(size)
    return LetterPage(found[skip:end], end if len(found) > end else 0)


def replay_dead_letters(store: Store, runtime: Positions, community: str, consumer: str, now: Micros) -> int:
    """Have what was set aside tried again at once; how many. Raises CommunityNotFound."""
    count = store.replay_dead_letters(community, consumer)
    if count:
        runtime.replay(community)
    return count + _replay_rounds(store, community, consumer, now)


def _replay_rounds(store: Store, community: str, kind: str, now: Micros) -> int:
    with store.write(community) as work:
        dead = [job for job in _dead(work, kind) if job.kind == round_solving.KIND]
        for job in dead:
            round_solving.replay(work, job, now)
    return len(dead)


def _dead(at: Snapshot, kind: str) -> list[Job]:
    return [job for job in at.jobs(kind) if job.state == "dead"]


def _of_letter(one: DeadLetter) -> SetAside:
    change = one.change
    return SetAside(one.consumer, change.kind, change.id, change.seq, one.fault, one.tries, one.since, one.due)


def _of_job(one: Job) -> SetAside:
    return SetAside(one.kind, RECORD_OF.get(one.kind, ""), one.key, 0, one.fault, one.tries, one.since, None)


def _since(state: State, now: Micros) -> Micros | None:
    return now - int((time.monotonic() - state.since) * 1_000_000) if state.failures else None
