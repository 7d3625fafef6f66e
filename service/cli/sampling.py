"""`yiqi sample`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def sample(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A .zip or .tar.gz by its ending, else a folder.")],
) -> None:
    """Write the community that ships with Yiqi as an archive: invented people, in Chinese and English.

    Example: yiqi sample sample.tar.gz
    """
    from service.sample.generate import write_sample

    write_sample(out)
    typer.echo(f"wrote {out}")
