# ruff: noqa: E501 — a pattern is easier to check on one line
"""What people can mean: places, occupations, company, work and learning; and the kind of value that moves."""

from __future__ import annotations

import re
from typing import Literal

from models.domain.records import SuggestionField, ValueKind
from models.suggest.text import is_zh
from models.text.places import PLACES_EN, PLACES_ZH

Check = Literal[
    "plain",
    "social",
    "people",
    "aim",
    "work",
    "habit",
    "skill",
    "joint",
    "role",
    "place",
    "hobby",
    "able",
    "company",
    "aimed",
    "held",
]


_NOT_STAYING = re.compile(r"^\s*(?:出差|旅|玩|开会|路过|转机|度假|看病|见|办事|参加)")

ROLE_EN = re.compile(
    r"\b(?:developer|dev|engineer|designer|programmer|architect|manager|founder|co-?founder|entrepreneur|writer|author|editor"
    r"|translator|interpreter|journalist|researcher|scientist|mathematician|statistician|physicist|chemist|biologist|economist"
    r"|historian|linguist|philosopher|psychologist|therapist|counsell?or|doctor|physician|nurse|pharmacist|lawyer|attorney"
    r"|accountant|auditor|consultant|advisor|analyst|marketer|strategist|recruiter|teacher|professor|lecturer|tutor|coach|trainer"
    r"|mentor|librarian|musician|composer|producer|photographer|filmmaker|videographer|illustrator|animator|artist|sculptor"
    r"|painter|potter|carpenter|farmer|gardener|chef|cook|baker|barista|architect|urbanist|planner|organi[sz]er|facilitator"
    r"|investor|trader|banker|freelancer|sysadmin|administrator|devops|tester|technician|electrician|mechanic|pilot"
    r"|activist|podcaster|blogger|streamer|curator|copywriter|salesperson|operator|maker|\w+ologist)$",
    re.I,
)
_NOT_A_ROLE = re.compile(
    r"\b(?:bad|terrible|horrible|lazy|crappy|lousy|fake|noob|newbie|beginner|aspiring|former|ex|retired|wannabe|would-be|future"
    r"|not|no|new|novice|hobby|hobbyist|casual|mad|poor|old|silly|stupid|better|worse|typical|mere|simple|dumb|great|real)\b",
    re.I,
)
ROLE_ZH = re.compile(
    r"(?:工程师|设计师|程序员|产品经理|项目经理|经理|开发者?|研发|架构师|插画师|画师|摄影师|剪辑师|律师|教师|老师|教练|培训师|医生|护士"
    r"|药师|会计师?|审计师?|编辑|记者|翻译|译者|导演|编剧|作家|作者|撰稿人|博主|主播|研究员|研究者|学者|咨询师|咨询顾问|顾问|规划师|分析师"
    r"|科学家|运营|策划|文案|创业者|创始人|投资人|投资经理|建筑师|音乐人|乐手|艺术家|策展人|社工|猎头|销售|农人|厨师|烘焙师|手艺人|木匠"
    r"|花艺师|导游|店主|主理人|自由职业者|独立开发者|架构师|测试|前端|后端|设计|产品)$"
)

