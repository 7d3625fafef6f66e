"""`yiqi members`: its commands, and those that are one step: pause, resume, block, unblock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeAlias

import typer

from service.cli.members.consent import consent
from service.cli.members.listing import list_
from service.cli.members.people import find, link
from service.cli.members.profile import add, edit, show
from service.cli.members.unlinking import unlink
from service.cli.shared.groups import Group
from service.cli.shared.options import CommunityId, Data, Server, refuse

_PLAIN = "list"


class _ListsUnlessTold(Group):
    """A group whose plain call lists, so that `yiqi members TEXT` needs no word between."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [_PLAIN, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_ListsUnlessTold,
    help="Who is there; without a command it lists. Everybody goes by id or by a name that only one has.\n\n"
    "Example: yiqi members --community makers tang",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command(_PLAIN)(list_)
app.command("show")(show)
app.command("add")(add)
app.command("edit")(edit)
app.command("find")(find)
app.command("link")(link)
app.command("unlink")(unlink)
app.command("consent")(consent)

Someone: TypeAlias = Annotated[str, typer.Argument(metavar="MEMBER", help="By id or name.")]
Other: TypeAlias = Annotated[str, typer.Argument(metavar="OTHER", help="By id or name.")]


@app.command()
def pause(
    member: Someone,
    community: CommunityId,
    until: Annotated[
        datetime | None, typer.Option("--until", metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="The first day back.")
    ] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, max=3650, help="For so many days instead.")] = None,
    data: Data = None,
    server: Server = None,
) -> None:
    """Take somebody out of all recommendations and rounds for a while; days begin at midnight UTC.

    Example: yiqi members pause ann --until 2027-01-15 --community makers
    """
    if (until is None) == (days is None):
        refuse("say --until YYYY-MM-DD or --days N", "until")
    back = until.replace(tzinfo=UTC) if until else datetime.now(UTC) + timedelta(days=days or 0)
    if back <= datetime.now(UTC):
        refuse(f"{back:%Y-%m-%d} is not in the future; to end a pause use `yiqi members resume`", "until")
    who = _paused(member, community, back, data, server)
    typer.echo(f"{who} pauses until {back:%Y-%m-%d}")


@app.command()
def resume(member: Someone, community: CommunityId, data: Data = None, server: Server = None) -> None:
    """End a pause.

    Example: yiqi members resume ann --community makers
    """
    typer.echo(f"{_paused(member, community, None, data, server)} is back")


@app.command()
def block(member: Someone, other: Other, community: CommunityId, data: Data = None, server: Server = None) -> None:
    """Make sure that two people are never brought together, either way; MEMBER does not want to meet OTHER.

    Example: yiqi members block ann bo --community makers
    """
    one, two = _apart("BlockMember", member, other, community, data, server)
    typer.echo(f"{one} and {two} are never brought together")


@app.command()
def unblock(member: Someone, other: Other, community: CommunityId, data: Data = None, server: Server = None) -> None:
    """Take back MEMBER's own block of OTHER; one that the other side set stays.

    Example: yiqi members unblock ann bo --community makers
    """
    one, two = _apart("UnblockMember", member, other, community, data, server)
    typer.echo(f"{one} no longer blocks {two}")


def _paused(member: str, community: str, until: datetime | None, data: Data, server: Server) -> str:
    from yiqi.client import timestamp
    from yiqi.v1.member_pb2 import PauseMemberRequest

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=True) as organizer:
        who = organizer.find(member, "member")
        request = PauseMemberRequest(name=organizer.member_name(who), until=timestamp(until) if until else None)
        organizer.client.members.PauseMember(request)
    return who


def _apart(call: str, member: str, other: str, community: str, data: Data, server: Server) -> tuple[str, str]:
    from yiqi.v1 import member_pb2 as pb

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=True) as organizer:
        one, two = organizer.find(member, "member"), organizer.find(other, "other")
        names = {"name": organizer.member_name(one), "blocked_member": organizer.member_name(two)}
        getattr(organizer.client.members, call)(getattr(pb, f"{call}Request")(**names))
    return one, two
