"""What the tokens that outcomes quote say was shown: what learning corrects for the places people stood in."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from models.domain.records import Outcome
from service.core.errors import InvalidArgument
from service.core.tokens import Tokens
from training.labels.outcomes import GradedHead, Slate

# Of what is asked, whose answers are lists of people in order, and what they teach.
LISTS: dict[str, GradedHead] = {"peers": "peers", "collaborators": "collaborators"}


def slates(community: str, outcomes: Iterable[Outcome], tokens: Tokens) -> dict[str, Slate]:
    """By token: the lists of this community that its outcomes quote. Tokens signed elsewhere, or of other answers, are
    left out."""
    found: dict[str, Slate] = {}
    for token in dict.fromkeys(outcome.token for outcome in outcomes if outcome.token):
        with suppress(InvalidArgument):
            shown = tokens.verify(token)
            if shown.community == community and shown.kind in LISTS:
                found[token] = Slate(shown.source, shown.ids, LISTS[shown.kind])
    return found
