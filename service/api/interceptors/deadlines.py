"""How much time a call has left."""

from __future__ import annotations

from grpc import ServicerContext

DEFAULT_SECONDS = 30.0


def remaining(context: ServicerContext) -> float:
    """Seconds until the deadline of the call, never negative; 30 for a caller who set none."""
    left = context.time_remaining()
    return DEFAULT_SECONDS if left is None else max(0.0, float(left))
