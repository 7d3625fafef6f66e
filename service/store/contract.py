"""What a store of communities promises. Every backend passes `tests/contract/test_store.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, overload

import numpy as np

from models.domain.kinds import Kind, R, R_co
from models.domain.records import Community, Member, Micros, Outcome, OutcomeKind, Record
from service.store.damage import Damage
from service.store.feed import Change, ChangeFeed, DeadLetter
from service.store.jobs import Job, JobLeases, JobQueue

__all__ = [
    "IMPORT_UNDER_WAY",
    "Change",
    "ChangeFeed",
    "DeadLetter",
    "Job",
    "Merge",
    "OnExisting",
    "PutResult",
    "PutStatus",
    "Store",
    "Stored",
    "later_merge",
]

# Of the notes about imports, the one that says which is under way; "" for none.
IMPORT_UNDER_WAY = "import"

OnExisting = Literal["fail_if_different", "replace", "fail"]
PutStatus = Literal["created", "unchanged", "replaced", "conflict"]


@dataclass(frozen=True, slots=True)
class PutResult(Generic[R_co]):
    """What became of one record of a `put`. `version` is that of the row as it now stands; `record` the record that
    was stored or is there unchanged, with merged ids replaced and without those erased; None where it is not there."""

    status: PutStatus
    version: int
    record: R_co | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Stored(Generic[R_co]):
    """A record as stored; `version` starts at 1 and grows by 1 with every change of it."""

    record: R_co
    version: int


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that can be undone: into whom, and the member who went, as they were. Later ones have higher numbers."""

    number: int
    kept: str
    merged: Member
    time: Micros


def later_merge(merges: Sequence[Merge], this: Merge) -> Merge | None:
    """The newest merge in which `this` one's kept member was either side; it must be undone before."""
    later = (one for one in merges if one.number > this.number and this.kept in (one.kept, one.merged.id))
    return max(later, key=lambda one: one.number, default=None)


class Snapshot(Protocol):
    """A community as it stands at one position of its log, for as long as it is open, however much is written
    meanwhile. It belongs to the thread that opened it."""

    @property
    def community(self) -> str:
        """The id of the community."""

    @property
    def revision(self) -> int:
        """The position in the log: the number of its newest entry, 0 when it is empty."""

    @overload
    def get(self, kind: Kind[R], ids: Sequence[str]) -> Mapping[str, Stored[R]]:
        """The records that exist among `ids`."""

    @overload
    def get(self, kind: str, ids: Sequence[str]) -> Mapping[str, Stored[Record]]: ...

    @overload
    def page(
        self,
        kind: Kind[R],
        after: str = "",
        limit: int = 100,
        *,
        member: str = "",
        state: str = "",
        source: str = "",
        ref: str = "",
    ) -> Sequence[Stored[R]]:
        """Records with id > after, by id (code-point order), at most `limit`. `member` keeps messages by, projects,
        channels, rounds and invitations with, outcomes/ties/blocks from or to, and suggestions for that member; `state`
        keeps projects, suggestions, rounds or invitations in it; `source` and `ref` keep invitations that came of it.
        ValueError for a kind that does not know the condition."""

    @overload
    def page(
        self,
        kind: str,
        after: str = "",
        limit: int = 100,
        *,
        member: str = "",
        state: str = "",
        source: str = "",
        ref: str = "",
    ) -> Sequence[Stored[Record]]: ...

    def last_word(self, source: str, target: str) -> Outcome | None:
        """The newest outcome from one to another, by (time, id), that is not just "shown"; found without reading the
        others."""

    def told(self, sources: Sequence[str], least: int) -> dict[tuple[str, OutcomeKind], int]:
        """How many outcomes of each kind there are from each of these members of whom there are `least` or more in
        all; nothing of the others."""

    def since(self, kind: Kind[R], time: Micros) -> Sequence[Stored[R]]:
        """Messages, outcomes, rounds or invitations with a time at or after this, by (time, id)."""

    @overload
    def scan(self, kind: Kind[R], batch: int = 5000) -> Iterator[R]:
        """Every record of a kind: messages and projects by (time, id), those without a time first, the rest by id; of
        kind "community" its own record alone."""

    @overload
    def scan(self, kind: str, batch: int = 5000) -> Iterator[Record]: ...

    def count(self, kind: str) -> int:
        """How many records of a kind there are."""

    def is_erased(self, member: str) -> bool:
        """Whether this id was erased."""

    def holders(self, handle: str, platform: str = "") -> list[str]:
        """Ids of the members who have this handle, on this platform or on any; letters' case does not count. Sorted."""

    def answers(self, ids: Sequence[str]) -> dict[str, str]:
        """What `note_answers` noted last of these members; "" for nothing."""

    def merges(self) -> list[Merge]:
        """The merges that can be undone, the newest first."""

    def changes(self, after: int, limit: int = 10000) -> list[Change]:
        """Log entries with seq > after, in order. For a member erased or merged away, one "delete" entry of kind
        "member" (readers drop everything of that person); rows rewritten by it are logged as puts, after the delete of
        a merge. For a merge undone a "delete" of the member who comes back, then puts, first of what keeps apart."""

    def jobs(self, kind: str = "") -> list[Job]:
        """What is to be done or is dead, of one kind or of all, by (since, kind, key)."""


