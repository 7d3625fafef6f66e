"""`yiqi search`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.shared.options import CommunityId, Data, Fillers, Format, Gone, Limit, ReasonLanguage, Reasons, Server


def search(
    community: CommunityId,
    text: Annotated[
        str | None, typer.Argument(metavar='"FREE TEXT"', help="What is sought.", show_default=False)
    ] = None,
    queries: Annotated[
        Path | None,
        typer.Option(
            "--queries",
            metavar="FILE.jsonl",
            exists=True,
            dir_okay=False,
            help='For every line {"query", "text", "title"?, "channel"?, "member"?}: who can help, who will answer.',
        ),
    ] = None,
    limit: Limit = 10,
    reasons: Reasons = False,
    fillers: Fillers = False,
    gone: Gone = False,
    format_: Format = "table",
    language: ReasonLanguage = "en",
    data: Data = None,
    server: Server = None,
) -> None:
    """Who knows about something, or can help with it; in any language.

    Example: yiqi search --community makers "who can teach me to solder"
    """
    if (text is None or not text.strip()) == (queries is None):
        raise typer.BadParameter("give a text or --queries")
    from models.domain.requests import Goal
    from service.cli.shared.asking import Asked, read_questions
    from service.cli.shared.doors import open_door, organizer_options
    from service.cli.shared.output import show

    # Only the asker is left out, connected or not.
    options = organizer_options(
        limit=limit,
        include_connected=True,
        language=language,
        reasons=reasons or format_ == "table",
        fillers=fillers,
        gone=gone,
    )
    questions = list(read_questions(queries)) if queries is not None else [Asked(text or "", Goal(text=text or ""))]
    with open_door(data, server, community) as door:
        answers = door.search([one.goal for one in questions], options)
        for one, answer in zip(questions, answers, strict=True):
            show(door, "query", one.query, answer, format_, reasons)
