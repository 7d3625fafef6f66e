"""Facts to words, in the language asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from models.domain.facts import GIVEN, Fact, Value
from models.text.quoting import name
from models.text.spacing import EDGE, as_written, settle
from service.texts.catalogue import Catalogue, Filled, Filter

if TYPE_CHECKING:
    from models.rounds.texts.texts import Versions

HERE = Path(__file__).parent
_CHINESE = re.compile(r"[\u3400-\u9fff]")


class Renderer:
    """One for a folder of catalogues: `en.toml` has the messages in English."""

    def __init__(self, folder: Path = HERE) -> None:
        self._folder = folder

    @cached_property
    def catalogues(self) -> dict[str, Catalogue]:
        """The catalogue of each language."""
        return {file.stem: self._catalogue(file) for file in sorted(self._folder.glob("*.toml"))}

    def say(self, fact: Fact, language: str) -> str:
        """The words of a fact, with spaces where Chinese meets Latin letters."""
        return settle(self.words(fact, language))

    def words(self, fact: Fact, language: str) -> str:
        """The words of a fact as they stand in the catalogue: inside a larger text that is still to be settled."""
        if fact.key == GIVEN:
            return str(fact.values["words"])
        choice = crc32("\n".join(fact.ids).encode()) if fact.ids else 0
        message = self.catalogues[language].message(fact.key, choice)
        return message(self._filled(fact.values, language))

    def known(self, key: str) -> bool:
        """Whether there is such a message."""
        return key in self.catalogues["en"].templates

    def fitted(self, versions: Versions, language: str) -> str:
        """The first version that is short enough for the language; the last one cut off where none is."""
        text, most = "", int(self.catalogues[language].templates["limits.text"][0]) + versions.more
        for text in (self.say(fact, language) for fact in versions.facts):
            if len(text) <= most:
                return text
        return text[: most - 1].rstrip() + "…"

    def _filled(self, values: Mapping[str, Value], language: str) -> dict[str, Filled]:
        return {name: self._value(value, language) for name, value in values.items()}

    def _value(self, value: Value, language: str) -> Filled:
        if isinstance(value, Fact):
            return self.words(value, language)
        return [self._value(one, language) for one in value] if isinstance(value, tuple) else value

    def _catalogue(self, file: Path) -> Catalogue:
        def listed(words: Sequence[str], last: str = "") -> str:
            """Words as a list in a sentence; `last` is what stands for those that are not named."""
            words = [*words, *([last] if last else [])]
            if len(words) < 2:
                return "".join(words)
            between, before_last = (catalogue.templates[f"list.{name}"][0] for name in ("between", "last"))
            return between.join(words[:-1]) + before_last + words[-1]

        def shortened(words: Sequence[str], most: int) -> str:
            """A list that names at most so many and counts the others."""
            if len(words) <= most:
                return listed(words)
            return listed(words[: most - 1], catalogue.message("list.others")({"n": len(words) - most + 1}))

        filters: dict[str, Filter] = {
            "listed": listed,
            "shortened": shortened,
            "kept": kept,
            "named": name,
            "written": written,
            "spaced": spaced,
            "settled": settle,
        }
        catalogue = Catalogue(file, filters)
        return catalogue


def kept(text: str) -> str:
    """Words that `settle` leaves as they are."""
    return f"{EDGE}{text.replace(EDGE, '')}{EDGE}"


def written(words: str | Sequence[str]) -> str | list[str]:
    """Names or words of members, on one line, kept as they wrote them and spaced from what stands beside them."""
    return as_written(words) if isinstance(words, str) else [as_written(word) for word in words]


def spaced(names: str) -> str:
    """With a space on each side where a name that is not Chinese meets Chinese words around it."""
    begins, ends = (not _CHINESE.match(letter) for letter in (names[:1], names[-1:]))
    return f"{' ' if names and begins else ''}{names}{' ' if names and ends else ''}"


RENDERER = Renderer()
