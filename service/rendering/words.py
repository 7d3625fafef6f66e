"""Headings and labels of a round's files, in English and Chinese."""

from __future__ import annotations

from datetime import UTC, datetime

from models.domain.records import Micros
from models.domain.requests import Language
from models.rounds.texts.notice import day_in_words
from service.rendering.sheet import Line, Sheet

_WORDS: dict[str, tuple[str, str]] = {
    "match": ("match", "场次"),
    "sitting": ("sitting", "第几场"),
    "time": ("time", "时间"),
    "team": ("team", "小组"),
    "score": ("score", "分数"),
    "worst": ("worst-off in it", "其中最低"),
    "locked": ("locked", "已锁定"),
    "yes": ("yes", "是"),
    "person": ("person", "成员"),
    "id": ("id", "编号"),
    "role": ("role", "角色"),
    "starter": ("to begin with", "聊什么"),
    "meets": ("meets", "见谁"),
    "why": ("why", "理由"),
    "text": ("text to send", "可直接发送的话"),
    "reply": ("reply", "回复"),
    "answer": ("what came of it", "后来"),
    "people": ("people", "成员"),
    "summary": ("How good the list is", "名单质量"),
    "matches": ("Matches", "配对"),
    "byes": ("Nobody this time", "本轮轮空"),
    "left_out": ("Not in this round", "未参加"),
    "asked_for": ("What was asked for", "要求"),
    "notes": ("Worth knowing", "请留意"),
    "relaxed": ("What gave way", "放宽的要求"),
    "collisions": ("What could not be", "做不到的要求"),
    "by_person": ("Who meets whom when", "每人的场次表"),
    "texts": ("Texts to send", "可直接发送的话"),
    "nobody": ("Nobody is matched.", "没有配对。"),
    "pending": ("", ""),
    "accepted": ("yes", "愿意"),
    "declined": ("no", "这次算了"),
    "talked": ("talked", "聊过"),
    "met": ("met", "见过面"),
    "again": ("met, want to meet again", "见过，还想再见"),
    "no": ("nothing", "没有下文"),
    "pairs": ("pairs", "两两配对"),
    "groups": ("groups", "分组"),
    "sides": ("two sides", "两方配对"),
    "teams": ("teams", "项目小组"),
    "solving": ("being solved", "求解中"),
    "solved": ("draft", "草稿"),
    "failed": ("failed", "失败"),
    "cancelled": ("cancelled", "已取消"),
    "published": ("published", "已发布"),
    "repairing": ("being repaired", "补位中"),
    "undone": ("taken back", "已撤回"),
    "this_list": ("this list", "这份名单"),
    "largest_total": ("largest total", "总分最高的名单"),
    "random_list": ("random lists", "随机名单"),
    "mean_over_people": ("mean over people", "平均匹配分"),
    "worst_off": ("worst-off person", "最低的一位"),
    "scores_of_matches": ("Scores of the matches", "各场分数"),
    "fairness_panel": ("What fairness costs and gives", "公平的代价与所得"),
    "number_of_matches": ("matches", "场数"),
    "table": ("table", "桌号"),
    "when": ("when", "时间"),
    "where": ("where", "地点"),
    "with": ("with", "同桌"),
    "with_pair": ("with", "搭档"),
    "free": ("You sit this one out.", "这一场你轮空。"),
    "cut": ("Cut along the lines.", "沿线裁开。"),
}


def word(key: str, language: Language) -> str:
    """A label; an empty key stays empty."""
    return _WORDS[key][language == "zh"] if key else ""


def day(time: Micros | None) -> str:
    """The day of a time, in UTC; "" without one."""
    return datetime.fromtimestamp(time / 1e6, UTC).strftime("%Y-%m-%d") if time else ""


def heading(sheet: Sheet) -> str:
    """What the round is called, by whom it is, and of which day, unless its matches say when they are."""
    timed = any(line.slot for line in sheet.lines)
    on = day_in_words(sheet.date, sheet.language) if sheet.date else "" if timed else day(sheet.published or sheet.time)
    parts = (sheet.heading, sheet.community, on)
    return " · ".join(filter(None, parts))


def in_short(sheet: Sheet) -> str:
    """How many people and matches, and how good the list is, in a sentence or two."""
    s = sheet.summary
    if not sheet.lines:
        return word("nobody", sheet.language)
    if sheet.language == "zh":
        text = f"{s.people} 人参加，{s.placed} 人排上，共 {len(sheet.lines)} 场。"
        text += f"平均匹配分 {s.mean:.2f}，最低的一位 {s.worst:.2f}"
        return text + (f"；随机排的平均匹配分 {s.random:.2f}。" if s.random else "。")
    matches = f"{len(sheet.lines)} {'match' if len(sheet.lines) == 1 else 'matches'}"
    text = f"{s.placed} of {s.people} people are placed in {matches}. "
    text += f"A person's mean score is {s.mean:.2f}, the worst-off has {s.worst:.2f}"
    return text + (f"; random lists reach {s.random:.2f}." if s.random else ".")


def trade_off(sheet: Sheet) -> str:
    """What was given up against the list with the largest total, and what it brought; "" where nothing was."""
    s = sheet.summary
    given, gained = s.best - s.mean, s.worst - s.best_worst
    if given < 0.0005 and gained < 0.0005:
        return ""
    share = given / s.best if s.best else 0.0
    if gained < 0.0005:
        if sheet.language == "zh":
            return f"总分最高的名单平均匹配分 {s.best:.2f}；差的 {share:.1%} 来自公平，以及保留、锁定或手工改动的场次。"
        cost = f"fairness, and what was kept, locked or changed by hand, cost {share:.1%}"
        return f"The largest total has a mean of {s.best:.2f}; {cost}."
    if sheet.language == "zh":
        return f"为了公平，平均匹配分让出 {given:.3f}（{share:.1%}），最低的一位提高 {gained:.3f}。"
    return f"For fairness {given:.3f} of the mean ({share:.1%}) was given up; the worst-off gained {gained:.3f}."


def names(line: Line, language: Language) -> str:
    """The people of a match, with their roles."""
    roles = (f" ({seat.role})" if language == "en" else f"（{seat.role}）" for seat in line.seats)
    called = (seat.name + (role if seat.role else "") for seat, role in zip(line.seats, roles, strict=True))
    return ("、" if language == "zh" else ", ").join(called)
