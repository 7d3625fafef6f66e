# ruff: noqa: E501 — a pattern is easier to check on one line
"""How well somebody knows their subject, by what they state and wrote of it: a trade, years, teaching, thanks; or that
they are only learning it."""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST = 4.0  # steps; more signs make nobody any surer
LEARNER = -6.0
ANSWERS = 2  # answers to others from which on they are no chance

_YEARS = re.compile(
    r"\b(?:[3-9]|[1-9]\d|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|many) years\b|\bdecades?\b|\bsince (?:19|20)\d\d\b"
    r"|(?:[3-9]|[1-9]\d|[三四五六七八九]|[一二两三四五六七八九]?十[一二三四五六七八九]?|几十|多)[多来几]?年(?![级前代后内底初])",
    re.I,
)
_TAUGHT = re.compile(
    r"\b(?:taught|teach(?:es|ing)?|teacher|train(?:ed|ing|er)|apprentices|(?<!of )courses?|lessons|workshops?|coach|mentor(?:ed|ing)?)\b"
    r"|教[了过]?.{0,6}(?:年|人|课|学生|班|你|大家)|老师|教练|带过|带.{0,3}[徒学][弟徒员生]|学员|徒弟|授课|培训|入门课|讲师",
    re.I,
)
_TRADE = re.compile(
    r"\b(?:professional(?:ly)?|certified|licen[cs]ed|qualified|chartered|for a living|my (?:shop|trade|practice|workshop|clients|patients|customers)|by trade|works? as|retired)\b"
    r"|\b\w+(?:ician|smith|ologist|wright|ographer|neer)\b"
    r"|\b(?:baker|plumber|carpenter|joiner|mechanic|tailor|gardener|farmer|beekeeper|nurse|doctor|dentist|vet|midwife|therapist|pharmacist|lawyer|solicitor|notary|accountant|bookkeeper|recruiter|translator|interpreter|editor|architect|surveyor|developer|programmer|chef|cook|potter|weaver|luthier|locksmith|roofer|painter|tiler|cobbler)\b"
    r"|执业|注册|持证|职业|专职|专做|从业|师傅|(?:医|律|药|厨|会计|设计|工程|摄影|园艺|裁缝|咨询|营养|治疗|理疗|维修|调律|培训|心理|按摩|化妆|烘焙|面包|摄像|翻译)师|护士|医生|兽医|律师|会计|编辑|译者|裁缝|(?:电|木|水|瓦|钳|焊|花)[工匠]|(?:铺|店|诊所|作坊|事务所|工作室)",
    re.I,
)
_LEARNS = re.compile(
    r"\b(?:i'?m|i am|just|still|started|begun|began) (?:\w+ )?(?:learning|studying|a beginner|new to)\b|\b(?:want|like|love|hope|hoping|trying) to learn\b|\bmy (?:very )?first\b|\bbeginner here\b|\bnever (?:done|tried|managed)\b"
    r"|自学|刚学|在学|想学|学着|初学|旁听|刚入门|刚开始|新手一|我是新手|第一次",
    re.I,
)
_THANKS = re.compile(
    r"\b(?:thanks|thank you|thx|cheers|you saved|that (?:worked|helped|did it)|works now)\b|谢|感恩|有用|管用|好了|救了",
    re.I,
)


_OWN = re.compile(r"\b(?:i|i'm|i've|my|we|our)\b|我|本人|咱", re.I)
_SENTENCE = re.compile(r"[.!?;。！？；\n]+")


def steps(stated: Sequence[str], said: Sequence[str], answers: int, thanks: Sequence[str]) -> float:
    """How far above (or below) somebody of whom nothing is known, `LEARNER` to `MOST`.

    `stated` and `said` are what somebody states and wrote on a subject, `answers` how many of these answer somebody,
    `thanks` what others replied to them. Of what they wrote only what they say of themselves counts.
    """
    own = [sentence for text in said for sentence in _SENTENCE.split(text) if _OWN.search(sentence)]
    together = "\n".join((*stated, *own))
    signs = sum(pattern.search(together) is not None for pattern in (_YEARS, _TAUGHT, _TRADE))
    if not signs and _LEARNS.search(together):
        return LEARNER
    thanked = sum(_THANKS.search(reply) is not None for reply in thanks)
    return min(MOST, signs + min(thanked, ANSWERS) + (answers >= ANSWERS))
