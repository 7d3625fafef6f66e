"""Sees what was written by anybody, in this or another process, at the price of one question for all communities."""

from __future__ import annotations

from service.store.contract import ChangeFeed


class Writes:
    """Remembers how far the logs were at the last look. Not safe for concurrent use."""

    def __init__(self, store: ChangeFeed) -> None:
        self._store = store
        self._version: int | None = None
        self._heads: dict[str, int] = {}

    def look(self) -> dict[str, int | None]:
        """The communities in which something was written since the last look, and where their logs end now; None for
        one that is there no more."""
        version = self._store.data_version()
        if version == self._version:
            return {}
        heads = self._store.heads()
        changed: dict[str, int | None] = {c: head for c, head in heads.items() if self._heads.get(c) != head}
        changed |= dict.fromkeys(self._heads.keys() - heads.keys())
        self._version, self._heads = version, heads
        return changed
