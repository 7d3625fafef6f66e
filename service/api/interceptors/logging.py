"""One line a call: method, status code, milliseconds. Never what people wrote, nor ids."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import grpc
from grpc import ServicerContext

from service.api.interceptors.around import Around, AroundInterceptor

log = logging.getLogger("yiqi.rpc")


def logging_interceptor() -> grpc.ServerInterceptor:
    """Logs every call when it ends; must be the outermost interceptor to see the status that the caller sees."""
    return AroundInterceptor(_around)


def _around(method: str) -> Around:
    def around(context: ServicerContext) -> AbstractContextManager[None]:
        return _logged(method, context)

    return around


@contextmanager
def _logged(method: str, context: ServicerContext) -> Iterator[None]:
    began = time.perf_counter()
    code = "OK"
    try:
        yield
    except BaseException:
        code = "UNKNOWN"
        raise
    finally:
        if context.code() is not None:
            code = context.code().name
        milliseconds = round((time.perf_counter() - began) * 1000, 3)
        log.info("call", extra={"method": method, "code": code, "ms": milliseconds})
