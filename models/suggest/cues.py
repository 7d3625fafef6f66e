# ruff: noqa: E501 — a pattern is easier to check on one line
"""How people say, in English and Chinese, what they aim at, offer, seek and value and where they live."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.records import SuggestionField, ValueKind
from models.suggest.words import PLACES_EN, PLACES_ZH, Check


@dataclass(frozen=True, slots=True)
class Cue:
    """A way of saying one thing of oneself; the phrase follows the match.

    `needles`: one of them stands in the lower-cased sentence, else the pattern is not tried. `check`: what the phrase
    must be outside an introduction. `intro`: only in an introduction. `asks`: may be a question. A match of the group
    `me` has said who speaks; without it, nobody else may be the subject of the words before.
    """

    field: SuggestionField
    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    check: Check = "plain"
    intro: bool = False
    asks: bool = False
    kind: ValueKind = ""


def _cue(
    field: SuggestionField, needles: str, pattern: str, check: Check, intro: bool, asks: bool, kind: ValueKind
) -> Cue:
    return Cue(field, tuple(needles.split("|")), re.compile(pattern, re.I), check, intro, asks, kind)


_EN_FILL = (
    r"(?:(?:and|but|so|also|well|anyway|currently|btw|hi|hello|hey|yes|yeah|basically|personally|actually|otherwise|besides"
    r"|plus|then|secondly|finally|first|these days|right now|at the moment|professionally|by day)[ ,]+)*"
)
_EN_AT = rf"(?:^[\W]*|[,;:(]\s*|\s[-–—]+\s|\s(?:and|but|so|because)\s+){_EN_FILL}"
_AM = r"(?P<me>i(?:'m| am|m))\s+(?:(?:also|currently|still|just|now|always|mostly|actively|really|actually|very)\s+)*"
_MAYBE_AM = rf"(?:{_AM}|(?:(?:currently|also|always|actively|still)\s+)*)"
_I = r"(?P<me>i)\s+(?:(?:also|currently|mostly|really|deeply|would|do|mainly|usually|strongly|often|primarily)\s+)*"
_WISH = (
    r"(?:(?P<me>i(?:'d|'m| am| would| have|'ve)?)\s+(?:(?:also|really|always|just|very much)\s+)*"
    r"(?:like|love|want|wanted|hope|wish|plan|hoping|eager|keen|excited|planning)|(?:hoping|eager|keen|excited|here))\s+to\s+"
)
_GLAD = r"(?:(?P<me>i(?:'m| am|m|'d be| would be))\s+)?(?:(?:always|also|more than|very)\s+)*(?:happy|glad|open|available|willing|pleased)\s+to\s+"
_PEOPLE = r"(?:(?:people|others|folks|anyone|you|newcomers|members|beginners|those|everyone)\s+)?"
_SOMEBODY = r"(?:anyone|anybody|someone|somebody)(?:\s+(?:here|out there|in here|around|else))*"


def _en(
    field: SuggestionField, needles: str, pattern: str, check: Check = "plain", *,
    intro: bool = False, asks: bool = False, kind: ValueKind = "",
) -> Cue:  # fmt: skip
    return _cue(field, needles, _EN_AT + pattern, check, intro, asks, kind)


_ZH_AT = r"(?:^[^\w\u3400-\u9fff]*|[,:()、~]\s*)"
_ZH_FILL = r"(?:另外|同时|其实|然后|所以|而且|以及|也|还|目前|现在|最近|平时|主要|本职|一直|正在|比较|特别|真的|很|非常|最|在|是|还能|诚|业余|周末|将来|未来)*"
_ZH_SELF = r"我(?:自己|个人|这边|本人)?|本人|俺"
_ZH_WISH = r"(?:想要?|希望(?:能够?|可以)?|打算|计划|准备|期待)"
_ZH_CAN = r"(?:可以|能够?|(?:很|十分)?(?:愿意|乐意))"
_ZH_FOR = r"(?:免费|无偿|给大家|为大家|帮大家|帮助大家|向大家|跟大家|和大家|帮忙)*"
_ZH_WHO = r"(?:小伙伴|朋友|同学|大佬|老师|人|群友|哪位|谁)*"


def _zh(
    field: SuggestionField, needles: str, pattern: str, check: Check = "plain", *,
    said: bool = False, intro: bool = False, asks: bool = False, kind: ValueKind = "",
) -> Cue:  # fmt: skip
    self = f"(?P<me>{_ZH_SELF})" + ("" if said else "?")
    return _cue(field, needles, _ZH_AT + _ZH_FILL + self + _ZH_FILL + pattern, check, intro, asks, kind)


_PLACE_EN_NEXT = (
    rf"(?=(?:(?:the|downtown|central|north|south|east|west|sunny|rainy)\s+)*(?:{PLACES_EN})\b|(?:{PLACES_ZH}))"
)
_PLACE_ZH_NEXT = rf"(?=(?:中国)?(?:{PLACES_ZH}))"
_EN_TEACHING = r"(?=(?:teach|mentor|coach|tutor|proofread|translate|edit|host)\s+\w)"
_EN_FOUNDING = r"(?=(?:start|found|launch|create|establish|set up|open|organi[sz]e|become|build|publish|write an? (?:book|novel))\s)"
_EN_JOINING = r"(?=(?:join|start|build|form|collaborat|found|co-|cofound|cowrite|cowork|creat|organi[sz]|read|stud|practi[cs]|learn|host|pair|mentor|teach|coach)\w*\b)"

CUES: tuple[Cue, ...] = (
    # who I am
    _en("offers", "i'm |i am |im ", _AM + r"an?\s+", "role"),
    _en("offers", "work as|working as", _I + r"(?:work|working)\s+as\s+(?:an?|the)\s+", "role"),
    _en("offers", " here| by |from| in|,", r"(?:an?\s+)?(?=[a-z][\w -]{2,50}(?:$|,|\s(?:here|by|from|based|in|with|at)\b))", "role", intro=True),
    _zh("offers", "我是|本人是|叫", r"(?<=是)(?:一)?[名个位枚]?(?=[^,]{2,16}(?:$|[,(]))", "role", said=True),
    _zh("offers", "是一|是名|是个|是位", r"(?<=是)(?:一)?[名个位](?=[^,]{2,16}(?:$|[,(]))", "role"),
    _zh("offers", "从事|职业|本职", r"(?:从事|职业是|本职工作是|本职是)(?:的是)?"),
    # what I can give
    _en("offers", "i can ", r"(?P<me>i)\s+can\s+(?:(?:also|certainly|definitely|gladly|happily)\s+)*(?:help|assist|support)\s+" + _PEOPLE + r"(?:out\s+)?with\s+"),
    _en("offers", "i can |i could |i also |i teach|i mentor|i coach|i tutor|i translate|love to|like to", r"(?P<me>i)(?:'d|\s+would)?\s+(?:(?:can|could|also|love to|like to)\s+)*" + _EN_TEACHING, "skill"),
    _en("offers", "i offer|i can offer|i also offer|i can also offer", r"(?P<me>i)(?:\s+can)?(?:\s+also)?\s+offer\s+"),
    _en("offers", "provide", r"(?P<me>i)(?:\s+can)?(?:\s+also)?\s+provide\s+", intro=True),
    _en("offers", "happy to|glad to|open to|able to|willing to|pleased to", _GLAD + r"(?:help|assist|support|advise)\s+" + _PEOPLE + r"(?:out\s+)?(?:with|on)\s+"),
    _en("offers", "happy to|glad to|open to|able to|willing to|pleased to", _GLAD + r"(?=(?:teach|mentor|coach|tutor|review|proofread|translate|edit|host|introduce|critique)\s+\w)", "skill"),
    _en("offers", "ask me", r"(?:feel free to\s+|you can\s+|please\s+)?ask me\s+(?:anything\s+)?about\s+"),
    _en("offers", "i'm |i am ", _AM + r"(?:good|great|skilled|experienced|fluent|proficient|expert|speciali[sz]ed|speciali[sz]ing)\s+(?:at|in|with)\s+"),
    _en("offers", "experience", r"(?P<me>i)(?:\s+have|'ve got|\s+bring)\s+(?:(?:over|about|around|some|more than|nearly)\s+)*(?:\d+\+?|a few|several|many|two|three|four|five|six|seven|eight|ten|fifteen|twenty)\s+years(?:\s+of|')?\s+experience\s+(?:in|with|of|as an?|as)\s+"),
    _en("offers", "i speciali|i mainly|i mostly", _I + r"speciali[sz]e\s+in\s+"),
    _zh("offers", "擅长|精通|特长|专长|强项", r"(?:擅长|精通|特长是|专长是|强项是)(?:的是|的有)?"),
    _zh("offers", "熟悉|懂", r"(?:熟悉|略懂|懂点?)", intro=True),
    _zh("offers", "会|做过", r"(?:会|做过)(?!不会|议|不|有|被|让|在|说|去|来|是|想|很|更|尽|觉|发|感|把|给|再|员|长|一直|努力|经常|继续|慢慢)", intro=True),
    _zh("offers", "做", r"(?:是)?做(?=[^,]{2,14}的(?:$|,))", intro=True),
    _zh("offers", "经验|经历", r"有(?=(?:[一二三四五六七八九十两几\d]+\+?|多)(?:多|来)?年[^,]{0,14}(?:经验|经历))"),
    _zh("offers", "提供|分享|贡献|支持|协助", _ZH_CAN + _ZH_FOR + r"(?:提供|分享|贡献|支持|协助)(?:一些)?"),
    _zh("offers", "帮|教|带|给大家", _ZH_CAN + r"(?:免费|无偿)?(?:帮忙|帮大家|帮助大家|帮助?(?:有需要的|新)人|给大家|教大家|教|带大家|带新人)(?:一起)?"),
    # what I look for
    _en("seeks", "looking for|searching for|hunting for|lookout for", _MAYBE_AM + r"(?:looking|searching|hunting|on the lookout)\s+for\s+", "social"),
    _en("seeks", "we're |we are ", r"(?P<me>we(?:'re|\s+are))\s+(?:(?:also|currently|still)\s+)?(?:looking for|seeking)\s+", "social"),
    _en("seeks", "seeking", _MAYBE_AM + r"seeking\s+", "social"),
    _en("seeks", "i need|i also need|i really need|i seek|i also seek|i currently need|i would need", _I + r"(?:need|seek)\s+", "people"),
    _en("seeks", "anyone|anybody|someone|somebody", rf"(?:(?:is|are)\s+there\s+|does\s+|would\s+|(?:i(?:'m| am)?\s+)?(?:need|looking for|seeking)\s+)?{_SOMEBODY}\s+(?:(?:who|that)\s+(?:can|could|is able to|is willing to|wants?\s+to|would\s+(?:like|love)\s+to)|(?:wants?|willing|able|like|love)\s+to)\s+{_EN_JOINING}", "joint", asks=True),
    _en("seeks", "anyone|anybody|someone|somebody", rf"(?:(?:is|are)\s+there\s+|(?:i(?:'m| am)?\s+)?(?:need|looking for|seeking)\s+)?{_SOMEBODY}\s+(?:who\s+|that\s+)?(?:can|could|able to)\s+(?=(?:help|advise)(?:\s+(?:me|us))?(?:\s+out)?\s+(?:with|on)\s)", asks=True),
    _en("seeks", "anyone|anybody", rf"(?:is\s+)?{_SOMEBODY}\s+(?:interested in|keen on|up for|keen to)\s+{_EN_JOINING}", "joint", asks=True),
    _en("seeks", "learn|get better|study", _WISH + r"(?:learn|get better at|study)(?:\s+more)?(?:\s+about)?\s+", kind="growth"),
    _en("seeks", "learning", _AM + r"(?:interested in\s+)?learning(?:\s+more)?(?:\s+about)?\s+", kind="growth"),
    _en("seeks", "meet|connect with|get to know|find", _WISH + r"(?:meet|connect with|get to know|find)\s+", "social"),
    _en("seeks", "interested in", _MAYBE_AM + r"interested in\s+(?=(?:meeting|connecting with|collaborating|finding)\b)", "social"),
    _zh("seeks", "寻|招募|征|求|蹲", rf"{_ZH_WISH}?(?:寻找|寻求|寻|招募|征集|征|求推荐|急求|求|蹲)(?!助|救|问|解|证|抱|带|放|指|饶|生|职|知|人不|出处|科普|是|于|而|了)(?:一下)?", "social", asks=True),
    _zh("seeks", "找|招", rf"{_ZH_WISH}(?:找到?|招)(?!我|他|她|你|回|不|个时间|时间|茬|借口|死|出)", "social"),
    _zh("seeks", "找", r"(?:要|得)?找(?=(?:[一个位名]*)(?:合伙人|搭子|搭档|工作|实习|兼职|队友|语伴|导师|技术合伙人|志同道合|.{2,8}搭子))", "social"),
    _zh("seeks", "有没有|有人一起|有人想|有人愿意", rf"(?:有没有|有)(?:{_ZH_WHO})(?:也)?(?:想|愿意|感兴趣|要|有兴趣|可以)?(?=(?:一起|带我|合作|组队|共读|组个))", asks=True),
    _zh("seeks", "有没有", r"有没有(?=(?:会|懂|做|擅长)[^,]{2,16}的(?:小伙伴|朋友|同学|老师|人|群友|设计师|大佬))", asks=True),
    _zh("seeks", "认识|结识|结交|链接|连接", rf"{_ZH_WISH}(?:多)?(?=(?:认识|结识|结交|链接|连接).*(?:人|友|伙伴|同好|同行|老师|前辈|者|师|圈))", kind="connections"),
    _zh("seeks", "学", rf"(?:{_ZH_WISH}(?:要|好好|系统|系统地|继续)?|正在|(?<=在))(?:学习|学)(?!会|校|生|习|到|一下|长|姐|霸|费|历|位|期)", kind="growth"),
    _zh("seeks", "需要", r"需要(?=[^,]{2,20})", "people"),
    # what I aim at
    _en("aims", "goal|aim|dream|ambition|mission", r"(?P<me>my)\s+(?:(?:main|personal|current|only|big)\s+)?(?:goal|aim)\s+is\s+(?:to\s+)?", "aim"),
    _en("aims", "goal|aim|dream|ambition|mission", r"(?P<me>my)\s+(?:(?:main|long[- ]term|biggest|ultimate|life|lifelong|life's)\s+(?:goal|aim)|(?:(?:main|biggest|big|lifelong)\s+)?(?:dream|ambition|mission))(?:\s+(?:for|in)\s+[\w ]{2,16})?\s+is\s+(?:to\s+|(?=an?\s|[a-z]+ing\s))"),
    _en("aims", "aim to|aspire to", _I + r"(?:aim|aspire)\s+to\s+", "aim"),
    _en("aims", " to start| to found| to launch| to create| to establish| to set up| to open| to organi| to become| to build| to publish| to write a", _WISH + _EN_FOUNDING, "aim"),
    _en("aims", "work on", _I + r"work\s+on\s+", "habit"),
    _en("aims", "building|founding|launching|bootstrapping", _AM + r"(?:building|founding|launching|bootstrapping)\s+(?=an?\s)", "work"),
    _en("aims", "building|founding|launching", r"(?:currently\s+)?(?:building|founding|launching)\s+(?=an?\s)", "work", intro=True),
    _en("aims", "working on", _AM + r"working\s+on\s+", "work"),
    _zh("aims", "目标|愿望|梦想|理想|愿景|心愿", r"(?:的)?(?:长期|人生|近期|短期|终极|今年的?|明年的?|最大的?)*(?:目标|愿望|梦想|理想|愿景|心愿)就?(?:是|:)", said=True),
    _zh("aims", "做|开", rf"{_ZH_WISH}(?:自己)?(?:能)?(?:做|开)(?=一?[个家款档本份间](?!人|好|梦|饭|会|实验|测试)|.{{0,2}}(?:播客|社区|社群|工作室|民宿))"),
    _zh("aims", "想|希望|打算|计划|准备|期待", rf"{_ZH_WISH}(?:自己)?(?:能)?(?=(?:打造|创办|创立|发起|搭建|建立|成立|创建|成为|转行|转型|推动|出版|开一家|创业))"),
    _zh("aims", "想做|希望做|打算做|准备做|希望能", rf"{_ZH_WISH}(?:自己)?(?:能)?做(?!朋友|到|不|个人|饭|梦|什么|好|完|一下|对|了|主)", intro=True),
    _zh("aims", "在做", r"(?<=在)做(?=一[个家款档本份])"),
    # what I value
    _en("values", "care |care about|believe in|i value|value |stand for", _I + r"(?:care\s+(?:a lot\s+|deeply\s+)?about|believe in|value|stand for)\s+"),
    _en("values", "values ", r"(?P<me>my)\s+(?:(?:core|main)\s+)?values\s+(?:are|include)\s+", intro=True),
    _zh("values", "看重|重视|信奉|推崇|崇尚", r"(?:看重|重视|信奉|推崇|崇尚)(?:的是|的就是)?"),
    _zh("values", "相信|坚信|认同|在乎|在意", r"(?:相信|坚信|认同|在乎|在意)(?:的是)?(?=[^,是会能有就要可应吗]{2,10}(?:$|,|的力量|的价值))"),
    # where I live
    _en("place", "based|living|located|residing", _MAYBE_AM + r"(?:(?:an?|the)\s+[\w -]{3,50}\s)?(?:(?:currently|now|mostly)\s+)*(?:based|living|located|residing)\s+(?:in|out of)\s+", "place"),
    _en("place", "live in|reside in", _I + r"(?:live|reside)\s+in\s+", "place"),
    _en("place", "i'm |i am |im ", _AM + r"(?:[\w -]{0,40},?\s)??(?:from|in)\s+" + _PLACE_EN_NEXT, "place"),
    _en("place", "from|in ", r"(?:[\w '-]{3,50}\s)?(?:from|in)\s+" + _PLACE_EN_NEXT, "place", intro=True),
    _zh("place", "坐标", r"坐标(?:在|是|:)?\s*", "place"),
    _zh("place", "base", rf"base[d]?\s*(?:在|是|:|in)?\s*(?=[A-Z]|{PLACES_ZH})", "place"),
    _zh("place", "人在|人现在|现居|常驻|定居|住在|家在|生活在|工作在|长居|旅居", rf"(?:人(?:现)?在|现居|常驻|定居在?|住在|家在|生活在|工作在|长居|旅居)\s*{_PLACE_ZH_NEXT}", "place"),
    _zh("place", "来自", rf"来自\s*{_PLACE_ZH_NEXT}", "place"),
    _zh("place", "我在|我现在|我目前|我人在|本人", rf"(?<=在)(?=(?:{PLACES_ZH})(?:市|这边)?(?:$|,|工作(?!过)|生活(?!过)|上班|创业|读|念|上学|定居|从事|做))", "place", said=True),
)  # fmt: skip
