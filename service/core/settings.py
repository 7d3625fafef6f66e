"""What can be set from outside, and the only place that reads the environment (YIQI_...)."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_HOUR = r"([01]?\d|2[0-4])(:[0-5]\d)?"


class Settings(BaseSettings):
    """Every setting with its default; YIQI_DATA sets `data`, and so on. ValidationError names what is wrong."""

    model_config = SettingsConfigDict(env_prefix="YIQI_", frozen=True)

    data: Path = Path("data")
    """The data folder: the store, snapshots and models."""
    listen: str = Field(default="127.0.0.1:50551", pattern=r"^.+:\d{1,5}$")
    """HOST:PORT of the server; port 0 takes a free one."""
    metrics: str = Field(default="", pattern=r"^(.+:\d{1,5})?$")
    """HOST:PORT of this machine where metrics are read over HTTP; port 0 takes a free one. Empty for none."""
    encoder: str = Field(default="use-multilingual-v3", min_length=1)
    """The text encoder: a name that ships, or anything that sentence-transformers loads."""
    workers: int = Field(default=16, ge=1, le=256)
    """How many requests are answered at once, an eighth of them of one community; others wait for their turn."""
    queue_seconds: float = Field(default=2.0, gt=0, le=60)
    """How long a request waits for its turn at most, or as long as 8 of its kind take."""
    streams: int = Field(default=32, ge=1, le=1024)
    """How many streams of messages, members and exports may be open at once; half of them of one community."""
    stream_idle_seconds: float = Field(default=60.0, gt=0)
    """After how long a stream is closed over which nothing comes, or whose replies nobody takes."""
    stream_seconds: float = Field(default=3600.0, gt=0, le=604_800)
    """How long a stream may be open."""
    connection_seconds: float = Field(default=14_400.0, gt=0, le=604_800)
    """After how long a connection is renewed; calls on it finish."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least severe log lines to write."""
    models_kept: int = Field(default=10, ge=1, le=1000)
    """How many of a community's newest models are kept, beside those served now or before."""
    contacts_per_week: int = Field(default=3, ge=0, le=1000)
    """How often a member may be approached in 7 days; their attribute of the same name overrides it."""
    follow_up_days: int = Field(default=7, ge=0, le=365)
    """After how many days a match is asked what became of it."""
    introductions: bool = True
    """Whether a server introduces people by itself when somebody says or states something."""
    quiet_hours: str = Field(default="22:00-08:00", pattern=rf"^({_HOUR}-{_HOUR})?$")
    """When nobody is told of introductions, by the clock of each one's time zone; their attribute of the same name
    overrides it. Empty for none."""
    watchers: int = Field(default=64, ge=1, le=4096)
    """How many streams of introductions may be open at once; half of them of one community."""
    solvers: int = Field(default=1, ge=1, le=64)
    """How many rounds are solved at once, each in a process of its own; others wait."""
    idle_seconds: float = Field(default=1800.0, gt=0)
    """After how long a community leaves memory that nobody asks and where nothing happens; it comes back when asked."""
    tls_cert: str = ""
    """The server's certificate with its chain, a PEM file that is read again when it changes. Empty for no TLS."""
    tls_key: str = ""
    """The key of that certificate, a PEM file."""
    tls_client_ca: str = ""
    """Certificates (PEM) one of which must have signed that of each client. Empty where clients need none."""
    jwt: str = ""
    """A JSON file about an issuer whose tokens count, too; see `service.access.issuer.IssuerFile`. Empty for none."""
    drain_seconds: float = Field(default=10.0, ge=0)
    """How long a stopping server lets requests finish."""

    @field_validator("metrics")
    @classmethod
    def _of_this_machine(cls, address: str) -> str:
        # Metrics name communities, and nobody is asked who reads them.
        if address and not is_loopback(address):
            raise ValueError("metrics are read on this machine only: 127.0.0.1:9464, for instance")
        return address

    @property
    def database(self) -> Path:
        """The file of the store in the data folder."""
        return self.data / "yiqi.db"


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach HOST:PORT, or a socket in a folder. A name must be "localhost"."""
    host = address.rpartition(":")[0].strip("[]")
    if address.startswith(("unix:", "unix-abstract:")) or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class ClientSettings(BaseSettings):
    """How commands reach a server: YIQI_TOKEN and so on."""

    model_config = SettingsConfigDict(env_prefix="YIQI_", frozen=True, hide_input_in_errors=True)

    token: SecretStr = SecretStr("")
    """What each call carries; rather in the environment than on a command line, which everybody can read."""
    token_file: Path | None = None
    """A file that holds the token instead, read for every call, so that it can be exchanged."""
    server_ca: Path | None = None
    """Certificates (PEM) that are trusted in place of the system's; means TLS."""
    client_cert: Path | None = None
    """The certificate of this client (PEM), where the server asks for one."""
    client_key: Path | None = None
    """The key of that certificate."""
    insecure: bool = False
    """Whether a token may go over a connection that others can overhear."""


def traces_wanted() -> bool:
    """Whether OpenTelemetry is told where to send traces; its library reads this and its other variables itself."""
    return bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"))
