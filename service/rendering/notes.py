"""What stands below a list, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from yiqi.client import id_of
from yiqi.v1 import round_pb2

from models.requests import Language
from models.rounds.rule_words import NAMED, Namer
from models.rounds.wording import name, shortened


def notes_of(round_: round_pb2.Round, language: Language, called: Namer) -> Iterator[str]:
    """Who was matched by little, what could not be read, and why the list cannot go out."""
    if round_.silent:
        yield _silent([called(id_of(one)) for one in round_.silent], language)
    if round_.times_not_understood:
        yield _not_understood(list(round_.times_not_understood), language)
    if round_.problem:
        yield round_.problem


def _silent(people: list[str], language: Language) -> str:
    who = shortened([name(one) for one in people], language, NAMED)
    if language == "zh":
        return f"{len(people)} 位还没说过话（{who}）：按剩下的条件配的。"
    have = "has said nothing yet and was" if len(people) == 1 else "have said nothing yet and were"
    return f"{len(people)} {have} matched by what is left: {who}."


def _not_understood(words: list[str], language: Language) -> str:
    listed = [f"“{word}”" for word in words[:NAMED]]
    more = len(words) - len(listed)
    if language == "zh":
        return f"没看懂的时间：{'、'.join(listed)}{f' 等 {len(words)} 个' if more else ''}，只按原字比对。"
    rest = f" and {more} more" if more else ""
    return f"Not understood as times, and compared letter by letter: {', '.join(listed)}{rest}."
