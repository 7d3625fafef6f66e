# ruff: noqa: E501 — a pattern is easier to check on one line
"""Which column of a member list means what: by the words of its header, Chinese and English, whole questions too, and
by what is in it.

The patterns stand in the order in which they are tried: who may be asked for a consent, what is private, what people
look for ("What could others help you with?"), what they offer ("What could you help others with?"), and so on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from service.importers.members.answers import answered_at, is_yes_or_no
from service.importers.members.table import Cell, Cells

# What a column may be → in words, for people. Those from "email" on are handles of a platform.
ROLES: Final[Mapping[str, str]] = {
    "name": "name",
    "first_name": "first name",
    "last_name": "last name",
    "id": "id",
    "row_id": "id of the answer, to tell people apart",
    "time": "time of the answer; the newest of two counts",
    "status": "whether they were accepted and come",
    "profile": "profile",
    "aims": "aims",
    "offers": "offers",
    "seeks": "seeks",
    "values": "values and interests",
    "languages": "languages",
    "place": "place",
    "time_zone": "time zone",
    "availability": "availability",
    "consent": "consent",
    "attribute": "attribute, to filter by",
    "unused": "not used",
    "email": "e-mail address",
    "wechat": "WeChat id",
    "wechat_name": "name on WeChat",
    "contact": "ways to reach them, without telephone numbers",
    "phone": "telephone number",
}
IDENTITY = "identity:"  # with a platform behind it
PLATFORMS = (
    "telegram", "discord", "slack", "github", "gitlab", "linkedin", "twitter", "instagram", "facebook", "mastodon",
    "bluesky", "qq", "matrix", "meetup", "irc", "feishu", "dingtalk", "xiaohongshu", "weibo", "zhihu", "douban",
)  # fmt: skip
_PLATFORM_WORDS = {
    "小红书": "xiaohongshu",
    "微博": "weibo",
    "知乎": "zhihu",
    "豆瓣": "douban",
    "飞书": "feishu",
    "钉钉": "dingtalk",
    "x (twitter)": "twitter",
}
STATEMENTS = frozenset(("profile", "aims", "offers", "seeks", "values"))
# Of these a table may have several, and what is in them is put together.
SEVERAL = STATEMENTS | {"languages", "place", "availability", "consent", "attribute", "unused", "status", "contact"}

PRIVATE = "private or about the form"  # what such a column holds is not kept, whatever is in it

_EXACT: dict[str, str] = {
    word.strip(): role
    for role, words in {
        "name": "您的称呼|称呼|你的称呼|怎么称呼您|怎么称呼你|display name|preferred name|call me|昵称|你的昵称|您的昵称|群昵称|花名|nickname|nick|nick name|screen name|姓名|名字|您的姓名|你的名字|您的名字|你的姓名|真实姓名|name|full name|fullname|your name|member|member name|name of member|participant|participant name|guest name|attendee name|attendee|real name|username|user name|user|person|成员|会员|会员姓名|成员姓名|成员名称|学员姓名|嘉宾|嘉宾姓名|参与者|参加者|姓名/昵称|昵称/姓名|nom|vorname und nachname",
        "first_name": "first name|firstname|given name|forename|名|vorname|prénom",
        "last_name": "last name|lastname|surname|family name|姓|姓氏|nachname",
        "id": "id|member id|memberid|user id|userid|uid|person id|会员号|会员编号|成员编号|会员id|成员id|用户id|学号|工号|employee id",
        "row_id": "response id|submission id|respondent id|答卷编号|答题编号|提交编号|answer id",
        "time": "时间戳记|时间戳|timestamp|提交时间|提交答卷时间|填写时间|报名时间|创建时间|注册时间|更新时间|答题时间|开始时间|结束时间|开始答题时间|结束答题时间|created at|created|createdat|submitted at|submitted|submission date|submission time|submit date|submit date (utc)|start date|start date (utc)|end date|start time|completion time|updated at|registered at|registration date|registration time|signed up at|joined at|joined|date submitted|date|time|时间|日期|horodateur|zeitstempel|marca temporal|タイムスタンプ|타임스탬프|carimbo de data/hora",
        "status": "approval status|attendee status|rsvp|rsvp status|status|状态|审核状态|审核结果|报名状态|签到状态|参加状态|registration status|attendance",
        "profile": "内容|bio|about|profile|intro|introduction|self introduction|description|简介|介绍|自我介绍|个人简介|个人介绍|job|job title|title|headline|occupation|profession|company|organization|organisation|employer|position|role|industry|职业|职位|工作|行业|公司|单位|机构|岗位|身份|个性签名|summary|background|text|message|正文",
        "offers": "offers|offer|offering|offerings|skills|skill|skill set|skillset|expertise|strengths|can help with|can offer|gives|provides|擅长|技能|特长|专长|提供|能提供|可提供|能帮|资源|会什么|superpower|superpowers|programming languages|编程语言",
        "seeks": "seeks|seek|seeking|looking for|lookingfor|needs|need|wants|want|wishes|ask|asks|requests|找|想找|想找什么|需要|需求|寻找|求|求助|期待|想认识|诉求|help needed|needs help with",
        "aims": "aims|aim|goals|goal|objectives|目标|目的|plans|current project|current projects|working on|愿景|想做|想做的事|计划",
        "values": "values|interests|interest|hobbies|hobby|topics|tags|keywords|兴趣|爱好|兴趣爱好|标签|关键词|感兴趣的话题|话题|方向|兴趣方向|领域|关注领域|价值观|passions|areas of interest|fields",
        "languages": "languages|language|spoken languages|语言|语种|会的语言",
        "place": "place|city|location|town|region|country|state|based in|lives in|home city|home country|home state|城市|所在城市|常驻城市|常驻地|所在地|居住地|地区|地点|坐标|省份|国家|现居|现居地|base|area|neighborhood|neighbourhood",
        "time_zone": "time zone|timezone|tz|时区|iana timezone",
        "availability": "availability|available|available times|free|空闲时间|有空时间|可参加时间|方便时间|方便的时间|时间段|时段",
        "consent": "consent|agreement to be introduced|visibility|可见范围",
        "email": "email|e mail|mail|email address|e mail address|your email|emailaddress|邮箱|电子邮箱|电子邮件|邮件|邮箱地址|电子邮件地址|您的邮箱|username (email)|adresse e mail|e mail adresse",
        "wechat": "微信号|微信|微信id|您的微信号|你的微信号|wechat|wechat id|weixin|wxid|微信账号|wechatid",
        "wechat_name": "微信昵称|微信名|微信名称|您的微信昵称|你的微信昵称|群内昵称|wechat name|wechat nickname",
        "phone": "手机|手机号|手机号码|电话|电话号码|联系电话|您的手机号|phone|phone number|mobile|mobile number|cell phone|cell|telephone|tel|whatsapp number|whatsapp|signal",
        "contact": "联系方式|您的联系方式|contact|contact info|contact details|how to reach you",
        PRIVATE: "序号|编号|no|no.|#|row|index|unnamed: 0|level 0|来自ip|ip|ip address|所用时间|来源|来源详情|总分|得分|score|duration|用时|答题时长|耗时|source|utm source|custom source|referrer|network id|user agent|device|browser|token|头像|avatar|avatar url|photo|photo url|picture|image|url of member profile|qr code url|zip|zip code|postal code|postcode|address|street|street address|home address 1|home address 2|home zip|地址|详细地址|收货地址|邮编|birthday|date of birth|birth date|生日|出生日期|身份证|身份证号|id card|passport|password|密码|薪资|salary|event name|event id|order|order id|order number|order date|order type|quantity|currency|amount|price|price tier|total paid|ticket|ticket type|ticket name|promo code|coupon|discount|票种|票价|金额|订单号|付款方式|支付状态",
    }.items()
    for word in words.split("|")
}
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern, re.I))
    for role, pattern in (
        # Agreements about other things than being introduced are no consent to it.
        (PRIVATE, r"拍照|拍摄|摄影|影像|录像|录音|肖像|newsletter|mailing list|订阅|terms (?:and|&|of)|code of conduct|社群公约|群规|活动规则|条款|隐私政策|privacy policy|退款|refund|cancell|marketing|photograph|be filmed|recording|liability|waiver|免责"),
        ("consent", r"(?:同意|授权|允许|愿意|介意|接受|是否(?:可以|能)?|能否|可否).{0,30}(?:介绍给|被.{0,6}认识|推荐|匹配|公开|展示|可见|对接|引荐|联系(?:您|你|我)|把.{0,12}介绍)|(?:信息|资料|名片|档案|介绍).{0,12}(?:公开|展示|可见|给谁看)|谁可以看|可见范围"),
        ("consent", r"(?:may|can|could|shall) we (?:introduce|share|show|match|list|recommend|connect)|(?:ok|okay|happy|agree|allow|permission|consent|comfortable|opt|willing|would you (?:like|mind)|do you mind|want) .{0,50}(?:be(?:ing)? (?:introduced|matched|shown|listed|recommended|visible)|introduc(?:e|ing) (?:me|you)|shar(?:e|ing) (?:my|your) (?:profile|info|information|details|contact|answers|data)|show(?:ing)? (?:my|your) (?:profile|answers)|match(?:ing)? (?:me|you))|who (?:may|can) see"),
        (PRIVATE, r"\bip\b|从?哪里?(?:得知|知道|了解到?|听说)|(?:得知|知道|了解).{0,12}(?:渠道|途径)|渠道|推荐人|介绍人|邀请人|谁(?:推荐|介绍|邀请)|how did you (?:hear|find|learn|get to know)|hear(?:d)? (?:about|of) (?:us|this|the)|referr(?:ed|al|er)|who (?:invited|referred|told)|订单|支付|付款|缴费|发票|票[种价]|押金|报名费|\border\b|payment|\bpaid\b|invoice|\bfees?\b|\butm\b|紧急联系|emergency contact|dietary|diet\b|allerg|饮食|忌口|过敏|身份证|护照|passport|生日|出生|birth|地址|\baddress\b(?<!e-mail address)(?<!email address)|邮编|postal|billing|shipping|t-?shirt|衣服尺码|身高|体重|收入(?:是|水平|范围)|salary"),
        ("email", r"e-?mail|邮箱|电子邮件"),
        ("wechat_name", r"微信.{0,3}(?:昵称|名)|wechat.{0,3}(?:nick|name)"),
        ("contact", r"联系方式|how (?:can|do|may|should) (?:we|others|people|members) (?:reach|contact)|contact (?:info|detail)|(?:微信|wechat).{0,4}(?:手机|电话|邮箱|phone)|(?:手机|电话|phone).{0,4}(?:微信|wechat)"),
        ("wechat", r"微信(?:号|账号|帐号|id)|^(?:您|你)的微信$|wechat ?id|your wechat"),
        ("phone", r"手机|电话|phone|mobile number|telephone"),
        ("time_zone", r"时区|time ?zone"),
        ("name", r"怎么称呼|如何称呼|称呼(?:您|你)|(?:您|你)的(?:昵称|称呼|姓名|名字|大名)|(?:what|how) (?:should|can|may|do|would|shall) (?:we|others|people|i|you like) .{0,20}call(?:ed)?(?: you)?|what(?:'s| is) your (?:full |first |preferred )?name|your (?:full |preferred )?name|\b(?:full|preferred|display) name\b|^(?:昵称|姓名|称呼|名字)\W"),
        # Free time before "looking for": "When would you like to meet?"
        ("availability", r"(?:时间|时段).{0,8}(?:方便|空|合适|可以|参加|参与)|(?:什么时候|何时|哪些时间|哪几天|几点).{0,10}(?:方便|有空|可以|参加|合适)|空闲|有空|方便的?(?:时间|时段)|availab|when (?:are|can|could|would|do) you|(?:days?|times?) (?:that |which )?(?:suits?|works?|are (?:good|best)|you are free)|free time|best times?|preferred times?"),
        ("offers", r"为(?:大家|社[群区]|其他|其它|别人|他人|成员|群友|伙伴|彼此|我们).{0,6}(?:提供|做|带来|贡献|分享)|给(?:大家|社[群区]|别人|他人|其他|其它|成员|群友).{0,6}(?:提供|带来|帮|什么)|(?:希望|愿意|想|可以|能|能够|乐意).{0,3}(?:提供|分享|贡献|输出|教)|(?:可以|能|能够)(?:帮助?|支持|帮到)(?:别人|他人|大家|其他|成员|什么|社|哪)|(?:you|i) (?:can|could|would|might|may|will)(?: be (?:able|happy|willing) to)? (?:offer|help (?:other|people|someone|member|the|with|us|in)|teach|share|contribute|bring|give|provide|support)|(?:help|support|teach|offer|give|share with|contribute to) (?:to )?(?:others?|other members|the community|people|fellow|our community)|willing to (?:offer|share|teach|help)"),
        ("seeks", r"(?:想要?|希望|打算|期待|期望|正在|需要).{0,12}(?:找到?|寻找|认识|结识|学到?|学习|遇[到见]|获得|得到|收获|链接|对接|了解|请教|解决)|希望(?:别人|他人|大家|社|其他).{0,10}(?:帮|提供|支持)|(?:想|愿意|要)认识|认识(?:什么|哪)|寻找|想找|要找|正在找|在找|需求|需要(?:什么|哪|的|别人|大家|帮|支持|资源)|求助|诉求|期待|期望|缺(?:什么|少|哪)|遇到.{0,6}(?:困难|问题|挑战)|look(?:ing)? for|hop(?:e|ing) to (?:find|meet|get|gain|learn|connect)|(?:want|like|wish|love|keen|eager) to (?:find|meet|learn|get|gain|connect|be introduced)|\bseek|\bneed(?:s|ed)?\b|\bwant(?:s|ed)?\b|\bwish(?:es)?\b|help (?:you|me)\b|(?:helps?|supports?) (?:from|would you)|ask(?:ing)? (?:for|of|from)|get out of|who would you|(?:gain|get|learn) from|expect|in search of|challenges?"),
        ("offers", r"擅长|技能|特长|专长|拿手|(?:能|可以|可)(?:提供|分享|教|贡献|帮)|提供|贡献|分享(?:什么|哪|的)|会什么|能做什么|有(?:什么|哪些).{0,6}(?:资源|经验|能力|技能)|资源|\boffer|\bskills?\b|expertise|expert in|good at|\bteach|contribut|you (?:bring|give)|bring to|strengths?|superpower|can help|help with|share (?:with|your)|experience(?:d)? (?:in|with)|tech stack|programming languages"),
        ("aims", r"目标|打算|计划|愿景|想(?:一起)?(?:做|实现|完成|发起|创办)(?:什么|的|哪|成|到)?|在做(?:的|什么)?(?:项目|事)|\bgoals?\b|\baims?\b|\bplan(?:s|ning)?\b|working on|want to (?:build|do|make|achieve|start|create|accomplish)|would like to (?:build|do|make|achieve|start|create)|\bprojects?\b|dream"),
        ("values", r"兴趣|爱好|感兴趣|关注(?:的|什么|哪|领域|方向)|话题|标签|关键词|价值观|看重|在意|喜欢|热爱|interest|hobb|topics?\b|\btags?\b|keywords?|\bvalues?\b|care about|passion|favou?rite|enjoy|matters? to you"),
        ("languages", r"(?:会|说|讲|使用|掌握|懂).{0,4}语言|语言(?:能力)?$|哪些语言|languages?\b|\bspeak\b"),
        ("place", r"城市|所在(?:地|区)|常[住驻]|居住|坐标|省份|现居|来自(?:哪|什么)|住在|在哪|\bcity\b|\blocation\b|where (?:are|do) you|where you (?:are|live)|based in|\bcountry\b|which (?:city|town|country|region)|\blive in\b"),
        ("profile", r"介绍|简介|关于(?:我|你|您|自己)|做什么(?:的|工作|？|\?|$)|从事|职业|职位|工作(?:是|内容|单位)?|行业|身份|背景|经历|专业|学校|公司|一句话|自己|\bbio\b|about (?:you|me|your)|introduc|tell us|who are you|what do you do|what you do|describe|occupation|\bjob\b|profession|company|\brole\b|organi[sz]ation|background|headline|working as|yourself|day job"),
    )
)  # fmt: skip
_NUMBERED = re.compile(
    r"^(?:[*＊]\s*)?(?:(?:q|question\s*)?\d{1,3}\s*[.、．)）:：]\s*|[(（]\d{1,3}[)）]\s*|[一二三四五六七八九十]{1,3}、)\s*",
    re.I,
)
_ASIDE = re.compile(
    r"[*＊]|[(（【\[](?:必填|选填|可选|必答|多选题?|单选题?|填空题?|required|optional|multiple choice|select all.*?|可多选|最多选.*?|不限)[)）】\]]",
    re.I,
)
_ADDRESS = re.compile(r"[^\s@<>;,，；]{1,100}@[^\s@<>;,，；]+\.[^\s@<>;,，；]{2,60}")
# Headers that most chat tables have: with these three a table may be a chat.
_CHAT_TEXT = frozenset(
    (
        "内容",
        "消息",
        "消息内容",
        "消息正文",
        "正文",
        "聊天内容",
        "发言内容",
        "文本",
        "文本内容",
        "text",
        "message",
        "content",
        "msg",
        "body",
    )
)
_SENDER = re.compile(r"发送[者人]|发言人|发信人|\bsender|\btalker|\bauthor")
_CHAT_TIME = frozenset(
    (
        "时间",
        "发送时间",
        "消息时间",
        "time",
        "date",
        "datetime",
        "timestamp",
        "日期",
        "createtime",
        "sent at",
        "created at",
    )
)


@lru_cache(maxsize=4096)
def plain(header: str) -> str:
    """A header without its number, its star and other asides, in small letters."""
    text = unicodedata.normalize("NFKC", header).casefold()
    text = _NUMBERED.sub("", _ASIDE.sub(" ", text))
    return " ".join(text.split()).strip(" :：?？。.")


@lru_cache(maxsize=4096)
def role_of(header: str, *not_one_of: str) -> str:
    """What a header of these words means, "" where they say nothing."""
    text = plain(header)
    words = re.sub(r"[_\-\s]+", " ", text).strip()
    # An object within an object: "profile.email" is an e-mail address.
    for word in (text, words, words.rsplit(".", 1)[-1]):
        if (exact := _EXACT.get(word)) and exact not in not_one_of:
            return exact
    if platform := _platform(words):
        return IDENTITY + platform
    if len(text) > 400:
        text = text[:400]
    found = (role for role, pattern in _PATTERNS if role not in not_one_of and pattern.search(text))
    return next(found, "")


_HANDLE_ASKED = re.compile(
    rf"({'|'.join((*PLATFORMS, *map(re.escape, _PLATFORM_WORDS)))})\s*(?:profile|handle|url|link|user ?name|account|id\b|号|账号|帐号|主页|链接)",
    re.I,
)


def _platform(words: str) -> str:
    for word in (
        words,
        re.sub(
            r"(?:^your |^你的|^您的|\b(?:url|link|handle|id|username|user name|account|profile|name)$|号$|账号$|帐号$|id$|主页$)",
            "",
            words,
        ).strip(),
    ):
        if word in PLATFORMS:
            return word
        if word in _PLATFORM_WORDS:
            return _PLATFORM_WORDS[word]
    # "What is your LinkedIn profile?"
    asked = _HANDLE_ASKED.search(words)
    return (_PLATFORM_WORDS.get(asked[1]) or asked[1]) if asked else ""


def hits(header: list[str]) -> int:
    """How many of these are names of columns of a table of people."""
    return sum(1 for cell in header if cell and len(cell) < 600 and role_of(cell) not in ("", PRIVATE))


def is_like_a_chat(header: Iterable[str]) -> bool:
    """Whether a table has columns of a time and of words, as chats do."""
    words = {plain(cell) for cell in header}
    return bool(words & _CHAT_TEXT and (words & _CHAT_TIME or any(map(_SENDER.search, words))))


def by_contents(role: str, header: str, cells: Sequence[Cell]) -> str:
    """The role of a column, looked at what is in it."""
    texts = [cell for cell in cells if isinstance(cell, str) and cell][:200]
    if not texts:
        return role
    if role == "consent" and _share(texts, is_yes_or_no) < 0.5:
        # "Are you willing to introduce your work?" is answered with words.
        return role_of(header, "consent")
    if role in ("", "contact", "name", "id", "values", "profile") and _share(texts, _is_address) > 0.8:
        return "email"
    if role == "time" and _share(texts, _is_time) < 0.6:
        return "availability"
    if role == "status" and _share(texts, lambda text: stands_for(text) is not None) < 0.95:
        return "attribute"
    if role == "availability" and _share(texts, _is_time) > 0.9:
        return "time"
    return role


def _share(texts: Sequence[str], is_one: Callable[[str], bool]) -> float:
    return sum(map(is_one, texts)) / len(texts)


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


def _is_time(text: str) -> bool:
    return answered_at(text, False) is not None or answered_at(text, True) is not None


# --- accepted and attending ------------------------------------------------------------------------------------------

_COMING = frozenset(
    [
        "approved",
        "attending",
        "going",
        "yes",
        "checked in",
        "confirmed",
        "registered",
        "accepted",
        "completed",
        "active",
        "member",
        "paid",
        "attended",
        "complete",
        "approve",
        "通过",
        "已通过",
        "审核通过",
        "已报名",
        "报名成功",
        "已确认",
        "确认",
        "已签到",
        "签到",
        "参加",
        "成功",
        "有效",
        "已支付",
        "已付款",
        "是",
        "正常",
        "已加入",
    ]
)
_NOT_COMING = frozenset(
    [
        "session",
        "pending approval",
        "pending",
        "invited",
        "declined",
        "waitlist",
        "waitlisted",
        "wait list",
        "rejected",
        "cancelled",
        "canceled",
        "refunded",
        "not attending",
        "no",
        "deleted",
        "transferred",
        "not going",
        "no show",
        "not approved",
        "denied",
        "expired",
        "incomplete",
        "unpaid",
        "inactive",
        "removed",
        "banned",
        "maybe",
        "not checked in",
        "unsubscribed",
        "未通过",
        "已拒绝",
        "拒绝",
        "待审核",
        "审核中",
        "已取消",
        "取消",
        "候补",
        "退款",
        "已退款",
        "无效",
        "不参加",
        "否",
        "未支付",
        "未付款",
        "未确认",
        "已删除",
        "未报名",
        "审核不通过",
        "不通过",
    ]
)


def stands_for(status: str) -> bool | None:
    """Whether somebody of this status was accepted and comes; None for a word that says neither."""
    word = re.sub(r"[_\-\s]+", " ", status.strip().casefold())
    return True if word in _COMING else False if word in _NOT_COMING else None


# --- attributes ------------------------------------------------------------------------------------------------------

_LONGEST_VALUE = 40
_MOST_VALUES = 20
_ONE_WORD = 16


def may_be_attribute(column: str, cells: Sequence[Cell]) -> bool:
    """Whether a column that nothing else is known of holds short values, few of them, as one filters by."""
    texts = [cell for cell in cells if isinstance(cell, str) and cell]
    values = set(texts)
    if not texts or len(texts) < len(cells_given(cells)) or len(column) > 100:
        return False
    few = len(values) <= _MOST_VALUES and len(values) * 2 <= len(texts)
    if len(texts) < 6:  # too few to tell by how often they come
        few = all(len(value) <= _ONE_WORD and "://" not in value for value in values)
    return few and max(map(len, values)) <= _LONGEST_VALUE


def cells_given(cells: Sequence[Cell]) -> list[Cell]:
    """Those that hold something."""
    return [cell for cell in cells if cell]


def is_choice(cells: Sequence[Cell]) -> bool:
    """Whether the commas of a column stand between answers of a list: most of what is between them comes again."""
    texts = [cell for cell in cells if isinstance(cell, str) and ", " in cell]
    counts: dict[str, int] = {}
    for cell in cells:
        for item in set(cell.split(", ")) if isinstance(cell, str) else ():
            counts[item] = counts.get(item, 0) + 1
    used = [item for text in texts for item in text.split(", ")]
    again = sum(counts[item] > 1 for item in used)
    return len(texts) >= 3 and again >= 0.8 * len(used)


def column(rows: Sequence[Cells], name: str) -> list[Cell]:
    """What stands under a name; "" where nothing does."""
    return [row.get(name, "") for row in rows]
