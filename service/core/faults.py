"""What a log may say about an exception: its type and the lines of code, never its message, which may quote people."""

from __future__ import annotations

import traceback
from pathlib import Path

_SHOWN = 3  # folders and file, which tell one module from another
_CAUSES = 5


def outline(fault: BaseException) -> str:
    """Type and places, innermost last; then the same of what it came from."""
    told, cause = [_one(fault)], _cause(fault)
    while cause is not None and len(told) < _CAUSES:
        told.append(_one(cause))
        cause = _cause(cause)
    return " from ".join(told)


def _one(fault: BaseException) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    places = " > ".join(
        f"{'/'.join(Path(frame.filename).parts[-_SHOWN:])}:{frame.lineno} {frame.name}" for frame in frames
    )
    return f"{type(fault).__module__}.{type(fault).__qualname__} at {places}"


def _cause(fault: BaseException) -> BaseException | None:
    return fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
