"""Wrapping a method's handler, whichever of the four kinds it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import grpc
from grpc import ServicerContext

# What happens around one call, as a context manager made from the name of its method and its context.
Around = Callable[[str, ServicerContext], AbstractContextManager[None]]

# What gRPC reads off a function: on which threads it runs, and whether it answers by a callback and blocks none.
POOL, BY_CALLBACK = "experimental_thread_pool", "experimental_non_blocking"
_MARKS = (POOL, BY_CALLBACK)


class AroundInterceptor(grpc.ServerInterceptor):  # type: ignore[misc]
    """Runs `around(method, context)` around every call of every method."""

    def __init__(self, around: Around) -> None:
        self._around = around

    def intercept_service(self, continuation: Callable[[Any], Any], details: Any) -> Any:
        """Called by gRPC when a call arrives."""
        handler = continuation(details)
        return None if handler is None else rebuilt(handler, _wrapped(handler, partial(self._around, details.method)))


def behaviour(handler: Any) -> Callable[[Any, Any], Any]:
    """The function of a handler: (request or iterator, context) to reply or iterator."""
    kinds = (handler.unary_unary, handler.unary_stream, handler.stream_unary, handler.stream_stream)
    found: Callable[[Any, Any], Any] = next(function for function in kinds if function)
    return found


def rebuilt(handler: Any, function: Any, deserializer: Any = None, *, streaming: bool | None = None) -> Any:
    """The same kind of handler around another function, on the same threads; `streaming` changes whether the function
    is given an iterator over requests."""
    for name in _MARKS:
        if hasattr(behaviour(handler), name) and not hasattr(function, name):
            setattr(function, name, getattr(behaviour(handler), name))
    kinds = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }
    many = handler.request_streaming if streaming is None else streaming
    make = kinds[bool(many), bool(handler.response_streaming)]
    return make(function, deserializer or handler.request_deserializer, handler.response_serializer)


def _wrapped(handler: Any, around: Callable[[ServicerContext], AbstractContextManager[None]]) -> Callable[..., Any]:
    function = behaviour(handler)

    def by_callback(request: Any, context: ServicerContext, send: Callable[[Any], None]) -> None:
        with around(context):
            function(request, context, send)  # type: ignore[call-arg]

    def single(request: Any, context: ServicerContext) -> Any:
        with around(context):
            return function(request, context)

    def stream(request: Any, context: ServicerContext) -> Iterator[Any]:
        with around(context):
            yield from function(request, context)

    if getattr(function, BY_CALLBACK, False):
        return by_callback
    return stream if handler.response_streaming else single
