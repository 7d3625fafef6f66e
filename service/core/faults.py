"""What a log may say about an exception: its type and the lines of code, never its message, which may quote people."""

from __future__ import annotations

import traceback
from pathlib import Path


def outline(fault: BaseException) -> str:
    """Type and places, innermost last."""
    frames = traceback.extract_tb(fault.__traceback__)
    places = " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(fault).__module__}.{type(fault).__qualname__} at {places}"
