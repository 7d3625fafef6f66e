"""Waiting for a round to be solved."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import typer

from service.cli.shared.progress import progress

if TYPE_CHECKING:
    from yiqi.v1.round_pb2 import Round

    from service.cli.shared.organizer import Organizer

_EVERY_SECONDS = 0.2


def wait_solved(organizer: Organizer, name: str) -> Round:
    """The round, once it is no longer being solved or repaired, with progress on stderr. Ctrl-C cancels it."""
    from yiqi.v1 import round_pb2 as pb

    busy = (pb.ROUND_STATE_SOLVING, pb.ROUND_STATE_REPAIRING)
    with progress() as report:
        try:
            while True:
                found: Round = organizer.client.rounds.GetRound(pb.GetRoundRequest(name=name)).round
                if found.state not in busy:
                    report("solving", 100, 100)
                    break
                report("solving", min(int(found.progress * 100), 99), 100)
                time.sleep(_EVERY_SECONDS)
        except KeyboardInterrupt:
            organizer.client.rounds.CancelRound(pb.CancelRoundRequest(name=name))
            typer.echo("cancelled", err=True)
            raise typer.Exit(1) from None
    if found.state == pb.ROUND_STATE_FAILED:
        where = f"{name.rpartition('/')[2]} --community {organizer.community}"
        typer.echo(f"yiqi: {found.problem}", err=True)
        typer.echo(
            f"The round is kept. Try again: yiqi round solve {where}\nOr drop it: yiqi round delete {where}", err=True
        )
        raise typer.Exit(1)
    return found
