"""Exceptions to gRPC statuses, by the table in `service.core.errors`."""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NoReturn

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc import ServicerContext

from service.api.interceptors.around import Around, AroundInterceptor
from service.core.errors import StreamCancelled, YiqiError

DOMAIN = "yiqi.v1"
REASON_KEY = "yiqi-reason"
DETAILS_KEY = "grpc-status-details-bin"

log = logging.getLogger("yiqi.rpc")


def error_interceptor() -> grpc.ServerInterceptor:
    """Turns what a call raises into a status with reason and sentence; unknown exceptions become INTERNAL."""
    return AroundInterceptor(_around)


def _around(method: str) -> Around:
    def around(context: ServicerContext) -> AbstractContextManager[None]:
        return _translated(method, context)

    return around


@contextmanager
def _translated(method: str, context: ServicerContext) -> Iterator[None]:
    try:
        yield
    except YiqiError as error:
        if error.debug:
            log.info("refused", extra={"method": method, "reason": error.reason, "debug": error.debug})
        abort(context, error)
    except grpc.RpcError:
        # The request stream broke off: the caller cancelled, left, or its deadline passed.
        abort(context, StreamCancelled("The stream"))
    except Exception as fault:
        if context.code() is not None:
            raise  # aborted already
        incident = uuid.uuid4().hex[:12]
        log.error("fault", extra={"method": method, "incident": incident, "fault": _without_text(fault)})
        abort(context, YiqiError(incident))


def abort(context: ServicerContext, error: YiqiError) -> NoReturn:
    """End the call with the error's status, sentence and reason."""
    code = grpc.StatusCode[error.status.name]
    details = Status(code=code.value[0], message=error.sentence)
    _add(details, ErrorInfo(reason=error.reason, domain=DOMAIN))
    if error.retry_seconds:
        delay = Duration()
        delay.FromMilliseconds(max(1, round(error.retry_seconds * 1000)))
        _add(details, RetryInfo(retry_delay=delay))
    context.set_trailing_metadata(((REASON_KEY, error.reason), (DETAILS_KEY, details.SerializeToString())))
    context.abort(code, error.sentence)
    raise AssertionError("abort returned")


def _add(details: Status, detail: Any) -> None:
    packed = AnyMessage()
    packed.Pack(detail)
    details.details.append(packed)


def _without_text(fault: BaseException) -> str:
    # The message of an exception may quote what people wrote, so only its type and the lines of code are kept.
    frames = traceback.extract_tb(fault.__traceback__)
    places = (f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(fault).__module__}.{type(fault).__qualname__} at " + " > ".join(places)
