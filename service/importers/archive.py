"""Yiqi's own archive as a source."""

from __future__ import annotations

from pathlib import Path

from models.archive.container import Rows, read
from models.domain.records import Consent
from service.importers.frame.source import KnownHandles


class ArchiveSource:
    """An archive at `path`: folder, .zip or .tar.gz. ArchiveError when there is none."""

    def __init__(self, path: Path) -> None:
        self._archive = read(path)

    def fingerprint(self) -> str:
        return self._archive.fingerprint()

    def rows(self, consent: Consent, known: KnownHandles) -> Rows:
        """Every row, under the ids it has in the archive."""
        return self._archive.records(consent=consent)
