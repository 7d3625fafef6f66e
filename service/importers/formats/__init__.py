"""Every chat format that is read, and which of them a file is."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from models.archive.container import ArchiveError
from service.importers.frame.container import Container
from service.importers.frame.format import Format


def classes() -> Iterator[type[Format]]:
    """Each class here that is a format: another one is a file more."""
    for module in iter_modules(__path__, f"{__name__}."):
        for one in vars(import_module(module.name)).values():
            if isinstance(one, type) and issubclass(one, Format) and one.__module__ == module.name:
                yield one


FORMATS: tuple[Format, ...] = tuple(sorted((one() for one in classes()), key=lambda one: one.name))
ENOUGH = 0.5


def format_named(name: str) -> Format:
    """The format of a --format. ArchiveError when there is none of that name."""
    found = {one.name: one for one in FORMATS}
    if name not in found:
        raise ArchiveError(f"there is no format {name}; known are {', '.join(sorted(found))}")
    return found[name]


def recognised(files: Container) -> list[tuple[float, Format]]:
    """Formats that the files may be, the surest first."""
    sure = ((one.sure(files), one) for one in FORMATS)
    return sorted((pair for pair in sure if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].name))
