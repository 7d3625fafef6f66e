"""Rules of a round in words an organizer understands: what was asked for, what gave way, what collides and what helps.

Nothing here says who blocked or dismissed whom, only that people may not meet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from models.domain.records import Scalar
from models.domain.requests import Language
from models.rounds.spec.requests import (
    Apart,
    Collision,
    Mixed,
    Near,
    NewToEachOther,
    NoRepeat,
    Quota,
    Relaxed,
    RoundSpec,
    Rule,
    Same,
    TimeZones,
    Together,
)
from models.rounds.texts.wording import joined, listed, name, shortened

# The name by which an organizer knows a member.
Namer: TypeAlias = Callable[[str], str]

NAMED = 6

_SAME: dict[str, dict[Language, str]] = {
    "languages": {"en": "people who meet share a language", "zh": "见面的人有共同语言"},
    "place": {"en": "people who meet live in the same place", "zh": "见面的人在同一个地方"},
    "time_zone": {"en": "people who meet are in the same time zone", "zh": "见面的人在同一时区"},
}
_ALSO: dict[str, dict[Language, str]] = {
    "blocks": {"en": "some of them may not meet", "zh": "其中有人不宜见面"},
    "size": {"en": "the size of a group", "zh": "小组人数"},
    "load": {"en": "how often one person may be matched", "zh": "每人最多几场"},
    "slots": {"en": "the times on offer and when people are free", "zh": "可选的时间和大家的空闲时间"},
    "places": {"en": "how many matches fit into one time", "zh": "同一时间能容纳的场数"},
    "roles": {"en": "the roles to fill", "zh": "要补齐的角色"},
    "numbers": {"en": "how many people there are", "zh": "总人数"},
    "time_limit": {"en": "the time for solving", "zh": "求解时间"},
    "locks": {"en": "matches that are locked", "zh": "已锁定的场次"},
}
# What to do where it is no rule that stands in the way.
_ADVICE: dict[str, dict[Language, str]] = {
    "blocks": {"en": "invite more people", "zh": "多请一些人"},
    "size": {"en": "allow smaller or larger groups", "zh": "放宽小组人数"},
    "load": {"en": "raise how often one person may be matched", "zh": "提高每人的场数上限"},
    "slots": {"en": "offer more times", "zh": "多给几个时间"},
    "places": {"en": "allow more matches at one time", "zh": "让同一时间容纳更多场"},
    "roles": {"en": "ask for fewer roles or invite more people", "zh": "减少角色或多请一些人"},
    "numbers": {"en": "add or leave out somebody", "zh": "增减一两个人"},
    "time_limit": {"en": "allow more seconds", "zh": "多给一些求解时间"},
    "locks": {"en": "unlock a match", "zh": "解锁一场"},
}
_AND_ALSO: dict[Language, str] = {"en": "; ", "zh": "；"}


def rule_sentence(rule: Rule, language: Language, called: Namer) -> str:
    """What a rule asks for, as half a sentence without a full stop."""
    return joined([_put(rule, language, called)], language)


def collision_sentence(collision: Collision, spec: RoundSpec, language: Language, called: Namer) -> str:
    """Which rules collide, for whom, and what would do; rules are counted from 1."""
    stand = [_numbered(spec, place, language, called) for place in collision.rules]
    stand += [_ALSO[also][language] for also in collision.also]
    if collision.rules == () and collision.also == ("time_limit",):
        lead = {
            "en": "The time for solving was over before everybody was placed",
            "zh": "还没安排完，求解时间就用完了",
        }[language]
    else:
        lead = _lead(stand, collision.members, language, called)
    return joined([_ended(lead, language), _cure(collision, language)], language)


def relaxed_sentence(relaxed: Relaxed, spec: RoundSpec, language: Language, called: Namer) -> str:
    """Which rule gave way, for whom, and to what."""
    rule, number = spec.rules[relaxed.rule], relaxed.rule + 1
    people = _people(relaxed.members, language, called)
    to = _kept(rule, relaxed.kept, language)
    if language == "zh":
        return joined([f"规则 {number}（{_put(rule, language, called)}）对{people}放宽{to}。"], language)
    return joined([f"Rule {number} ({_put(rule, language, called)}) gave way for {people}{to}."], language)


def _put(rule: Rule, language: Language, called: Namer) -> str:
    text = _PUT[type(rule)](rule, language, called)
    if rule.firm or isinstance(rule, NoRepeat) or rule == NewToEachOther(off=True):
        return text
    return text + (" (if it can be)" if language == "en" else "（尽量）")


def _lead(stand: Sequence[str], members: Sequence[str], language: Language, called: Namer) -> str:
    what = _AND_ALSO[language].join(stand)
    who = _people(members, language, called)
    if language == "zh":
        head = f"对{who}来说，" if who else ""
        return head + (f"做不到：{what}" if len(stand) == 1 else f"这几条不能同时做到：{what}")
    head = f"For {who}, " if who else ""
    text = head + (f"this cannot be: {what}" if len(stand) == 1 else f"these cannot all hold: {what}")
    return text[0].upper() + text[1:]


def _cure(collision: Collision, language: Language) -> str:
    if collision.cures:
        numbers = [str(place + 1) for place in collision.cures]
        if language == "zh":
            return f"去掉规则 {' 或 '.join(numbers)} 就可以。"
        rest = f", or rule {' or '.join(numbers[1:])}" if len(numbers) > 1 else ""
        return f"It would be enough to drop rule {numbers[0]}{rest}."
    advice = [_ADVICE[also][language] for also in collision.also]
    if language == "zh":
        lead = "只去掉一条规则还不够。" if collision.rules else ""
        return lead + (f"可以试试：{'，或者'.join(advice)}。" if advice else "")
    lead = "Dropping a single rule is not enough. " if collision.rules else ""
    return (lead + (f"What may help: {', or '.join(advice)}." if advice else "")).strip()


def _numbered(spec: RoundSpec, place: int, language: Language, called: Namer) -> str:
    text = _put(spec.rules[place], language, called)
    return f"规则 {place + 1}（{text}）" if language == "zh" else f"rule {place + 1} ({text})"


def _people(members: Sequence[str], language: Language, called: Namer) -> str:
    return shortened([name(called(member)) for member in members], language, NAMED) if members else ""


def _ended(text: str, language: Language) -> str:
    return text + ("。" if language == "zh" else ".")


def _kept(rule: Rule, kept: float, language: Language) -> str:
    """What was still kept of it, in its own numbers."""
    if isinstance(rule, NoRepeat):
        return _last_met(rule, int(kept), language)
    if isinstance(rule, (Quota, Mixed)) and kept:
        return f"，差 {kept:g} 人" if language == "zh" else f", by {kept:g} {'person' if kept == 1 else 'people'}"
    return ""


def _last_met(rule: NoRepeat, kept: int, language: Language) -> str:
    """When they met last, from what is left of the rule: rounds in between, else days since."""
    if rule.rounds:
        if language == "zh":
            return "，他们上一轮刚见过" if not kept else f"，他们 {kept + 1} 轮前见过"
        return ": they met in the last round" if not kept else f": they met {kept + 1} rounds ago"
    if language == "zh":
        return f"，他们 {kept} 天前见过" if kept else "，他们今天见过"
    return f": they met {kept} day{'' if kept == 1 else 's'} ago" if kept else ": they met today"


# -- a sentence a rule -----------------------------------------------------------------------------------------------


def _together(rule: Together, language: Language, called: Namer) -> str:
    people = _people(rule.members, language, called)
    return f"{people}在一场" if language == "zh" else f"{people} meet"


def _apart(rule: Apart, language: Language, called: Namer) -> str:
    people = _people(rule.members, language, called)
    return f"{people}不见面" if language == "zh" else f"{people} do not meet"


def _same(rule: Same, language: Language, _: Namer) -> str:
    if rule.attribute in _SAME:
        return _SAME[rule.attribute][language]
    return (
        f"见面的人{name(rule.attribute)}相同" if language == "zh" else f"people who meet have the same {rule.attribute}"
    )


def _mixed(rule: Mixed, language: Language, _: Namer) -> str:
    if language == "zh":
        return f"一场里{name(rule.attribute)}相同的最多 {rule.most} 人"
    return f"at most {rule.most} in a match with the same {rule.attribute}"


def _quota(rule: Quota, language: Language, _: Namer) -> str:
    if language == "zh":
        least = f"要有 {rule.least} 位" if rule.most == rule.least else f"至少 {rule.least} 位"
        most = f"、最多 {rule.most} 位" if rule.most is not None and rule.most != rule.least else ""
        return f"每一场{least}{most}{name(rule.attribute)}是{name(_value(rule.value))}的人"
    what = f"{rule.attribute} {_value(rule.value)}"
    if rule.most is None:
        return f"at least {rule.least} with {what} in every match"
    if rule.most == rule.least:
        return f"exactly {rule.least} with {what} in every match"
    return f"{rule.least} to {rule.most} with {what} in every match"


def _near(rule: Near, language: Language, _: Namer) -> str:
    if language == "zh":
        online = "，或者线上见" if rule.online else ""
        return f"见面的人相距不超过 {rule.kilometres:g} 公里{online}"
    online = ", or meet online" if rule.online else ""
    return f"people who meet live within {rule.kilometres:g} km of each other{online}"


def _time_zones(rule: TimeZones, language: Language, _: Namer) -> str:
    if language == "zh":
        return f"见面的人时差不超过 {rule.hours:g} 小时"
    return f"the clocks of people who meet are at most {rule.hours:g} hours apart"


def _no_repeat(rule: NoRepeat, language: Language, _: Namer) -> str:
    en, zh = [], []
    if rule.days:
        en.append(f"{rule.days} days")
        zh.append(f"{rule.days} 天")
    if rule.rounds:
        en.append(f"{rule.rounds} round{'' if rule.rounds == 1 else 's'}")
        zh.append(f"{rule.rounds} 轮")
    if language == "zh":
        return f"{listed(zh, language) or '0 轮'}之内见过的不再见"
    return f"nobody meets again within {listed(en, language) or '0 rounds'}"


def _new_to_each_other(rule: NewToEachOther, language: Language, _: Namer) -> str:
    if rule.off:
        return "认识的人也可以配在一起" if language == "zh" else "people who know each other may meet, too"
    return "配在一起的人之前没打过交道" if language == "zh" else "people who meet are new to each other"


def _value(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_PUT: dict[type, Callable[..., str]] = {
    Together: _together,
    Apart: _apart,
    Same: _same,
    Mixed: _mixed,
    Quota: _quota,
    Near: _near,
    TimeZones: _time_zones,
    NoRepeat: _no_repeat,
    NewToEachOther: _new_to_each_other,
}
