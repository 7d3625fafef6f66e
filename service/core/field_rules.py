"""The bounds of a field of a record as rules: for the record itself, and for the message of the contract that carries
it."""

from __future__ import annotations

from typing import Any

from yiqi.v1.round_pb2 import RoundRule

from models.domain import fields
from models.domain.fields import Field, fields_of
from models.rounds.constraints.registry import CONSTRAINTS
from service.core.bounds import (
    Choice,
    Day,
    Each,
    Given,
    Id,
    JsonObject,
    Language,
    Name,
    Range,
    Rule,
    Scalars,
    Text,
    Time,
    TimeZone,
)

# What the contract calls fields that records call otherwise.
WIRE_NAMES = {"id": "name", "name": "display_name", "extra": "extra_json", "token": "recommendation_token"}
ATTRIBUTE_NAME = Text(128, "characters", required=True)
ATTRIBUTE_TEXT = Text(2_000)


def wire_name(field: Field) -> str:
    """What the contract calls a field of a record that is a resource there."""
    return WIRE_NAMES.get(field.name, field.name)


def record_rule(field: Field) -> Rule:
    """The bounds of a field of a record."""
    if field.mark(fields.Id):
        return Id(required=not field.has_default)
    if item := field.item:
        return _each(field, Id() if item.mark(fields.Id) else None if item.is_part else _plain_rule(item))
    return Choice(field.choices) if field.choices else _plain_rule(field)


def resource_rules(message: str, record: type[Any], collection: str, *, named: bool = False) -> dict[str, Rule]:
    """The bounds of a message of the contract that is a record: of its fields that are neither enums nor booleans.

    Its name is one of `collection`; the service gives it one unless it must be `named`.
    """
    found: dict[str, Rule] = {}
    for field in fields_of(record):
        if not field.choices and field.type is not bool:
            own = field.name == "id"
            rule = Name(_pattern(collection), required=named) if own else _request_rule(field)
            found[f"{message}.{wire_name(field)}"] = rule
    return found


def constraint_rules() -> dict[str, Rule]:
    """The bounds of the messages of all constraints of a round."""
    found: dict[str, Rule] = {}
    for one in RoundRule.DESCRIPTOR.oneofs_by_name["rule"].fields:
        described = {field.name: field for field in fields_of(CONSTRAINTS[one.name])}
        for wire in one.message_type.fields:
            field = described[wire.name]
            if not field.choices and field.type is not bool:
                rule = Given() if wire.message_type else _request_rule(field)
                found[f"{one.message_type.name}.{wire.name}"] = rule
    return found


def _request_rule(field: Field) -> Rule:
    if to := field.mark(fields.Id):
        return Name(_pattern(to.of), required=not field.has_default)
    if item := field.item:
        if to := item.mark(fields.Id):
            return _each(field, Name(_pattern(to.of), required=True))
        return _each(field, None if item.is_part else _plain_rule(item))
    if field.type not in (str, int, float) and not field.optional:
        return Each(_most(field).count)  # attributes, each of which is a message with bounds of its own
    return _plain_rule(field)


def _plain_rule(field: Field) -> Rule:
    if time := field.mark(fields.Time):
        return Time(future=time.ahead, required=not (field.has_default or field.optional))
    if within := field.mark(fields.Within):
        return Range(within.low, within.high)
    if field.mark(fields.LanguageTag):
        return Language()
    if field.mark(fields.TimeZone):
        return TimeZone()
    if field.type is bool:
        return Rule()
    most = _most(field)
    if field.mark(fields.Day):
        return Day(most.count)
    if field.mark(fields.JsonObject):
        return JsonObject(Text(most.count))
    if field.type is str:
        return Text(most.count, most.unit, required=not field.has_default)
    return Scalars(most.count, ATTRIBUTE_NAME, ATTRIBUTE_TEXT)


def _each(field: Field, rule: Rule | None) -> Each:
    least = field.mark(fields.Least)
    return Each(_most(field).count, rule, min=least.count if least else 0)


def _most(field: Field) -> fields.Most:
    most = field.mark(fields.Most)
    if most is None:
        raise TypeError(f"{field.name} has no bounds; mark it with one of models.domain.fields")
    return most


def _pattern(collection: str) -> tuple[str, ...]:
    return ("communities",) if collection == "communities" else ("communities", collection)
