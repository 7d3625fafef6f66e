"""How much a server does at once, out of its settings."""

from __future__ import annotations

from dataclasses import dataclass

from service.api.interceptors.streams import Limits
from service.core.gate import Gate
from service.core.settings import Settings

# Whoever asks what the service is like is done in no time.
REFLECTIONS, REFLECTION_SECONDS = 16, 60.0
HEALTH_WATCHERS = 1024  # they hold no threads
NO_IDLE = float("inf")


@dataclass(frozen=True, slots=True)
class Load:
    """See the settings of the same names."""

    workers: int = 16
    queue_seconds: float = 2.0
    streams: int = 32
    watchers: int = 64
    stream_idle_seconds: float = 60.0
    stream_seconds: float = 3600.0
    connection_seconds: float = 14_400.0

    def gate(self, waiting: int) -> Gate:
        """An eighth of the places for any one community: what it asks cannot make those of others slow."""
        share = max(2, self.workers // 8)
        return Gate(self.workers, share=share, seconds=self.queue_seconds, waiting=waiting)

    def limits(self) -> dict[str, Limits]:
        """Of streams, by lane."""
        return {
            "streams": Limits(self.streams, self.stream_idle_seconds, self.stream_seconds),
            "watching": Limits(self.watchers, self.stream_idle_seconds, self.stream_seconds),
            "health watching": Limits(HEALTH_WATCHERS, NO_IDLE, NO_IDLE),
            "reflection": Limits(REFLECTIONS, min(self.stream_idle_seconds, REFLECTION_SECONDS), REFLECTION_SECONDS),
        }


USUAL_LOAD = Load()


def load_of(settings: Settings) -> Load:
    """What the settings say."""
    return Load(
        workers=settings.workers,
        queue_seconds=settings.queue_seconds,
        streams=settings.streams,
        watchers=settings.watchers,
        stream_idle_seconds=settings.stream_idle_seconds,
        stream_seconds=settings.stream_seconds,
        connection_seconds=settings.connection_seconds,
    )
