# ruff: noqa: E501 — a list of cues is easier to check on one line
"""Who is here to sell: what advertising sounds like, and whose words are mostly that while nobody deals with them.

Somebody who is new and says one thing is not an advertiser; somebody whose one thing is a pitch is. Whoever people
deal with is never taken for one, whatever they announce.
"""

from __future__ import annotations

import re

import numpy as np

from models.community.kept import once_a_view
from models.community.view import Community
from models.meaning.acts import ACT

CUES = 2  # different cues in a text from which it advertises: one alone stands in honest lines, too ...
SOLD = 0.3  # ... and tells only where the reading of the line gives so much to advertising
MOSTLY = 0.2  # share of somebody's passages that advertise, from which they are here to sell
FEW_TIES = 2  # people dealt with, from which somebody belongs here

_CUE = re.compile(
    r"\b(?:whats ?app|telegram|promo code|referral|coupon|airdrop|pre-?sale|limited (?:time|offer|spots|seats)|discount|\d+ ?% off"
    r"|free trial|money[- ]back|guaranteed?|best prices?|buy now|order now|sign up (?:now|here|at|today)|register (?:now|here|at)|book a call|hire us"
    r"|click (?:here|below|the link)|link in bio|dm (?:me|us) (?:for|to)|contact (?:us|them|me) (?:via|at|on)|(?:our|my) (?:website|site|telegram|channel|newsletter|store|shop|course|platform|token)"
    r"|visit (?:our|us|my)|website ?:|join (?:our|us)|check out (?:our|my)|excited to (?:introduce|announce|launch|share)|proud to (?:introduce|announce|present)"
    r"|revolutionary|innovative|cutting[- ]edge|game[- ]chang\w+|world'?s first|industry[- ]leading|unlock(?:s|ing)? (?:your|the|new)|(?:lost|stolen) (?:funds|crypto\w*|bitcoin)|recovery (?:expert|service|team|master)s?"
    r"|investment opportunit\w+|passive income|high returns?|roi\b|why should you care|empower(?:s|ing)?)"
    r"|扫码|二维码|加(?:我)?(?:微信|[vV]信?)|(?:私信|评论区|进群|助理|免费)领|领取|点击(?:链接|下方)|戳链接|限时|优惠|折扣|特价|原价|券后|仅需|包邮|下单|旗舰店|粉丝福利"
    r"|招商|加盟|代理价|诚招|日[入结]|月入|佣金|返利|副业项目|名额有限|先到先得|报名链接|立即报名|(?:训练|特训)营|知识付费|私域|引流|变现|纯干货|完整版|转发.{0,4}朋友圈|内部渠道|稳赚|包过|官网|咨询热线|\d+元/",
    re.I,
)


def cues(text: str) -> int:
    """How many different turns of phrase of advertisements stand in a text; of more than `CUES`, so many."""
    return min(len({found.group().casefold() for found in _CUE.finditer(text)}), CUES)


@once_a_view
def advertisers(view: Community) -> np.ndarray:
    """(N,) bool: who mostly advertises in open rooms and hardly anybody deals with."""
    documents, owner = view.documents, np.asarray(view.documents.owner)
    apart = np.asarray(view.ties.degree) < FEW_TIES
    said = np.flatnonzero((owner >= 0) & apart[np.maximum(owner, 0)])
    if not len(said) or view.judgement is None:
        return np.zeros(view.size, bool)
    ad = view.judgement.space.size + ACT["ad"]
    read = documents.readings.take(said, slice(ad, ad + 1))[:, 0] >= SOLD
    found = documents.cues[said]
    sold = (found >= CUES) | ((found > 0) & read)
    count = np.bincount(owner[said], minlength=view.size)
    return np.asarray(np.bincount(owner[said], sold, minlength=view.size) >= MOSTLY * np.maximum(count, 1))
