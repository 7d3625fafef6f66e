"""Reasons in words: one sentence a kind, in English and Chinese."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models.domain.requests import Evidence, Language, ReasonKind
from models.text.spacing import as_written, settle
from models.text.wishes import wish

TEMPLATES: dict[ReasonKind, dict[Language, str]] = {
    "offer_meets_seek": {
        "en": "They offer “{0}”, and you {wish}.",
        "zh": "你{wish}，对方能提供“{0}”。",
    },
    "seek_meets_offer": {
        "en": "They {wish}, and you offer “{1}”.",
        "zh": "对方{wish}，你能提供“{1}”。",
    },
    "shared_interest": {"en": "You both talk about {all}.", "zh": "你们都聊过{all}。"},
    "shared_aim": {"en": "Your aims are close: “{0}” and “{1}”.", "zh": "目标相近：“{0}”和“{1}”。"},
    "shared_value": {"en": "You care about similar things: “{0}” and “{1}”.", "zh": "看重的东西相近：“{0}”和“{1}”。"},
    "knows_about": {"en": "Knows about this: {all}.", "zh": "对这个有了解：{all}。"},
    "meets_need": {"en": "Can bring what is needed: “{0}”.", "zh": "正好有需要的：“{0}”。"},
    "common_ties": {"en": "You both know {all}.", "zh": "你们都认识{all}。"},
    "worked_together": {"en": "Has dealt with {all} before.", "zh": "和{all}打过交道。"},
    "same_channel": {"en": "You are both often in {all}.", "zh": "你们都常在{all}。"},
    "same_place": {"en": "Both in {all}.", "zh": "都在{all}。"},
    "time_zone_overlap": {"en": "Awake at the same hours ({all}).", "zh": "作息时间差不多（{all}）。"},
    "shared_language": {"en": "You share a language: {all}.", "zh": "有共同语言：{all}。"},
    "active_now": {"en": "Active here lately.", "zh": "最近很活跃。"},
    "new_circle": {
        "en": "Somebody from another circle than yours.",
        "zh": "平时不在你的圈子里，正好换个圈子认识人。",
    },
    "newcomer": {"en": "New here: a good time to say hello.", "zh": "刚来不久，正好打个招呼。"},
}
# A shared interest that the two word differently: their words, then yours.
PIECES: dict[Language, str] = {
    "en": "You seem to share an interest. They: “{0}”. You: “{1}”.",
    "zh": "你们的兴趣似乎相近。对方：“{0}”；你：“{1}”。",
}
# What is near to a fit, yet not sure enough to be claimed, by what it would be.
POSSIBLE: dict[ReasonKind, dict[Language, str]] = {
    "offer_meets_seek": {
        "en": "You {wish}; perhaps what they offer helps: “{0}”.",
        "zh": "你{wish}，对方的“{0}”也许能帮上。",
    },
    "seek_meets_offer": {
        "en": "They {wish}; perhaps what you offer helps: “{1}”.",
        "zh": "对方{wish}，你的“{1}”也许用得上。",
    },
    "shared_interest": {
        "en": "Perhaps you share an interest. They: “{0}”. You: “{1}”.",
        "zh": "也许兴趣相近。对方：“{0}”；你：“{1}”。",
    },
    "knows_about": {
        "en": "May not know it, but comes nearest: “{0}”.",
        "zh": "不一定懂，但说过相近的：“{0}”。",
    },
    "meets_need": {"en": "Perhaps what is needed: “{0}”.", "zh": "也许用得上：“{0}”。"},
}
# Where both say the very same.
SAME_TEMPLATES: dict[ReasonKind, dict[Language, str]] = {
    "shared_aim": {"en": "You have the same aim: “{0}”.", "zh": "目标一样：“{0}”。"},
    "shared_value": {"en": "You both care about “{0}”.", "zh": "都看重“{0}”。"},
}
# The same kinds where what is recommended is a project.
PROJECT_TEMPLATES: dict[ReasonKind, dict[Language, str]] = {
    "meets_need": {"en": "It needs “{0}”, and you offer “{1}”.", "zh": "项目需要“{0}”，而你能提供“{1}”。"},
    "shared_aim": {"en": "It comes close to what you want: “{0}”.", "zh": "和你想要的“{0}”相近。"},
    "shared_interest": {"en": "It is about {all}, as you are.", "zh": "主题是你常聊的{all}。"},
    "worked_together": {"en": "You know {all}, who is in it.", "zh": "你认识其中的{all}。"},
    "open_to_join": {"en": "It is looking for {all}.", "zh": "正在找人：{all}。"},
}
SUGGESTED = {"en": "{} (unconfirmed)", "zh": "{}（未确认）"}
LANGUAGE_NAMES: dict[str, dict[Language, str]] = {
    "zh": {"en": "Chinese", "zh": "中文"},
    "en": {"en": "English", "zh": "英文"},
    "de": {"en": "German", "zh": "德文"},
    "fr": {"en": "French", "zh": "法文"},
    "es": {"en": "Spanish", "zh": "西班牙文"},
    "ja": {"en": "Japanese", "zh": "日文"},
    "ko": {"en": "Korean", "zh": "韩文"},
}


def sentence(
    kind: ReasonKind, language: Language, evidence: Sequence[Evidence], name: Callable[[Evidence], str]
) -> str:
    """The sentence of a reason. `name` gives the name by which the reader knows a member, channel or project."""
    words = [_word(kind, language, item, name) for item in evidence]
    if kind == "knows_about" and evidence and all(item.kind == "message" for item in evidence):
        return {"en": "Wrote about this: “{0}”.", "zh": "写过：“{0}”。"}[language].format(_unclosed(words[0]))
    if kind == "shared_interest" and evidence and evidence[0].kind != "term":
        return PIECES[language].format(*map(_unclosed, words))
    if kind == "knows_about":
        words = [_as_said(word, item) for word, item in zip(words, evidence, strict=True)]
    same = kind in SAME_TEMPLATES and len(words) == 2 and words[0].casefold() == words[1].casefold()
    template = (SAME_TEMPLATES if same else TEMPLATES)[kind][language]
    return settle(template.format(*words, all=_joined(words, language), wish=_wish(kind, words, language)))


def possible_sentence(
    of: ReasonKind, language: Language, evidence: Sequence[Evidence], name: Callable[[Evidence], str]
) -> str:
    """The sentence of what is near to a reason of another kind."""
    words = [_unclosed(_word(of, language, item, name)) for item in evidence]
    return POSSIBLE[of][language].format(*words, wish=_wish(of, words, language))


def project_sentence(
    kind: ReasonKind, language: Language, evidence: Sequence[Evidence], name: Callable[[Evidence], str]
) -> str:
    """The sentence of a reason to join a project."""
    words = [_word(kind, language, item, name) for item in evidence]
    return settle(PROJECT_TEMPLATES[kind][language].format(*words, all=_joined(words, language)))


def _word(kind: ReasonKind, language: Language, item: Evidence, name: Callable[[Evidence], str]) -> str:
    if kind == "shared_language":
        return LANGUAGE_NAMES.get(item.value, {}).get(language, item.value)
    word = name(item)
    return SUGGESTED[language].format(word) if item.kind == "suggestion" else word


def wish_words(text: str, language: Language, *, you: bool = False) -> str:
    """That somebody looks for or wants something, as the predicate of a sentence, without its words said twice."""
    kind, words = wish(text)
    if language == "zh":
        return {"seeks": "在找", "wants": "想", "aims": "想要"}[kind] + f"“{words}”"
    verb = {"seeks": "are looking for", "wants": "want to", "aims": "want"} if you else {
        "seeks": "is looking for", "wants": "wants to", "aims": "wants"
    }  # fmt: skip
    return f"{verb[kind]} “{words}”"


def _wish(kind: ReasonKind, words: Sequence[str], language: Language) -> str:
    """The wish among what speaks for a kind of reason: of evidence (theirs, mine) mine where they offer; of theirs
    "they", which has the verb of "you"."""
    at = {"offer_meets_seek": 1, "seek_meets_offer": 0}.get(kind, len(words))
    return wish_words(words[at], language, you=True) if at < len(words) else ""


def _unclosed(words: str) -> str:
    return words.rstrip(".。 ")


def _as_said(word: str, item: Evidence) -> str:
    """What somebody stated in quotation marks, without its full stop: the sentence around it has one; else the word."""
    return f"“{_unclosed(word)}”" if item.kind in ("statement", "suggestion") else word


def _joined(words: Sequence[str], language: Language) -> str:
    words = [as_written(word) for word in words]
    if language == "zh":
        return "、".join(words)
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""
