"""What people do, make and want, and the inside words of each: from "bottom bracket" to bicycle repair.

People show what they do without naming it. The lexicon (`lexicon.tsv`: names and inside words of activities, in English
and Chinese) knows which activities a word points to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

import numpy as np
import scipy.sparse as sp

from models.text.lexical import folded

LONGEST = 6  # characters of a Chinese word, and
WORDS = 3  # words of an English one, that are looked for
NAMED = 1.5  # what the name of an activity counts, against 1 for an inside word
TEXT_CHARS = 2_000

_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9][a-z0-9+#.'’-]*")


@dataclass(frozen=True)
class Lexicon:
    """A activities. `names` are (English, Chinese); `words` map a word to the activities that it points to."""

    names: tuple[tuple[str, str], ...]
    words: dict[str, dict[int, float]]

    @cached_property
    def weight(self) -> dict[str, float]:
        """How much each word tells: the fewer activities it points to, the more (inverse document frequency)."""
        n = len(self.names)
        return {word: float(np.log(n / len(of)) / np.log(n)) if n > 1 else 1.0 for word, of in self.words.items()}

    def points_to(self, texts: Sequence[str]) -> sp.csr_matrix:
        """(n, A) float32: how much each text points to each activity; rows of unit length, or zero."""
        rows, columns, values = [], [], []
        for row, text in enumerate(texts):
            for activity, value in self._activities(text).items():
                rows.append(row)
                columns.append(activity)
                values.append(value)
        found = sp.csr_matrix((np.array(values, np.float32), (rows, columns)), shape=(len(texts), len(self.names)))
        length = np.sqrt(np.asarray(found.multiply(found).sum(1)).ravel())
        return (sp.diags(1 / np.maximum(length, 1e-9)) @ found).tocsr().astype(np.float32)

    def _activities(self, text: str) -> dict[int, float]:
        found: dict[int, float] = {}
        for word in self.inside(text):
            for activity, value in self.words[word].items():
                found[activity] = found.get(activity, 0.0) + value * self.weight[word]
        return found

    def inside(self, text: str) -> set[str]:
        """The words of the lexicon that stand in a text; of overlapping ones the longest."""
        found: set[str] = set()
        spoken: list[str] = []
        for run in [*_RUNS.findall(text[:TEXT_CHARS].casefold()), ""]:
            if run and run[0] < "\u3400":
                spoken.append(folded(run.rstrip(".'-")))
                continue
            found |= self._phrases(spoken)
            spoken = []
            found |= self._chinese(run)
        return found

    def _phrases(self, spoken: Sequence[str]) -> set[str]:
        found, at = set(), 0
        while at < len(spoken):
            for length in range(min(WORDS, len(spoken) - at), 0, -1):
                phrase = " ".join(spoken[at : at + length])
                if phrase in self.words:
                    found.add(phrase)
                    at += length - 1
                    break
            at += 1
        return found

    def _chinese(self, run: str) -> set[str]:
        found, at = set(), 0
        while at < len(run):
            for length in range(min(LONGEST, len(run) - at), 1, -1):
                if run[at : at + length] in self.words:
                    found.add(run[at : at + length])
                    at += length - 1
                    break
            at += 1
        return found


def foremost(pointing: sp.csr_matrix) -> np.ndarray:
    """(n,) int64 the activity that each of (n, A) texts points to most, counted from 1; 0 where it points to none."""
    if not pointing.shape[1]:
        return np.zeros(pointing.shape[0], np.int64)
    most = np.asarray(pointing.argmax(1)).ravel()
    return np.where(np.diff(pointing.indptr) > 0, most + 1, 0)


def parse(text: str) -> Lexicon:
    """A lexicon from lines of name, Chinese name, inside words and Chinese inside words, separated by tabs; words of
    one line by commas, other names by slashes. Raises ValueError for a line of another form."""
    names: list[tuple[str, str]] = []
    words: dict[str, dict[int, float]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = line.split("\t")
        if len(parts) != 4:
            raise ValueError(f"line {number} of the lexicon has {len(parts)} columns")
        called = [[name.strip() for name in part.split("/")] for part in parts[:2]]
        for word, value in [(w, NAMED) for w in (*called[0], *called[1])] + [
            (w, 1.0) for part in parts[2:] for w in re.split("[,，]", part)
        ]:
            key = _key(word)
            if key:
                known = words.setdefault(key, {})
                known[len(names)] = max(known.get(len(names), 0.0), value)
        names.append((called[0][0], called[1][0]))
    return Lexicon(tuple(names), words)


def _key(word: str) -> str:
    word = word.strip().casefold()
    if any("\u3400" <= c <= "\u9fff" for c in word):
        joined = "".join(_RUNS.findall(word))
        return joined if len(joined) > 1 else ""
    return " ".join(folded(run.rstrip(".'-")) for run in _RUNS.findall(word))


@lru_cache(maxsize=1)
def shipped() -> Lexicon:
    """The lexicon that comes with Yiqi."""
    return parse(files("models.meaning").joinpath("lexicon.tsv").read_text(encoding="utf8"))
