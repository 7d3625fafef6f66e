"""What a consumer of the change feed is."""

from __future__ import annotations

from typing import Protocol

from service.feed.dispatcher import Turn


class Consumer(Protocol):
    """Follows the logs of communities under a name that is its own, one turn after the other in each of them."""

    @property
    def name(self) -> str:
        """What its cursors and dead letters are kept under."""

    def step(self, community: str) -> Turn:
        """Take in some of what is new; what it raises is tried again, but CommunityNotFound."""

    def cursor(self, community: str) -> int | None:
        """Up to which entry it is done; None where it does not follow."""

    def forget(self, community: str, *, deleted: bool) -> None:
        """Follow no longer: the community leaves memory, or was deleted. Called while no turn is under way."""
