"""`yiqi propose`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from service.cli.shared.options import CommunityId, Data, Server, refuse

if TYPE_CHECKING:
    from yiqi.v1.recommendation_pb2 import ProposeProjectsResponse

    from service.cli.shared.organizer import Organizer


class Asked(NamedTuple):
    """What the proposals are asked for with."""

    member: str | None
    limit: int
    seed: int
    language: Literal["en", "zh"]


def propose(
    community: CommunityId,
    member: Annotated[
        str | None,
        typer.Option("--member", metavar="ID", help="For this member, by id or name; else for the community."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=20, help="How many proposals.")] = 5,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=2**31 - 1, help="Another number, other themes and people.")
    ] = 0,
    language: Annotated[Literal["en", "zh"], typer.Option("--language", help="Language of the proposals.")] = "en",
    send: Annotated[
        str,
        typer.Option("--send", metavar="PROPOSAL", help="Invite the team of the one with this id."),
    ] = "",
    audience: Annotated[
        Literal["organizers", "members"],
        typer.Option("--for", help="Who reads it; for members nothing is told that only organizers may know."),
    ] = "organizers",
    format_: Annotated[
        Literal["table", "json"], typer.Option("--format", help="For people or for programs.")
    ] = "table",
    data: Data = None,
    server: Server = None,
) -> None:
    """New things to do together: a theme, a small team, what each brings and gets, and a first step.

    With --send, and the other options as they were, the team of one is invited, and you read whom to send which text.
    It is sent as it reads --for members.

    Example: yiqi propose --community makers --limit 3 --language zh
    """
    from service.cli.shared.organizer import open_organizer

    asked = Asked(member, limit, seed, language)
    if send:
        _send(data, server, community, send, asked)
        return
    with open_organizer(data, server, community, writes=False) as organizer:
        whose = organizer.find(member) if member is not None else ""
        found = _ask(organizer, whose, asked, audience)
    if format_ == "json":
        import orjson
        from google.protobuf.json_format import MessageToDict

        values = [MessageToDict(one, preserving_proto_field_name=True) for one in found.proposals]
        typer.echo(orjson.dumps({"proposals": values, "fewer": found.fewer}, option=orjson.OPT_INDENT_2).decode())
    else:
        _print(found, language)


def _send(data: Path | None, server: str | None, community: str, id: str, asked: Asked) -> None:
    from yiqi.client import id_of

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=True) as organizer:
        whose = organizer.find(asked.member, "member") if asked.member else ""
        found = {one.proposal_id: one for one in _ask(organizer, whose, asked, "members").proposals}
        if id not in found:
            refuse(
                f"{id} is none of the proposals for members with these options, or was sent before; "
                "see them with --for members",
                "send",
            )
        proposal = found[id]
        invitation = id_of(organizer.client.send_proposal(community, proposal).invitation)
        team = [id_of(one.member) for one in proposal.members]
        called = ", ".join(map(organizer.called, team))
    typer.echo(f"Invited, the first to lead: {called}")
    typer.echo("The text for each of them:\n")
    typer.echo("\n".join(filter(None, (proposal.title, proposal.text, proposal.first_step))))
    typer.echo(f"\nWhat they say: yiqi round answer {invitation} yes --member {team[0]} --community {community}")


def _ask(
    organizer: Organizer, member: str, asked: Asked, audience: Literal["organizers", "members"]
) -> ProposeProjectsResponse:
    from yiqi.v1 import recommendation_pb2 as pb

    return organizer.client.propose_projects(
        organizer.community,
        member=member,
        limit=asked.limit,
        seed=asked.seed,
        language=pb.LANGUAGE_ZH if asked.language == "zh" else pb.LANGUAGE_EN,
        audience=pb.AUDIENCE_MEMBERS if audience == "members" else pb.AUDIENCE_ORGANIZERS,
    )


def _print(found: ProposeProjectsResponse, language: Literal["en", "zh"]) -> None:
    from rich.console import Console

    from service.cli.shared.prose import Prose, indented

    console = Console(highlight=False)
    first = {"en": "first step: ", "zh": "第一步："}[language]
    for number, one in enumerate(found.proposals, 1):
        console.print(Prose(f"{number}. {one.title} · {one.score:.2f}", style="bold"))
        if len(one.words) > 1:  # one alone is in the title
            console.print(indented(Prose(" · ".join(one.words), style="dim")))
        for line in one.text.splitlines():
            console.print(indented(Prose(line)))
        console.print(indented(Prose(f"{first}{one.first_step}")))
        console.print(indented(Prose(f"id: {one.proposal_id}", style="dim")))
    if found.fewer:
        console.print(Prose(found.fewer))
