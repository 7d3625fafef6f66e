"""Exceptions to gRPC statuses, by the table in `service.core.errors`."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import NoReturn

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc import ServicerContext

from service.api.interceptors.around import AroundInterceptor
from service.core.errors import Overloaded, QuotaExceeded, ResourceExhausted, StreamCancelled, YiqiError
from service.core.faults import outline

DOMAIN = "yiqi.v1"
REASON_KEY = "yiqi-reason"
PUSHBACK_KEY = "grpc-retry-pushback-ms"
DETAILS_KEY = "grpc-status-details-bin"

log = logging.getLogger("yiqi.rpc")


def error_interceptor() -> grpc.ServerInterceptor:
    """Turns what a call raises into a status with reason and sentence; unknown exceptions become INTERNAL."""
    return AroundInterceptor(_translated)


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
        log.error("fault", extra={"method": method, "incident": incident, "fault": outline(fault)})
        abort(context, YiqiError(incident))


def abort(context: ServicerContext, error: YiqiError) -> NoReturn:
    """End the call with the error's status, sentence and reason."""
    code = grpc.StatusCode[error.status.name]
    made = _remembered if isinstance(error, Overloaded) else _details
    details = made(code, error.sentence, error.reason, round(error.retry_after * 1000))
    context.set_trailing_metadata(((REASON_KEY, error.reason), (DETAILS_KEY, details), *_pushback(error)))
    context.abort(code, error.sentence)
    raise AssertionError("abort returned")


def _details(code: grpc.StatusCode, sentence: str, reason: str, retry_milliseconds: int) -> bytes:
    """A `google.rpc.Status`."""
    details = Status(code=code.value[0], message=sentence)
    details.details.append(_packed(ErrorInfo(reason=reason, domain=DOMAIN)))
    if retry_milliseconds:
        info = RetryInfo()
        info.retry_delay.FromMilliseconds(retry_milliseconds)
        details.details.append(_packed(info))
    packed: bytes = details.SerializeToString()
    return packed


# Under load the same few are sent again and again. What else is sent may hold ids, which nothing should keep.
_remembered = lru_cache(1024)(_details)


def _packed(message: Message) -> AnyMessage:
    packed = AnyMessage()
    packed.Pack(message)
    return packed


def _pushback(error: YiqiError) -> tuple[tuple[str, str], ...]:
    """What gRPC's own retries go by: the pause in milliseconds, or that it is of no use to repeat the call."""
    if not isinstance(error, ResourceExhausted):
        return ()
    return (
        (PUSHBACK_KEY, str(round(error.retry_after * 1000)) if isinstance(error, Overloaded | QuotaExceeded) else "-1"),
    )
