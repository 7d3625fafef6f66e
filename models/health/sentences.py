"""Advice in words: one sentence a figure, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from models.domain.requests import Language
from models.health.definitions import FigureName
from models.rounds.texts import wording
from models.text.lexical import CJK

ADVICE: dict[FigureName, dict[Language, str]] = {
    "reciprocity": {
        "en": "Only {value} of ties go both ways; {who} turned to many people, and nobody turned back: find "
        "them somebody who needs what they bring.",
        "zh": "只有 {value} 的关系是有来有往的；{who}联系过不少人却没有回音，给他们找一个正需要他们的人。",
    },
    "survival_30": {
        "en": "Only {value} of new ties last 30 days: let small groups meet again on purpose, not just once.",
        "zh": "新认识的人只有 {value} 在 30 天后还有往来：安排固定的小组，让他们再见面，而不是只见一次。",
    },
    "survival_90": {
        "en": "Only {value} of new ties last 90 days: give people something they keep meeting for.",
        "zh": "新认识的人只有 {value} 在 90 天后还有往来：让大家有件事可以一直一起做下去。",
    },
    "isolated": {
        "en": "Nobody takes up what {who} write: introduce each of them to one fitting person this week.",
        "zh": "{who}一直在说话，却没有人理会：这周给每人介绍一个合适的人。",
    },
    "broadcasting": {
        "en": "What {who} posts goes one way, with hardly a word back: bring them into a talk with somebody "
        "whom their subject concerns.",
        "zh": "{who}的发言是单向的，几乎没有人接话：介绍一个真正关心这些话题的人，跟他们聊起来。",
    },
    "voice": {
        "en": "A few say nearly everything (Gini {value}), {who} the most: small tables give the others a turn.",
        "zh": "话几乎都被少数人说了（基尼系数 {value}），说得最多的是{who}：分成小桌，让其他人也有机会开口。",
    },
    "exposure": {
        "en": "Few members are shown to others (Gini {value}): a round in which everybody meets somebody gives "
        "each a turn.",
        "zh": "被推荐的总是少数人（基尼系数 {value}）：办一轮人人都能见到人的匹配，让每个人都轮到。",
    },
    "newcomers_answered": {
        "en": "{who} came lately and had no answer within two days: let them meet somebody who answers gladly.",
        "zh": "{who}刚来不久，两天内没有人回应：让他们见见乐于回答的人。",
    },
    "newcomers_stay": {
        "en": "Only {value} of newcomers are still here after 30 days: offer them something to do together "
        "soon after they come.",
        "zh": "新人只有 {value} 在 30 天后还在：刚来不久就邀请他们一起做点事。",
    },
    "answered": {
        "en": "Only {value} of questions are answered within two days; most are left open in {who}: let those "
        "who asked meet those who answer.",
        "zh": "两天内有人回答的问题只有 {value}，没人答的多在{who}：让提问的人和常回答的人见一面。",
    },
    "answered_without_loudest": {
        "en": "Without {who}, only {value} of questions would be answered: let others who answer take over a "
        "part from them.",
        "zh": "要是没有{who}，只有 {value} 的问题还有人答：让其他常回答的人分担一部分。",
    },
    "askers_answer": {
        "en": "Only {value} of those who ask come to answer others: a small project together turns askers into "
        "helpers.",
        "zh": "提问的人里只有 {value} 后来也回答别人：一起做个小项目，能让提问的人变成帮忙的人。",
    },
    "across": {
        "en": "Only {value} of ties lead from one group to another, many of them through {who}: let members of "
        "different groups meet.",
        "zh": "只有 {value} 的关系跨越圈子，不少还要靠{who}：让不同圈子的人见一面。",
    },
    "hanging": {
        "en": "If {who} left, a whole group would lose its way to the others: make a second bridge beside this one.",
        "zh": "要是{who}离开，整个小圈子就和其他人断开了：再搭一座桥，别只靠一个人。",
    },
    "helped": {
        "en": "Help is recorded for {value} of active members in the last 30 days; {who} still look for something: "
        "find them somebody who offers it.",
        "zh": "最近 30 天的记录里，有 {value} 的活跃成员得到过帮助；{who}还在寻求帮助：给他们找到能提供的人。",
    },
    "introductions_talked": {
        "en": "Only {value} of those introduced talked within 30 days: fewer introductions, which both have to "
        "accept, and a first question to begin with.",
        "zh": "被介绍的人只有 {value} 在 30 天内聊过：介绍得少一些，双方都同意再见面，并给出第一个问题。",
    },
    "thanked": {
        "en": "Only {value} of active members thanked somebody for help in the last 30 days: small tables where each "
        "says what they are stuck on make asking easy.",
        "zh": "最近 30 天只有 {value} 的活跃成员因为得到帮助向人道过谢：分成小桌，让每个人说说卡在哪里，"
        "开口求助就容易了。",
    },
}
# The same where there is nobody to name.
TROUBLED: dict[FigureName, dict[Language, str]] = {
    "reciprocity": {
        "en": "Only {value} of ties go both ways: let people meet two by two.",
        "zh": "只有 {value} 的关系是有来有往的：安排两个人两个人地见面。",
    },
    "voice": {
        "en": "A few say nearly everything (Gini {value}): small tables give the others a turn.",
        "zh": "话几乎都被少数人说了（基尼系数 {value}）：分成小桌，让其他人也有机会开口。",
    },
    "newcomers_answered": {
        "en": "Only {value} of newcomers are answered within two days: let the next ones meet somebody who "
        "answers gladly.",
        "zh": "新人只有 {value} 在两天内有人回应：让接下来的新人见见乐于回答的人。",
    },
    "answered": {
        "en": "Only {value} of questions are answered within two days: let those who asked meet those who answer.",
        "zh": "两天内有人回答的问题只有 {value}：让提问的人和常回答的人见一面。",
    },
    "across": {
        "en": "Only {value} of ties lead from one group to another: let members of different groups meet.",
        "zh": "只有 {value} 的关系跨越圈子：让不同圈子的人见一面。",
    },
}


def listed(names: Sequence[str], more: int, language: Language, counter: str = "人") -> str:
    """Names in a row, and how many more there are; `counter` counts them in Chinese."""
    if language == "zh":
        return _spaced("、".join(names)) + (f"等 {len(names) + more} {counter}" if more > 0 else "")
    return wording.listed(names, language, f"{more} more" if more > 0 else "")


def _spaced(names: str) -> str:
    """With a space on each side where a name that is not Chinese meets the words around it."""
    begins, ends = (not CJK.match(letter) for letter in (names[:1], names[-1:]))
    return f"{' ' if names and begins else ''}{names}{' ' if names and ends else ''}"
