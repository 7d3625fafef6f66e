"""Every reply says in its header which version answered: `yiqi-version`."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import grpc
from grpc import ServicerContext

from service.api.interceptors.around import AroundInterceptor
from service.core.version import running_version

HEADER = "yiqi-version"


def version_interceptor() -> grpc.ServerInterceptor:
    """Sends the header before a call is answered, also where it fails."""
    return AroundInterceptor(_around)


def _around(method: str, context: ServicerContext) -> AbstractContextManager[None]:
    context.send_initial_metadata(((HEADER, running_version()),))
    return nullcontext()
