"""What could be done: one plain thing to say of a figure that asks for it, and something ready to run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.domain.facts import Fact
from models.health.company import Company
from models.health.definitions import DEFINITION, FigureName
from models.health.windows import LEAST, Measured, Pointer

WORSE = 0.2  # a fall of so large a share of the mean of the three windows before it asks for advice, too
SAYS = 3  # names in a sentence
# Figures of which there is something to say where there is nobody to name.
WITHOUT_NAMES: tuple[FigureName, ...] = ("reciprocity", "voice", "newcomers_answered", "answered", "across")
MEETINGS = 2  # of one guest, at most
# Figures in which a single member matters, however good the whole.
PERSONAL: tuple[FigureName, ...] = ("newcomers_answered", "isolated", "broadcasting", "hanging")


@dataclass(frozen=True, slots=True)
class Action:
    """Something to run. "round": `members` in groups, or as one side that meets the `others`; `standing` to meet again.
    "introduction": people for each of the `members`. "project": something to do together, for the `members` if any."""

    kind: Literal["round", "introduction", "project"]
    members: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    standing: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """About a figure: what an organizer is told, the members or channels it is about, and what to run."""

    figure: FigureName
    said: Fact
    about: tuple[Pointer, ...]
    action: Action


def advise(
    measured: dict[FigureName, Measured], company: Company, names: Callable[[Pointer], str]
) -> tuple[Advice, ...]:
    """Advice where a figure is poor, has become worse, or points to single members; the most pressing first.

    The pointers in `measured` are taken as they are: whoever must not be named is left out of them before.
    """
    found = []
    for name, figure in measured.items():
        pressing = _pressing(name, figure)
        if pressing <= 0:
            continue
        about = _about(name, figure, measured)
        action = _action(name, about, company)
        if action is None:
            continue
        found.append((pressing, Advice(name, _said(name, figure, about, names), about, action)))
    return tuple(advice for _, advice in sorted(found, key=lambda item: -item[0]))


def _said(name: FigureName, figure: Measured, about: Sequence[Pointer], names: Callable[[Pointer], str]) -> Fact:
    rooms = any(pointer.kind == "channel" for pointer in about[:1])
    named = tuple(names(pointer) for pointer in about[:SAYS])
    latest = _latest(figure)[0]
    value = f"{latest:.0%}" if DEFINITION[name].unit == "share" else f"{latest:.2f}"
    part = "advice" if about or name not in WITHOUT_NAMES else "troubled"
    who = Fact("health.who", {"names": named, "more": len(about) - SAYS, "rooms": rooms})
    return Fact(f"health.{part}.{name}", {"value": value, "who": who})


def _latest(figure: Measured) -> tuple[float, int, np.ndarray]:
    """The newest known value, of how many cases, and the known values of the three windows before it."""
    known = np.flatnonzero(~np.isnan(figure.values))
    if not len(known):
        return float("nan"), 0, np.zeros(0)
    return float(figure.values[known[-1]]), int(figure.counts[known[-1]]), figure.values[known[-4:-1]]


def _pressing(name: FigureName, figure: Measured) -> float:
    """Above 0 where there is something to say: how far beyond the rule of thumb, how much worse, whom it leaves out."""
    definition = DEFINITION[name]
    value, cases, before = _latest(figure)
    pressing = 0.0
    if cases >= LEAST and definition.is_poor(value):
        pressing += 1 + abs(value - definition.poor)
    if cases >= LEAST and len(before) == 3 and before.mean():
        change = (value - before.mean()) / before.mean() * (-1 if definition.higher_is_better else 1)
        pressing += change if change > WORSE else 0
    if name in PERSONAL and figure.pointers:
        pressing += 1
    return pressing


def _about(name: FigureName, figure: Measured, measured: dict[FigureName, Measured]) -> tuple[Pointer, ...]:
    """Whom the sentence names. Who broadcasts is not called isolated: that has an advice of its own."""
    if name == "hanging":
        return figure.pointers[:1]
    if name != "isolated" or "broadcasting" not in measured:
        return figure.pointers
    loud = {pointer.id for pointer in measured["broadcasting"].pointers}
    return tuple(pointer for pointer in figure.pointers if pointer.id not in loud)


def _action(name: FigureName, about: Sequence[Pointer], company: Company) -> Action | None:
    """What would move the figure; None where nobody is left to do it with."""
    ids = [pointer.id for pointer in about if pointer.kind == "member"]
    match name:
        case "newcomers_answered":
            return _meeting(company, company.rows(ids))
        case "isolated" | "broadcasting" | "helped" | "reciprocity":
            rows = company.rows(ids)
            return Action("introduction", _ids(company, rows)) if rows else None
        case "answered":
            return _meeting(company, company.askers())
        case "answered_without_loudest":
            return _meeting(company, company.rows(ids))
        case "hanging":
            cut_off = company.cut_off(ids[0]) if ids else []
            return _meeting(company, cut_off, spare=company.around(cut_off))
        case "across":
            edge = company.of_other_groups()
            return _meeting(company, edge, spare=company.around(edge))
        case "newcomers_stay" | "askers_answer":
            return Action("project")
        case "survival_30" | "survival_90":
            return Action("round", standing=True)
        case "voice" | "exposure" | "introductions_talked" | "thanked":
            return Action("round")


def _meeting(company: Company, guests: list[int], spare: Sequence[int] = ()) -> Action | None:
    hosts = company.hosts(guests, spare)[: MEETINGS * len(guests)]  # so that nobody asked is left without a meeting
    return Action("round", _ids(company, guests), _ids(company, hosts)) if guests and hosts else None


def _ids(company: Company, rows: Sequence[int]) -> tuple[str, ...]:
    return tuple(company.history.people.ids[row] for row in rows)
