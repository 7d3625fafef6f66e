# ruff: noqa: E501 — a pattern is easier to check on one line, and Chinese has its own signs
"""Thanks in words: what says that somebody was helped, and what only looks like it. Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Callable

THANKS = re.compile(r"\b(?:thanks|thank you|thank u|thx|cheers for|many thanks)\b|谢谢|多谢|感谢|谢啦|谢了|谢过", re.I)
SOLVED = re.compile(
    r"\b(?:that|it|this|your \w+) (?:worked|works now|did it|did the trick|fixed it|solved it|helped)\b|\bworked like a charm\b"
    r"|\b(?:solved|problem solved|sorted|fixed|works now)\b|搞定了|解决了|弄好了|修好了|管用|好使了|成功了",
    re.I,
)
# A promise of thanks: said before anybody helped.
_IN_ADVANCE = re.compile(
    r"\bin advance\b|\btia\b|\bwould be grateful\b|(?:提前|预先|事先|先|先行|先在此)[ ，]*(?:就)?(?:谢|感谢|多谢)|谢谢先",
    re.I,
)
_REQUEST = re.compile(
    r"[?？]|\b(?:please|pls|plz|can (?:you|someone|anyone)|could (?:you|someone|anyone)|would you)\b"
    r"|求|麻烦(?![你您]了)|请(?:帮|大家|各位|问|联系|私信)|谁能|有没有",
    re.I,
)
_REFUSED = re.compile(
    r"\bno,? thanks?\b|\bno thank you\b|\bthanks,? but\b|\bthanks anyway\b|\bthanks to (?:the|this|that|a|my)\b"
    r"|不用谢|别谢|不谢|不必谢|谢什么|还是谢谢|谢谢[，, ]*(?:但|不过|不用|不必|不需要|算了)",
    re.I,
)
_SARCASM = re.compile(
    r"\bthanks? (?:you )?for nothing\b|\b(?:thanks|thank you)\b.{0,40}\b(?:broke|broken|worse|for ruining|useless|great help that)\b|\bas if\b|/s\b|🙄|😒|🙃|呵呵"
    r"|狗头|白眼|我(?:真|可|真是)?(?:谢谢|多谢)(?:你|您)|谢谢(?:你|您)(?:全家|嘞|八辈)|(?:谢谢|多谢|感谢).{0,20}(?:更糟|更坏|越来越|帮倒忙|白忙|没用|还不如|可真会|可真是帮)",
    re.I,
)
_UNSOLVED = re.compile(
    r"(?:not|isn't|wasn't|never|hasn't|haven't|almost|until|once|if|when|unless|to get|to be)\s+(?:\w+ ){0,3}(?:solved|fixed|sorted|worked|works)\b"
    r"|(?:没|没有|还没|未|不|别|等|要是|如果|怎么)[^，。！!,.]{0,4}(?:搞定|解决|弄好|修好|管用|好使|成功)",
    re.I,
)
# To thank somebody for these is courtesy.
_COURTESY = re.compile(
    r"\bwelcome\b|\bcongrat|\bhappy (?:birthday|new year)\b|\bget well\b|欢迎|恭喜|祝贺|生日快乐|新年快乐|早日康复",
    re.I,
)
_BEFORE_NAME = " ,，、:：@\u2005"


def thanks(text: str) -> bool:
    """Whether a text thanks for something done: not in advance, not as part of a request, no refusal, no sarcasm."""
    said = THANKS.search(text)
    if not said or _IN_ADVANCE.search(text) or _REFUSED.search(text) or _SARCASM.search(text):
        return False
    return not _REQUEST.search(text[: said.start()])


def solved(text: str) -> bool:
    """Whether a text says that what was wrong is right now."""
    said = SOLVED.search(text)
    if not said or _UNSOLVED.search(text) or _SARCASM.search(text):
        return False
    return "?" not in text and "？" not in text and not text.rstrip().endswith(("吗", "呢"))


def courteous(text: str) -> bool:
    """Whether a text welcomes or wishes well, so that thanks for it tell of no help."""
    return bool(_COURTESY.search(text))


def thanked(text: str, member_of: Callable[[str], int | None]) -> int | None:
    """Whom a text thanks by name, right after the thanks; `member_of` knows case-folded names."""
    said = THANKS.search(text)
    if not said:
        return None
    rest = text[said.end() : said.end() + 64].lstrip(_BEFORE_NAME).casefold()
    for size in range(len(rest), 1, -1):
        whole = not (rest[size - 1].isascii() and rest[size : size + 1].isascii() and rest[size : size + 1].isalnum())
        if whole and (member := member_of(rest[:size])) is not None:
            return member
    return None
