"""`yiqi round edit|solve|repair`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from service.cli.rounds.creating import RoundId, ShownAs
from service.cli.shared.options import CommunityId, Data, Server

Drop: TypeAlias = Annotated[list[str] | None, typer.Option("--drop", metavar="ID", help="Takes no part any more.")]


def edit(
    round_: RoundId,
    community: CommunityId,
    lock: Annotated[
        list[str] | None, typer.Option("--lock", metavar="MATCH", help="Keep this match, by number or id.")
    ] = None,
    unlock: Annotated[list[str] | None, typer.Option("--unlock", metavar="MATCH", help="Do not keep it.")] = None,
    swap: Annotated[list[str] | None, typer.Option("--swap", metavar="ID,ID", help="These two change places.")] = None,
    add: Annotated[
        list[str] | None, typer.Option("--add", metavar="ID[=MATCH]", help="Joins a match, or the next solving.")
    ] = None,
    move: Annotated[
        list[str] | None, typer.Option("--move", metavar="ID=MATCH", help="Leaves their match for this one.")
    ] = None,
    drop: Drop = None,
    pin: Annotated[
        list[str] | None, typer.Option("--pin", metavar="ID,ID", help="These meet; the match is locked.")
    ] = None,
    sitting: Annotated[int, typer.Option("--sitting", min=1, max=50, help="Of --swap and --pin.")] = 1,
    format_: ShownAs = "table",
    data: Data = None,
    server: Server = None,
) -> None:
    """Change a list by hand, all at once or not at all; then `solve` again, or publish it as it is.

    Done in this order: drop, add, move, swap, pin, unlock, lock. Blocks and firm rules hold here, too, and are named
    when they are in the way; what gives way is told. A match made by hand is locked (`*`).

    Example: yiqi round edit coffee-1 --community makers --lock 3 --swap ann,bo --drop cleo
    """
    from service.cli.rounds.editing import Edits, apply_edits
    from service.cli.rounds.showing import fetch
    from service.cli.rounds.showing import show as show_sheet
    from service.cli.shared.organizer import open_organizer

    edits = Edits(
        lock=lock or [], unlock=unlock or [], swap=swap or [], add=add or [], move=move or [], drop=drop or [],
        pin=pin or [], sitting=sitting - 1,
    )  # fmt: skip
    with open_organizer(data, server, community, writes=True) as organizer:
        warnings = apply_edits(organizer, round_, edits)
        show_sheet(fetch(organizer, round_), format_, texts=False)
    for sentence in warnings:
        typer.echo(f"Warning: {sentence}", err=True)
    where = f"{round_} --community {community}"
    typer.echo(f"Solve again: yiqi round solve {where}", err=True)
    typer.echo(f"Send it as it is: yiqi round publish {where}", err=True)


def solve(
    round_: RoundId,
    community: CommunityId,
    spec: Annotated[
        Path | None,
        typer.Option("--spec", metavar="FILE.json", exists=True, dir_okay=False, help="Ask for this from now on."),
    ] = None,
    discard_edits: Annotated[
        bool, typer.Option("--discard-edits", help="Forget what was locked, pinned, swapped and moved.")
    ] = False,
    format_: ShownAs = "table",
    data: Data = None,
    server: Server = None,
) -> None:
    """Solve again: locked matches and those made by hand stay, the others change as little as possible.

    Example: yiqi round solve coffee-1 --community makers
    """
    from yiqi.v1.round_pb2 import SolveRoundAgainRequest

    from service.api.round_codec import spec_message
    from service.cli.rounds.asking import wait_and_show
    from service.cli.rounds.editing import match_ids
    from service.cli.rounds.flags import called_by_id, spec_from
    from service.cli.shared.organizer import open_organizer

    wanted = spec_from(spec) if spec else None
    with open_organizer(data, server, community, writes=True) as organizer:
        asked = spec_message(called_by_id(wanted, organizer.find), community) if wanted else None
        request = SolveRoundAgainRequest(name=organizer.round_name(round_), spec=asked, discard_edits=discard_edits)
        before = match_ids(organizer, round_)
        organizer.client.rounds.SolveRoundAgain(request)
        wait_and_show(organizer, round_, format_, before=before)


def repair(
    round_: RoundId,
    community: CommunityId,
    drop: Drop = None,
    add: Annotated[list[str] | None, typer.Option("--add", metavar="ID", help="Comes in.")] = None,
    format_: ShownAs = "table",
    texts: Annotated[
        bool, typer.Option("--texts", help="Instead of the list, the texts for those who need one.")
    ] = False,
    data: Data = None,
    server: Server = None,
) -> None:
    """After publishing, make up for those who dropped out, with as few changes as possible; say who needs a new text.

    Example: yiqi round repair coffee-1 --community makers --drop cleo --add bo
    """
    from yiqi.v1.round_pb2 import RepairRoundRequest

    from service.cli.rounds.asking import wait_and_show
    from service.cli.rounds.showing import fetch
    from service.cli.rounds.texting import print_texts, tell_anew
    from service.cli.rounds.waiting import wait_solved
    from service.cli.shared.organizer import open_organizer
    from service.rendering.texts import new_texts

    with open_organizer(data, server, community, writes=True) as organizer:
        request = RepairRoundRequest(
            name=organizer.round_name(round_),
            drop=[organizer.member_name(organizer.find(one, "drop")) for one in drop or ()],
            add=[organizer.member_name(organizer.find(one, "add")) for one in add or ()],
        )
        before = fetch(organizer, round_, reasons=False)
        organizer.client.rounds.RepairRound(request)
        if texts:
            wait_solved(organizer, organizer.round_name(round_))
            print_texts(new_texts(fetch(organizer, round_), before))
        else:
            after = wait_and_show(organizer, round_, format_, before=[line.id for line in before.lines])
            tell_anew(new_texts(after, before), round_, community)
