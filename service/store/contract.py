"""What a store of communities promises. Every backend passes `tests/contract/test_store.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np

from models.domain.records import Micros, Record
from service.store.feed import Change, ChangeFeed, DeadLetter

__all__ = ["Change", "ChangeFeed", "DeadLetter", "Moment", "OnExisting", "PutResult", "PutStatus", "Store", "Stored"]

OnExisting = Literal["fail_if_different", "replace", "fail"]
PutStatus = Literal["created", "unchanged", "replaced", "conflict"]


@dataclass(frozen=True, slots=True)
class PutResult:
    """What became of one record of a `put`. `version` is that of the row as it now stands, `before` a member as it was
    in the same transaction, where one was "replaced"."""

    status: PutStatus
    version: int
    before: Record | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as stored; `version` starts at 1 and grows by 1 with every change of it."""

    record: Record
    version: int


class Moment(Protocol):
    """A community as it stood at one position of its log."""

    @property
    def sequence(self) -> int:
        """The position in the log."""

    def scan(self, kind: str) -> Iterator[Record]:
        """As `Store.scan`, of this moment; of kind "community" its own record alone."""


class Store(ChangeFeed, Protocol):
    """The state of record of many communities.

    - Every key begins with the community; nothing read for one community ever holds a row of another.
    - Every method that writes is one transaction: rows and change-log entries appear together or not at all. When it
      returns, the write survives `kill -9` of the process. When it raises, nothing was written.
    - The log of a community is numbered 1, 2, 3, ... in commit order, without gaps. A write that changes nothing logs
      nothing.
    - One process writes at a time (`service.serving.lock`); any number read, in this or another process, and see the
      last committed state. Methods may be called from any thread.
    - A missing community raises `CommunityNotFound` from every method that takes one, except `delete_community`,
      and except `put` of the community record itself.
    """

    @property
    def writable(self) -> bool:
        """Whether this process may write."""

    def communities(self, after: str = "", limit: int = 1000) -> list[Stored]:
        """Community records with id > after, by id, at most `limit`."""

    def put(
        self, community: str, records: Sequence[Record], on_existing: OnExisting = "fail_if_different"
    ) -> list[PutResult]:
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
        Text that is not Unicode (lone surrogates) and numbers beyond 64 bits raise ValueError.
        """

    def put_together(
        self, community: str, records: Sequence[Record], versions: Mapping[tuple[str, str], int] | None = None
    ) -> bool:
        """Write all of these records, replacing what is there, or none of them. False, and nothing is written, when a
        (kind, id) of `versions` has not that version any more (0: is not there), or when one would be "conflict" for
        the reasons of `put`."""

    def replace(self, community: str, record: Record, expected_version: int | None) -> PutResult | None:
        """Replace one record; None when it is not there. "conflict" when `expected_version` is given and is not the
        stored one, or for the reasons of `put`."""

    def get(self, community: str, kind: str, ids: Sequence[str]) -> dict[str, Stored]:
        """The records that exist among `ids`."""

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
    ) -> list[Stored]:
        """Records with id > after, by id (code-point order), at most `limit`. `member` keeps messages by, projects,
        channels, rounds and invitations with, outcomes/ties/blocks from or to, and suggestions for that member; `state`
        keeps projects, suggestions, rounds or invitations in it; `source` and `ref` keep invitations that came of it.
        ValueError for a kind that does not know the condition."""

    def since(self, community: str, kind: str, time: Micros) -> list[Stored]:
        """Messages, outcomes, rounds or invitations with a time at or after this, by (time, id)."""

    def scan(self, community: str, kind: str, batch: int = 5000) -> Iterator[Record]:
        """Every record of a kind from one consistent snapshot, taken with the first record asked for: messages and
        projects by (time, id), those without a time first, the rest by id."""

    def moment(self, community: str) -> AbstractContextManager[Moment]:
        """All kinds as of one moment, for as long as the context is open, however much is written meanwhile."""

    def count(self, community: str, kind: str) -> int:
        """How many records of a kind there are."""

    def delete(self, community: str, kind: str, ids: Sequence[str]) -> int:
        """Delete records other than members; how many there were. Unknown ids count as nothing. Deleting a message also
        deletes suggestions drawn from it and cached vectors of its author."""

    def erase_member(self, community: str, member: str) -> bool:
        """Forget a person: profile, identities, messages, suggestions, cached vectors, ties, outcomes, blocks, their
        place in projects, channels, rounds and invitations and in other people's mentions; an invitation with fewer
        than two guests left goes, one with more loses its title and text. The id, and every id merged into it, is
        remembered as erased, so that a second import does not bring the person back. False when there is no such
        member."""

    def is_erased(self, community: str, member: str) -> bool:
        """Whether this id was erased."""

    def holders(self, community: str, handle: str, platform: str = "") -> list[str]:
        """Ids of the members who have this handle, on this platform or on any; letters' case does not count. Sorted."""

    def merge_members(self, community: str, kept: str, merged: str) -> bool:
        """Make two records of one person one: everything that names `merged` names `kept` afterwards; identities, aims,
        offers, seeks, values and languages are united, single fields stay `kept`'s unless empty; the stricter consent
        and the later pause win. Ids of `merged` are remembered as an alias: later rows that name it go to `kept`. Ties,
        outcomes and blocks between the two go. False when either is missing, ValueError when they are the same."""

    def delete_community(self, community: str) -> bool:
        """Delete a community and everything in it. False when there was none."""

    def vectors(self, community: str, model: str, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """Cached vectors (float16, 1-d) among `keys`. A key is 16 bytes: hash of (member, text)."""

    def put_vectors(self, community: str, model: str, entries: Iterable[tuple[bytes, str, np.ndarray]]) -> None:
        """Cache (key, member, vector); existing keys stay. Not logged. Entries of members erased or merged away
        meanwhile are dropped. ValueError for a key that is not 16 bytes or a vector that is not 1-d."""

    def drop_vectors(self, community: str, model: str) -> int:
        """Forget the vectors of one model; how many there were."""

    def seen_request(self, community: str, request_id: str) -> str | None:
        """The resource id that a create with this request_id made before, if any."""

    def remember_request(self, community: str, request_id: str, resource: str) -> None:
        """Remember it (kept at least a day)."""

    def progress(self, community: str, job: str) -> str | None:
        """What an import noted last about itself (JSON text), None when nothing."""

    def put_progress(self, community: str, job: str, note: str) -> None:
        """Note it, durably."""

    def close(self) -> None:
        """Release files; the store must not be used afterwards."""
