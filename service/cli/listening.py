"""`yiqi listen`: hears a platform as people speak there."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from service.cli.shared.options import SERVER_SECONDS, CommunityId, settings_for

if TYPE_CHECKING:
    from service.connectors.listening import Listening

_EVERY = 600.0  # seconds between two lines that say what was understood


def listen(
    platform: Annotated[
        Literal["slack", "discord", "matrix", "feishu"], typer.Argument(help="Where people speak.", show_choices=True)
    ],
    server: Annotated[str, typer.Option("--server", metavar="HOST:PORT", help="The running server that is told.")],
    community: CommunityId,
    consent: Annotated[
        Literal["organizers", "members"],
        typer.Option("--consent", help="Whom people who are new here may be shown to."),
    ] = "organizers",
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="FILE", help="Where it notes how far it came; else in the data folder."),
    ] = None,
) -> None:
    """Hear what is said on a platform, as it is said, until SIGTERM or ctrl-C.

    Tokens come from the environment; docs/connectors.md says which, and what to click. What is heard gets the same ids
    as from an export, so that both may be used beside each other.

    Example: SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… yiqi listen slack --server 127.0.0.1:50551 --community makers
    """
    from service.cli.shared.connecting import connect
    from service.connectors.bookmark import Bookmark
    from service.connectors.door import Door, Stopped
    from service.connectors.forward import Forwarder
    from service.connectors.listening import Listening
    from service.connectors.platforms import connector

    found, stopped = connector(platform), _stopped_by_signals()
    place = state or settings_for(None).data / "listening" / f"{platform}-{community}"
    with connect(server, SERVER_SECONDS) as client:
        try:
            forward = Forwarder(Door(client, community, stopped, _say), platform, consent)
            listening = Listening(forward, stopped, Bookmark(place), _say)
            Thread(target=_tell, args=(listening,), daemon=True).start()
            found.run(listening)
        except Stopped:
            pass
        _say(f"stopped; heard: {forward.understood()}")


def _stopped_by_signals() -> Event:
    stopped = Event()

    def on_signal(*_: object) -> None:
        # Handlers run in the thread that waits, perhaps while it holds the event's own lock.
        Thread(target=stopped.set, daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    return stopped


def _tell(listening: Listening) -> None:
    while not listening.stopped.wait(_EVERY):
        listening.say(f"heard so far: {listening.forward.understood()}")


def _say(line: str) -> None:
    typer.echo(line, err=True)
