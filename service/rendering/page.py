"""A round as one page to print: HTML without anything from outside, readable in black and white."""

from __future__ import annotations

from functools import cache
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from service.rendering.sheet import Sheet
from service.rendering.words import day, in_short, names, trade_off, word

LANG = {"en": "en", "zh": "zh-Hans"}


def as_html(sheet: Sheet) -> bytes:
    """The page, UTF-8. Whatever members wrote is escaped."""
    by_sitting = [(sitting, list(lines)) for sitting, lines in groupby(enumerate(sheet.lines, 1), _sitting)]
    text = _template().render(
        sheet=sheet,
        lang=LANG[sheet.language],
        word=lambda key: word(key, sheet.language),
        day=day,
        names=lambda line: names(line, sheet.language),
        by_sitting=by_sitting,
        schedule=_schedule(sheet),
        in_short=in_short(sheet),
        trade_off=trade_off(sheet),
    )
    return text.encode()


def _schedule(sheet: Sheet) -> list[tuple[str, list[str]]]:
    """Where there are several sittings: everybody by name, and for each sitting whom they meet and when."""
    if sheet.sittings < 2:
        return []
    names: dict[str, str] = {}
    cells: dict[str, list[list[str]]] = {}
    for line in sheet.lines:
        for seat in line.seats:
            names[seat.member] = seat.name
            others = ("、" if sheet.language == "zh" else ", ").join(one.name for one in line.seats if one is not seat)
            mine = cells.setdefault(seat.member, [[] for _ in range(sheet.sittings)])
            mine[line.sitting].append(f"{others} ({line.slot})" if line.slot else others)
    everybody = sorted(cells, key=lambda member: (names[member].casefold(), member))
    return [(names[member], ["; ".join(cell) for cell in cells[member]]) for member in everybody]


def _sitting(numbered: tuple[int, object]) -> int:
    return int(numbered[1].sitting)  # type: ignore[attr-defined]


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("service.rendering", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("round.html.jinja")
