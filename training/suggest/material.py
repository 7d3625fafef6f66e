"""Lines with what a careful reader would take from them: a message, and parts of it with their fields."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np

from models.suggest.spoken import Word, words
from models.suggest.tagger import LABELS
from models.suggest.text import fold
from training.meaning.material import lines as spoken_lines

# Acts of `models.meaning.acts` by which nobody tells anything of themselves that somebody could take up.
ABOUT_NOTHING = ("smalltalk", "ad", "announcement", "remark", "dontknow", "bye", "empty", "answer")
FOLDER = Path(__file__).with_name("material")


@dataclass(frozen=True, slots=True)
class Taken:
    """Something to be taken: its field or either of two, its words or others as good; `maybe` it need not be."""

    fields: tuple[str, ...]
    texts: tuple[str, ...]
    maybe: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A message and all that is to be taken from it."""

    id: str
    text: str
    taken: tuple[Taken, ...]


def read(path: Path) -> list[Line]:
    """The lines of a file."""
    return [_line(json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]


def lines() -> Iterator[Line]:
    """All that there is to learn from: lines with what they tell, and lines of chat that tell nothing of anybody."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        yield from read(path)
    for i, (text, act, *_) in enumerate(spoken_lines()):
        if act in ABOUT_NOTHING:
            yield Line(f"act{i}", text, ())


def _line(value: dict[str, Any]) -> Line:
    return Line(value["id"], value["text"], tuple(_taken(one) for one in value["expect"]))


def _taken(value: dict[str, Any]) -> Taken:
    fields = tuple(filter(None, (value["field"], value.get("also_field"))))
    return Taken(fields, (value["text"], *value.get("also", ())), bool(value.get("maybe")))


def labelled(line: Line) -> tuple[list[Word], np.ndarray, np.ndarray]:
    """The words of a line, (n,) int labels, and (n,) bool which of them count: not what may or may not be taken."""
    told = words(line.text)
    labels, counts = np.zeros(len(told), np.int64), np.ones(len(told), bool)
    for one in line.taken:
        start = line.text.find(one.texts[0])
        inside = [i for i, word in enumerate(told) if start <= word.start and word.end <= start + len(one.texts[0])]
        if start < 0 or not inside:
            continue
        if one.maybe:
            counts[inside] = False
            continue
        labels[inside] = LABELS.index(f"I-{one.fields[0]}")
        labels[inside[0]] = LABELS.index(f"B-{one.fields[0]}")
    return told, labels, counts


def same(one: str, others: Iterable[str]) -> bool:
    """Whether a cut is as good as one of the others: nearly the same words."""
    return any(_near(one, other) for other in others)


def _near(one: str, other: str) -> bool:
    a, b = fold(one), fold(other)
    if a == b or (a in b and any(mark in other for mark in "、,，")):
        return True
    inside = (a in b or b in a) and 2 * min(len(a), len(b)) >= max(len(a), len(b))
    return inside or SequenceMatcher(None, a, b).ratio() >= 0.75
