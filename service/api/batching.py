"""Batches and streams: each item on its own, and one summary over all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from google.protobuf.message import Message
from yiqi.v1 import common_pb2, errors_pb2

from models.domain.records import Micros, Record
from service.application.batches import BatchResult, ItemResult
from service.core.errors import InvalidArgument, YiqiError
from service.core.names import MAX_ID, community_of, shown
from service.core.validation import validate

MAX_REJECTIONS = 1000

M = TypeVar("M", bound=Message)
R = TypeVar("R", bound=Record)


class Batches(Generic[M, R]):
    """Reads items, hands the good ones of each batch to `store`, and counts what became of all of them.

    `read` makes a record of a message and raises YiqiError for one that cannot be; `store` gives one result a record.
    `revision` is the position in the log of the last batch that was stored, or what it is set to before.
    """

    def __init__(
        self,
        read: Callable[[M], R],
        store: Callable[[Sequence[R]], BatchResult],
        clock: Callable[[], Micros],
        revision: int = 0,
    ) -> None:
        self.revision = revision
        self._read = read
        self._store = store
        self._clock = clock
        self._seen = 0
        self._summary = common_pb2.BatchSummary()

    def take(self, items: Sequence[M], names: Sequence[str]) -> None:
        """Store one batch; when this returns, its good items are durable. `names` are the items' resource names."""
        places: list[int] = []
        records: list[R] = []
        for at, item in enumerate(items):
            try:
                validate(item, self._clock())
                records.append(self._read(item))
                places.append(at)
            except YiqiError as error:
                self._reject(self._seen + at, names[at].rsplit("/", 1)[-1], error)
        if records:
            stored = self._store(records)
            self.revision = stored.revision
            for at, result in zip(places, stored.items, strict=True):
                self._count(self._seen + at, result)
        self._seen += len(items)

    def summary(self) -> common_pb2.BatchSummary:
        """What became of everything taken so far."""
        self._summary.rejections.sort(key=lambda rejection: rejection.index)
        return self._summary

    def _count(self, index: int, result: ItemResult) -> None:
        if result.error is not None:
            self._reject(index, result.id, result.error)
        else:
            setattr(self._summary, result.status, getattr(self._summary, result.status) + 1)

    def _reject(self, index: int, id: str, error: YiqiError) -> None:
        self._summary.rejected += 1
        if len(self._summary.rejections) < MAX_REJECTIONS:
            reason = errors_pb2.ErrorReason.Value(f"ERROR_REASON_{error.reason}")
            self._summary.rejections.add(index=index, id=id[:MAX_ID], reason=reason, sentence=error.sentence)


def one_community(known: str, parent: str) -> str:
    """The community of a stream so far: the first piece names it, later ones may leave it out."""
    if not known:
        return community_of(parent)
    if parent and community_of(parent) != known:
        raise InvalidArgument(f"parent {shown(parent)}", reason="WRONG_COMMUNITY")
    return known
