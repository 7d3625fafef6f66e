"""What kind of call a method is, and the threads of each kind: whatever may last cannot take those of the rest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, TypeAlias

import grpc

from service.api.interceptors.around import POOL, behaviour, rebuilt
from service.api.interceptors.late import LateCalls
from service.api.interceptors.methods import HEALTH, OURS, REFLECTION
from service.api.interceptors.streams import Limits
from service.api.interceptors.threads import METHOD, REFUSING, CallThreads

Lane: TypeAlias = Literal["calls", "streams", "lists", "watching", "health", "health watching", "reflection"]
WATCHING = f"{OURS}RecommendationService/WatchIntroductions"
# Streams of replies that are computed one after the other, each when it is its turn.
LISTS = f"{OURS}RecommendationService/RecommendAll"
# Beyond the streams that may be open: on these threads a call learns that it is one too many.
TO_REFUSE = 4
SOON_OVER = ("calls", "health")
TO_HEALTH = 32


def lanes(streams: Collection[str]) -> Callable[[str], Lane]:
    """The lane of a method such as "/package.Service/Method"; `streams` are the methods of the contract that stream."""

    def lane(method: str) -> Lane:
        if method.startswith(HEALTH):
            return "health watching" if method == f"{HEALTH}Watch" else "health"
        if method.startswith(REFLECTION):
            return "reflection"
        if method == WATCHING:
            return "watching"
        if method == LISTS:
            return "lists"
        return "streams" if method in streams else "calls"

    return lane


class LanesInterceptor(grpc.ServerInterceptor):  # type: ignore[misc]
    """Runs each call on the threads of its lane; must be the outermost interceptor, since gRPC reads the threads off
    what it gets.

    What the others wrap around a method is made once for it and not for every call: they go by the method and the
    context, never by the details of one call.
    """

    def __init__(self, lane: Callable[[str], Lane], calls: int, limits: Mapping[str, Limits], late: LateCalls) -> None:
        """`calls` threads for calls, and for each lane with limits as many as may be open. Calls that are `late` get
        none."""
        self._lane = lane
        self._late = late
        self._made: dict[str, Any] = {}
        sizes: dict[str, int] = {name: one.open + TO_REFUSE for name, one in limits.items()}
        sizes |= {"calls": calls, "health": TO_HEALTH, "health watching": TO_HEALTH}
        self._pools = {
            name: CallThreads(size, f"rpc-{name}", stay=name in SOON_OVER, late=late.are if name == "calls" else None)
            for name, size in sizes.items()
        }

    def intercept_service(self, continuation: Callable[[Any], Any], details: Any) -> Any:
        """Called by gRPC when a call arrives."""
        made = self._made.get(details.method)
        if made is None and (handler := continuation(details)) is not None:
            made = self._made[details.method] = self._on_its_threads(handler, details.method)
        return made

    def _on_its_threads(self, handler: Any, method: str) -> Any:
        function = behaviour(handler)

        def call(*arguments: Any) -> Any:
            return function(*arguments)

        setattr(call, POOL, self._pools[self._lane(method)])
        setattr(call, METHOD, method)
        setattr(call, REFUSING, self._late.refusing(method))
        return rebuilt(handler, call)
