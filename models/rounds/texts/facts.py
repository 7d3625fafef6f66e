"""What can be told of somebody, what fits best first.

Words are quoted as their owners wrote them, without the words of wishing that the sentence says itself. To who does not
read them the sentence says in the reader's language what they are, and the words come behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from models.domain.facts import Fact, Value
from models.domain.records import ValueKind
from models.domain.requests import Language
from models.ranking.reasons.said import wish_said
from models.rounds.texts.common_ground import Gift, Ground, Wish
from models.rounds.texts.meeting import said
from models.rounds.texts.phrases import SAID_AGAIN, UNREAD, Asked, Matter
from models.rounds.texts.readers import foreign, script_of
from models.rounds.texts.topics import topics
from models.text.quoting import name, quote
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
_ENDS = ("?", "？", "!", "！", "…")
LINES: tuple[Matter, ...] = ("asked", "told")


@dataclass(frozen=True, slots=True)
class Told:
    """Something said about somebody, what it is about, and the question that follows from it."""

    said: Fact
    side: Side
    asked: Asked


@dataclass(frozen=True, slots=True)
class Teller:
    """How one is told of another, with quotations of at most `most` characters.

    `who` is the other's name; `alone` where a text is about nobody else; things are called as in `language`.
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
        matter: Matter = "gives_sure" if gift.sure else "gives_beside"
        return Told(
            self._matter(matter, gift.text, wish=self._wish(gift.meets.text, you=True), later=later), "gives", gift.kind
        )

    def takes(self, *, later: bool = False) -> Told | None:
        """What of the reader's meets what they seek."""
        gift = self.found.takes
        if not gift or not gift.meets:
            return None
        matter: Matter = "takes_sure" if gift.sure else "takes_beside"
        sought, mine = gift.meets, self._quoted(gift.text)
        wished, offer = self._wish(sought.text), self._offer(gift.text, you=True)
        words = wish(sought.text)[1]
        return Told(
            self._matter(matter, words, later=later, wish=wished, offer=offer, mine=mine), "takes", "seek_growth"
        )

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
            yield Told(said("themes", x=tuple(name(theme) for theme in found.themes)), "common", "theme")
        if found.line:
            matter: Matter = "asked" if found.line.asks else "told"
            yield Told(self._matter(matter, found.line.text, later=later), "self", cast(Asked, matter))

    def _stated(self, *, later: bool) -> Iterator[Told]:
        """What they state, whether it meets anything or not."""
        found = self.found
        if found.gives and found.gives.stated:
            yield self._offered(found.gives, later=later)
        if found.seeks:
            yield self._sought(found.seeks, later=later)
        if found.profile:
            yield Told(self._matter("profile", found.profile, later=later), "profile", "profile")
        if found.aim:
            yield Told(self._matter("aim", wish(found.aim, "aims")[1], later=later), "self", "aim")

    def _little(self) -> list[Told]:
        """What is told where there is nothing better."""
        found = self.found
        if found.gives:
            return [Told(self._matter("mentioned", found.gives.text), "gives", "nothing")]
        return [Told(said("place", x=name(found.place)), "common", "place")] if found.place else []

    def _offered(self, gift: Gift, *, later: bool = False) -> Told:
        matter: Matter = "speaks" if _SPEAKS.match(gift.text) else "gives"
        told = self._matter(matter, gift.text, kind=gift.kind, later=later, offer=self._offer(gift.text))
        return Told(told, "gives", gift.kind)

    def _sought(self, one: Wish, *, later: bool = False) -> Told:
        told = self._matter("takes", wish(one.text)[1], kind=one.kind, later=later, wish=self._wish(one.text))
        return Told(told, "takes", _seek(one))

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
        return Told(self._filled("round.told.gives_and_takes", **filled), "gives", _seek(seeks))

    def _aims(self, theirs: str, mine: str) -> Fact:
        mine, theirs = quote(wish(mine, "aims")[1], self.most), wish(theirs, "aims")[1]
        if mine.casefold() == quote(theirs, self.most).casefold():
            return said("same_aim", x=mine)
        return said("near_aims", x=mine, other=self.who, y=self._words(theirs))

    def _matter(self, matter: Matter, text: str, *, kind: ValueKind = "", later: bool = False, **filled: Value) -> Fact:
        if self._strange(text):
            named = self._kind(matter, text, kind)
            if matter in UNREAD and named is None:
                most = (2 if matter in LINES else 1) * self.most
                return self._filled(f"round.unread.{matter}", label=self._written(text), x=_quoted(text, most))
            return self._filled(f"round.foreign.{matter}", kind=named or "", words=self._words(text), **filled)
        key = f"round.more.{matter}" if later and matter in SAID_AGAIN else f"round.told.{matter}"
        if matter not in LINES:
            return self._filled(key, x=self._quoted(text), **filled)
        line = quote(text, 2 * self.most, ends=True)  # a line is told whole, or it asks nothing any more
        x = Fact("reasons.quoted", {"words": line.rstrip(".。 ")})
        return self._filled(key, x=x, ended=line.endswith(_ENDS), **filled)

    def _filled(self, key: str, **filled: Value) -> Fact:
        return Fact(key, {"who": self.who, "they": self.alone, **filled})

    def _wish(self, text: str, *, you: bool = False) -> Fact:
        kind, words = wish(text)
        return wish_said(kind, quote(words, self.most), plural=you or self.alone)

    def _offer(self, text: str, *, you: bool = False) -> Fact:
        part = "offer_to" if _DOES.match(text) else "offer"
        return Fact(f"round.{part}", {"x": self._quoted(text), "they": you or self.alone})

    def _kind(self, matter: Matter, text: str, kind: ValueKind) -> Fact | None:
        """What words are that the reader does not read; None where they name nothing known."""
        named: dict[str, Value] = {"x": topics(text, self.language)}
        if not named["x"] or matter in LINES:  # a line may name a thing in passing
            return None
        if matter in ("gives", "speaks"):
            return Fact(f"round.offered.{kind or 'any'}", named)
        return Fact(f"round.sought.{kind or 'any'}" if matter == "takes" else "round.about", named)

    def _words(self, text: str) -> Fact:
        """Quoted words, and what they are written in where the reader does not read them."""
        quoted = self._quoted(text)
        return Fact("round.words", {"label": self._written(text), "x": quoted}) if self._strange(text) else quoted

    def _written(self, text: str) -> Fact:
        language = "zh" if script_of(text) == "zh" else "en" if self.found.english else "other"
        return Fact(f"round.written.{language}")

    def _strange(self, text: str) -> bool:
        return foreign(text, self.found.reads)

    def _quoted(self, text: str) -> Fact:
        return _quoted(text, self.most)


def _quoted(text: str, most: int) -> Fact:
    return Fact("reasons.quoted", {"words": quote(text, most)})


def _seek(one: Wish) -> Asked:
    if wish(one.text)[0] == "wants":
        return "aim"
    if _PEOPLE.search(one.text):
        return "seek_connections"
    return cast(Asked, f"seek_{one.kind}" if one.kind else "seek")


def wish_clause(text: str, who: str, most: int) -> Fact:
    """That somebody looks for or wants something, without a stop."""
    kind, words = wish(text)
    return Fact("round.wish_clause", {"who": who, "wish": wish_said(kind, quote(words, most))})
