"""`docs/archive.md` against the code: every field of every file, its type, its bounds, and an example that is read."""

from __future__ import annotations

import json
import re
import types
from dataclasses import fields
from pathlib import Path
from typing import Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import pytest

from models.archive.container import FILES
from models.archive.fields import KNOWN_FIELDS, NESTED_LISTS
from models.archive.parse import RowError, parse
from models.domain.records import RECORD_TYPES, Guest, Identity, Need
from models.rounds.constraints.registry import CONSTRAINTS
from models.rounds.spec import requests
from models.rounds.spec.json_text import read_plan, read_spec
from service.core.bounds import Choice, Day, Each, Id, JsonObject, Language, Range, Rule, Scalars, Text, Time, TimeZone
from service.core.validation import RECORD_RULES, validate_record

PAGE = (Path(__file__).parents[2] / "docs/archive.md").read_text(encoding="utf8")
NOW = 1_900_000_000_000_000
NAMED = {"from": "source", "to": "target"}
PARTS: dict[str, type] = {"offers, seeks and needs": Need, "identities": Identity, "guests": Guest}
PLAIN: dict[object, str] = {bool: "true/false", int: "whole number", float: "number"}
SPECS: dict[str, tuple[type, ...]] = {
    "spec": (requests.RoundSpec,),
    "spec.sides": (requests.Side,),
    "spec.teams": (requests.Team,),
    "spec.teams.roles": (requests.Role,),
    "spec.bids": (requests.Bid,),
    "spec.rules": tuple(CONSTRAINTS.values()),
    "plan": (requests.Plan,),
    "plan.matches": (requests.Match,),
    "plan.byes": (requests.Bye,),
    "plan.relaxed": (requests.Relaxed,),
    "plan.collisions": (requests.Collision,),
    "plan.summary": (requests.Summary,),
}


class Field(NamedTuple):
    """One row of a table of the page."""

    name: str
    type: str
    bounds: str
    meaning: str
    example: str

    @property
    def described(self) -> tuple[str, str]:
        """Type and bounds, without whether it is required."""
        return self.type, re.sub("^required(, )?", "", self.bounds)


def table(title: str) -> list[Field]:
    """The rows of the table below a heading of `title`."""
    [text] = re.findall(rf"^##+ `?{re.escape(title)}`?\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|`")]
    return [Field(*(cell.strip("`") for cell in row)) for row in rows]


def listed(title: str) -> set[str]:
    """The fields that the bullet of an object names."""
    [text] = re.findall(rf"^- \*\*{re.escape(title)}\*\*: (.*?)(?=^- |^$)", PAGE, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`(\w+)`", text))


def example(rows: list[Field]) -> dict[str, object]:
    return {row.name: json.loads(row.example) for row in rows}


@pytest.mark.parametrize(("kind", "file"), FILES.items())
def test_the_page_has_every_field_of_a_file_with_its_type_and_bounds(kind: str, file: str) -> None:
    rows, cls = table(file), RECORD_TYPES[kind]
    assert {row.name for row in rows} == KNOWN_FIELDS[kind]
    for row in rows:
        assert row.described == described(cls, NAMED.get(row.name, row.name))


@pytest.mark.parametrize(("kind", "file"), FILES.items())
def test_the_examples_of_a_file_are_a_row_that_is_read_and_lies_within_the_bounds(kind: str, file: str) -> None:
    row = example(table(file))
    record = parse(kind, row)
    validate_record(record if record.id else parse(kind, {**row, "id": "x"}), NOW)


@pytest.mark.parametrize(("kind", "file"), FILES.items())
def test_the_page_says_which_fields_a_row_must_have(kind: str, file: str) -> None:
    rows = table(file)
    whole = example(rows)
    for row in rows:
        without = {name: value for name, value in whole.items() if name != row.name}
        assert row.bounds.startswith("required") == (not reads(kind, without)), row.name


def reads(kind: str, row: dict[str, object]) -> bool:
    try:
        parse(kind, row)
    except RowError:
        return False
    return True


@pytest.mark.parametrize(("title", "cls"), PARTS.items())
def test_the_page_has_every_field_of_an_object_in_a_list(title: str, cls: type) -> None:
    rows = table(title)
    assert [row.name for row in rows] == [field.name for field in fields(cls)]
    for row in rows:
        assert row.described == described(cls, row.name)


def test_every_list_of_objects_that_an_archive_knows_has_a_table() -> None:
    assert {name for title in PARTS for name in re.split(r", | and ", title)} == {*NESTED_LISTS, "guests"}


@pytest.mark.parametrize("title", SPECS)
def test_the_page_has_every_field_of_what_a_round_asks_for_and_of_its_list(title: str) -> None:
    named = {field.name for cls in SPECS[title] for field in fields(cls)}
    assert listed(title) == named | ({"rule"} if title == "spec.rules" else set())


def test_the_example_request_and_list_of_a_round_use_every_kind_of_object() -> None:
    row = example(table("rounds.jsonl"))
    assert read_spec(json.dumps(row["spec"])).rules
    assert read_plan(json.dumps(row["plan"])).matches


def described(cls: type, name: str) -> tuple[str, str]:
    """The type and the bounds of a record's field, in the words of the page."""
    hint = get_type_hints(cls)[name]
    rule = RECORD_RULES[cls][name]
    return kind_of(hint, rule), bound(rule)


def kind_of(hint: object, rule: Rule) -> str:
    if get_origin(hint) in (types.UnionType, Union):
        [hint] = (one for one in get_args(hint) if one is not type(None))
    if isinstance(rule, JsonObject):
        return "object"
    if isinstance(rule, Time):
        return "time"
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        named = "ids" if isinstance(rule, Each) and isinstance(rule.rule, Id) else "texts"
        return f"list of {named if item is str else 'objects'}"
    if isinstance(rule, Id):
        return "id"
    if get_origin(hint) is Literal or hint is str:
        return "text" if hint is str else "word"
    return PLAIN.get(hint, "object")


def bound(rule: Rule) -> str:
    match rule:
        case Text(max=most, unit=unit):
            return f"≤{most:,} {'B' if unit == 'bytes' else unit}"
        case JsonObject(text=text):
            return bound(text)
        case Each(max=most, rule=None, min=least):
            return f"{least} to {most:,}" if least else f"≤{most:,}"
        case Each(max=most, rule=Id()):
            return f"≤{most:,}"
        case Each(max=most, rule=Rule() as item):
            return f"≤{most:,}, each {bound(item)}"
        case Range(low=low, high=high):
            return f"{low:,.0f} to {high:,.0f}"
        case Time(future=future):
            return "any" if future else "not ahead"
        case Scalars(max=most, name=key, text=text):
            return f"≤{most}: names {bound(key)}, texts {bound(text)}"
        case Choice(values=values):
            return ", ".join(filter(None, values))
        case Day(max=most):
            return f"a day, ≤{most} characters"
    return {Language: "BCP 47", TimeZone: "IANA"}.get(type(rule), "")
