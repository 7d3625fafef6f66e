"""`yiqi token create|list|revoke`: who may call a server, and as what."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from service.access.caller import USUAL_DAYS, Quota
from service.cli.shared.groups import Group
from service.cli.shared.options import Data, Format, settings_for

if TYPE_CHECKING:
    from service.access.access import Access
    from service.access.grants import Grant

app = typer.Typer(
    cls=Group,
    help="Tokens that calls of a server must carry, as soon as there is a first.\n\n"
    "Example: yiqi token create --community makers --role platform --days 90",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_MICROS = 1_000_000
_USUAL = Quota()


@app.command()
def create(
    role: Annotated[
        Literal["reader", "platform", "organizer", "admin"],
        typer.Option("--role", help="What it may do; each role may do what those before it may."),
    ],
    community: Annotated[str | None, typer.Option("--community", metavar="ID", help="The community.")] = None,
    every: Annotated[bool, typer.Option("--every-community", help="For all communities, also those to come.")] = False,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="When it ends by itself.")] = USUAL_DAYS,
    calls: Annotated[int, typer.Option("--calls-per-second", min=1, max=100_000)] = _USUAL.calls_per_second,
    concurrent: Annotated[
        int, typer.Option("--concurrent", min=1, max=10_000, help="Calls at one time.")
    ] = _USUAL.concurrent,
    streams: Annotated[int, typer.Option("--streams", min=1, max=10_000, help="Streams at one time.")] = _USUAL.streams,
    megabytes: Annotated[int, typer.Option("--megabytes-per-minute", min=1, max=1_000_000)] = _USUAL.bytes_per_minute
    // 1_000_000,
    data: Data = None,
) -> None:
    """Create a token and print it, once: only a hash of it is kept. Works beside a running server.

    Example: yiqi token create --community makers --role platform --days 90
    """
    from service.application.access import create_token
    from service.core.names import require_id
    from service.store.incarnations import incarnation_in

    if every == (community is not None):
        raise typer.BadParameter("give --community or --every-community")
    if community is not None:
        require_id(community, "--community")
    quota = Quota(calls, concurrent, streams, megabytes * 1_000_000)
    which = incarnation_in(settings_for(data).database, community or "")
    grant, text = create_token(_access(data), community or "", which, role, days, quota)
    typer.echo(f"token {grant.id}, until {_day(grant.expires)}; keep what follows, it is not shown again:", err=True)
    typer.echo(text)


@app.command("list")
def list_(
    community: Annotated[
        str | None, typer.Option("--community", metavar="ID", help="Only those of this community.")
    ] = None,
    format_: Format = "table",
    data: Data = None,
) -> None:
    """Show all tokens, never their texts.

    Example: yiqi token list --community makers
    """
    from service.application.access import list_tokens

    access = _access(data)
    grants = list_tokens(access, community)
    if format_ == "jsonl":
        _write_lines(grants)
    else:
        _print_table(grants)


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(metavar="ID", help="As `yiqi token list` shows it.")],
    data: Data = None,
) -> None:
    """End a token at once, and the tokens of members made with it. Works beside a running server.

    Example: yiqi token revoke 1f2e3d4c
    """
    from service.application.access import revoke_token

    typer.echo(f"revoked: {revoke_token(_access(data), token).id}")


def _access(data: Path | None) -> Access:
    from service.access.access import Access

    return Access(settings_for(data).data)


def _write_lines(grants: list[Grant]) -> None:
    import orjson

    for one in grants:
        shown = {"token": one.id, "role": one.role, "community": one.community, "state": _state(one)}
        typer.echo(orjson.dumps({**shown, "created": one.created, "expires": one.expires}).decode())


def _print_table(grants: list[Grant]) -> None:
    from service.cli.shared.tables import Column, print_table

    rows = [
        (one.id, one.role, one.community or "(every)", _day(one.created), _day(one.expires), _state(one))
        for one in grants
    ]
    headings = ("token", "role", "community", "created", "until", "state")
    print_table(tuple(Column(heading, whole=heading == "token") for heading in headings), rows)


def _state(one: Grant) -> str:
    if one.revoked:
        return "revoked"
    return "valid" if one.valid(int(datetime.now(UTC).timestamp() * _MICROS)) else "ended"


def _day(micros: int) -> str:
    return datetime.fromtimestamp(micros / _MICROS, UTC).date().isoformat()
