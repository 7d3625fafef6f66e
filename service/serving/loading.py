"""From the store to a builder: all of it, or what the change log says is new."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from models.community.builder import Builder
from models.community.snapshot import restore
from models.domain.kinds import COMMUNITY, MESSAGE
from models.domain.records import KIND_OF, Channel, Community, Record
from service.core.errors import CommunityNotFound
from service.core.faults import outline
from service.feed.letters import Failed
from service.serving.encoders import Encoders
from service.serving.snapshots import Snapshots, erased_after, mark, page_out
from service.serving.vectors import Vectors
from service.store.contract import Change, Store

# Rooms before what is said in them, people before what names them, words before what was read out of them.
ORDER = ("channel", "member", "suggestion", "project", "message", "tie", "outcome", "block")
REPLAYED = 10_000
REPORTED = 1_000
# (what is being done, how much is done, out of how much or None when nobody knows)
Progress: TypeAlias = Callable[[str, int, int | None], None]

log = logging.getLogger("yiqi.runtime")


def silent(stage: str, done: int, total: int | None) -> None:
    """The progress of work that nobody watches."""


@dataclass(slots=True)
class Loaded:
    """A builder, the entry of the log that it stands at, and where its vectors come from.

    `saved` is the entry at which the snapshot stands that it came from, -1 where it was built from the store.
    """

    builder: Builder
    sequence: int
    vectors: Vectors
    saved: int = -1
    failed: dict[tuple[str, str], Failed] = field(default_factory=dict)

    def note(self, applied: Applied) -> None:
        """Remember which records could not be taken in, of all that were not taken from a snapshot."""
        for change in applied.passed:
            self.failed.pop((change.kind, change.id), None)
        self.failed |= {(change.kind, change.id): (change, fault) for change, fault in applied.failed}


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a part of the log, and whether somebody was erased or merged away in it."""

    passed: list[Change]
    failed: list[Failed]
    erased: bool


class Loader:
    """Loads communities of one store. `keep`: this process may write (caches, and away with bad snapshots)."""

    def __init__(
        self, store: Store, snapshots: Snapshots, encoders: Encoders, *, keep: bool, processes: int = 1
    ) -> None:
        """`processes` encode where texts are many."""
        self.store = store
        self.snapshots = snapshots
        self.encoders = encoders
        self._keep = keep
        self._processes = processes

    def load(self, community: str, *, wanted_encoder: bool = False, progress: Progress = silent) -> Loaded:
        """The community as it stands, embedded: from its snapshot and the log since, else from the store.

        A snapshot of another encoder than the settings' is good enough unless `wanted_encoder`. Raises
        CommunityNotFound.
        """
        self.store.head(community)
        loaded = self._from_snapshot(community, wanted_encoder, progress) or self.from_store(community, progress)
        self.catch_up(community, loaded)
        if loaded.builder.stale:
            # What happened since the snapshot can only be told by building afresh, and must not be told otherwise.
            loaded = self.from_store(community, progress)
            self.catch_up(community, loaded)
        return loaded

    def from_store(self, community: str, progress: Progress = silent) -> Loaded:
        """Built afresh, with the encoder of the settings; not yet caught up with what happened meanwhile."""
        vectors = self._vectors(community, self.encoders.wanted, progress)
        sequence = self.store.head(community)
        builder = Builder(_record(self.store, community), self.encoders.load(vectors.name).dimension, vectors.name)
        total = sum(self.store.count(community, kind) for kind in ORDER)
        loaded = Loaded(builder, sequence, vectors)
        for done, record in enumerate(self._everything(community), 1):
            change = Change(sequence, KIND_OF[type(record)], record.id, "put")
            if (fault := take_in(builder, community, change, record)) is not None:
                loaded.failed[change.kind, change.id] = change, fault
            if done % REPORTED == 0 or done == total:
                progress("reading", done, total)
        builder.embed_pending(vectors)
        return loaded

    def catch_up(self, community: str, loaded: Loaded) -> None:
        """Apply the log until its end."""
        while changes := self.store.changes(community, loaded.sequence, REPLAYED):
            loaded.note(apply(loaded.builder, self.store, community, changes))
            loaded.sequence = changes[-1].seq
        loaded.builder.embed_pending(loaded.vectors)

    def _everything(self, community: str) -> Iterator[Record]:
        for kind in ORDER:
            yield from self.store.scan(community, kind)

    def _from_snapshot(self, community: str, wanted_encoder: bool, progress: Progress) -> Loaded | None:
        found = self.snapshots.read(community)
        if found is None:
            return None
        about, state = found
        why = ""
        if mark(self.store, community, about.sequence) != about.mark:
            why = "of another past"
        elif erased_after(self.store, community, about.sequence):
            why = "older than the newest erasure"
        elif about.encoder != self.encoders.wanted and (
            wanted_encoder or not self.encoders.knows(about.encoder, about.setting)
        ):
            why = "of another encoder"
        try:
            builder = None if why else restore(state)
            page_out(state)
        except (KeyError, ValueError, IndexError, TypeError) as error:
            why = outline(error)
        if why:
            log.warning("snapshot discarded", extra={"community": community, "why": why})
            if self._keep:
                self.snapshots.forget(community)
            return None
        assert builder is not None
        return Loaded(builder, about.sequence, self._vectors(community, about.encoder, progress), saved=about.sequence)

    def _vectors(self, community: str, name: str, progress: Progress) -> Vectors:
        return Vectors(
            self.store,
            community,
            self.encoders,
            name,
            keep=self._keep,
            processes=self._processes,
            progress=partial(progress, "vectors"),
        )


