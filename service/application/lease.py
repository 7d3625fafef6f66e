"""What only one process does at a time in a community: it holds a job of the store for as long as it takes."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from service.core.errors import CommunityNotFound
from service.core.faults import outline
from service.store.contract import Job, Store

LEASE_SECONDS = 10.0  # after which a job is free whose holder ended without a word
RENEWED_SECONDS = 2.0
LOOK_SECONDS = 0.2

log = logging.getLogger("yiqi.jobs")


class Held(Exception):
    """Somebody else holds the job: `owner`, "" where it is not known any more who."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        super().__init__(owner)


class Lease:
    """A job that is held, for any thread."""

    def __init__(self, store: Store, job: Job) -> None:
        self._store = store
        self._job = job
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, name=f"lease {job.kind}", daemon=True)
        self._thread.start()

    @contextmanager
    def held(self) -> Iterator[None]:
        """What is done in the block is done while nobody else can hold the job; keep it short. Raises Held."""
        with self._store.write(self._job.community) as work:
            if not self._store.renew(self._job, LEASE_SECONDS):
                raise Held(next((one.owner for one in work.jobs(self._job.kind)), ""))
            yield

    def end(self) -> None:
        """Let go of it: it is done, or whoever wants it begins anew."""
        self._over.set()
        self._thread.join()
        with suppress(CommunityNotFound), self._store.write(self._job.community) as work:
            work.finish(self._job)

    def _renew(self) -> None:
        while not self._over.wait(RENEWED_SECONDS):
            try:
                self._store.renew(self._job, LEASE_SECONDS)
            except Exception as fault:
                # The next one may do better; `held` tells whether the job was lost meanwhile.
                log.warning("lease not renewed", extra={"community": self._job.community, "fault": outline(fault)})


@contextmanager
def alone(store: Store, community: str, kind: str) -> Iterator[Lease]:
    """Do something that only one does at a time. What one holds that ended without a word is waited for.

    Raises Held where somebody is at work, and CommunityNotFound.
    """
    lease = Lease(store, _claimed(store, community, kind))
    try:
        yield lease
    finally:
        lease.end()


def _claimed(store: Store, community: str, kind: str) -> Job:
    before: Job | None = None
    while True:
        with store.write(community) as work:
            now = next(iter(work.jobs(kind)), None)
            if now is None:
                work.enqueue(kind, "")
        if job := store.claim(kind, f"process {os.getpid()}", LEASE_SECONDS, community):
            return job
        if before and now and (now.id, now.tries) == (before.id, before.tries) and now.due != before.due:
            raise Held(now.owner)  # it was renewed: its holder lives
        before = now
        time.sleep(LOOK_SECONDS)
