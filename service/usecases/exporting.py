"""Taking a community out, whole, as an archive: from one consistent state, the same bytes for the same state."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import cast

from models.records import Record
from service.errors import CommunityNotFound, Unavailable
from service.store.contract import Store
from training.archive import FILES, write

_ATTEMPTS = 200


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """How many rows of each kind an archive got, and the position in the log of the state it shows."""

    rows: dict[str, int]
    sequence: int


def export_community(store: Store, community: str, out: Path) -> ExportSummary:
    """Write a community as an archive at `out`: a .zip or .tar.gz by its ending, else a folder.

    Raises CommunityNotFound, ArchiveError when `out` holds something else, Unavailable when the community is written
    to so fast that no quiet moment is found.
    """
    with snapshot(store, community) as (sequence, records):
        return ExportSummary(write(out, records), sequence)


@contextmanager
def snapshot(store: Store, community: str) -> Iterator[tuple[int, dict[str, Iterator[Record]]]]:
    """Every record of a community by kind, in the store's order, all of one state; and that state's log position.

    Each scan is consistent in itself from its first record on. Opening all of them between two equal readings of the
    log makes them one.
    """
    for _ in range(_ATTEMPTS):
        sequence = store.head(community)
        scans = {kind: store.scan(community, kind) for kind in FILES if kind != "community"}
        try:
            opened = {kind: _opened(scan) for kind, scan in scans.items()}
            opened["community"] = iter([_record(store, community)])
            if store.head(community) == sequence:
                yield sequence, opened
                return
        finally:
            for scan in scans.values():
                cast(Generator[Record], scan).close()
    raise Unavailable(f"The community {community}")


def _opened(scan: Iterator[Record]) -> Iterator[Record]:
    first = next(scan, None)
    return iter(()) if first is None else chain([first], scan)


def _record(store: Store, community: str) -> Record:
    found = store.get(community, "community", [community])
    if community not in found:
        raise CommunityNotFound(community)
    return found[community].record
