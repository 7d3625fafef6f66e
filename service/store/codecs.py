"""Records to rows and back. Two records are equal exactly when their rows are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple, cast

from sqlalchemy import Integer, Table, Text

from models.domain.fields import fields_of
from models.domain.records import RECORD_TYPES, Guest, Identity, Need, Record, Scalar
from service.store.tables import RECORD_TABLES, communities

Row = tuple[Any, ...]

_INT64 = 2**63


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _dump_texts(value: Sequence[str]) -> str:
    return _dump(list(value)) if value else "[]"


def _load_texts(text: str) -> tuple[str, ...]:
    return () if text == "[]" else tuple(json.loads(text))


def _dump_needs(value: Sequence[Need]) -> str:
    return _dump([[need.text, need.kind] for need in value]) if value else "[]"


def _load_needs(text: str) -> tuple[Need, ...]:
    return () if text == "[]" else tuple(Need(*pair) for pair in json.loads(text))


def _dump_identities(value: Sequence[Identity]) -> str:
    return _dump([[one.platform, one.handle] for one in value]) if value else "[]"


def _load_identities(text: str) -> tuple[Identity, ...]:
    return () if text == "[]" else tuple(Identity(*pair) for pair in json.loads(text))


def _dump_scalars(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True) if value else "{}"


def _load_scalars(text: str) -> dict[str, Any]:
    return {} if text == "{}" else cast("dict[str, Any]", json.loads(text))


def _dump_guests(value: Sequence[Guest]) -> str:
    return _dump([[one.member, one.role, one.reply, one.answer, one.renewed, int(one.left)] for one in value])


def _load_guests(text: str) -> tuple[Guest, ...]:
    return tuple(
        Guest(member=member, role=role, reply=reply, answer=answer, renewed=renewed, left=bool(left))
        for member, role, reply, answer, renewed, left in json.loads(text)
    )


class _Form(NamedTuple):
    dump: Callable[[Any], Any]
    load: Callable[[Any], Any]


_FORMS: dict[Any, _Form] = {
    tuple[str, ...]: _Form(_dump_texts, _load_texts),
    tuple[Need, ...]: _Form(_dump_needs, _load_needs),
    tuple[Identity, ...]: _Form(_dump_identities, _load_identities),
    tuple[Guest, ...]: _Form(_dump_guests, _load_guests),
    bool: _Form(int, bool),
    dict[str, Scalar]: _Form(_dump_scalars, _load_scalars),
}


class Codec:
    """How records of one kind lie in their table.

    A row is the tuple of the record's fields in the order of `names`; the community and the version stand beside it.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.type: type = RECORD_TYPES[kind]
        self.table: Table = RECORD_TABLES[kind]
        self.names = tuple(field.name for field in fields_of(self.type))
        self.columns = [self.table.c[name] for name in self.names]
        forms = [_FORMS.get(field.type) for field in fields_of(self.type)]
        self._forms = [(at, form) for at, form in enumerate(forms) if form]
        self._texts = [at for at, column in enumerate(self.columns) if isinstance(column.type, Text)]
        self._numbers = [at for at, column in enumerate(self.columns) if isinstance(column.type, Integer)]
        self._values: Callable[[Record], Row] = attrgetter(*self.names)
        # What an insert names, in the order of `bind`.
        self.bound = (*self.names, "version") if self.table is communities else (*self.names, "version", "community")

    def encode(self, record: Record) -> Row:
        """The row of a record. Raises ValueError for lone surrogates and numbers beyond 64 bits."""
        row = list(self._values(record))
        for at, form in self._forms:
            row[at] = form.dump(row[at])
        text = "".join([row[at] for at in self._texts])
        if not text.isascii():
            _require_unicode(text)
        for at in self._numbers:
            if row[at] is not None and not -_INT64 <= row[at] < _INT64:
                raise ValueError("a number does not fit into 64 bits")
        return tuple(row)

    def decode(self, row: Sequence[Any]) -> Record:
        """The record of a row, of which only the first `len(names)` items count."""
        values = list(row[: len(self.names)])
        for at, form in self._forms:
            values[at] = form.load(values[at])
        return cast(Record, self.type(**dict(zip(self.names, values, strict=True))))

    def dump(self, record: Record, names: Iterable[str]) -> dict[str, Any]:
        """Some fields of a record, as they lie in its row. Raises ValueError as `encode` does."""
        row = dict(zip(self.names, self.encode(record), strict=True))
        return {name: row[name] for name in names}

    def load(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The same fields as a record has them."""
        forms = {self.names[at]: form for at, form in self._forms}
        return {name: forms[name].load(value) if name in forms else value for name, value in values.items()}

    def bind(self, community: str, row: Row, version: int) -> Row:
        """The values of an insert, in the order of `bound`."""
        return (*row, version) if self.table is communities else (*row, version, community)


def _require_unicode(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("text holds a lone surrogate and cannot be stored") from error


CODECS: dict[str, Codec] = {kind: Codec(kind) for kind in RECORD_TYPES}
