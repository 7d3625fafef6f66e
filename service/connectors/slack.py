"""Slack, by Socket Mode: events come over a connection that this side opens, so that no address has to be public."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from yiqi.client import YiqiRpcError

from models.domain.records import Visibility
from service.connectors.door import Stopped
from service.connectors.listening import ConnectorError, Listening
from service.connectors.settings import SlackSettings
from service.importers.formats.slack import Workspace, listed_room, message_entries, user_entry
from service.importers.frame.transcript import Entry, Room
from service.importers.frame.values import Json, entries, fields, key, label

_PAGE = 200
_TRIES = 5
# After these a channel may be open to others than before.
_CHANGES_ROOM = frozenset(
    ("member_joined_channel", "member_left_channel", "channel_rename", "group_rename", "channel_unarchive")
)


class SlackConnector:
    """Events are taken one after the other and acknowledged once the server has them; Slack sends others again."""

    def __init__(self, settings: SlackSettings) -> None:
        retries = [ConnectionErrorRetryHandler(_TRIES), RateLimitErrorRetryHandler(_TRIES), ServerErrorRetryHandler()]
        self._web = WebClient(settings.bot_token.get_secret_value(), settings.api_url, retry_handlers=retries)
        self._app_token = settings.app_token.get_secret_value()
        self._workspace = Workspace(has_users=True)
        self._rooms: dict[str, Room] = {}

    def run(self, listening: Listening) -> None:
        """See `Connector.run`."""
        events = SocketModeClient(self._app_token, web_client=self._web, concurrency=1)
        events.socket_mode_request_listeners.append(_Taking(self, listening))
        try:
            # Whoever joins meanwhile is asked for when they say something.
            listening.forward(chain(self._everybody(), self._joined_rooms()))
            listening.say(f"listening to Slack: {listening.forward.understood()}")
            events.connect()
            listening.wait()
        except SlackApiError as error:
            raise ConnectorError(f"Slack answers {error.response['error']}; see docs/connectors.md") from None
        finally:
            events.close()

    def entries(self, event: Json) -> Iterator[Entry]:
        """What an event says."""
        kind, subtype = label(event.get("type")), label(event.get("subtype"))
        if kind in ("team_join", "user_change"):
            user = fields(event.get("user"))
            yield user_entry(key(user.get("id")), user, self._workspace)
        elif kind == "message":
            told = subtype in ("message_changed", "message_deleted", "")
            yield from self._said(_deletion(event), self._room(key(event.get("channel")), anew=not told))
        elif kind in _CHANGES_ROOM:
            channel = event.get("channel")
            yield self._room(key(fields(channel).get("id")) or key(channel), anew=True)

    def _said(self, event: Json, room: Room) -> Iterator[Entry]:
        yield room
        changed = fields(event.get("message"))
        for user in (key(event.get("user")), key(changed.get("user"))):
            if user and user not in self._workspace.names and user not in self._workspace.bots:
                found = fields(self._web.users_info(user=user).get("user"))
                yield user_entry(user, found, self._workspace)
        yield from message_entries("", 0, event, room, self._workspace)

    def _everybody(self) -> Iterator[Entry]:
        for page in self._web.users_list(limit=_PAGE):
            for user in map(fields, entries(page.get("members"))):
                yield user_entry(key(user.get("id")), user, self._workspace)

    def _joined_rooms(self) -> Iterator[Room]:
        kinds = "public_channel,private_channel,mpim"
        for page in self._web.users_conversations(types=kinds, exclude_archived=True, limit=_PAGE):
            for channel in map(fields, entries(page.get("channels"))):
                yield self._told(key(channel.get("id")), channel)

    def _room(self, id: str, *, anew: bool) -> Room:
        if not anew and id in self._rooms:
            return self._rooms[id]
        return self._told(id, fields(self._web.conversations_info(channel=id).get("channel")))

    def _told(self, id: str, channel: Json) -> Room:
        """A room as Slack describes it, with who is in it unless everybody may be."""
        visibility: Visibility = "community"
        if channel.get("is_im") is True or channel.get("is_mpim") is True:
            visibility = "private"
        elif channel.get("is_private") is True:
            visibility = "members"
        if visibility != "community":
            pages = self._web.conversations_members(channel=id, limit=_PAGE)
            channel = channel | {"members": [one for page in pages for one in entries(page.get("members"))]}
        self._workspace.room_names[id] = label(channel.get("name"))
        self._rooms[id] = listed_room(id, channel, visibility, self._workspace)
        return self._rooms[id]


class _Taking:
    """Takes requests of Socket Mode; the client calls it on one thread, in the order in which they come."""

    def __init__(self, connector: SlackConnector, listening: Listening) -> None:
        self._connector, self._listening = connector, listening

    def __call__(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        # What is not taken is not acknowledged either, and so Slack sends it again.
        if request.type != "events_api" or self._takes(fields(request.payload.get("event"))):
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    def _takes(self, event: Json) -> bool:
        try:
            self._listening.forward(self._connector.entries(event))
        except Stopped:
            return False
        except SlackApiError as error:
            self._listening.say(f"Slack answers {error.response['error']}")
            return False
        except YiqiRpcError as error:
            self._listening.say(f"an event was not taken: {error.sentence}")
            return False
        return True


def _deletion(event: Json) -> Json:
    """The first message of a thread that is deleted stays as a stone with its answers below: that is a deletion."""
    changed = fields(event.get("message"))
    if event.get("subtype") == "message_changed" and changed.get("subtype") == "tombstone":
        return event | {"subtype": "message_deleted", "deleted_ts": changed.get("ts")}
    return event
