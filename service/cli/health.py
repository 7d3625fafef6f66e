"""`yiqi health`."""

from __future__ import annotations

import re
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from service.cli.shared.options import (
    SERVER_SECONDS,
    CommunityId,
    Data,
    Server,
    one_door,
    require_picture,
    settings_for,
)

if TYPE_CHECKING:
    from yiqi.v1.health_pb2 import CommunityHealth

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
    one_door(data, server)
    begin, days = _since(since), _days(every)
    if plot is not None:
        require_picture(plot, "--plot")
    if server is not None:
        found = _from_server(server, community, begin, days, limit, language)
    else:
        found = _from_data(data, community, begin, days, limit, language)
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


def _from_server(
    server: str, community: str, since: datetime | None, days: int, limit: int, language: str
) -> CommunityHealth:
    from yiqi.client import YiqiClient
    from yiqi.v1.recommendation_pb2 import Language

    spoken: Any = Language.Value(f"LANGUAGE_{language.upper()}")
    with YiqiClient(server) as client:
        return client.get_community_health(
            community, since=since, window_days=days, language=spoken, limit=limit, timeout=SERVER_SECONDS
        )


def _from_data(
    data: Path | None, community: str, since: datetime | None, days: int, limit: int, language: Literal["en", "zh"]
) -> CommunityHealth:
    from models.domain.records import DAY
    from service.api.health import health_message
    from service.application.health import HealthReports, Question
    from service.store.sql import SqlStore

    asked = Question(
        since=None if since is None else int(since.timestamp() * 1_000_000),
        every=days * DAY,
        language=language,
        limit=limit,
    )
    with closing(SqlStore(settings_for(data).database, read_only=True)) as store:
        return health_message(HealthReports(store).report(community, asked, time.time_ns() // 1000), asked, community)


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
