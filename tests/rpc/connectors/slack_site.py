"""Slack, played: the Web API and Socket Mode. What was not acknowledged is sent again to whoever connects next."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from .site import Site

NOON = 1_740_000_000


def user(id: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "name": name.lower(), "profile": {"real_name": name, "display_name": ""}, "is_bot": False} | more


def message(user: str, second: float, text: str, channel: str = "C01", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "ts": f"{NOON + second:.6f}", "text": text, "channel": channel} | more


USERS = [
    user("U01", "Ann Ash", profile={"real_name": "Ann Ash", "display_name": "ann", "email": "ann@example.org"}),
    user("U02", "Bo Birch"),
    user("U09", "Robo", is_bot=True),
]
CHANNELS = [
    {"id": "C01", "name": "general", "members": ["U01", "U02"]},
    {"id": "G01", "name": "board", "is_private": True, "members": ["U01", "U02"]},
]


class SlackSite(Site):
    """A workspace."""

    def __init__(self) -> None:
        super().__init__()
        self.users, self.channels = list(USERS), list(CHANNELS)
        self.sent: dict[str, dict[str, Any]] = {}  # envelope → event
        self.acknowledged: list[str] = []
        self.connections = 0
        for path, answer in {
            "apps.connections.open": lambda asked: {"url": f"ws://127.0.0.1:{self.port}/socket"},
            "users.list": lambda asked: {"members": self.users},
            "users.info": lambda asked: {"user": self._one(self.users, asked["user"])},
            "users.conversations": lambda asked: {"channels": [self._shown(one) for one in self.channels]},
            "conversations.info": lambda asked: {"channel": self._shown(self._one(self.channels, asked["channel"]))},
            "conversations.members": lambda asked: {"members": self._one(self.channels, asked["channel"])["members"]},
        }.items():
            self.route("*", f"/api/{path}", self._api(answer))
        self.socket("/socket", self._opened, self._heard)

    @property
    def environment(self) -> dict[str, str]:
        api = f"http://127.0.0.1:{self.port}/api/"
        return {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": api}

    def happens(self, *events: dict[str, Any]) -> None:
        """Something is said or done."""

        async def send() -> None:
            for event in events:
                envelope = f"e{len(self.sent)}"
                self.sent[envelope] = event
                for socket in self.sockets:
                    await self._send(socket, envelope)

        self.do(send())

    @property
    def waiting(self) -> int:
        """How many events were not acknowledged."""
        return len(self.sent) - len(set(self.acknowledged))

    def _api(self, answer: Any) -> Any:
        async def call(request: web.Request) -> Any:
            return {"ok": True} | answer({**request.query, **await request.post()})

        return call

    @staticmethod
    def _one(several: list[dict[str, Any]], id: str) -> dict[str, Any]:
        return next(one for one in several if one["id"] == id)

    @staticmethod
    def _shown(channel: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in channel.items() if name != "members"}

    async def _opened(self, socket: web.WebSocketResponse) -> None:
        self.connections += 1
        await socket.send_json({"type": "hello"})
        for envelope in self.sent:
            if envelope not in self.acknowledged:
                await self._send(socket, envelope)

    async def _send(self, socket: web.WebSocketResponse, envelope: str) -> None:
        payload = {"type": "event_callback", "event": self.sent[envelope]}
        await socket.send_json({"type": "events_api", "envelope_id": envelope, "payload": payload})

    async def _heard(self, socket: web.WebSocketResponse, text: str) -> None:
        self.acknowledged.append(json.loads(text)["envelope_id"])
