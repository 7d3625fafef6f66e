"""Outcomes: what became of recommendations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from models.domain.invitations import mutual
from models.domain.kinds import INVITATION, MEMBER, OUTCOME
from models.domain.outcome_ids import OURS, digest, outcome_id
from models.domain.records import Micros, Outcome, OutcomeKind
from service.application import crud
from service.application.batches import BatchResult, ItemResult, put_each
from service.application.clock import require_past
from service.application.earlier_outcomes import of_earlier_versions
from service.core.errors import AlreadyExists, InvalidArgument, MemberNotFound, TooManyOutcomes
from service.store.contract import Snapshot, Store, Stored, UnitOfWork

# What one thinks of the other, which is no business of theirs.
OPINIONS = frozenset[OutcomeKind]({"dismissed", "accepted", "declined", "still_together"})
# From one member, about, since calls at once may each add a batch: what is shown to them in a year if they look at a
# hundred people a day, and some more.
MOST_OF_A_KIND = 50_000
# Raises InvalidArgument (TOKEN_INVALID) unless the token of the outcome is one of this community and shows its pair.
VerifyToken: TypeAlias = Callable[[str, Outcome], None]


def record_outcomes(
    store: Store, community: str, outcomes: Sequence[Outcome], verify_token: VerifyToken, now: Micros
) -> BatchResult:
    """Record outcomes in one transaction, one result each in order. The same outcome again is "unchanged".

    An outcome without an id gets one made of its token, pair and kind. An id is its source's: what others call by it
    neither shows nor stands in the way. "shown" needs a token. Rejected with TIME_IN_FUTURE, TIME_TOO_EARLY,
    SAME_MEMBER, MEMBER_NOT_FOUND, FIELD_REQUIRED, TOKEN_INVALID, TOO_MANY_OUTCOMES or DIFFERENT_CONTENT. Raises
    CommunityNotFound.
    """
    # Whoever writes holds up all others, so that what takes longer is done before.
    earlier = of_earlier_versions(store, community, {one.id for one in outcomes})
    with store.read(community) as at:
        told = at.told([one.source for one in outcomes], MOST_OF_A_KIND - len(outcomes))
    with store.write(community) as work:
        batch = list(_under_own_ids(work, outcomes, earlier))
        room = _Room(told, work.get(OUTCOME, [one.id for one in batch]) if told else ())
        known = work.get(MEMBER, [id for one in outcomes for id in (one.source, one.target)])

        def check(outcome: Outcome) -> None:
            require_past(outcome.time, now)
            if outcome.source == outcome.target:
                raise InvalidArgument(f'"{outcome.source}"', reason="SAME_MEMBER")
            for id in (outcome.source, outcome.target):
                if id not in known:
                    raise MemberNotFound(id)
            if outcome.token:
                verify_token(community, outcome)
            elif outcome.kind == "shown":
                raise InvalidArgument("recommendation_token", reason="FIELD_REQUIRED")
            room.take(outcome)

        stored = put_each(work, batch, check)
    items = [_answer(told, one) for told, one in zip(outcomes, stored.items, strict=True)]
    return BatchResult(items, stored.revision)


class _Room:
    """For how many outcomes more there is room; those that are there take none."""

    def __init__(self, told: Mapping[tuple[str, OutcomeKind], int], there: Iterable[str]) -> None:
        self._told = Counter(told)
        self._there = set(there)

    def take(self, outcome: Outcome) -> None:
        """Raises TooManyOutcomes."""
        told_of = outcome.source, outcome.kind
        if outcome.id in self._there:
            return
        if self._told[told_of] >= MOST_OF_A_KIND:
            told = f'{MOST_OF_A_KIND:,} outcomes of the kind "{outcome.kind}" are recorded'
            raise TooManyOutcomes(f'From "{outcome.source}" {told}, as many as may be')
        self._there.add(outcome.id)
        self._told[told_of] += 1


def require_free(id: str) -> None:
    """Raises InvalidArgument (ID_RESERVED) for an id that only the service may give to an outcome."""
    if id.startswith(OURS):
        raise InvalidArgument(f'The id "{id}"', reason="ID_RESERVED")


def list_outcomes(
    store: Store, community: str, after: str = "", size: int = 0, *, member: str = ""
) -> crud.Page[Outcome]:
    """Outcomes by id, for organizers; or those from or to a member, but for what others think of them.

    A reply to a double opt-in is told to its source alone until all accepted.
    """
    with store.read(community) as at:
        return crud.page_of_known(at, OUTCOME, after, size, partial(_known_to, at, member), member=member)


def _known_to(at: Snapshot, member: str, found: Sequence[Stored[Outcome]]) -> list[Stored[Outcome]]:
    asked = {one.record.invitation for one in found} - {""}
    sent = at.get(INVITATION, sorted(asked)).items()
    revealed = {id for id, stored in sent if mutual(stored.record)}
    return [one for one in found if _may_know(one.record, member, revealed)]


def _may_know(outcome: Outcome, member: str, revealed: Collection[str]) -> bool:
    if member == outcome.source:
        return True
    if outcome.invitation:
        return outcome.invitation in revealed
    return not member or outcome.kind not in OPINIONS


def _under_own_ids(work: UnitOfWork, outcomes: Sequence[Outcome], earlier: Collection[str]) -> Iterator[Outcome]:
    """The outcomes with their ids, and with others where somebody else has these, as if nobody had."""
    named = [outcome if outcome.id else replace(outcome, id=_made_of(outcome)) for outcome in outcomes]
    apart = [outcome_id("own", one.source, one.id) for one in named]
    there = work.get(OUTCOME, [*(one.id for one in named), *apart])
    holder = {id: one.record.source for id, one in there.items()}
    holder |= dict.fromkeys(earlier, "")
    for one, other in zip(named, apart, strict=True):
        taken = other in there or holder.setdefault(one.id, one.source) != one.source
        yield replace(one, id=other) if taken else one


def _made_of(outcome: Outcome) -> str:
    # Without a token, only the time tells one talk from the next.
    return digest(outcome.token or str(outcome.time), outcome.source, outcome.target, outcome.kind)


def _answer(told: Outcome, result: ItemResult) -> ItemResult:
    """What became of an outcome, called as it was told."""
    if not isinstance(result.error, AlreadyExists):
        return replace(result, id=told.id or result.id)
    if told.id:
        return ItemResult(told.id, "rejected", AlreadyExists(crud.called(told)))
    # The same token, pair and kind count once, whatever else was said.
    return ItemResult(result.id, "unchanged")
