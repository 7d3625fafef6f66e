"""Headings and labels of a round's files."""

from __future__ import annotations

from datetime import UTC, datetime

from models.domain.facts import Fact, Value
from models.domain.records import Micros
from models.domain.requests import Language
from models.rounds.texts.notice import day_said
from service.rendering.sheet import Line, Sheet
from service.texts import words


def word(key: str, language: Language) -> str:
    """A label; an empty key stays empty."""
    return words(Fact(f"labels.{key}"), language) if key else ""


def day(time: Micros | None) -> str:
    """The day of a time, in UTC; "" without one."""
    return datetime.fromtimestamp(time / 1e6, UTC).strftime("%Y-%m-%d") if time else ""


def day_in_words(text: str, language: Language) -> str:
    """A day as one says it; other words as they are."""
    said = day_said(text)
    return words(said, language) if isinstance(said, Fact) else text


def heading(sheet: Sheet) -> str:
    """What the round is called, by whom it is, and of which day, unless its matches say when they are."""
    timed = any(line.slot for line in sheet.lines)
    on = day_in_words(sheet.date, sheet.language) if sheet.date else "" if timed else day(sheet.published or sheet.time)
    parts = (sheet.heading, sheet.community, on)
    return " · ".join(filter(None, parts))


def in_short(sheet: Sheet) -> str:
    """How many people and matches, and how good the list is, in a sentence or two."""
    s = sheet.summary
    if not sheet.lines:
        return word("nobody", sheet.language)
    numbers: dict[str, Value] = {"people": s.people, "placed": s.placed, "matches": len(sheet.lines)}
    scores = {"mean": f"{s.mean:.2f}", "worst": f"{s.worst:.2f}", "random": f"{s.random:.2f}" if s.random else ""}
    return words(Fact("summary.in_short", {**numbers, **scores}), sheet.language)


def trade_off(sheet: Sheet) -> str:
    """What was given up against the list with the largest total, and what it brought; "" where nothing was."""
    s = sheet.summary
    given, gained = s.best - s.mean, s.worst - s.best_worst
    if given < 0.0005 and gained < 0.0005:
        return ""
    share = f"{given / s.best if s.best else 0.0:.1%}"
    if gained < 0.0005:
        return words(Fact("summary.cost", {"best": f"{s.best:.2f}", "share": share}), sheet.language)
    traded = {"given": f"{given:.3f}", "share": share, "gained": f"{gained:.3f}"}
    return words(Fact("summary.traded", traded), sheet.language)


def names(line: Line, language: Language) -> str:
    """The people of a match, with their roles."""
    people = (Fact("summary.person", {"name": seat.name, "role": seat.role}) for seat in line.seats)
    return words(Fact("summary.people", {"names": tuple(people)}), language)
