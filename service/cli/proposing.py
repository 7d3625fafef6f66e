"""`yiqi propose`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from service.cli.options import SERVER_SECONDS, CommunityId, Data, Server, one_door, settings_for

if TYPE_CHECKING:
    from yiqi.v1.proposal_pb2 import Proposal


def propose(
    community: CommunityId,
    member: Annotated[
        str | None, typer.Option("--member", metavar="ID", help="For this member; else for the community.")
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
    one_door(data, server)
    found = (
        _from_server(server, community, member or "", limit, seed, language)
        if server is not None
        else _from_data(data, community, member or "", limit, seed, language)
    )
    if format_ == "json":
        import orjson
        from google.protobuf.json_format import MessageToDict

        values = [MessageToDict(one, preserving_proto_field_name=True) for one in found]
        typer.echo(orjson.dumps({"proposals": values}, option=orjson.OPT_INDENT_2).decode())
    else:
        _print(found, language)


def _from_server(server: str, community: str, member: str, limit: int, seed: int, language: str) -> list[Proposal]:
    from yiqi.client import YiqiClient
    from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS, Language

    spoken: Any = Language.Value(f"LANGUAGE_{language.upper()}")
    with YiqiClient(server, timeout=SERVER_SECONDS) as client:
        reply = client.propose_projects(
            community, member=member, limit=limit, seed=seed, language=spoken, audience=AUDIENCE_ORGANIZERS
        )
        return list(reply.proposals)


def _from_data(
    data: Path | None, community: str, member: str, limit: int, seed: int, language: Literal["en", "zh"]
) -> list[Proposal]:
    from models.proposals.requests import Wish
    from service.runtime import open_readonly
    from service.servicers.proposal_messages import proposal_message
    from service.store.sql import SqlStore
    from service.usecases.proposals import propose_projects

    settings = settings_for(data)
    wish = Wish(member=member, limit=limit, seed=seed, language=language, audience="organizers")
    with closing(SqlStore(settings.database, read_only=True)) as store:
        store.head(community)
        with closing(open_readonly(settings.data, settings)) as runtime:
            answer = propose_projects(store, runtime, community, wish)
    return [proposal_message(one, community) for one in answer.proposed.proposals]


def _print(found: list[Proposal], language: Literal["en", "zh"]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    nothing = {"en": "Nothing that several people share well enough.", "zh": "还没有几个人足够共同关心的事。"}
    first = {"en": "first step: ", "zh": "第一步："}[language]
    if not found:
        console.print(nothing[language])
    for number, one in enumerate(found, 1):
        console.print(Text(f"{number}. {one.title}", style="bold"), Text(f"{one.score:.2f}", style="dim"))
        console.print(Text("   " + " · ".join(one.words), style="dim"))
        for line in one.text.splitlines():
            console.print(Text(f"   {line}"))
        console.print(Text(f"   {first}{one.first_step}"))
        console.print(Text(f"   {one.proposal_id}", style="dim"))
