"""`yiqi introductions list|watch`: who was introduced to whom, and what there is to tell now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.shared.groups import Group
from service.cli.shared.options import CommunityId, Data, Format, Server

if TYPE_CHECKING:
    from yiqi.v1.invitation_pb2 import Invitation
    from yiqi.v1.recommendation_pb2 import WatchIntroductionsResponse

    from service.cli.shared.organizer import Organizer

app = typer.Typer(
    cls=Group,
    help="Two people who should meet now, found while the service runs; see docs/introductions.md.\n\n"
    "Example: yiqi introductions list --community makers",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_(
    community: CommunityId,
    member: Annotated[str, typer.Option("--member", metavar="ID", help="Only of this member, by id or name.")] = "",
    format_: Format = "table",
    data: Data = None,
    server: Server = None,
) -> None:
    """Show who was introduced to whom, and whether both said yes. Nobody's refusal is shown.

    Example: yiqi introductions list --community makers
    """
    from yiqi.v1.invitation_pb2 import ListInvitationsRequest

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=False) as organizer:
        request = ListInvitationsRequest(
            parent=organizer.parent,
            member=organizer.member_name(organizer.find(member, "member")) if member else "",
            source="INVITATION_SOURCE_INTRODUCTION",
        )
        found = organizer.pages(organizer.client.invitations.ListInvitations, request, "invitations")
        rows = sorted((_row(one, organizer) for one in found), key=lambda row: row["since"], reverse=True)
    if format_ == "jsonl":
        _write_lines(rows)
    elif rows:
        _print_table(rows)
    else:
        typer.echo("nobody was introduced yet")
        typer.echo("A running server introduces people by itself, when somebody says or states something.", err=True)


@app.command()
def watch(
    community: CommunityId,
    server: Annotated[
        str, typer.Option("--server", metavar="HOST:PORT", envvar="YIQI_SERVER", help="The running server.")
    ],
    member: Annotated[str, typer.Option("--member", metavar="ID", help="Only what this one is told.")] = "",
    after: Annotated[
        str, typer.Option("--after", metavar="TOKEN", help="Go on after this token of an earlier jsonl line.")
    ] = "",
    format_: Format = "table",
) -> None:
    """Follow what there is to tell people of introductions, each with a text to send, until ctrl-C.

    A line of jsonl has the token to go on from; nothing is told twice and nothing is missed.

    Example: yiqi introductions watch --community makers --server 127.0.0.1:50551
    """
    from service.cli.shared.organizer import open_organizer

    with open_organizer(None, server, community, writes=False) as organizer:
        whose = organizer.find(member, "member") if member else ""
        typer.echo("waiting for introductions; ctrl-C ends", err=True)
        try:
            for reply in organizer.client.watch_introductions(community, member=whose, resume_token=after):
                _tell(reply, organizer, format_)
        except KeyboardInterrupt:
            return


def _tell(reply: WatchIntroductionsResponse, organizer: Organizer, format_: str) -> None:
    if format_ == "jsonl":
        _write_lines([{"token": reply.resume_token, **(_told(reply) if reply.HasField("introduction") else {})}])
    elif reply.HasField("introduction"):
        told = _told(reply)
        who, other = (organizer.called(told[key]) for key in ("member", "other"))
        typer.echo(
            f"{who}: introduced to {other}" if told["event"] == "introduced" else f"{who} and {other} both said yes"
        )
        if told["text"]:
            typer.echo(told["text"])
        typer.echo(f"invitation {told['invitation']}\n")


def _told(reply: WatchIntroductionsResponse) -> dict[str, str]:
    from yiqi.client import id_of

    from service.api import enums

    one = reply.introduction
    return {
        "event": enums.INTRODUCTION_EVENT.word(one.event),
        "kind": enums.INTRODUCTION_KIND.word(one.kind),
        "invitation": id_of(one.invitation),
        "member": id_of(one.member),
        "other": id_of(one.other),
        "text": one.text,
    }


def _row(one: Invitation, organizer: Organizer) -> dict[str, Any]:
    from yiqi.client import id_of
    from yiqi.v1 import invitation_pb2 as pb

    from service.rendering.words import day

    members = [id_of(guest.member) for guest in one.guests]
    state = "withdrawn" if one.state == pb.INVITATION_STATE_WITHDRAWN else "both said yes" if one.mutual else "open"
    return {
        "invitation": id_of(one.name),
        "since": day(one.time.seconds * 1_000_000),
        "members": members,
        "names": [organizer.names.get(member) or member for member in members],
        "state": state,
        "title": one.title,
    }


def _write_lines(rows: Iterable[dict[str, Any]]) -> None:
    import sys

    import orjson

    for row in rows:
        sys.stdout.buffer.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()  # whoever follows reads it now


def _print_table(rows: list[dict[str, Any]]) -> None:
    from service.cli.shared.tables import Column, print_table

    columns = (
        Column("invitation", whole=True),
        Column("since", whole=True),
        Column("who", whole=True),
        Column("state"),
    )
    print_table(columns, [(row["invitation"], row["since"], "\n".join(row["names"]), row["state"]) for row in rows])