SOCIAL_EN = re.compile(
    r"\b(?:co-?founders?|partners?(?! key)|collaborators?|collaborations?|mentors?|mentees?|mentorship|mentoring|coach(?:es|ing)?"
    r"|teammates?|band ?mates?|friends?|penpals?|designers?|developers?|devs|engineers?|programmers?|writers?|co-?authors?|editors?"
    r"|translators?|researchers?|marketers?|investors?|investment|funding|funders?|grants?|clients?|freelancers?|freelance"
    r"|(?<!cron )jobs?|gigs?|internships?|apprenticeships?|volunteers?|contributors?|co-?maintainers?|beta testers?|musicians?"
    r"|illustrators?|photographers?|artists?|speakers?|teachers?|tutors?|instructors?|study (?:group|buddy|partner)"
    r"|reading group|book club|writing group|budd(?:y|ies)|accountability|co-?working|office space|studio space|venue"
    r"|language exchange|career|new role|full[- ]time|part[- ]time|remote work|(?:someone|somebody|people|folks|anyone|others|person) "
    r"(?:to|who|interested|with|keen|wanting|willing|into|in)\b)",
    re.I,
)
_SOMEBODY_EN = re.compile(r"\b(?:someone|somebody|people|folks|anyone|others|person)\b", re.I)
_TO_DO_EN = re.compile(r"\b(?:someone|somebody|people|folks|person)(?:\s+\w+)?\s+(?:to|who'?d?|with|for)\s+\w+", re.I)
_TOGETHER_EN = re.compile(
    r"\b(?:join|build|start|collaborat\w*|co-?\w*write|mentor|teach|coach|together|partner|learn|practi[cs]e|study|create|host|organi[sz]e"
    r"|volunteer|cares?|shares?|love|interested in|passionate|into|experience|design|market|illustrat\w*|translate|fund|invest|hire|run|play|hike|climb|sing|dance|swap|train|cook|garden)\b",
    re.I,
)
SOCIAL_ZH = re.compile(
    r"合伙人|合伙|搭子|搭档|伙伴|朋友|同伴|队友|同好|同行|同频|志同道合|导师|老师|前辈|教练|师傅|顾问|工作|实习|兼职|内推|机会|项目|合作|设计师|工程师"
    r"|程序员|开发者?$|前端|后端|产品经理|运营|译者|翻译|编辑|插画师|画师|摄影师|剪辑师|律师|会计|志愿者|投资|融资|客户|渠道|人脉|场地|工位|办公室|一起|会.+的人"
    r"|懂.+的人|做.+的人|读书会|共读|共学|语伴|嘉宾|作者|室友|资源|人才|技术合伙|社群|圈子|团队|玩伴|球友|创业者"
)
MOMENT = re.compile(
    r"\b(?:way to|ways to|docs?|documentation|example|regex|error|bug|issue|patch|PR|pull request|commit|function|method|module"
    r"|compil\w+|install\w*|parse\w*|parsing|syntax|operator|variable|string|grammar|test|tests|file|link|url|command|ticket"
    r"|output|input|stack ?trace|version|package|branch|repo|build|fix|fixes|fixing|debug\w*|answer|reason|loop|typo|job queue"
    r"|segfault|crash|workaround|log|logs|config|script|snippet|hack|stub|refactor\w*|blog ?post|reply|response|lunch|dinner|coffee|PRs|code|codebase|solution|exception|dist|screenshot|bytecode|backtrace\w*|iterator|iterable|hash|array"
    r"|bed|sleep)\b",
    re.I,
)
TODAY_ZH = re.compile(r"拼车|打车|外卖|今天|今晚|明天|明早|这周|本周|快递|红包|厕所")
MOMENT_ZH = re.compile(
    r"报错|拼车|打车|吃|今天|明天|今晚|这周|本周|考第一|文档|链接|安装|编译|代码|bug|教程|下载|破解|饭|外卖|觉|厕所|红包|截图|图片|表情|文件|版本|会议|群主|医院|快递|餐厅|耳机",
    re.I,
)
VAGUE = re.compile(
    r"^(?:无|没有|暂无|没啥|保密|随缘|都行|都可以|不限|未知|待定|n/?a|none|nothing|tbd|any|anywhere|yes|no|remote|much|many|help|sure|all|otherwise|pretending|guessing|project|projects|proposal|master|wrapper|framework|join|build|start|learn|study|collaborate|how to .*|do better"
    r"|a lot|lots|people|person|work|good|ideas?|信息|事情|东西|问题|时间|人|事|一个人|一个|[\d一二三四五六七八九十几多两]+年(?:的|多)*(?:工作)?(?:经验|经历)|机会|帮助|了解|一下|大神|大佬)$",
    re.I,
)
DETERMINED = re.compile(
    r"^\W*(?:the|this|that|these|those|it|its|my|your|his|her|their|our|each|every|both|no|nothing|anything)\b", re.I
)


