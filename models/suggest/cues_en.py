# ruff: noqa: E501 — a pattern is easier to check on one line
"""How people say in English what they aim at, offer, seek and value and where they live."""

from __future__ import annotations

from models.domain.records import SuggestionField, ValueKind
from models.suggest.cue import Cue, cue
from models.suggest.words import Check
from models.text.places import PLACES_EN, PLACES_ZH

_EN_FILL = (
    r"(?:(?:and|but|so|also|well|anyway|currently|btw|honestly|tbh|look|ok|right|lol|hi|hello|hey|yes|yeah|basically|personally|actually|otherwise|besides"
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
_SOME_PEOPLE = r"(?:(?:anyone|anybody|someone|somebody|people|you|others|newcomers|beginners|members|folks)(?:\s+(?:here|who (?:wants|asks)|interested))?\s+)?"
# What follows something that one has, from which it is there for others.
_GIVING = (
    r"(?:if (?:anyone|anybody|someone|somebody|you)\b|free to\b|up for grabs|to give away|to lend\b|going (?:spare|free|begging)"
    r"|(?:anyone|people|you|they)(?:'re| are| is)? welcome|take (?:as many|as much|some|one|them|it)|help yourself|come and (?:take|get|grab)|for whoever|to whoever|whoever wants|first come|want (?:it|one|some|them)\?)"
)
_GIVING_NEEDLES = "if any|if some|if you|free to|up for grabs|give away|to lend|going |welcome|take |help yourself|come and|whoever|first come|want it|want one|want some"
_SOMEBODY = r"(?:anyone|anybody|someone|somebody)(?:\s+(?:here|out there|in here|around|else))*"


def _en(
    field: SuggestionField, needles: str, pattern: str, check: Check = "plain", *,
    intro: bool = False, asks: bool = False, kind: ValueKind = "", whole: bool = False,
) -> Cue:  # fmt: skip
    return cue(field, needles, _EN_AT + pattern, check, intro=intro, asks=asks, kind=kind, whole=whole)


_PLACE_EN_NEXT = (
    rf"(?=(?:(?:the|downtown|central|north|south|east|west|sunny|rainy)\s+)*(?:{PLACES_EN})\b|(?:{PLACES_ZH}))"
)
_EN_TEACHING = r"(?=(?:teach|mentor|coach|tutor|proofread|translate|edit|host)\s+\w)"
_EN_FOUNDING = r"(?=(?:start|found|launch|create|establish|set up|open|organi[sz]e|become|build|publish|write an? (?:book|novel))\s)"
_EN_JOINING = r"(?=(?:join|start|build|form|collaborat|found|co-|cofound|cowrite|cowork|creat|organi[sz]|read|stud|practi[cs]|learn|host|pair|mentor|teach|coach)\w*\b)"

ENGLISH: tuple[Cue, ...] = (
    # who I am
    _en("offers", "i'm |i am |im ", _AM + r"an?\s+", "role"),
    _en("offers", "work as|working as", _I + r"(?:work|working)\s+as\s+(?:an?|the)\s+", "role"),
    _en("offers", " here| by |from| in|,", r"(?:an?\s+)?(?=[a-z][\w -]{2,50}(?:$|,|\s(?:here|by|from|based|in|with|at)\b))", "role", intro=True),
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
    # what I aim at
    _en("aims", "goal|aim|dream|ambition|mission", r"(?P<me>my)\s+(?:(?:main|personal|current|only|big)\s+)?(?:goal|aim)\s+is\s+(?:to\s+)?", "aim"),
    _en("aims", "goal|aim|dream|ambition|mission", r"(?P<me>my)\s+(?:(?:main|long[- ]term|biggest|ultimate|life|lifelong|life's)\s+(?:goal|aim)|(?:(?:main|biggest|big|lifelong)\s+)?(?:dream|ambition|mission))(?:\s+(?:for|in)\s+[\w ]{2,16})?\s+is\s+(?:to\s+|(?=an?\s|[a-z]+ing\s))"),
    _en("aims", "aim to|aspire to", _I + r"(?:aim|aspire)\s+to\s+", "aim"),
    _en("aims", " to start| to found| to launch| to create| to establish| to set up| to open| to organi| to become| to build| to publish| to write a", _WISH + _EN_FOUNDING, "aim"),
    _en("aims", "work on", _I + r"work\s+on\s+", "habit"),
    _en("aims", "building|founding|launching|bootstrapping", _AM + r"(?:building|founding|launching|bootstrapping)\s+(?=an?\s)", "work"),
    _en("aims", "building|founding|launching", r"(?:currently\s+)?(?:building|founding|launching)\s+(?=an?\s)", "work", intro=True),
    _en("aims", "working on", _AM + r"working\s+on\s+", "work"),
    # what I value
    _en("values", "care |care about|believe in|i value|value |stand for", _I + r"(?:care\s+(?:a lot\s+|deeply\s+)?about|believe in|value|stand for)\s+"),
    _en("values", "values ", r"(?P<me>my)\s+(?:(?:core|main)\s+)?values\s+(?:are|include)\s+", intro=True),
    # where I live
    _en("place", "based|living|located|residing", _MAYBE_AM + r"(?:(?:an?|the)\s+[\w -]{3,50}\s)?(?:(?:currently|now|mostly)\s+)*(?:based|living|located|residing)\s+(?:in|out of)\s+", "place"),
    _en("place", "live in|reside in", _I + r"(?:live|reside)\s+in\s+", "place"),
    _en("place", "i'm |i am |im ", _AM + r"(?:[\w -]{0,40},?\s)??(?:from|in)\s+" + _PLACE_EN_NEXT, "place"),
    _en("place", "from|in ", r"(?:[\w '-]{3,50}\s)?(?:from|in)\s+" + _PLACE_EN_NEXT, "place", intro=True),
    # more of what I can give
    _en("offers", "how to|through", r"(?P<me>i)(?:'ll|\s+(?:can|could|will|would))?\s+(?:(?:gladly|happily|also|totally)\s+)*(?:show|teach|walk|talk)\s+" + _SOME_PEOPLE + r"(?:how to|through)\s+", "skill"),
    _en("offers", "gladly|happily", r"(?:(?P<me>i)(?:'ll|'d|\s+will|\s+would)\s+|(?P<too>will|would)\s+)(?:gladly|happily)\s+(?!wait|go|take|accept|use|be|have|see|try|admit|pay)(?=[a-z]+\s+\w)", "skill"),
    _en("offers", "happy to|glad to|willing to|free to", _GLAD + r"(?=(?:run|lead|lend|drive|cook|bake|fix|repair|babysit|water|sew|build|look over|look after|give|share|organi[sz]e|set up|play)\s+\w)", "skill"),
    _en("offers", "i can ", r"(?P<me>i)\s+can\s+(?:(?:also|easily|gladly|happily)\s+)*(?=(?:lend|repair|sew|bake|babysit|draw|weld|solder)\s+\w)", "skill"),
    _en("offers", "i know ", r"(?P<me>i)\s+know\s+(?:a (?:bit|little|fair bit|lot|thing or two)|enough|plenty)\s+(?:of|about)\s+"),
    _en("offers", "for a living", r"(?P<me>i)\s+(?:do|write|make|fix|build|teach|sell|draw|cook|translate|edit|play|design|test)?\s*(?P<what>[^,]{3,40}?)\s+for a living"),
    _en("offers", "by trade|by training|by profession|by day", _AM + r"an?\s+(?P<what>[^,]{3,40}?)\s+by (?:trade|training|profession|day)\b"),
    _en("offers", "i play ", r"(?P<me>i)\s+play\s+(?:the\s+)(?!role|part|long|game|devil)"),
    _en("offers", "me if you need|me for|me about|me with", r"(?:just\s+|feel free to\s+)?(?:dm|pm|message|ping|text|ask|email|tell)\s+me\s+(?:up\s+)?(?:if you(?:'re|\s+ever)?\s+(?:need|want)(?:\s+(?:any\s+)?help\s+with)?|for|about)\s+(?!it\b|that\b|the address|details|the link|more)"),
    _en("offers", "if anyone|if anybody|if somebody|if someone|if you", r"if\s+(?:anyone|anybody|someone|somebody|you)(?:'s|\s+is|\s+are|'re|\s+here)?\s+(?:ever\s+)?(?:needs?|wants?|struggling with|stuck (?:on|with)|short of)\s+(?:(?:any\s+|some\s+)?(?:help|a hand)\s+(?:with|on)\s+)?(?P<what>[^,]{3,60}),\s*(?:then\s+)?(?!i can (?:help|assist) with)(?P<me>i can|i could|i'm|i am|i'll|i've|i have|happy to|just (?:ask|shout|dm)|give me|dm me|ask me|ping me|shout|let me know)"),
    _en("offers", "my day job|my job|all day", r"(?P<what>[a-z][\w ]{2,30}?)\s+is\s+(?:(?:basically|pretty much|literally|actually)\s+)*(?P<me>my) (?:day )?job\b"),
    cue("offers", _GIVING_NEEDLES, r"(?:^|[.!?;,\n]\s*|\b(?:and|so|but|anyway)\s+)(?:(?P<me>i(?:'ve| have)?(?: got)?|i've got|we've got|we have|got)\s+)(?P<what>(?:an?|two|three|four|some|several|a few|a couple of|loads of|lots of|too many|extra|spare)\s+[^.!?;\n]{3,70}?)(?:[.!?;,]\s*(?:so\s+|and\s+|just\s+|please\s+|they're\s+|it's\s+)*|\s+(?:and\s+)?(?:that\s+|so\s+)?)" + _GIVING, whole=True),
    cue("offers", _GIVING_NEEDLES, r"(?P<me>\bmy)\s+(?:garden|allotment|hens?|tree|balcony|shed|garage|freezer|kitchen)\s+(?:is|are)\s+(?:drowning in|full of|overflowing with|buried in)\s+(?P<what>[a-z][\w -]{2,40}?)[.!?;,]\s*(?:so\s+|please\s+)?" + _GIVING, whole=True),
    # more of what I look for
    _en("seeks", "anyone|anybody|who's|who is|any other|any fellow|somebody|someone", rf"(?:(?:would|does|is|are there|is there)\s+)?(?:{_SOMEBODY}|who(?:'s|\s+is|\s+else\s+is|\s+else)?|any (?:other|fellow|more)\s+[\w-]+)(?:'d|\s+would)?\s+(?:else\s+)?(?:who'?d?\s+)?(?:be\s+)?(?:fancy|fancies|up for|in for|keen on|keen to|game for|down for|wants? to|wanting to|wanna|like to|love to|interested in|willing to)\s+(?!know|say|explain|tell|guess|see|take|check|confirm|test|review|buy|argue|help|look|point|bet|hear|comment|invest)", "joint", asks=True),
    _en("seeks", "love|like ", r"(?:(?:what\s+)?(?P<me>i)(?:'d|\s+would)\s+|would\s+)(?:(?:really|absolutely|just|so|also)\s+)*(?:love|like)\s+(?:to\s+(?:find|meet|have)\s+|is\s+)*(?:is\s+)?(?=(?:an?|some|someone|somebody|another|other|people)\s)", "social"),
    _en("seeks", "short |missing |lacking ", r"(?P<me>we)(?:'re|\s+are)\s+(?:currently\s+|still\s+)?(?:short|missing|lacking|one short of)\s+(?:of\s+)?(?=(?:an?|one|two|another|some)\s)"),
    _en("seeks", "could use|could do with|we need", r"(?P<me>we|i)\s+(?:(?:really|still|also)\s+)*(?:could (?:really )?(?:use|do with)|need)\s+(?=(?:an?|another|one more|two|some|somebody|someone|more)\s)", "social"),
    _en("seeks", "a hand|help ", r"(?:(?P<me>i|we)\s+)?(?:(?:really|could)\s+)*(?:need|use|do with|want|looking for)\s+(?:a hand|a bit of help|some help|help)\s+(?:with\s+)?(?=[a-z]+\s)"),
    _en("seeks", "i want ", r"(?P<me>i)\s+want\s+(?=(?:someone|somebody|an?\s[\w -]*(?:buddy|partner|mentor|coach|teacher|group|mate)))", "social"),
    _en("seeks", " after |in the market|on the hunt", r"(?P<me>we|i)(?:'re|'m|\s+are|\s+am)\s+(?:after|in the market for|on the hunt for)\s+(?=(?:an?|some|someone|somebody|two|another)\s)", "social"),
    _en("seeks", "borrow", r"(?P<me>i)(?:'d|\s+would)\s+(?:like|love|need)\s+to\s+borrow\s+"),
    _en("seeks", "borrow", r"(?:(?:can|could|may)\s+(?P<me>i)\s+borrow\s+(?:somebody's|someone's|anyone's)?|anyone\s+(?:have|got)\s+(?P<what>an?\s[^,]{3,40}?)\s+i\s+(?:can|could)\s+borrow)", asks=True),
    _en("aims", "meaning to", r"(?:(?P<me>i)(?:'ve|\s+have)?\s+)?(?:always\s+)?been\s+meaning\s+to\s+(?=(?:learn|try|get into|start|build|write|make|take up|play|study|grow|record)\s)"),
    _en("aims", "get into|getting into", r"(?:(?P<me>i)(?:'m|\s+am|'d love|\s+want)\s+)?(?:trying|hoping|looking|want|love)?\s*to\s+(?=get(?:ting)?\s+into\s+\w)", "hobby"),
    _en("aims", "aiming to|planning to|hoping to", r"(?:(?P<me>i)(?:'m|\s+am)\s+)?(?:aiming|planning|hoping)\s+to\s+(?=(?:run|finish|write|build|learn|open|start|launch|publish|record|walk|cycle|swim|climb|grow|visit|pass|sail|found|make)\s+\w)", "hobby"),
    _en("aims", "my dream|my goal|my ambition", r"(?:it'?s|it has|has|this has)\s+(?:always\s+)?(?:been\s+)?(?P<me>my)\s+(?:big\s+|lifelong\s+)?(?:dream|goal|ambition)(?:\s+(?:since|for|ever since)\s+[\w ]{2,24}?)?\s+to\s+"),
    _en("values", "matters|important thing", r"(?:(?:what|the thing that)\s+(?:really\s+|most\s+)*matters\s+(?:most\s+)?to\s+(?P<me>me)|(?:for\s+me,?\s+)?the\s+(?:most\s+|only\s+)?important\s+thing(?:\s+(?:for|to)\s+me)?)\s+is\s+(?:that\s+)?"),
    _en("values", "more about", r"(?P<me>i)\s+(?:really\s+)?care\s+(?:(?:way|much|far|a lot)\s+)?more\s+about\s+"),
    _en("place", "live in|moved to|settled in", r"(?P<me>we|i)(?:'ve)?\s+(?:(?:now|just|recently|finally)\s+)*(?:live in|moved to|settled in)\s+", "place"),
)  # fmt: skip
