"""A team with its theme, and how its words are put."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays.unit import unit
from models.community.view import Community, Facet
from models.domain.facts import Fact
from models.proposals.people import Pairs
from models.proposals.pieces import Piece, Shown, fullest, series_of
from models.proposals.team import Team
from models.rounds.texts.wording import called
from models.text.lexical import CJK
from models.text.quoting import quote
from models.themes.names import Theme

QUOTED, TITLE = 60, 72  # characters of a statement, and of a title
NAMES = 2  # words by which a theme goes


@dataclass(frozen=True, slots=True)
class Case:
    """A team with its theme, and all that its words are made of. `readable` (N,) bool: whose profile may be quoted.

    `subject` is the word of the theme for which everybody in the team has something to show, "" for an aim; `cited` is
    by row what is cited of them about it.
    """

    view: Community
    theme: Theme
    subject: str
    shown: Shown
    cited: Mapping[int, Piece]
    team: Team
    pairs: Pairs
    readable: np.ndarray

    @property
    def names(self) -> list[str]:
        """The subject, and another word of the theme if all that is cited is about that, too."""
        titles = [piece.title for piece in self.cited.values()]
        return [fullest(self.subject, titles), *self._held(len(titles))][:NAMES]

    @property
    def titled(self) -> bool:
        """Whether something cited has a name of the theme in its title, or is no thread: what goes by a word that no
        thread is called by may have no more than the word in common."""
        threads = [piece for piece in self.cited.values() if piece.kind == "thread"]
        return len(threads) < len(self.cited) or any(piece.titled & {self.subject, *self.names} for piece in threads)

    @property
    def words(self) -> tuple[str, ...]:
        """The subject, and the words of the theme that two of the cited pieces are about."""
        return (self.subject, *self._held(2)) if self.subject else self.theme.words

    def _held(self, least: int) -> list[str]:
        about = [piece.words for piece in self.cited.values()]
        others = [word for word in self.theme.words if word not in self.subject and (CJK.search(word) or len(word) > 2)]
        return [word for word in others if sum(word in one for one in about) >= max(least, 2)]

    def titles(self, kind: str) -> list[str]:
        """The cited titles of a kind, parts of one series once."""
        return list(dict.fromkeys(series_of(one.title) for one in self.cited.values() if one.kind == kind))

    def stated(self, row: int, *kinds: str) -> np.ndarray:
        """Rows of what somebody states of these kinds; none where their profile may not be quoted."""
        return self.view.facets.stated(row, *kinds) if self.readable[row] else np.zeros(0, np.int64)

    def near(self, facets: np.ndarray) -> np.ndarray:
        """(f,) centred cosines of statements (f,) with the theme."""
        return np.asarray(unit(self.view.facets.vectors[facets] - self.view.mean) @ self.theme.spot.vector)


def titled(title: str) -> Fact:
    """The title of a project or thread, marked as one, whole as far as it goes."""
    return Fact("proposal.cited", {"title": quote(title, TITLE)})


def quoted(item: Facet) -> str:
    """A statement, to stand between quotation marks."""
    return quote(item.text, QUOTED)


def named(case: Case, rows: Sequence[int]) -> tuple[str, ...]:
    """Some of a team, in a sentence."""
    return tuple(called(case.view, case.view.ids[row]) for row in rows)
