"""Does the jobs of a kind: claims them, renews their leases, and stops what it does not hold any more."""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from service.application.lease import LEASE_SECONDS
from service.core import traces
from service.core.errors import CommunityNotFound, Unavailable
from service.core.faults import outline
from service.feed.back_off import back_off
from service.feed.dispatcher import FIRST_BACK_OFF, LONGEST_BACK_OFF, Key, State
from service.jobs.task import Stopped, Task
from service.store.contract import Job, Store, UnitOfWork

LOOK_SECONDS = 1.0  # how often leases are renewed, and jobs that another process asked for are seen
NOT_YET_SECONDS = 5.0  # until the next try where the service was not ready for the job
TRIES = 5  # after which a job is dead

log = logging.getLogger("yiqi.jobs")


class HolderEnded(Exception):
    """The process that held the job ended, each time that it was tried."""


class Work(Protocol):
    """How the jobs of a kind are done. After a fault or the end of a process a job is done again from its beginning."""

    @property
    def kind(self) -> str:
        """The kind."""

    def do(self, task: Task) -> None:
        """Do a job and write what comes of it in the transaction that finishes it. Raises Stopped, and Unavailable
        where it can only be done later."""

    def give_up(self, work: UnitOfWork, job: Job) -> None:
        """Write that a job is dead."""


class Worker:
    """Does at most `most` jobs at once. It looks when `asked` is set, and every second anyway.

    `tell` hears which communities have dead jobs, and when one has none any more.
    """

    def __init__(
        self,
        store: Store,
        work: Work,
        most: int,
        asked: threading.Event,
        tell: Callable[[Key, State], None] = lambda key, state: None,
    ) -> None:
        self._store = store
        self._work = work
        self._most = most
        self._asked = asked
        self._tell = tell
        self._owner = f"process {os.getpid()}"
        self._tasks: list[Task] = []
        self._told: set[str] | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._watch, name=f"{work.kind} jobs", daemon=True)
        self._pool = ThreadPoolExecutor(most, thread_name_prefix=work.kind)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Stop everything; others may take at once what was not done."""
        self._closing = True
        self._asked.set()
        self._thread.join()
        for task in self._tasks:
            task.stop()
        self._pool.shutdown(cancel_futures=True)

    def _watch(self) -> None:
        while True:
            asked = self._asked.wait(LOOK_SECONDS)
            self._asked.clear()
            if self._closing:
                return
            try:
                self._renew()
                self._claim()
                if asked or self._told is None:
                    self._tell_of_dead()
            except Exception as fault:
                log.error("jobs not looked at", extra={"kind": self._work.kind, "fault": outline(fault)})

    def _renew(self) -> None:
        self._tasks = [task for task in self._tasks if not task.over]
        for task in self._tasks:
            if not self._store.renew(task.job, LEASE_SECONDS, task.progress) and not task.over:
                task.stop()

    def _claim(self) -> None:
        while len(self._tasks) < self._most:
            job = self._store.claim(self._work.kind, self._owner, LEASE_SECONDS)
            if job is None:
                return
            task = Task(job)
            self._tasks.append(task)
            self._pool.submit(self._run, task)

    def _tell_of_dead(self) -> None:
        dead = Counter(job.community for job in self._store.dead_jobs() if job.kind == self._work.kind)
        for community in (self._told or set()) | dead.keys():
            self._tell(Key(self._work.kind, community), State(dead=dead[community]))
        self._told = set(dead)

    def _run(self, task: Task) -> None:
        try:
            self._try(task)
        except CommunityNotFound:
            pass  # the job went with it
        except Exception as fault:
            # Nothing could be written of it: its lease runs out, and it is taken up again.
            log.error("job not settled", extra=_described(task.job) | {"fault": outline(fault)})
        finally:
            task.over = True
            self._asked.set()

    def _try(self, task: Task) -> None:
        job = task.job
        try:
            if job.tries > TRIES:
                raise HolderEnded
            with traces.job(job.kind, job.community):
                self._work.do(task)
        except CommunityNotFound:
            raise
        except Unavailable:
            self._release(job, NOT_YET_SECONDS)
        except Exception as fault:
            if isinstance(fault, Stopped) or task.stopped:
                self._release(job, 0.0)
            else:
                self._failed(job, outline(fault))

    def _release(self, job: Job, seconds: float) -> None:
        with self._store.write(job.community) as work:
            work.release(job, seconds)

    def _failed(self, job: Job, fault: str) -> None:
        log.error("job failed", extra=_described(job) | {"tries": job.tries, "fault": fault})
        with self._store.write(job.community) as work:
            if job.tries < TRIES:
                work.fail(job, fault, back_off(job.tries, FIRST_BACK_OFF, LONGEST_BACK_OFF))
            elif work.fail(job, fault, None):
                self._work.give_up(work, job)


def _described(job: Job) -> dict[str, object]:
    return {"community": job.community, "kind": job.kind, "key": job.key}
