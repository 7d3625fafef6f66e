"""`yiqi suggestions list|confirm|strike`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from service.cli.shared.groups import Group
from service.cli.shared.options import CommunityId, Data, Format, Server

if TYPE_CHECKING:
    from yiqi.v1.member_pb2 import Suggestion

app = typer.Typer(
    cls=Group,
    help="What Yiqi read out of members' own words, for an organizer to confirm or strike.\n\n"
    "Example: yiqi suggestions list --community makers",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Ids: TypeAlias = Annotated[list[str], typer.Argument(metavar="SUGGESTION...", help="Ids, as `list` shows them.")]


@app.command("list")
def list_(
    community: CommunityId,
    member: Annotated[str, typer.Option("--member", metavar="ID", help="Only of this member, by id or name.")] = "",
    state: Annotated[
        Literal["open", "confirmed", "struck", "all"], typer.Option("--state", help="Only in this state.")
    ] = "open",
    format_: Format = "table",
    data: Data = None,
    server: Server = None,
) -> None:
    """Show suggestions, with the message that each was read from.

    Example: yiqi suggestions list --community makers --member ann
    """
    from yiqi.v1.member_pb2 import ListSuggestionsRequest

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=False) as organizer:
        request = ListSuggestionsRequest(
            parent=organizer.member_name(organizer.find(member) if member else "-"),
            state="SUGGESTION_STATE_UNSPECIFIED" if state == "all" else f"SUGGESTION_STATE_{state.upper()}",
        )
        found = list(organizer.pages(organizer.client.members.ListSuggestions, request, "suggestions"))
    if format_ == "jsonl":
        _write_lines(found)
    else:
        _print_table(found)


@app.command()
def confirm(community: CommunityId, suggestions: Ids, data: Data = None, server: Server = None) -> None:
    """Make suggestions statements of their members, who agreed.

    Example: yiqi suggestions confirm --community makers 5f1c2a90d3
    """
    _decide("Confirm", community, suggestions, data, server)


@app.command()
def strike(community: CommunityId, suggestions: Ids, data: Data = None, server: Server = None) -> None:
    """Refuse suggestions for good: they count for nothing and never come back.

    Example: yiqi suggestions strike --community makers 5f1c2a90d3
    """
    _decide("Strike", community, suggestions, data, server)


def _decide(what: Literal["Confirm", "Strike"], community: str, ids: list[str], data: Data, server: Server) -> None:
    from yiqi.v1 import member_pb2 as pb

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=True) as organizer:
        for id in ids:
            request = getattr(pb, f"{what}SuggestionRequest")(name=f"{organizer.member_name('-')}/suggestions/{id}")
            decided = _line(getattr(organizer.client.members, f"{what}Suggestion")(request).suggestion)
            typer.echo(f"{decided['state']}: {decided['member']} {decided['field']}: {decided['text']}")


def _line(one: Suggestion) -> dict[str, str]:
    from yiqi.client import id_of

    from service.api import enums

    return {
        "id": id_of(one.name),
        "member": one.name.split("/")[3],
        "field": enums.SUGGESTION_FIELD.word(one.field),
        "text": one.text,
        "kind": enums.VALUE_KIND.word(one.kind),
        "message": id_of(one.message),
        "state": enums.SUGGESTION_STATE.word(one.state),
    }


def _write_lines(suggestions: list[Suggestion]) -> None:
    import sys

    import orjson

    for one in suggestions:
        sys.stdout.buffer.write(orjson.dumps(_line(one), option=orjson.OPT_APPEND_NEWLINE))


def _print_table(suggestions: list[Suggestion]) -> None:
    from service.cli.shared.tables import Column, print_table

    if not suggestions:
        typer.echo("no suggestions")
        return
    columns = (
        Column("id, message", whole=True),  # to be copied into the next command
        Column("member, field", whole=True),
        Column("words", wide=True),
        Column("state", whole=True),
    )
    print_table(columns, map(_cells, map(_line, suggestions)))


def _cells(one: dict[str, str]) -> tuple[str, str, str, str]:
    field = " · ".join(filter(None, (one["field"], one["kind"])))
    return f"{one['id']}\n{one['message']}", f"{one['member']}\n{field}", one["text"], one["state"]
