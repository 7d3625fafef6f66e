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


def slates(community: str, outcomes: Iterable[Outcome], tokens: Tokens, members: Iterable[str]) -> dict[str, Slate]:
    """By token: the lists of this community that its outcomes quote. Tokens signed elsewhere, or of other answers, are
    left out; who is not one of `members` any more is "" in a list, and is asked for in none."""
    quoted = list(dict.fromkeys(outcome.token for outcome in outcomes if outcome.token))
    known = {tokens.digest(community, id): id for id in members} if quoted else {}
    found: dict[str, Slate] = {}
    for token in quoted:
        with suppress(InvalidArgument):
            shown = tokens.verify(token)
            source = known.get(shown.source) if shown.source else ""
            if shown.community == tokens.digest(community, "") and shown.kind in LISTS and source is not None:
                found[token] = Slate(source, tuple(known.get(one, "") for one in shown.ids), LISTS[shown.kind])
    return found
