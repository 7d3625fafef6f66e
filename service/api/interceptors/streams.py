"""Streams: how many are open, how long they last, and how long nothing may come over one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from grpc import ServicerContext

from service.api.interceptors.around import BY_CALLBACK, behaviour, rebuilt
from service.api.interceptors.watchdog import Watchdog
from service.core.errors import StreamIdle, StreamOver, TooManyStreams

AGAIN_SECONDS = 5.0  # after which it is worth looking whether a stream was closed
_END = object()


@dataclass(frozen=True, slots=True)
class Limits:
    """Of the streams of a kind: how many are `open` at once, for how many seconds nothing may come over one that is
    read (`idle`), and how many seconds one may last."""

    open: int
    idle: float
    seconds: float


class StreamsInterceptor(grpc.ServerInterceptor):  # type: ignore[misc]
    """Holds streams to the limits of their kind. Raises TooManyStreams, StreamIdle and StreamOver in their calls."""

    def __init__(self, lane: Callable[[str], str], limits: dict[str, Limits], watchdog: Watchdog) -> None:
        """A method is limited if `limits` has its `lane`."""
        self._lane = lane
        self._limits = limits
        self._watchdog = watchdog
        self._open = {name: _Open(one.open) for name, one in limits.items()}
        most = sum(one.open for one in limits.values())
        self._readers = ThreadPoolExecutor(most, thread_name_prefix="reading")

    def intercept_service(self, continuation: Callable[[Any], Any], details: Any) -> Any:
        """Called by gRPC when a call arrives."""
        handler = continuation(details)
        lane = self._lane(details.method)
        if handler is None or lane not in self._limits:
            return handler
        if getattr(behaviour(handler), BY_CALLBACK, False):
            return rebuilt(handler, self._by_callback(handler, self._open[lane]))
        return rebuilt(handler, self._blocking(handler, self._open[lane], self._limits[lane]))

    def _by_callback(self, handler: Any, room: _Open) -> Callable[..., Any]:
        """Such a stream holds no thread, so that only their number counts."""
        function: Callable[..., Any] = behaviour(handler)

        def call(request: Any, context: ServicerContext, send: Callable[[Any], None]) -> None:
            room.enter()
            if not context.add_callback(room.leave):
                room.leave()
                return
            function(request, context, send)

        return call

    def _blocking(self, handler: Any, room: _Open, limits: Limits) -> Callable[[Any, Any], Any]:
        function = behaviour(handler)

        def asked(request: Any, until: float) -> Any:
            return self._pieces(request, until, limits.idle) if handler.request_streaming else request

        def single(request: Any, context: ServicerContext) -> Any:
            with room.one():
                return function(asked(request, time.monotonic() + limits.seconds), context)

        def stream(request: Any, context: ServicerContext) -> Iterator[Any]:
            until = time.monotonic() + limits.seconds
            with room.one():
                for reply in function(asked(request, until), context):
                    with self._watchdog.within(limits.idle, context):
                        yield reply
                    if time.monotonic() > until:
                        raise StreamOver("The stream")

        return stream if handler.response_streaming else single

    def _pieces(self, requests: Iterator[Any], until: float, idle: float) -> Iterator[Any]:
        """The requests of a stream, each waited for on another thread: gRPC's own wait has no end."""
        while True:
            left = until - time.monotonic()
            coming = self._readers.submit(next, requests, _END)
            try:
                piece = coming.result(max(0.0, min(idle, left)))
            except TimeoutError:
                if left < idle:
                    raise StreamOver("The stream") from None
                raise StreamIdle(f"Nothing came over the stream for {idle:g} seconds") from None
            if piece is _END:
                return
            yield piece


class _Open:
    """How many streams are open, and no more than `most`."""

    def __init__(self, most: int) -> None:
        self._room = threading.BoundedSemaphore(most)

    def enter(self) -> None:
        """One more. Raises TooManyStreams."""
        if not self._room.acquire(blocking=False):
            raise TooManyStreams("The service", retry_after=AGAIN_SECONDS)

    def leave(self) -> None:
        """One less."""
        self._room.release()

    @contextmanager
    def one(self) -> Iterator[None]:
        """One for as long as the block lasts. Raises TooManyStreams."""
        self.enter()
        try:
            yield
        finally:
            self.leave()
