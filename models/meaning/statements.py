# ruff: noqa: E501 — a pattern is easier to check on one line
"""What a short statement ("an offer", "a wish") is beside its topic: empty, general, whose job, which language, where.

These are the things that sentence vectors blur: "教中文口语" and "想练英语口语" are near, and an editor who looks for
clients is near to another who offers editing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np

from models.text.lexical import tokens
from models.text.places import PLACES_EN, PLACES_ZH

_EMPTY = re.compile(
    r"(?:\W|_)*(?:(?:暂时?|目前|现在|当前|真的?|还|也|我|先|就|只是|just|i'?m|i am|nothing|not|no|none|really|right now|currently|"
    r"at the moment|for now|yet|honestly|still|to be|tbh|only|here to|here for|maybe)\W*)*"
    r"(?:无|没有?|没啥|没什么|空|略|随便(?:看看|逛逛|聊聊)?|看看|逛逛|围观|潜水|学习学习|来学习|都可以|都行|随意|随缘|不限|不清楚|不知道(?:写啥|填啥|写什么)?|没想好|"
    r"想好再说|再说|待定|待补充|保密|不详|未填|未知|如题|同上|见简介|看简介|n\W?/?a\W?|n\.a\.|none|nil|null|nothing(?: special| much| in particular| yet)?|"
    r"no|nope|-+|x+|\.+|tbd|tba|any|anything|whatever|everything|various|same|idk|dunno|unsure|undecided|sure|"
    r"(?:not|no) (?:sure|idea|decided|applicable|special|clue)|don'?t know|no clue|no idea|skip|see (?:my )?(?:profile|bio|above)|"
    r"(?:just )?(?:looking|browsing|lurking|curious|watching|listening)(?: around)?|test|asdf|一切|各种|其他|其它|哈+)"
    r"(?:\W|_|了|吧|呢|啊|的|yet|for now|so far|really|什么|特别的?|看看|around|here)*",
    re.I,
)
# Words that any wish may hold and that no thing is made of.
_GENERAL = """
partner partners help practice practise learn learning teach teaching lesson lessons advice people person
somebody someone anybody anyone friend friends together exchange share sharing skill skills experience resource
resources connection connections contact contacts cooperation collaborate collaboration collaborator project
projects support mentor mentoring guidance tip tips knowledge idea ideas opportunity opportunities service
services thing things stuff beginner beginners expert experts professional professionals level basic basics
advanced free want need needs looking seek seeking offer offering interested interest interests local online
network networking community group club
一起 合作 交流 学习 资源 对接 资源对接 伙伴 搭子 朋友 同好 帮忙 帮助 经验 分享 教 学 想学 想找 求 找 老师
指导 指点 入门 机会 项目 人脉 人 服务 咨询 建议 支持 互助 互相 技能 知识 兴趣 爱好 认识 链接 拓展 成长 提升
零基础 新手 小白 大佬 高手 专业 相关 方面 各种
"""
GENERAL = frozenset(_GENERAL.split())
# Somebody who looks for those who would take what they offer themselves.
_TAKERS_EN = r"clients?|customers?|students?|pupils?|learners?|buyers?|commissions?|gigs?|orders|readers|jobs?|work|an? position|employers?"
_TAKERS_ZH = "客户|客源|学员|学生|生源|订单|买家|甲方|读者|粉丝|工作|兼职|活"
_CLIENTS = re.compile(
    rf"^\W*(?:(?:i'm|i am|looking|searching|for|seeking|to|find|finding|get|more|new|first|paying|paid|some|a few|any|freelance|part-time|"
    rf"full-time|my|an?)\W+)*(?:\w+\W+)?(?:{_TAKERS_EN})\b(?!\W+(?:who|that|to help))"
    rf"|^\W*(?:想|我|在|要|多|先)*(?:找|招|求|接|拓展|开发|获取|需要)?(?:点|些|一些|更多|新|长期|稳定)*的?.{{0,4}}(?:{_TAKERS_ZH})(?:$|[，。,])|接单|招生|求职|求内推",
    re.I,
)
_TEACHES = re.compile(
    r"\b(?:teach\w*|lessons?|tutor\w*|class(?:es)?|course|coach\w*|show (?:you|people|somebody|someone)|workshops?|train(?:ing|er)|"
    r"instruct\w*|mentor\w*|for beginners)\b|教|授课|辅导|带新手|手把手|入门课|培训|陪练|指导",
    re.I,
)
_LEARNS = re.compile(
    r"\b(?:learn\w*|study\w*|teach me|teacher|tutor|lessons?|get into|beginner|improve my|understand|show me|how to)\b"
    r"|想?学|求教|请教|拜师|零基础|入门|老师|师傅|教我|提高",
    re.I,
)
_PARTNER = re.compile(
    r"\b(?:partners?|budd(?:y|ies)|mates?|companion|together|to .{2,30} with|co-?\w+ers?|group|club|tandem|exchange)\b"
    r"|搭子|搭档|一起|同伴|队友|伙伴|语伴|球友|结伴|约",
    re.I,
)
_HAS = re.compile(
    r"\b(?:lend|borrow|rent|spare|give away|share my|use of|available|space|room|for sale|introduc\w+|intro to|contacts?|know (?:people|many|some))\b"
    r"|借|闲置|出租|可用|场地|空间|介绍|引荐|认识|资源|送|转让",
    re.I,
)
_WANTS_OUTCOME = re.compile(
    r"\b(?:invest\w*|funding|capital|money|loan|sponsor\w*|job|hire|recruit\w*)\b|投资|融资|资金|赞助|贷款|招聘|工作",
    re.I,
)
_CHILDREN = re.compile(
    r"\b(?:kids?|child(?:ren)?|toddlers?|teens?|pupils?|bab(?:y|ies))\b|孩子|儿童|小朋友|少儿|亲子|宝宝|娃", re.I
)
_LANGUAGES: dict[str, str] = {
    "en": r"\benglish\b|\bielts\b|\btoefl\b|英语|英文|雅思|托福|中英|英中|英汉|汉英",
    "zh": r"\bchinese\b|\bmandarin\b|\bhsk\b|中文|汉语|普通话|国语|中[英日法德韩俄西]|[英日法德韩俄西]中",
    "yue": r"\bcantonese\b|粤语|广东话|白话",
    "ja": r"\bjapanese\b|\bjlpt\b|日语|日文",
    "ko": r"\bkorean\b|\btopik\b|韩语|韩文|朝鲜语",
    "de": r"\bgerman\b|\btestdaf\b|德语|德文",
    "fr": r"\bfrench\b|\bdelf\b|法语|法文",
    "es": r"\bspanish\b|\bdele\b|西班牙语|西语",
    "pt": r"\bportuguese\b|葡萄牙语|葡语",
    "it": r"\bitalian\b|意大利语|意语",
    "ru": r"\brussian\b|俄语|俄文",
    "ar": r"\barabic\b|阿拉伯语",
    "tr": r"\bturkish\b|土耳其语",
    "vi": r"\bvietnamese\b|越南语",
    "th": r"\bthai\b|泰语",
    "nl": r"\bdutch\b|荷兰语",
    "pl": r"\bpolish\b|波兰语",
    "sv": r"\bswedish\b|瑞典语",
    "hi": r"\bhindi\b|印地语",
    "la": r"\blatin\b(?! america)|拉丁语",
    "el": r"\bgreek\b|希腊语",
    "he": r"\bhebrew\b|希伯来语",
    "sign": r"\bsign language\b|\bASL\b|\bBSL\b|手语",
    "bo": r"\btibetan\b|藏语",
    "wuu": r"\bshanghainese\b|上海话|沪语|吴语",
}
_LANGUAGE_PATTERNS = {code: re.compile(pattern, re.I) for code, pattern in _LANGUAGES.items()}
_PLACE = re.compile(rf"\b(?:{PLACES_EN})\b|(?:{PLACES_ZH})", re.I)
# To look for all of these takes longer than everything else; most statements name none, as their words tell.
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+")


def _words(text: str) -> set[str]:
    """Chinese characters, and other words in lower case."""
    return set(_WORD.findall(text.lower()))


_OF_LANGUAGES = _words(re.sub(r"\\\w", " ", " ".join(_LANGUAGES.values())))
_OF_PLACES = _words(re.sub(r"\\\w", " ", f"{PLACES_EN} {PLACES_ZH}"))
_ROOM = re.compile(
    r"\b(?:flat|room|apartment|house|studio|workshop|space|office|desk|venue|hall|garage|cellar|plot|garden|shed|storage|gallery|"
    r"kitchen|accommodation|lodging|sublet|couch)\b|房|屋|场地|空间|工位|办公室|车库|地窖|仓库|地块|菜地|院子|展厅|画廊|住处|短租|合租|沙发",
    re.I,
)

_FLAGS = ("clients", "teaches", "learns", "partner", "has", "outcome", "children", "room")
_FLAG_PATTERNS = (_CLIENTS, _TEACHES, _LEARNS, _PARTNER, _HAS, _WANTS_OUTCOME, _CHILDREN, _ROOM)
FLAG = {name: i for i, name in enumerate(_FLAGS)}
_SETS = ("words", "languages", "places")
State: TypeAlias = dict[str, np.ndarray | list[str]]


@dataclass(frozen=True, slots=True)
class Statements:
    """F short texts. `empty`, `general` (F,) bool: says nothing; says no thing. `flags` (F, len(FLAG)) bool; `words`
    are content words; `languages` and `places` those named."""

    empty: np.ndarray
    general: np.ndarray
    chinese: np.ndarray
    flags: np.ndarray
    words: tuple[frozenset[str], ...]
    languages: tuple[frozenset[str], ...]
    places: tuple[frozenset[str], ...]


def says_nothing(text: str) -> bool:
    """Whether an answer of a form is none: 无, N/A, just looking around."""
    return not any(c.isalnum() for c in text) or _EMPTY.fullmatch(text.strip()) is not None


def content_words(text: str) -> frozenset[str]:
    """The words of a text that may name a thing."""
    return frozenset(word for word in tokens(text) if word not in GENERAL)


_NEEDED = re.compile(
    r"\b(?:need\w*|missing|lack\w*|want\w*|looking for|search\w*|who can|somebody|someone|anybody|anyone|a person|has to|must know)\b"
    r"|缺|需要|想找|找|谁|求|招|有没有|哪位|得有|要有|懂.{1,10}的|会.{1,10}的人",
    re.I,
)
_CLAUSE = re.compile(r"[。！？!?;；\n]+|(?<=[a-z])[.:]\s|[，：:]|,\s|\s[-–—]\s")
CLAUSES = 3


def needed(text: str) -> list[str]:
    """The parts of a text that say what is needed, at most three; none where that is the whole text."""
    parts = [part.strip() for part in _CLAUSE.split(text) if part and part.strip()]
    found = [part for part in parts if _NEEDED.search(part) and content_words(part)]
    return found[:CLAUSES] if len(parts) > 1 else []


class One(NamedTuple):
    """What is read of one text."""

    chinese: bool
    flags: tuple[bool, ...]
    words: frozenset[str]
    languages: frozenset[str]
    places: frozenset[str]


@lru_cache(maxsize=50_000)
def _one(text: str) -> One:
    words = _words(text)
    return One(
        chinese=any("\u3400" <= c <= "\u9fff" for c in text),
        flags=tuple(pattern.search(text) is not None for pattern in _FLAG_PATTERNS),
        words=content_words(text),
        languages=frozenset() if words.isdisjoint(_OF_LANGUAGES) else _languages(text),
        places=frozenset() if words.isdisjoint(_OF_PLACES) else _places(text),
    )


def _languages(text: str) -> frozenset[str]:
    return frozenset(code for code, pattern in _LANGUAGE_PATTERNS.items() if pattern.search(text))


def _places(text: str) -> frozenset[str]:
    return frozenset(found.casefold() for found in _PLACE.findall(text))


def read(
    texts: Sequence[str], empty: Sequence[bool] | None = None, known: Mapping[str, One] | None = None
) -> Statements:
    """What each of F short texts is beside its topic; which are `empty` may be told, and what some of them are `known`
    to be."""
    known = known or {}
    each = [known.get(text) or _one(text) for text in texts]
    return Statements(
        empty=np.array([*map(says_nothing, texts)] if empty is None else empty, bool),
        general=np.array([not one.words for one in each], bool),
        chinese=np.array([one.chinese for one in each], bool),
        flags=np.array([one.flags for one in each], bool).reshape(len(each), len(FLAG)),
        words=tuple(one.words for one in each),
        languages=tuple(one.languages for one in each),
        places=tuple(one.places for one in each),
    )


def state_of(texts: Sequence[str], read: Statements) -> State:
    """What `known_from` needs to know what was read of F texts. To read them takes twenty times as long."""
    return {
        "texts": list(texts),
        "chinese": read.chinese,
        "flags": read.flags,
        **{name: ["\n".join(sorted(of_text)) for of_text in getattr(read, name)] for name in _SETS},
    }


def known_from(state: State) -> dict[str, One]:
    """By text."""
    flags = map(tuple, np.asarray(state["flags"]).tolist())
    sets = (map(_lines, state[name]) for name in _SETS)
    each = map(One, np.asarray(state["chinese"]).tolist(), flags, *sets)
    return dict(zip(state["texts"], each, strict=True))


def _lines(text: str) -> frozenset[str]:
    return frozenset(text.split("\n")) if text else frozenset()
