"""`yiqi import`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from service.cli.shared.options import CommunityId, Data, settings_for
from service.cli.shared.progress import Report, progress

if TYPE_CHECKING:
    from service.application.importing import ImportConsent, ImportSummary
    from service.core.settings import Settings


def import_(
    archive: Annotated[
        Path,
        typer.Argument(metavar="ARCHIVE", exists=True, help="A folder, .zip or .tar.gz; or a WeChat group as .csv."),
    ],
    community: CommunityId,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="RFC3339", help="Only rows before this time; those without one too."),
    ] = None,
    consent: Annotated[
        Literal["organizers", "members"],
        typer.Option("--consent", help="Whom members who state no consent may be shown to."),
    ] = "organizers",
    channel: Annotated[
        str, typer.Option("--channel", metavar="NAME", help="WeChat: the group's name; the file's name when not given.")
    ] = "",
    time_zone: Annotated[
        str, typer.Option("--time-zone", metavar="ZONE", help="WeChat: where the times of the export were.")
    ] = "Asia/Shanghai",
    data: Data = None,
) -> None:
    """Bring a community in, and make it searchable.

    An interrupted import is taken up where it stopped by the same command; running it again does no harm.

    Example: yiqi import history.tar.gz --community makers --consent members
    """
    before = _moment(until)
    settings = settings_for(data)
    try:
        with progress() as report:
            summary = _import(settings, archive, community, before, consent, channel, time_zone, report)
    except KeyboardInterrupt:
        typer.echo("stopped; the same command takes it up where it was", err=True)
        raise typer.Exit(1) from None
    for line in describe(summary):
        typer.echo(line)


def describe(summary: ImportSummary) -> list[str]:
    """What became of the rows, as lines for people."""
    lines = [_counts(kind, summary) for kind in summary.read]
    if summary.introduced:
        lines.append(f"introduced  {summary.introduced:>9,} members whom only others name")
    if summary.consent:
        shown = ", ".join(f"{count:,} to {whom}" for whom, count in sorted(summary.consent.items()))
        lines.append(f"consent     may be recommended: {shown}")
    if summary.late:
        lines.append(f"left out    {summary.late:>9,} rows at or after --until")
    if summary.bad:
        lines.append(f"bad         {summary.bad:>9,} rows:")
        lines += [f"  {row.file}:{row.line}: {row.reason}" for row in summary.bad_rows]
        if summary.bad > len(summary.bad_rows):
            lines.append(f"  and {summary.bad - len(summary.bad_rows):,} more")
    if summary.resumed_at:
        lines.append(f"resumed     after {summary.resumed_at:,} rows of an earlier run")
    return [*lines, f"done in {summary.seconds:.1f} s"]


def _import(
    settings: Settings,
    path: Path,
    community: str,
    until: int | None,
    consent: ImportConsent,
    channel: str,
    time_zone: str,
    report: Report,
) -> ImportSummary:
    from service.application.importing import import_archive
    from service.importers import open_source
    from service.serving import build
    from service.serving.lock import data_lock
    from service.store.sql import SqlStore

    started = time.monotonic()
    source = open_source(path, channel=channel, time_zone=time_zone)
    with data_lock(settings.data):
        store = SqlStore(settings.database)
        try:
            summary = import_archive(
                store,
                community,
                source,
                until=until,
                consent=consent,
                now=time.time_ns() // 1000,
                progress=lambda rows: report("rows", rows, None),
            )
            rows = sum(summary.read.values()) + summary.bad
            report("rows", rows, rows)
            build(store, community, settings.data, settings, report)
        finally:
            store.close()
    summary.seconds = time.monotonic() - started
    return summary


def _moment(text: str | None) -> int | None:
    from models.archive.times import parse_time

    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--until") from None


def _counts(kind: str, summary: ImportSummary) -> str:
    parts = [f"{summary.created.get(kind, 0):,} created"]
    parts += [
        f"{counts[kind]:,} {what}"
        for what, counts in (
            ("unchanged", summary.unchanged),
            ("given further handles", summary.replaced),
            ("kept as they were, the archive says otherwise", summary.conflict),
        )
        if counts.get(kind)
    ]
    return f"{kind:<11} {summary.read[kind]:>9,} read: {', '.join(parts)}"
