# ruff: noqa: E501 — a sentence or pattern is easier to check on one line
"""What each member has to show near a theme, where everybody may read it, and the one subject that several of them share.

A proposal claims of nobody what it cannot point to: a project they were in, a thread they wrote in, a line of theirs,
or a statement of their profile.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from models.arrays.unit import unit
from models.community.view import Community
from models.text.lexical import CJK
from models.text.stopwords import STOP_WORDS
from models.text.term_cache import Memo, memo_of
from models.themes.names import Theme
from models.themes.places import WANTED, centred_projects

NEAR_WORK = 0.35  # centred cosine of a project or statement with the theme from which it is near it
MOST_WORKS = 300  # nearest projects that are read
SHOWN_BY = 3  # people who have something to show for a word, from which it is a subject
OFTEN = 3  # lines that use the word, or uses in one, from which somebody wrote about it whatever their thread is called

Kind = Literal["project", "thread", "line", "stated"]
_RANK: Mapping[Kind, int] = {"project": 0, "thread": 1, "stated": 2, "line": 3}


@dataclass(frozen=True, slots=True)
class Piece:
    """Something of one member near a theme: the title of a project or thread, their own line, or a statement.

    `key` is the same for the same thing; `words` are those of the theme that it is about, by its title (`titled`) or by
    what they wrote there; `near` (centred cosine) to the theme; `time` µs, 0 for a statement.
    """

    kind: Kind
    key: str
    title: str
    words: frozenset[str]
    near: float
    time: int = 0
    titled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shown:
    """By row what they have to show near a theme, the nearest of each kind first; by word of the theme who has
    something to show for it: where enough people have it in a title, nobody else."""

    pieces: Mapping[int, tuple[Piece, ...]]
    people: Mapping[str, frozenset[int]]

    def about(self, row: int, word: str) -> tuple[Piece, ...]:
        """What somebody has to show for a word, first what has it in its title."""
        own = [piece for piece in self.pieces.get(row, ()) if word in piece.words]
        return tuple(sorted(own, key=lambda piece: word not in piece.titled))

    def cite(self, rows: Iterable[int], word: str) -> dict[int, Piece]:
        """By row what is cited of them for a word: of each another piece as far as there are others."""
        told: set[str] = set()
        out: dict[int, Piece] = {}
        for row in rows:
            own = self.about(row, word)
            piece = next((one for one in own if series_of(one.title) not in told), own[0] if own else None)
            if piece is not None:
                out[row] = piece
                told.add(series_of(piece.title))
        return out

    def subject(self, mask: np.ndarray, besides: Collection[str], first: Collection[int]) -> str:
        """The word of the theme for which most of the rows in (N,) bool `mask` have something to show, the more telling
        one of two; "" where that is nobody. None that is `plain` among `besides`, and only one for which all rows in
        `first` have something to show.
        """
        count = {
            word: sum(mask[row] for row in those)
            for word, those in self.people.items()
            if plain(word) not in besides and those.issuperset(first)
        }
        enough = [word for word in count if count[word] >= SHOWN_BY]
        if enough:
            most = max(count[word] for word in enough)
            return next(word for word in enough if 2 * count[word] >= most)
        best = max(count, key=lambda word: count[word], default="")
        return best if count.get(best, 0) > 1 else ""


def _by_name(piece: Piece, word: str) -> bool:
    """Whether a piece is called by a word; statements and lines have no other name than what they say."""
    return piece.kind != "thread" or word in piece.titled


def shown(view: Community, theme: Theme, readable: np.ndarray) -> Shown:
    """Everything that anybody has to show near a theme. `readable` (N,) bool: whose statements the reader may see."""
    memo = memo_of(view.lexical.vocabulary)
    found: defaultdict[int, list[Piece]] = defaultdict(list)
    for row, piece in (*_works(view, theme, memo), *_said(theme, memo), *_stated(view, theme, memo, readable)):
        found[row].append(piece)
    order = {row: tuple(sorted(own, key=_rank)) for row, own in found.items()}
    return Shown(order, {word: _people(order, word) for word in theme.words})


def _people(pieces: Mapping[int, tuple[Piece, ...]], word: str) -> frozenset[int]:
    own = {row: [piece for piece in those if word in piece.words] for row, those in pieces.items()}
    titled = frozenset(row for row, those in own.items() if any(_by_name(piece, word) for piece in those))
    return titled if len(titled) >= SHOWN_BY else frozenset(row for row, those in own.items() if those)


def _rank(piece: Piece) -> tuple[int, float, str]:
    return _RANK[piece.kind], -piece.near, piece.key


def _works(view: Community, theme: Theme, memo: Memo) -> list[tuple[int, Piece]]:
    """Projects near the theme whose titles have one of its words."""
    projects = view.projects
    if not len(projects.ids):
        return []
    near = centred_projects(view) @ theme.spot.vector
    out = []
    for at in np.argsort(-near, kind="stable")[:MOST_WORKS]:
        record = projects.records[int(at)]
        title = plain_title(record.title)
        words = _words(theme, title, memo)
        if near[at] < NEAR_WORK or not title or not words:
            continue
        piece = Piece("project", record.id, title, words, float(near[at]), int(projects.time[at]))
        out += [(int(row), piece) for row in projects.members[int(at)].indices]
    return out


def _said(theme: Theme, memo: Memo) -> list[tuple[int, Piece]]:
    """Threads in which somebody wrote about the theme, and lines of theirs that stand in no titled thread."""
    by_thread: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    out: list[tuple[int, Piece]] = []
    place = {id(line): i for i, line in enumerate(theme.lines)}
    for line in theme.lines:
        if line.topic:
            by_thread[line.row, line.topic].append(line.text)
        elif words := _words(theme, line.text, memo):
            out.append((line.row, Piece("line", line.text, line.text, words, -place[id(line)] / 1e3)))
    first = {(line.row, line.topic): -place[id(line)] / 1e3 for line in reversed(theme.lines)}
    for (row, topic), texts in by_thread.items():
        named = _words(theme, topic, memo)
        if (words := named | _often(theme, texts)) and not _ANNOUNCES.search(topic):
            piece = Piece("thread", topic, plain_title(topic), words, first[row, topic], titled=named)
            out.append((row, piece))
    return out


def _stated(view: Community, theme: Theme, memo: Memo, readable: np.ndarray) -> list[tuple[int, Piece]]:
    facets = view.facets
    rows = np.concatenate([facets.of_kind(kind) for kind in WANTED])
    rows = rows[readable[facets.member[rows]]] if len(rows) else rows
    if not len(rows):
        return []
    near = unit(facets.vectors[rows] - view.mean) @ theme.spot.vector
    return [
        (int(facets.member[at]), Piece("stated", f"{at}", facets.items[at].text, words, float(like)))
        for at, like in zip(map(int, rows), near, strict=True)
        if like >= NEAR_WORK and (words := _words(theme, facets.items[at].text, memo))
    ]


def _words(theme: Theme, text: str, memo: Memo) -> frozenset[str]:
    """The words of a theme that a short text has."""
    terms, low = memo.terms(text), text.casefold()
    return frozenset(word for word in theme.words if word.casefold() in terms or _stands(word.casefold(), low))


def _often(theme: Theme, texts: list[str]) -> frozenset[str]:
    low = [text.casefold() for text in texts]
    uses = Counter({word: sum(len(_pattern(word.casefold()).findall(text)) for text in low) for word in theme.words})
    return frozenset(word for word, count in uses.items() if count >= OFTEN)


def _stands(word: str, low: str) -> bool:
    return _pattern(word).search(low) is not None


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    if CJK.search(word):
        return re.compile(re.escape(word))
    stem = word[:-1] if word.endswith("s") and len(word) > 3 else word
    return re.compile(rf"(?<![a-z0-9]){re.escape(stem)}(?:e?s)?(?![a-z0-9])")


# Who announces something has not yet said anything of it.
_ANNOUNCES = re.compile(
    r"\b(?:is|are|now) (?:now )?(?:available|released|live|out)\b|\brelease(?:d| candidate| notes)\b|\bannounc\w+|\bv\d+\.\d+(?:\.\d+)? |\bchangelog\b"
    r"|公告|通知|已发布|正式发布|上线了|放假",
    re.I,
)
_MARK = re.compile(r"^\s*[\[【(（][^\]】)）]{1,6}[\]】)）]\s*|\s*[\[【][^\]】]{1,6}[\]】]\s*$")
_PART = re.compile(
    r"[\s\-—–:：,，·|（(]*(?:第\s*[一二三四五六七八九十\d]+\s*(?:部分|部|篇|章|集|期|讲|课|节|弹)|[（(]\s*[一二三四五六七八九十\d]{1,3}\s*[)）]"
    r"|\bparts?\s*(?:\d+|[ivx]+|one|two|three|four|five)\b|\bvol(?:ume)?\.?\s*\d+|\bep(?:isode)?\.?\s*\d+|\bpt\.?\s*\d+|#\d+|\d+\s*/\s*\d+).*$",
    re.I,
)


def plain(word: str) -> str:
    """The form in which a word and its plural are the same."""
    return word.casefold().removesuffix("s")


def plain_title(title: str) -> str:
    """A title without the bracketed mark that a community puts before or behind its titles."""
    return _MARK.sub("", " ".join(title.split())).strip()


def fullest(word: str, titles: Collection[str]) -> str:
    """A word with what always stands beside it in the titles that have it: "BIP-360" for "BIP"."""
    pattern = re.compile(rf"(?:([A-Za-z][\w.]*)[ -])?({_pattern(word.casefold()).pattern})((?:-| )?\d+)?", re.I)
    found = [match for title in titles for match in pattern.finditer(title)]
    if len({match.string for match in found}) < 2:
        return word
    for number in (3, 1):
        beside = {(match.group(number) or "").strip(" -").casefold() for match in found}
        if len(beside) == 1 and (told := beside.pop()) and told not in STOP_WORDS:
            match = found[0]
            return f"{word.removesuffix('s')}-{told}" if number == 3 else f"{match.group(1)} {word}"
    return word


def series_of(title: str) -> str:
    """What the parts of one series have in common: their title without the number of the part."""
    base = _PART.sub("", title).strip()
    return base if len(base) >= 4 else title