def apply(builder: Builder, store: Store, community: str, changes: Sequence[Change]) -> Applied:
    """Bring a builder up to a part of the log, in its order; of several changes of one thing only the last counts.

    What the builder cannot take is left out and told, so that it does not stop the rest.
    """
    newest = {(change.kind, change.id): change for change in changes}
    ordered = sorted(newest.values(), key=lambda change: change.seq)
    records = _fetch(store, community, [change for change in ordered if change.op == "put"])
    applied = Applied([], [], any(change.kind == "member" and change.op == "delete" for change in changes))
    builder.stale |= applied.erased  # who comes back after a merge has handles that the builder holds for another
    for change in ordered:
        record = records.get((change.kind, change.id))
        opened = record.id if isinstance(record, Channel) and builder.opens(record) else None
        fault = take_in(builder, community, change, record)
        if opened is not None:
            builder.put_all(one for one in store.scan(community, MESSAGE) if one.channel == opened)
        if fault is None:
            applied.passed.append(change)
        else:
            applied.failed.append((change, fault))
    return applied


def take_in(builder: Builder, community: str, change: Change, record: Record | None) -> Exception | None:
    """Take in an entry of the log with its record, if there is one; why that failed, None when it did not."""
    try:
        if record is not None:
            builder.put(record)
        elif change.kind != "community":
            # Gone again since it was put counts as deleted: the log says so further on.
            builder.delete(change.kind, change.id)
    except Exception as fault:
        log.error("record left out", extra={"community": community, "kind": change.kind, "fault": outline(fault)})
        return fault
    return None


def _fetch(store: Store, community: str, changes: Iterable[Change]) -> dict[tuple[str, str], Record]:
    by_kind: dict[str, list[str]] = {}
    for change in changes:
        by_kind.setdefault(change.kind, []).append(change.id)
    return {
        (kind, id): stored.record
        for kind, ids in by_kind.items()
        for id, stored in store.get(community, kind, ids).items()
    }


def _record(store: Store, community: str) -> Community:
    stored = store.get(community, COMMUNITY, [community]).get(community)
    if stored is None or not isinstance(stored.record, Community):
        raise CommunityNotFound(community)
    return stored.record
