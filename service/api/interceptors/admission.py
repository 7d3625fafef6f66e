"""Calls wait for their turn before their request is parsed, and those whose turn would come too late are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from grpc import ServicerContext

from service.api.interceptors.around import BY_CALLBACK, behaviour, rebuilt
from service.api.interceptors.deadlines import remaining
from service.api.interceptors.lanes import LISTS
from service.api.interceptors.methods import OURS
from service.api.interceptors.shares import share_reader
from service.api.interceptors.watchdog import Watchdog
from service.core.errors import DeadlinePassed, InvalidArgument
from service.core.gate import Gate

# How long a call may take to send its one request, and how long while many do, each of which holds a thread.
REQUEST_SECONDS, CROWDED_SECONDS = 10.0, 1.0


# Whose calls write nothing and wait for nothing but a processor.
COMPUTING = f"{OURS}RecommendationService/"


class AdmissionInterceptor(grpc.ServerInterceptor):  # type: ignore[misc]
    """Reads the one request of a call, waits for the turn of its community, and only then lets it be parsed.

    gRPC would read the request before it calls anything, for as long as it takes, so that a call with one request is
    handled as one with many, of which there must be one. A stream of lists waits anew for each of them. Raises
    Overloaded and DeadlinePassed in the call.
    """

    def __init__(self, gate: Gate, watchdog: Watchdog) -> None:
        self._gate = gate
        self._watchdog = watchdog

    def intercept_service(self, continuation: Callable[[Any], Any], details: Any) -> Any:
        """Called by gRPC when a call arrives."""
        handler = continuation(details)
        if handler is None or handler.request_streaming:
            return handler
        if details.method == LISTS:
            function: Callable[..., Any] = self._each_in_turn(handler, details.method)
        elif details.method.startswith(OURS) and not handler.response_streaming:
            function = self._in_turn(handler, details.method)
        else:
            function = self._at_once(handler)
        return rebuilt(handler, function, _unparsed, streaming=True)

    def _in_turn(self, handler: Any, method: str) -> Callable[[Any, Any], Any]:
        function, share = behaviour(handler), share_reader(method)

        def call(requests: Iterator[bytes], context: ServicerContext) -> Any:
            raw = self._request(requests, context)
            with self._turn(share(raw), method, context):
                return function(_parsed(handler, raw), context)

        return call

    def _each_in_turn(self, handler: Any, method: str) -> Callable[[Any, Any], Iterator[Any]]:
        function, share = behaviour(handler), share_reader(method)

        def stream(requests: Iterator[bytes], context: ServicerContext) -> Iterator[Any]:
            raw = self._request(requests, context)
            key, end = share(raw), object()
            with closing(function(_parsed(handler, raw), context)) as replies:
                while True:
                    with self._turn(key, method, context, "The stream"):
                        reply = next(replies, end)
                    if reply is end:
                        return
                    yield reply

        return stream

    def _turn(
        self, share: str, method: str, context: ServicerContext, what: str = "The call"
    ) -> AbstractContextManager[None]:
        """The turn of a community, for as long as the caller waits. Raises DeadlinePassed of `what`."""
        left = remaining(context)
        if left <= 0 or not context.is_active():
            raise DeadlinePassed(what)
        return self._gate.turn(share, method, left, computes=method.startswith(COMPUTING))

    def _at_once(self, handler: Any) -> Callable[..., Any]:
        """What is not of the contract answers whatever waits; a stream of replies has threads of its own."""
        function: Callable[..., Any] = behaviour(handler)

        def call(requests: Iterator[bytes], context: ServicerContext, *send: Any) -> Any:
            return function(_parsed(handler, self._request(requests, context)), context, *send)

        def stream(requests: Iterator[bytes], context: ServicerContext) -> Iterator[Any]:
            yield from call(requests, context)

        return stream if handler.response_streaming and not getattr(function, BY_CALLBACK, False) else call

    def _request(self, requests: Iterator[bytes], context: ServicerContext) -> bytes:
        with self._watchdog.within(REQUEST_SECONDS, context, CROWDED_SECONDS):
            for raw in requests:
                return raw
        raise InvalidArgument("The request", reason="MALFORMED_REQUEST")


def _unparsed(raw: bytes) -> bytes:
    return raw


def _parsed(handler: Any, raw: bytes) -> Any:
    try:
        return handler.request_deserializer(raw)
    except DecodeError:
        raise InvalidArgument("The request", reason="MALFORMED_REQUEST") from None
