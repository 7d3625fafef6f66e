"""Options that several commands share, and the settings that follow from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn, TypeAlias

import typer

if TYPE_CHECKING:
    from service.core.settings import Settings

SERVER_SECONDS = 120.0  # a server that has to read a community first takes its time
HERE_SECONDS = 7 * 24 * 3600.0  # what runs in this process is waited for

Data: TypeAlias = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="The data folder; $YIQI_DATA or ./data when not given.")
]


def _server(context: typer.Context, value: str | None) -> str | None:
    """$YIQI_SERVER gives way to a data folder that the command line names."""
    source = context.get_parameter_source("server")
    said = source is not None and source.name == "COMMANDLINE"
    return value if said or context.params.get("data") is None else None


Server: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="HOST:PORT",
        envvar="YIQI_SERVER",
        callback=_server,
        help="Ask a running server instead of a data folder; https://HOST:PORT over TLS, its token in YIQI_TOKEN.",
    ),
]
CommunityId: TypeAlias = Annotated[str, typer.Option("--community", metavar="ID", help="The community.")]
Limit: TypeAlias = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many results.")]
IncludeConnected: TypeAlias = Annotated[
    bool, typer.Option("--include-connected", help="Also people who have dealt with each other already.")
]
Strangers: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--strangers",
        min=0,
        max=1,
        help="Share of the new people who have no acquaintance in common; else the model's.",
    ),
]
Fillers: TypeAlias = Annotated[
    bool, typer.Option("--fillers", help="Also people for whom there is no reason, last; with --reasons and in tables.")
]
Gone: TypeAlias = Annotated[bool, typer.Option("--gone", help="Also people who are here no more.")]
Reasons: TypeAlias = Annotated[bool, typer.Option("--reasons", help="Say why, in jsonl too; tables say it always.")]
Format: TypeAlias = Annotated[Literal["table", "jsonl"], typer.Option("--format", help="For people or for programs.")]
ReasonLanguage: TypeAlias = Annotated[Literal["en", "zh"], typer.Option("--language", help="Language of the reasons.")]


def settings_for(data: Path | None) -> Settings:
    """The settings of the environment, with the data folder of the command line if it names one."""
    from service.core.settings import Settings

    return Settings() if data is None else Settings(data=data)


def require_picture(out: Path, option: str) -> None:
    """Before the work, not after it: refuses a file that cannot become a picture."""
    from training.pictures import SUFFIXES

    if out.suffix.lower() not in SUFFIXES:
        raise typer.BadParameter(f"a picture ends in {' or '.join(SUFFIXES)}", param_hint=option)
    require_folder(out, option)


def require_folder(out: Path, option: str) -> None:
    """Refuses a file in a folder that is not there."""
    if not out.absolute().parent.is_dir():
        raise typer.BadParameter(f"there is no folder {out.parent}", param_hint=option)


def refuse(sentence: str, option: str = "") -> NoReturn:
    """Ends the command: wrong use."""
    raise typer.BadParameter(sentence, param_hint=f"--{option}" if option else None)


def one_door(data: Path | None, server: str | None) -> None:
    """Refuses --data beside --server."""
    if data is not None and server is not None:
        raise typer.BadParameter("give --data or --server, not both")
