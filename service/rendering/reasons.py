"""Why people are listed together, told about them rather than to them: what an organizer reads.

Reasons come for each side (“they offer …, you are looking for …”); here each is said once, by name.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple, TypeAlias

from yiqi.client import id_of
from yiqi.v1 import round_pb2
from yiqi.v1.recommendation_pb2 import Reason, ReasonType

from models.domain.facts import Fact, Value
from models.domain.requests import Language
from models.ranking.reasons.kinds import BESIDE, GENERAL, KINDS
from models.ranking.reasons.said import language_named, suggested, wish_said
from models.rounds.texts.constraints import Namer
from models.text.quoting import name, quote
from models.text.wishes import wish
from service.texts import known, say

MOST_OF_A_PAIR, MOST_OF_A_GROUP = 4, 6
_QUOTED = 90

Word: TypeAlias = str | Fact

_OF_ONE = frozenset(name for name, kind in KINDS.items() if kind.told == "one")
# Evidence is (theirs, mine): it changes places with the people, and without both there is nothing to tell.
_OF_BOTH = frozenset({*(name for name, kind in KINDS.items() if kind.told == "parts"), "shared_pieces"})
# Of these a pair may have several.
_SEVERAL = frozenset({"gift", "possible_fit"})


class _Told(NamedTuple):
    key: Hashable
    kind: str
    people: frozenset[str]
    general: bool
    weight: float
    sentence: str


def told(match: round_pb2.RoundMatch, language: Language, called: Namer) -> tuple[str, ...]:
    """Sentences about the people of a match, each once, the weightiest first."""
    pair = len(match.seats) == 2
    found: dict[Hashable, _Told] = {}
    for seat in match.seats:
        for one in seat.reasons:
            about = _about(one.reason, id_of(seat.member), id_of(one.other), language, called, pair=pair)
            before = found.get(about.key)
            if before is None or about.weight > before.weight:
                found[about.key] = about
    ranked = sorted(found.values(), key=lambda about: (about.general, -about.weight, about.sentence))
    if pair:
        return tuple(about.sentence for about in ranked[:MOST_OF_A_PAIR])
    return tuple(about.sentence for about in _varied(ranked)[:MOST_OF_A_GROUP])


def _varied(ranked: list[_Told]) -> list[_Told]:
    """First those that are about somebody, or of a kind, not told of yet; in either part the order stays."""
    first: list[_Told] = []
    people: set[str] = set()
    kinds: set[str] = set()
    for about in ranked:
        if not about.people <= people or about.kind not in kinds:
            first.append(about)
            people |= about.people
            kinds.add(about.kind)
    return first + [about for about in ranked if about not in first]


def _about(reason: Reason, mine: str, theirs: str, language: Language, called: Namer, *, pair: bool) -> _Told:
    kind = ReasonType.Name(reason.type).removeprefix("REASON_TYPE_").lower()
    if not theirs:
        text = say(_told_to(mine, reason, called), language)
        return _Told(("part", mine), "part", frozenset((mine,)), False, reason.weight, text)
    words = [_word(one, kind, called) for one in reason.evidence]
    a, b = mine, theirs
    general = kind in GENERAL | BESIDE
    evidence = {one.WhichOneof("value") for one in reason.evidence}
    if kind == "shared_interest" and evidence != {"term"}:
        kind = "shared_pieces"
    if kind in ("offer_meets_seek", "seek_meets_offer") and len(words) == 2:
        # Evidence is (theirs, mine); the gift goes from whoever offers to whoever seeks.
        a, b, words = (theirs, mine, words) if kind == "offer_meets_seek" else (mine, theirs, words[::-1])
        kind = "gift"
    elif kind not in _OF_ONE and a > b:
        # The same from either side.
        a, b, words = b, a, words[::-1] if kind in _OF_BOTH else words
    # What there is no message about is told as the sentence that one of them reads; so is what somebody wrote.
    if not known(f"about.{kind}") or "message" in evidence or (kind in _OF_BOTH and len(words) != 2):
        text = say(_told_to(mine, reason, called), language)
        return _Told((kind, mine, theirs), kind, frozenset((a, b)), general, reason.weight, text)
    said: dict[str, Value] = {"a": name(called(a)), "b": name(called(b)), "people": _people(a, b, called, pair=pair)}
    said |= {**dict(zip(("theirs", "mine"), words, strict=False)), "all": tuple(map(_named, words))}
    if kind == "gift":
        said["wish"] = _wish(words[1])
    # A name that ends with a stop needs no other.
    text = say(Fact(f"about.{kind}", said), language).replace("..", ".")
    several = (say(word, language) if isinstance(word, Fact) else word for word in words) if kind in _SEVERAL else ()
    key = (kind, b) if kind in _OF_ONE else (kind, a, b, *several)
    return _Told(key, kind, frozenset((b,) if kind in _OF_ONE else (a, b)), general, reason.weight, text)


def _told_to(member: str, reason: Reason, called: Namer) -> Fact:
    return Fact("about.told_to", {"who": name(called(member)), "sentence": reason.sentence})


def _people(a: str, b: str, called: Namer, *, pair: bool) -> Fact:
    if pair:
        return Fact("about.both")
    return Fact("about.two", {"people": (name(called(a)), name(called(b)))})


def _named(word: Word) -> Word:
    return word if isinstance(word, Fact) else name(word)


def _wish(word: Word) -> Fact:
    if isinstance(word, Fact):  # an unconfirmed one
        kind, words = wish(str(word.values["words"]))
        return wish_said(kind, suggested(words))
    return wish_said(*wish(word))


def _word(evidence: Any, kind: str, called: Namer) -> Word:
    field = evidence.WhichOneof("value")
    value = str(getattr(evidence, field)) if field else ""
    if field in ("member", "channel", "message"):
        return called(id_of(value))
    if kind == "shared_language":
        return language_named(value)
    text = quote(value, _QUOTED)
    return suggested(text) if field == "suggestion" else text
