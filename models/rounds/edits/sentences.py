"""What a change by hand goes against, in words for an organizer."""

from __future__ import annotations

from models.domain.requests import Language
from models.rounds.edits.check import Broken
from models.rounds.spec.requests import RoundSpec
from models.rounds.texts.constraint_sentences import NAMED, Namer, relaxed_sentence, rule_sentence
from models.rounds.texts.wording import joined, listed, name, shortened

_ALSO: dict[str, tuple[str, str]] = {
    "size": ("The match of {people} is not of the size that was asked for.", "{people}这一场的人数不是要求的人数。"),
    "slots": ("{people} said they are not free at that time.", "{people}说过这个时间没空。"),
    "places": ("At the time of {people} there are more matches than places.", "{people}这一场的时间已经排满了。"),
    "numbers": ("{people} meet in another sitting, too.", "{people}在另一场也会见面。"),
    "load": ("{people} has more matches than were asked for.", "{people}的场数超过了要求。"),
}


def warning_sentence(broken: Broken, spec: RoundSpec, language: Language, called: Namer) -> str:
    """What gives way, for whom."""
    if broken.rule >= 0:
        return relaxed_sentence(broken.relaxed, spec, language, called)
    text = _ALSO[broken.also or ""][language == "zh"]
    return joined([text.format(people=_people(broken, language, called))], language)


def refusal_words(broken: Broken, spec: RoundSpec, called: Namer) -> str:
    """Whom a firm rule, a block or a side keeps apart or holds together, without a full stop; never who blocked whom.

    In English, as everything that is refused.
    """
    people = _people(broken, "en", called)
    if broken.rule < 0:
        text = f"{people} are on one side" if broken.also == "size" else f"{people} may not meet"
    else:
        rule = rule_sentence(spec.rules[broken.rule], "en", called).rstrip(".")
        text = f"Rule {broken.rule + 1} ({rule}) is firm and would not hold for {people}"
    return joined([text], "en")


def _people(broken: Broken, language: Language, called: Namer) -> str:
    people = [name(called(member)) for member in broken.members]
    return shortened(people, language, NAMED) if len(people) > NAMED else listed(people, language)
