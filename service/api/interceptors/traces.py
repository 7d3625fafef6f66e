"""Every call is a span, part of its caller's trace where the header `traceparent` names one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from grpc import ServicerContext

from service.api.interceptors.around import AroundInterceptor
from service.core import traces


def traces_interceptor() -> grpc.ServerInterceptor:
    """Must be the outermost interceptor, so that all log lines of a call name its trace."""
    return AroundInterceptor(_traced)


@contextmanager
def _traced(method: str, context: ServicerContext) -> Iterator[None]:
    parent = next((value for key, value in context.invocation_metadata() if key == traces.PARENT), "")
    with traces.call(method, parent) as span:
        try:
            yield
        finally:
            code = context.code()
            if code is not None:
                span.set_attribute("rpc.grpc.status_code", code.value[0])
