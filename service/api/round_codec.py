"""What a round asks for and how it is edited: messages of the contract to plain types, and requests back."""

from __future__ import annotations

from typing import Any, cast

from yiqi.v1 import common_pb2
from yiqi.v1 import round_pb2 as pb

from models.domain.records import Need, Scalar, ValueKind
from models.rounds.edits.edits import Add, Drop, Edit, Lock, Move, Pin, Swap, Unlock
from models.rounds.spec.requests import (
    Apart,
    Bid,
    Leftover,
    Mixed,
    Near,
    NewToEachOther,
    NoRepeat,
    Quota,
    Role,
    RoundKind,
    RoundSpec,
    Rule,
    Same,
    Side,
    Team,
    TimeZones,
    Together,
)
from service.api import enums
from service.api.codec import attribute_message, attributes, ids, need_message
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
        rules=tuple(_rule(rule, community, f"spec.rules[{at}]") for at, rule in enumerate(message.rules)),
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
        rules=[_rule_message(rule, community) for rule in spec.rules],
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
    name, value = _attribute(role.attribute, "spec.teams.roles.attribute") if role.HasField("attribute") else ("", "")
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


def _rule(message: pb.RoundRule, community: str, what: str) -> Rule:
    # Whoever leaves `firm` out leaves it to the rule.
    firm: dict[str, Any] = {"firm": message.firm} if message.HasField("firm") else {}
    match message.WhichOneof("rule"):
        case "together":
            return Together(members=_members(message.together.members, community, f"{what}.together.members"), **firm)
        case "apart":
            return Apart(members=_members(message.apart.members, community, f"{what}.apart.members"), **firm)
        case "same":
            return Same(attribute=message.same.attribute, **firm)
        case "mixed":
            return Mixed(attribute=message.mixed.attribute, most=message.mixed.most or 1, **firm)
        case "quota":
            return _quota(message.quota, f"{what}.quota", firm)
        case "near":
            return Near(kilometres=message.near.kilometres, online=message.near.online, **firm)
        case "time_zones":
            return TimeZones(hours=message.time_zones.hours, **firm)
        case "no_repeat":
            return NoRepeat(days=message.no_repeat.days, rounds=message.no_repeat.rounds, **firm)
        case "new_to_each_other":
            return NewToEachOther(off=message.new_to_each_other.off, **firm)
        case _:
            raise InvalidArgument(what, reason="FIELD_REQUIRED")


def _quota(quota: pb.QuotaRule, what: str, firm: dict[str, Any]) -> Quota:
    name, value = _attribute(quota.attribute, f"{what}.attribute")
    least = quota.least if quota.HasField("least") else 1
    most = quota.most if quota.HasField("most") else None
    if most is not None and least > most:
        raise InvalidArgument(f"{what} with least {least} above most {most}", reason="OUT_OF_RANGE")
    return Quota(attribute=name, value=value, least=least, most=most, **firm)


def _rule_message(rule: Rule, community: str) -> pb.RoundRule:
    match rule:
        case Together():
            return pb.RoundRule(together=pb.TogetherRule(members=names(rule.members, community)), firm=rule.firm)
        case Apart():
            return pb.RoundRule(apart=pb.ApartRule(members=names(rule.members, community)), firm=rule.firm)
        case Same():
            return pb.RoundRule(same=pb.SameRule(attribute=rule.attribute), firm=rule.firm)
        case Mixed():
            return pb.RoundRule(mixed=pb.MixedRule(attribute=rule.attribute, most=rule.most), firm=rule.firm)
        case Quota():
            attribute = attribute_message(rule.attribute, rule.value)
            quota = pb.QuotaRule(attribute=attribute, least=rule.least, most=rule.most)
            return pb.RoundRule(quota=quota, firm=rule.firm)
        case Near():
            return pb.RoundRule(near=pb.NearRule(kilometres=rule.kilometres, online=rule.online), firm=rule.firm)
        case TimeZones():
            return pb.RoundRule(time_zones=pb.TimeZonesRule(hours=rule.hours), firm=rule.firm)
        case NoRepeat():
            return pb.RoundRule(no_repeat=pb.NoRepeatRule(days=rule.days, rounds=rule.rounds), firm=rule.firm)
        case NewToEachOther():
            return pb.RoundRule(new_to_each_other=pb.NewToEachOtherRule(off=rule.off), firm=rule.firm)


def _attribute(message: common_pb2.Attribute, what: str) -> tuple[str, Scalar]:
    return next(iter(attributes([message], what).items()))


def _number(number: int) -> Any:
    return number
