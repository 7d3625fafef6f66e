"""What a store promises to whoever works beside requests: jobs, and leases on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from models.domain.records import Micros

JobState: TypeAlias = Literal["queued", "running", "dead"]


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done in a community, at most one at a time of a kind and key; what is done is there no more.

    `tries` counts how often somebody took it. A running one is held by `owner` until `due`; a queued one is not taken
    before `due`, a dead one not before somebody asks for it anew. `span` is how long the lease or the pause was when it
    began: what ends further ahead than that is void, since the clock was set back meanwhile. `payload` names nobody;
    `fault` names a type and lines of code, never text. `progress` is 0..1, `since` when it was asked for.
    """

    community: str
    kind: str
    key: str
    id: str
    state: JobState
    owner: str
    tries: int
    since: Micros
    due: Micros
    span: Micros
    progress: float
    payload: str
    fault: str


@dataclass(frozen=True, slots=True)
class JobCount:
    """How many jobs of a kind are in a state, of all communities, and since when the oldest was asked for."""

    kind: str
    state: JobState
    count: int
    oldest: Micros


class JobLeases(Protocol):
    """Jobs of all communities for whoever does them, in this or another process.

    As for `Store`: what is written is durable when the call returns, and nothing here is an entry of the log. Jobs go
    with their community.
    """

    def claim(self, kind: str, owner: str, seconds: float, community: str = "") -> Job | None:
        """Take the job of a kind that waits for longest, of one community or of any, for so many seconds; None when
        none is free. One is free that nobody holds, or whose lease has run out or is void."""

    def renew(self, job: Job, seconds: float, progress: float = 0.0) -> bool:
        """Hold a job for so many seconds from now on. False when it is not held any more: it was dropped or asked for
        anew, or another took it; then its result must not be written."""

    def dead_jobs(self) -> list[Job]:
        """Those of all communities that are not tried again by themselves."""

    def job_counts(self) -> list[JobCount]:
        """How many there are of each kind and state, by one statement."""


class JobQueue(Protocol):
    """What a unit of work does about jobs of its community, together with all else that it writes.

    `finish`, `fail` and `release` end a lease. They return False, and change nothing, when it is not held any more.
    """

    def enqueue(self, kind: str, key: str, payload: str = "") -> None:
        """Ask for a job, in place of one of this kind and key, whoever holds that."""

    def drop_job(self, kind: str, key: str) -> bool:
        """Nobody wants it any more, whoever holds it. False when there is none."""

    def finish(self, job: Job) -> bool:
        """It is done."""

    def fail(self, job: Job, fault: str, seconds: float | None) -> bool:
        """It failed: to be tried again after so many seconds; None for a dead one."""

    def release(self, job: Job, seconds: float) -> bool:
        """It was not done, for a reason that is not its own: this try does not count, the next may come after so many
        seconds."""
