"""`yiqi round`: its commands, and those that are one step: show, list, publish, undo, cancel, delete, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from service.cli.rounds.afterwards import answer, due
from service.cli.rounds.changing import edit, repair, solve
from service.cli.rounds.creating import InLanguage, RoundId, ShownAs, Texts, create, language_of
from service.cli.rounds.texting import texts
from service.cli.shared.groups import Group
from service.cli.shared.options import CommunityId, Data, Server, refuse

app = typer.Typer(
    cls=Group,
    help="Match lists for organizers: ask, look, change, send, repair, take back; see docs/rounds.md.\n\n"
    "Example: yiqi round create coffee-1 --community makers",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("create")(create)
app.command("edit")(edit)
app.command("solve")(solve)
app.command("repair")(repair)
app.command("texts")(texts)
app.command("due")(due)
app.command("answer")(answer)


@app.command()
def show(
    round_: RoundId,
    community: CommunityId,
    format_: ShownAs = "table",
    texts: Texts = False,
    language: InLanguage = "",
    data: Data = None,
    server: Server = None,
) -> None:
    """Show a round: how good it is, who meets whom and why, who meets nobody, and what could not be.

    Example: yiqi round show coffee-1 --community makers --texts
    """
    from service.cli.rounds.showing import fetch
    from service.cli.rounds.showing import show as show_sheet
    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=False) as organizer:
        show_sheet(fetch(organizer, round_, language_of(language)), format_, texts=texts)


@app.command("list")
def list_(community: CommunityId, data: Data = None, server: Server = None) -> None:
    """Show the rounds of a community.

    Example: yiqi round list --community makers
    """
    from yiqi.v1.round_pb2 import ListRoundsRequest

    from service.cli.rounds.tables import print_rounds
    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=False) as organizer:
        request = ListRoundsRequest(parent=organizer.parent)
        print_rounds(list(organizer.pages(organizer.client.rounds.ListRounds, request, "rounds")))


@app.command()
def publish(round_: RoundId, community: CommunityId, data: Data = None, server: Server = None) -> None:
    """Send a list: it enters the history, and costs everybody in it one contact of the week.

    Example: yiqi round publish coffee-1 --community makers
    """
    found = _step("PublishRound", round_, community, data, server)
    typer.echo(f"published {round_}: {found.match_count} matches")
    typer.echo(f"What to send to whom: yiqi round texts {round_} --community {community}")


@app.command()
def undo(round_: RoundId, community: CommunityId, data: Data = None, server: Server = None) -> None:
    """Take publishing back: invitations are withdrawn and count as if never sent.

    Example: yiqi round undo coffee-1 --community makers
    """
    _step("UndoRound", round_, community, data, server)
    typer.echo(f"taken back {round_}")


@app.command()
def cancel(round_: RoundId, community: CommunityId, data: Data = None, server: Server = None) -> None:
    """Stop solving.

    Example: yiqi round cancel coffee-1 --community makers --server 127.0.0.1:50551
    """
    _step("CancelRound", round_, community, data, server)
    typer.echo(f"cancelled {round_}")


@app.command()
def delete(round_: RoundId, community: CommunityId, data: Data = None, server: Server = None) -> None:
    """Delete a round that is not published; `undo` a published one first.

    Example: yiqi round delete coffee-1 --community makers
    """
    from yiqi.v1.round_pb2 import DeleteRoundRequest

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=True) as organizer:
        organizer.client.rounds.DeleteRound(DeleteRoundRequest(name=organizer.round_name(round_)))
    typer.echo(f"deleted {round_}")


@app.command()
def notice(
    round_: RoundId,
    community: CommunityId,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="What people call it.")] = None,
    date: Annotated[
        str | None, typer.Option("--date", metavar="DAY", help='Such as "2026-12-10 19:00-21:00"; "" for none.')
    ] = None,
    place: Annotated[
        str | None, typer.Option("--place", metavar="TEXT", help='Where people meet; "" for none.')
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help='A sentence of your own; "" for none.')
    ] = None,
    data: Data = None,
    server: Server = None,
) -> None:
    """Change what everybody is told of a round: its title, day, place, and a sentence of your own.

    The list stays as it is. `texts` then has the new texts of all.

    Example: yiqi round notice coffee-1 --community makers --date 2026-12-10 --place "Café Kotti"
    """
    from yiqi.v1.round_pb2 import UpdateRoundNoticeRequest

    from service.cli.shared.organizer import open_organizer

    told = {"title": title, "date": date, "place": place, "note": note}
    if all(value is None for value in told.values()):
        refuse("say what to change, such as --place", "place")
    with open_organizer(data, server, community, writes=True) as organizer:
        request = UpdateRoundNoticeRequest(name=organizer.round_name(round_), **told)
        organizer.client.rounds.UpdateRoundNotice(request)
    typer.echo(f"changed {round_}")


@app.command()
def export(
    round_: RoundId,
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            help="By its ending: .csv, .people.csv, .json, .html, .slips.html, .ics, .svg, .png or .poster.png.",
        ),
    ],
    community: CommunityId,
    language: InLanguage = "",
    place: Annotated[
        str, typer.Option("--place", metavar="TEXT", help="Where people meet, if not where the round says.")
    ] = "",
    time_zone: Annotated[
        str, typer.Option("--time-zone", metavar="NAME", help="Of the round's times, such as Asia/Shanghai: for .ics.")
    ] = "",
    minutes: Annotated[int, typer.Option("--minutes", min=1, max=1440, help="Of a meeting: for .ics.")] = 60,
    data: Data = None,
    server: Server = None,
) -> None:
    """Write a round as a table, a table of people, JSON, a page to print, slips to cut, a calendar, or a picture.

    Example: yiqi round export coffee-1 coffee-1.poster.png --place "Café Kotti" --community makers
    """
    from zoneinfo import ZoneInfo

    from service.cli.rounds.showing import fetch, format_of, tell_undrawn, write
    from service.cli.shared.organizer import open_organizer
    from service.rendering.sheet import Occasion

    format_ = format_of(out)
    if time_zone:
        try:
            ZoneInfo(time_zone)
        except (KeyError, ValueError):
            raise typer.BadParameter(f"{time_zone!r} is no time zone", param_hint="--time-zone") from None
    occasion = Occasion(place=place, time_zone=time_zone, minutes=minutes)
    with open_organizer(data, server, community, writes=False) as organizer:
        sheet = fetch(organizer, round_, language_of(language))
    write(sheet, out, format_, occasion)
    typer.echo(f"wrote {out}")
    if sheet.double_opt_in and format_ in ("slips", "poster", "calendar"):
        typer.echo("Send it only once everybody accepted: this round reveals a match no sooner.", err=True)
    if out.suffix.lower() == ".png":
        tell_undrawn(sheet, occasion)


def _step(call: str, round_: str, community: str, data: Path | None, server: str | None) -> Any:
    from yiqi.v1 import round_pb2 as pb

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=True) as organizer:
        request = getattr(pb, f"{call}Request")(name=organizer.round_name(round_))
        return getattr(organizer.client.rounds, call)(request).round
