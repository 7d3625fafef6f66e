# ruff: noqa: E501 — a pattern is easier to check on one line
"""What a line does: asks, answers, offers, wishes, tells of something, or says nothing at all.

Asking is not knowing, and a greeting is no interest. A softmax regression over the sentence vector, the words (hashed)
and a few signs, fitted on lines written for it (`training.meaning`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import scipy.sparse as sp

ACTS = ("question", "metoo", "answer", "dontknow", "offer", "wish", "telling", "remark", "smalltalk", "announcement",
        "ad", "refusal", "negated", "bye", "empty")  # fmt: skip
ACT = {name: i for i, name in enumerate(ACTS)}
# Acts that show that somebody can do or knows something, acts that show that they want it, and acts about nothing.
ABLE = ("answer", "offer", "telling")
WANTING = ("question", "wish", "metoo")

HASHED = 4096
TEXT_CHARS = 400  # what a line does, it does at its beginning
_WORD = re.compile(r"[\u3400-\u9fff]+|[a-z0-9']+|[?？!！%￥$#@]")
_SIGNS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"[?？]",
        r"[?？]\s*$|[吗呢么]\s*$",
        r"\b(?:who|anyone|anybody|somebody|someone|how|what|where|which|why|can you|could you|does|do you|is there)\b",
        r"有没有|谁|哪|怎么|怎样|请问|如何|多少|求问|有人",
        r"\bi can\b|\bi could\b|\bi've (?:done|got|had)\b|我会|我可以|我能|可以帮|我来|包在我",
        r"\b(?:want|looking for|wish|would love|need|hoping)\b|想|求|找|希望|需要",
        r"\b(?:no|not|never|don't|doesn't|can't|won't|isn't|nothing|nobody)\b|别|不|没|勿|免",
        r"https?://|www\.|\[链接\]|link in bio|点击|扫码|二维码",
        r"[!！]{2,}|[🔥💰🚀📢👉]",
        r"%|\$|￥|元|折|免费|free|discount|日结|佣金",
        r"\b(?:dm|pm|whatsapp|subscribe|follow|join|register|sign up|rsvp)\b|私信|加微|加v|vx|转发|点赞|关注|报名|进群",
        r"\b(?:i|my|me|we|our)\b|我|咱",
        r"\byou\b|你|您",
        r"\b(?:thanks|thank you|thx|cheers)\b|谢谢|感谢|多谢",
        r"\d",
        r"\b(?:no|without) \w+(?: \w+)? (?:please|thanks|for me|in here)|\b(?:except|anything but|spare me|leave me out|not into|not interested in|"
        r"don't (?:want|do|care|send|ask|talk)|can't stand|stay away|keep .{1,20} away)\b|别.{0,4}[聊找叫拉推提]|不[聊信想]|没兴趣|不感兴趣|绕[开道]|勿扰|免谈|请自便|求放过",
        r"\b(?:bye|leaving|farewell|goodbye)\b|再见|退群|江湖|告别",
    )
)
SIGNS = len(_SIGNS) + 4


@dataclass(frozen=True)
class ActModel:
    """Weights of a softmax: `dense` (d, A) over the vector, `signs` (SIGNS, A), `words` (HASHED, A), `bias` (A,)."""

    dense: np.ndarray
    signs: np.ndarray
    words: np.ndarray
    bias: np.ndarray

    def of(self, vectors: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        """(n, A) float32 chances of `ACTS`, rows sum to 1; `vectors` (n, d) are those of the encoder."""
        logits = vectors @ self.dense + signs(texts) @ self.signs + hashed(texts) @ self.words + self.bias
        logits = np.exp(logits - logits.max(1, keepdims=True))
        return np.asarray(logits / logits.sum(1, keepdims=True), np.float32)


def signs(texts: Sequence[str]) -> np.ndarray:
    """(n, SIGNS) float32: which signs stand in each text, and how long it is and in what script."""
    out = np.zeros((len(texts), SIGNS), np.float32)
    for row, text in enumerate(texts):
        head = text[:TEXT_CHARS]
        chinese = sum("\u3400" <= c <= "\u9fff" for c in head)
        letters = sum(c.isalpha() for c in head)
        size = letters + 2 * chinese
        out[row, : len(_SIGNS)] = [pattern.search(head) is not None for pattern in _SIGNS]
        out[row, len(_SIGNS) :] = (np.log1p(size) / 5, size < 8, size > 160, chinese * 2 > letters)
    return out


def hashed(texts: Sequence[str]) -> sp.csr_matrix:
    """(n, HASHED) float32: words and pairs of words of each text by hash, rows of unit length."""
    rows = [sorted({crc32(term.encode()) % HASHED for term in _terms(text[:TEXT_CHARS].casefold())}) for text in texts]
    sizes = np.array([len(row) for row in rows], np.int64)
    columns = np.array([column for row in rows for column in row], np.int64)
    values = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes).astype(np.float32)
    indptr = np.concatenate([[0], np.cumsum(sizes)])
    return sp.csr_matrix((values, columns, indptr), shape=(len(texts), HASHED))


def _terms(text: str) -> Iterable[str]:
    """Words and pairs of words; of Chinese, characters and pairs and threes of them."""
    before = "^"
    for word in _WORD.findall(text):
        if "\u3400" <= word[0] <= "\u9fff":
            yield from word
            yield from (word[i : i + 2] for i in range(len(word) - 1))
            yield from (word[i : i + 3] for i in range(len(word) - 2))
            yield f"^{word[:2]}" if before == "^" else word[-1]
        else:
            yield word
            yield f"{before} {word}"
        before = word if word[0] < "\u3400" else "汉"
