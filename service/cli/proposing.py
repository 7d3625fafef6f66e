"""`yiqi propose`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from service.cli.options import CommunityId, Data, Server

if TYPE_CHECKING:
    from yiqi.v1.recommendation_pb2 import ProposeProjectsResponse


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
    format_: Annotated[
        Literal["table", "json"], typer.Option("--format", help="For people or for programs.")
    ] = "table",
    data: Data = None,
    server: Server = None,
) -> None:
    """New things to do together: a theme, a small team, what each brings and gets, and a first step.

    Example: yiqi propose --community makers --limit 3 --language zh
    """
    from models.proposals.requests import Wish
    from service.cli.doors import open_door

    with open_door(data, server, community) as door:
        whose = door.member_called(member) if member is not None else ""
        wish = Wish(member=whose, limit=limit, seed=seed, language=language, audience="organizers")
        found = door.propose(wish)
    if format_ == "json":
        import orjson
        from google.protobuf.json_format import MessageToDict

        values = [MessageToDict(one, preserving_proto_field_name=True) for one in found.proposals]
        typer.echo(orjson.dumps({"proposals": values, "fewer": found.fewer}, option=orjson.OPT_INDENT_2).decode())
    else:
        _print(found, language)


def _print(found: ProposeProjectsResponse, language: Literal["en", "zh"]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    first = {"en": "first step: ", "zh": "第一步："}[language]
    for number, one in enumerate(found.proposals, 1):
        console.print(Text(f"{number}. {one.title}", style="bold"), Text(f"{one.score:.2f}", style="dim"))
        if len(one.words) > 1:  # one alone is in the title
            console.print(Text("   " + " · ".join(one.words), style="dim"))
        for line in one.text.splitlines():
            console.print(Text(f"   {line}"))
        console.print(Text(f"   {first}{one.first_step}"))
        console.print(Text(f"   {one.proposal_id}", style="dim"))
    if found.fewer:
        console.print(Text(found.fewer))
