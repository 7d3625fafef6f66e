"""What a team did and said near a theme, as far as everybody may read it: what a proposal can point to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.community import Community
from models.lexical import CJK
from models.theme_names import Line, Theme
from models.tower import unit

NEAR_PROJECT = 0.35  # centred cosine of an earlier project with the theme from which it is named
QUESTION = {False: (40, 160), True: (14, 60)}  # characters, by whether it is Chinese
_SENTENCE = re.compile(r"[^.!?。！？\n]+[?？]")


@dataclass(frozen=True, slots=True)
class Done:
    """A project near a theme: its row, title, time (µs), who of the team were in it, and how near it is (cosine)."""

    project: int
    title: str
    time: int
    rows: frozenset[int]
    near: float


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody of the team asked where all may read; without the mark."""

    row: int
    text: str

    @property
    def invites(self) -> bool:
        """Whether it asks for company rather than for an answer."""
        return bool(_INVITES.search(self.text))


def done_near(view: Community, theme: Theme, rows: Sequence[int]) -> list[Done]:
    """Projects near the theme that one of these was in, those of most of them first, then the nearest."""
    projects = view.projects
    if not len(projects.ids):
        return []
    inside = projects.members[:, list(rows)].tocsr()
    there = np.flatnonzero(np.asarray(inside.sum(1)).ravel() > 0)
    like = unit(projects.vectors[there] - view.mean) @ theme.spot.vector
    found = [
        (
            -float(near),
            Done(
                int(project),
                projects.records[project].title,
                int(projects.time[project]),
                frozenset(int(rows[at]) for at in inside[project].indices),
                float(near),
            ),
        )
        for project, near in zip(there, like, strict=True)
        if near >= NEAR_PROJECT and projects.records[project].title
    ]
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], -pair[1].time, pair[1].project))]


def open_question(theme: Theme, rows: Sequence[int]) -> Question | None:
    """A question of one of these about the theme, the nearest to it; None where nobody asked."""
    words = [word.lower() for word in theme.words]
    for line in theme.lines:
        if line.row not in rows:
            continue
        for sentence in _SENTENCE.findall(line.text):
            text = " ".join(sentence.split())
            least, most = QUESTION[bool(CJK.search(text))]
            if least <= len(text) <= most and _stands_alone(text) and any(word in text.lower() for word in words):
                return Question(line.row, text.rstrip("?？ "))
    return None


def _stands_alone(text: str) -> bool:
    """A whole question, neither a quotation nor a link, and without a word that points to what was said before."""
    whole = text.count("(") == text.count(")") and "http" not in text
    return whole and bool(_ASKS.search(text)) and not _POINTS_BACK.search(text)


_ASKS = re.compile(
    r"^(?:what|how|why|which|who|where|when|can|could|would|should|is|are|does|do|did|has|have|will)\b"
    r"|^any(?:one|body)\b|^shall we\b|[吗呢]|什么|怎么|怎样|如何|哪|是否|能不能|有没有",
    re.I,
)
_INVITES = re.compile(
    r"^(?:(?:does )?any(?:one|body)|who) (?:(?:else )?(?:wants?|would like)|is (?:up for|in)|up for|in for|fancies)\b"
    r"|^(?:shall|should|could|can) we\b|(?:有没有人|有人|有谁|谁).*(?:一起|想|要|愿意|来)|一起.*[吗呢]",
    re.I,
)
_POINTS_BACK = re.compile(r"\b(?:that|this|it|its|these|those|you|your|he|his|they|their)\b|[你您他她它这那]", re.I)


def threads_of(theme: Theme, rows: Sequence[int]) -> list[str]:
    """Titles of threads in which these wrote what goes by the name of the theme, those with most of it first."""
    named = _named_lines(theme)
    told = Counter(line.topic for line in named if line.topic)
    own = dict.fromkeys(line.topic for line in named if line.row in rows and line.topic)
    return sorted(own, key=lambda topic: -told[topic])


def topic_of(theme: Theme, row: int, besides: frozenset[str] = frozenset()) -> str:
    """The thread in which somebody said what goes by the name of the theme and is nearest to it, none of `besides`; ""
    for none."""
    lines = (line for line in _named_lines(theme) if line.row == row)
    return next((line.topic for line in lines if line.topic not in {"", *besides}), "")


def _named_lines(theme: Theme) -> list[Line]:
    """What was said near the theme with one of the two words by which it goes."""
    names = [word.lower() for word in theme.words[:2]]
    return [line for line in theme.lines if any(name in line.text.lower() for name in names)]
