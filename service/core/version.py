"""Which version of Yiqi this is."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def running_version() -> str:
    """The version of the installed package; "0" where only the sources are there."""
    try:
        return version("yiqi")
    except PackageNotFoundError:
        return "0"
