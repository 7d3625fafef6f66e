"""Who calls, whether they may, how much they may, and the log of it: before anything else is done for a call."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from typing import Any

import grpc
from google.protobuf.message import Message
from grpc import ServicerContext

from service.access.access import Access
from service.access.audit import MOST_NAMED
from service.access.caller import Caller, called_by, calling
from service.access.standing import Standing
from service.api.interceptors.around import behaviour, rebuilt
from service.api.interceptors.lanes import LISTS
from service.api.interceptors.methods import HEALTH, OURS
from service.application import policies
from service.core.errors import AccessDenied, CommunityNotFound, YiqiError
from service.store.contract import Store

_OF_COMMUNITIES = ("communities/", "feed/", "data/")
_HEADER = "authorization"
_SCHEME = "bearer "


class StreamAccessInterceptor(grpc.ServerInterceptor):  # type: ignore[misc]
    """Opens streams only for callers whose token may make the call, within their quota: before one takes a place of
    others', and whether or not anything is ever sent over it. What may be asked for is left to `AccessInterceptor`.
    Raises NotAuthenticated, AccessDenied and QuotaExceeded in the call."""

    def __init__(self, access: Access, store: Store, streams: Collection[str]) -> None:
        """`streams` are the methods that stream: out here others may look as if they did, too."""
        self._access = access
        self._streams = streams
        self._standing = Standing(store)

    def intercept_service(self, continuation: Callable[[Any], Any], details: Any) -> Any:
        """Called by gRPC when a call arrives."""
        handler = continuation(details)
        if handler is None or details.method not in self._streams:
            return handler
        return rebuilt(handler, self._entered(handler, details.method.removeprefix(OURS)))

    def _entered(self, handler: Any, call: str) -> Callable[[Any, Any], Any]:
        function, each = behaviour(handler), call == LISTS.removeprefix(OURS)
        guard = _Guard(self._access, self._standing, call, stream=True)

        def entered(context: ServicerContext) -> AbstractContextManager[Caller | None]:
            return guard.entered(context) if self._access.asked() else nullcontext()

        def single(request: Any, context: ServicerContext) -> Any:
            with entered(context):
                return function(request, context)

        def stream(request: Any, context: ServicerContext) -> Iterator[Any]:
            with entered(context) as caller:
                for reply in function(request, context):
                    yield reply
                    if caller and each:
                        self._wait(caller, context)

        return stream if handler.response_streaming else single

    def _wait(self, caller: Caller, context: ServicerContext) -> None:
        """Until the caller may have one more answer, which counts as a call."""
        while context.is_active() and (wait := self._access.quotas.another(caller)):
            time.sleep(wait)


class AccessInterceptor(grpc.ServerInterceptor):  # type: ignore[misc]
    """Raises NotAuthenticated, AccessDenied, NotFound and QuotaExceeded from calls of this contract, as soon as a first
    token was created, which each call looks at: what is made around a method is kept. Health of a community shows
    itself to who has a token of it, and to others as unknown."""

    def __init__(self, access: Access, store: Store) -> None:
        self._access = access
        self._standing = Standing(store)

    def intercept_service(self, continuation: Callable[[Any], Any], details: Any) -> Any:
        """Called by gRPC when a call arrives."""
        handler = continuation(details)
        if handler is None:
            return handler
        if details.method.startswith(HEALTH):
            return rebuilt(handler, self._veiled(behaviour(handler)))
        if not details.method.startswith(OURS):
            return handler
        return rebuilt(handler, self._guarded(handler, details.method.removeprefix(OURS)))

    def _guarded(self, handler: Any, call: str) -> Callable[[Any, Any], Any]:
        function = behaviour(handler)
        streams = handler.request_streaming or handler.response_streaming
        guard = _Guard(self._access, self._standing, call, stream=streams)

        def single(request: Any, context: ServicerContext) -> Any:
            if not self._access.asked():
                return function(request, context)
            with guard.around(context) as checked:
                if handler.request_streaming:
                    return function(map(checked, request), context)
                return function(checked(request), context)

        def stream(request: Any, context: ServicerContext) -> Iterator[Any]:
            if not self._access.asked():
                yield from function(request, context)
                return
            with guard.around(context) as checked:
                pieces = map(checked, request) if handler.request_streaming else checked(request)
                for reply in function(pieces, context):
                    checked.still()
                    yield reply

        return stream if handler.response_streaming else single

    def _veiled(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """`send` is what Watch, which blocks no thread, gives its replies to."""

        def call(request: Any, context: ServicerContext, *send: Any) -> Any:
            of_community = self._access.asked() and request.service.startswith(_OF_COMMUNITIES)
            if of_community and not self._sees(request.service, context):
                request.service = _OF_COMMUNITIES[0]  # which is none, so the answer is that to any unknown name
            return function(request, context, *send)

        return call

    def _sees(self, service: str, context: ServicerContext) -> bool:
        try:
            caller = self._access.caller(_token(context), _peer(context), self._standing)
        except YiqiError:
            return False
        return caller.community in ("", service.partition("/")[2])


class _Guard:
    """What is done around each call of one method."""

    def __init__(self, access: Access, standing: Standing, call: str, *, stream: bool) -> None:
        self._access, self._standing, self._call, self._stream = access, standing, call, stream

    @contextmanager
    def entered(self, context: ServicerContext) -> Iterator[Caller]:
        """Who calls, for as long as the call lasts. Raises NotAuthenticated, QuotaExceeded, and AccessDenied for a
        stream that the role may never open."""
        caller = self._access.caller(_token(context), _peer(context), self._standing)
        with self._access.quotas.call(caller, stream=self._stream), called_by(caller):
            if self._stream:
                self._admit(caller)
            yield caller

    def _admit(self, caller: Caller) -> None:
        try:
            policies.admit(self._call, caller)
        except AccessDenied as error:
            place, named = self._standing.place(caller.community), [caller.member] if caller.member else []
            self._access.log.write(place, caller.token, self._call, error.status.name, named)
            raise

    @contextmanager
    def around(self, context: ServicerContext) -> Iterator[_Checked]:
        """From the token, or from who opened the stream, to the line in the log."""
        known = calling()
        # What a quota refuses is not logged: it would push everything else out.
        with nullcontext(known) if known else self.entered(context) as caller:
            checked = _Checked(self._access, self._standing, self._call, caller, self._stream)
            code = "INTERNAL"
            try:
                yield checked
                code = "OK"
            except YiqiError as error:
                code = error.status.name
                if isinstance(error, CommunityNotFound):
                    checked.mean(caller.community)  # no file for what is not there
                raise
            except GeneratorExit:
                code = "CANCELLED"
                raise
            finally:
                self._access.log.write(checked.place, caller.token, self._call, code, checked.named)


class _Checked:
    """Lets requests, and pieces of them, through that the caller may send."""

    def __init__(self, access: Access, standing: Standing, call: str, caller: Caller, stream: bool) -> None:
        self._access, self._standing, self._call, self._stream = access, standing, call, stream
        self._authorized = False
        self.caller = caller
        self.mean(caller.community)
        self.named = [caller.member] if caller.member else []

    def __call__(self, request: Any) -> Any:
        self.still()
        if isinstance(request, Message):  # what is none is refused by the checks of requests
            self._access.quotas.received(self.caller, request.ByteSize())
            # Later pieces of a stream may leave out the community.
            parent: str = getattr(request, "parent", "")
            if parent or not self._authorized:
                self._authorize(request)
            else:
                self._note(request)
        return request

    def still(self) -> None:
        """Raises NotAuthenticated when the token ended while a stream goes on."""
        if self._stream:
            self._access.still(self.caller)
            self._standing.check(self.caller)

    def mean(self, community: str) -> None:
        """Note which community the call is about, as it is now: after the call it may be deleted."""
        self.place = self._standing.place(community)

    def _authorize(self, request: Any) -> None:
        asked = policies.community_asked(self._call, request)
        if self.caller.community in ("", asked):  # else its ids mean nobody here
            self.mean(asked)
            self._note(request)
        policies.authorize(self._call, self.caller, asked, request)
        self._authorized = True

    def _note(self, request: Any) -> None:
        self.named += islice(policies.named(self._call, request), MOST_NAMED - len(self.named))


def _token(context: ServicerContext) -> str:
    """The text of the token that a call carries, "" for none."""
    value = next((value for key, value in context.invocation_metadata() if key == _HEADER), "")
    return value[len(_SCHEME) :].strip() if value[: len(_SCHEME)].lower() == _SCHEME else ""


def _peer(context: ServicerContext) -> str:
    """The address of who calls, without the port."""
    return str(context.peer()).rpartition(":")[0]