_AIM_EN = re.compile(
    r"^become\b|\b(?:communit\w+|start-?ups?|compan(?:y|ies)|business|non-?profit|co-?op\w*|foundation|school|book|novel|podcast|magazine|newsletter"
    r"|meet-?ups?|conference|club|studio|gallery|festival|film|documentary|album|garden|farm|caf[eé]|restaurant|kitchen|bakery|hackerspace"
    r"|makerspace|co-?working|co-?living|movement|course|career|reading group|study group|app|marketplace|social enterprise|charity"
    r"|(?:this|next) year|(?:in|within) (?:\w+) years|by 20\d\d|some ?day|independent|self-employed|living from|for a living|"
    + ROLE_EN.pattern[4:-2]
    + r")(?:s\b|\b)",
    re.I,
)
_WORK_EN = re.compile(
    r"\b(?:protocol|project|app|application|librar(?:y|ies)|platform|book|novel|paper|research|game|language|compiler|start-?up|company|thesis"
    r"|dissertation|course|film|documentary|album|service|network|website|wallet|community|marketplace|newsletter|podcast|magazine|product|robot"
    r"|garden|exhibition|curriculum|tool|system|spec(?:ification)?|engine|dataset|model|models|fuzzing|cooperative|co-?op|non-?profit|device|studio)\b",
    re.I,
)
_PLATFORM_EN = re.compile(
    r"\b(?:linux|windows|mac(?:os)?|ubuntu|bsd|laptop|at home|at work|weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
    re.I,
)
CODEISH = re.compile(r"[#$@{}<>=\\]|::|=>|\w\(|\w_\w|\.\w+\b(?<!\.js)")
_DETERMINED_VERB = re.compile(
    r"^[\w-]+\s+(?:the|this|that|some|a|an|it|any|all|those|these|my|your|in|to|and|or)\b", re.I
)
_GERUND = re.compile(
    r"^(?!(?:machine |deep )?learning|teaching|writing|engineering|marketing|housing|training|building)[a-z]+ing\b",
    re.I,
)


# Whoever seeks a person by trade seeks a connection; whoever has the trade offers a skill.
TRADE = re.compile(rf"{SOCIAL_EN.pattern}|{ROLE_ZH.pattern}|师|者$", re.I)

KINDS: tuple[tuple[ValueKind, re.Pattern[str]], ...] = (
    ("connections", re.compile(r"^(?:introduc|引荐|介绍|认识|结识)", re.I)),
    ("income", re.compile(
        r"\b(?:jobs?|gigs?|internships?|freelance|clients?|customers?|funding|funders?|fundrais\w*|grants?|invest\w*|hiring|paid|salary|revenue|sponsor\w*"
        r"|new role|full[- ]time|part[- ]time|remote work)\b|工作$|找工作|工作机会|实习|兼职|内推|投资|融资|客户|订单|副业|变现|收入|赚钱|求职", re.I)),
    ("growth", re.compile(
        r"\b(?:learn\w*|mentor\w*|teach\w*|coach\w*|tutor\w*|courses?|lessons?|stud(?:y|ying)|reading group|book club|feedback|review\w*|critique"
        r"|career|training|advice|accountability|language exchange|practi[cs]e)\b|学|导师|教|辅导|成长|读书|共读|课程|指导|培训|复盘|咨询|语伴|练", re.I)),
    ("connections", re.compile(
        r"\b(?:co-?founders?|partners?|collaborat\w*|people|person|someone|somebody|anyone|folks|friends?|introduc\w*|meet\w*|connect\w*|network\w*|communit\w*|contributors?"
        r"|volunteers?|team\w*|budd(?:y|ies)|join|co-?found)\b"
        r"|合伙|伙伴|搭子|搭档|朋友|人脉|引荐|认识|结识|链接|队友|同好|同行|同频|志同道合|一起|组队|志愿者|社群|圈子", re.I)),
    ("resources", re.compile(
        r"\b(?:space|venue|office|servers?|hardware|equipment|data ?sets?|tools?|gpus?|studio|cameras?|budget|templates?|spare)\b"
        r"|场地|设备|数据(?!分析|科学|挖掘|产品|工程)|服务器|资源|素材|工具|渠道|物料|办公室|工位", re.I)),
)  # fmt: skip

