"""What can be told of somebody: a sentence each, what fits best first.

Words are quoted as their owners wrote them, without the words of wishing that the sentence says itself. To who does not
read them the sentence says in the reader's language what they are, and the words come behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from models.domain.records import ValueKind
from models.domain.requests import Language
from models.rounds.texts.common_ground import Gift, Ground, Wish
from models.rounds.texts.phrases import (
    ABOUT,
    FACTS,
    FOREIGN,
    MORE,
    OFFER,
    OFFER_TO,
    OFFERED,
    SOUGHT,
    UNREAD,
    WISHES,
    WORDS,
    WRITTEN,
    Asked,
    Fact,
)
from models.rounds.texts.readers import foreign, script_of
from models.rounds.texts.topics import topics
from models.rounds.texts.wording import listed, name, quote, say
from models.text.wishes import wish

# Of each side one thing is told: what they give, what they take, what both have, who they are, what they are after.
Side: TypeAlias = Literal["gives", "takes", "common", "profile", "self"]

_SPEAKS = re.compile(r"(?:i|i'm|i've|i'd|my|we|our)\b|[我俺]", re.I)
_DOES = re.compile(
    r"(?:teach|help|lend|fix|repair|build|draw|write|show|explain|make|cook|sew|take|give|introduce|review|arrange)\b"
    r"|(?:免费)?(?:教|帮|陪|带[^子]|写|做|修[^车理]|画|借|送|分享|把|给)",
    re.I,
)
_PEOPLE = re.compile(
    r"人(?![工生体声像文机])|[搭伙]子|[伙同]伴|队友|合伙|\b(?:people|some(?:one|body)|person|partners?|friends?|others)\b",
    re.I,
)
_SINGULAR = {"s": "s", "be": "is", "have": "has"}  # forms of English verbs, after a name and after "they" or "you"
_PLURAL = {"s": "", "be": "are", "have": "have"}
_ENDS = ("?", "？", "!", "！", "…")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about somebody, what it is about, and the question that follows from it."""

    sentence: str
    side: Side
    asked: Asked


