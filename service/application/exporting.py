"""Taking a community out, whole, as an archive: from one consistent state, the same bytes for the same state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from models.archive.container import FILES, write
from models.domain.kinds import CHANNEL, MESSAGE
from models.domain.records import Channel, Record
from service.store.contract import Snapshot, Store


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """How many rows of each kind an archive got, and the position in the log of the state it shows."""

    rows: dict[str, int]
    sequence: int


def export_community(store: Store, community: str, out: Path) -> ExportSummary:
    """Write a community as an archive at `out`: a .zip or .tar.gz by its ending, else a folder.

    Raises CommunityNotFound, ArchiveError when `out` holds something else.
    """
    with store.read(community) as snapshot:
        rows: dict[str, Iterable[Record]] = {kind: snapshot.scan(kind) for kind in FILES}
        rows["channel"] = _rooms(snapshot)
        return ExportSummary(write(out, rows), snapshot.revision)


def _rooms(at: Snapshot) -> list[Channel]:
    """The channels, by id, and those of which nothing is stated as closed, as they are: a row that lacks opens one."""
    stated = {channel.id: channel for channel in at.scan(CHANNEL)}
    named = {message.channel for message in at.scan(MESSAGE)} - {""}
    closed = {id: Channel(id=id, visibility="private") for id in named - stated.keys()}
    return [*stated.values()] if not closed else sorted([*stated.values(), *closed.values()], key=lambda one: one.id)
