"""Why people are listed together, told about them rather than to them: what an organizer reads.

Reasons come for each side (“they offer …, you are looking for …”); here each is said once, by name.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

from yiqi.client import id_of
from yiqi.v1 import round_pb2
from yiqi.v1.recommendation_pb2 import Reason, ReasonType

from models.domain.requests import Language
from models.ranking.explain import GENERAL
from models.ranking.sentences import LANGUAGE_NAMES, SUGGESTED, wish_words
from models.rounds.texts.constraint_sentences import Namer
from models.rounds.texts.wording import joined, listed, name, quote

MOST_OF_A_PAIR, MOST_OF_A_GROUP = 4, 6
_QUOTED = 90

# {both}, {people}: the two, by name where there are others. {a} and {b}: whose reason it is, and whom they meet.
_ABOUT: dict[str, dict[Language, str]] = {
    "gift": {"en": "{a} offers “{0}”, and {b} {wish}.", "zh": "{a}能提供“{0}”，{b}{wish}。"},
    "shared_interest": {"en": "{both} talk about {all}.", "zh": "{both}聊过{all}。"},
    "shared_pieces": {
        "en": "They seem to share an interest: “{1}” ({a}) and “{0}” ({b}).",
        "zh": "兴趣似乎相近：{a}的“{1}”和{b}的“{0}”。",
    },
    "possible_fit": {
        "en": "Possibly something for each other: “{1}” ({a}) and “{0}” ({b}).",
        "zh": "也许对得上：{a}的“{1}”和{b}的“{0}”。",
    },
    "shared_aim": {"en": "Close aims: “{1}” ({a}) and “{0}” ({b}).", "zh": "目标相近：{a}的“{1}”和{b}的“{0}”。"},
    "shared_value": {
        "en": "They care about similar things: “{1}” ({a}) and “{0}” ({b}).",
        "zh": "看重的东西相近：{a}的“{1}”和{b}的“{0}”。",
    },
    "common_ties": {"en": "{both} know {all}.", "zh": "{both}认识{all}。"},
    "worked_together": {"en": "{both} have dealt with each other before.", "zh": "{people}打过交道。"},
    "same_channel": {"en": "{both} are often in {all}.", "zh": "{both}常在{all}。"},
    "same_place": {"en": "{both} are in {all}.", "zh": "{both}在{all}。"},
    "time_zone_overlap": {"en": "{both} are awake at the same hours.", "zh": "{people}作息时间差不多。"},
    "shared_language": {"en": "{both} speak {all}.", "zh": "{both}会{all}。"},
    "active_now": {"en": "{b} has been active lately.", "zh": "{b}最近很活跃。"},
    "newcomer": {"en": "{b} is new here.", "zh": "{b}刚来不久。"},
    "new_circle": {"en": "{both} move in different circles so far.", "zh": "{people}平时在不同的圈子里。"},
}
_OF_ONE = frozenset({"active_now", "newcomer"})
# Evidence is (theirs, mine): it changes places with the people, and without both there is nothing to tell.
_OF_BOTH = frozenset({"shared_aim", "shared_value", "shared_pieces", "possible_fit"})
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
        text = joined([name(called(mine)), ": " if language == "en" else "：", reason.sentence], "zh")
        return _Told(("part", mine), "part", frozenset((mine,)), False, reason.weight, text)
    words = [_word(one, kind, language, called) for one in reason.evidence]
    a, b = mine, theirs
    general = kind in GENERAL or kind == "new_circle"
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
    # What a message says stands only in the sentence.
    if kind not in _ABOUT or "message" in evidence or (kind in _OF_BOTH and len(words) != 2):
        text = joined([name(called(mine)), ": " if language == "en" else "：", reason.sentence], "zh")
        return _Told((kind, mine, theirs), kind, frozenset((a, b)), general, reason.weight, text)
    people = _people(a, b, language, called, pair=pair)
    text = _ABOUT[kind][language].format(
        *words,
        a=name(called(a)),
        b=name(called(b)),
        people=people,
        both=people + "都" if language == "zh" else people,
        all=listed([name(word) for word in words], language),
        wish=wish_words(words[1], language) if kind == "gift" else "",
    )
    key = (kind, b) if kind in _OF_ONE else (kind, a, b, *(words if kind in _SEVERAL else ()))
    # A name that ends with a stop needs no other.
    text = joined([text], language).replace("..", ".")
    return _Told(key, kind, frozenset((b,) if kind in _OF_ONE else (a, b)), general, reason.weight, text)


def _people(a: str, b: str, language: Language, called: Namer, *, pair: bool) -> str:
    if pair:
        return {"en": "Both", "zh": "两人"}[language]
    return listed([name(called(a)), name(called(b))], language)


def _word(evidence: Any, kind: str, language: Language, called: Namer) -> str:
    field = evidence.WhichOneof("value")
    value = str(getattr(evidence, field)) if field else ""
    if field in ("member", "channel", "message"):
        return called(id_of(value))
    if kind == "shared_language":
        return LANGUAGE_NAMES.get(value, {}).get(language, value)
    text = quote(value, _QUOTED)
    return SUGGESTED[language].format(text) if field == "suggestion" else text
