"""What people say they want or look for, put into a sentence about them without saying "wants" twice."""

from __future__ import annotations

import re

from models.community.view import Facet
from models.domain.facts import Fact
from models.proposals.case import QUOTED
from models.text.quoting import quote
from models.text.wishes import wish

_JOINED = re.compile(r"(?:and|or|but|so|because|which|that|as|than|to)\b|[和或但而因所以就也还]", re.I)
_WHOLE = re.compile(r"[^.!?。！？\n]+")
_CLAUSE = re.compile(r"[^,.;:!?，。；：！？、\n]+")


def wish_of(item: Facet) -> Fact:
    """What somebody wants or looks for, as the predicate of a sentence about them."""
    kind, words = sought(item)
    return Fact(f"proposal.brings.{kind}", {"what": words})


def sought(item: Facet) -> tuple[str, Fact]:
    """What a wish is for, in quotation marks, without the words of wishing; before it whether that is something to
    look for ("seeks"), to do ("wants") or to reach ("aims")."""
    kind, words = wish(item.text, "seeks" if item.kind == "seeks" else "aims")
    return kind, Fact("reasons.quoted", {"words": quote(words, QUOTED)})


def clause_with(text: str, word: str, most: int) -> str:
    """Of a line the part with a word in it: the whole line where it is short, else the sentence or clause."""
    one_line = " ".join(text.split())
    if len(one_line) <= most:
        return quote(one_line, most)
    for pattern in (_WHOLE, _CLAUSE):
        found = [part.strip() for part in pattern.findall(one_line) if word.casefold() in part.casefold()]
        whole = [part for part in found if most // 4 <= len(part) <= most and not _JOINED.match(part)]
        if whole:
            return quote(whole[0], most)
    return quote(one_line, most)
