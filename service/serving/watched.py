"""A store whose writes the runtime hears of at once, and whose refusals hold when the write returns.

Blocks, dismissals, pauses, withdrawn consent, closed rooms and erasure must not wait for the index: such a write
returns when the view has seen it (after at most 5 seconds; the write itself is durable before). Erasing also deletes
what was saved of the community before it returns, and takes the person out of its models.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, cast

from models.community.builder import REFUSALS
from models.domain.kinds import MEMBER
from models.domain.records import CONSENT_LEVEL, Block, Channel, Member, Outcome, Record, Suggestion
from service.serving.runtime import Runtime
from service.store.contract import OnExisting, PutResult, Snapshot, Store, UnitOfWork
from service.store.single_calls import SingleCalls

WAIT_SECONDS = 5.0


def watched(store: Store, runtime: Runtime) -> Store:
    """The same store; what is written through it reaches the runtime at once."""
    return cast(Store, _Watched(store, runtime))


class _Watched(SingleCalls):
    def __init__(self, store: Store, runtime: Runtime) -> None:
        self._store = store
        self._runtime = runtime
        self._open = threading.local()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def read(self, community: str) -> AbstractContextManager[Snapshot]:
        return self._store.read(community)

    @contextmanager
    def write(self, community: str, *, founding: bool = False) -> Iterator[UnitOfWork]:
        outer: _Heard | None = getattr(self._open, "heard", None)
        if outer is not None:
            with self._store.write(community, founding=founding):
                yield cast(UnitOfWork, outer)
            return
        with ExitStack() as until_written, self._store.write(community, founding=founding) as work:
            heard = self._open.heard = _Heard(work, self._runtime, until_written)
            try:
                yield cast(UnitOfWork, heard)
            finally:
                self._open.heard = None
        heard.written()


class _Heard:
    """A unit of work of which it is noted what has to happen when it is written."""

    def __init__(self, work: UnitOfWork, runtime: Runtime, until_written: ExitStack) -> None:
        self._work = work
        self._runtime = runtime
        self._until_written = until_written
        self._before = work.revision
        self._gone: list[str] = []
        self._refusal = self._deleted = self._jobs = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)

    def put(self, records: Sequence[Record], on_existing: OnExisting = "fail_if_different") -> list[PutResult[Any]]:
        self._note(records)
        return self._work.put(records, on_existing)

    def put_together(self, records: Sequence[Record]) -> bool:
        self._note(records)
        return self._work.put_together(records)

    def _note(self, records: Sequence[Record]) -> None:
        ids = [record.id for record in records if isinstance(record, Member)]
        before = self._work.get(MEMBER, ids) if ids else {}
        for record in records:
            stored = before.get(record.id)
            self._refusal |= _refuses(record, stored.record if stored else None)

    def erase_member(self, member: str) -> bool:
        return self._forget(member, lambda: self._work.erase_member(member))

    def merge_members(self, kept: str, merged: str) -> bool:
        return self._forget(merged, lambda: self._work.merge_members(kept, merged))

    def undo_merge(self, merged: str) -> bool:
        done = self._work.undo_merge(merged)
        self._refusal |= done  # two people stand where one did, each with their own refusals
        return done

    def delete_community(self) -> None:
        self._work.delete_community()
        self._deleted = True

    def enqueue(self, kind: str, key: str, payload: str = "") -> None:
        self._work.enqueue(kind, key, payload)
        self._jobs = True

    def drop_job(self, kind: str, key: str) -> bool:
        self._jobs = True
        return self._work.drop_job(kind, key)

    def written(self) -> None:
        """It is: the runtime hears of it, and refusals hold."""
        community, revision = self._work.community, self._work.revision
        if self._jobs or self._deleted:
            self._runtime.jobs_asked.set()
        if self._deleted:
            self._runtime.drop(community)
            return
        if self._gone:
            self._runtime.forget(community)
        if revision > self._before:
            self._runtime.notify(community)
        if self._refusal or self._gone:
            seen = self._runtime.wait_indexed(community, revision, WAIT_SECONDS)
            if self._gone:
                self._runtime.shown.forget(community, self._gone, seen=seen)

    def _forget(self, member: str, act: Callable[[], bool]) -> bool:
        """Take somebody out of the models first: no model is added until it is written that they are gone."""
        self._until_written.enter_context(self._runtime.rankers.forgetting(self._work.community, member))
        done = act()
        self._gone += [member] * done
        return done


def _refuses(record: Record, before: Member | None) -> bool:
    """Whether a record keeps somebody from being shown. `before` is the member in the same transaction before it: what
    the view has seen does not matter, it may yet come to see what was before."""
    match record:
        case Block():
            return True
        case Outcome():
            return record.kind in REFUSALS
        case Suggestion():
            return record.state == "struck"
        case Channel():
            return record.visibility != "community"
        case Member():
            return before is not None and _withdraws(record, before)
    return False


def _withdraws(after: Member, before: Member) -> bool:
    """Whether a member is shown to fewer people, or for less long, than before."""
    if after == before:
        # Said again, it may be that nobody saw to it the first time.
        return after.consent != "members" or bool(after.paused_until)
    fewer = CONSENT_LEVEL[after.consent] < CONSENT_LEVEL[before.consent]
    return fewer or (after.paused_until or 0) > (before.paused_until or 0)
