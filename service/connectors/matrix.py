"""Matrix, by the sync of the client API: what came since a token, which is noted once the server has all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence

from aiohttp import ClientError
from nio import AsyncClient, JoinError, MessageDirection, RoomGetStateError, RoomMessagesError, SyncError, WhoamiError

from models.archive.container import BadRow
from service.connectors.listening import ConnectorError, Listening
from service.connectors.settings import MatrixSettings
from service.connectors.waiting import FIRST_PAUSE, longer, until_stopped
from service.importers.formats.matrix import Chat, event_entries
from service.importers.frame.transcript import Entry, Person, Said, Unused
from service.importers.frame.values import Json, fields, label

_WAIT = 30_000  # milliseconds that the homeserver may keep a question open while nothing happens
_PAGE = 100
_FILTER = {"room": {"timeline": {"limit": _PAGE}}, "presence": {"types": []}, "account_data": {"types": []}}


class _Unreachable(Exception):
    """The homeserver gave no answer, or one that another try may mend."""


class MatrixConnector:
    """Follows the rooms that the account is in, and joins those it is invited to. Encrypted words stay unread."""

    def __init__(self, settings: MatrixSettings) -> None:
        self._settings = settings
        self._chats: dict[str, Chat] = {}

    def run(self, listening: Listening) -> None:
        """See `Connector.run`."""
        asyncio.run(self._run(listening))

    async def _run(self, listening: Listening) -> None:
        self._client = AsyncClient(self._settings.homeserver)
        self._client.access_token = self._settings.access_token.get_secret_value()
        try:
            await until_stopped(self._follow(listening), listening.stopped)
        finally:
            await self._client.close()

    async def _follow(self, listening: Listening) -> None:
        pause, begun = FIRST_PAUSE, False
        while True:
            try:
                if not begun:
                    await self._begin(listening)
                    begun = True
                await self._once(listening)
                pause = FIRST_PAUSE
            except (_Unreachable, ClientError, OSError) as error:
                self._chats.clear()  # what was learnt of them may not have been handed over
                listening.say(f"waiting for the homeserver: {error}")
                await asyncio.sleep(pause)
                pause = longer(pause)

    async def _begin(self, listening: Listening) -> None:
        me = await self._client.whoami()
        if isinstance(me, WhoamiError):
            if me.status_code in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_FORBIDDEN"):
                raise ConnectorError("the homeserver does not know MATRIX_ACCESS_TOKEN; see docs/connectors.md")
            raise _Unreachable(me.message)
        self._client.user_id = self._me = me.user_id
        listening.say("listening to Matrix" + (", from where it stopped" if listening.bookmark.read() else ""))

    async def _once(self, listening: Listening) -> None:
        """What came since the bookmark, handed over; then the bookmark moves."""
        since = listening.bookmark.read()
        news = await self._client.sync(_WAIT if since else 0, _FILTER, since or None)
        if isinstance(news, SyncError):
            raise _Unreachable(news.message)
        heard: list[Entry] = []
        for id, room in news.rooms.join.items():
            events = [one.source for one in (*room.state, *room.timeline.events)]
            if room.timeline.limited and since:
                events = [*await self._missed(id, room.timeline.prev_batch, since), *events]
            heard += await self._heard(id, events)
        await asyncio.to_thread(listening.forward, heard)
        listening.bookmark.note(news.next_batch)
        for id in news.rooms.leave:
            self._chats.pop(id, None)
        for id in news.rooms.invite:
            if isinstance(await self._client.join(id), JoinError):
                listening.say("a room that invited the account cannot be joined")

    async def _heard(self, id: str, events: Sequence[Json]) -> list[Entry]:
        people: list[Entry] = []
        if id not in self._chats:
            people = await self._enter(id)
        chat = self._chats[id]
        said = list(_entries(events, chat))
        chat.present.pop(self._me, None)
        return self._without_me([*people, chat.room(), *said])

    async def _enter(self, id: str) -> list[Entry]:
        """The whole state of a room that was not met yet: a sync tells only what changed."""
        found = await self._client.room_get_state(id)
        if isinstance(found, RoomGetStateError):
            raise _Unreachable(found.message)
        # Unless a room says who may join, only those who are invited do.
        chat = self._chats[id] = Chat(id=id, join_rule="invite")
        return [one for one in _entries(found.events, chat) if not isinstance(one, Unused)]

    async def _missed(self, id: str, start: str | None, end: str) -> list[Json]:
        """Events between two tokens, the oldest first: of many at once a sync has only the newest."""
        missed: list[Json] = []
        while start:
            page = await self._client.room_messages(id, start, end, MessageDirection.back, _PAGE)
            if isinstance(page, RoomMessagesError):
                raise _Unreachable(page.message)
            missed += [one.source for one in page.chunk]
            start = page.end if page.chunk else None
        return missed[::-1]

    def _without_me(self, heard: Iterable[Entry]) -> list[Entry]:
        """The account that listens is nobody of the community."""
        kept = list[Entry]()
        for entry in heard:
            if isinstance(entry, Said):
                entry = entry._replace(mentions=tuple(one for one in entry.mentions if one != self._me))
            who = entry.key if isinstance(entry, Person) else entry.author if isinstance(entry, Said) else ""
            if who != self._me:
                kept.append(entry)
        return kept


def _entries(events: Iterable[Json], chat: Chat) -> Iterator[Entry]:
    for event in events:
        if event.get("type") == "m.room.name":
            chat.name = label(fields(event.get("content")).get("name"))
        try:
            yield from event_entries("", 0, event, chat)
        except ValueError as error:
            yield BadRow("", 0, str(error))
