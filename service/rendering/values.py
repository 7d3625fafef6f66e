"""A round as JSON, for programs: the sheet as it is, times RFC 3339, scores as numbers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import orjson

from models.domain.records import Micros
from service.rendering.sheet import Sheet


def as_json(sheet: Sheet) -> bytes:
    """{"round", "title", "matches": [{"members": [{"id", "name", ...}], ...}], "byes", "left_out", "summary", ...}."""
    return orjson.dumps(as_values(sheet), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def as_values(sheet: Sheet) -> dict[str, Any]:
    """The same as plain values."""
    values = asdict(sheet)
    matches = values.pop("lines")
    for match in matches:
        match["members"] = [_person(seat) for seat in match.pop("seats")]
    absent = {key: [_person(one) for one in values.pop(key)] for key in ("byes", "left_out")}
    times = {key: _time(values.pop(key)) for key in ("time", "published")}
    return {**values, **times, "matches": matches, **absent}


def _person(values: dict[str, Any]) -> dict[str, Any]:
    return {"id": values.pop("member"), **values}


def _time(time: Micros | None) -> str | None:
    return datetime.fromtimestamp(time / 1e6, UTC).isoformat().replace("+00:00", "Z") if time else None
