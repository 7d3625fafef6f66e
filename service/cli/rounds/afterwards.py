"""`yiqi round due|answer`: what to ask people once a round is out, and what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.shared.files import AsRows
from service.cli.shared.options import CommunityId, Data, ReasonLanguage, Server, refuse


def due(
    community: CommunityId,
    round_: Annotated[
        str,
        typer.Argument(metavar="[ROUND]", help="Only about this round; else about everything."),
    ] = "",
    member: Annotated[str, typer.Option("--member", metavar="ID", help="Only what this one is asked.")] = "",
    language: ReasonLanguage = "en",
    format_: AsRows = "table",
    data: Data = None,
    server: Server = None,
) -> None:
    """What to ask people now: what came of a match, and whether a standing one goes on; each with a text to paste.

    As csv or jsonl it has a row for each person who is asked, with an empty answer: fill it in, and hand the file to
    `yiqi round answer --file`.

    Example: yiqi round due coffee-1 --community makers --format csv > answers.csv
    """
    from yiqi.v1.invitation_pb2 import ListDueRequest

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=False) as organizer:
        request = ListDueRequest(
            parent=organizer.parent,
            member=organizer.member_name(organizer.find(member, "member")) if member else "",
            language=f"LANGUAGE_{language.upper()}",
            source="INVITATION_SOURCE_ROUND" if round_ else None,
            ref=round_,
        )
        found = list(organizer.pages(organizer.client.invitations.ListDue, request, "due"))
        if format_ == "table":
            from service.cli.rounds.tables import print_due

            print_due(found, organizer.names)
        else:
            from service.cli.rounds.answers import COLUMNS, due_rows
            from service.cli.shared.files import print_rows

            print_rows(COLUMNS, due_rows(found, organizer.names), format_)


def answer(
    community: CommunityId,
    invitation: Annotated[
        str, typer.Argument(metavar="ROUND|INVITATION", help="The round, or the invitation as `due` names it.")
    ] = "",
    said: Annotated[
        str,
        typer.Argument(
            metavar="ANSWER",
            help="1 talked, 2 met, 3 met and want to again, 4 nothing; yes or no to an invitation; stay or leave.",
        ),
    ] = "",
    member: Annotated[str, typer.Option("--member", metavar="ID", help="Whose answer it is.")] = "",
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE.csv|FILE.jsonl",
            exists=True,
            dir_okay=False,
            help="Many answers: what `due --format csv` or jsonl wrote, with the column answer filled in.",
        ),
    ] = None,
    data: Data = None,
    server: Server = None,
) -> None:
    """Note what people answered to an invitation, a follow-up or a renewal.

    Of a file every row is checked before any is noted; one without an answer is passed over. Noting the same file
    again changes nothing.

    Example: yiqi round answer coffee-1 2 --member ann --community makers

    Example: yiqi round answer --file answers.csv --community makers
    """
    from service.cli.rounds.answering import invitation_of, note, understood
    from service.cli.rounds.answers import note_all, read_answers
    from service.cli.shared.organizer import open_organizer

    if file is not None:
        if invitation or said or member:
            refuse("say it in the file, or without --file", "file")
        rows = read_answers(file)
        with open_organizer(data, server, community, writes=True) as organizer:
            typer.echo(note_all(organizer, file, rows))
        return
    if not (invitation and said and member):
        refuse("say which round or invitation, what was answered, and with --member by whom; or give a --file")
    meant = understood(said)
    with open_organizer(data, server, community, writes=True) as organizer:
        who = organizer.find(member, "member")
        typer.echo(note(organizer, invitation_of(organizer, invitation, who), who, meant).sentence)
