"""What is to be said to people, without its words: which message, and what fills it. Its words stand in a catalogue for
each language (`service/texts`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, Union

# Text as somebody wrote it, a number, something said inside another message, or several of these.
Value: TypeAlias = Union[str, int, float, "Fact", tuple["Value", ...]]

GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Fact:
    """A message by its key in the catalogues, and the values of its placeholders.

    Where a catalogue has several wordings of a message, the same `ids` always get the same one.
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    ids: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash((self.key, frozenset(self.values.items()), self.ids))


def given(words: str) -> Fact:
    """Words that stand already, in whatever language they are."""
    return Fact(GIVEN, {"words": words})
