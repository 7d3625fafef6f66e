"""What one of two people is told of the other."""

from __future__ import annotations

from dataclasses import dataclass

from models.community import Community
from models.requests import Language
from models.rounds.common_ground import SURE_FIT, Ground
from models.rounds.meeting import FULL, GIFTS, Meeting, met, opened, question, sure
from models.rounds.phrases import Asked
from models.rounds.wording import called, joined, listed, name, quote, say


@dataclass(frozen=True, slots=True)
class Topic:
    """What a text ends with: a sentence about a matter, and a question that follows from it."""

    sentence: str
    asked: Asked
    spoken_for: tuple[str, ...] = ()  # which of "gives", "takes", "common" has been said by the sentence


def pair_text(view: Community, meeting: Meeting, found: Ground, language: Language, most: int, fullness: int) -> str:
    """Who the other is, what each gives, what they share and a first question; quotations of at most `most` characters.

    It ends with the matter that the question is about.
    """
    topic = _topic(found, language, most) if fullness else Topic("", "nothing")
    people = {"reader": called(view, found.reader), "other": called(view, found.other)}
    parts = [opened(meeting, "would_you" if meeting.asks else "meet", language, **people)]
    if fullness >= FULL and "common" not in topic.spoken_for:
        parts.append(_common(found, language, most))
    if fullness >= GIFTS:
        parts.append(_exchange(found, topic, language, most))
    parts += [topic.sentence, question("ask_first", topic.asked, language, found.reader, found.other)]
    if meeting.asks:
        parts.append(say("both_must_want", language))
    return joined(parts, language)


def _topic(found: Ground, language: Language, most: int) -> Topic:
    """The best matter that the two have: what surely meets a wish, then what they share, then what one states."""
    gives, takes = found.gives, found.takes
    if gives and gives.fit >= SURE_FIT:
        return Topic(_gives(found, language, most), gives.kind, ("gives",))
    if takes and takes.stated and takes.fit >= SURE_FIT:
        return Topic(_takes(found, language, most), "seek", ("takes",))
    if found.aims:
        return Topic(_common(found, language, most), "aim", ("common",))
    if gives and gives.meets:
        return Topic(_gives(found, language, most), gives.kind, ("gives",))
    if found.themes:
        return Topic(_common(found, language, most), "theme", ("common",))
    return _their_own(found, language, most)


def _their_own(found: Ground, language: Language, most: int) -> Topic:
    """Where the two share nothing that is known: something that the other states."""
    gives, both = found.gives, _gives_and_seeks(found, language, most)
    if both:
        return Topic(both, "seek", ("gives", "takes"))
    if gives:
        return Topic(_gives(found, language, most), gives.kind, ("gives",))
    if found.seeks:
        return Topic(_takes(found, language, most), "seek", ("takes",))
    if found.aim:
        return Topic(say("wants", language, x=quote(found.aim, most)), "aim")
    if found.profile:
        return Topic(_gives(found, language, most), "profile", ("gives",))
    return Topic("", "nothing")


def _exchange(found: Ground, topic: Topic, language: Language, most: int) -> str:
    """What each gives, as far as the topic has not said it."""
    both = _gives_and_seeks(found, language, most) if not {"gives", "takes"} & set(topic.spoken_for) else ""
    if both:
        return both
    takes = "" if "takes" in topic.spoken_for else _takes(found, language, most)
    gives = "" if "gives" in topic.spoken_for else _gives(found, language, most)
    return joined([takes, gives], language)


def _gives_and_seeks(found: Ground, language: Language, most: int) -> str:
    """What the other offers and seeks in one sentence, where neither meets anything of the reader's."""
    gives, takes = found.gives, found.takes
    if not gives or not gives.stated or gives.meets or not found.seeks:
        return ""
    if takes and takes.stated and takes.meets:
        return ""
    return say("gives_and_seeks", language, x=quote(gives.text, most), y=quote(found.seeks, most))


def _gives(found: Ground, language: Language, most: int) -> str:
    """What the other has for the reader; in want of an offer, who they are."""
    gift = found.gives
    if gift is None:
        return say("says_of_self", language, x=quote(found.profile, most)) if found.profile else ""
    if not gift.meets:
        return say("gives" if gift.stated else "mentioned", language, x=quote(gift.text, most))
    return met("gives_sure" if sure(gift) else "gives_beside", gift, language, most)


def _takes(found: Ground, language: Language, most: int) -> str:
    """What the reader has for the other, or at least what the other is looking for."""
    gift = found.takes
    if gift and gift.meets and gift.stated:
        return met("takes_sure" if sure(gift) else "takes_beside", gift, language, most)
    if found.seeks:
        return say("seeks", language, y=quote(found.seeks, most))
    return say("you_bring", language, x=quote(gift.text, most)) if gift and gift.stated else ""


def _common(found: Ground, language: Language, most: int) -> str:
    if found.aims:
        theirs, mine = (quote(aim, most) for aim in found.aims)
        same = theirs.casefold() == mine.casefold()
        return say("same_aim" if same else "near_aims", language, x=mine, y=theirs)
    if found.themes:
        return say("themes", language, x=listed([name(theme) for theme in found.themes], language))
    return say("place", language, x=name(found.place)) if found.place else ""
