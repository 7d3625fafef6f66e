"""A store whose writes the runtime hears of at once, and whose refusals hold when the write returns.

Blocks, dismissals, pauses, withdrawn consent and erasure must not wait for the index: such a write returns when the
view has seen it (after at most 5 seconds; the write itself is durable before). Erasing also deletes what was saved of
the community before it returns, and takes the person out of its models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from models.community.builder import REFUSALS
from models.community.view import CONSENT_LEVEL
from models.domain.records import Block, Member, Outcome, Record, Suggestion
from service.serving.runtime import Runtime
from service.store.contract import OnExisting, PutResult, Store

WAIT_SECONDS = 5.0


def watched(store: Store, runtime: Runtime) -> Store:
    """The same store; what is written through it reaches the runtime at once."""
    return cast(Store, _Watched(store, runtime))


class _Watched:
    def __init__(self, store: Store, runtime: Runtime) -> None:
        self._store = store
        self._runtime = runtime

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put(
        self, community: str, records: Sequence[Record], on_existing: OnExisting = "fail_if_different"
    ) -> list[PutResult]:
        results = self._store.put(community, records, on_existing)
        refusal = any(refuses(record, result) for record, result in zip(records, results, strict=True))
        self._heard(community, refusal)
        return results

    def put_together(
        self, community: str, records: Sequence[Record], versions: Mapping[tuple[str, str], int] | None = None
    ) -> bool:
        written = self._store.put_together(community, records, versions)
        if written:
            self._heard(community, any(refuses(record) for record in records))
        return written

    def replace(self, community: str, record: Record, expected_version: int | None) -> PutResult | None:
        result = self._store.replace(community, record, expected_version)
        self._heard(community, result is not None and refuses(record, result))
        return result

    def delete(self, community: str, kind: str, ids: Sequence[str]) -> int:
        count = self._store.delete(community, kind, ids)
        self._heard(community, refusal=False)
        return count

    def erase_member(self, community: str, member: str) -> bool:
        with self._runtime.rankers.forgetting(community, member):
            done = self._store.erase_member(community, member)
        if done:
            self._runtime.forget(community)
            self._heard(community, refusal=True)
        return done

    def merge_members(self, community: str, kept: str, merged: str) -> bool:
        with self._runtime.rankers.forgetting(community, merged):
            done = self._store.merge_members(community, kept, merged)
        if done:
            self._runtime.forget(community)
            self._heard(community, refusal=True)
        return done

    def delete_community(self, community: str) -> bool:
        done = self._store.delete_community(community)
        self._runtime.drop(community)
        return done

    def _heard(self, community: str, refusal: bool) -> None:
        self._runtime.notify(community)
        if refusal:
            self._runtime.wait_indexed(community, self._store.head(community), WAIT_SECONDS)


def refuses(record: Record, result: PutResult | None = None) -> bool:
    """Whether a record that was written keeps somebody from being shown. `result` is what became of it, if known."""
    match record:
        case Block():
            return True
        case Outcome():
            return record.kind in REFUSALS
        case Suggestion():
            return record.state == "struck"
        case Member():
            return _withdraws(record, result)
    return False


def _withdraws(after: Member, result: PutResult | None) -> bool:
    """Whether a member is shown to fewer people, or for less long, than before the same transaction.

    What the view has seen does not matter: it may yet come to see what was before.
    """
    if result is None or result.status == "unchanged":
        # Said again, it may be that nobody saw to it the first time.
        return after.consent != "members" or bool(after.paused_until)
    before = result.before
    if not isinstance(before, Member):
        return False
    fewer = CONSENT_LEVEL[after.consent] < CONSENT_LEVEL[before.consent]
    return fewer or (after.paused_until or 0) > (before.paused_until or 0)
