"""One line a call: method, status code, milliseconds; and one a second for those that came to nothing under load. Never
what people wrote, nor ids."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import grpc
from grpc import ServicerContext

from service.api.interceptors.around import AroundInterceptor

EVERY_SECONDS = 1.0
# How calls end when there are too many of them: a line for each would cost more than to refuse it.
IN_VAIN = frozenset({"RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "CANCELLED"})
log = logging.getLogger("yiqi.rpc")


def logging_interceptor(in_vain: InVain) -> grpc.ServerInterceptor:
    """Logs every call when it ends; must be the outermost interceptor to see the status that the caller sees."""
    return AroundInterceptor(partial(_logged, in_vain))


class InVain:
    """Counts calls that came to nothing, by method and code. For any thread."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._told = 0.0
        self._lock = threading.Lock()

    def count(self, method: str, code: str) -> None:
        """One more; the first is told at once, others once a second."""
        with self._lock:
            self._counts[method, code] += 1
            now = time.monotonic()
            if now - self._told < EVERY_SECONDS:
                return
            self._told, counts, self._counts = now, self._counts, Counter()
        for (name, ended), count in counts.items():
            log.info("calls in vain", extra={"method": name, "code": ended, "count": count})


@contextmanager
def _logged(in_vain: InVain, method: str, context: ServicerContext) -> Iterator[None]:
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
        if code in IN_VAIN:
            in_vain.count(method, code)
        else:
            milliseconds = round((time.perf_counter() - began) * 1000, 3)
            log.info("call", extra={"method": method, "code": code, "ms": milliseconds})
