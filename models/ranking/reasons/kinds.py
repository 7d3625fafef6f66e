"""All kinds of reasons, by name: each file here may have a `KINDS`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from models.domain.requests import ReasonKind
from models.ranking import reasons
from models.ranking.reasons.kind import Kind


def _found() -> Iterator[Kind]:
    for module in iter_modules(reasons.__path__, f"{reasons.__name__}."):
        if module.name != __name__:
            yield from getattr(import_module(module.name), "KINDS", ())


KINDS: Mapping[ReasonKind, Kind] = {kind.name: kind for kind in _found()}
GENERAL = frozenset(name for name, kind in KINDS.items() if kind.general)
BESIDE = frozenset(name for name, kind in KINDS.items() if kind.beside)
# Which reason a raw feature speaks for.
SPEAKS_FOR: Mapping[str, ReasonKind] = {value: name for name, kind in KINDS.items() for value in kind.values}
