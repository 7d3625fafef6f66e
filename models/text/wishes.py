"""Wishes without the words of wishing: what somebody looks for or wants, for a sentence that says so itself.

"想找会画画的人" looks for "会画画的人"; "想学播客" wants to "学播客". A sentence that says "is looking for" around the
whole would say it twice.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

# What a wish is for: something to look for, to do, or to reach.
WishKind: TypeAlias = Literal["seeks", "wants", "aims"]

_SEEKING_ZH = re.compile(
    r"^(?:我们?|本人|现在|目前|最近|也|正)*"
    r"(?:(?:在|想|要|希望|打算|诚|急|长期)*(?:寻找|寻求|寻|招募|招聘|招|找(?!到)|求(?![职学助教带解证])|需要|急需)(?:一下)?)(?=.{2})"
)
_TOGETHER_ZH = re.compile(r"^(?:我们?|本人)*(?:在|想|要|希望|打算)*(?=找人)")  # "找人一起练口语" is something to do
_WISHING_ZH = re.compile(r"^(?:我们?|本人|最近|也)*(?:想要?|希望能?|打算|计划|期待|要)(?=.{2})")
_SEEKING_EN = re.compile(
    r"^(?:i(?:'m| am)?\s+|we(?:'re| are)?\s+)?(?:looking|searching)\s+for\s+"
    r"|^(?:i\s+|we\s+)?(?:seek|need)(?:ing)?\s+(?!to\b)|^wanted:\s+",
    re.I,
)
_WISHING_EN = re.compile(
    r"^(?:(?:i|we)(?:'d| would)?\s+)?(?:want|like|love|hope|wish|need)\s+to\s+|^to\s+(?=[a-z])|^(?=learn\s)", re.I
)


def wish(text: str, otherwise: WishKind = "seeks") -> tuple[WishKind, str]:
    """What a wish is for, and its words without those of wishing; `otherwise` where it has none of those."""
    text = text.strip()
    if _TOGETHER_ZH.search(text):
        return "wants", _TOGETHER_ZH.sub("", text)
    for pattern in (_SEEKING_ZH, _SEEKING_EN):
        if pattern.search(text):
            return "seeks", pattern.sub("", text)
    for pattern in (_WISHING_ZH, _WISHING_EN):
        if pattern.search(text):
            return "wants", pattern.sub("", text)
    return otherwise, text
