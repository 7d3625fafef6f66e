"""The sentences of a proposal, Chinese and English, by what it is made of."""

from __future__ import annotations

from typing import Literal, TypeAlias

from models.requests import Language

Form: TypeAlias = Literal[
    "aim", "wish", "exchange", "collect", "renew", "again", "join", "answer", "invite", "show", "gather", "try"
]
Say: TypeAlias = dict[Language, str]
TITLES: dict[Form, Say] = {
    "aim": {"en": "{aim}", "zh": "{aim}"},
    "wish": {"en": "{aim}", "zh": "{aim}"},
    "exchange": {"en": "{names}: teach each other", "zh": "{names}：互相教一手"},
    "collect": {"en": "{names}: the collection", "zh": "{names}：合成一个系列"},
    "renew": {"en": "{names}: what has changed since", "zh": "{names}：这几年变了什么"},
    "again": {"en": "Next: {names}", "zh": "接着做：{names}"},
    "join": {"en": "{names}, this time together", "zh": "{names}：这次一起做"},
    "answer": {"en": "{names}: answer a question together", "zh": "{names}：一起回答一个问题"},
    "invite": {"en": "{names}: do it together", "zh": "{names}：一起办一次"},
    "show": {"en": "{names}: an hour of showing each other", "zh": "{names}：互相讲一小时"},
    "gather": {"en": "{names} on one page", "zh": "{names}：写成一页"},
    "try": {"en": "{names}: one small thing together", "zh": "{names}：一起做件小事"},
}
PLANS: dict[Form, Say] = {
    "aim": {
        "en": "{wanting} want nearly the same: “{aim}”. Agree on one piece that brings it nearer within four weeks, "
        "small enough to finish.",
        "zh": "{wanting}想要的差不多是一件事：“{aim}”。商量一件四周内做得完、能让它更近一步的小事。",
    },
    "wish": {
        "en": "{lead} wants “{aim}”, and {others} can help. Agree on one piece that brings it nearer within four "
        "weeks, small enough to finish.",
        "zh": "{lead}想要的是：“{aim}”，{others}能帮上。商量一件四周内做得完、能让它更近一步的小事。",
    },
    "exchange": {
        "en": "What one of you is looking for, another can give: {words}. Meet three times, each time somebody else "
        "shows what they know, and keep what comes of it.",
        "zh": "有人想要的，正好有人会：{words}。聚三次，每次换一个人来教，把成果留下来。",
    },
    "collect": {
        "en": "Between you there are {projects} already. Put them in an order, find what is missing about {words}, and "
        "do the missing part together, so that others find all of it in one place.",
        "zh": "你们已经做过{projects}。排个顺序，看看{words}还缺什么，一起补上缺的那块，让别人能一次看全。",
    },
    "renew": {
        "en": "“{project}” is from {year}. Look at what has changed about {words} since, and do the sequel together.",
        "zh": "“{project}”是{year}年的了。看看{words}后来变了什么，一起做个续篇。",
    },
    "again": {
        "en": "You have all worked on {words}. Do the next one together, in the vein of “{project}”, and split it so "
        "that everybody has a part.",
        "zh": "你们都做过{words}。接着做下一个，就像“{project}”那样，每人分一块。",
    },
    "join": {
        "en": "You have all worked on {words}, mostly apart from each other. Do the next one together, in the vein of "
        "“{project}”, and split it so that everybody has a part.",
        "zh": "你们都做过{words}，多半是各做各的。下一个一起做，就像“{project}”那样，每人分一块。",
    },
    "answer": {
        "en": "{asker} asked: “{question}” You all know something about {words}. Find out together, and write "
        "the answer down where others can build on it.",
        "zh": "{asker}问过：“{question}”你们都了解{words}。一起找出答案，写下来，好让别人接着用。",
    },
    "invite": {
        "en": "{asker} asked: “{question}” You are the ones to take it up: pick a day, and keep the first time small.",
        "zh": "{asker}问过：“{question}”你们来接：定个日子，第一次办小一点。",
    },
    "show": {
        "en": "You came to {words} from different sides: {threads}. Meet for an hour in which everybody shows their "
        "side in ten minutes, and write down where they touch and what none of you can answer yet.",
        "zh": "你们从不同的角度聊过{words}：{threads}。聚一小时，每人用十分钟讲自己的一面，"
        "记下相通的地方和还没人能回答的。",
    },
    "gather": {
        "en": "What you know about {words} is spread over {threads}. Write it up together on one page from which "
        "somebody new can start, with what is still open.",
        "zh": "你们对{words}的了解散在{threads}里。一起写成一页，让新来的人能从这里开始，也写上还没有答案的。",
    },
    "try": {
        "en": "What you have in common is {words}.{start} Try out one question in it together and write down what you "
        "find, so that others can build on it.",
        "zh": "你们共同的话题是{words}。{start}挑其中一个问题一起试，把结果写下来，好让别人接着用。",
    },
}
STEPS: dict[Form, Say] = {
    "aim": {
        "en": "This week {lead} finds half an hour with {others}{where}{when}: which piece comes first, and who takes "
        "it?",
        "zh": "这周由{lead}{where}约{others}聊半小时{when}：先做哪一块，谁来做？",
    },
    "exchange": {
        "en": "This week {lead} asks everybody{where} for an evening{when}, and for one thing they want to be able to "
        "do afterwards.",
        "zh": "这周由{lead}{where}问大家哪天方便{when}，各自最想学会哪一样。",
    },
    "collect": {
        "en": "This week {lead} makes a list of what is there{where}; everybody adds one thing that is missing, and "
        "you divide it{when}.",
        "zh": "这周由{lead}{where}列出已有的，每人补一样缺的，再分工{when}。",
    },
    "renew": {
        "en": "This week everybody tells {lead}{where} one thing that has changed since; you pick what is worth it"
        "{when} and divide it.",
        "zh": "这周每人{where}告诉{lead}一样后来变了的，一起选出值得做的{when}，分好工。",
    },
    "again": {
        "en": "This week {lead} suggests two candidates{where}; you pick one{when} and divide it.",
        "zh": "这周由{lead}{where}提两个备选，大家选定一个{when}，分好工。",
    },
    "join": {
        "en": "This week {lead} writes to everybody{where} and suggests two candidates; you pick one{when} and "
        "divide it.",
        "zh": "这周由{lead}{where}联系大家，提两个备选，一起选定一个{when}，分好工。",
    },
    "answer": {
        "en": "This week {lead} opens a thread{where} with the question; everybody says what they would try first, and "
        "you agree on half an hour{when}.",
        "zh": "这周由{lead}{where}把问题提出来，每人说说会先试什么，再约半小时{when}。",
    },
    "invite": {
        "en": "This week {lead} asks {others}{where} which day suits them{when}, and who brings what.",
        "zh": "这周由{lead}{where}问{others}哪天方便{when}，谁带什么。",
    },
    "show": {
        "en": "This week {lead} asks everybody{where} for the one thing they would show, and for an hour{when}.",
        "zh": "这周由{lead}{where}问每个人最想讲的一点，再约一小时{when}。",
    },
    "gather": {
        "en": "This week {lead} drafts the headings{where}; everybody takes one and writes five lines, and you put "
        "them together{when}.",
        "zh": "这周由{lead}{where}列出小标题，每人认领一个写五行，再合到一起{when}。",
    },
    "try": {
        "en": "This week {lead} opens a thread{where} with one question about {w1}; everybody adds what they know, and "
        "you agree on half an hour{when}.",
        "zh": "这周由{lead}{where}就{w1}提一个问题，每人补上自己知道的，再约半小时{when}。",
    },
}
STEPS["wish"] = STEPS["aim"]
BRINGS: dict[str, Say] = {
    "offer": {"en": "offers “{0}”", "zh": "能提供“{0}”"},
    "project": {"en": "worked on “{0}”", "zh": "做过“{0}”"},
    "wrote": {"en": "wrote about {0} in “{1}”", "zh": "在“{1}”里聊过{0}"},
    "words": {"en": "knows their way around {0}", "zh": "熟悉{0}"},
    "interest": {"en": "is interested in {0}", "zh": "对{0}感兴趣"},
    "aims": {"en": "wants “{0}”", "zh": "想做“{0}”"},
    "seeks": {"en": "looks for “{0}”", "zh": "在找“{0}”"},
    "tries": {"en": "can be the first to try it", "zh": "可以第一个来试"},
}
GETS: dict[str, Say] = {
    "seek": {"en": "looks for “{0}”; {1} can give it", "zh": "想要“{0}”，{1}正好能给"},
    "aim": {"en": "comes closer to “{0}”", "zh": "离“{0}”更近一步"},
    "did": {"en": "meets {1}, who worked on “{0}”", "zh": "认识做过“{0}”的{1}"},
    "wrote": {"en": "meets {1}, who wrote in “{0}”", "zh": "认识在“{0}”里发过言的{1}"},
    "learns": {"en": "meets {1}, who knows about {0}", "zh": "认识懂{0}的{1}"},
    "owner": {"en": "meets {1}, whose idea it is", "zh": "认识想做这件事的{1}"},
    "meets": {"en": "meets {1}, who has the same interest", "zh": "认识兴趣相同的{1}"},
    "again": {"en": "goes on with {1}", "zh": "和{1}继续合作"},
}
TIES: dict[str, Say] = {
    "mixed": {"en": "Knows {0}; {1} would be new.", "zh": "认识{0}；和{1}还没打过交道。"},
    "known": {"en": "Knows {0} already.", "zh": "已认识{0}。"},
    "new": {"en": "Has not dealt with the others yet.", "zh": "和其他人都还没打过交道。"},
}
STARTS: dict[str, Say] = {
    "topic": {"en": " Start from the thread “{0}”.", "zh": "可以从“{0}”这个话题说起。"},
    "line": {"en": " Start from what {1} wrote: “{0}”", "zh": "可以从{1}说的“{0}”说起。"},
}
OPEN_NEEDS: Say = {"en": "Sought, and nobody here offers it yet: {0}.", "zh": "有人想要、团队里还没人能给的：{0}。"}


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
