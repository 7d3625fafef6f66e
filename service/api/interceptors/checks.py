"""Every request is checked against the bounds before any servicer sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from grpc import ServicerContext

from models.domain.records import Micros
from service.api.interceptors.around import behaviour, rebuilt
from service.api.interceptors.deadlines import remaining
from service.core.errors import DeadlinePassed, InvalidArgument
from service.core.validation import validate

_OURS = "/yiqi.v1."


class _Unreadable:
    """Stands for a request whose bytes are not a message of the contract."""


class CheckInterceptor(grpc.ServerInterceptor):  # type: ignore[misc]
    """Raises InvalidArgument from calls of this contract for requests that are unreadable or out of bounds."""

    def __init__(self, clock: Callable[[], Micros]) -> None:
        self._clock = clock

    def intercept_service(self, continuation: Callable[[Any], Any], details: Any) -> Any:
        """Called by gRPC when a call arrives."""
        handler = continuation(details)
        if handler is None or not details.method.startswith(_OURS):
            return handler
        return rebuilt(handler, self._checked(handler), _tolerant(handler.request_deserializer))

    def _checked(self, handler: Any) -> Callable[[Any, Any], Any]:
        function = behaviour(handler)

        def call(request: Any, context: ServicerContext) -> Any:
            # Under load a call may have waited for a thread until nobody waits for its answer.
            if not context.is_active() or remaining(context) <= 0:
                raise DeadlinePassed("The call")
            if handler.request_streaming:
                return function((self._check(piece) for piece in request), context)
            return function(self._check(request), context)

        def stream(request: Any, context: ServicerContext) -> Iterator[Any]:
            yield from call(request, context)

        return stream if handler.response_streaming else call

    def _check(self, request: Any) -> Any:
        if isinstance(request, _Unreadable):
            raise InvalidArgument("The request", reason="MALFORMED_REQUEST")
        validate(request, self._clock())
        return request


def _tolerant(deserialize: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    # gRPC itself answers an unreadable request with INTERNAL and nothing to go by.
    def read(raw: bytes) -> Any:
        try:
            return deserialize(raw)
        except DecodeError:
            return _Unreadable()

    return read
