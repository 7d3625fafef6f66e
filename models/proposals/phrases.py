# ruff: noqa: E501 — a sentence or pattern is easier to check on one line
"""The sentences of a proposal, Chinese and English, by what it is made of."""

from __future__ import annotations

from typing import Literal, TypeAlias

from models.domain.requests import Language

Form: TypeAlias = Literal[
    "aim",
    "wish",
    "exchange",
    "collect",
    "renew",
    "again",
    "join",
    "answer",
    "invite",
    "show",
    "gather",
    "try",
    "follow",
]
Say: TypeAlias = dict[Language, str]
TITLES: dict[Form, Say] = {
    "aim": {"en": "{aim}", "zh": "{aim}"},
    "wish": {"en": "{aim}", "zh": "{aim}"},
    "exchange": {"en": "Teaching each other: {names}", "zh": "{names}：互相教一手"},
    "collect": {"en": "A collection: {names}", "zh": "{names}：做成一个专题"},
    "renew": {"en": "What has changed: {names}", "zh": "{names}：这几年变了什么"},
    "again": {"en": "The next one: {names}", "zh": "{names}：再合作一次"},
    "join": {"en": "One together: {names}", "zh": "{names}：合作一次"},
    "answer": {"en": "An open question: {names}", "zh": "{names}：一起回答一个问题"},
    "invite": {"en": "Doing it together: {names}", "zh": "{names}：一起办一次"},
    "show": {"en": "An hour together: {names}", "zh": "{names}：互相讲一小时"},
    "gather": {"en": "On one page: {names}", "zh": "{names}：整理成一页"},
    "try": {"en": "One small thing together: {names}", "zh": "{names}：一起试一件小事"},
    "follow": {"en": "What is still open: {names}", "zh": "{names}：接着往下做"},
}
PLANS: dict[Form, Say] = {
    "aim": {
        "en": "{wanting} want nearly the same: “{aim}”. Agree on one piece that brings it nearer within four weeks, "
        "small enough to finish.",
        "zh": "{wanting}想要的差不多是一件事：“{aim}”。商量一件四周内做得完、能让它更近一步的小事。",
    },
    "wish": {
        "en": "{lead} wants “{aim}”, and what {others} offer or want goes with it. Agree on one piece that brings it "
        "nearer within four weeks, small enough to finish.",
        "zh": "{lead}想要的是：“{aim}”，和{others}能给的、想要的合得上。商量一件四周内做得完、能让它更近一步的小事。",
    },
    "exchange": {
        "en": "What one of you is looking for, another can give. Meet three times, each time somebody else shows what "
        "they know, and keep what comes of it.",
        "zh": "有人想要的，正好有人会。聚三次，每次换一个人来教，把成果留下来。",
    },
    "collect": {
        "en": "Between you there are {projects}, all about {names}. Pick what belongs side by side, make a collection "
        "of it, and do together what it lacks.",
        "zh": "你们参与过{projects}，都和{names}有关。挑出最值得放在一起的，做成一个专题，缺哪一块就一起补上。",
    },
    "renew": {
        "en": "You have worked on {projects}; the newest is from {year}. See what has changed since about {names}, and do "
        "a new one together that shows it.",
        "zh": "你们参与过{projects}，最近的也是{year}年的了。看看{names}后来变了什么，一起补一个新的，和旧的互相对照。",
    },
    "again": {
        "en": "You have worked on {projects} together; the subject was {names}. Do the next one, divide it, and look "
        "over each other's part.",
        "zh": "你们参与过{projects}，主题是{names}。再挑一个题目，一起分工，互相把关。",
    },
    "join": {
        "en": "Each of you has worked on one of these: {projects}; the subject was {names}. Do the next one together, "
        "divide it, and look over each other's part.",
        "zh": "你们分别参与过{projects}，都和{names}有关。这次挑一个大家都想做的题目，一起分工，互相把关。",
    },
    "answer": {
        "en": "{asker} asked: “{question}” You have all written about {names}. Find the answer together, and write it "
        "down where others can build on it.",
        "zh": "{asker}问过：“{question}”你们都聊过{names}。一起把答案找出来，写下来，后来的人就不用再问了。",
    },
    "invite": {
        "en": "{asker} asked: “{question}” You are the ones to take it up: pick a day, and keep the first time small.",
        "zh": "{asker}问过：“{question}”你们来接：定个日子，第一次办小一点。",
    },
    "show": {
        "en": "You have all written about {about}, in different threads: {threads}. Meet for an hour in "
        "which everybody has ten minutes, and write down where your views touch and what none of you can answer yet.",
        "zh": "你们在不同的话题里聊过{names}：{threads}。约一小时，每人讲十分钟，把相通的地方和还没有答案的记下来。",
    },
    "gather": {
        "en": "You have all written about {about}, but in different places: {threads}. Write it up "
        "together on one page from which somebody new can start, with what is still open.",
        "zh": "你们聊过的{names}散在{threads}里。一起整理成一页，让新来的人能从这里开始，还没有答案的也写上。",
    },
    "try": {
        "en": "You have all spoken about one thing: {names}. Pick one small question in it, work on it together, and "
        "write down what you find.",
        "zh": "你们都聊过{names}。从里面挑一个小问题，一起试试，把结果写下来，给后来的人用。",
    },
    "follow": {
        "en": "You all wrote in {threads}. Pick one question that it left open, work on it together, and write down what "
        "you find.",
        "zh": "你们都在{threads}里聊过{names}。从里面挑一个还没有答案的问题，一起弄清楚，把结果写下来，给后来的人用。",
    },
}
STEPS: dict[Form, Say] = {
    "aim": {
        "en": "This week {lead} finds half an hour with {others}{where}{when}: which piece comes first, and who takes "
        "it?",
        "zh": "这周请{lead}{where}约{others}聊半小时{when}：先做哪一块，谁来做？",
    },
    "exchange": {
        "en": "This week {lead} asks everybody{where} which evening suits them{when}, and for the one thing they want "
        "to be able to do afterwards.",
        "zh": "这周请{lead}{where}问问大家哪天方便{when}，各自最想学会哪一样。",
    },
    "collect": {
        "en": "This week {lead} lists what is there{where}, and everybody names one piece that would fill a gap; you "
        "pick one{when} and divide it.",
        "zh": "这周请{lead}{where}把已有的列成清单，每人提一样可以补上的，大家选定一样{when}，再分工。",
    },
    "renew": {
        "en": "This week everybody sends {lead}{where} one thing that has changed since; you pick what is worth it"
        "{when} and divide it.",
        "zh": "这周每人{where}跟{lead}说一处后来的变化，大家选出最值得做的{when}，再分工。",
    },
    "again": {
        "en": "This week {lead} finds two candidates{where}; you pick one{when} and divide it.",
        "zh": "这周请{lead}{where}找两个备选发给大家，选定一个{when}，再分工。",
    },
    "answer": {
        "en": "This week {lead} opens a thread{where} with the question; everybody says what they would try first, and "
        "you agree on half an hour{when}.",
        "zh": "这周请{lead}{where}把问题发出来，每人说说会先试什么，再约半小时{when}。",
    },
    "invite": {
        "en": "This week {lead} asks {others}{where} which day suits them{when}, and who brings what.",
        "zh": "这周请{lead}{where}问{others}哪天方便{when}，谁带什么。",
    },
    "show": {
        "en": "This week {lead} asks {others}{where} what each of them would show, and finds an hour that suits all"
        "{when}.",
        "zh": "这周请{lead}{where}问问{others}各自最想讲哪一点，再约一小时{when}。",
    },
    "gather": {
        "en": "This week {lead} posts a heading for each of you{where}; each writes five lines under theirs, and you put "
        "them together{when}.",
        "zh": "这周请{lead}{where}给每人列一个小标题，各写五行，再合到一起{when}。",
    },
    "try": {
        "en": "This week {lead} asks {others}{where} one question; everybody adds what they know, and you find half an "
        "hour to talk it through{when}.",
        "zh": "这周请{lead}{where}向{others}提一个问题，每人补上自己知道的，再约半小时聊透{when}。",
    },
}
STEPS["wish"] = STEPS["aim"]
STEPS["join"] = STEPS["again"]
STEPS["follow"] = STEPS["try"]
BRINGS: dict[str, Say] = {
    "offer": {"en": "offers “{0}”", "zh": "能提供“{0}”"},
    "project": {"en": "worked on {0}", "zh": "参与过{0}"},
    "thread": {"en": "wrote in {0}", "zh": "在{0}里发过言"},
    "line": {"en": "said “{0}”", "zh": "说过“{0}”"},
    "interest": {"en": "talks of things close to it", "zh": "聊过相近的话题"},
    "aims": {"en": "wants {0}", "zh": "目标是{0}"},
    "wants": {"en": "wants to {0}", "zh": "想{0}"},
    "seeks": {"en": "is looking for {0}", "zh": "在找{0}"},
    "tries": {"en": "can be the first to try it", "zh": "可以第一个来试"},
}
GETS: dict[str, Say] = {
    "seek": {"en": "is looking for {0}, which {1} can give", "zh": "要找的{0}，{1}正好能给"},
    "wish": {"en": "wants to {0}, with which {1} can help", "zh": "想{0}，{1}正好能帮上"},
    "aim": {"en": "comes closer to “{0}”", "zh": "离“{0}”更近一步"},
    "project": {"en": "would meet {1}, who worked on {0}", "zh": "初次和{1}搭档，{1}参与过{0}"},
    "thread": {"en": "would meet {1}, who wrote in {0}", "zh": "初次和{1}搭档，{1}在{0}里发过言"},
    "offers": {"en": "would meet {1}, who offers “{0}”", "zh": "初次和{1}搭档，{1}能提供“{0}”"},
    "owner": {"en": "would meet {1}, whose idea it is", "zh": "初次和{1}搭档，这件事是{1}想做的"},
    "meets": {"en": "has not talked with {1} yet", "zh": "还没和{1}聊过，这次正好"},
    "again": {"en": "would be with {1} again", "zh": "再和{1}一起"},
}
# Whom of several others somebody has dealt with.
TIES: dict[str, Say] = {
    "some": {"en": "Knows {0}.", "zh": "和{0}打过交道。"},
    "all": {"en": "Knows all the others.", "zh": "和另外几位都打过交道。"},
}
OPEN_NEEDS: Say = {"en": "Still sought, as nobody here offers it: {0}.", "zh": "还缺、要另外找的：{0}。"}
# Why there are fewer proposals than were asked for.
FEWER: dict[str, Say] = {
    "people": {
        "en": "{n} more themes have too few people who are here and can meet",
        "zh": "另有 {n} 个话题，在的、能凑到一起的人太少",
    },
    "proof": {
        "en": "{n} more themes have too few people with something to show for them",
        "zh": "另有 {n} 个话题，拿得出东西的人太少",
    },
    "again": {
        "en": "{n} more would bring the same people or the same theme together again",
        "zh": "另有 {n} 个会是同样的人或同样的话题",
    },
    "before": {"en": "{n} more were sent or put aside before", "zh": "另有 {n} 个以前发过或放下了"},
    "nothing": {"en": "people here share too little of what they say and want", "zh": "大家说的、想要的，重合还太少"},
}


def subject_of(title: str) -> str:
    """What a title is about: without what all titles of its form have in common; an edited one as it is."""
    for form in TITLES.values():
        for wording in form.values():
            before, _, after = wording.partition("{names}")
            if after and title.startswith(before) and title.endswith(after):
                return title[len(before) : len(title) - len(after)]
            if before and not after and "{names}" in wording and title.startswith(before):
                return title[len(before) :]
    return title
