"""The examples that the judgements of `models.meaning` are fitted on; all written for this purpose.

`topics/*.toml`: what people offer, seek, show, ask and answer, topic by topic; `pairs*.jsonl`: offers and wishes with a
verdict; `lines*.jsonl`: lines with what they do.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).with_name("material")
# What a kind of text of a topic does, as `models.meaning.acts` calls it.
ACT_OF = {"offer": "offer", "seek": "wish", "say": "telling", "ask": "question", "can": "answer"}
KINDS = ("name", "offer", "seek", "say", "ask", "can", "brief", "near")


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a topic: `kind` of `KINDS`, `number` among those of its kind and language."""

    topic: str
    domain: str
    kind: str
    language: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """An offer and a wish, and whether the one meets the other."""

    offer: str
    seek: str
    meets: bool
    why: str


@lru_cache(maxsize=1)
def topics() -> tuple[Text, ...]:
    """All texts of all topics, in the order of files."""
    found: list[Text] = []
    for file in sorted(FOLDER.glob("topics/*.toml")):
        found += _texts(tomllib.loads(file.read_text(encoding="utf8")), file.stem)
    return tuple(found)


def _texts(data: dict[str, dict[str, dict[str, str | list[str]]]], file: str) -> Iterator[Text]:
    for slug, row in data["topic"].items():
        domain = str(row.get("domain", file))
        for key, value in row.items():
            kind, _, language = key.rpartition("_")
            if kind in KINDS:
                some = value if isinstance(value, list) else [value]
                if kind == "brief":
                    some = ["\n".join(some)]
                for number, text in enumerate(some):
                    yield Text(f"{file.rstrip('-0123456789')}.{slug}", domain, kind, language, number, text)


def _rows(name: str) -> Iterator[dict[str, object]]:
    """The rows of all files whose names begin so."""
    for file in sorted(FOLDER.glob(f"{name}*.jsonl")):
        yield from (json.loads(line) for line in file.read_text(encoding="utf8").splitlines() if line.strip())


@lru_cache(maxsize=1)
def pairs() -> tuple[Pair, ...]:
    """Offers and wishes with verdicts."""
    return tuple(Pair(str(r["offer"]), str(r["seek"]), bool(r["meets"]), str(r["why"])) for r in _rows("pairs"))


@lru_cache(maxsize=1)
def lines() -> tuple[tuple[str, str], ...]:
    """(text, act): lines with what they do, topics' texts included."""
    found = [(str(r["text"]), str(r["act"])) for r in _rows("lines")]
    found += [(text.text, ACT_OF[text.kind]) for text in topics() if text.kind in ACT_OF]
    return tuple(found)
