"""Dataclasses of rounds as JSON text and back, by their type hints."""

from __future__ import annotations

import types
from collections.abc import Hashable, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import orjson

from models.domain.records import Need, Scalar
from models.rounds.constraints.constraint import Constraint
from models.rounds.constraints.registry import CONSTRAINTS

T = TypeVar("T")


def to_text(value: object) -> str:
    """The JSON text of a dataclass; fields with their default are left out, keys are sorted."""
    return orjson.dumps(_plain(value), option=orjson.OPT_SORT_KEYS).decode()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        named = {"rule": value.name} if isinstance(value, Constraint) else {}
        return named | dict(_filled(value))
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _filled(value: Any) -> Iterator[tuple[str, Any]]:
    """The fields that say something: not their default, and not NaN, which stands for unknown."""
    hints = _hints(cast(Hashable, type(value)))
    for field in fields(value):
        item = getattr(value, field.name)
        if item != _default(field) and item == item:
            # 7 and 7.0 are the same number and must be the same text.
            yield field.name, float(item) if hints[field.name] is float else _plain(item)


def _default(field: Field[Any]) -> object:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def from_text(cls: type[T], text: str | bytes) -> T:
    """The dataclass of a JSON text. Raises ValueError, whose text says where it is none."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from None
    return cast(T, _read(cls, value, ""))


def _read(kind: Any, value: Any, where: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Constraint:
        return _read_rule(value, where)
    if origin is Literal:
        return _require(value in arguments and isinstance(value, str), value, where, f"one of {', '.join(arguments)}")
    if origin is tuple:
        return _read_tuple(arguments, value, where)
    if kind == Scalar:
        return _require(isinstance(value, (str, int, float, bool)), value, where, "text, a number, true or false")
    if origin in (Union, types.UnionType):
        inner = next(one for one in arguments if one is not type(None))
        return None if value is None else _read(inner, value, where)
    if kind is Need and isinstance(value, str):
        return Need(value)
    if is_dataclass(kind):
        return _read_object(cast(type, kind), value, where)
    return _read_plain(kind, value, where)


def _read_plain(kind: type, value: Any, where: str) -> Any:
    if kind is float and type(value) is int:
        value = float(value)
    names = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
    return _require(type(value) is kind, value, where, names[kind])


def _read_tuple(arguments: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    _require(isinstance(value, list), value, where, "a list")
    if arguments[-1] is ...:
        return tuple(_read(arguments[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    _require(len(value) == len(arguments), value, where, f"a list of {len(arguments)}")
    return tuple(
        _read(kind, item, f"{where}[{i}]") for i, (kind, item) in enumerate(zip(arguments, value, strict=True))
    )


def _read_rule(value: Any, where: str) -> Any:
    _require(isinstance(value, dict), value, where, "an object")
    name = value.get("rule")
    cls = CONSTRAINTS.get(name) if isinstance(name, str) else None
    if cls is None:
        raise ValueError(f"{_inside(where, 'rule')} must be one of {', '.join(CONSTRAINTS)}")
    return _read_object(cls, {key: item for key, item in value.items() if key != "rule"}, where)


def _read_object(cls: type, value: Any, where: str) -> Any:
    _require(isinstance(value, dict), value, where or "the text", "an object")
    hints = _hints(cls)
    for key in value:
        if key not in hints:
            raise ValueError(f"{_inside(where, key)} is not known; known are {', '.join(hints)}")
    given = {key: _read(hints[key], item, _inside(where, key)) for key, item in value.items()}
    for field in fields(cls):
        if field.name not in given and field.default is MISSING and field.default_factory is MISSING:
            raise ValueError(f"{_inside(where, field.name)} is missing")
    return cls(**given)


@cache
def _hints(cls: Hashable) -> dict[str, Any]:
    """The types of the fields, its own before those of what it is a kind of."""
    record = cast(type, cls)
    hints = get_type_hints(record)
    names = dict.fromkeys((*record.__annotations__, *(field.name for field in fields(record))))
    return {name: hints[name] for name in names}


def _inside(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _require(holds: bool, value: Any, where: str, what: str) -> Any:
    if not holds:
        raise ValueError(f"{where} must be {what}")
    return value
