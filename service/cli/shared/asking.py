"""Files of briefs and questions: a JSON object a line, one answer a line, whatever a line holds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from models.domain.requests import Goal


class Asked(NamedTuple):
    """A brief or question and the id that its answer carries."""

    query: str
    goal: Goal


def read_questions(path: Path) -> Iterator[Asked]:
    """Every line that is not blank. A null or empty field counts as absent, and so does one of a wrong type.

    A line that is no JSON object is told on stderr and asks for nothing, so that answers stay in step with lines. A
    line without a "query" is known by its number.
    """
    import orjson

    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if not line.strip():
                continue
            try:
                row = orjson.loads(line)
                wrong = "" if isinstance(row, dict) else "not a JSON object"
            except orjson.JSONDecodeError as error:
                wrong = f"not JSON: {error}"
            if wrong:
                print(f'{path}:{number}: {wrong}. Write it as {{"text": "…"}}', file=sys.stderr)
                row = {}
            yield Asked(_text(row.get("query")) or str(number), _goal(row))


def _goal(row: dict[str, Any]) -> Goal:
    return Goal(
        text=_text(row.get("text")),
        title=_text(row.get("title")),
        channel=_text(row.get("channel")),
        source=_text(row.get("member")),
        members=_texts(row.get("members")),
    )


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(text for one in value if (text := _text(one))) if isinstance(value, list) else ()
