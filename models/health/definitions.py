"""The figures of health: what each is called, what it means and which way is good. Their docstrings say how they are
measured and where they come from; docs/health.md tells it to organizers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from models.domain.requests import Language
from models.health import funnel, groups, newcomers, questions, ties, value, voice
from models.health.history import History
from models.health.windows import Measured, Windows

FigureName = Literal[
    "reciprocity",
    "survival_30",
    "survival_90",
    "isolated",
    "broadcasting",
    "voice",
    "exposure",
    "newcomers_answered",
    "newcomers_stay",
    "answered",
    "answered_without_loudest",
    "askers_answer",
    "across",
    "hanging",
    "helped",
    "introductions_talked",
    "thanked",
]
Unit = Literal["share", "gini"]


@dataclass(frozen=True, slots=True)
class Definition:
    """`poor`: where advice begins; a rule of thumb, not a norm. `pointed`: what the number of a pointer counts."""

    name: FigureName
    measure: Callable[[History, Windows], Measured]
    unit: Unit
    higher_is_better: bool
    poor: float
    title: dict[Language, str]
    meaning: dict[Language, str]
    pointed: dict[Language, str]

    def is_poor(self, value: float) -> bool:
        """Whether a value lies where advice begins; an unknown one does not."""
        return value < self.poor if self.higher_is_better else value > self.poor


FIGURES = (
    Definition(
        "reciprocity", ties.reciprocity, "share", True, 0.25,
        {"en": "Ties that go both ways", "zh": "有来有往的关系"},
        {
            "en": "Of the pairs in which one turned to the other, how many turned to each other.",
            "zh": "一方联系过另一方的人之中，互相联系过的占多少。",
        },
        {"en": "people turned to, none of whom turned back", "zh": "联系过但没有回音的人数"},
    ),
    Definition(
        "survival_30", ties.survival_30, "share", True, 0.1,
        {"en": "Ties that last 30 days", "zh": "30 天后还在的关系"},
        {
            "en": "Of the pairs that first dealt with each other, how many did again 30 to 60 days later.",
            "zh": "新认识的两个人之中，30 到 60 天后又有往来的占多少。",
        },
        {"en": "", "zh": ""},
    ),
    Definition(
        "survival_90", ties.survival_90, "share", True, 0.1,
        {"en": "Ties that last 90 days", "zh": "90 天后还在的关系"},
        {
            "en": "Of the pairs that first dealt with each other, how many did again 90 to 180 days later.",
            "zh": "新认识的两个人之中，90 到 180 天后又有往来的占多少。",
        },
        {"en": "", "zh": ""},
    ),
    Definition(
        "isolated", ties.isolated, "share", False, 0.1,
        {"en": "Isolated members", "zh": "没人理会的成员"},
        {
            "en": "Of the members who spoke lately, how many nobody deals with.",
            "zh": "最近说过话的成员之中，跟谁都没有往来的占多少。",
        },
        {"en": "messages in 90 days", "zh": "90 天内的发言数"},
    ),
    Definition(
        "broadcasting", voice.broadcasting, "share", False, 0.3,
        {"en": "One-way messages", "zh": "单向的发言"},
        {
            "en": "How many messages address nobody, join no talk and get no answer.",
            "zh": "不对着谁说、不接谁的话、也没人回应的发言占多少。",
        },
        {"en": "one-way messages", "zh": "单向发言数"},
    ),
    Definition(
        "voice", voice.voice, "gini", False, 0.75,
        {"en": "Concentration of voice", "zh": "发言的集中程度"},
        {
            "en": "How unequally messages are spread over those who speak: 0 evenly, 1 one says all.",
            "zh": "发言在说话的人之间分布得多不均匀：0 是人人一样多，1 是一个人说完。",
        },
        {"en": "share of all messages", "zh": "占全部发言的份额"},
    ),
    Definition(
        "exposure", voice.exposure, "gini", False, 0.8,
        {"en": "Concentration of exposure", "zh": "曝光的集中程度"},
        {
            "en": "How unequally members are shown to others: 0 all alike, 1 only one.",
            "zh": "成员被推荐给别人的次数多不均匀：0 是人人一样，1 是只有一个人。",
        },
        {"en": "times shown", "zh": "被推荐的次数"},
    ),
    Definition(
        "newcomers_answered", newcomers.newcomers_answered, "share", True, 0.7,
        {"en": "Newcomers answered within 48 hours", "zh": "48 小时内有人理的新人"},
        {
            "en": "Of those who first spoke, how many somebody answered within 48 hours.",
            "zh": "第一次发言的人之中，48 小时内有人回应的占多少。",
        },
        {"en": "days without an answer", "zh": "没人理会的天数"},
    ),
    Definition(
        "newcomers_stay", newcomers.newcomers_stay, "share", True, 0.3,
        {"en": "Newcomers still here after 30 days", "zh": "30 天后还在的新人"},
        {
            "en": "Of those who first spoke, how many said or did something 30 to 60 days later.",
            "zh": "第一次发言的人之中，30 到 60 天后还有动静的占多少。",
        },
        {"en": "", "zh": ""},
    ),
    Definition(
        "answered", questions.answered, "share", True, 0.6,
        {"en": "Questions answered within 48 hours", "zh": "48 小时内有人答的问题"},
        {
            "en": "Of the questions put to everybody, how many somebody answered within 48 hours.",
            "zh": "向大家提的问题之中，48 小时内有人回答的占多少。",
        },
        {"en": "questions without an answer", "zh": "没人回答的问题数"},
    ),
    Definition(
        "answered_without_loudest", questions.answered_without_loudest, "share", True, 0.7,
        {"en": "Still answered without the three loudest", "zh": "没有话最多的三个人也有人答"},
        {
            "en": "Of the answered questions, how many would still have an answer if the three loudest fell silent.",
            "zh": "有人回答的问题之中，话最多的三个人不开口也还有人答的占多少。",
        },
        {"en": "share of first answers", "zh": "最先作答的份额"},
    ),
    Definition(
        "askers_answer", newcomers.askers_answer, "share", True, 0.2,
        {"en": "Askers who became answerers", "zh": "从提问到回答的人"},
        {
            "en": "Of those who first asked, how many answered somebody within 90 days.",
            "zh": "第一次提问的人之中，90 天内回答过别人的占多少。",
        },
        {"en": "", "zh": ""},
    ),
    Definition(
        "across", groups.across, "share", True, 0.15,
        {"en": "Ties between groups", "zh": "跨圈子的关系"},
        {
            "en": "Of the pairs with a tie, how many belong to different groups.",
            "zh": "有往来的两个人之中，分属不同圈子的占多少。",
        },
        {"en": "share of shortest ways that lead through them", "zh": "最短路径经过此人的比例"},
    ),
    Definition(
        "hanging", groups.hanging, "share", False, 0.05,
        {"en": "Members who hang on a single bridge", "zh": "只靠一个人连着的成员"},
        {
            "en": "Of the members with ties, how many would be cut off with their group if one certain member left.",
            "zh": "有往来的成员之中，只要某一个人离开，就会连同小圈子一起断开的占多少。",
        },
        {"en": "members who hang on them", "zh": "靠此人连着的人数"},
    ),
    Definition(
        "helped", value.helped, "share", True, 0.1,
        {"en": "Members helped, by recorded outcomes", "zh": "得到帮助的成员（按记录）"},
        {
            "en": "Of the active members, how many have an outcome of the last 30 days that says somebody helped them.",
            "zh": "活跃成员之中，最近 30 天有记录表明得到过别人帮助的占多少。",
        },
        {"en": "kinds of value they seek", "zh": "在寻求的价值种类数"},
    ),
    Definition(
        "introductions_talked", funnel.introductions_talked, "share", True, 0.3,
        {"en": "Introductions that led to a talk", "zh": "介绍之后聊起来的"},
        {
            "en": "Of the pairs introduced, how many talked within 30 days.",
            "zh": "被介绍认识的两个人之中，30 天内聊过的占多少。",
        },
        {"en": "", "zh": ""},
    ),
    Definition(
        "thanked", value.thanked, "share", True, 0.05,
        {"en": "Members helped, by their own words", "zh": "得到帮助的成员（按道谢）"},
        {
            "en": "Of the active members, how many thanked somebody in the last 30 days or said that an answer worked.",
            "zh": "活跃成员之中，最近 30 天向人道过谢、或说过答案管用的占多少。",
        },
        {"en": "times they were thanked", "zh": "被道谢的次数"},
    ),
)  # fmt: skip
DEFINITION: dict[FigureName, Definition] = {definition.name: definition for definition in FIGURES}
