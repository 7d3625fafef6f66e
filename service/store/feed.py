"""What a store promises to the consumers of its change log: cursors, dead letters, and a cheap look at what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from models.domain.records import Micros

Op = Literal["put", "delete"]


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the change log: ids only, never text."""

    seq: int
    kind: str
    id: str
    op: Op


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An entry of the log that a consumer could not take in, set aside so that the rest goes on.

    `fault` names a type and lines of code, never text. `since` is when it was set aside, `due` when it is tried again.
    """

    consumer: str
    change: Change
    fault: str
    tries: int
    since: Micros
    due: Micros


class ChangeFeed(Protocol):
    """The log of each community for consumers, each of which has a name and a durable cursor in it.

    As for `Store`: what is written is durable when the call returns, and nothing here is an entry of the log itself. A
    missing community raises `CommunityNotFound`; cursors and dead letters go with their community.
    """

    def head(self, community: str) -> int:
        """The newest sequence number of the log, 0 when it is empty."""

    def heads(self) -> dict[str, int]:
        """The `head` of every community, by one statement."""

    def data_version(self) -> int:
        """Another number than before once anything was committed, by this or another process. Costs next to nothing."""

    def changes(self, community: str, after: int, limit: int = 10000) -> list[Change]:
        """Log entries with seq > after, in order. For a member erased or merged away, one "delete" entry of kind
        "member" (readers drop everything of that person); rows rewritten by it are logged as puts, after the delete of
        a merge. For a merge undone a "delete" of the member who comes back, then puts, first of what keeps apart."""

    def cursor(self, community: str, consumer: str) -> int | None:
        """Up to which entry a consumer is done, None when it never began."""

    def cursors(self, community: str) -> dict[str, int]:
        """Up to which entry each consumer that ever noted it is done."""

    def put_cursor(self, community: str, consumer: str, sequence: int) -> None:
        """Note it."""

    def dead_letters(self, community: str, consumer: str = "") -> list[DeadLetter]:
        """What is set aside, by (consumer, kind, id of the entry); of one consumer or of all."""

    def put_dead_letters(self, community: str, letters: Sequence[DeadLetter]) -> None:
        """Set aside, in place of what the same consumer set aside with the same kind and id."""

    def drop_dead_letters(self, community: str, letters: Sequence[DeadLetter]) -> None:
        """They went through after all. Unknown ones are nothing."""

    def replay_dead_letters(self, community: str, consumer: str = "") -> int:
        """Make what is set aside due at once, of one consumer or of all; how many they are."""
