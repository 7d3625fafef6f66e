"""Taking a community out, whole, as an archive: from one consistent state, the same bytes for the same state."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.archive.container import FILES, write
from service.store.contract import Store


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
        return ExportSummary(write(out, {kind: snapshot.scan(kind) for kind in FILES}), snapshot.revision)
