"""A round as a file: tables for a spreadsheet, JSON, pages to print, a calendar, pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from service.rendering.sheet import Absent, Line, Occasion, Seat, Sheet

__all__ = ["FORMATS", "Absent", "Format", "Kind", "Line", "Occasion", "Seat", "Sheet", "render"]

Format: TypeAlias = Literal["csv", "people_csv", "json", "html", "slips", "calendar", "svg", "png", "poster"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A format of files: how it is written, its media type and the end of a file's name."""

    write: Callable[[Sheet, Occasion], bytes]
    media_type: str
    suffix: str


def render(sheet: Sheet, format_: Format, occasion: Occasion | None = None) -> bytes:
    """The round as a file, in the language of the sheet. The same sheet gives the same bytes.

    Raises TimesWithoutDate and InvalidArgument for a calendar that cannot be.
    """
    return FORMATS[format_].write(sheet, occasion or Occasion())


def _csv(sheet: Sheet, _: Occasion) -> bytes:
    from service.rendering.tables import matches_csv

    return matches_csv(sheet)


def _people_csv(sheet: Sheet, _: Occasion) -> bytes:
    from service.rendering.tables import people_csv

    return people_csv(sheet)


def _json(sheet: Sheet, _: Occasion) -> bytes:
    from service.rendering.values import as_json

    return as_json(sheet)


def _html(sheet: Sheet, _: Occasion) -> bytes:
    from service.rendering.page import as_html

    return as_html(sheet)


def _slips(sheet: Sheet, occasion: Occasion) -> bytes:
    from service.rendering.page import as_slips

    return as_slips(sheet, occasion)


def _calendar(sheet: Sheet, occasion: Occasion) -> bytes:
    from service.rendering.calendar import as_calendar

    return as_calendar(sheet, occasion)


def _svg(sheet: Sheet, _: Occasion) -> bytes:
    from service.rendering.picture import draw

    return draw(sheet, "svg")


def _png(sheet: Sheet, _: Occasion) -> bytes:
    from service.rendering.picture import draw

    return draw(sheet, "png")


def _poster(sheet: Sheet, occasion: Occasion) -> bytes:
    from service.rendering.poster import draw

    return draw(sheet, occasion)


# Imported when used: a server that draws nothing loads no drawing library.
FORMATS: dict[Format, Kind] = {
    "csv": Kind(_csv, "text/csv; charset=utf-8", ".csv"),
    "people_csv": Kind(_people_csv, "text/csv; charset=utf-8", ".people.csv"),
    "json": Kind(_json, "application/json", ".json"),
    "html": Kind(_html, "text/html; charset=utf-8", ".html"),
    "slips": Kind(_slips, "text/html; charset=utf-8", ".slips.html"),
    "calendar": Kind(_calendar, "text/calendar; charset=utf-8", ".ics"),
    "svg": Kind(_svg, "image/svg+xml", ".svg"),
    "png": Kind(_png, "image/png", ".png"),
    "poster": Kind(_poster, "image/png", ".poster.png"),
}
