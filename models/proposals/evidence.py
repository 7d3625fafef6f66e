# ruff: noqa: E501 — a sentence or pattern is easier to check on one line
"""What a team did and said near a theme, as far as everybody may read it: what a proposal can point to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.community.view import Community
from models.text.lexical import CJK
from models.themes.names import Theme
from models.themes.places import centred_projects

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
    like = centred_projects(view)[there] @ theme.spot.vector
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


def open_question(theme: Theme, subject: str, rows: Sequence[int]) -> Question | None:
    """A question of one of these about the subject of a theme, the nearest to it; None where nobody asked."""
    words = [subject.lower()]
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
    return whole and bool(_ASKS.search(text)) and not _POINTS_BACK.search(text) and not _RHETORICAL.search(text)


_ASKS = re.compile(
    r"^(?:what|how|why|which|who|where|when|can|could|would|should|is|are|does|do)\b"
    r"|^any(?:one|body)\b|^shall we\b|[吗呢]|什么|怎么|怎样|如何|哪|是否|能不能|有没有",
    re.I,
)
_RHETORICAL = re.compile(
    r"\bwho cares\b|\bwhy (?:not|bother|would any|should any|on earth)\b|\banyone care|\bwhat(?:'s| is) the point\b|\bright\?*$|难道|何必|何苦|岂|凭什么|有什么意义",
    re.I,
)
_INVITES = re.compile(
    r"^(?:(?:does )?any(?:one|body)|who) (?:(?:else )?(?:wants?|would like)|is (?:up for|in)|up for|in for|fancies)\b"
    r"|^(?:shall|should|could|can) we\b|(?:有没有人|有人|有谁|谁).*(?:一起|想|要|愿意|来)|一起.*[吗呢]",
    re.I,
)
_POINTS_BACK = re.compile(r"\b(?:that|this|it|its|these|those|you|your|he|his|they|their)\b|[你您他她它这那]", re.I)
