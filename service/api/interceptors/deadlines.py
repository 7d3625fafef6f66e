"""How much time a call has left."""

from __future__ import annotations

from grpc import ServicerContext

DEFAULT_SECONDS = 120.0
# gRPC says of a caller who set no deadline that ages are left, more than a thread can be told to wait.
AGES = 1e8


def remaining(context: ServicerContext) -> float:
    """Seconds until the deadline of the call, never negative; two minutes for a caller who set none."""
    left = context.time_remaining()
    return DEFAULT_SECONDS if left is None or left > AGES else max(0.0, float(left))
