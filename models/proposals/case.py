"""A team with its theme, and how its words are put."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.community import Community, Facet
from models.proposals.people import Pairs
from models.proposals.team import Team
from models.requests import Language
from models.rounds.wording import quote
from models.theme_names import Theme

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


def quoted(item: Facet) -> str:
    """A statement, to stand between quotation marks."""
    return quote(item.text, QUOTED)
