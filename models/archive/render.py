"""One record → the canonical JSON object of the archive: the same record always gives the same object.

Keys stand in a fixed order with unknown ones last and sorted; a field that is empty is left out unless readers of the
format rely on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_origin

from models.archive.fields import EXTRA, FIELDS, KNOWN_FIELDS, NESTED_LISTS, NESTED_PREFIX, Json
from models.archive.times import format_time
from models.domain import strict_json
from models.domain.fields import Field, JsonObject, Time, fields_of
from models.domain.records import Guest, Identity, Need, Record, Scalar


def render(kind: str, record: Record) -> Json:
    """The canonical object of a record."""
    row = {}
    for name, key, always, form in _plan(kind):
        value = getattr(record, name)
        if form:
            value = form(value)
        if value or always:
            row[key] = value
    extra: str = getattr(record, EXTRA, "")
    if extra:
        _restore_extra(row, _sorted_object(extra), KNOWN_FIELDS[kind])
    return row


@cache
def _plan(kind: str) -> list[tuple[str, str, bool, Callable[[Any], Any] | None]]:
    """Name, key, whether it stands there even when empty, and what turns its values into JSON."""
    written = [field for field in FIELDS[kind] if not field.written.never]
    return [(one.name, one.key, one.required or one.written.always, _form(one)) for one in written]


def _form(field: Field) -> Callable[[Any], Any] | None:
    if field.item:
        return _LISTS.get(field.item.type, list)
    if field.mark(Time):
        return _time
    if field.mark(JsonObject) or field.name == "left_out":
        return _json
    return _sorted if get_origin(field.type) is dict else None


def _json(text: str) -> Any:
    return strict_json.read_kept(text) if text else None


def _sorted_object(text: str) -> Json:
    """An object with its keys in order, as far down as it goes: not everything that is kept was written so."""
    return strict_json.kept_object(strict_json.write(strict_json.kept_object(text)))


def _time(time: int | None) -> str:
    return "" if time is None else format_time(time)


def _sorted(values: dict[str, Scalar]) -> Json:
    return dict(sorted(values.items()))


def _needs(needs: tuple[Need, ...]) -> list[str | Json]:
    return [{"kind": need.kind, "text": need.text} if need.kind else need.text for need in needs]


def _identities(identities: tuple[Identity, ...]) -> list[Json]:
    return [{"platform": one.platform, "handle": one.handle} for one in identities]


def _guests(guests: tuple[Guest, ...]) -> list[Json]:
    return [_stated(guest) for guest in guests]


def _stated(guest: Guest) -> Json:
    values = ((field, getattr(guest, field.name)) for field in fields_of(Guest))
    return {field.key: value for field, value in values if field.required or value != field.default}


_LISTS: dict[Any, Callable[[Any], Any]] = {Need: _needs, Identity: _identities, Guest: _guests}


def _restore_extra(row: Json, extra: Json, known: frozenset[str]) -> None:
    for field in NESTED_LISTS.keys() & row.keys() & known:
        nested = extra.pop(NESTED_PREFIX + field, None)
        if isinstance(nested, list):
            row[field] = _restore_nested(field, row[field], [raw for raw in nested if isinstance(raw, dict)])
    row.update((key, value) for key, value in extra.items() if key not in known)


def _restore_nested(field: str, values: list[Any], nested: list[Json]) -> list[Any]:
    """Puts unknown fields back into the objects they came with; an object changed since has lost them."""
    fields = NESTED_LISTS[field]
    unknown = {_key(fields, raw): {k: v for k, v in raw.items() if k not in fields} for raw in nested}
    return [_merged(fields, value, unknown.get(_key(fields, value), {})) for value in values]


def _key(fields: tuple[str, ...], value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value, "")
    return tuple(str(value.get(field) or "") for field in fields)


def _merged(fields: tuple[str, ...], value: Any, unknown: Mapping[str, Any]) -> Any:
    if not unknown:
        return value
    return {**(value if isinstance(value, dict) else {"text": value}), **unknown}
