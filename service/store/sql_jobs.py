"""Jobs and leases on them, in SQL."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from models.domain.records import Micros
from service.core.errors import CommunityNotFound
from service.store.jobs import Job, JobCount
from service.store.tables import jobs, of
from service.store.transaction import Write, require_community

SECOND: Micros = 1_000_000
_COLUMNS = [jobs.c[field.name] for field in fields(Job)]


class SqlLeases:
    """The `JobLeases` of a store that opens transactions."""

    _clock: Callable[[], Micros]

    @abstractmethod
    def _connected(self) -> AbstractContextManager[Connection]: ...

    @abstractmethod
    def _writing(self, community: str) -> AbstractContextManager[Write]: ...

    def claim(self, kind: str, owner: str, seconds: float, community: str = "") -> Job | None:
        """See `JobLeases.claim`."""
        for job in self._free(kind, community):
            try:
                with self._writing(job.community) as write:
                    if taken := _take(write.connection, job, owner, self._clock(), seconds):
                        return taken
            except CommunityNotFound:
                continue  # deleted since
        return None

    def renew(self, job: Job, seconds: float, progress: float = 0.0) -> bool:
        """See `JobLeases.renew`."""
        lease = _until(self._clock(), seconds) | {"progress": progress}
        try:
            with self._writing(job.community) as write:
                return write.connection.execute(update(jobs).where(_held(job)).values(lease)).rowcount > 0
        except CommunityNotFound:
            return False

    def dead_jobs(self) -> list[Job]:
        """See `JobLeases.dead_jobs`."""
        with self._connected() as connection:
            return _found(connection, jobs.c.state == "dead")

    def job_counts(self) -> list[JobCount]:
        """See `JobLeases.job_counts`."""
        at = jobs.c
        query = select(at.kind, at.state, func.count(), func.min(at.since)).group_by(at.kind, at.state)
        with self._connected() as connection:
            return [JobCount(*row) for row in connection.execute(query)]

    def _free(self, kind: str, community: str) -> list[Job]:
        wanted = [jobs.c.kind == kind, _is_free(self._clock())]
        with self._connected() as connection:
            if community:
                require_community(connection, community)
                wanted.append(of(jobs, community))
            return _found(connection, *wanted)


class SqlQueue:
    """The `JobQueue` of a unit of work."""

    community: str
    _write: Write
    _clock: Callable[[], Micros]

    def enqueue(self, kind: str, key: str, payload: str = "") -> None:
        """See `JobQueue.enqueue`."""
        row = {"id": uuid4().hex, "payload": payload, "since": self._clock(), **_WAITING, "tries": 0}
        key_of = {"community": self.community, "kind": kind, "key": key}
        self._write.connection.execute(upsert(jobs).values(key_of | row).on_conflict_do_update(set_=row))

    def drop_job(self, kind: str, key: str) -> bool:
        """See `JobQueue.drop_job`."""
        return self._write.connection.execute(delete(jobs).where(_named(self.community, kind, key))).rowcount > 0

    def finish(self, job: Job) -> bool:
        """See `JobQueue.finish`."""
        return self._write.connection.execute(delete(jobs).where(_held(job))).rowcount > 0

    def fail(self, job: Job, fault: str, seconds: float | None) -> bool:
        """See `JobQueue.fail`."""
        if seconds is None:
            return self._change(_held(job), _WAITING | {"state": "dead", "fault": fault})
        return self._change(_held(job), _WAITING | {"fault": fault} | _until(self._clock(), seconds))

    def release(self, job: Job, seconds: float) -> bool:
        """See `JobQueue.release`."""
        again = _WAITING | {"fault": job.fault, "tries": job.tries - 1} | _until(self._clock(), seconds)
        return self._change(_held(job), again)

    def _change(self, which: ColumnElement[bool], values: dict[str, str | int | float]) -> bool:
        return self._write.connection.execute(update(jobs).where(which).values(values)).rowcount > 0


_WAITING: dict[str, str | int | float] = {
    "state": "queued", "owner": "", "due": 0, "span": 0, "progress": 0.0, "fault": "",
}  # fmt: skip


def jobs_of(connection: Connection, community: str, kind: str) -> list[Job]:
    """The jobs of a community, of one kind or of all ("")."""
    return _found(connection, of(jobs, community), *([jobs.c.kind == kind] if kind else []))


def _take(connection: Connection, job: Job, owner: str, now: Micros, seconds: float) -> Job | None:
    lease = {"state": "running", "owner": owner, "tries": job.tries + 1} | _until(now, seconds)
    which = and_(jobs.c.id == job.id, jobs.c.tries == job.tries, _is_free(now))
    if not connection.execute(update(jobs).where(which).values(lease)).rowcount:
        return None
    return _found(connection, jobs.c.id == job.id)[0]


def _found(connection: Connection, *which: ColumnElement[bool]) -> list[Job]:
    at = jobs.c
    query = select(*_COLUMNS).where(*which).order_by(at.since, at.community, at.kind, at.key)
    return [Job(*row) for row in connection.execute(query)]


def _named(community: str, kind: str, key: str) -> ColumnElement[bool]:
    return and_(of(jobs, community), jobs.c.kind == kind, jobs.c.key == key)


def _held(job: Job) -> ColumnElement[bool]:
    """The row of a job for as long as nobody else took it or asked for it anew."""
    at = jobs.c
    same = (at.id == job.id, at.owner == job.owner, at.tries == job.tries, at.state == "running")
    return and_(_named(job.community, job.kind, job.key), *same)


def _is_free(now: Micros) -> ColumnElement[bool]:
    return and_(jobs.c.state != "dead", or_(jobs.c.due <= now, jobs.c.due > now + jobs.c.span))


def _until(now: Micros, seconds: float) -> dict[str, str | int | float]:
    span = int(seconds * SECOND)
    return {"due": now + span, "span": span}