class UnitOfWork(Snapshot, JobQueue, Protocol):
    """One transaction that writes in a community: what it read still holds when it writes, and it sees what it wrote.

    `revision` counts what it wrote so far; after the commit it is the position in the log from which on all of it is
    there.
    """

    def put(self, records: Sequence[R], on_existing: OnExisting = "fail_if_different") -> list[PutResult[R]]:
        """Write records of any kinds in order, one result each.

        An id that is already there: equal content is "unchanged"; other content is "conflict" (nothing is written for
        that record, the rest of the batch is) under "fail_if_different", and "replaced" under "replace". Under "fail",
        any existing id is "conflict". The same id twice in one batch behaves as in two batches.
        A message, project, tie, outcome or block that names unknown members creates them bare (id and name = id,
        consent "organizers"), logged before it. A member once erased is not created again: their own row and rows by,
        from or to them are "conflict"; lists that name them are stored without them. Rows that name a merged id are
        stored with the id it was merged into; the merged member's own row is "unchanged", a tie, outcome or block that
        becomes one with oneself is "conflict". Identities are unique by (platform, handle) in a community: a member
        claiming a taken one is "conflict". So is a suggestion whose member or message is not there (any more).
        Text that is not Unicode (lone surrogates) and numbers beyond 64 bits raise ValueError, and nothing is written.
        """

    def put_together(self, records: Sequence[Record]) -> bool:
        """Write all of these records, replacing what is there, or none of them. False, and nothing is written, when one
        would be "conflict" for the reasons of `put`."""

    def note_answers(self, notes: Mapping[str, str]) -> None:
        """Note something beside members, by id. It is no part of their record, is not logged, and goes with them."""

    def delete(self, kind: str, ids: Sequence[str]) -> int:
        """Delete records other than members; how many there were. Unknown ids count as nothing. Deleting a message also
        deletes suggestions drawn from it and cached vectors of its author."""

    def erase_member(self, member: str) -> bool:
        """Forget a person: profile, identities, messages, suggestions, cached vectors, ties, outcomes, blocks, their
        place in projects, channels, rounds and invitations and in other people's mentions, and all of it in what is
        kept for `undo_merge`; an invitation with fewer than two guests left goes, one with more loses its title and
        text. The id, and every id merged into it, is remembered as erased, so that a second import does not bring the
        person back. False when there is no such member."""

    def merge_members(self, kept: str, merged: str) -> bool:
        """Make two records of one person one: everything that names `merged` names `kept` afterwards; identities, aims,
        offers, seeks, values and languages are united, single fields stay `kept`'s unless empty; the stricter consent
        and the later pause win. Ids of `merged` are remembered as an alias: later rows that name it go to `kept`. Ties,
        outcomes and blocks between the two go. What it changes is kept for `undo_merge`, for as long as neither the
        person nor the record that it is about is deleted. False when either is missing, ValueError when they are the
        same."""

    def undo_merge(self, merged: str) -> bool:
        """Make two members again of those whom a merge made one; for a community in which nothing was written since,
        every record is as before. What was written since stays `kept`'s: rows, and fields that are others by now; of
        lists that changed, what the merge put there is taken back. A handle that somebody else has by now stays theirs.
        Rows that name `merged` are theirs again. False when no such merge is known; ValueError when a later merge has
        the same `kept`, or one into which `kept` went."""

    def delete_community(self) -> None:
        """Delete the community and everything in it; nothing more can be done in this unit of work. Whichever gets its
        id later is another one: see `Store.incarnation`."""

    def remember_request(self, request_id: str, resource: str) -> str | None:
        """Remember (for at least a day) what a create with this request_id makes. The resource that it made before, if
        any, which stays."""


