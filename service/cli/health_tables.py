"""Health for people: a table of figures, then what could be done."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.text import Text
from yiqi.client import id_of

from service.api import enums
from service.cli.shared.prose import Prose
from service.cli.shared.tables import Column, show_table

if TYPE_CHECKING:
    from yiqi.v1 import health_pb2 as pb

BARS = "▁▂▃▄▅▆▇█"
SHOWN = 3  # members or channels in the table

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "figure": "figure", "good": "good", "then": "over time", "now": "now", "of": "of", "stands out": "stands out",
        "too_few": "too few", "nobody_recorded": "nobody recorded help",
        "advice": "What could be done",
        "later": "Thirty days after a round or introduction, this page tells what it brought.",
        "groups": "Groups", "value": "Value in the last 30 days",
        "kind": "kind", "offered by": "offered by", "sought by": "sought by", "given": "given",
        "funnel": "Introductions", "effects": "Thirty days later, beside similar members left alone",
        "comma": ", ", "aside": " ({})",
        "hidden": "Up to {} more are counted and not named: their consent is nobody.",
        "steps": "{} introduced → {} talked → {} met → {} built together → {} still together",
        "group": "{} members around {}", "still_here": "still here", "new_ties": "new ties a member",
        "effect": "{} on {}, {} members: {} {} beside {} (difference {} to {})",
    },
    "zh": {
        "figure": "指标", "good": "好", "then": "走势", "now": "最近", "of": "总数", "stands out": "突出的",
        "too_few": "太少", "nobody_recorded": "没有人记录过帮助",
        "advice": "可以做什么", "later": "办过匹配或介绍三十天后，这里会告诉你效果如何。",
        "groups": "圈子", "value": "最近 30 天的价值往来",
        "comma": "、", "aside": "（{}）",
        "growth": "成长", "income": "收入", "resources": "资源", "connections": "人脉",
        "kind": "种类", "offered by": "能提供", "sought by": "在寻求", "given": "已给出",
        "funnel": "介绍", "effects": "三十天后，与相似但没有被安排的成员相比",
        "hidden": "另有至多 {} 人只计数、不点名：他们不同意被推荐。",
        "steps": "介绍 {} → 聊过 {} → 见过 {} → 一起做过 {} → 还在一起 {}",
        "group": "{} 人，中心是 {}", "still_here": "还在", "new_ties": "人均新关系",
        "effect": "{}，{}，{} 人：{} {}，对照 {}（差 {} 到 {}）",
    },
}  # fmt: skip


def print_health(health: pb.CommunityHealth, language: Literal["en", "zh"]) -> None:
    """All of it on stdout."""
    console, words = Console(), _WORDS[language]
    _print_figures(console, health, language)
    if health.hidden_by_consent:
        console.print(Text(words["hidden"].format(health.hidden_by_consent)))
    advised = [line for advice in health.advice for line in _advice(advice)]
    _print_list(console, words["advice"], [*advised, words["aside"].format(words["later"]).lstrip()] if advised else [])
    _print_list(console, words["groups"], [_group(group, words) for group in health.groups])
    if any(flow.offering or flow.seeking or flow.given for flow in health.flows):
        _print_flows(console, health, words)
    if any(step.introduced for step in health.funnel):
        _print_list(console, words["funnel"], [_funnel(health, words)])
    _print_list(console, words["effects"], [_effect(effect, words) for effect in health.effects])


def newest(figure: pb.HealthFigure, language: str) -> tuple[str, int] | None:
    """The newest window of which there is something to say: the value or why there is none, and of how many cases."""
    for value in reversed(figure.values):
        if value.HasField("value"):
            share = enums.HEALTH_UNIT.word(figure.unit) == "share"
            return f"{value.value:.0%}" if share else f"{value.value:.2f}", value.count
        if value.unknown:
            return _WORDS[language][enums.HEALTH_UNKNOWN.word(value.unknown)], value.count
    return None


def known(figure: pb.HealthFigure) -> list[float]:
    """The values of a figure, NaN where it is not known."""
    return [value.value if value.HasField("value") else math.nan for value in figure.values]


def _print_figures(console: Console, health: pb.CommunityHealth, language: str) -> None:
    words, rows = _WORDS[language], []
    for figure in health.figures:
        if now := newest(figure, language):
            good = "↑" if figure.higher_is_better else "↓"
            pointers = words["comma"].join(pointer.display_name for pointer in figure.pointers[:SHOWN])
            rows.append((figure.title, good, _sparkline(known(figure)), now[0], f"{now[1]:,}", pointers))
    columns = (
        Column(words["figure"], wide=True),
        Column(words["good"], whole=True),
        Column(words["then"], whole=True),
        Column(words["now"], whole=True, right=True),
        Column(words["of"], whole=True, right=True),
        Column(words["stands out"], wide=True),
    )
    names = [pointer.display_name for figure in health.figures for pointer in figure.pointers]
    show_table(console, columns, rows, names, f"{id_of(health.name)} · {health.as_of.ToDatetime():%Y-%m-%d}")


def _sparkline(values: Sequence[float]) -> str:
    """A bar a window on the scale from 0 to 1, a space where nothing is known."""
    return "".join(" " if math.isnan(v) else BARS[min(int(v * len(BARS)), len(BARS) - 1)] for v in values)


def _advice(advice: pb.HealthAdvice) -> list[str]:
    return [f"· {advice.sentence}", *(f"    {command}" for command in advice.action.commands)]


def _group(group: pb.HealthGroup, words: dict[str, str]) -> str:
    return "· " + words["group"].format(group.size, words["comma"].join(one.display_name for one in group.central))


def _print_flows(console: Console, health: pb.CommunityHealth, words: dict[str, str]) -> None:
    recorded = any(flow.given for flow in health.flows)
    title = words["value"] if recorded else words["value"] + words["aside"].format(words["nobody_recorded"])
    columns = (
        Column(words["kind"]),
        *(Column(words[heading], whole=True, right=True) for heading in ("offered by", "sought by", "given")),
    )
    rows = []
    for flow in health.flows:
        kind = enums.VALUE_KIND.word(flow.kind)
        given = str(flow.given) if recorded else "–"
        rows.append((words.get(kind, kind), str(flow.offering), str(flow.seeking), given))
    show_table(console, columns, rows, title=title)


def _funnel(health: pb.CommunityHealth, words: dict[str, str]) -> str:
    steps = ("introduced", "talked", "met", "built_together", "still_together")
    return "· " + words["steps"].format(*(sum(getattr(one, step) for one in health.funnel) for step in steps))


def _effect(effect: pb.HealthEffect, words: dict[str, str]) -> str:
    source = effect.WhichOneof("source") or ""
    named = id_of(effect.round) if source == "round" else source
    kind = enums.HEALTH_EFFECT.word(effect.kind)
    numbers = (f"{number:.2f}" for number in (effect.value, effect.beside, effect.low, effect.high))
    value, beside, low, high = numbers
    day = f"{effect.time.ToDatetime():%Y-%m-%d}"
    return "· " + words["effect"].format(named, day, effect.members, words[kind], value, beside, low, high)


def _print_list(console: Console, title: str, lines: Sequence[str]) -> None:
    if lines:
        console.print(Text(title, style="bold"))
        for line in lines:
            if line.startswith(" "):  # a command, to be copied as it is
                console.print(Text(line), soft_wrap=True)
            else:
                console.print(Prose(line))
        console.print()
