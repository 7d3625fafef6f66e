"""What the texts of a round are made of, in English and Chinese.

In braces: {reader}, {other}, {people} are names; {x}, {y} are quoted words of theirs. Where there are several wordings
of one thing the ids of the people choose, so that not everybody gets the same question.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from models.requests import Language

Part: TypeAlias = Literal[
    "meet", "meet_three", "meet_table", "meet_team", "meet_again", "would_you", "when", "sitting",
    "gives_sure", "gives_beside", "gives", "gives_and_seeks", "mentioned", "says_of_self", "wants",
    "takes_sure", "takes_beside", "seeks", "you_bring",
    "same_aim", "near_aims", "themes", "place",
    "ask_somebody", "help_somebody", "your_role", "still_sought", "first_step", "ask_first", "round_first",
    "both_must_want", "all_must_want",
    "follow_up", "follow_up_many", "renew", "bye_odd_number", "bye_sitting",
    "bye_no_partner", "bye_time_limit", "bye_load", "others", "brings",
]  # fmt: skip
Asked: TypeAlias = Literal[
    "growth", "income", "resources", "connections", "", "seek", "aim", "theme", "profile", "nothing",
    "round_theme", "round_nothing", "team",
]  # fmt: skip
Start: TypeAlias = Literal[
    "sure", "beside", "aims", "same_aim", "themes", "offer", "wish", "profile", "nothing", "table", "table_themes"
]

PARTS: dict[Part, dict[Language, str]] = {
    "meet": {"en": "Hi {reader}, your match this round is {other}.", "zh": "{reader}，这一轮介绍你认识{other}。"},
    "meet_three": {
        "en": "Hi {reader}, you are three this round: you, {people}.",
        "zh": "{reader}，这一轮你们三个人一起：你、{people}。",
    },
    "meet_table": {
        "en": "Hi {reader}, at your table this round: {people}.",
        "zh": "{reader}，这一轮和你同桌的有：{people}。",
    },
    "meet_team": {
        "en": "Hi {reader}, you are in the team “{x}” with {people}.",
        "zh": "{reader}，你在“{x}”小组，同组的有：{people}。",
    },
    "meet_again": {"en": "This circle will keep meeting.", "zh": "这个小圈子以后会接着见面。"},
    "would_you": {"en": "Hi {reader}, would you like to meet {other}?", "zh": "{reader}，想不想认识一下{other}？"},
    "when": {"en": "Time: {x}.", "zh": "时间：{x}。"},
    "sitting": {"en": "Sitting {n} of {all}.", "zh": "第 {n} 场，共 {all} 场。"},
    "gives_sure": {
        "en": "You are looking for “{y}”, and they offer “{x}”.",
        "zh": "你在找“{y}”，对方正好能提供“{x}”。",
    },
    "gives_beside": {
        "en": "You are looking for “{y}”; their “{x}” may help.",
        "zh": "你在找“{y}”，对方的“{x}”也许能帮上忙。",
    },
    "gives": {"en": "They offer “{x}”.", "zh": "对方能提供“{x}”。"},
    "mentioned": {"en": "They have mentioned “{x}”.", "zh": "对方提到过“{x}”。"},
    "says_of_self": {"en": "In their own words: “{x}”.", "zh": "对方的自我介绍：“{x}”。"},
    "wants": {"en": "What they are after: “{x}”.", "zh": "对方的目标是“{x}”。"},
    "takes_sure": {
        "en": "They are looking for “{y}”, and you offer “{x}”.",
        "zh": "对方在找“{y}”，你正好能提供“{x}”。",
    },
    "takes_beside": {
        "en": "They are looking for “{y}”; your “{x}” may help.",
        "zh": "对方在找“{y}”，你的“{x}”也许用得上。",
    },
    "seeks": {"en": "They are looking for “{y}”.", "zh": "对方在找“{y}”。"},
    "gives_and_seeks": {
        "en": "They offer “{x}” and are looking for “{y}”.",
        "zh": "对方能提供“{x}”，在找“{y}”。",
    },
    "you_bring": {"en": "You for your part offer “{x}”.", "zh": "你这边有“{x}”。"},
    "same_aim": {"en": "You both want “{x}”.", "zh": "你们的目标一样：“{x}”。"},
    "near_aims": {"en": "Your aims are close: “{y}” and “{x}”.", "zh": "你们的目标挺近：“{y}”和“{x}”。"},
    "themes": {"en": "You both talk about {x}.", "zh": "你们都聊过{x}。"},
    "place": {"en": "You are both in {x}.", "zh": "你们都在{x}。"},
    "ask_somebody": {
        "en": "Ask {other} about “{x}”: you are looking for “{y}”.",
        "zh": "你在找“{y}”，可以问问{other}的“{x}”。",
    },
    "help_somebody": {
        "en": "{other} is looking for “{y}”: your “{x}” may help.",
        "zh": "{other}在找“{y}”，你的“{x}”也许用得上。",
    },
    "still_sought": {"en": "Still sought: {x}.", "zh": "还缺：{x}。"},
    "your_role": {"en": "Your part: {x}.", "zh": "你的角色：{x}。"},
    "first_step": {
        "en": "First step: half an hour together to agree on what you will have to show in two weeks.",
        "zh": "第一步：约半小时，说定两周后拿出什么。",
    },
    "ask_first": {"en": "A first question: “{x}”", "zh": "可以先问：“{x}”"},
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
    "brings": {"en": "{other} (“{x}”)", "zh": "{other}（{x}）"},
    "others": {"en": "{n} others", "zh": "另外 {n} 位"},
}

# Asked of the other person right after the sentence that is about the matter.
QUESTIONS: dict[Asked, dict[Language, tuple[str, ...]]] = {
    "growth": {
        "en": (
            "Where would a beginner start?",
            "What do most people get wrong about it?",
            "How did you come to it, and what was the hardest part?",
        ),
        "zh": ("新手该从哪儿入手？", "大家最容易在哪儿走弯路？", "你当初是怎么入门的？"),
    },
    "income": {
        "en": ("What would a first small job together look like?", "Who is it right for?"),
        "zh": ("要是先从一件小事合作起，会是什么？", "什么样的人最合适？"),
    },
    "resources": {
        "en": ("How does it work if I would like to use it?", "What is it good for that people do not expect?"),
        "zh": ("想用的话，我该先知道些什么？", "有什么大家想不到的用法？"),
    },
    "connections": {
        "en": ("Whom should I talk to first, and why?", "How did you come to know them?"),
        "zh": ("你觉得我最该先认识谁？", "你们是怎么认识的？"),
    },
    "": {
        "en": ("How did that begin?", "What is the best thing that came of it so far?"),
        "zh": ("这是怎么开始的？", "到现在最得意的一次是什么？"),
    },
    "seek": {
        "en": ("What have you tried so far?", "What got you looking for that?"),
        "zh": ("到现在试过哪些办法？", "怎么想到要找这个的？"),
    },
    "aim": {
        "en": ("How far have you got, and what is in the way?", "What is the next small step?"),
        "zh": ("现在走到哪一步了，卡在哪儿？", "下一小步打算做什么？"),
    },
    "theme": {
        "en": ("What about it has been on your mind lately?", "What would you like to try next?"),
        "zh": ("这方面最近在琢磨什么？", "接下来想试点什么？"),
    },
    "profile": {"en": ("What is the story behind that?",), "zh": ("这背后有什么故事？",)},
    "nothing": {
        "en": (
            "What brought you here, and what are you busy with this month?",
            "What have you enjoyed most here, and what do you miss?",
        ),
        "zh": ("你是怎么来到这儿的，这个月在忙什么？", "来这儿以后最开心的是什么，还觉得缺点什么？"),
    },
    "round_theme": {
        "en": ("What have you been up to with {x} lately, and where are you stuck?",),
        "zh": ("说到{x}，最近在忙什么，卡在哪儿？",),
    },
    "round_nothing": {
        "en": (
            "What do you want to get done this month, and what would help?",
            "What could you show the others, and what would you like to learn?",
        ),
        "zh": ("这个月最想做成的一件事是什么，还差点什么？", "你能教大家什么，又想学点什么？"),
    },
    "team": {
        "en": ("What do you want to be proud of at the end, and how much time do you have for it?",),
        "zh": ("做完以后最想为哪一点骄傲，每周能拿出多少时间？",),
    },
}

# A place to begin, told about both: for the organizer's list, and for either of them.
STARTERS: dict[Start, dict[Language, tuple[str, ...]]] = {
    "sure": {
        "en": ("Begin with “{x}”: {giver} offers it, and {taker} is looking for “{y}”.",),
        "zh": ("从“{x}”聊起：{giver}能提供，{taker}正在找“{y}”。",),
    },
    "beside": {
        "en": ("{taker} is looking for “{y}”, and {giver} offers “{x}”: how much of it fits?",),
        "zh": ("{taker}在找“{y}”，看看{giver}的“{x}”能帮上哪一块。",),
    },
    "same_aim": {
        "en": ("Both want “{x}”: compare how far each has got.",),
        "zh": ("两个人都想“{x}”，可以对一对各自走到哪一步了。",),
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
        "en": ("{taker} is looking for “{y}”: what has been tried so far, and who might know?",),
        "zh": ("{taker}在找“{y}”，问问试过哪些办法，再想想谁会知道。",),
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
