"""`yiqi backup`, `restore`, `check` and `salvage`: data that outlives a disk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.shared.options import Data, settings_for


def backup(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A .tar.gz or .tar by its ending, else a new folder.")],
    data: Data = None,
) -> None:
    """Write the whole data folder as a backup, beside a running server: data, models, and the key of tokens.

    Example: yiqi backup backups/monday.tar.gz --data ./data
    """
    from service.application.backups import back_up

    made = back_up(settings_for(data), out)
    typer.echo(f"wrote {out}: {made.files:,} files, {made.size:,} bytes")


def restore(
    source: Annotated[Path, typer.Argument(metavar="BACKUP", help="What `yiqi backup` wrote.")],
    data: Data = None,
) -> None:
    """Put a backup into an empty data folder, verified to the last byte.

    Example: yiqi restore backups/monday.tar.gz --data ./data
    """
    from service.application.backups import restore as put_back

    settings = settings_for(data)
    found = put_back(source, settings)
    typer.echo(f"restored {settings.data}: {found.files:,} files, {found.size:,} bytes")


def check(data: Data = None) -> None:
    """Look for damage of the data file. Works beside a running server.

    Exits with 1 when there is any, and prints it in the words of the database.

    Example: yiqi check --data ./data
    """
    from service.core.errors import FailedPrecondition
    from service.store.damage import findings

    file = settings_for(data).database
    if not file.exists():
        raise FailedPrecondition("There is no data yet")
    found = findings(file)
    for line in found or [f"{file} is whole"]:
        typer.echo(line)
    raise typer.Exit(int(bool(found)))


def salvage(
    out: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new data folder.")],
    data: Data = None,
) -> None:
    """Save what can be read of damaged data into a new data folder, and say what is lost. Stop the server before.

    The damaged folder stays as it is. Models and the key of recommendation tokens are taken along.

    Example: yiqi salvage ./data-saved --data ./data
    """
    from functools import partial

    from service.application.mending import salvage as save
    from service.compose import open_store

    saved = save(settings_for(data), out, partial(open_store, writes=True))
    for (community, kind), count in sorted(saved.saved.items()):
        lost = saved.lost[community, kind]
        typer.echo(f"{community} {kind:<11} {count:>9,}" + (f"   lost {lost:,}" if lost else ""))
    for (community, kind), lost in sorted(saved.lost.items()):
        if (community, kind) not in saved.saved:
            typer.echo(f"{community} {kind:<11} {0:>9,}   lost {lost:,}")
    if saved.unknown:
        typer.echo(f"more may be lost of: {', '.join(saved.unknown)}")
    typer.echo(f"wrote {out}")
