"""Many records at once: one answer an item, and no bad item stops the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from models.domain.kinds import R
from models.domain.records import Record
from service.application.crud import refusal
from service.core.errors import YiqiError
from service.store.contract import OnExisting, PutStatus, UnitOfWork

ItemStatus = Literal["created", "unchanged", "replaced", "rejected"]


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of one item, in the place it had in the batch; `error` says why it was rejected."""

    id: str
    status: ItemStatus
    error: YiqiError | None = None


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of each item, in order, and the position in the log from which on the good ones stand."""

    items: list[ItemResult]
    revision: int


def put_each(
    work: UnitOfWork,
    records: Sequence[R],
    check: Callable[[R], None] | None = None,
    on_existing: OnExisting = "fail_if_different",
) -> BatchResult:
    """Store the records that pass `check`, which raises YiqiError for those that must not be."""
    errors = [_error(check, record) if check else None for record in records]
    good = [record for record, error in zip(records, errors, strict=True) if error is None]
    stored = iter(work.put(good, on_existing))
    results = []
    for record, error in zip(records, errors, strict=True):
        if error is None:
            results.append(_result(work, record, next(stored).status, on_existing))
        else:
            results.append(ItemResult(record.id, "rejected", error))
    return BatchResult(results, work.revision)


def _error(check: Callable[[R], None], record: R) -> YiqiError | None:
    try:
        check(record)
    except YiqiError as error:
        return error
    return None


def _result(work: UnitOfWork, record: Record, status: PutStatus, on_existing: OnExisting) -> ItemResult:
    if status != "conflict":
        return ItemResult(record.id, status)
    return ItemResult(record.id, "rejected", refusal(work, record, replacing=on_existing == "replace"))
