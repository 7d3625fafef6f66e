"""A team with its theme, and how its words are put."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.community import Community, Facet
from models.proposals.people import Pairs
from models.proposals.team import Team
from models.requests import Language
from models.rounds.wording import called, listed, quote
from models.theme_names import Theme
from models.tower import unit

QUOTED = 60  # characters


@dataclass(frozen=True, slots=True)
class Case:
    """A team with its theme, and all that its words are made of. `readable` (N,) bool: whose profile may be quoted."""

    view: Community
    theme: Theme
    team: Team
    pairs: Pairs
    readable: np.ndarray
    language: Language

    def stated(self, row: int, *kinds: str) -> np.ndarray:
        """Rows of what somebody states of these kinds; none where their profile may not be quoted."""
        return self.view.facets.stated(row, *kinds) if self.readable[row] else np.zeros(0, np.int64)

    def near(self, facets: np.ndarray) -> np.ndarray:
        """(f,) centred cosines of statements (f,) with the theme."""
        return np.asarray(unit(self.view.facets.vectors[facets] - self.view.mean) @ self.theme.spot.vector)


def quoted(item: Facet) -> str:
    """A statement, to stand between quotation marks."""
    return quote(item.text, QUOTED)


def named(case: Case, rows: Sequence[int]) -> str:
    """Some of a team, in a sentence."""
    return listed([called(case.view, case.view.ids[row]) for row in rows], case.language)
