"""The fields of the archive format: which are known for each kind, and where unknown ones may hide."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeAlias

from models.domain.fields import Field, fields_of
from models.domain.records import RECORD_TYPES, Identity, Need

Json: TypeAlias = dict[str, Any]

EXTRA = "extra"  # the field of a record that holds what is not known


def _known(kind: str) -> tuple[Field, ...]:
    found = [field for field in fields_of(RECORD_TYPES[kind]) if field.name != EXTRA]
    return tuple(sorted(found, key=lambda field: field.written.last))


FIELDS: dict[str, tuple[Field, ...]] = {kind: _known(kind) for kind in RECORD_TYPES}  # in the order of an archive
KNOWN_FIELDS: dict[str, frozenset[str]] = {kind: frozenset(one.key for one in found) for kind, found in FIELDS.items()}

# Unknown fields inside the objects of a list (a `note` in an offer) travel in `extra` under this prefix.
NESTED_PREFIX = "_unknown_in_"
NESTED_LISTS: dict[str, tuple[str, ...]] = {
    field.key: tuple(part.name for part in fields(field.item.type))
    for found in FIELDS.values()
    for field in found
    if field.item and field.item.type in (Need, Identity)
}
