"""From one message to what it says of its author."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from models.domain.records import Message, SuggestionField, ValueKind
from models.suggest import tagger, words
from models.suggest.cue import Cue
from models.suggest.cues_en import ENGLISH
from models.suggest.cues_zh import CHINESE
from models.suggest.labels import LABEL_NEEDLES, labelled
from models.suggest.speaker import in_introductions, introduces, joking, of_another, of_self, set_aside, settled
from models.suggest.text import Sentence, fold, is_zh, phrases, readable, sentences, trimmed
from models.text.lexical import tokens

CUES = (*ENGLISH, *CHINESE)
_LASTING = ("aimed", "hobby", "held")  # ways of saying what is for longer, whatever it is
SHORTEST, SHORT = 6, 500  # characters
_SENTENCE_END = re.compile(r"[.!?。！？\n…]")
MAX_ZH_CHARS = 30  # a longer Chinese clause is a story, not a phrase

_ADDRESSEE = re.compile(r"的(?:同学|小伙伴|朋友|人|群友)$")
_PREDICATE = re.compile(
    r"(?<!who)(?<!that)(?<!which)\s(?:is|are|was|isn't|can be|would be|sounds|seems|takes|when you|if you)\b", re.I
)
_NEEDLES = {needle for cue in CUES if not cue.intro for needle in cue.needles} | set(LABEL_NEEDLES)
# A needle that holds another one finds nothing that the other does not.
_SHORTEST = sorted(n for n in _NEEDLES if not any(other in n for other in _NEEDLES - {n}))
_EN_NEEDLES = tuple(needle for needle in _SHORTEST if needle.isascii())
_ZH_NEEDLES = tuple(needle for needle in _SHORTEST if not needle.isascii())


# Most messages have none of these, and tell nothing of their author that somebody could take up.
_SPEAKS = re.compile(
    r"\b(?:i|i'm|im|i've|i'd|i'll|my|me|we|we're|we've|our|us|anyone|anybody|someone|somebody|who|who's|any|seeking"
    r"|looking|wanted|wanting|need|free|spare|offering|happy|glad|love|dream|goal|living|based|iso|giving|give|borrow"
    r"|lend|join|up for|keen|fancy|moved|retired|hi|hiya|hello|intro|thinking of|studying|yours|let go|hmu|saving"
    r"|to pass on|collect|pick up|gonna|wanna|trying|hoping|planning|new here|takers|swap|for sale)\b"
    r"|[我咱俺吾找求谁招缺想会教送借收带陪组约换住出蹲]|可以|有没有|有人|愿意|希望|需要|目标|坐标|本人|在学|一起|闲置"
    r"|免费|有偿|打算|家里|报到|自提|要的|人在|最重要|看重|在乎",
    re.I,
)


class Reading(NamedTuple):
    """One thing a message says of its author; `intro` when the message introduces them."""

    field: SuggestionField
    text: str
    kind: ValueKind
    intro: bool


def read(message: Message) -> list[Reading]:
    """What the author plainly says of themselves, in the order said; may repeat."""
    low = message.text.lower().replace("’", "'")
    cued = _cued(low) or in_introductions(message)
    if not (cued or _SPEAKS.search(low)):
        return []
    text = readable(message.text)
    intro = introduces(message, text)
    if set_aside(text, intro):
        return []
    found = list(_readings(text, intro)) if cued else []
    return [*found, *_tagged(text, intro, found)]


def _tagged(text: str, intro: bool, cued: list[Reading]) -> Iterator[Reading]:
    """What the tagger finds beside what cues have found."""
    for part in _spoken(text):
        for one in tagger.tagged(part):
            phrase = trimmed(part[one.start : one.end].replace("\n", " "))
            known = any(_says_the_same(phrase, other.text) for other in cued)
            if phrase and not known and _plainly_meant(part, one.start, phrase, one.field):
                yield Reading(one.field, phrase, words.kind_of(one.field, phrase), intro)


def _says_the_same(one: str, other: str) -> bool:
    """Whether one phrase stands in the other, or has half of its words."""
    if fold(one) in fold(other) or fold(other) in fold(one):
        return True
    mine, theirs = set(tokens(one)), set(tokens(other))
    return 2 * len(mine & theirs) >= max(min(len(mine), len(theirs)), 1)


def _spoken(text: str) -> list[str]:
    """The parts of a text that the tagger has to see: all of a short one, of a long one the sentences that speak of
    somebody."""
    if settled(text) or len(text) < SHORTEST:
        return []
    if len(text) <= SHORT:
        return [text] if _SPEAKS.search(text.lower()) else []
    return [one.text for one in sentences(text) if _SPEAKS.search(one.text.lower())]


def _plainly_meant(text: str, start: int, phrase: str, field: SuggestionField) -> bool:
    """Whether nothing around a phrase, or in it, says that it is not meant, not of the author, or of the moment."""
    if words.VAGUE.match(phrase) or words.CODEISH.search(phrase) or words.TODAY_ZH.search(phrase):
        return False
    if field in ("seeks", "aims") and _of_the_moment(phrase):
        return False
    before = _SENTENCE_END.split(text[:start])[-1]
    return not joking(before + phrase) and not of_another(before, place=field == "place")


def _cued(low: str) -> bool:
    """Whether a lower-cased text holds any cue at all; most messages do not, and need no more reading."""
    for needle in _EN_NEEDLES:
        if needle in low:
            return True
    return not low.isascii() and any(needle in low for needle in _ZH_NEEDLES)


def _readings(text: str, intro: bool) -> Iterator[Reading]:
    for field, phrase in labelled(text, intro):
        yield Reading(field, phrase, words.kind_of(field, phrase), intro)
    low = text.lower()
    active = [cue for cue in CUES if (intro or not cue.intro) and any(needle in low for needle in cue.needles)]
    parts = [cue for cue in active if not cue.whole]
    for sentence in sentences(text) if parts else ():
        if not joking(sentence.text) and not settled(sentence.text):
            yield from _said(sentence, parts, intro)
    wide = [cue for cue in active if cue.whole]
    if wide and not settled(text):
        yield from _said(Sentence(text, False), wide, intro)


def _said(sentence: Sentence, active: list[Cue], intro: bool) -> Iterator[Reading]:
    text, low = sentence.text, sentence.text.lower()
    for cue in active:
        if not any(needle in low for needle in cue.needles):
            continue
        for match in cue.pattern.finditer(text):
            rest = match.groupdict().get("what") or text[match.end() :]
            if (
                _asked(sentence, rest, cue)
                or _is_subject(match, rest)
                or not of_self(text[: match.start()], match, offer=cue.field == "offers")
            ):
                continue
            for phrase in _phrases(rest, cue, intro):
                yield Reading(cue.field, phrase, cue.kind or words.kind_of(cue.field, phrase), intro)


def _asked(sentence: Sentence, rest: str, cue: Cue) -> bool:
    # "I'm looking for a mentor, any ideas?" is a statement and then a question.
    return sentence.asks and not cue.asks and "," not in rest


def _is_subject(match: re.Match[str], rest: str) -> bool:
    # "Looking for a job is hard" is about looking for jobs.
    return match.groupdict().get("me") is None and _PREDICATE.search(rest.split(",")[0]) is not None


def _phrases(rest: str, cue: Cue, intro: bool) -> list[str]:
    if cue.check == "place":
        place = words.place_in(rest)
        return [place] if place else []
    if cue.check == "role":
        role = words.role_in(rest)
        return [role] if role else []
    rest = words.HELP_ME.sub(r"\1 \2", rest)
    return [phrase for phrase in phrases(rest) if _fits(phrase, rest, cue, intro)]


def _of_the_moment(phrase: str) -> bool:
    """Whether it names what one needs right now, and nobody to do it with."""
    if words.names_somebody(phrase) or "一起" in phrase:
        return False
    return bool(words.MOMENT.search(phrase) or words.MOMENT_ZH.search(phrase))


def _fits(phrase: str, rest: str, cue: Cue, intro: bool) -> bool:
    if words.VAGUE.match(phrase) or words.NEGATED.match(phrase) or words.CODEISH.search(phrase):
        return False
    if words.ADDRESSED.search(rest) or (cue.kind == "growth" and _ADDRESSEE.search(phrase)):
        return False
    if is_zh(phrase) and len(phrase) > MAX_ZH_CHARS:
        return False
    if cue.check != "people" and intro:
        return not words.DETERMINED_THIS.match(rest) and not (cue.check == "social" and words.MOMENT.search(phrase))
    if (
        words.DETERMINED.match(rest)
        or words.TODAY_ZH.search(phrase)
        or (_of_the_moment(phrase) and cue.check not in _LASTING)
    ):
        return False
    return words.fits(cue.check, phrase)
