# ruff: noqa: E501 — a pattern is easier to check on one line
"""Whether a message asks something that somebody else could answer."""

from __future__ import annotations

import re

from models.text.lexical import CJK, tokens

# Words of content; "really?" and "is it?" ask nothing that could be looked for. Chinese needs fewer of them, and both
# fewer where more than a mark says that it is a question ("how do I start with bread").
FEWEST_WORDS, FEWEST_ZH, FEWEST_ASKED = 3, 2, 1
PLAIN = 160  # characters

_MARK = re.compile(r"[?？](?![\w/=&])")  # not inside an address
_EN = re.compile(
    r"\b(?:(?:does|has|did|is|can|could|would) (?:any|some)(?:one|body)"
    r"|any(?:one|body) (?:here |else )?(?:know|have|has|tried|used|using|seen|got|able|interested|who)"
    r"|how (?:do|can|could|should|would) (?:i|you|we|one)|is there (?:a|an|any|some)"
    r"|what(?:'s| is) the (?:best|right|proper|easiest)|where (?:can|do|could) i"
    r"|(?:i(?:'d| would) (?:like|love) to know|i wonder|i(?:'m| am) trying to (?:figure|find))"
    r"|looking for (?:help|advice|somebody|someone|anyone)|need (?:some )?help|can'?t figure out)\b",
    re.I,
)
_ZH = re.compile(
    r"(?:请问|求助|请教|求推荐|求解|有没有(?:人|谁|哪位|大佬|老师|朋友|办法)|谁(?:知道|会|懂|能|有|用过)|哪位|有谁|有人(?:知道|会|懂|用过|能)"
    r"|怎么(?:办|做|弄|样才|才能|解决)|如何(?:才|能|做|解决)|吗\s*$|吗[。！~])"
)
# In a short message these ask, too; in a long one they tell of something.
_PLAIN_EN = re.compile(
    r"\b(?:(?:does|has|did|is|can|could|would) (?:any|some)(?:one|body)"
    r"|any(?:one|body) (?:here |else |around )?(?:here|know|have|has|tried|used|using|seen|got|able|interested|who|good (?:at|with)|willing)"
    r"|(?:how|where|what|when|which \w+|who) (?:do|does|can|could|should|would|might) (?:i|you|we|one|somebody|someone)"
    r"|how (?:to|much|many|long|often) |(?:where|how|what) to (?:get|buy|find|start|begin|do)|is there (?:a|an|any|some)"
    r"|what(?:'s| is| are| would be) (?:the|a) (?:best|right|proper|easiest|good|cheapest)"
    r"|what (?:could|might) (?:that|it|this|be)"
    r"|(?:i(?:'d| would) (?:like|love) to know|i wonder|i(?:'m| am) trying to (?:figure|find|learn))"
    r"|any (?:\w+ )?(?:tips|advice|recommendations?|suggestions?|ideas?|pointers|experience)|recommend (?:a|an|me|any|some)"
    r"|(?:needs?|seeks?|wants?|looking for) (?:somebody|someone|anybody|anyone)\b"
    r"|who (?:has|have|here|knows|can|could|would|among)|looking for (?:help|advice|somebody|someone|anyone|a|an|tips|recommendations)"
    r"|(?:need|could use|want) (?:some |a bit of |a )?(?:help|hand|advice)|help (?:me )?with"
    r"|please help|help(?: please)?\W*$|can'?t (?:figure|work) out|no idea (?:how|why|what|where)|(?:don'?t|do not) know (?:how|why|what|where|which))\b"
    r"|^\W*(?:(?:hi|hello|hey|ok|so|and|but)\W+(?:all|everybody|everyone|folks|there)?\W*)?(?:how|where|which|why|what|who|is it|are there|should i|can i|can you|could you|do i) ",
    re.I,
)
_PLAIN_ZH = re.compile(
    r"请问|[求请](?:助|教|救|推荐|解|指[点教]|一|个|位)|有(?:没有|木有|无)(?:人|谁|哪位|大佬|老师|朋友|办法|推荐|什么|师傅|懂|会)|谁(?:知道|会|懂|能|有|用过|认识|可以|熟悉)|哪位|有谁|[找问]谁"
    r"|有人(?:知道|会|懂|用过|能|认识|了解|做过|熟悉)|怎么(?!会|可能|能这|这么|那么|都|还不|又)|怎样|咋(?!了|这么|还)|如何|哪[里儿家种个款些位]|多少|多久"
    r"|要不要|能不能|可不可以|是不是|该不该|行不行|好不好|[用买选学找做吃拿有]什么|什么(?:好|原因|牌子|办法|方法|时候|意思|样|型号)|为什么|为啥|啥(?:原因|办法|牌子)|吗\s*$|吗[。！~]|呢\s*$"
)
# What looks like a question and wants no answer: it is settled, somebody else's, a joke, or says what everybody thinks.
_SETTLED = re.compile(
    r"\b(?:never ?mind|nvm|no longer need|(?:is|it's|all|now) (?:solved|sorted|fixed)|problem solved)\b"
    r"|(?<!not )(?<!n't )(?<!never )(?<!nobody )\b(?:found (?:it|one|out|somebody|someone)|figured (?:it )?out|got it (?:working|fixed)|works (?:now|again))\b"
    r"|(?<![没未])(?:解决|搞定|找到|弄好|修好|弄明白|搞懂)了(?!吗|没)|不用了|没事了|(?<![不人谁])知道[^?？]{0,10}了(?![吗没?？])",
    re.I,
)
_NOT_MINE = re.compile(
    r"\b(?:(?:he|she|they|people|everyone|everybody|kids?|guy|\w*(?:mother|father|brother|sister|cousin|friend|neighbou?r|boss|colleague|uncle|aunt|husband|wife|son|daughter)) (?:\w+ )?(?:ask(?:s|ed|ing)|wonder(?:s|ed|ing)|want(?:s|ed) to know))\b"
    r"|(?:他|她|他们|朋友|同事|邻居|老板|客户|孩子|儿子|女儿|老公|老婆|妈|爸|弟|妹|哥|姐)(?:昨天|今天|刚才|刚|又|总|老|还|天天)?(?:来)?问",
    re.I,
)
_RHETORICAL = re.compile(
    r"\bwho (?:would have|would've|could have|doesn'?t|does not|wouldn'?t|isn'?t|hasn'?t|cares|needs|knew|says|am i to)\b|\bwhat'?s not to\b|\bwhy (?:would|does) any(?:one|body)\b|\bhow (?:can|could) any(?:one|body)\b"
    r"|\bwhat do you call\b|\bwhat (?:does|did) an? [\w ]+ (?:say|tell)\b|\bcross the road\b|\bknock,? knock\b|[?？]\s*(?:because|to|'?cause|so that|因为|答)\b"
    r"|\b(?:isn'?t|aren'?t|wasn'?t|don'?t) (?:it|they|we|you) (?:\w+ )?(?:great|lovely|nice|awful|love|hate|all)\b"
    r"|谁不|谁[还能]?(?:受得了|顶得住|没|敢)|怎么会|怎么可能|何必|何苦|难道|哪有|谁让|谁叫|有什么用|冷笑话",
    re.I,
)


def asks(text: str) -> bool:
    """Whether a cleaned text, English or Chinese, asks something with enough words to look for an answer by."""
    worded = bool(is_plain(text) and (_PLAIN_EN.search(text) or _PLAIN_ZH.search(text)))
    if not (worded or _MARK.search(text) or _EN.search(text) or _ZH.search(text)) or not wants_an_answer(text):
        return False
    fewest = FEWEST_ASKED if worded else FEWEST_ZH if CJK.search(text) else FEWEST_WORDS
    return len(set(tokens(text))) >= fewest


def is_plain(text: str) -> bool:
    """Whether a text is short enough to be a question and nothing else."""
    return len(text) <= PLAIN


def wants_an_answer(text: str) -> bool:
    """Whether a question is one's own, still open, and meant; in a long text one word does not tell."""
    return not is_plain(text) or not any(pattern.search(text) for pattern in (_SETTLED, _NOT_MINE, _RHETORICAL))
