"""Streams: how many are open, how long they last, and how long nothing may come over one."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import grpc
from grpc import ServicerContext

from service.access.caller import calling
from service.api.interceptors.around import BY_CALLBACK, behaviour, rebuilt
from service.api.interceptors.shares import share_of_piece
from service.api.interceptors.watchdog import Watchdog
from service.core.errors import StreamIdle, StreamOver, TooManyStreams

AGAIN_SECONDS = 5.0  # after which it is worth looking whether a stream was closed
_END = object()
_COMMUNITY = "The community"
_Holder: TypeAlias = tuple[str, str]  # who has streams open, as it is told, and which of them
_Share: TypeAlias = Callable[[Any], str]  # the community that a piece asks, "" for none


@dataclass(frozen=True, slots=True)
class Limits:
    """Of the streams of a kind: how many are `open` at once, for how many seconds nothing may come over one that is
    read (`idle`), and how many seconds one may last; and how many one token and one community may have open, 0 for as
    many as there are. A token of every community may have as many as a community."""

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
        share = share_of_piece(details.method) if self._limits[lane].of_community else _nobodys
        return rebuilt(handler, self._blocking(handler, self._open[lane], self._limits[lane], share))

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

    def _blocking(self, handler: Any, room: _Open, limits: Limits, share: _Share) -> Callable[[Any, Any], Any]:
        function = behaviour(handler)

        def asked(request: Any, until: float, held: set[_Holder]) -> Any:
            if not handler.request_streaming:
                return request
            return _charged(self._pieces(request, until, limits.idle), partial(room.ask, held), share)

        def single(request: Any, context: ServicerContext) -> Any:
            with room.one() as held:
                return function(asked(request, time.monotonic() + limits.seconds, held), context)

        def stream(request: Any, context: ServicerContext) -> Iterator[Any]:
            until = time.monotonic() + limits.seconds
            with room.one() as held:
                for reply in function(asked(request, until, held), context):
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


def _charged(pieces: Iterator[Any], ask: Callable[[str], None], share: _Share) -> Iterator[Any]:
    """The pieces of a stream, of which the first says whom it asks."""
    for first in pieces:
        ask(share(first))
        yield first
        yield from pieces


def _nobodys(piece: Any) -> str:
    return ""


class _Open:
    """How many streams are open, in all and of whom, and no more than the limits say. For any thread."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: Counter[_Holder] = Counter()
        self._lock = threading.Lock()

    def enter(self) -> set[_Holder]:
        """One more; whose it counts as, to be given to `ask` and `leave`. Raises TooManyStreams."""
        held: set[_Holder] = set()
        self._take(held, self._before_it_asks())
        return held

    def ask(self, held: set[_Holder], community: str) -> None:
        """It asks a community, as whose it counts if no token told so before. Raises TooManyStreams."""
        told = any(who == _COMMUNITY for who, _ in held)
        if community and self._limits.of_community and not told:
            self._take(held, {(_COMMUNITY, community): self._limits.of_community})

    def leave(self, held: set[_Holder]) -> None:
        """One less."""
        with self._lock:
            self._open.subtract(held)
            self._open += Counter()  # without those who have none

    @contextmanager
    def one(self) -> Iterator[set[_Holder]]:
        """One for as long as the block lasts. Raises TooManyStreams."""
        held = self.enter()
        try:
            yield held
        finally:
            self.leave(held)

    def _take(self, held: set[_Holder], most: dict[_Holder, int]) -> None:
        with self._lock:
            for holder, places in most.items():
                if self._open[holder] >= places:
                    raise TooManyStreams(holder[0], retry_after=AGAIN_SECONDS)
            self._open.update(most.keys())
        held.update(most)

    def _before_it_asks(self) -> dict[_Holder, int]:
        """How many may be open, by whose it is as far as the token tells."""
        limits, caller = self._limits, calling()
        most = {("The service", ""): limits.open}
        if caller and limits.of_token:
            most["The token", caller.key] = limits.of_token if caller.community else limits.of_community
        if caller and limits.of_community and caller.community:
            most[_COMMUNITY, caller.community] = limits.of_community
        return most
