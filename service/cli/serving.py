"""`yiqi serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.shared.options import Data, settings_for


def serve(
    data: Data = None,
    listen: Annotated[
        str | None,
        typer.Option(
            "--listen", metavar="HOST:PORT", help="$YIQI_LISTEN or 127.0.0.1:50551 when not given; port 0: any."
        ),
    ] = None,
    insecure: Annotated[
        bool,
        typer.Option("--insecure", help="Listen where others can reach it, though without TLS or without tokens."),
    ] = False,
) -> None:
    """Serve the communities of a data folder over gRPC, until SIGTERM or ctrl-C.

    Prints "listening on HOST:PORT" when it takes calls. Communities are loaded after that.

    Example: yiqi serve --data ./data --listen 127.0.0.1:50551
    """
    from service.compose import serve as serve_app
    from service.core.settings import Settings

    settings = settings_for(data)
    if listen is not None:
        # Built anew rather than copied, so that the address is checked.
        settings = Settings(**{**settings.model_dump(), "listen": listen})
    serve_app(settings, insecure=insecure)
