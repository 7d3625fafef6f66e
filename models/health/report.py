"""The health of a community: all figures over time, whom they point to, and what could be done."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.domain.counts import coarse
from models.domain.records import DAY, Micros
from models.health.advice import Advice, advise
from models.health.company import Company, company
from models.health.definitions import FIGURES, FigureName
from models.health.effects import Effect, effects
from models.health.funnel import funnel
from models.health.groups import GROUP
from models.health.history import History
from models.health.value import Flow, Gift, flows, gifts
from models.health.windows import POINTERS, Measured, Pointer, windows

CENTRAL = 3  # members by whom a group is told


@dataclass(frozen=True, slots=True)
class Group:
    """People who deal with each other more than with others: how many, and who of them does most (how often)."""

    size: int
    central: tuple[Pointer, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """All that is told. `edges` (W + 1,) int64 microseconds bound the windows of `figures` and of `funnel` (W, steps).

    `hidden_by_consent`: about how many members a figure points to who must not be named.
    """

    as_of: Micros
    edges: np.ndarray
    figures: dict[FigureName, Measured]
    groups: tuple[Group, ...]
    flows: tuple[Flow, ...]
    gifts: tuple[Gift, ...]
    funnel: np.ndarray
    effects: tuple[Effect, ...]
    advice: tuple[Advice, ...]
    hidden_by_consent: int


def examine(
    history: History,
    *,
    now: Micros,
    since: Micros | None = None,
    every: Micros = 30 * DAY,
    limit: int = POINTERS,
) -> Health:
    """The health of a community in windows of `every` microseconds up to its clock; `limit` bounds each list of people.

    `now` is the wall clock: who is paused then is told of, but nothing is proposed with them.
    """
    told = windows(history.begin, history.as_of, since, every)
    around = company(history, now)
    raw = {definition.name: definition.measure(history, told) for definition in FIGURES}
    figures = {name: _named(measured, around) for name, measured in raw.items()}
    hidden = {p.id for name in raw for p in {*raw[name].pointers} - {*figures[name].pointers} if p.kind == "member"}
    names = _Names(history)
    return Health(
        as_of=history.as_of,
        edges=told.edges,
        figures={name: replace(measured, pointers=measured.pointers[:limit]) for name, measured in figures.items()},
        groups=_groups(around)[:limit],
        flows=flows(history),
        gifts=tuple(gift for gift in gifts(history) if around.nameable(gift.giver) and around.nameable(gift.receiver)),
        funnel=funnel(history, told),
        effects=effects(history),
        advice=advise(figures, around, names),
        hidden_by_consent=coarse(len(hidden)),
    )


def _named(measured: Measured, around: Company) -> Measured:
    kept = (p for p in measured.pointers if p.kind == "channel" or around.nameable(p.id))
    return replace(measured, pointers=tuple(kept))


class _Names:
    def __init__(self, history: History) -> None:
        self._members = dict(zip(history.people.ids, history.people.names, strict=True))
        self._channels = dict(zip(history.channels, history.channel_names, strict=True))

    def __call__(self, pointer: Pointer) -> str:
        return (self._members if pointer.kind == "member" else self._channels)[pointer.id]


def _groups(around: Company) -> tuple[Group, ...]:
    network, found = around.network, []
    inside = around.group[network.a] == around.group[network.b]
    ends = np.concatenate([network.a[inside], network.b[inside]])
    weight = np.bincount(ends, np.tile(network.times[inside], 2), minlength=len(network.rows))
    for number in range(int(around.group.max(initial=-1)) + 1):
        places = np.flatnonzero(around.group == number)
        if len(places) < GROUP:
            break  # they come by size
        ranked = places[np.argsort(-weight[places], kind="stable")]
        central = ranked[around.may_be_named[network.rows[ranked]]][:CENTRAL].tolist()
        ids = around.history.people.ids
        found.append(
            Group(len(places), tuple(Pointer("member", ids[network.rows[at]], float(weight[at])) for at in central))
        )
    return tuple(found)
