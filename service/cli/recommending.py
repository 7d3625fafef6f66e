"""`yiqi recommend peers|collaborators|projects`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from service.cli.shared.groups import Group
from service.cli.shared.options import (
    CommunityId,
    Data,
    Fillers,
    Format,
    Gone,
    IncludeConnected,
    Limit,
    ReasonLanguage,
    Reasons,
    Server,
    Strangers,
)

if TYPE_CHECKING:
    from models.domain.requests import Options
    from service.cli.shared.doors import Door, What

app = typer.Typer(
    cls=Group,
    help="Recommend people or projects to members.\n\nExample: yiqi recommend peers --community makers --member ann",
    no_args_is_help=True,
    rich_markup_mode=None,
)

MemberId: TypeAlias = Annotated[
    str | None, typer.Option("--member", metavar="ID", help="For this member, by id or name.")
]
All: TypeAlias = Annotated[bool, typer.Option("--all", help="For every member.")]
Briefs: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--briefs",
        metavar="FILE.jsonl",
        exists=True,
        dir_okay=False,
        help='For every line {"query", "title", "text", "members"?}: who should do this together with them.',
    ),
]


@app.command()
def peers(
    community: CommunityId,
    member: MemberId = None,
    all_: All = False,
    limit: Limit = 10,
    include_connected: IncludeConnected = False,
    strangers: Strangers = None,
    reasons: Reasons = False,
    fillers: Fillers = False,
    gone: Gone = False,
    format_: Format = "table",
    language: ReasonLanguage = "en",
    data: Data = None,
    server: Server = None,
) -> None:
    """People with similar aims and interests.

    Example: yiqi recommend peers --community makers --member ann --limit 5
    """
    _one_of(member=member, all=all_)
    options = _options(limit, language, reasons, format_, include_connected, strangers, fillers, gone)
    _recommend("peers", community, member, options, reasons, format_, data, server)


@app.command()
def collaborators(
    community: CommunityId,
    member: MemberId = None,
    all_: All = False,
    briefs: Briefs = None,
    limit: Limit = 10,
    include_connected: IncludeConnected = False,
    strangers: Strangers = None,
    reasons: Reasons = False,
    fillers: Fillers = False,
    gone: Gone = False,
    format_: Format = "table",
    language: ReasonLanguage = "en",
    data: Data = None,
    server: Server = None,
) -> None:
    """People who complete a member, or who should join a brief.

    Example: yiqi recommend collaborators --community makers --briefs briefs.jsonl --format jsonl
    """
    _one_of(member=member, all=all_, briefs=briefs)
    if briefs is None:
        options = _options(limit, language, reasons, format_, include_connected, strangers, fillers, gone)
        _recommend("collaborators", community, member, options, reasons, format_, data, server)
        return
    from service.cli.shared.asking import read_questions
    from service.cli.shared.doors import open_door
    from service.cli.shared.output import show

    # Only a brief's own members are left out, connected or not.
    options = _options(limit, language, reasons, format_, True, None, fillers, gone)
    with open_door(data, server, community) as door:
        asked = list(read_questions(briefs))
        answers = door.collaborators_for([one.goal for one in asked], options)
        for one, answer in zip(asked, answers, strict=True):
            show(door, "query", one.query, answer, format_, reasons)


@app.command()
def projects(
    community: CommunityId,
    member: MemberId = None,
    all_: All = False,
    limit: Limit = 10,
    reasons: Reasons = False,
    format_: Format = "table",
    language: ReasonLanguage = "en",
    data: Data = None,
    server: Server = None,
) -> None:
    """Open projects that a member could join.

    Example: yiqi recommend projects --community makers --member ann --language zh
    """
    _one_of(member=member, all=all_)
    options = _options(limit, language, reasons, format_)
    _recommend("projects", community, member, options, reasons, format_, data, server)


def _one_of(**given: object) -> None:
    names = " or ".join(f"--{name}" for name in given)
    if sum(bool(value) for value in given.values()) != 1:
        raise typer.BadParameter(f"give one of {names}")


def _options(
    limit: int,
    language: ReasonLanguage,
    reasons: bool,
    format_: Format,
    include_connected: bool = False,
    strangers: float | None = None,
    fillers: bool = False,
    gone: bool = False,
) -> Options:
    from service.cli.shared.doors import organizer_options

    return organizer_options(
        limit=limit,
        include_connected=include_connected,
        language=language,
        reasons=reasons or format_ == "table",
        strangers=strangers,
        fillers=fillers,
        gone=gone,
    )


def _recommend(
    what: What,
    community: str,
    member: str | None,
    options: Options,
    reasons: bool,
    format_: Format,
    data: Path | None,
    server: str | None,
) -> None:
    from service.cli.shared.doors import open_door
    from service.cli.shared.output import show

    with open_door(data, server, community) as door:
        if member is None and format_ == "jsonl" and not reasons:
            _write_all(door, what, options)
            return
        if member is None:
            for one, found in door.lists(what, options):
                show(door, "member", one, found, format_, reasons, what)
            return
        one = door.member_called(member)
        show(door, "member", one, door.recommend(what, one, options), format_, reasons, what)


def _write_all(door: Door, what: What, options: Options) -> None:
    from service.cli.shared.output import RankingWriter

    writer = RankingWriter()
    for ranking in door.rankings(what, options):
        writer.write(*ranking)
