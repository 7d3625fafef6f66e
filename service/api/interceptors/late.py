"""Calls that come too late, while more is asked than can be done, are refused where they arrive.

A thread, a span and a line of the log for each of them would keep others from being answered. They are counted, and
told when to come back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from grpc import ServicerContext

from service.api.interceptors.errors import abort
from service.api.interceptors.logging import InVain
from service.core.backlog import Backlog
from service.core.gate import Gate

if TYPE_CHECKING:
    from service.core.metrics import Metrics

# What is run in place of the function of a method.
Refusing: TypeAlias = Callable[[Any, ServicerContext], NoReturn]


class LateCalls:
    """Which calls they are, and what becomes of them."""

    def __init__(self, gate: Gate, in_vain: InVain, metrics: Metrics | None) -> None:
        self._gate = gate
        self._backlog = Backlog()
        self._in_vain = in_vain
        self._metrics = metrics

    def are(self, method: str, seconds: float) -> bool:
        """Whether a call of a method, whose caller waits for so many seconds, is one of them."""
        pressed = self._gate.pressed()
        drained = self._backlog.drains(method, seconds, pressed)
        return drained or (pressed and self._gate.late(method, seconds))

    def refusing(self, method: str) -> Refusing:
        """What refuses calls of a method."""
        name = method.rpartition("/")[2]

        def refuse(_: Any, context: ServicerContext) -> NoReturn:
            error = self._gate.refusal()
            if self._metrics is not None:
                self._metrics.call(name, error.status.name, 0.0, error.reason)
            self._in_vain.count(method, error.status.name)
            abort(context, error)

        return refuse
