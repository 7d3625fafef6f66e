"""Wrapping a method's handler, whichever of the four kinds it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import grpc
from grpc import ServicerContext

# What happens around one call, as a context manager made from the call's context.
Around = Callable[[Any], AbstractContextManager[None]]


class AroundInterceptor(grpc.ServerInterceptor):  # type: ignore[misc]
    """Runs `around(method)(context)` around every call of every method."""

    def __init__(self, around: Callable[[str], Around]) -> None:
        self._around = around

    def intercept_service(self, continuation: Callable[[Any], Any], details: Any) -> Any:
        """Called by gRPC when a call arrives."""
        handler = continuation(details)
        return None if handler is None else rebuilt(handler, _wrapped(handler, self._around(details.method)))


def behaviour(handler: Any) -> Callable[[Any, Any], Any]:
    """The function of a handler: (request or iterator, context) to reply or iterator."""
    kinds = (handler.unary_unary, handler.unary_stream, handler.stream_unary, handler.stream_stream)
    found: Callable[[Any, Any], Any] = next(function for function in kinds if function)
    return found


def rebuilt(handler: Any, function: Callable[[Any, Any], Any], deserializer: Any = None) -> Any:
    """The same kind of handler around another function."""
    kinds = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }
    make = kinds[bool(handler.request_streaming), bool(handler.response_streaming)]
    return make(function, deserializer or handler.request_deserializer, handler.response_serializer)


def _wrapped(handler: Any, around: Around) -> Callable[[Any, Any], Any]:
    function = behaviour(handler)

    def single(request: Any, context: ServicerContext) -> Any:
        with around(context):
            return function(request, context)

    def stream(request: Any, context: ServicerContext) -> Iterator[Any]:
        with around(context):
            yield from function(request, context)

    return stream if handler.response_streaming else single
