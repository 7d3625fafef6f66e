"""The commands of `yiqi`, and what an error means for its exit code."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from service.cli import (
    evaluating,
    exporting,
    feeding,
    health,
    importing,
    introducing,
    listening,
    mending,
    models,
    proposing,
    recommending,
    retraining,
    sampling,
    searching,
    serving,
    suggesting,
    tokens,
)
from service.cli.members.commands import app as members_app
from service.cli.rounds.commands import app as rounds_app
from service.cli.shared.groups import Group

app = typer.Typer(
    cls=Group,
    name="yiqi",
    help="Matchmaking for communities: who to meet, who completes whom, what to do together.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("serve")(serving.serve)
app.command("import")(importing.import_)
app.command("listen")(listening.listen)
app.command("export")(exporting.export)
app.add_typer(recommending.app, name="recommend")
app.add_typer(members_app, name="members")
app.command("search")(searching.search)
app.command("propose")(proposing.propose)
app.add_typer(introducing.app, name="introductions")
app.add_typer(feeding.app, name="feed")
app.add_typer(suggesting.app, name="suggestions")
app.add_typer(models.app, name="models")
app.add_typer(rounds_app, name="round")
app.command("retrain")(retraining.retrain)
app.command("evaluate")(evaluating.evaluate)
app.command("health")(health.health)
app.add_typer(tokens.app, name="token")
app.command("sample")(sampling.sample)
app.command("backup")(mending.backup)
app.command("restore")(mending.restore)
app.command("check")(mending.check)
app.command("salvage")(mending.salvage)


def _version(wanted: bool) -> None:
    if wanted:
        from service.core.version import running_version

        typer.echo(f"yiqi {running_version()}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Which version this is.")
    ] = False,
) -> None:
    """Matchmaking for communities: who to meet, who completes whom, what to do together."""


def run() -> NoReturn:
    """Run a command and exit: 0 done, 1 failed, 2 wrong use. Expected failures are one line on stderr."""
    try:
        app()
    except Exception as error:
        if (sentence := _sentence(error)) is None:
            raise
        print(f"yiqi: {sentence}", file=sys.stderr)
        sys.exit(1)
    sys.exit(0)


def _sentence(error: Exception) -> str | None:
    """What to tell about an expected failure; None for a fault of the program, which keeps its traceback."""
    from pydantic import ValidationError

    from models.archive.container import ArchiveError
    from service.core.errors import YiqiError

    if isinstance(error, ValidationError):
        wrong = [f"YIQI_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors() if e["loc"]]
        return "; ".join(wrong) or "a setting is wrong"
    if isinstance(error, (YiqiError, ArchiveError)):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else str(error)
    return getattr(error, "sentence", None)
