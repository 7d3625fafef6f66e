"""What a round asks for and how it is edited: messages of the contract to plain types, and requests back."""

from __future__ import annotations

from typing import Any, cast

from yiqi.v1 import round_pb2 as pb

from models.domain.records import Need, ValueKind
from models.rounds.edits.edits import Add, Drop, Edit, Lock, Move, Pin, Swap, Unlock
from models.rounds.spec.requests import Bid, Leftover, Role, RoundKind, RoundSpec, Side, Team
from service.api import enums
from service.api.codec import attribute_message, attribute_of, ids, need_message
from service.api.constraint_codec import constraint_message, constraint_record
from service.core.errors import InvalidArgument
from service.core.names import child_name, id_within

_USUAL = RoundSpec(kind="pairs")


def spec_record(message: pb.RoundSpec, community: str) -> RoundSpec:
    """A request with its defaults. Raises InvalidArgument for one without a kind, names elsewhere, an empty rule."""
    kind = enums.ROUND_KIND.word(message.kind)
    if not kind:
        raise InvalidArgument("spec.kind", reason="FIELD_REQUIRED")
    smallest = message.smallest or _USUAL.size[0]
    return RoundSpec(
        kind=cast(RoundKind, kind),
        members=_members(message.members, community, "spec.members"),
        size=(smallest, message.largest or max(smallest, _USUAL.size[1])),
        sides=tuple(_side(side, community) for side in message.sides),
        teams=tuple(_team(team, community) for team in message.teams),
        sittings=message.sittings or _USUAL.sittings,
        load=message.load or _USUAL.load,
        slots=tuple(message.slots),
        places=message.places,
        rules=tuple(constraint_record(rule, community, f"spec.rules[{at}]") for at, rule in enumerate(message.rules)),
        leftover=cast(Leftover, enums.LEFTOVER.word(message.leftover)),
        fairness=message.fairness if message.HasField("fairness") else _USUAL.fairness,
        bids=tuple(_bid(bid, community) for bid in message.bids),
        bid_weight=message.bid_weight if message.HasField("bid_weight") else _USUAL.bid_weight,
        standing=message.standing,
        seed=message.seed,
        seconds=message.seconds or _USUAL.seconds,
        ask_silent=message.ask_silent,
    )


def spec_message(spec: RoundSpec, community: str) -> pb.RoundSpec:
    """A request as the contract has it, every default written out."""
    return pb.RoundSpec(
        kind=_number(enums.ROUND_KIND.number(spec.kind)),
        members=names(spec.members, community),
        smallest=spec.size[0],
        largest=spec.size[1],
        sides=[
            pb.RoundSide(name=side.name, members=names(side.members, community), least=side.least, most=side.most)
            for side in spec.sides
        ],
        teams=[_team_message(team, community) for team in spec.teams],
        sittings=spec.sittings,
        load=spec.load,
        slots=spec.slots,
        places=spec.places,
        rules=[constraint_message(rule, community) for rule in spec.rules],
        leftover=_number(enums.LEFTOVER.number(spec.leftover)),
        fairness=spec.fairness,
        bids=[
            pb.RoundBid(
                source=child_name(community, "members", bid.source),
                target=child_name(community, "members", bid.target),
                score=bid.score,
            )
            for bid in spec.bids
        ],
        bid_weight=spec.bid_weight,
        standing=spec.standing,
        seed=spec.seed,
        seconds=spec.seconds,
        ask_silent=spec.ask_silent,
    )


def edit_record(message: pb.RoundEdit, community: str, what: str) -> Edit:
    """One change by hand. Raises InvalidArgument for an empty one, or names elsewhere."""

    def member(name: str, field: str) -> str:
        return id_within(name, community, "members", f"{what}.{field}")

    match message.WhichOneof("edit"):
        case "lock":
            return Lock(message.lock)
        case "unlock":
            return Unlock(message.unlock)
        case "swap":
            swap = message.swap
            return Swap(member(swap.member, "swap.member"), member(swap.other, "swap.other"), swap.sitting)
        case "add":
            return Add(member(message.add.member, "add.member"), message.add.match)
        case "move":
            return Move(member(message.move.member, "move.member"), message.move.match)
        case "drop":
            return Drop(member(message.drop, "drop"))
        case "pin":
            pin = message.pin
            return Pin(_members(pin.members, community, f"{what}.pin.members"), pin.sitting, pin.slot, pin.team)
        case _:
            raise InvalidArgument(what, reason="FIELD_REQUIRED")


def names(members: Any, community: str) -> list[str]:
    """Ids of members as resource names."""
    return [child_name(community, "members", id) for id in members]


def _members(given: Any, community: str, what: str) -> tuple[str, ...]:
    return ids(given, community, "members", what)


def _side(side: pb.RoundSide, community: str) -> Side:
    members = _members(side.members, community, "spec.sides.members")
    return Side(name=side.name, members=members, least=side.least, most=side.most or 1)


def _team(team: pb.RoundTeam, community: str) -> Team:
    return Team(
        id=team.id,
        title=team.title,
        text=team.text,
        project=id_within(team.project, community, "projects", "spec.teams.project"),
        members=_members(team.members, community, "spec.teams.members"),
        roles=tuple(_role(role) for role in team.roles),
    )


def _role(role: pb.RoundRole) -> Role:
    name, value = attribute_of(role.attribute, "spec.teams.roles.attribute") if role.HasField("attribute") else ("", "")
    need = (
        Need(role.need.text, cast(ValueKind, enums.VALUE_KIND.word(role.need.kind))) if role.HasField("need") else None
    )
    return Role(name=role.name, count=role.count or 1, need=need, attribute=name, value=value)


def _team_message(team: Team, community: str) -> pb.RoundTeam:
    return pb.RoundTeam(
        id=team.id,
        title=team.title,
        text=team.text,
        project=child_name(community, "projects", team.project),
        members=names(team.members, community),
        roles=[
            pb.RoundRole(
                name=role.name,
                count=role.count,
                need=need_message(role.need) if role.need is not None else None,
                attribute=attribute_message(role.attribute, role.value) if role.attribute else None,
            )
            for role in team.roles
        ],
    )


def _bid(bid: pb.RoundBid, community: str) -> Bid:
    return Bid(
        source=id_within(bid.source, community, "members", "spec.bids.source"),
        target=id_within(bid.target, community, "members", "spec.bids.target"),
        score=bid.score,
    )


def _number(number: int) -> Any:
    return number
