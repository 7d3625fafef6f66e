"""`yiqi health`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from service.cli.shared.options import CommunityId, Data, Server, require_picture

_DAYS = {"d": 1, "w": 7}


def health(
    community: CommunityId,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="RFC3339", help="Where the first window begins, such as 2026-01-01."),
    ] = None,
    every: Annotated[str, typer.Option("--every", metavar="30d|4w", help="How long a window is.")] = "30d",
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="How many members a list names.")] = 10,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="OUT.svg|OUT.png", help="Also draw the figures over time.")
    ] = None,
    format_: Annotated[
        Literal["table", "json"], typer.Option("--format", help="For people or for programs.")
    ] = "table",
    language: Annotated[Literal["en", "zh"], typer.Option("--language", help="Language of titles and advice.")] = "en",
    data: Data = None,
    server: Server = None,
) -> None:
    """How a community lives: do people deal with each other, who is left out, what could be done.

    Example: yiqi health --community makers --every 30d --plot health.svg
    """
    begin, days = _since(since), _days(every)
    if plot is not None:
        require_picture(plot, "--plot")
    from yiqi.v1.recommendation_pb2 import LANGUAGE_EN, LANGUAGE_ZH

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=False) as organizer:
        found = organizer.client.get_community_health(
            community,
            since=begin,
            window_days=days,
            language=LANGUAGE_ZH if language == "zh" else LANGUAGE_EN,
            limit=limit,
            timeout=organizer.timeout,
        )
    if plot is not None:
        from service.cli.health_picture import draw

        draw(found, plot, language)
    if format_ == "json":
        import orjson
        from google.protobuf.json_format import MessageToDict

        values = MessageToDict(found, preserving_proto_field_name=True)
        typer.echo(orjson.dumps(values, option=orjson.OPT_INDENT_2).decode())
    else:
        from service.cli.health_tables import print_health

        print_health(found, language)


def _since(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date or time such as 2026-01-01", param_hint="--since") from None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if not 0 <= found.timestamp() <= datetime.now(UTC).timestamp():
        raise typer.BadParameter(f"{text} does not lie between 1970 and now", param_hint="--since")
    return found


def _days(text: str) -> int:
    match = re.fullmatch(r"(\d{1,4})([dw]?)", text)
    days = int(match[1]) * _DAYS[match[2] or "d"] if match else 0
    if not 1 <= days <= 366:
        raise typer.BadParameter(f"{text!r} is no length such as 30d or 4w, of at most 366 days", param_hint="--every")
    return days
