"""What stands worked out beside a view, and a past of projects that something can be learnt from."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from models.community.kept import Kept
from models.domain.records import Project
from tests.toy.world import DAY, NOW

PEOPLE = ("mei", "noah", "ada", "liang", "sofia", "kenji", "hua", "omar", "xin")
DONE = tuple(
    Project(
        id=f"done{n}",
        time=NOW - (100 - n) * DAY,
        title=("Seeds", "A song", "Accounts")[n % 3],
        text=("Seeds in the garden", "A song for guitars", "Bookkeeping of a shop")[n % 3],
        members=(PEOPLE[n % 9], PEOPLE[(n + 3) % 9]),
    )
    for n in range(48)
)


def worked_out(thing: Any, where: str = "view") -> set[str]:
    """Names of all that stands beside the fields of a view and of its parts."""
    found: set[str] = set()
    if is_dataclass(thing) and hasattr(thing, "__dict__"):
        own = {field.name for field in fields(thing)}
        found |= {f"{where}.{name}" for name in vars(thing).keys() - own}
        for name in own:
            found |= worked_out(getattr(thing, name), f"{where}.{name}")
    elif isinstance(thing, Kept):
        found |= {f"{where}.{name}" for name in thing.names()}
    return found
