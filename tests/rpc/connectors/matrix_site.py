"""A Matrix homeserver, played: sync with tokens, state, history, invitations."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from .site import Site

NOON = 1_740_000_000_000
ME = "@yiqi:example.org"
OPEN, CLOSED, LATER = "!open:example.org", "!closed:example.org", "!later:example.org"


def member(id: str, name: str, membership: str = "join") -> dict[str, Any]:
    content = {"membership": membership, "displayname": name}
    return {"type": "m.room.member", "state_key": id, "sender": id, "content": content}


def state(name: str, rule: str, *people: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"type": "m.room.name", "state_key": "", "sender": ME, "content": {"name": name}},
        {"type": "m.room.join_rules", "state_key": "", "sender": ME, "content": {"join_rule": rule}},
        *(member(id, shown) for id, shown in (*people, (ME, "Yiqi"))),
    ]


def said(sender: str, text: str, **content: Any) -> dict[str, Any]:
    return {"type": "m.room.message", "sender": sender, "content": {"msgtype": "m.text", "body": text} | content}


class MatrixSite(Site):
    """Rooms, each with its state and with what happened in it; `most` events of a room fit into one sync."""

    def __init__(self) -> None:
        super().__init__()
        people = (("@ann:example.org", "Ann Ash"), ("@bo:example.org", "Bo Birch"))
        self.states = {OPEN: state("open", "public", *people), CLOSED: state("closed", "invite", *people)}
        self.invited: list[str] = []
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.most = 100
        self.asked: list[str] = []  # tokens of syncs
        self._news = asyncio.Event()
        base = "/_matrix/client/v3"
        self.route("GET", f"{base}/account/whoami", lambda _: {"user_id": ME})
        self.route("GET", f"{base}/sync", self._sync)
        self.route("GET", f"{base}/rooms/{{room}}/state", self._state)
        self.route("GET", f"{base}/rooms/{{room}}/messages", self._history)
        self.route("POST", f"{base}/join/{{room}}", self._join)

    @property
    def environment(self) -> dict[str, str]:
        return {"MATRIX_HOMESERVER": f"http://127.0.0.1:{self.port}", "MATRIX_ACCESS_TOKEN": "syt_1"}

    def happens(self, room: str, *events: dict[str, Any]) -> list[str]:
        """Ids of the events, in order."""

        async def add() -> list[str]:
            for event in events:
                at = len(self.events)
                event = event | {"event_id": f"$e{at}", "origin_server_ts": NOON + at * 1000}
                self.events.append((room, event))
            self._news.set()
            return [event["event_id"] for _, event in self.events[-len(events) :]]

        return list(self.do(add()))

    def invites(self, room: str) -> None:
        async def add() -> None:
            self.invited.append(room)
            self._news.set()

        self.do(add())

    @property
    def followed(self) -> bool:
        """Whether somebody asks for what comes after the last event."""
        return bool(self.asked) and self.asked[-1] == f"s{len(self.events)}"

    async def _sync(self, request: web.Request) -> Any:
        since = request.query.get("since", "")
        self.asked.append(since)
        begin = int(since.removeprefix("s") or 0)
        if since and begin == len(self.events) and not self.invited:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), 30)
            except TimeoutError:
                return {"next_batch": since}
        joined = {}
        for room in self.states:
            places = [at for at, (where, _) in enumerate(self.events) if where == room and at >= begin]
            if places or not since:
                shown = places[-self.most :]
                timeline = {"events": [self.events[at][1] for at in shown], "limited": len(places) > len(shown),
                            "prev_batch": f"s{shown[0] if shown else begin}"}  # fmt: skip
                joined[room] = {"timeline": timeline, "state": {"events": []}}
        invited = {room: {"invite_state": {"events": []}} for room in self.invited}
        return {"next_batch": f"s{len(self.events)}", "rooms": {"join": joined, "invite": invited}}

    async def _state(self, request: web.Request) -> Any:
        stamped = {"event_id": "$s", "origin_server_ts": NOON}
        return web.json_response([one | stamped for one in self.states[request.match_info["room"]]])

    async def _history(self, request: web.Request) -> Any:
        start, end = (int(request.query[name].removeprefix("s")) for name in ("from", "to"))
        room = request.match_info["room"]
        chunk = [event for where, event in self.events[end:start][::-1] if where == room][: self.most]
        last = next((at for at, (_, event) in enumerate(self.events) if chunk and event is chunk[-1]), end)
        return {"chunk": chunk, "start": f"s{start}"} | ({"end": f"s{last}"} if last > end else {})

    async def _join(self, request: web.Request) -> Any:
        room = request.match_info["room"]
        self.invited.remove(room)
        self.states[room] = state("later", "invite", ("@cy:example.org", "Cy Cedar"))
        return {"room_id": room}
