"""Whether a message asks something that somebody else could answer."""

from __future__ import annotations

import re

from models.lexical import CJK, tokens

# Words of content; "really?" and "is it?" ask nothing that could be looked for. Chinese needs fewer of them.
FEWEST_WORDS, FEWEST_ZH = 3, 2

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


def asks(text: str) -> bool:
    """Whether a cleaned text, English or Chinese, asks something with enough words to look for an answer by."""
    asking = _MARK.search(text) or _EN.search(text) or _ZH.search(text)
    return bool(asking) and len(set(tokens(text))) >= (FEWEST_ZH if CJK.search(text) else FEWEST_WORDS)
