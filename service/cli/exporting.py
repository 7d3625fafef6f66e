"""`yiqi export`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.shared.options import CommunityId, Data, Server, one_door, settings_for

if TYPE_CHECKING:
    from models.archive.container import Archive
    from models.domain.records import Record


def export(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A .zip or .tar.gz by its ending, else a folder.")],
    community: CommunityId,
    data: Data = None,
    server: Server = None,
) -> None:
    """Take a community out, whole. Works beside a running server.

    The same state gives the same bytes, also after an import elsewhere.

    Example: yiqi export --community makers makers.tar.gz
    """
    one_door(data, server)
    counts = _from_folder(data, community, out) if server is None else _from_server(server, community, out)
    for kind, count in counts.items():
        typer.echo(f"{kind:<11} {count:>9,}")
    typer.echo(f"wrote {out}")


def _from_folder(data: Path | None, community: str, out: Path) -> dict[str, int]:
    from service.application.exporting import export_community
    from service.store.sql import SqlStore

    with closing(SqlStore(settings_for(data).database, read_only=True)) as store:
        return export_community(store, community, out).rows


def _from_server(server: str, community: str, out: Path) -> dict[str, int]:
    from tempfile import TemporaryDirectory

    from yiqi.client import YiqiClient

    from models.archive.container import FILES, read, write

    with TemporaryDirectory() as folder, YiqiClient(server) as client:
        for piece in client.export_community(community):
            with open(Path(folder, Path(piece.file).name), "ab") as file:
                file.write(piece.data)
        received = read(folder)
        return write(out, {kind: _records(received, kind) for kind in FILES})


def _records(archive: Archive, kind: str) -> Iterator[Record]:
    from models.archive.container import ArchiveError, BadRow

    for row in archive.records([kind]):
        if isinstance(row, BadRow):
            raise ArchiveError(f"the server sent a row that is none: {row.file}:{row.line}: {row.reason}")
        yield row.record
