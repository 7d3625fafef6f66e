"""Turns a written line into what one person types: gaps filled, then their habits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from service.sample.material import language_of

_CHOICE = re.compile(r"<([^<>|]*(?:\|[^<>|]*)+)>")
_GAP = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(r"(?<=[。！？!?])(?=[^。！？!?）)”\"])|(?<=\.)\s+(?=\w)")
_PLAIN_END = re.compile(r"[\w\u4e00-\u9fff]$")
_FRESH = frozenset({"sticker"})  # gaps that are filled anew each time; all others keep their word through a dialogue
_TAILS = {
    "zh": ("哈哈", "～", "！", "…", "。", "哈哈哈", "[捂脸]", "哈", "嘿嘿"),
    "en": (" haha", " :)", "!", "...", " lol", " 🙂", ".", " tbh", " fwiw"),
}
_SLIPS = (("的时候", "得时候"), ("在", "再"), ("做", "作"), ("那个", "内个"), ("觉得", "觉的"), ("什么", "啥"))


@dataclass(frozen=True, slots=True)
class Voice:
    """How one person types. Rates lie in 0..1; `tail` is what they like to end with."""

    lower: bool
    tail: str
    tail_rate: float
    typo_rate: float
    burst_rate: float
    reply_rate: float
    at_rate: float

    @classmethod
    def of(cls, seed: int, member: str, speaks: str) -> Voice:
        """The habits of a person: the same for the same seed and id."""
        rng = Random(f"{seed}/voice/{member}")
        return cls(
            lower=rng.random() < 0.35,
            tail=rng.choice(_TAILS["en" if speaks == "en" else "zh"]),
            tail_rate=rng.choice((0.0, 0.1, 0.15, 0.35)),
            typo_rate=rng.choice((0.0, 0.0, 0.02, 0.06)),
            burst_rate=rng.choice((0.0, 0.05, 0.15, 0.5)),
            reply_rate=rng.choice((0.15, 0.5, 0.9)),
            at_rate=rng.choice((0.02, 0.08, 0.2)),
        )


class Gaps:
    """Fills the gaps of one dialogue: `{app}` means the same thing in each of its lines."""

    def __init__(self, rng: Random, slots: Mapping[str, list[str]], given: Mapping[str, str]) -> None:
        self._rng = rng
        self._slots = slots
        self._kept = dict(given)

    def fill(self, line: str, own: Mapping[str, str]) -> str:
        """The line, choices made and gaps filled; `own` is what depends on the speaker. KeyError on an unknown gap."""
        line = _CHOICE.sub(lambda m: self._rng.choice(m[1].split("|")), line)
        return _GAP.sub(lambda m: self._word(m[1], own), line)

    def _word(self, gap: str, own: Mapping[str, str]) -> str:
        if gap in own:
            return own[gap]
        if gap in _FRESH:
            return self._rng.choice(self._slots[gap])
        if gap not in self._kept:
            self._kept[gap] = self._slug() if gap == "slug" else self._rng.choice(self._slots[gap])
        return self._kept[gap]

    def _slug(self) -> str:
        return "".join(self._rng.choices("abcdefghjkmnpqrstuvwxyz23456789", k=5))


def typed(text: str, voice: Voice, rng: Random) -> list[str]:
    """The text as this person sends it: one message, or several when they press enter at every sentence."""
    if any(mark in text for mark in ("`", "http", "\n", "@", "{")):
        return [text]
    if voice.lower and language_of(text) == "en":
        text = text.lower()
    if rng.random() < voice.typo_rate:
        text = _slip(text, rng)
    if rng.random() < voice.tail_rate and len(text) > 3 and _PLAIN_END.search(text):
        text += _matching_tail(voice.tail, text)
    if len(text) > 12 and rng.random() < voice.burst_rate:
        return [part.strip() for part in _SENTENCE.split(text) if part.strip()]
    return [text]


def _matching_tail(tail: str, text: str) -> str:
    return tail if language_of(tail) in ("", language_of(text)) else ""


def _slip(text: str, rng: Random) -> str:
    for right, wrong in rng.sample(_SLIPS, len(_SLIPS)):
        if right in text:
            return text.replace(right, wrong, 1)
    words = list(re.finditer(r"[a-z]{5,}", text))
    if not words:
        return text
    spot = rng.choice(words).start() + rng.randint(1, 3)
    return text[:spot] + text[spot + 1] + text[spot] + text[spot + 2 :]
