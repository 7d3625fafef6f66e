"""Discord, by its gateway. It asks for no acknowledgment: what was missed is read from the history of the channels."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import discord
from discord.abc import GuildChannel
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.utils import snowflake_time, time_snowflake, utcnow
from yarl import URL

from models.domain.records import Visibility
from service.connectors.listening import ConnectorError, Listening
from service.connectors.settings import DiscordSettings
from service.connectors.waiting import until_stopped
from service.importers.formats.discord import Known, message_entries, person_entries
from service.importers.frame.clock import micros
from service.importers.frame.transcript import Changed, Entry, Room, Said
from service.importers.frame.values import Json

if TYPE_CHECKING:
    from discord.abc import MessageableChannel

    _Place: TypeAlias = GuildChannel | MessageableChannel | discord.ForumChannel

_OVERLAP = timedelta(minutes=1)  # read once more: ids of different channels are not quite in the order of the gateway


class DiscordConnector:
    """Hears one server (guild) with all channels and threads that the bot may read."""

    def __init__(self, settings: DiscordSettings) -> None:
        self._settings = settings
        Route.BASE = settings.api_url
        DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.gateway_url)

    def run(self, listening: Listening) -> None:
        """See `Connector.run`."""
        try:
            asyncio.run(self._run(listening))
        except discord.LoginFailure:
            raise ConnectorError("Discord does not know DISCORD_TOKEN; see docs/connectors.md") from None
        except discord.PrivilegedIntentsRequired:
            sentence = "switch on the intents Message Content and Server Members of the bot; see docs/connectors.md"
            raise ConnectorError(sentence) from None

    async def _run(self, listening: Listening) -> None:
        client = _Client(listening, self._settings.server_id)
        async with client:
            await until_stopped(client.start(self._settings.token.get_secret_value()), listening.stopped)
        if client.failed:
            raise client.failed


class _Client(discord.Client):
    """Events in the order of the gateway: each waits its turn.

    The bookmark is the newest message that was handed over while nothing was missed: between a lost connection and the
    reading of what was said meanwhile it stands still.
    """

    def __init__(self, listening: Listening, server_id: int | None) -> None:
        intents = discord.Intents(guilds=True, members=True, messages=True, message_content=True)
        super().__init__(intents=intents, max_messages=None)
        self.failed: BaseException | None = None
        self._listening, self._server_id = listening, server_id
        self._known = Known()
        self._rooms: dict[int, Room] = {}
        self._turn = asyncio.Lock()
        self._complete = False

    async def on_ready(self) -> None:
        """A new session: what was said since the bookmark may have been missed."""
        server = self._server()
        async with self._turn:
            mark = self._listening.bookmark.read()
            if mark:
                after, newest = time_snowflake(snowflake_time(int(mark)) - _OVERLAP), int(mark)
                async for message in _said_since(server, after):
                    await self._hand_over(self._said(message))
                    newest = max(newest, message.id)
            else:
                newest = time_snowflake(utcnow())
            self._note(newest)
            self._complete = True
        self._listening.say(f"listening to Discord: {self._listening.forward.understood()}")

    async def on_resumed(self) -> None:
        """The old session: Discord sends all that was missed."""
        self._complete = True

    async def on_disconnect(self) -> None:
        """Whether anything is missed shows once a connection stands again."""
        self._complete = False

    async def on_message(self, message: discord.Message) -> None:
        """Somebody said something."""
        if self._is_ours(message.guild):
            async with self._turn:
                await self._hand_over(self._said(message), message.id)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Other words, or only a preview of a link."""
        edited = payload.message.edited_at
        if self._is_ours(payload.message.guild) and edited:
            async with self._turn:
                await self._hand_over(self._edited(payload.message, edited))

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A message was deleted."""
        await self._deleted(payload.channel_id, [payload.message_id])

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many at once, by a moderator."""
        await self._deleted(payload.channel_id, sorted(payload.message_ids))

    async def on_guild_channel_update(self, before: GuildChannel, after: GuildChannel) -> None:
        """Who may see a channel may have changed, or its name: told before the next word in it."""
        if self._is_ours(after.guild) and before.id in self._rooms:
            async with self._turn:
                self._rooms.pop(after.id, None)
                people, room = self._room(after)
                await self._hand_over([*people, room])

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """What a role may see has changed."""
        self._rooms.clear()

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """A name or the roles of somebody have changed."""
        if before.roles != after.roles:
            self._rooms.clear()

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Nothing is skipped: an event that cannot be handed over ends the listening."""
        self.failed = self.failed or sys.exc_info()[1]
        await self.close()

    def _server(self) -> discord.Guild:
        servers = [one for one in self.guilds if self._server_id in (None, one.id)]
        if len(servers) != 1:
            raise ConnectorError(f"the bot is in {len(servers)} such servers: say in DISCORD_SERVER_ID which one")
        return servers[0]

    def _is_ours(self, server: discord.Guild | None) -> bool:
        return server is not None and self._server_id in (None, server.id)

    async def _hand_over(self, entries: Iterable[Entry], through: int = 0) -> None:
        await asyncio.to_thread(self._listening.forward, list(entries))
        if self._complete:
            self._note(through)

    def _note(self, through: int) -> None:
        if through > int(self._listening.bookmark.read() or 0):
            self._listening.bookmark.note(str(through))

    async def _deleted(self, channel: int, messages: Iterable[int]) -> None:
        now = micros(utcnow())
        async with self._turn:
            await self._hand_over(
                Changed(room=str(channel), id=str(one), time=now, author="", text=None) for one in messages
            )

    def _said(self, message: discord.Message) -> Iterator[Entry]:
        people, room = self._room(message.channel)
        said = list(message_entries("", 0, _as_exported(message), room, self._known))
        spoken = self._known.speakers.get(room.key, {})
        yield from people
        yield replace(room, members=tuple(dict.fromkeys((*room.members, *spoken))))
        yield from said

    def _edited(self, message: discord.Message, time: datetime) -> Iterator[Entry]:
        for entry in self._said(message):
            if isinstance(entry, Said):
                yield Changed(room=entry.room, id=entry.id, time=micros(time), author=entry.author,
                              text=entry.text, mentions=entry.mentions)  # fmt: skip
            else:
                yield entry

    def _room(self, channel: _Place) -> tuple[list[Entry], Room]:
        """A channel with who may read it, and those of them who were not told yet, unless everybody may."""
        people: list[Entry] = []
        if channel.id not in self._rooms:
            visibility: Visibility = "community" if _is_open(channel) else "members"
            readers = [] if visibility == "community" else _readers(channel)
            for one in readers:
                people += person_entries(str(one.id), _person(one), self._known)
            self._rooms[channel.id] = Room(
                key=str(channel.id),
                name=getattr(channel, "name", ""),
                visibility=visibility,
                members=tuple(str(one.id) for one in readers),
            )
        return people, self._rooms[channel.id]


def _is_open(channel: _Place) -> bool:
    """Whether everybody in the server may read it. Of what is not known it is not assumed."""
    if isinstance(channel, discord.Thread):
        return not channel.is_private() and channel.parent is not None and _is_open(channel.parent)
    if not isinstance(channel, GuildChannel):
        return False
    return channel.permissions_for(channel.guild.default_role).read_messages


def _readers(channel: _Place) -> list[discord.Member]:
    """Who may read a channel, without bots."""
    if isinstance(channel, discord.Thread):
        if not channel.is_private():
            return _readers(channel.parent) if channel.parent else []
        inside = (channel.guild.get_member(one.id) for one in channel.members)
        return [one for one in inside if one and not one.bot]
    if not isinstance(channel, GuildChannel):
        return []
    return [one for one in channel.guild.members if not one.bot and channel.permissions_for(one).read_messages]


def _as_exported(message: discord.Message) -> Json:
    """A message as DiscordChatExporter writes it, with its type as a number."""
    author = _person(message.author)
    reference = message.reference
    return {
        "id": str(message.id),
        "type": str(message.type.value),
        "timestamp": message.created_at.isoformat(),
        "content": message.content,
        "author": author | {"isBot": author["isBot"] or message.webhook_id is not None},
        "mentions": [_person(one) for one in message.mentions],
        "reference": reference and {"messageId": str(reference.message_id), "channelId": str(reference.channel_id)},
    }


def _person(who: discord.abc.User) -> Json:
    return {"id": str(who.id), "name": who.name, "nickname": who.display_name, "isBot": who.bot}


async def _said_since(server: discord.Guild, after: int) -> AsyncIterator[discord.Message]:
    """What was said in every channel that the bot may read, the oldest first in each."""
    places: list[discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread] = [
        *server.text_channels, *server.voice_channels, *server.stage_channels, *server.threads,
    ]  # fmt: skip
    for place in places:
        may = place.permissions_for(server.me)
        if may.read_messages and may.read_message_history and (place.last_message_id or 0) > after:
            async for message in place.history(limit=None, after=discord.Object(after), oldest_first=True):
                yield message
