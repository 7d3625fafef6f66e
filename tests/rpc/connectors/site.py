"""A platform that is played: its HTTP API and its websocket on a free port, with a thread of its own."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import WSMsgType, web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """Routes of an API, answered on a thread of their own from `start` to `stop`. Calls from tests go through `do`."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._app = web.Application()
        self._runner = web.AppRunner(self._app, shutdown_timeout=0.1)
        self.sockets: list[web.WebSocketResponse] = []
        self.port = 0

    def route(self, method: str, path: str, answer: Callable[[web.Request], Any]) -> None:
        """`answer` gives JSON, or a response."""

        async def call(request: web.Request) -> web.StreamResponse:
            found = answer(request)
            if asyncio.iscoroutine(found):
                found = await found
            if isinstance(found, web.StreamResponse):
                return found
            # discord.py reads JSON only of this very type.
            return web.Response(body=json.dumps(found), headers={"Content-Type": "application/json"})

        self._app.router.add_route(method, path, call)

    def socket(self, path: str, opened: Callable[[web.WebSocketResponse], Any], heard: Callable[..., Any]) -> None:
        """A websocket: `opened` when somebody connects, `heard` with each text that they send."""

        async def serve(request: web.Request) -> web.WebSocketResponse:
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            self.sockets.append(socket)
            await opened(socket)
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    await heard(socket, message.data)
            self.sockets.remove(socket)
            return socket

        self._app.router.add_get(path, serve)

    def start(self) -> None:
        self._thread.start()
        self.do(self._start())

    async def _start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]

    def stop(self) -> None:
        self.do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _end(self) -> None:
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for one in rest:
            one.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await self._runner.cleanup()

    def do(self, work: Any) -> Any:
        """Runs a coroutine on the thread of the site."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def drop(self) -> None:
        """Loses every connection, as networks do."""

        async def close() -> None:
            for socket in list(self.sockets):
                transport = socket._req and socket._req.transport
                if transport:
                    transport.abort()

        self.do(close())
