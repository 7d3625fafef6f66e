"""What a request for proposals is worked out from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.community.view import Community
from models.domain.records import CONSENT_LEVEL, Consent
from models.proposals.requests import Wish
from models.ranking.pipeline import TextEncoder
from models.ranking.ranker import Ranker
from models.themes.names import Messages


@dataclass(frozen=True, slots=True)
class Desk:
    """A request, and what it needs: `mask` (N,) bool of who may be proposed, `own` the row that asks, -1 for nobody."""

    view: Community
    ranker: Ranker
    wish: Wish
    encode: TextEncoder
    messages: Messages
    mask: np.ndarray
    own: int

    @property
    def readable(self) -> np.ndarray:
        """(N,) bool: whose profile the reader may see."""
        level: Consent = "organizers" if self.wish.audience == "organizers" else "members"
        return np.asarray(self.view.rules.consent >= CONSENT_LEVEL[level])
