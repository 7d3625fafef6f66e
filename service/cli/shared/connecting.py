"""A client of the server that --server names: TLS and token as the environment says, never as the command line does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    import grpc
    from yiqi.client import YiqiClient

    from service.core.settings import ClientSettings

_TLS = "https://"


def connect(server: str, timeout: float) -> YiqiClient:
    """A client of HOST:PORT, over TLS for https://HOST:PORT or with YIQI_SERVER_CA; `timeout` in seconds.

    Ends the command where a token would go over a connection that others can overhear.
    """
    from yiqi.client import YiqiClient

    from service.core.settings import ClientSettings

    settings = ClientSettings()
    credentials = _credentials(settings) if server.startswith(_TLS) or settings.server_ca else None
    target = server.removeprefix(_TLS).rstrip("/")
    try:
        return YiqiClient(
            target, timeout=timeout, credentials=credentials, token=_token(settings), insecure=settings.insecure
        )
    except ValueError:
        remedy = f"Name the server as {_TLS}{target}, with YIQI_SERVER_CA where its certificate is your own"
        raise typer.BadParameter(
            f"a token goes over TLS only. {remedy}, or set YIQI_INSECURE=1", param_hint="--server"
        ) from None


def _credentials(settings: ClientSettings) -> grpc.ChannelCredentials:
    import grpc

    return grpc.ssl_channel_credentials(
        _content(settings.server_ca), _content(settings.client_key), _content(settings.client_cert)
    )


def _token(settings: ClientSettings) -> str | Callable[[], str]:
    file = settings.token_file
    if file is None:
        return settings.token.get_secret_value().strip()
    file.read_bytes()  # a file that is not there is told at once
    return lambda: file.read_text(encoding="utf8").strip()


def _content(file: Path | None) -> bytes | None:
    return None if file is None else file.read_bytes()
