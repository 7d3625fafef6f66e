"""`yiqi import`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from service.cli.shared.options import Data, Server, refuse, require_folder
from service.cli.shared.progress import Report, progress

if TYPE_CHECKING:
    from service.application.importing import ImportConsent, ImportSummary
    from service.importers import Source


def import_(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", exists=True, help="A chat export, a member list or an archive; a folder too."),
    ],
    community: Annotated[
        str, typer.Option("--community", metavar="ID", help="The community; not needed with --dry-run.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what is understood, and what is not; write nothing.")
    ] = False,
    format_: Annotated[
        str,
        typer.Option("--format", metavar="NAME", help="What it is, where that is not recognised: archive, members, …"),
    ] = "",
    members: Annotated[
        bool, typer.Option("--members", help="It is a list of people, such as a sign-up sheet, whatever it looks like.")
    ] = False,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=ROLE", help='What a column of a list is: "想找什么=seeks"; repeatable.'),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", metavar="FILE", exists=True, dir_okay=False, help="The same, kept in a file."),
    ] = None,
    save_mapping: Annotated[
        Path | None,
        typer.Option("--save-mapping", metavar="FILE", dir_okay=False, help="Write what the columns were taken for."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="RFC3339", help="Only rows before this time; those without one too."),
    ] = None,
    consent: Annotated[
        Literal["organizers", "members"],
        typer.Option("--consent", help="Whom members who state no consent may be shown to."),
    ] = "organizers",
    replace: Annotated[
        bool, typer.Option("--replace", help="Answers of a list count even over what was changed here since.")
    ] = False,
    channel: Annotated[
        str, typer.Option("--channel", metavar="NAME", help="The room's name, where the export has none.")
    ] = "",
    me: Annotated[
        str, typer.Option("--me", metavar="NAME", help="Who made the export, where it calls them 我 or You.")
    ] = "",
    time_zone: Annotated[
        str, typer.Option("--time-zone", metavar="ZONE", help="Where the times were, such as Europe/Berlin.")
    ] = "",
    day_first: Annotated[
        bool | None, typer.Option("--day-first/--month-first", help="How to read dates such as 05/03/2024.")
    ] = None,
    data: Data = None,
    server: Server = None,
) -> None:
    """Bring a community in, and make it searchable: chats of many platforms, sign-up sheets, archives.

    What it is and what its columns mean is told by what is in it; --dry-run shows it before anything is written. An
    interrupted import is taken up where it stopped by the same command; running it again does no harm.

    Example: yiqi import signup.csv --community makers --dry-run
    """
    if not community and not dry_run:
        refuse("say which community, or --dry-run", "community")
    if save_mapping:
        require_folder(save_mapping, "--save-mapping")
    before = _moment(until)
    asked = _Asked(
        file, format_, members, tuple(map_ or ()), mapping, channel=channel, me=me, zone=time_zone, day_first=day_first
    )
    if dry_run:
        source, summary = _with_zone(asked, lambda source: _looked_at(source, before, consent))
    else:
        source, summary = _imported(asked, partial(_import, data, server, community, before, consent, replace))
    _save(source, save_mapping)
    _print(source, summary)
    last = "nothing was written; without --dry-run it would be" if dry_run else f"done in {summary.seconds:.1f} s"
    typer.echo(last)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line says of a file."""

    file: Path
    format: str
    members: bool
    map: tuple[str, ...]
    mapping: Path | None
    channel: str
    me: str
    zone: str
    day_first: bool | None

    def opened(self, zone: str = "") -> Source:
        """The source; `zone` where one was asked for meanwhile."""
        from service.importers import open_source
        from service.importers.members.mapping import read_mapping, said_on_the_line

        said = (read_mapping(self.mapping) if self.mapping else {}) | said_on_the_line(self.map)
        return open_source(
            self.file,
            format=self.format,
            channel=self.channel,
            time_zone=zone or self.zone,
            me=self.me,
            day_first=self.day_first,
            members=self.members,
            mapping=said,
        )


def _with_zone(asked: _Asked, work: Callable[[Source], ImportSummary]) -> tuple[Source, ImportSummary]:
    """Does the work; where it turns out that a time zone is needed, and somebody sits there, asks for it."""
    from service.importers.frame.clock import ZoneNeeded

    source = asked.opened()
    try:
        return source, work(source)
    except ZoneNeeded as error:
        if not _at_a_terminal():
            raise
        typer.echo(str(error), err=True)
        source = asked.opened(typer.prompt("time zone", err=True))
        return source, work(source)


def _at_a_terminal() -> bool:
    import sys

    return sys.stdin.isatty()


def _looked_at(source: Source, until: int | None, consent: ImportConsent) -> ImportSummary:
    from service.application.importing import preview

    return preview(source, until=until, consent=consent, now=time.time_ns() // 1000)


def _imported(asked: _Asked, write: Callable[[Report, Source], ImportSummary]) -> tuple[Source, ImportSummary]:
    try:
        with progress() as report:
            return _with_zone(asked, partial(write, report))
    except KeyboardInterrupt:
        typer.echo("stopped; the same command takes it up where it was", err=True)
        raise typer.Exit(1) from None


def _import(
    data: Path | None,
    server: str | None,
    community: str,
    until: int | None,
    consent: ImportConsent,
    replace: bool,
    report: Report,
    source: Source,
) -> ImportSummary:
    from service.application.importing import ImportOptions, import_into
    from service.cli.shared.import_targets import open_target

    started = time.monotonic()
    with open_target(data, server, community) as target:
        summary = import_into(
            target,
            source,
            until=until,
            options=ImportOptions(consent, replace),
            now=time.time_ns() // 1000,
            progress=lambda rows: report("rows", rows, None),
        )
        rows = sum(summary.read.values()) + summary.bad
        report("rows", rows, rows)
        target.make_searchable(report)
    summary.seconds = time.monotonic() - started
    return summary


def _save(source: Any, file: Path | None) -> None:
    if file is None:
        return
    from service.importers import MemberSource
    from service.importers.members.mapping import write_mapping

    if not isinstance(source, MemberSource):
        refuse("only a member list has columns to say it of; see --members", "save-mapping")
    write_mapping(file, source.layout.roles)


def _print(source: Source, summary: ImportSummary) -> None:
    from service.cli.import_report import describe, describe_report

    for line in (*describe_report(source.report), *describe(summary)):
        typer.echo(line)


def _moment(text: str | None) -> int | None:
    from models.archive.times import parse_time

    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--until") from None
