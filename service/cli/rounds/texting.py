"""`yiqi round texts`: what to send to whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.rounds.creating import InLanguage, RoundId, language_of
from service.cli.shared.files import AsRows
from service.cli.shared.options import CommunityId, Data, Server, refuse

if TYPE_CHECKING:
    from service.rendering.sheet import Sheet
    from service.rendering.texts import Text

_NAMED = 20
_LONGEST = 120  # bytes; with its ending a name stays below what file systems take


def texts(
    round_: RoundId,
    community: CommunityId,
    member: Annotated[
        list[str] | None, typer.Option("--member", metavar="ID", help="Only what this one is told; may be repeated.")
    ] = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only of those whom a repair gave something else than they were told.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", file_okay=False, help="One file a person, named by the member's id."),
    ] = None,
    format_: AsRows = "table",
    language: InLanguage = "",
    data: Data = None,
    server: Server = None,
) -> None:
    """What to send to whom: a text for each person, in their own language; to read, as rows, or one in a file.

    Example: yiqi round texts coffee-1 --community makers --out texts/
    """
    from service.cli.rounds.showing import fetch
    from service.cli.shared.organizer import open_organizer
    from service.rendering.texts import texts_of

    with open_organizer(data, server, community, writes=False) as organizer:
        whose = {organizer.find(one, "member") for one in member or ()}
        sheet = fetch(organizer, round_, language_of(language))
    found = [one for one in texts_of(sheet) if (one.changed or not changed) and (not whose or one.member in whose)]
    if out is not None:
        _write_files(out, found, sheet)
    elif format_ == "table":
        print_texts(found)
    else:
        from service.cli.shared.files import print_rows
        from service.rendering.texts import COLUMNS

        rows = [(*one[:-2], "yes" if one.changed else "", one.text) for one in found]
        print_rows(COLUMNS, rows, format_)


def print_texts(texts: Sequence[Text]) -> None:
    """Each text under the name of who gets it. Lines are as long as they are, to be copied."""
    if not texts:
        typer.echo("nothing to send")
    for one in texts:
        typer.echo(f"{one.name} ({one.member})" if one.name != one.member else one.member)
        typer.echo(f"{one.text}\n")


def tell_anew(texts: Sequence[Text], round_: str, community: str) -> None:
    """On stderr, beside the list: who needs a new text, and how to get it."""
    names = list(dict.fromkeys(one.name for one in texts))
    if not names:
        typer.echo("Nobody needs a new text.", err=True)
        return
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    typer.echo(f"Who needs a new text: {', '.join(names[:_NAMED])}{more}.", err=True)
    typer.echo(f"The texts: yiqi round texts {round_} --community {community} --changed", err=True)


def _write_files(out: Path, texts: Collection[Text], sheet: Sheet) -> None:
    from models.files.durable import write_file
    from service.rendering.texts import by_member

    told = by_member(texts)
    files = {f"{file_stem(member)}.txt": text for member, text in told.items()}
    out.mkdir(parents=True, exist_ok=True)
    if others := sorted(file.name for file in out.glob("*.txt") if file.name not in files):
        refuse(f"{out} holds other texts already, such as {others[0]}; name an empty folder", "out")
    for name, text in files.items():
        write_file(out / name, text.encode())
    typer.echo(f"wrote {len(files)} texts of {sheet.round} into {out}")


def file_stem(member: str) -> str:
    """A member's id as the name of a file: itself, but for what file systems do not take."""
    import hashlib

    name = "".join("_" if letter in '<>:"/\\|?*' else letter for letter in member).rstrip(" .")
    name = f"_{name}" if name.startswith(".") or not name else name
    if name == member and len(name.encode()) <= _LONGEST:
        return name
    # Two ids never become one name.
    short = name.encode()[:_LONGEST].decode(errors="ignore")
    return f"{short}-{hashlib.blake2b(member.encode(), digest_size=4).hexdigest()}"
