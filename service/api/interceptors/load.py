"""How much a server does at once, out of its settings."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from service.api.interceptors.streams import Limits
from service.core.gate import Gate
from service.core.settings import Settings

# Whoever asks what the service is like is done in no time.
REFLECTIONS, REFLECTION_SECONDS = 16, 60.0
# Streams of lists, which compute as long as they last; of one community, and of one token.
LISTS, LISTS_OF_COMMUNITY, LISTS_OF_TOKEN = 8, 4, 2
HEALTH_WATCHERS = 1024  # they hold no threads
NO_IDLE = float("inf")


def _usual(name: str) -> Any:
    return Settings.model_fields[name].default


@dataclass(frozen=True, slots=True)
class Load:
    """The settings of the same names."""

    workers: int = _usual("workers")
    queue_seconds: float = _usual("queue_seconds")
    streams: int = _usual("streams")
    watchers: int = _usual("watchers")
    stream_idle_seconds: float = _usual("stream_idle_seconds")
    stream_seconds: float = _usual("stream_seconds")
    connection_seconds: float = _usual("connection_seconds")

    def gate(self, waiting: int, away: int) -> Gate:
        """An eighth of the places for any one community: what it asks cannot make those of others slow."""
        share = max(2, self.workers // 8)
        return Gate(self.workers, share=share, seconds=self.queue_seconds, waiting=waiting, away=away)

    def limits(self) -> dict[str, Limits]:
        """Of streams, by lane."""
        idle, seconds = self.stream_idle_seconds, self.stream_seconds
        return {
            "streams": Limits(self.streams, idle, seconds, of_community=_half(self.streams)),
            "lists": Limits(LISTS, idle, seconds, LISTS_OF_TOKEN, LISTS_OF_COMMUNITY),
            "watching": Limits(self.watchers, idle, seconds, of_community=_half(self.watchers)),
            "health watching": Limits(HEALTH_WATCHERS, NO_IDLE, NO_IDLE),
            "reflection": Limits(REFLECTIONS, min(idle, REFLECTION_SECONDS), REFLECTION_SECONDS),
        }


def _half(places: int) -> int:
    """What one community may have of them, so that there is room for others."""
    return max(1, places // 2)


USUAL_LOAD = Load()


def load_of(settings: Settings) -> Load:
    """What the settings say."""
    return Load(**{field.name: getattr(settings, field.name) for field in fields(Load)})
