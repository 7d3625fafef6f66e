"""`yiqi export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.shared.options import CommunityId, Data, Server


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
    from tempfile import TemporaryDirectory

    from models.archive.container import check_replaceable, pack
    from service.cli.shared.organizer import open_organizer

    check_replaceable(out)
    with TemporaryDirectory(prefix="yiqi-") as folder, open_organizer(data, server, community, writes=False) as door:
        for piece in door.client.export_community(community, timeout=door.timeout):
            with open(Path(folder, Path(piece.file).name), "ab") as file:
                file.write(piece.data)
        counts = pack(Path(folder), out)
    for kind, count in counts.items():
        typer.echo(f"{kind:<11} {count:>9,}")
    typer.echo(f"wrote {out}")
