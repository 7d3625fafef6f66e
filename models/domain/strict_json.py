"""JSON from outside, read and written in one way, so that what is taken in once can be given out again.

At most `MOST_DEEP` levels, finite numbers, text that is Unicode.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

import orjson

MOST_DEEP = 32


class JsonError(ValueError):
    """A text or value that is not taken; the message says why."""


def read(text: str | bytes) -> Any:
    """The value of a JSON text. Raises JsonError."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise JsonError(f"not JSON: {error}") from None
    _require_shallow(value)
    return value


def read_object(text: str | bytes) -> dict[str, Any]:
    """The object of a JSON text. Raises JsonError."""
    value = read(text)
    if not isinstance(value, dict):
        raise JsonError("not a JSON object")
    return value


def write(value: object) -> str:
    """The one text of a value: sorted keys, no spaces, null for a number that is not finite. Raises JsonError."""
    _require_shallow(value)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError as error:
        raise JsonError(f"cannot be written as JSON: {error}") from None


def canonical(text: str) -> str:
    """The one text of what a JSON text says; "" stays so. Raises JsonError."""
    return write(read(text)) if text else ""


def read_kept(text: str) -> Any:
    """The value of a text that is kept already, whatever it is: what could not be written again is None in it, or
    replaced. None for what is no JSON at all."""
    try:
        return read(text)
    except JsonError:
        return _mended(_read_anyhow(text), MOST_DEEP)


def kept_object(text: str) -> dict[str, Any]:
    """The same where an object is kept; an empty one for "" and for anything else."""
    value = read_kept(text) if text else None
    return value if isinstance(value, dict) else {}


def _read_anyhow(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _require_shallow(value: object) -> None:
    """Raises JsonError; looks at one level after the other, so that no depth is too much for it."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(MOST_DEEP):
        level = [part for one in level for part in _values(one) if isinstance(part, (dict, list))]
        if not level:
            return
    raise JsonError(f"nested more than {MOST_DEEP} deep")


def _values(one: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return one.values() if isinstance(one, dict) else one


def _mended(value: Any, levels: int) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return float(value) if abs(value) < 10**300 else None
    if not levels or not isinstance(value, (dict, list)):
        return None if isinstance(value, (dict, list)) else value
    if isinstance(value, list):
        return [_mended(one, levels - 1) for one in value]
    return {_mended(name, levels): _mended(one, levels - 1) for name, one in value.items()}
