"""Streams: how many are open, how long they last, and how long nothing may come over one."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import grpc
from grpc import ServicerContext

from service.access.caller import calling
from service.api.interceptors.around import BY_CALLBACK, behaviour, rebuilt
from service.api.interceptors.watchdog import Watchdog
from service.core.errors import StreamIdle, StreamOver, TooManyStreams

AGAIN_SECONDS = 5.0  # after which it is worth looking whether a stream was closed
_END = object()
_Holder: TypeAlias = tuple[str, str]  # who has streams open, as it is told, and which of them


@dataclass(frozen=True, slots=True)
class Limits:
    """Of the streams of a kind: how many are `open` at once, for how many seconds nothing may come over one that is
    read (`idle`), and how many seconds one may last; and how many one token and one community may have open, 0 for as
    many as there are."""

    open: int
    idle: float
    seconds: float
    of_token: int = 0
    of_community: int = 0


class StreamsInterceptor(grpc.ServerInterceptor):  # type: ignore[misc]
    """Holds streams to the limits of their kind. Raises TooManyStreams, StreamIdle and StreamOver in their calls."""

    def __init__(self, lane: Callable[[str], str], limits: dict[str, Limits], watchdog: Watchdog) -> None:
        """A method is limited if `limits` has its `lane`."""
        self._lane = lane
        self._limits = limits
        self._watchdog = watchdog
        self._open = {name: _Open(one) for name, one in limits.items()}
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
            held = room.enter()
            if not context.add_callback(partial(room.leave, held)):
                room.leave(held)
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
    """How many streams are open, in all and of whom, and no more than the limits say. For any thread."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: Counter[_Holder] = Counter()
        self._lock = threading.Lock()

    def enter(self) -> Collection[_Holder]:
        """One more; whose it counts as, to be given to `leave`. Raises TooManyStreams."""
        most = self._most()
        with self._lock:
            for holder, places in most.items():
                if self._open[holder] >= places:
                    raise TooManyStreams(holder[0], retry_after=AGAIN_SECONDS)
            self._open.update(most.keys())
        return most.keys()

    def leave(self, held: Collection[_Holder]) -> None:
        """One less."""
        with self._lock:
            self._open.subtract(held)
            self._open += Counter()  # without those who have none

    @contextmanager
    def one(self) -> Iterator[None]:
        """One for as long as the block lasts. Raises TooManyStreams."""
        held = self.enter()
        try:
            yield
        finally:
            self.leave(held)

    def _most(self) -> dict[_Holder, int]:
        """How many may be open, by whose it is. A token of every community counts as a community does."""
        most, caller = {("The service", ""): self._limits.open}, calling()
        if caller and self._limits.of_community:
            most["The token", caller.key] = self._limits.of_token if caller.community else self._limits.of_community
        if caller and self._limits.of_community and caller.community:
            most["The community", caller.community] = self._limits.of_community
        return most
