# ruff: noqa: E501 — a pattern is easier to check on one line
"""Introductions written as lists of labels: "【坐标】上海 【我能提供】…", "Offer: … / Seek: …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from models.domain.records import SuggestionField
from models.suggest.text import listed
from models.suggest.words import CODEISH, NEGATED, VAGUE

LabelField = SuggestionField | Literal["", "stop"]
_LABELS: dict[LabelField, str] = {
    "place": "坐标|所在地|所在城市|城市|地点在|常驻|常驻城市|常驻地|现居|现居地|居住地|base|where|location|based in|city|lives in|living in",
    "offers": "我能提供|我能提供的|能提供|能提供的|可提供|我可提供|可以提供|可以提供的|我可以提供|我可以提供的|提供|擅长|我擅长|擅长领域|技能|我的技能|特长|专长|能力"
    "|可以分享|我可以分享|能分享|我能分享|我会|我的资源|拥有资源|资源|职业|我的职业|身份|我能给|offer|offers|offering|i offer|i can offer|can offer"
    "|what i can offer|what i offer|can help with|i can help with|skill|skills|my skills|expertise|good at|role|occupation|profession|what i do|ask me about"
    "|i can help|can teach|i can teach|happy to help with",
    "seeks": "需要|我需要|我需要的|需求|我的需求|寻找|我在寻找|想找|我想找|想要|我想要|我想要的|希望得到|希望获得|期待|我期待|寻求|想认识|我想认识|想学|我想学|想获得"
    "|希望链接|想链接|seek|seeks|seeking|i seek|need|needs|i need|looking for|i'm looking for|i am looking for|want|wants|i want|want to learn"
    "|i want to learn|hoping to learn|learning",
    "aims": "目标|我的目标|今年目标|近期目标|愿望|我的愿望|梦想|我的梦想|想做|我想做|在做|正在做|在做的事|想做的事|goal|goals|aim|aims|my goal|my goals|my aim|working on|building|dream",
    "values": "看重|我看重|价值观|我的价值观|信念|相信|我相信|values|my values|i value|i care about|i believe in",
    "": "姓名|昵称|名字|称呼|网名|年龄|性别|星座|mbti|兴趣|爱好|兴趣爱好|行业|公司|学校|专业|学历|自我介绍|关于我|个人介绍|一句话介绍|标签|关键词|联系方式|微信"
    "|家乡|经历|name|nickname|about|about me|interest|interests|hobbies|fun fact|background|pronouns|language|languages|contact|links|website|github",
    "stop": "时间|地点|日期|主讲|主讲人|嘉宾|分享嘉宾|费用|价格|报名|报名方式|薪资|薪资范围|薪资待遇|月薪|岗位|招聘岗位|岗位职责|工作职责|职位|职位描述|任职要求|岗位要求"
    "|工作地点|公司介绍|招聘|活动|活动时间|活动地点|主题|投递|投递方式|简历|福利|优惠|原价|time|date|when|venue|speaker|speakers|salary|price|requirement|requirements"
    "|responsibilities|apply|how to apply|agenda|rsvp|deadline|ticket|tickets|compensation|benefits|register",
}  # fmt: skip
_FIELD_OF_LABEL: dict[str, LabelField] = {name: field for field, names in _LABELS.items() for name in names.split("|")}
_ALTERNATIVES = "|".join(re.escape(name) for name in sorted(_FIELD_OF_LABEL, key=len, reverse=True))
_LABEL = re.compile(
    r"[【\[](?P<boxed>[^】\]\n]{1,14})[】\]][ \t]*:?"
    rf"|(?:^|[;|/·•,、。.!\n])[^\w\n:【\[]*(?P<named>{_ALTERNATIVES})\**[ \t]*:(?!//)"
    r"|^[ \t]*(?P<other>[^\n:。,]{1,16}):",
    re.I | re.M,
)


def _speaks_of_oneself(label: str) -> bool:
    """Whether this label alone is enough: nobody heads somebody else's list with "I can offer"."""
    return label.startswith(("我", "i ", "i'm ", "my ", "坐标"))


LABEL_NEEDLES = (
    "【", "坐标", "提供", "擅长", "想要", "需要", "城市", "offer", "seek", "skills", "looking for", "location", "base", "can help",
)  # fmt: skip
_NEXT_NUMBER = re.compile(r"[\s,;]\d{1,2}[.、)]?\s*$")  # "1. ... 2. ...": the number of the next label


def labelled(text: str, intro: bool) -> Iterator[tuple[SuggestionField, str]]:
    """What the labels of a readable text say of its author; announcements of jobs and events are not read."""
    marks = list(_LABEL.finditer(text))
    if not marks:
        return
    names = [_label(mark) for mark in marks]
    fields = [_FIELD_OF_LABEL.get(name) for name in names]
    if "stop" in fields or not _own_list(names, intro):
        return
    for mark, following, field in zip(marks, [*marks[1:], None], fields, strict=True):
        if field and field != "stop":
            for phrase in listed(_value(text[mark.end() : following.start() if following else len(text)])):
                if _fits_label(field, phrase):
                    yield field, phrase


def _label(mark: re.Match[str]) -> str:
    return (mark["boxed"] or mark["named"] or mark["other"]).strip(" \t*-·•").lower()


def _own_list(names: list[str], intro: bool) -> bool:
    known = [name for name in names if name in _FIELD_OF_LABEL]
    fields = {_FIELD_OF_LABEL[name] for name in known} - {""}
    return bool(fields) and (
        len(fields) >= 2 or (intro and len(known) >= 1) or any(_speaks_of_oneself(name) for name in known)
    )


def _value(text: str) -> str:
    # The rest of the line, or the lines below when the label stands alone; a blank line ends a list.
    text = _NEXT_NUMBER.sub("", text.lstrip(" \t"))
    if text.startswith("\n"):
        return text[1:].split("\n\n")[0]
    return text.split("\n")[0]


def _fits_label(field: SuggestionField, phrase: str) -> bool:
    if VAGUE.match(phrase) or NEGATED.match(phrase) or (field != "place" and CODEISH.search(phrase)):
        return False
    return len(phrase) <= 30 if field == "place" else True