NEGATED = re.compile(
    r"^\W*(?:(?:not|no|never|nothing|neither|anything but)\b|(?:不(?!锈|仅|同|动产)|没|无(?!障碍|人机|线|印|废|家|国)|别(?!墅)))",
    re.I,
)
ADDRESSED = re.compile(
    r"的(?:同学|小伙伴|朋友|人|群友|家人|伙伴|老师)们?(?:都|也|请|就)?(?:可以|能|看|欢迎|来|加|联系|报名|私|举|注意|扣|找)"
)
HELP_ME = re.compile(r"\b(help|teach|mentor|advise|join|guide|coach)\s+(?:me|us)(?:\s+out)?\s+(\w)", re.I)
DETERMINED_THIS = re.compile(r"^\W*(?:this|that|these|those|it|its|your|his|her|their|anything|nothing)\b", re.I)

_ROLE_END = re.compile(
    r"\s(?:at|in|from|based|with|for|working|who|that|living|here|by|and|on|focus\w+|speciali\w+|turned|doing|interested)\b|[,.;:(!/|]|\s[-–—]\s",
    re.I,
)
_ROLE_END_ZH = re.compile(r"[,:;(、。!/|]|兼|和|以及|也|\s")
_ROLE_OWNED = re.compile(r"^.{2,14}的(?=.{2})")
_PLACE_END = re.compile(
    r"[.;:(!?)/|\x00]|\s[-–—]\s|\s(?:and|but|so|for|since|where|working|with|as|who|now|at|right|currently|these|looking|doing|right|to|is|if|because|i)\b",
    re.I,
)
_PLACE_WORDS = re.compile(
    r"^(?:the\s+)?([A-ZÀ-ÞŁŚŽČ][\w.'-]*(?:[ -](?:(?:de|do|da|del|la|of|am|upon)\s)?[A-ZÀ-Þ][\w.'-]*){0,3})(?:,\s*([A-Z][\w.'-]*(?:\s[A-Z][\w.'-]*){0,2})(?![\w']))?"
)
_PLACE_LOWER = re.compile(rf"^(?:the\s+)?({PLACES_EN})\b", re.I)
_PLACE_ZH = re.compile(rf"^(?:中国)?((?:{PLACES_ZH})(?:省|市)?(?:[ ·]?(?:{PLACES_ZH})市?)?)")
_PLACE_ZH_ANY = re.compile(r"^([\u3400-\u9fff·]{2,8})(?:$|[,。;:!、(\s])")
_NOT_A_PLACE_ZH = re.compile(
    r"家|公司|学校|路上|地球|宇宙|火星|床|江湖|人间|远程|线上|系|轴|原点|点|图|未知|保密|待定|我|你|他|这|那"
)
_NOT_A_PLACE_EN = re.compile(
    r"^(?:I|Perl|Raku|Rust|Python|C|Java\w*|Go|Linux|English|Hell|Love|Fear|Earth|Mars|January|February|March|April|May|June|July|August|September|October|November|December|My|This|That|A|An)\b",
    re.I,
)


def place_in(text: str) -> str:
    """The place that `text` begins with, "" when it begins with none or the person is only passing through."""
    text = text.lstrip(" :")
    chinese = _PLACE_ZH.match(text)
    if chinese:
        return "" if _NOT_STAYING.match(text[chinese.end() :]) else chinese.group(1)
    anywhere = _PLACE_ZH_ANY.match(text)
    if anywhere:
        return "" if _NOT_A_PLACE_ZH.search(anywhere.group(1)) else anywhere.group(1)
    end = _PLACE_END.search(text)
    text = text[: end.start()] if end else text
    named = _PLACE_WORDS.match(text) or _PLACE_LOWER.match(text)
    if not named or _NOT_A_PLACE_EN.match(named.group(1)):
        return ""
    return ", ".join(part for part in named.groups() if part)


def role_in(text: str) -> str:
    """The occupation that `text` begins with, "" when it names none."""
    if re.match(r"[\u3400-\u9fff]", text) or re.search(r"[\u3400-\u9fff]", text[:16]):
        return _role_zh(text)
    role = _ROLE_END.split(text, maxsplit=1)[0].strip()
    if not ROLE_EN.search(role) or _NOT_A_ROLE.search(role) or len(role.split()) > 5:
        return ""
    return role


def _role_zh(text: str) -> str:
    role = _ROLE_OWNED.sub("", _ROLE_END_ZH.split(text.strip(), maxsplit=1)[0])
    return role if ROLE_ZH.search(role) and 2 <= len(role) <= 12 and not _NOT_MINE_ZH.search(role) else ""


