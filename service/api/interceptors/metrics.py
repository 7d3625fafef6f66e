"""Every call is measured: how long it took, how it ended, and for which reason it was refused."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import grpc
from grpc import ServicerContext

from service.api.interceptors.around import AroundInterceptor
from service.api.interceptors.errors import REASON_KEY

if TYPE_CHECKING:
    from service.core.metrics import Metrics


def metrics_interceptor(metrics: Metrics) -> grpc.ServerInterceptor:
    """Must stand outside whatever refuses calls, to see what the caller sees."""
    return AroundInterceptor(partial(_timed, metrics))


@contextmanager
def _timed(metrics: Metrics, method: str, context: ServicerContext) -> Iterator[None]:
    began = time.perf_counter()
    ended = "UNKNOWN"
    try:
        yield
        ended = "OK"
    finally:
        code, name = context.code(), method.rpartition("/")[2]
        seconds = time.perf_counter() - began
        metrics.call(name, code.name if code is not None else ended, seconds, _reason(context) if code else "")


def _reason(context: ServicerContext) -> str:
    return next((str(value) for key, value in context.trailing_metadata() or () if key == REASON_KEY), "")
