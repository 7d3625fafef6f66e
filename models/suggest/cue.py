"""One way in which people say what they aim at, offer, seek or value, or where they live."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from models.domain.records import SuggestionField, ValueKind
from models.suggest.words import Check


@dataclass(frozen=True)
class Cue:
    """A way of saying one thing of oneself; the phrase is the group `what` of the match, else what follows it.

    `needles`: one of them stands in the lower-cased sentence, else the pattern is not tried. `check`: what the phrase
    must be outside an introduction. `intro`: only in an introduction. `asks`: may be a question. A match of the group
    `me` has said who speaks; without it, nobody else may be the subject of the words before.
    """

    field: SuggestionField
    needles: tuple[str, ...]
    source: str
    check: Check = "plain"
    intro: bool = False
    asks: bool = False
    kind: ValueKind = ""
    whole: bool = False  # tried on the whole text: what is said and what is offered with it stand in two sentences

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when it is first tried: there are hundreds, and most processes never read what people say."""
        return re.compile(self.source, re.I)


def cue(
    field: SuggestionField,
    needles: str,
    pattern: str,
    check: Check = "plain",
    *,
    intro: bool = False,
    asks: bool = False,
    kind: ValueKind = "",
    whole: bool = False,
) -> Cue:
    """A cue; `needles` are parted by "|"."""
    return Cue(field, tuple(needles.split("|")), pattern, check, intro, asks, kind, whole)
