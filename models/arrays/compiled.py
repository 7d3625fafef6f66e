"""Functions over arrays that are compiled when they are first called, and run without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from numba import njit


def compiled(*, fastmath: Collection[str] = ()) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator; `fastmath` names what the compiler may do to sums. What was compiled is kept for later
    processes where there is a folder that can be written to."""

    def compile_(function: Callable[..., Any]) -> Callable[..., Any]:
        made: Callable[..., Any]
        try:
            made = njit(function, nogil=True, fastmath=set(fastmath), cache=True)
        except RuntimeError:  # there is no folder to keep it in: each process compiles for itself
            made = njit(function, nogil=True, fastmath=set(fastmath))
        return made

    return compile_
