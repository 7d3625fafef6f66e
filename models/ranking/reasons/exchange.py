"""What one offers and the other seeks: it stands on two statements, theirs and mine."""

from __future__ import annotations

from collections.abc import Callable

from models.domain.requests import ReasonKind
from models.ranking.reasons.kind import Case, Found, Kind, stated

OFFER_MEETS_SEEK = ReasonKind("offer_meets_seek")  # they offer what you seek
SEEK_MEETS_OFFER = ReasonKind("seek_meets_offer")  # they seek what you offer
MEETS_NEED = ReasonKind("meets_need")  # they offer what the project needs, or the project needs what you offer


def _claimed(kind: ReasonKind) -> Callable[[Case], Found]:
    """Evidence that a statement of theirs meets one of mine: (theirs, mine), or theirs alone for a goal."""

    def evidence(case: Case) -> Found:
        mine, theirs = case.stands_on[kind]
        return (stated(case, theirs), *((stated(case, mine),) if case.query.row >= 0 else ()))

    return evidence


KINDS = (
    Kind(name=OFFER_MEETS_SEEK, values=("gives",), evidence=_claimed(OFFER_MEETS_SEEK), asked=MEETS_NEED),
    Kind(name=SEEK_MEETS_OFFER, values=("takes",), evidence=_claimed(SEEK_MEETS_OFFER)),
    Kind(name=MEETS_NEED, evidence=_claimed(MEETS_NEED)),
)
