"""A round as pages to print: HTML without anything from outside, readable in black and white."""

from __future__ import annotations

from functools import cache
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from service.rendering.sheet import Line, Occasion, Sheet
from service.rendering.words import day, day_in_words, heading, in_short, names, trade_off, word

LANG = {"en": "en", "zh": "zh-Hans"}


def as_html(sheet: Sheet) -> bytes:
    """The page, UTF-8. Whatever members wrote is escaped."""
    by_sitting = [(sitting, list(lines)) for sitting, lines in groupby(enumerate(sheet.lines, 1), _sitting)]
    text = _template("round.html.jinja").render(
        sheet=sheet,
        lang=LANG[sheet.language],
        word=lambda key: word(key, sheet.language),
        day=day,
        names=lambda line: names(line, sheet.language),
        by_sitting=by_sitting,
        schedule=_schedule(sheet),
        in_short=in_short(sheet),
        trade_off=trade_off(sheet),
        date=day_in_words(sheet.date, sheet.language),
    )
    return text.encode()


def as_slips(sheet: Sheet, occasion: Occasion) -> bytes:
    """A page of slips to cut, one a person, by name: which table, with whom, when and where. Escaped like the page."""
    text = _template("slips.html.jinja").render(
        sheet=sheet,
        lang=LANG[sheet.language],
        word=lambda key: word(key, sheet.language),
        heading=heading(sheet),
        place=occasion.place or sheet.place,
        date=day_in_words(sheet.date, sheet.language),
        table=word("match" if sheet.kind in ("pairs", "sides") else "table", sheet.language),
        company=word("with_pair" if sheet.kind in ("pairs", "sides") else "with", sheet.language),
        slips=_slips(sheet),
    )
    return text.encode()


def _slips(sheet: Sheet) -> list[tuple[str, list[tuple[int, int, Line | None, list[str]]]]]:
    """Everybody by name, and for each of their sittings (from 1) the table, the match, and the others' names.

    Without a match where somebody sits it out.
    """
    slips: dict[str, list[tuple[int, int, Line | None, list[str]]]] = {}
    called: dict[str, str] = {}
    for number, line in enumerate(sheet.lines, 1):
        for seat in line.seats:
            called[seat.member] = seat.name
            others = [other.name for other in line.seats if other is not seat]
            slips.setdefault(seat.member, []).append((line.sitting + 1, number, line, others))
    for bye in sheet.byes:
        called[bye.member] = bye.name
        slips.setdefault(bye.member, []).append(((bye.sitting or 0) + 1, 0, None, []))
    people = sorted(slips, key=lambda member: (called[member].casefold(), member))
    return [(called[member], sorted(slips[member], key=lambda slip: slip[:2])) for member in people]


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
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("service.rendering", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