class Store(ChangeFeed, JobLeases, Protocol):
    """The state of record of many communities.

    - Every key begins with the community; nothing read for one community ever holds a row of another.
    - `read` opens a snapshot, `write` a unit of work: rows and change-log entries appear together, when its block ends,
      or not at all, when it raises. When the block has ended, the write survives `kill -9` of the process.
    - Every other method that writes is one transaction of its own, or part of the unit of work that is open in its
      thread. So is a `write` inside another of the same community; of another community it raises RuntimeError.
    - The log of a community is numbered 1, 2, 3, ... in commit order, without gaps. A write that changes nothing logs
      nothing.
    - One process writes records at a time (`service.serving.lock`), and in it one unit of work; others hold and end
      leases on jobs. Any number read and see the last committed state. Methods may be called from any thread.
    - A missing community raises `CommunityNotFound` from every method that takes one, except `delete_community`,
      and except where its own record is put first.
    """

    @property
    def damage(self) -> Damage:
        """Whether the file that holds everything is damaged. Then every write raises DataDamaged, and so does reading
        what is damaged; which community it is cannot be told, since they share the file."""

    def check(self) -> list[str]:
        """Look for damage, which takes about a second for a gigabyte; what there is, in the words of the database."""

    def communities(self, after: str = "", limit: int = 1000) -> list[Stored[Community]]:
        """Community records with id > after, by id, at most `limit`."""

    def incarnation(self, community: str) -> str:
        """What tells a community from those that had its id before and were deleted; "" for the first, also before it
        is there. Costs next to nothing."""

    def departures(self) -> int:
        """Another number than before once a member or a community is there no more; also otherwise at times. Costs next
        to nothing."""

    def read(self, community: str) -> AbstractContextManager[Snapshot]:
        """All kinds as of one moment. Keep it short: the log of the database cannot be emptied meanwhile."""

    def write(self, community: str, *, founding: bool = False) -> AbstractContextManager[UnitOfWork]:
        """The transaction of a use case. Others wait until it ends, so nothing slow belongs in it. `founding` allows a
        community that is not there yet, whose record is then put first."""

    # A snapshot or unit of work for one call: see `Snapshot` and `UnitOfWork`.

    @overload
    def get(self, community: str, kind: Kind[R], ids: Sequence[str]) -> Mapping[str, Stored[R]]:
        """As `Snapshot.get`."""

    @overload
    def get(self, community: str, kind: str, ids: Sequence[str]) -> Mapping[str, Stored[Record]]: ...

    @overload
    def page(
        self,
        community: str,
        kind: Kind[R],
        after: str = "",
        limit: int = 100,
        *,
        member: str = "",
        state: str = "",
        source: str = "",
        ref: str = "",
    ) -> Sequence[Stored[R]]:
        """As `Snapshot.page`."""

    @overload
    def page(
        self,
        community: str,
        kind: str,
        after: str = "",
        limit: int = 100,
        *,
        member: str = "",
        state: str = "",
        source: str = "",
        ref: str = "",
    ) -> Sequence[Stored[Record]]: ...

    @overload
    def scan(self, community: str, kind: Kind[R], batch: int = 5000) -> Iterator[R]:
        """As `Snapshot.scan`; the snapshot is taken with the first record asked for."""

    @overload
    def scan(self, community: str, kind: str, batch: int = 5000) -> Iterator[Record]: ...

    def count(self, community: str, kind: str) -> int:
        """As `Snapshot.count`."""

    def jobs(self, community: str, kind: str = "") -> list[Job]:
        """As `Snapshot.jobs`."""

    def put(
        self, community: str, records: Sequence[R], on_existing: OnExisting = "fail_if_different"
    ) -> list[PutResult[R]]:
        """As `UnitOfWork.put`; a community's own record, put first, founds it."""

    def delete(self, community: str, kind: str, ids: Sequence[str]) -> int:
        """As `UnitOfWork.delete`."""

    def erase_member(self, community: str, member: str) -> bool:
        """As `UnitOfWork.erase_member`."""

    def merge_members(self, community: str, kept: str, merged: str) -> bool:
        """As `UnitOfWork.merge_members`."""

    def undo_merge(self, community: str, merged: str) -> bool:
        """As `UnitOfWork.undo_merge`."""

    def delete_community(self, community: str) -> bool:
        """As `UnitOfWork.delete_community`. False when there was none."""

    def vectors(self, community: str, model: str, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """Cached vectors (float16, 1-d) among `keys`. A key is 16 bytes: hash of (member, text)."""

    def put_vectors(self, community: str, model: str, entries: Iterable[tuple[bytes, str, np.ndarray]]) -> None:
        """Cache (key, member, vector); existing keys stay. Not logged. Entries of members erased or merged away
        meanwhile are dropped. ValueError for a key that is not 16 bytes or a vector that is not 1-d."""

    def drop_vectors(self, community: str, model: str) -> int:
        """Forget the vectors of one model; how many there were."""

    def progress(self, community: str, job: str) -> str | None:
        """What an import noted last about itself (JSON text), None when nothing."""

    def put_progress(self, community: str, job: str, note: str) -> None:
        """Note it, durably."""

    def close(self) -> None:
        """Release files; the store must not be used afterwards."""
