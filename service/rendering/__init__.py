"""A round as a file: a table for a spreadsheet, JSON, a page to print, a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from service.rendering.sheet import Absent, Line, Seat, Sheet

__all__ = ["FORMATS", "Absent", "Format", "Kind", "Line", "Seat", "Sheet", "render"]

Format: TypeAlias = Literal["csv", "people_csv", "json", "html", "svg", "png"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A format of files: how it is written, its media type and the end of a file's name."""

    write: Callable[[Sheet], bytes]
    media_type: str
    suffix: str


def render(sheet: Sheet, format_: Format) -> bytes:
    """The round as a file, in the language of the sheet. The same sheet gives the same bytes."""
    return FORMATS[format_].write(sheet)


def _csv(sheet: Sheet) -> bytes:
    from service.rendering.tables import matches_csv

    return matches_csv(sheet)


def _people_csv(sheet: Sheet) -> bytes:
    from service.rendering.tables import people_csv

    return people_csv(sheet)


def _json(sheet: Sheet) -> bytes:
    from service.rendering.values import as_json

    return as_json(sheet)


def _html(sheet: Sheet) -> bytes:
    from service.rendering.page import as_html

    return as_html(sheet)


def _svg(sheet: Sheet) -> bytes:
    from service.rendering.picture import draw

    return draw(sheet, "svg")


def _png(sheet: Sheet) -> bytes:
    from service.rendering.picture import draw

    return draw(sheet, "png")


# Imported when used: a server that draws nothing loads no drawing library.
FORMATS: dict[Format, Kind] = {
    "csv": Kind(_csv, "text/csv; charset=utf-8", ".csv"),
    "people_csv": Kind(_people_csv, "text/csv; charset=utf-8", ".people.csv"),
    "json": Kind(_json, "application/json", ".json"),
    "html": Kind(_html, "text/html; charset=utf-8", ".html"),
    "svg": Kind(_svg, "image/svg+xml", ".svg"),
    "png": Kind(_png, "image/png", ".png"),
}
