"""Rows on stdout or from a file, as the option or the file's ending says."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from service.cli.shared.options import refuse

if TYPE_CHECKING:
    from service.rendering.rows import Cell

AsRows: TypeAlias = Annotated[
    Literal["table", "csv", "jsonl"],
    typer.Option("--format", help="For people, a spreadsheet or programs."),
]


def print_rows(headings: Sequence[str], rows: Iterable[Sequence[Cell]], format_: Literal["csv", "jsonl"]) -> None:
    """To stdout."""
    from service.rendering.rows import as_csv, as_jsonl

    sys.stdout.buffer.write((as_csv if format_ == "csv" else as_jsonl)(headings, rows))


def read_rows(path: Path, needed: Sequence[str], option: str) -> list[tuple[int, Mapping[str, str]]]:
    """The rows of a .csv or .jsonl file with the numbers of their lines.

    Ends the command for another ending, a file that cannot be read, or one without the columns that are `needed`.
    """
    from service.rendering.rows import read_csv, read_jsonl

    ending = path.suffix.lower()
    if ending not in (".csv", ".jsonl"):
        refuse(f"{path.name} ends in neither .csv nor .jsonl", option)
    try:
        rows = list((read_csv if ending == ".csv" else read_jsonl)(path.read_bytes()))
    except OSError as error:
        refuse(f"{path}: {error.strerror}", option)
    except ValueError as error:
        refuse(f"{path}: {error}", option)
    for line, row in rows:
        if missing := [name for name in needed if name not in row]:
            refuse(f"{path}:{line}: there is no {missing[0]}; it needs {', '.join(needed)}", option)
    return rows
