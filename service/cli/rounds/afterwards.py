"""`yiqi round due|answer`: what to ask people once a round is out, and what they say."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.options import CommunityId, Data, ReasonLanguage, Server


def due(
    community: CommunityId,
    member: Annotated[str, typer.Option("--member", metavar="ID", help="Only what this one is asked.")] = "",
    language: ReasonLanguage = "en",
    data: Data = None,
    server: Server = None,
) -> None:
    """What to ask people now: what came of a match, and whether a standing one goes on; each with a text to paste.

    Example: yiqi round due --community makers
    """
    from yiqi.v1.invitation_pb2 import ListDueRequest

    from service.cli.rounds.door import open_rounds
    from service.cli.rounds.tables import print_due

    with open_rounds(data, server, community, writes=False) as organizer:
        request = ListDueRequest(
            parent=organizer.parent,
            member=organizer.member_name(organizer.find(member, "member")) if member else "",
            language=f"LANGUAGE_{language.upper()}",
        )
        print_due(list(organizer.pages(organizer.client.invitations.ListDue, request, "due")), organizer.names)


def answer(
    invitation: Annotated[
        str, typer.Argument(metavar="ROUND|INVITATION", help="The round, or the invitation as `due` names it.")
    ],
    said: Annotated[
        str,
        typer.Argument(
            metavar="ANSWER",
            help="1 talked, 2 met, 3 met and want to again, 4 nothing; yes or no to an invitation; stay or leave.",
        ),
    ],
    member: Annotated[str, typer.Option("--member", metavar="ID", help="Whose answer it is.")],
    community: CommunityId,
    data: Data = None,
    server: Server = None,
) -> None:
    """Note what somebody answered to an invitation, a follow-up or a renewal.

    Example: yiqi round answer coffee-1 2 --member ann --community makers
    """
    from service.cli.rounds.answering import invitation_of, note, understood

    meant = understood(said)
    from service.cli.rounds.door import open_rounds

    with open_rounds(data, server, community, writes=True) as organizer:
        who = organizer.find(member, "member")
        typer.echo(note(organizer, invitation_of(organizer, invitation, who), who, meant))
