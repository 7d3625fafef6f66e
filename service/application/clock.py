"""Stated times move the clock of a community, so none may lie ahead of the server."""

from __future__ import annotations

from models.domain.records import Micros
from service.core.bounds import FUTURE_MICROS
from service.core.errors import InvalidArgument


def require_past(time: Micros | None, now: Micros) -> None:
    """Raises InvalidArgument for a time before 1970 (TIME_TOO_EARLY) or over 5 minutes after `now` (TIME_IN_FUTURE)."""
    if time is None:
        return
    if time < 0:
        raise InvalidArgument("The time", reason="TIME_TOO_EARLY")
    if time > now + FUTURE_MICROS:
        raise InvalidArgument("The time", reason="TIME_IN_FUTURE")
