"""A round fetched whole, and shown or written in the format asked for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from models.domain.requests import Language
    from service.cli.shared.organizer import Organizer
    from service.rendering import Format, Occasion
    from service.rendering.sheet import Sheet

Shown: TypeAlias = Literal["table", "json", "csv"]


def fetch(organizer: Organizer, round_: str, language: Language | None = None, *, reasons: bool = True) -> Sheet:
    """A round with all its matches, ready to be drawn; in its own language unless another is given."""
    from yiqi.v1 import round_pb2 as pb

    from service.api.round_codec import spec_record
    from service.rendering.from_messages import language_of, sheet_of

    name = organizer.round_name(round_)
    found = organizer.client.rounds.GetRound(pb.GetRoundRequest(name=name)).round
    request = pb.ListRoundMatchesRequest(
        parent=name,
        language=f"LANGUAGE_{(language or language_of(found)).upper()}",
        with_reasons=reasons,
    )
    matches = organizer.pages(organizer.client.rounds.ListRoundMatches, request, "matches")
    return sheet_of(
        found,
        spec_record(found.spec, organizer.community),
        list(matches),
        community=_called(organizer),
        names=organizer.names,
        language=language,
    )


def show(sheet: Sheet, format_: Shown, *, texts: bool) -> None:
    """To stdout."""
    if format_ == "table":
        from service.cli.rounds.tables import print_round

        print_round(sheet, texts=texts)
        return
    from service.rendering import render

    sys.stdout.buffer.write(render(sheet, format_))


def write(sheet: Sheet, out: Path, format_: Format, occasion: Occasion) -> None:
    """To a file, which appears whole or not at all."""
    from models.files.durable import write_file
    from service.rendering import render

    write_file(out, render(sheet, format_, occasion))


def tell_undrawn(sheet: Sheet, occasion: Occasion) -> None:
    """On stderr, which letters of a picture no font here has: they are drawn as boxes."""
    import typer

    from training.pictures import undrawn

    names = (seat.name for line in sheet.lines for seat in line.seats)
    texts = [sheet.heading, sheet.community, occasion.place or sheet.place, sheet.note, *names]
    if missing := undrawn("".join(texts)):
        typer.echo(f"No font here draws {' '.join(missing)}; a box stands for it. An .svg or .html shows it.", err=True)


def _called(organizer: Organizer) -> str:
    from yiqi.v1.community_pb2 import GetCommunityRequest

    reply = organizer.client.communities.GetCommunity(GetCommunityRequest(name=organizer.parent))
    return reply.community.display_name or organizer.community


def format_of(out: Path) -> Format:
    """What a file's ending asks for. Ends the command where it asks for nothing known."""
    import typer

    from service.rendering import FORMATS

    endings = {kind.suffix: name for name, kind in FORMATS.items()}
    for ending in sorted(endings, key=len, reverse=True):
        if out.name.lower().endswith(ending):
            return endings[ending]
    raise typer.BadParameter(f"{out.name} ends in none of {', '.join(endings)}", param_hint="OUT")
