"""`yiqi members list`, and `yiqi members` alone."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.shared.options import CommunityId, Data, Format, Server


def list_(
    community: CommunityId,
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="Only whose id or name this is a part of.")] = "",
    format_: Format = "table",
    data: Data = None,
    server: Server = None,
) -> None:
    """Who is there: names, with the ids that other commands take.

    Example: yiqi members --community makers tang
    """
    from service.cli.shared.organizer import open_organizer

    wanted = text.casefold()
    with open_organizer(data, server, community, writes=False) as organizer:
        names = organizer.names
    found = {id: name for id, name in names.items() if wanted in id.casefold() or wanted in name.casefold()}
    if format_ == "jsonl":
        _write_lines(found)
    elif found:
        _print_table(found)
    else:
        typer.echo("nobody" if not text else f"nobody is called {text}")


def _write_lines(found: dict[str, str]) -> None:
    import sys

    import orjson

    for id, name in found.items():
        sys.stdout.buffer.write(orjson.dumps({"id": id, "name": name}, option=orjson.OPT_APPEND_NEWLINE))


def _print_table(found: dict[str, str]) -> None:
    from service.cli.shared.tables import Column, print_table

    columns = (Column("id", whole=True), Column("name", whole=True))
    print_table(columns, found.items())
