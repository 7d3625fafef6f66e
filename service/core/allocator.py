"""How the C library hands out memory to many threads."""

from __future__ import annotations

import ctypes

# Of glibc: it gives threads heaps of their own, eight a core, and each keeps what was freed in it for itself. In a
# server with its many threads that is more than what is in use, and grows for hours. Python lets one thread run at a
# time, so that two heaps are no narrower than sixteen.
HEAPS = 2
_ARENA_MAX = -8  # M_ARENA_MAX of <malloc.h>


def share_heaps() -> None:
    """Let threads that begin from now on share a few heaps, where the C library can."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, HEAPS)
