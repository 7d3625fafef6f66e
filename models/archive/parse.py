"""One JSON object of an archive → one record: lenient where nothing is lost, else a clear reason why it is none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any, TypeAlias, get_origin

from models.archive.fields import EXTRA, FIELDS, KNOWN_FIELDS, NESTED_LISTS, NESTED_PREFIX, Json
from models.archive.times import parse_time
from models.domain import strict_json
from models.domain.fields import Field, Id, Time, fields_of
from models.domain.records import RECORD_TYPES, Consent, Need, Record, Scalar
from models.rounds.spec.json_text import (
    left_out_text,
    named_in,
    plan_text,
    read_left_out,
    read_plan,
    read_spec,
    spec_text,
)
from models.rounds.spec.requests import Plan, RoundSpec

_Read: TypeAlias = Callable[[Any, str], Any]  # a value that is there, and what to call it


class RowError(ValueError):
    """An object is no record; the text says why, for the person who made the archive."""


def parse(kind: str, row: Json, consent: Consent = "organizers") -> Record:
    """The record of an object. `consent` is that of a member who states none.

    Numbers count as ids, one string as a list of one, null as absent. RowError when the object is no record.
    """
    values = _values(_plan(kind), row)
    if kind == "suggestion":
        _refuse_unknown(row)
    else:
        values[EXTRA] = _extra(kind, row)
    if finish := _FINISHED.get(kind):
        finish(values, row, consent)
    record: Record = RECORD_TYPES[kind](**values)
    return record


# -- fields --------------------------------------------------------------------------------------------------------


_Plan: TypeAlias = list[tuple[Field, str, _Read]]


def _values(plan: _Plan, row: Json) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field, key, read in plan:
        value = row.get(key)
        if value is None or (value == "" and field.required):
            if field.required:
                raise RowError(f"{key} is missing")
            if not field.has_default:
                found[field.name] = field.default
        else:
            found[field.name] = read(value, key)
    return found


@cache
def _plan(kind: str) -> _Plan:
    by_hand = _READ_TOGETHER if kind == "round" else frozenset[str]()
    return _planned(field for field in FIELDS[kind] if field.name not in by_hand)


def _planned(found: Iterable[Field]) -> _Plan:
    return [(field, field.key, _reader(field)) for field in found]


def _reader(field: Field) -> _Read:
    """What turns a value into that of a field."""
    if field.item:
        return partial(_list, read=_item_reader(field.item))
    if field.choices:
        return partial(_choice, allowed=field.choices, default=field.default)
    if field.mark(Time):
        return _time
    if field.mark(Id):
        return _id
    if field.type is str:
        # A name is often a number in a table, and loses nothing by being read as one.
        return _id if field.name == "name" else _text
    return _scalars if get_origin(field.type) is dict else _NUMBERS[field.type]


def _item_reader(item: Field) -> _Read:
    if item.type is Need:
        return partial(_need, plan=_planned(fields_of(Need)))
    if item.is_part:
        return partial(_part, part=item.type, plan=_planned(fields_of(item.type)))
    return _reader(item)


# -- values --------------------------------------------------------------------------------------------------------


def _text(value: Any, key: str) -> str:
    if type(value) is not str:
        raise RowError(f"{key} must be text")
    return value


def _id(value: Any, key: str) -> str:
    if type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    raise RowError(f"{key} must be text or a whole number")


def _flag(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        raise RowError(f"{key} must be true or false")
    return value


def _count(value: Any, key: str) -> int:
    if type(value) is not int:
        raise RowError(f"{key} must be a whole number")
    return value


def _number(value: Any, key: str) -> float:
    if type(value) not in (int, float):
        raise RowError(f"{key} must be a number")
    return float(value)


_NUMBERS: dict[type, _Read] = {bool: _flag, int: _count, float: _number}


def _choice(value: Any, key: str, allowed: tuple[str, ...], default: Any) -> Any:
    if value == "":
        return default
    if value not in allowed:
        raise RowError(f"{key} must be one of {', '.join(filter(None, allowed))}")
    return value


def _time(value: Any, key: str) -> int | None:
    if value == "":
        return None
    if not isinstance(value, str):
        raise RowError(f"{key} must be an RFC 3339 time as text")
    try:
        return parse_time(value)
    except ValueError as error:
        raise RowError(f"{key}: {error}") from None


def _scalars(value: Any, key: str) -> dict[str, Scalar]:
    if not isinstance(value, dict):
        raise RowError(f"{key} must be an object")
    for name, one in value.items():
        if isinstance(one, (list, dict)):
            raise RowError(f"{key}.{name} must be text, a number, true or false")
    return {name: value[name] for name in sorted(value) if value[name] is not None}


def _list(value: Any, key: str, read: _Read) -> tuple[Any, ...]:
    """What a list holds, without what is empty."""
    found = (read(one, f"{key}[{at}]") for at, one in enumerate(_listed(value)) if one != "")
    return tuple(one for one in found if one != _NOTHING)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _need(value: Any, where: str, plan: _Plan) -> Need:
    if isinstance(value, str):
        return Need(value)
    if not isinstance(value, dict):
        raise RowError(f"{where} must be text or an object with text and kind")
    need: Need = _part(value, where, Need, plan)
    return need


def _part(value: Any, where: str, part: Callable[..., Any], plan: _Plan) -> Any:
    if not isinstance(value, dict):
        raise RowError(
            f"{where} must be an object with {' and '.join(key for field, key, _ in plan if field.required)}"
        )
    try:
        return part(**_values(plan, value))
    except RowError as error:
        raise RowError(f"{where}.{error}") from None


_NOTHING = Need("")


# -- what one field does not tell ----------------------------------------------------------------------------------


def _member(values: dict[str, Any], row: Json, consent: Consent) -> None:
    if not row.get("consent"):
        values["consent"] = consent


def _pair(values: dict[str, Any], row: Json, consent: Consent) -> None:
    values["id"] = values["id"] or _derived_id(row)


def _block(values: dict[str, Any], row: Json, consent: Consent) -> None:
    values["id"] = values["id"] or _derived_id({"from": values["source"], "to": values["target"]})


def _invitation(values: dict[str, Any], row: Json, consent: Consent) -> None:
    if len({guest.member for guest in values["guests"]}) < 2:
        raise RowError("guests must be two people or more")


_READ_TOGETHER = frozenset({"members", "spec", "plan", "left_out"})


def _round(values: dict[str, Any], row: Json, consent: Consent) -> None:
    spec, plan, left_out = _spec(row), _plan_of(row), _left_out(row)
    values |= {
        "members": named_in(spec, plan, left_out),
        "spec": spec_text(spec),
        "plan": plan_text(plan) if row.get("plan") is not None else "",
        "left_out": left_out_text(left_out),
    }


def _spec(row: Json) -> RoundSpec:
    if row.get("spec") is None:
        raise RowError("spec is missing")
    try:
        return read_spec(strict_json.write(row["spec"]))
    except ValueError as error:
        raise RowError(f"spec: {error}") from None


def _plan_of(row: Json) -> Plan:
    try:
        return Plan() if row.get("plan") is None else read_plan(strict_json.write(row["plan"]))
    except ValueError as error:
        raise RowError(f"plan: {error}") from None


def _left_out(row: Json) -> dict[str, str]:
    try:
        return read_left_out(strict_json.write(row["left_out"])) if row.get("left_out") is not None else {}
    except ValueError as error:
        raise RowError(str(error)) from None


_FINISHED: dict[str, Callable[[dict[str, Any], Json, Consent], None]] = {
    "member": _member,
    "tie": _pair,
    "outcome": _pair,
    "block": _block,
    "invitation": _invitation,
    "round": _round,
}


def _refuse_unknown(row: Json) -> None:
    if unknown := row.keys() - KNOWN_FIELDS["suggestion"]:
        raise RowError(f"a suggestion has no field {min(unknown)!r}")


def _derived_id(row: Json) -> str:
    return hashlib.blake2b(strict_json.write(row).encode(), digest_size=10).hexdigest()


def _extra(kind: str, row: Json) -> str:
    known = KNOWN_FIELDS[kind]
    if known.issuperset(row) and not _may_nest(kind):
        return ""
    extra = {key: value for key, value in row.items() if key not in known}
    for field in NESTED_LISTS.keys() & row.keys() & known:
        if unknown := _nested_unknown(row, field):
            extra[NESTED_PREFIX + field] = unknown
    return strict_json.write(extra) if extra else ""


def _may_nest(kind: str) -> bool:
    return kind in ("member", "project")


def _nested_unknown(row: Json, field: str) -> list[Json]:
    fields = NESTED_LISTS[field]
    return [v for v in _listed(row.get(field)) if isinstance(v, dict) and not v.keys() <= set(fields)]
