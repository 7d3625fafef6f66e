"""What a kind of reason is to the rest: a name, what speaks for it and what it stands on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from models.community.view import SUGGESTED_WEIGHT, Community
from models.domain.requests import Evidence, Options, ReasonKind
from models.features.matrix import Query

QUOTED = 80  # characters
# The plain values of features that evidence is looked up by.
TOLD = ("adamic_adar", "place", "recent", "time_zone")

# What it stands on; () where it needs nothing to show, None where there is nothing that the reader may see.
Found: TypeAlias = tuple[Evidence, ...] | None


@dataclass(frozen=True, slots=True)
class Case:
    """One shown candidate, and all that its reasons are worked out from."""

    view: Community
    query: Query
    row: int
    values: dict[str, float]  # `TOLD`
    options: Options
    visible: np.ndarray  # (N,) bool: members whose name the reader may see
    stands_on: Mapping[ReasonKind, tuple[int, int]]  # mine and theirs, of what fits or is near to it


def elsewhere(case: Case) -> Found:
    """What a kind stands on that is made elsewhere than where matches are explained."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of reason. It has the name of a ReasonType of the contract, and is worded by messages of that name.

    `values` are the features whose share of the score it carries; what it stands on is `evidence`, or `nearly` where it
    is not sure enough to be claimed. `asked` is what it becomes where a text asks.
    `beside`: it is said beside what speaks for them, and adds nothing to the score.
    `told` to an organizer, it is the same of "both"; or each has a part in it, and evidence is (theirs, mine): "parts";
    or it is of "one" alone.
    """

    name: ReasonKind
    values: tuple[str, ...] = ()
    evidence: Callable[[Case], Found] = elsewhere
    nearly: Callable[[Case], Found] | None = None
    asked: ReasonKind | None = None
    general: bool = False  # true of many: said last
    beside: bool = False
    told: Literal["both", "parts", "one"] = "both"


def stated(case: Case, facet: int) -> Evidence:
    """The statement in a row of facets."""
    item = case.view.facets.items[facet]
    return Evidence("statement" if item.weight > SUGGESTED_WEIGHT else "suggestion", cut(item.text))


def cut(text: str) -> str:
    """What is quoted of a text."""
    text = " ".join(text.split())
    return text if len(text) <= QUOTED else text[: QUOTED - 1].rstrip() + "…"
