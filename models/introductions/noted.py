"""An introduction as an invitation: what is kept of it, and the events that it makes. Ids only, never words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar, cast

from models.domain import strict_json
from models.domain.records import Guest, Invitation, Micros
from models.introductions.requests import KINDS, Introduction, IntroductionKind

EventKind: TypeAlias = Literal["introduced", "mutual"]
T = TypeVar("T")
FIELD = "introduction"  # of an invitation's further fields


@dataclass(frozen=True, slots=True)
class Noted:
    """What an invitation keeps of the introduction that it is.

    `messages`: of the first guest and the second, "" where a profile speaks. `due`: when each may be told of the other.
    `model`: the version of the ranker that found it. `mutual`: when each may be told that both accepted; nothing while
    they have not.
    """

    kind: IntroductionKind
    messages: tuple[str, str]
    due: tuple[Micros, Micros]
    mutual: tuple[Micros, Micros] | None = None
    model: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something to tell one member. Events of a community are told in this order; none is added before one told."""

    time: Micros
    invitation: str
    side: int  # which of the two guests is told
    kind: EventKind = "introduced"


def invitation_id(one: str, other: str) -> str:
    """The id of the introduction of two members: a pair is introduced once."""
    pair = "\0".join(sorted((one, other)))
    return f"introduction-{hashlib.blake2b(pair.encode(), digest_size=12).hexdigest()}"


def invitation_of(made: Introduction, due: tuple[Micros, Micros], now: Micros, model: str) -> Invitation:
    """The invitation that an introduction by a model becomes; `due` is when each of the two may be told."""
    id = invitation_id(*made.members)
    kept = Noted(made.kind, (made.trigger, made.answered_by), due, model=model)
    return Invitation(
        id=id,
        time=now,
        guests=(Guest(member=made.members[0]), Guest(member=made.members[1])),
        source="introduction",
        ref=id,
        double_opt_in=True,
        score=round(made.chance, 4),
        extra=written(kept),
    )


def written(noted: Noted) -> str:
    """The JSON text of an invitation's further fields."""
    value: dict[str, object] = {"kind": noted.kind, "messages": list(noted.messages), "due": list(noted.due)}
    if noted.model:
        value["model"] = noted.model
    if noted.mutual:
        value["mutual"] = list(noted.mutual)
    return strict_json.write({FIELD: value})


def read(invitation: Invitation) -> Noted | None:
    """What `written` wrote; None for an invitation of other making, or one that cannot be read."""
    if invitation.source != "introduction" or len(invitation.guests) != 2 or not invitation.extra:
        return None
    value = strict_json.kept_object(invitation.extra).get(FIELD)
    if not isinstance(value, dict) or value.get("kind") not in KINDS:
        return None
    messages, due = _two(value.get("messages"), str), _two(value.get("due"), int)
    if messages is None or due is None:
        return None
    model = value.get("model")
    kind = cast(IntroductionKind, value["kind"])
    return Noted(kind, messages, due, _two(value.get("mutual"), int), model if isinstance(model, str) else "")


def events(invitation: Invitation) -> list[Event]:
    """What there is to tell of an invitation, now or later; nothing of one taken back."""
    noted = read(invitation)
    if noted is None or invitation.state != "open":
        return []
    told = [Event(time, invitation.id, side) for side, time in enumerate(noted.due)]
    if noted.mutual:
        told += [Event(time, invitation.id, side, "mutual") for side, time in enumerate(noted.mutual)]
    return told


def _two(value: object, kind: type[T]) -> tuple[T, T] | None:
    """A list of two of a kind; None for anything else."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(item, kind) for item in value):
        return value[0], value[1]
    return None
