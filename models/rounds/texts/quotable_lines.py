# ruff: noqa: E501 — a sentence or pattern is easier to check on one line
"""Something that somebody really said where everybody could read it, and that a stranger may take up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.community.evidence import ABLE_AT, WANTING_AT
from models.community.view import Community
from models.meaning.lexicon import shipped
from models.text.lexical import CJK

SURE_ACT = 0.9  # chance of asking or telling from which a line is taken for it
LENGTH = {False: (30, 110), True: (12, 48)}  # characters, by whether it is Chinese

# Answers, links, pictures, and words that only those understand who were there.
_STANDS_ALONE_NOT = re.compile(
    r"https?:|example\.com|\[|@|\b(?:your?|thanks?)\b|^.{0,12}\b(?:that|this|it|these|those|they|he|she|yes|no|agreed?|exactly|same)\b"
    r"|^(?:还有|我可以|那|对|就|也|而且|所以|但|不过)|^[^,，。]{0,4}(?:那个|这个|谢谢|哈哈|嗯|是的|好的)|[您你他她它]们?",
    re.I,
)
_ASKS = re.compile(r"[?？吗呢]\W*$|还是|(?:有没有|谁|怎么|哪[里儿个])")
# What is nobody's business at a first meeting, however openly it was said.
_DELICATE = re.compile(
    r"\b(?:ill|sick|fever|hospital|cancer|cr(?:y|ied|ying)|grey week|depress\w*|anxi\w*|lonely|alone|divorc\w*|died?|death|"
    r"funeral|rejected|fired|debt|broke|sorry|asham\w*|shame|drunk|sex\w*|hate\w*|stupid|scam\w*|exam)\b"
    r"|病|发烧|住院|手术|哭|难过|焦虑|抑郁|孤独|离婚|分手|去世|葬|失业|裁员|简历|欠债|丢人|相亲|骗|讨厌|吵架|崩溃|前任|体检",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as somebody wrote it: it `asks` for something, or else tells of something."""

    text: str
    asks: bool


def line_of(view: Community, row: int) -> Line | None:
    """The line of a member that says most of what they want or do; None where nothing of theirs stands by itself."""
    if view.judgement is None:
        return None
    k = view.judgement.space.size
    found = []
    for piece in view.pieces[row]:
        source, wants = int(piece[-1]), float(piece[k + WANTING_AT])
        if source < 0 or view.documents.asked[source] >= 0 or max(wants, float(piece[k + ABLE_AT])) < SURE_ACT:
            continue
        text = " ".join(view.documents.texts[source].split())
        asks, named = wants >= SURE_ACT or bool(_ASKS.search(text)), len(shipped().inside(text))
        # A question that names nothing to do is about the group's own house: where something is posted, when it starts.
        if _stands_alone(text) and (named or not asks):
            found.append((asks, named, text))
    if not found:
        return None
    asks, _, text = max(found)
    return Line(text, asks)


def _stands_alone(text: str) -> bool:
    least, most = LENGTH[bool(CJK.search(text))]
    if not least <= len(text) <= most:
        return False
    return not _STANDS_ALONE_NOT.search(text) and not _DELICATE.search(text)
