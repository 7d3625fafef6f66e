"""Where `yiqi import` writes to: a data folder, which nobody else may write meanwhile, or a running server."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson
from yiqi.client import BATCH_BYTES, id_of
from yiqi.v1 import import_pb2 as pb
from yiqi.v1.feed_pb2 import GetFeedRequest
from yiqi.v1.member_pb2 import CONSENT_MEMBERS, CONSENT_ORGANIZERS

from models.archive.render import render
from models.domain.records import Micros
from service.api.codec import timestamp
from service.api.import_messages import consents_of, reached_of
from service.application.import_steps import ImportOptions, Judged, Reached
from service.application.importing import StoreTarget
from service.cli.shared.options import one_door, settings_for
from service.cli.shared.organizer import Organizer, open_organizer
from service.cli.shared.progress import Report
from service.compose import open_store
from service.core.settings import Settings
from service.importers.frame.source import KnownHandles
from service.serving import build
from service.store.contract import Store

_LOOK_SECONDS = 0.2


@contextmanager
def open_target(data: Path | None, server: str | None, community: str) -> Iterator[FolderImport | RemoteImport]:
    """The target that the options name. Raises DataLocked for a folder that somebody else writes."""
    one_door(data, server)
    if server is not None:
        with open_organizer(data, server, community, writes=True) as organizer:
            yield RemoteImport(organizer)
    else:
        settings = settings_for(data)
        with open_store(settings, writes=True) as store:
            yield FolderImport(store, community, settings)


class FolderImport(StoreTarget):
    """The steps, called on the store of a data folder."""

    def __init__(self, store: Store, community: str, settings: Settings) -> None:
        super().__init__(store, community)
        self._settings = settings

    def make_searchable(self, report: Report) -> None:
        """Draw suggestions, embed everything, and save a snapshot."""
        build(self.store, self.community, self._settings.data, self._settings, report)


class RemoteImport:
    """The steps of an import, called on a server. Raises YiqiRpcError."""

    def __init__(self, organizer: Organizer) -> None:
        self.community = organizer.community
        self._organizer = organizer
        self._calls = organizer.client.imports

    def begin(self, import_id: str, now: Micros) -> Reached:
        """See `Target.begin`; the server has a clock of its own."""
        request = pb.BeginImportRequest(parent=self._organizer.parent, import_id=import_id)
        return reached_of(self._calls.BeginImport(request).progress)

    def known_handles(self) -> KnownHandles:
        """See `Target.known_handles`."""
        members = self._organizer.client.list_members(self.community)
        return {(one.platform, one.handle): id_of(member.name) for member in members for one in member.identities}

    def take(self, import_id: str, first: int, rows: Sequence[Judged], options: ImportOptions) -> Reached:
        """See `Target.take`. Rows that are too long for one request go in several."""
        request = pb.ImportRowsRequest(
            parent=self._organizer.parent,
            import_id=import_id,
            first=first,
            consent=CONSENT_MEMBERS if options.consent == "members" else CONSENT_ORGANIZERS,
            replace_changed=options.replace_changed,
            restores=options.restores,
        )
        for part in _parts(rows):
            del request.rows[:]
            request.rows.extend(part)
            reached = reached_of(self._calls.ImportRows(request).progress)
            request.first = reached.done
        return reached

    def finish(self, import_id: str) -> dict[str, int]:
        """See `Target.finish`."""
        request = pb.FinishImportRequest(parent=self._organizer.parent, import_id=import_id)
        return consents_of(self._calls.FinishImport(request).consent)

    def make_searchable(self, report: Report) -> None:
        """Wait until the server has drawn suggestions from what was imported, and embedded it."""
        for consumer in ("suggestions", "index"):
            begun, end = self._position(consumer)
            while (position := self._position(consumer)[0]) < end:
                report(consumer, position - begun, end - begun)
                time.sleep(_LOOK_SECONDS)
            report(consumer, end - begun, end - begun)

    def _position(self, consumer: str) -> tuple[int, int]:
        """How far a consumer came, and the end of the log."""
        feed = self._organizer.client.feed.GetFeed(GetFeedRequest(parent=self._organizer.parent))
        return next((one.position for one in feed.consumers if one.consumer == consumer), 0), feed.sequence


def _parts(rows: Sequence[Judged]) -> Iterator[list[pb.ImportRow]]:
    part: list[pb.ImportRow] = []
    size = 0
    for row in rows:
        message = _message(row)
        length = message.ByteSize()
        if part and size + length > BATCH_BYTES:
            yield part
            part, size = [], 0
        part.append(message)
        size += length
    yield part


def _message(row: Judged) -> pb.ImportRow:
    if row.record is None:
        return pb.ImportRow(file=row.file, line=row.line, kind=row.kind, refused=row.refused or None)
    text = orjson.dumps(render(row.kind, row.record)).decode()
    answered = None if row.answered is None else timestamp(row.answered)
    return pb.ImportRow(file=row.file, line=row.line, kind=row.kind, record_json=text, answer_time=answered)