@dataclass(frozen=True, slots=True)
class Teller:
    """How one is told of another, in which language, with quotations of at most `most` characters.

    `who` is the other's name; "they" stands for it in English where a text is about nobody else.
    """

    found: Ground
    who: str
    language: Language
    most: int
    alone: bool = True

    def best(self, most: int) -> list[Told]:
        """The most telling things, of each side one: what is sure to fit, then what is near, then what they state."""
        both = self._offer_and_wish() if most > 1 else None
        if both is not None:
            return [both]
        told: list[Told] = []
        for one in self._all():
            if len(told) < most and one.side not in {other.side for other in told}:
                told.append(one)
        # Told after another one about them, the second does without the name.
        sides = {one.side for one in told[1:]}
        later = [one for one in self._all(later=told[0].side != "common") if one.side in sides] if sides else []
        return told[:1] + [next(one for one in later if one.side == two.side) for two in told[1:]] or self._little()

    def gives(self, *, later: bool = False) -> Told | None:
        """What of theirs meets what the reader seeks."""
        gift = self.found.gives
        if not gift or not gift.meets:
            return None
        fact: Fact = "gives_sure" if gift.sure else "gives_beside"
        return Told(
            self._fact(fact, gift.text, wish=self._wish(gift.meets.text, you=True), later=later), "gives", gift.kind
        )

    def takes(self, *, later: bool = False) -> Told | None:
        """What of the reader's meets what they seek."""
        gift = self.found.takes
        if not gift or not gift.meets:
            return None
        fact: Fact = "takes_sure" if gift.sure else "takes_beside"
        sought, mine = gift.meets, self._quoted(gift.text)
        wished, offer = self._wish(sought.text), self._offer(gift.text, you=True)
        words = wish(sought.text)[1]
        return Told(self._fact(fact, words, later=later, wish=wished, offer=offer, mine=mine), "takes", "seek_growth")

    def _all(self, *, later: bool = False) -> Iterator[Told]:
        found, gives, takes = self.found, self.gives(later=later), self.takes(later=later)
        if gives and found.gives and found.gives.sure:
            yield gives
        if takes and found.takes and found.takes.sure:
            yield takes
        if found.aims:
            yield Told(self._aims(*found.aims), "common", "aim")
        yield from filter(None, (gives, takes))
        yield from self._stated(later=later)
        if found.themes:
            themes = listed([name(theme) for theme in found.themes], self.language)
            yield Told(say("themes", self.language, x=themes), "common", "theme")
        if found.line:
            fact: Fact = "asked" if found.line.asks else "told"
            yield Told(self._fact(fact, found.line.text, later=later), "self", cast(Asked, fact))

    def _stated(self, *, later: bool) -> Iterator[Told]:
        """What they state, whether it meets anything or not."""
        found = self.found
        if found.gives and found.gives.stated:
            yield self._offered(found.gives, later=later)
        if found.seeks:
            yield self._sought(found.seeks, later=later)
        if found.profile:
            yield Told(self._fact("profile", found.profile, later=later), "profile", "profile")
        if found.aim:
            yield Told(self._fact("aim", wish(found.aim, "aims")[1], later=later), "self", "aim")

    def _little(self) -> list[Told]:
        """What is told where there is nothing better."""
        found = self.found
        if found.gives:
            return [Told(self._fact("mentioned", found.gives.text), "gives", "nothing")]
        return [Told(say("place", self.language, x=name(found.place)), "common", "place")] if found.place else []

    def _offered(self, gift: Gift, *, later: bool = False) -> Told:
        fact: Fact = "speaks" if _SPEAKS.match(gift.text) else "gives"
        said = self._fact(fact, gift.text, kind=gift.kind, later=later, offer=self._offer(gift.text))
        return Told(said, "gives", gift.kind)

    def _sought(self, one: Wish, *, later: bool = False) -> Told:
        said = self._fact("takes", wish(one.text)[1], kind=one.kind, later=later, wish=self._wish(one.text))
        return Told(said, "takes", _seek(one))

    def _offer_and_wish(self) -> Told | None:
        """An offer and a wish in one sentence, where neither meets anything and the reader reads both."""
        found, gives, seeks = self.found, self.found.gives, self.found.seeks
        if (
            not gives
            or not gives.stated
            or not seeks
            or gives.meets
            or (found.takes and found.takes.meets)
            or found.aims
        ):
            return None
        if self._strange(gives.text) or self._strange(seeks.text) or _SPEAKS.match(gives.text):
            return None
        filled = {"offer": self._offer(gives.text), "wish": self._wish(seeks.text)}
        return Told(self._filled(FACTS["gives_and_takes"], **filled), "gives", _seek(seeks))

    def _aims(self, theirs: str, mine: str) -> str:
        mine, theirs = quote(wish(mine, "aims")[1], self.most), wish(theirs, "aims")[1]
        if mine.casefold() == quote(theirs, self.most).casefold():
            return say("same_aim", self.language, x=mine)
        return say("near_aims", self.language, x=mine, other=self.who, y=self._words(theirs))

    def _fact(self, fact: Fact, text: str, *, kind: ValueKind = "", later: bool = False, **filled: str) -> str:
        if self._strange(text):
            named = self._kind(fact, text, kind)
            if fact in UNREAD and not named:
                times = 2 if fact in ("asked", "told") else 1
                return self._filled(UNREAD[fact], label=self._written(text), x=f"“{quote(text, times * self.most)}”")
            return self._filled(FOREIGN[fact], kind=named, words=self._words(text), **filled)
        template = (MORE if later and fact in MORE else FACTS)[fact]
        if fact not in ("asked", "told"):
            return self._filled(template, x=self._quoted(text), **filled)
        quoted = quote(text, 2 * self.most, ends=True)  # a line is told whole, or it asks nothing any more
        said = self._filled(template, x=f"“{quoted.rstrip('.。 ')}”", **filled)
        return said[:-1] if quoted.endswith(_ENDS) else said

    def _filled(self, template: Mapping[Language, str], **filled: str) -> str:
        they = self.alone and self.language == "en"
        verb = _PLURAL if they else _SINGULAR
        who = "they" if they else self.who
        text = template[self.language].format(who=who, self="themselves", **verb, **filled)
        return text[:1].upper() + text[1:] if they else text

    def _wish(self, text: str, *, you: bool = False) -> str:
        kind, words = wish(text)
        verb = _PLURAL if you or self.alone else _SINGULAR
        return WISHES[kind][self.language].format(y=self._quoted(words), **verb)

    def _offer(self, text: str, *, you: bool = False) -> str:
        form = OFFER_TO if _DOES.match(text) else OFFER
        return form[self.language].format(x=self._quoted(text), **(_PLURAL if you or self.alone else _SINGULAR))

    def _kind(self, fact: Fact, text: str, kind: ValueKind) -> str:
        """What words are that the reader does not read; "" where they name nothing known."""
        named = listed(topics(text, self.language), self.language)
        if not named or fact in ("asked", "told"):  # a line may name a thing in passing
            return ""
        if fact in ("gives", "speaks", "takes"):
            return (SOUGHT if fact == "takes" else OFFERED)[kind][self.language].format(x=named)
        return ABOUT[self.language].format(x=named)

    def _words(self, text: str) -> str:
        """Quoted words, and what they are written in where the reader does not read them."""
        quoted = self._quoted(text)
        return WORDS[self.language].format(label=self._written(text), x=quoted) if self._strange(text) else quoted

    def _written(self, text: str) -> str:
        return WRITTEN["zh" if script_of(text) == "zh" else "en" if self.found.english else "other"][self.language]

    def _strange(self, text: str) -> bool:
        return foreign(text, self.found.reads)

    def _quoted(self, text: str) -> str:
        return f"“{quote(text, self.most)}”"


def _seek(one: Wish) -> Asked:
    if wish(one.text)[0] == "wants":
        return "aim"
    if _PEOPLE.search(one.text):
        return "seek_connections"
    return cast(Asked, f"seek_{one.kind}" if one.kind else "seek")


def wish_clause(text: str, who: str, language: Language, most: int) -> str:
    """That somebody looks for or wants something, without a stop."""
    kind, words = wish(text)
    said = WISHES[kind][language].format(y=f"“{quote(words, most)}”", **_SINGULAR)
    return f"{who} {said}" if language == "en" else f"{who}{said}"
