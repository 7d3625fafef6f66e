"""What a connector is: something that listens to one platform until it is told to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Protocol, TypeAlias

from service.connectors.bookmark import Bookmark
from service.connectors.forward import Forwarder

Say: TypeAlias = Callable[[str], None]
LOOK_SECONDS = 1.0  # a signal that the system hands to another thread wakes nobody who waits without an end


class ConnectorError(Exception):
    """Listening cannot go on; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Listening:
    """What a connector is given: whom it tells, when it has to end, and where it notes how far it came.

    `say` takes a line for whoever runs it, without names of people or words of theirs.
    """

    forward: Forwarder
    stopped: Event
    bookmark: Bookmark
    say: Say

    def wait(self) -> None:
        """Until it has to end."""
        while not self.stopped.wait(LOOK_SECONDS):
            pass


class Connector(Protocol):
    """One platform."""

    def run(self, listening: Listening) -> None:
        """Listens until it is stopped, through lost connections. Raises ConnectorError.

        What was heard is acknowledged to the platform, or noted as heard, only after `forward` returned.
        """
