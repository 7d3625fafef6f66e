"""ImportService: a community brought in from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, cast

from grpc import ServicerContext
from yiqi.v1 import import_pb2 as pb
from yiqi.v1 import import_pb2_grpc

from models.archive.container import FILES
from models.archive.parse import RowError, parse
from models.domain import strict_json
from models.domain.records import Community, Micros, Record
from models.domain.strict_json import JsonError
from service.access.caller import calling
from service.api import enums
from service.api.codec import micros
from service.api.import_messages import consent_counts, progress_message
from service.application import import_steps as usecase
from service.application.import_steps import ImportConsent, ImportOptions, Judged
from service.core.errors import InvalidArgument
from service.core.names import community_of, shown
from service.core.validation import validate_record
from service.store.contract import Store


class Held(Protocol):
    """What this service needs of the runtime."""

    def hold(self, community: str) -> None:
        """Nothing but the index follows the community, until `release`, or for some minutes."""

    def release(self, community: str) -> None:
        """All consumers follow it again."""


class ImportServicer(import_pb2_grpc.ImportServiceServicer):
    """Unpacks, calls `service.application.import_steps`, packs."""

    def __init__(self, store: Store, runtime: Held, clock: Callable[[], Micros]) -> None:
        self._store = store
        self._runtime = runtime
        self._clock = clock

    def BeginImport(self, request: pb.BeginImportRequest, context: ServicerContext) -> pb.BeginImportResponse:
        community = community_of(request.parent)
        if (caller := calling()) and caller.role != "admin":
            self._store.head(community)  # the import would create it, which is for admins
        self._runtime.hold(community)
        reached = usecase.begin_import(self._store, community, request.import_id, self._clock())
        return pb.BeginImportResponse(progress=progress_message(reached))

    def ImportRows(self, request: pb.ImportRowsRequest, context: ServicerContext) -> pb.ImportRowsResponse:
        community, now = community_of(request.parent), self._clock()
        options = ImportOptions(_consent(request.consent), request.replace_changed, request.restores)
        rows = [_judged(row, community, options.consent, options.latest(now)) for row in request.rows]
        self._runtime.hold(community)
        reached = usecase.take_rows(self._store, community, request.import_id, request.first, rows, options)
        return pb.ImportRowsResponse(progress=progress_message(reached))

    def FinishImport(self, request: pb.FinishImportRequest, context: ServicerContext) -> pb.FinishImportResponse:
        community = community_of(request.parent)
        consents = usecase.finish_import(self._store, community, request.import_id)
        self._runtime.release(community)
        return pb.FinishImportResponse(consent=consent_counts(consents), sequence=self._store.head(community))


def _consent(number: int) -> ImportConsent:
    word = enums.CONSENT.word(number) or "organizers"
    if word == "nobody":
        raise InvalidArgument("consent CONSENT_NOBODY")
    return cast(ImportConsent, word)


def _judged(row: pb.ImportRow, community: str, consent: ImportConsent, now: Micros) -> Judged:
    if row.kind not in FILES and (row.kind or not row.refused):
        raise InvalidArgument(f"kind {shown(row.kind)}")
    if not row.record_json:
        return Judged(row.file, row.line, row.kind, refused=row.refused)
    try:
        record = _record(row, community, consent)
        validate_record(record, now)
    except (RowError, JsonError) as error:
        return Judged(row.file, row.line, row.kind, refused=str(error))
    except InvalidArgument as error:
        return Judged(row.file, row.line, row.kind, refused=error.sentence)
    answered = micros(row.answer_time) if row.HasField("answer_time") else None
    return Judged(row.file, row.line, row.kind, record, answered=answered)


def _record(row: pb.ImportRow, community: str, consent: ImportConsent) -> Record:
    record = parse(row.kind, strict_json.read_object(row.record_json), consent)
    return replace(record, id=community) if isinstance(record, Community) else record
