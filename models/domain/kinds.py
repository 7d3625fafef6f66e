"""The kinds of records, each of which knows the type of its records."""

from __future__ import annotations

from typing import Generic, TypeVar

from models.domain.records import (
    KIND_OF,
    Block,
    Channel,
    Community,
    Invitation,
    Member,
    Message,
    Outcome,
    Project,
    Record,
    Round,
    Suggestion,
    Tie,
)

R = TypeVar("R", bound=Record)
R_co = TypeVar("R_co", bound=Record, covariant=True)


class Kind(str, Generic[R_co]):
    """The name of a kind. What is asked for by it has the type of its records."""

    __slots__ = ()


COMMUNITY: Kind[Community] = Kind("community")
MEMBER: Kind[Member] = Kind("member")
CHANNEL: Kind[Channel] = Kind("channel")
MESSAGE: Kind[Message] = Kind("message")
PROJECT: Kind[Project] = Kind("project")
TIE: Kind[Tie] = Kind("tie")
OUTCOME: Kind[Outcome] = Kind("outcome")
BLOCK: Kind[Block] = Kind("block")
SUGGESTION: Kind[Suggestion] = Kind("suggestion")
ROUND: Kind[Round] = Kind("round")
INVITATION: Kind[Invitation] = Kind("invitation")
KEEPING_APART: tuple[Kind[Block | Outcome], ...] = (BLOCK, OUTCOME)  # those of refusals, among the outcomes


def kind_of(record: R) -> Kind[R]:
    """The kind of a record."""
    return Kind(KIND_OF[type(record)])
