"""Every constraint by its name: whatever modules of this folder define."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from models.rounds.constraints.constraint import Constraint


def _defined_in(module: str) -> list[type[Constraint]]:
    found = vars(import_module(f"{__package__}.{module}")).values()
    return [one for one in found if isinstance(one, type) and issubclass(one, Constraint) and one is not Constraint]


CONSTRAINTS: dict[str, type[Constraint]] = {
    constraint.name: constraint
    for module in iter_modules([str(Path(__file__).parent)])
    for constraint in _defined_in(module.name)
}
