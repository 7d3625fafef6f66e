# ruff: noqa: E501 — a sentence or pattern is easier to check on one line
"""What the texts of a round are made of, in English and Chinese.

In braces: {reader}, {other}, {people} are names; {x}, {y} are quoted words of theirs. Where there are several wordings
of one thing the ids of the people choose, so that not everybody gets the same question.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from models.domain.records import ValueKind
from models.domain.requests import Language
from models.text.wishes import WishKind

Part: TypeAlias = Literal[
    "meet", "meet_three", "meet_table", "meet_team", "meet_titled", "meet_three_titled", "meet_table_titled",
    "meet_again", "would_you", "would_you_titled", "when", "where", "sitting",
    "find", "find_all", "find_place", "find_place_all", "find_hour", "find_hour_all",
    "same_aim", "near_aims", "themes", "place",
    "your_role", "your_role_open", "two_sides", "still_sought", "first_step", "ask_first", "tell_first", "no_introduction", "round_first",
    "both_must_want", "all_must_want",
    "follow_up", "follow_up_many", "renew", "bye_odd_number", "bye_sitting",
    "bye_no_partner", "bye_time_limit", "bye_load", "others", "brings",
]  # fmt: skip
Asked: TypeAlias = Literal[
    "growth", "income", "resources", "connections", "",
    "seek_growth", "seek_income", "seek_resources", "seek_connections", "seek",
    "aim", "theme", "profile", "asked", "told", "place", "nothing", "round_theme", "round_nothing", "team",
]  # fmt: skip
Start: TypeAlias = Literal[
    "sure", "beside", "aims", "same_aim", "themes", "offer", "wish", "profile", "nothing", "table", "table_themes"
]

PARTS: dict[Part, dict[Language, str]] = {
    "meet": {"en": "Hi {reader}, your match this round is {other}.", "zh": "{reader}，这一轮介绍你认识{other}。"},
    "meet_titled": {
        "en": "Hi {reader}, your match for “{title}” is {other}.",
        "zh": "{reader}，“{title}”介绍你认识{other}。",
    },
    "meet_three": {
        "en": "Hi {reader}, you are three this round: you, {people}.",
        "zh": "{reader}，这一轮你们三个人一起：你、{people}。",
    },
    "meet_three_titled": {
        "en": "Hi {reader}, for “{title}” you are three: you, {people}.",
        "zh": "{reader}，“{title}”这次你们三个人一起：你、{people}。",
    },
    "meet_table": {
        "en": "Hi {reader}, at your table this round: {people}.",
        "zh": "{reader}，这一轮和你同桌的有：{people}。",
    },
    "meet_table_titled": {
        "en": "Hi {reader}, at your table for “{title}”: {people}.",
        "zh": "{reader}，“{title}”和你同桌的有：{people}。",
    },
    "meet_team": {
        "en": "Hi {reader}, you are in the team “{x}” with {people}.",
        "zh": "{reader}，你在“{x}”小组，同组的有：{people}。",
    },
    "meet_again": {"en": "This circle will keep meeting.", "zh": "这个小圈子以后会接着见面。"},
    "would_you": {"en": "Hi {reader}, would you like to meet {other}?", "zh": "{reader}，想不想认识一下{other}？"},
    "would_you_titled": {
        "en": "Hi {reader}, would you like to meet {other} for “{title}”?",
        "zh": "{reader}，“{title}”想介绍你认识{other}，愿意吗？",
    },
    "when": {"en": "When: {x}.", "zh": "时间：{x}。"},
    "where": {"en": "Where: {x}.", "zh": "地点：{x}。"},
    "sitting": {"en": "Sitting {n} of {all}.", "zh": "第 {n} 场，共 {all} 场。"},
    "find": {"en": "Write to {other} in the group to find a time.", "zh": "在群里 @{other} 约个时间就行。"},
    "find_hour": {
        "en": "Write to {other} in the group to agree on an hour and a place.",
        "zh": "在群里 @{other} 说好几点、在哪儿见。",
    },
    "find_hour_all": {"en": "Agree on an hour and a place in the group.", "zh": "几点、在哪儿见，大家在群里说好。"},
    "find_place": {"en": "Write to {other} in the group to agree on a place.", "zh": "在群里 @{other} 说好在哪儿见。"},
    "find_place_all": {"en": "Agree on a place in the group.", "zh": "在哪儿见，大家在群里说好。"},
    "find_all": {"en": "Find a time together in the group.", "zh": "大家在群里约个时间就行。"},
    "same_aim": {"en": "You both want “{x}”.", "zh": "你们的目标一样：“{x}”。"},
    "near_aims": {
        "en": "Your aims are close: yours is “{x}”, {other}'s is {y}.",
        "zh": "你们的目标挺近：你是“{x}”，{other}是{y}。",
    },
    "themes": {"en": "You both talk about {x}.", "zh": "你们都聊过{x}。"},
    "place": {"en": "You are both in {x}.", "zh": "你们都在{x}。"},
    "still_sought": {"en": "Still needed: {x}.", "zh": "还缺：{x}。"},
    "your_role": {"en": "Your part: {x}.", "zh": "你的角色：{x}。"},
    "your_role_open": {
        "en": "Your own part is still open: say what you would like to do.",
        "zh": "你自己做哪块还没定，可以先说说想做什么。",
    },
    "two_sides": {
        "en": "You come as one of the {mine}, {other} as one of the {theirs}.",
        "zh": "这次你在“{mine}”这一边，{other}在“{theirs}”那一边。",
    },
    "first_step": {
        "en": "First step: half an hour together to agree on what you want to have ready in two weeks.",
        "zh": "第一步：约半小时，说定两周后拿出什么。",
    },
    "ask_first": {"en": "A first question: “{x}”", "zh": "可以先问：“{x}”"},
    "no_introduction": {
        "en": "{other} has not posted an introduction yet.",
        "zh": "{other}在群里还没怎么介绍自己。",
    },
    "tell_first": {"en": "You could begin with what you offer: “{x}”.", "zh": "你可以先说说自己能提供的“{x}”。"},
    "round_first": {"en": "To begin with, one minute each: “{x}”", "zh": "先每人一分钟：“{x}”"},
    "both_must_want": {
        "en": "Reply yes or no. They hear of it only if both of you say yes.",
        "zh": "想就回“好”，这次算了就回“不”。你们俩都想，才会告诉对方。",
    },
    "all_must_want": {
        "en": "Reply yes or no. The others hear of it only if all of you say yes.",
        "zh": "想就回“好”，这次算了就回“不”。所有人都想，才会告诉大家。",
    },
    "follow_up": {
        "en": "Hi {reader}, you were matched with {people} the other day. What came of it? Reply with one digit: "
        "1 we talked, 2 we met, 3 we met and want to meet again, 4 nothing.",
        "zh": "{reader}，前几天介绍你认识{people}，后来怎么样？"
        "回一个数字就行：1 聊过了，2 见过面了，3 见过，还想再见，4 没有下文。",
    },
    "follow_up_many": {
        "en": "Hi {reader}, you were put together with {people} the other day. What came of it? Reply with one digit: "
        "1 we talked, 2 we met, 3 we met and want to meet again, 4 nothing.",
        "zh": "{reader}，前几天把你和{people}约到了一起，后来怎么样？"
        "回一个数字就行：1 聊过了，2 见过面了，3 见过，还想再见，4 没有下文。",
    },
    "renew": {
        "en": "Hi {reader}, shall your circle with {people} go on? Reply stay or leave; no reason needed.",
        "zh": "{reader}，你和{people}的小圈子，还接着聚吗？继续就回“继续”，先退出就回“退出”，不用说理由。",
    },
    "bye_odd_number": {
        "en": "Hi {reader}, the numbers did not come out even this round, so you have a break. "
        "Next time you come first.",
        "zh": "{reader}，这一轮人数凑不齐，先请你歇一轮，下一轮优先安排你。",
    },
    "bye_sitting": {
        "en": "Hi {reader}, you have a break in sitting {n} of {all}.",
        "zh": "{reader}，第 {n} 场（共 {all} 场）请你歇一场。",
    },
    "bye_no_partner": {
        "en": "Hi {reader}, this round we found nobody for you who fits everything that was asked for. "
        "Next time you come first.",
        "zh": "{reader}，这一轮没能找到各方面都合适的人，先请你歇一轮，下一轮优先安排你。",
    },
    "bye_time_limit": {
        "en": "Hi {reader}, we did not get to you this round. Next time you come first.",
        "zh": "{reader}，这一轮没来得及给你安排，下一轮优先安排你。",
    },
    "bye_load": {
        "en": "Hi {reader}, all places were taken this round. Next time you come first.",
        "zh": "{reader}，这一轮名额满了，下一轮优先安排你。",
    },
    "brings": {"en": "{other} ({x})", "zh": "{other}（{x}）"},
    "others": {"en": "{n} others", "zh": "另外 {n} 位"},
}

# What somebody offers, seeks, aims at or said, in a sentence; after another one about them in `MORE`. In braces: {who} is
# what they are called there, with {s}, {be} and {have} for its verb; {x}, {y} are words in quotation marks; {offer} is `OFFER` or
# `OFFER_TO`, {wish} one of `WISHES`; {mine} is the reader's.
Fact: TypeAlias = Literal[
    "gives_sure", "gives_beside", "takes_sure", "takes_beside", "gives", "gives_and_takes", "speaks", "takes", "aim",
    "profile", "mentioned", "asked", "told",
]  # fmt: skip
FACTS: dict[Fact, dict[Language, str]] = {
    "gives_sure": {"en": "You {wish}, and {who} can help with that: {x}.", "zh": "你{wish}，{who}正好能帮上：{x}。"},
    "gives_beside": {"en": "You {wish}. What {who} offer{s} may help: {x}.", "zh": "你{wish}，{who}也许能帮上：{x}。"},
    "takes_sure": {"en": "{who} {wish}, and you {offer}.", "zh": "{who}{wish}，你正好{offer}。"},
    "takes_beside": {"en": "{who} {wish}; your {mine} may help.", "zh": "{who}{wish}，你的{mine}也许用得上。"},
    "gives": {"en": "{who} {offer}.", "zh": "{who}{offer}。"},
    "gives_and_takes": {"en": "{who} {offer} and {wish}.", "zh": "{who}{offer}，{wish}。"},
    "speaks": {"en": "{who} say{s}: {x}.", "zh": "{who}说：{x}。"},
    "takes": {"en": "{who} {wish}.", "zh": "{who}{wish}。"},
    "aim": {"en": "What {who} {be} working towards: {x}.", "zh": "{who}的目标是{x}。"},
    "profile": {"en": "In their own words: {x}.", "zh": "{who}这样介绍自己：{x}。"},
    "mentioned": {"en": "{who} mentioned {x} here.", "zh": "{who}在群里提到过{x}。"},
    "asked": {"en": "{who} asked here: {x}.", "zh": "{who}在群里问过：{x}。"},
    "told": {"en": "{who} wrote here: {x}.", "zh": "{who}在群里说过：{x}。"},
}
MORE: dict[Fact, dict[Language, str]] = {
    "takes_sure": {"en": "{who} also {wish}, and you {offer}.", "zh": "另外，{who}也{wish}，你正好{offer}。"},
    "takes_beside": {
        "en": "{who} also {wish}; your {mine} may help.",
        "zh": "另外，{who}也{wish}，你的{mine}也许用得上。",
    },
    "gives": {"en": "{who} also {offer}.", "zh": "另外，{who}还{offer}。"},
    "takes": {"en": "{who} also {wish}.", "zh": "另外，{who}也{wish}。"},
    "aim": {"en": "What {who} {be} working towards: {x}.", "zh": "{who}的目标是{x}。"},
    "profile": {"en": "In their own words: {x}.", "zh": "{who}的自我介绍里写着{x}。"},
    "asked": {"en": "{who} also asked here: {x}.", "zh": "{who}还在群里问过：{x}。"},
    "told": {"en": "{who} also wrote here: {x}.", "zh": "{who}还在群里说过：{x}。"},
}
# To who does not read the words: {kind} says in their language what kind of thing they are, {words} are the words behind; {label} is what {x} is written in.
FOREIGN: dict[Fact, dict[Language, str]] = {
    "gives_sure": {
        "en": "You {wish}, and {who} can help with that ({words}).",
        "zh": "你{wish}，{who}正好能帮上（{words}）。",
    },
    "gives_beside": {
        "en": "You {wish}. What {who} offer{s} may help ({words}).",
        "zh": "你{wish}，{who}也许能帮上（{words}）。",
    },
    "takes_sure": {
        "en": "Your {mine} may be just what {who} {be} looking for ({words}).",
        "zh": "你的{mine}，应该正是{who}要找的（{words}）。",
    },
    "takes_beside": {
        "en": "Your {mine} may help with what {who} {be} looking for ({words}).",
        "zh": "{who}要找的，你的{mine}也许用得上（{words}）。",
    },
    "gives": {"en": "{who} {kind} ({words}).", "zh": "{who}{kind}（{words}）。"},
    "speaks": {"en": "{who} {kind} ({words}).", "zh": "{who}{kind}（{words}）。"},
    "takes": {"en": "{who} {be} looking for {kind} ({words}).", "zh": "{who}{kind}（{words}）。"},
    "aim": {"en": "{who} {have} an aim{kind} ({words}).", "zh": "{who}有个目标{kind}（{words}）。"},
    "profile": {
        "en": "{who} wrote a line about themselves{kind} ({words}).",
        "zh": "{who}写过一句自我介绍{kind}（{words}）。",
    },
    "mentioned": {
        "en": "{who} mentioned something here{kind} ({words}).",
        "zh": "{who}在群里提到过一件事{kind}（{words}）。",
    },
}
# The same where nothing says in the reader's language what the words are about.
UNREAD: dict[Fact, dict[Language, str]] = {
    "gives": {"en": "What {who} offer{s}, {label}: {x}.", "zh": "{who}能提供（{label}）：{x}。"},
    "speaks": {"en": "What {who} offer{s}, {label}: {x}.", "zh": "{who}能提供（{label}）：{x}。"},
    "takes": {"en": "What {who} {be} looking for, {label}: {x}.", "zh": "{who}在找（{label}）：{x}。"},
    "aim": {"en": "What {who} {be} working towards, {label}: {x}.", "zh": "{who}的目标（{label}）：{x}。"},
    "profile": {"en": "How {who} introduce{s} {self}, {label}: {x}.", "zh": "{who}的自我介绍（{label}）：{x}。"},
    "mentioned": {
        "en": "Something that {who} mentioned here, {label}: {x}.",
        "zh": "{who}在群里提到过（{label}）：{x}。",
    },
    "asked": {"en": "What {who} asked the group, {label}: {x}.", "zh": "{who}在群里问过（{label}）：{x}。"},
    "told": {"en": "Something that {who} wrote here, {label}: {x}.", "zh": "{who}在群里说过（{label}）：{x}。"},
}
# What words are written in that the reader does not read, and the words behind.
WRITTEN: dict[str, dict[Language, str]] = {
    "zh": {"en": "in Chinese", "zh": "原话"},
    "en": {"en": "in English", "zh": "英文原话"},
    "other": {"en": "as they wrote it", "zh": "原话"},
}
WORDS: dict[Language, str] = {"en": "{label}: {x}", "zh": "{label}：{x}"}
# An offer that names a thing, and one that begins with what its owner does.
OFFER: dict[Language, str] = {"en": "offer{s} {x}", "zh": "能提供{x}"}
OFFER_TO: dict[Language, str] = {"en": "can {x}", "zh": "可以{x}"}
# What one looks for, wants to do, or wants to reach.
WISHES: dict[WishKind, dict[Language, str]] = {
    "seeks": {"en": "{be} looking for {y}", "zh": "在找{y}"},
    "wants": {"en": "want{s} to {y}", "zh": "想{y}"},
    "aims": {"en": "want{s} {y}", "zh": "想要{y}"},
}
# What an offer or a wish is, by the value that it moves, where its words are not read but {x} says what they name.
OFFERED: dict[ValueKind, dict[Language, str]] = {
    "growth": {"en": "can help with {x}", "zh": "在{x}上可以帮忙"},
    "income": {"en": "can help in business, to do with {x}", "zh": "在生意上可以帮忙，和{x}有关"},
    "resources": {"en": "can share something, to do with {x}", "zh": "有东西可以分享，和{x}有关"},
    "connections": {"en": "can introduce you to people, to do with {x}", "zh": "可以介绍人认识，和{x}有关"},
    "": {"en": "can offer something, to do with {x}", "zh": "在{x}上可以帮忙"},
}
SOUGHT: dict[ValueKind, dict[Language, str]] = {
    "growth": {"en": "help with {x}", "zh": "想找懂{x}的人"},
    "income": {"en": "work or business, to do with {x}", "zh": "想找活儿或者生意，和{x}有关"},
    "resources": {"en": "something they could use, to do with {x}", "zh": "想找一样用得上的，和{x}有关"},
    "connections": {"en": "people to meet, to do with {x}", "zh": "想认识一些人，和{x}有关"},
    "": {"en": "something, to do with {x}", "zh": "有想找的，和{x}有关"},
}
ABOUT: dict[Language, str] = {"en": " to do with {x}", "zh": "，和{x}有关"}

# Asked of the other person right after the sentence that is about the matter, whatever the matter is: nothing is asked that
# only some skills, things or people have. Each can be answered in a sentence or two.
QUESTIONS: dict[Asked, dict[Language, tuple[str, ...]]] = {
    "growth": {
        "en": ("How did you get into that?", "What do you like best about it?"),
        "zh": ("你是怎么开始做这个的？", "这里面你最喜欢哪一块？"),
    },
    "income": {
        "en": ("What would a first small job together look like?", "Whom would it suit?"),
        "zh": ("要是先从一件小事合作起，会是什么？", "什么样的人最合适？"),
    },
    "resources": {
        "en": ("How does it work if somebody wants it?", "How did you come by that?"),
        "zh": ("有人想用的话，怎么安排方便？", "怎么会有这个的？"),
    },
    "connections": {
        "en": ("Whom should I talk to first?", "How did you get to know them?"),
        "zh": ("你觉得我最该先认识谁？", "你们是怎么认识的？"),
    },
    "": {
        "en": ("How did that begin?", "How did you get into that?"),
        "zh": ("这是怎么开始的？", "你是怎么开始做这个的？"),
    },
    "seek_growth": {
        "en": ("What would help you most right now?",),
        "zh": ("眼下最需要帮忙的是哪一点？",),
    },
    "seek_income": {
        "en": ("What would suit you best?",),
        "zh": ("什么样的最合适？",),
    },
    "seek_resources": {
        "en": ("What are you planning to do?", "What would be good enough to begin with?"),
        "zh": ("打算用来做什么？", "先有个什么样的就够用了？"),
    },
    "seek_connections": {
        "en": ("Who would suit you best?",),
        "zh": ("什么样的人最合适？",),
    },
    "seek": {
        "en": ("How did you come to look for that?",),
        "zh": ("怎么想到要找这个的？",),
    },
    "asked": {"en": ("What came of it?",), "zh": ("后来怎么样了？",)},
    "told": {"en": ("Could you tell me more about that?",), "zh": ("能多讲讲吗？",)},
    "aim": {
        "en": ("How far have you got?", "What is the next small step?"),
        "zh": ("现在走到哪一步了？", "下一小步打算做什么？"),
    },
    "theme": {
        "en": ("What about it has been on your mind lately?", "What would you like to try next?"),
        "zh": ("这方面最近在琢磨什么？", "接下来想试点什么？"),
    },
    "profile": {
        "en": ("What are you working on at the moment?", "What has kept you busy lately?"),
        "zh": ("最近手上在忙什么？", "最近有什么新鲜事？"),
    },
    "place": {
        "en": ("Which corner of it do you like best?",),
        "zh": ("平时最喜欢去哪儿？",),
    },
    "nothing": {
        "en": ("What are you busy with this month?", "What brought you to this group?"),
        "zh": ("这个月在忙什么？", "当初是怎么来到这个群的？"),
    },
    "round_theme": {
        "en": ("What have you been up to with {x} lately?",),
        "zh": ("说到{x}，最近在忙什么？",),
    },
    "round_nothing": {
        "en": (
            "What do you want to get done this month, and what would help?",
            "What could you show the others, and what would you like to learn?",
        ),
        "zh": ("这个月最想做成的一件事是什么，还差点什么？", "你能教大家什么，又想学点什么？"),
    },
    "team": {
        "en": ("What would you like to be able to show at the end, and how much time do you have each week?",),
        "zh": ("做完以后最想让大家看到什么，每周能拿出多少时间？",),
    },
}

# A place to begin, told about both: for the organizer's list, and for either of them.
STARTERS: dict[Start, dict[Language, tuple[str, ...]]] = {
    "sure": {
        "en": ("Begin with “{x}”: {giver} offers it, and {theirs}.",),
        "zh": ("从“{x}”聊起：{giver}能提供，而{theirs}。",),
    },
    "beside": {
        "en": ("{theirs}, and {giver} offers “{x}”: how much of it fits?",),
        "zh": ("{theirs}，看看{giver}的“{x}”能帮上哪一块。",),
    },
    "same_aim": {
        "en": ("Both want “{x}”: compare how far each has got.",),
        "zh": ("两个人的目标都是“{x}”，可以对一对各自走到哪一步了。",),
    },
    "aims": {
        "en": ("“{x}” and “{y}” lie close together: where could each save the other a detour?",),
        "zh": ("“{x}”和“{y}”离得不远，看看谁能让谁少走弯路。",),
    },
    "themes": {
        "en": (
            "Both talk about {x}: what happened with it lately, good or bad?",
            "Both talk about {x}: what would each like to try next?",
        ),
        "zh": (
            "两个人都聊过{x}，可以说说最近遇到的一件好事或者糟心事。",
            "两个人都聊过{x}，可以聊聊接下来各自想试什么。",
        ),
    },
    "offer": {
        "en": (
            "Ask {giver} about “{x}”: how did it begin?",
            "Ask {giver} about “{x}”: what is the latest with it?",
        ),
        "zh": ("请{giver}讲讲“{x}”是怎么开始的。", "请{giver}讲讲“{x}”，最近有什么新进展。"),
    },
    "wish": {
        "en": ("{theirs}: what has been tried so far, and who might know?",),
        "zh": ("{theirs}，问问试过哪些办法，再想想谁会知道。",),
    },
    "profile": {"en": ("Ask {giver} about “{x}”.",), "zh": ("请{giver}讲讲“{x}”。",)},
    "nothing": {
        "en": ("What brought each of them here, and what are they busy with this month?",),
        "zh": ("先说说各自是怎么来的，这个月在忙什么。",),
    },
    "table_themes": {
        "en": ("All here talk about {x}: one minute each on what they did with it lately.",),
        "zh": ("在座的都聊过{x}：每人一分钟，说说最近的一件事。",),
    },
    "table": {
        "en": ("One minute each: what do you want to get done this month, and what would help?",),
        "zh": ("每人一分钟：这个月最想做成什么，还差点什么。",),
    },
}
