"""Discord, played: its gateway with sessions that resume, and the little of its REST API that a bot reads with."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from .site import Site

NOON = 1_740_000_000_000
EPOCH = 1_420_070_400_000
SERVER, BOT, READ = "900", "800", str((1 << 10) | (1 << 16))  # view channel, read history
OPEN, CLOSED = "901", "902"


def user(id: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "username": name.lower(), "global_name": name, "discriminator": "0", "avatar": None} | more


ANN, BO = user("1", "Ann"), user("2", "Bo")
ROBO, YIQI = user("3", "Robo", bot=True), user(BOT, "Yiqi", bot=True)


def member(who: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"user": who, "roles": [], "joined_at": "2024-01-01T00:00:00+00:00", "deaf": False, "mute": False,
            "flags": 0} | more  # fmt: skip


def message(author: dict[str, Any], second: int, text: str, channel: str = OPEN, **more: Any) -> dict[str, Any]:
    """Said a number of seconds after noon, which its id says, too."""
    time = NOON + second * 1000
    return {
        "id": str(((time - EPOCH) << 22) + second), "type": 0, "channel_id": channel, "guild_id": SERVER,
        "content": text, "author": author, "member": {key: one for key, one in member(author).items() if key != "user"},
        "timestamp": datetime.fromtimestamp(time / 1000, UTC).isoformat(), "edited_timestamp": None, "tts": False,
        "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
        "pinned": False,
    } | more  # fmt: skip


class DiscordSite(Site):
    """A server with two channels, one of which only Ann and the bot may read."""

    def __init__(self) -> None:
        super().__init__()
        self.dispatched: list[dict[str, Any]] = []  # of the session, in order
        self.history: list[dict[str, Any]] = []
        self.resumed = 0
        self.ready = 0
        self.lost = False  # while it is set, nothing reaches a gateway
        for path, answer in {
            "/users/@me": lambda _: YIQI,
            "/oauth2/applications/@me": lambda _: {
                "id": BOT, "name": "Yiqi", "description": "", "icon": None, "bot_public": False,
                "bot_require_code_grant": False, "owner": ANN, "verify_key": "", "flags": 0,
            },
            "/channels/{channel}/messages": self._history,
        }.items():  # fmt: skip
            self.route("GET", f"/api{path}", answer)
        self.socket("/gateway/", self._opened, self._heard)

    @property
    def environment(self) -> dict[str, str]:
        here = f"127.0.0.1:{self.port}"
        return {"DISCORD_TOKEN": "t", "DISCORD_API_URL": f"http://{here}/api",
                "DISCORD_GATEWAY_URL": f"ws://{here}/gateway/"}  # fmt: skip

    def says(self, *messages: dict[str, Any]) -> None:
        """Somebody says something; without a session it is only in the history."""

        async def add() -> None:
            for one in messages:
                self.history.append(one)
                await self._dispatch("MESSAGE_CREATE", one)

        self.do(add())

    def happens(self, kind: str, data: dict[str, Any]) -> None:
        self.do(self._dispatch(kind, data))

    async def _dispatch(self, kind: str, data: dict[str, Any]) -> None:
        if self.lost:
            return
        event = {"op": 0, "t": kind, "s": len(self.dispatched) + 1, "d": data}
        self.dispatched.append(event)
        for socket in self.sockets:
            await socket.send_json(event)

    def _history(self, request: web.Request) -> Any:
        after, channel = int(request.query.get("after", 0)), request.match_info["channel"]
        found = [one for one in self.history if one["channel_id"] == channel and int(one["id"]) > after]
        return sorted(found, key=lambda one: int(one["id"]))[: int(request.query["limit"])][::-1]

    async def _opened(self, socket: web.WebSocketResponse) -> None:
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 60_000}})

    async def _heard(self, socket: web.WebSocketResponse, text: str) -> None:
        said = json.loads(text)
        if said["op"] == 1:
            await socket.send_json({"op": 11})
        elif said["op"] == 2:
            self.dispatched.clear()
            await self._dispatch("READY", {
                "v": 10, "user": YIQI, "guilds": [{"id": SERVER, "unavailable": True}], "session_id": "s",
                "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway/",
                "application": {"id": BOT, "flags": 0},
            })  # fmt: skip
            await self._dispatch("GUILD_CREATE", self._server())
            self.ready += 1
        elif said["op"] == 6:
            for event in self.dispatched[said["d"]["seq"] :]:
                await socket.send_json(event)
            self.resumed += 1
            await self._dispatch("RESUMED", {})

    def _server(self) -> dict[str, Any]:
        people = [member(one) for one in (ANN, BO, ROBO, YIQI)]
        closed = [{"id": SERVER, "type": 0, "allow": "0", "deny": READ},
                  {"id": "1", "type": 1, "allow": READ, "deny": "0"},
                  {"id": BOT, "type": 1, "allow": READ, "deny": "0"}]  # fmt: skip
        channels = [
            {"id": id, "type": 0, "name": name, "position": 0, "permission_overwrites": rights,
             "last_message_id": max((one["id"] for one in self.history if one["channel_id"] == id), default=None)}
            for id, name, rights in ((OPEN, "open", []), (CLOSED, "closed", closed))
        ]  # fmt: skip
        everyone = {"id": SERVER, "name": "@everyone", "permissions": READ, "position": 0}
        return {"id": SERVER, "name": "server", "owner_id": "7", "member_count": len(people), "members": people,
                "roles": [everyone], "channels": channels, "threads": [], "emojis": [], "presences": [],
                "voice_states": [], "unavailable": False, "large": False}  # fmt: skip
