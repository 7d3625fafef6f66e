"""Every constraint of a round, whichever there are: described once, and the same in JSON, contract and words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_origin

import pytest
from yiqi.v1.round_pb2 import RoundRule

from models.domain.fields import Field, fields_of
from models.rounds.constraints.constraint import Constraint
from models.rounds.constraints.registry import CONSTRAINTS
from models.rounds.spec.json_text import named_in, read_spec, spec_text
from models.rounds.spec.requests import Plan, RoundSpec
from models.rounds.texts.constraints import rule_said
from service.api.constraint_codec import constraint_message, constraint_record
from service.core.errors import InvalidArgument
from service.core.validation import validate
from service.texts import say
from service.texts.renderer import RENDERER


def filled(field: Field) -> Any:
    """A value that is not the default."""
    if get_origin(field.type) is tuple:
        return ("ann", "bo")
    if field.type is bool:
        return not field.default
    return {str: "team", int: 2, float: 2.5, int | None: 2}.get(field.type, field.choices[-1] if field.choices else "x")


def samples() -> Iterator[Constraint]:
    for constraint in CONSTRAINTS.values():
        fields = fields_of(constraint)
        yield constraint(**{field.name: filled(field) for field in fields if not field.has_default})
        yield constraint(**{field.name: filled(field) for field in fields})


@pytest.fixture(params=samples(), ids=str)
def constraint(request: pytest.FixtureRequest) -> Constraint:
    found: Constraint = request.param
    return found


def test_the_contract_has_the_constraints_that_there_are() -> None:
    assert {field.name for field in RoundRule.DESCRIPTOR.oneofs_by_name["rule"].fields} == set(CONSTRAINTS)


def test_a_constraint_comes_back_from_json(constraint: Constraint) -> None:
    spec = RoundSpec(kind="pairs", rules=(constraint,))
    assert read_spec(spec_text(spec)) == spec


def test_a_constraint_comes_back_from_the_contract_and_keeps_its_bounds(constraint: Constraint) -> None:
    message = constraint_message(constraint, "c")
    validate(message, now=0)
    assert constraint_record(message, "c", "rule") == constraint


def test_members_of_another_community_are_refused(constraint: Constraint) -> None:
    message = constraint_message(constraint, "elsewhere")
    if constraint.members_named():
        with pytest.raises(InvalidArgument, match=rf"rules\[0\]\.{constraint.name}"):
            constraint_record(message, "c", "rules[0]")


def test_who_is_erased_is_in_no_constraint_any_more(constraint: Constraint) -> None:
    left = constraint.with_members(lambda members: tuple(member for member in members if member != "ann"))
    spec = RoundSpec(kind="pairs", rules=(left,))
    assert "ann" not in spec_text(spec)
    assert set(named_in(spec, Plan(), {})) == set(constraint.members_named()) - {"ann"}


@pytest.mark.parametrize("language", sorted(RENDERER.catalogues))
def test_every_constraint_has_words(constraint: Constraint, language: str) -> None:
    assert say(rule_said(constraint, str.upper), language)
