"""Constraints of a round: messages of the contract to plain types and back, by the descriptions of their fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from yiqi.v1 import round_pb2 as pb

from models.domain.fields import Field, fields_of
from models.rounds.constraints.constraint import Constraint
from models.rounds.constraints.registry import CONSTRAINTS
from service.api.codec import attribute_message, attribute_of, ids
from service.api.enums import Words
from service.core.errors import InvalidArgument
from service.core.names import child_name

VALUE = "value"  # the field of a constraint that the contract has beside the name of an attribute


def constraint_record(message: pb.RoundRule, community: str, what: str) -> Constraint:
    """A constraint with its defaults. Raises InvalidArgument for none, names elsewhere, or what makes no sense."""
    name = message.WhichOneof("rule")
    if name is None:
        raise InvalidArgument(what, reason="FIELD_REQUIRED")
    # Whoever leaves `firm` out leaves it to the constraint.
    values: dict[str, Any] = {"firm": message.firm} if message.HasField("firm") else {}
    part = getattr(message, name)
    for wire, field in _carried(name):
        values |= _read(part, wire, field, community, f"{what}.{name}.{field.name}")
    constraint = CONSTRAINTS[name](**values)
    if flaw := constraint.flaw():
        raise InvalidArgument(f"{what}.{name} with {flaw}", reason="OUT_OF_RANGE")
    return constraint


def constraint_message(constraint: Constraint, community: str) -> pb.RoundRule:
    """A constraint as the contract has it, every default written out."""
    said = {field.name: getattr(constraint, field.name) for field in fields_of(type(constraint))}
    values = {wire.name: _written(said, wire, field, community) for wire, field in _carried(constraint.name)}
    part: dict[str, Any] = {constraint.name: {key: value for key, value in values.items() if value is not None}}
    return pb.RoundRule(**part, firm=constraint.firm)


def _carried(name: str) -> Iterator[tuple[FieldDescriptor, Field]]:
    """The fields of a constraint's message, each with its description."""
    described = {field.name: field for field in fields_of(CONSTRAINTS[name])}
    for wire in pb.RoundRule.DESCRIPTOR.fields_by_name[name].message_type.fields:
        yield wire, described[wire.name]


def _read(part: Any, wire: FieldDescriptor, field: Field, community: str, what: str) -> dict[str, Any]:
    """What a field of the message states; nothing where that is left to the default."""
    value = getattr(part, wire.name)
    if wire.message_type is not None and not wire.is_repeated:
        attribute, named = attribute_of(value, what)
        return {field.name: attribute, VALUE: named}
    if not part.HasField(wire.name) if wire.has_presence else field.has_default and not value:
        return {}
    if field.names_members:
        return {field.name: ids(value, community, "members", what)}
    if field.choices:
        return {field.name: Words(wire.enum_type, "").word(value)}
    return {field.name: tuple(value) if wire.is_repeated else value}


def _written(said: Mapping[str, Any], wire: FieldDescriptor, field: Field, community: str) -> Any:
    value = said[field.name]
    if wire.message_type is not None:
        return attribute_message(value, said["value"])
    if field.names_members:
        return [child_name(community, "members", id) for id in value]
    return Words(wire.enum_type, "").number(value) if field.choices else value