_NOT_MINE_ZH = re.compile(r"[我你他她这那不没]|一个好|想|前任|前产品|实习产品")


def fits(check: Check, phrase: str) -> bool:
    """Whether a phrase is, outside an introduction, what `check` asks for."""
    if check in ("social", "people"):
        return is_social(phrase)
    if is_zh(phrase):
        return _fits_zh(check, phrase)
    if check == "aim":
        return _AIM_EN.search(phrase.split(" to ")[0]) is not None
    if check == "work":
        return len(phrase.split()) >= 3 and not _GERUND.match(phrase) and _WORK_EN.search(phrase) is not None
    if check == "habit":
        return _PLATFORM_EN.search(phrase) is None
    if check == "joint":
        return " " in phrase
    if check == "skill":
        return " " in phrase and not _DETERMINED_VERB.match(phrase)
    return True


# What will be done ("我会做完") is no skill; what somebody is like is no occupation.
_FUTURE_ZH = re.compile(
    r"完|到时|明天|今晚|下次|下周|周[一二三四五六日天]|一定|尽快|马上|出来$|进去$|起来$|的$|给你|发给|看看$|一下$|好$|哭|死|吐"
)
_COMPANY_ZH = re.compile(
    r"一起|人$|人[,，的]|者|师|友|伴|搭|手$|员|家教|教练|志愿|组队|小组|翻译|带我|陪|群|[个位名].+的|练|学|聊|爬|骑|跑|打[球羽乒篮网]|拍|录|做|写|办|组|开|读|看|玩|逛|吃|租|养|种|画|唱|跳|弹|乐队|鼓|贝斯|吉他"
)


def _fits_zh(check: Check, phrase: str) -> bool:
    if check == "able":
        return _FUTURE_ZH.search(phrase) is None
    if check == "company":
        return _COMPANY_ZH.search(phrase) is not None and MOMENT_ZH.search(phrase) is None
    return True


# Who does something, by the ending of the word; and things that end like it.
_AGENT_EN = re.compile(
    r"\b[a-z]{3,}(?:er|ers|or|ors|ist|ists|ian|ians|group|table|buddy|partner|second violin|choir|band|team|club)\b",
    re.I,
)
_NO_AGENT_EN = re.compile(
    r"\b(?:folder|server|parser|user|header|number|pointer|wrapper|compiler|container|paper|order|letter|matter|answer|filter|buffer|layer|error"
    r"|browser|computer|adapter|charger|converter|scanner|printer|router|counter|timer|trigger|loader|linker|handler|iterator|operator|constructor"
    r"|vector|selector|color|better|other|another|over|after|under|never|ever|rather|either|whether|later|longer|easier|faster|simpler|master|cluster"
    r"|register|parameter|character|chapter|centre|center|newer|older|bigger|smaller|cheaper|newsletter|poster|meter|water|power|tower|offer|transfer|factor"
    r"|sensor|monitor|mirror|door|floor|list|exist|assist|persist|consist|twist|wrist|gist|dist|checklist|waitlist)s?\b",
    re.I,
)


def is_social(phrase: str) -> bool:
    """Whether what is sought is people, work or learning rather than an answer."""
    head = " ".join(phrase.split()[:6])
    if _SOMEBODY_EN.search(head) and not SOCIAL_ZH.search(phrase):
        return _TO_DO_EN.search(phrase) is not None or _TOGETHER_EN.search(phrase) is not None
    return SOCIAL_ZH.search(phrase) is not None or names_somebody(phrase)


def names_somebody(phrase: str) -> bool:
    """Whether it begins with a kind of people, work or company: "another maintainer on the docs side"."""
    head = " ".join(phrase.split()[:6])
    return SOCIAL_EN.search(head) is not None or _AGENT_EN.search(_NO_AGENT_EN.sub("", head)) is not None


def kind_of(field: SuggestionField, text: str) -> ValueKind:
    """Which of the four values an offer or a seek moves, "" where it cannot be told."""
    if field not in ("offers", "seeks"):
        return ""
    kind: ValueKind = "connections" if field == "seeks" and TRADE.search(text) else ""
    return next((kind for kind, words in KINDS if words.search(text)), kind)
