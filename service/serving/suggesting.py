"""Suggestions drawn from what people say where everybody may read it, put into the store as they are found."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from models.domain.kinds import MEMBER, MESSAGE, SUGGESTION
from models.domain.records import Member, Message, Suggestion
from service.core.errors import CommunityNotFound
from service.core.faults import outline
from service.feed.dispatcher import Turn
from service.feed.reader import Reader
from service.store.contract import Change, Store
from service.store.rooms import open_rooms

NAME = "suggestions"
READ = 10_000

log = logging.getLogger("yiqi.runtime")


def draw(store: Store, community: str, messages: Iterable[Message], known: dict[str, Member]) -> int:
    """Put what the messages suggest into the store; how many were new.

    Those that are there stay as they are, confirmed and struck ones too. A member has at most so many open ones a
    field as `models.suggest` gives at once.
    """
    from models.suggest import suggest  # hundreds of patterns, which nobody needs who only asks

    found = suggest(_heard(store, community, messages), known)
    by_member: dict[str, list[Suggestion]] = {}
    for suggestion in found:
        by_member.setdefault(suggestion.member, []).append(suggestion)
    fresh = [one for member, those in by_member.items() for one in _with_room(store, community, member, those)]
    results = store.put(community, fresh) if fresh else []
    return sum(result.status == "created" for result in results)


def catch_up(store: Store, community: str) -> int:
    """Draw from the messages that nobody looked at yet, and note how far; how many suggestions were new."""
    noted, head = store.cursor(community, NAME), store.head(community)
    if noted == head:
        return 0
    messages = _scanned(store, community) if noted is None else _logged(store, community, noted)
    known = {record.id: record for record in store.scan(community, MEMBER)}
    drawn = draw(store, community, messages, known)
    store.put_cursor(community, NAME, head)
    return drawn


class Suggesting:
    """The consumer "suggestions". `wake` is called with a community in which some were drawn."""

    name = NAME

    def __init__(self, store: Store, wake: Callable[[str], None]) -> None:
        self._store = store
        self._wake = wake
        self._readers: dict[str, Reader] = {}

    def step(self, community: str) -> Turn:
        """Draw from some of what was said."""
        return (self._readers.get(community) or self._begin(community)).step(sys.maxsize)

    def cursor(self, community: str) -> int | None:
        """Up to which entry of the log it is done; None where it does not follow."""
        reader = self._readers.get(community)
        return reader.cursor if reader else None

    def forget(self, community: str, *, deleted: bool) -> None:
        """The community leaves memory."""
        reader = self._readers.pop(community, None)
        if reader is not None and not deleted:
            reader.end()

    def _begin(self, community: str) -> Reader:
        """Draw from all that was said meanwhile at once, the best of it; what fails there is taken one by one later."""
        try:
            catch_up(self._store, community)
        except CommunityNotFound:
            raise
        except Exception as fault:
            log.error("suggestions not caught up", extra={"community": community, "fault": outline(fault)})
        cursor = self._store.cursor(community, NAME) or 0
        take = partial(self._draw, community)
        reader = self._readers[community] = Reader(self._store, community, NAME, cursor, take, READ)
        return reader

    def _draw(self, community: str, changes: Sequence[Change]) -> None:
        messages = _put(self._store, community, changes)
        if messages and draw(self._store, community, messages, authors(self._store, community, messages)):
            self._wake(community)


def authors(store: Store, community: str, messages: Iterable[Message]) -> dict[str, Member]:
    """Who said these messages."""
    found = store.get(community, MEMBER, list({message.author for message in messages}))
    return {id: stored.record for id, stored in found.items()}


def _with_room(store: Store, community: str, member: str, found: list[Suggestion]) -> Iterator[Suggestion]:
    there = [one.record for one in store.page(community, SUGGESTION, limit=1000, member=member)]
    known = {one.id for one in there}
    for suggestion in found:
        if suggestion.id in known:
            continue
        if sum(one.field == suggestion.field and one.state == "open" for one in there) < _most(suggestion):
            there.append(suggestion)
            yield suggestion


def _most(suggestion: Suggestion) -> int:
    from models.suggest import MAX_PER_FIELD, MAX_PLACES

    return MAX_PLACES if suggestion.field == "place" else MAX_PER_FIELD


def _heard(store: Store, community: str, messages: Iterable[Message]) -> Iterator[Message]:
    """Those that everybody may read."""
    known: dict[str, bool] = {}
    for message in messages:
        if message.channel not in known:
            with store.read(community) as at:
                known[message.channel] = bool(open_rooms(at, [message.channel]))
        if known[message.channel]:
            yield message


def _scanned(store: Store, community: str) -> Iterator[Message]:
    return (record for record in store.scan(community, MESSAGE))


def _logged(store: Store, community: str, sequence: int) -> Iterator[Message]:
    while changes := store.changes(community, sequence, READ):
        sequence = changes[-1].seq
        yield from _put(store, community, changes)


def _put(store: Store, community: str, changes: Iterable[Change]) -> list[Message]:
    """The messages of these changes, and those of rooms of which something was stated: they may have been opened."""
    changes = [change for change in changes if change.op == "put"]
    ids = list(dict.fromkeys(change.id for change in changes if change.kind == "message"))
    found = store.get(community, MESSAGE, ids) if ids else {}
    said = [found[id].record for id in ids if id in found]
    if rooms := {change.id for change in changes if change.kind == "channel"}:
        said += [one for one in store.scan(community, MESSAGE) if one.channel in rooms and one.id not in found]
    return said
