"""How far a connector came, noted so that the next one begins there."""

from __future__ import annotations

from pathlib import Path

from models.files.durable import write_file


class Bookmark:
    """A text in a file of its own, which is written whole. What it means is the connector's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._noted = path.read_text(encoding="utf8") if path.is_file() else ""

    def read(self) -> str:
        """What was noted last; "" for nothing yet."""
        return self._noted

    def note(self, mark: str) -> None:
        """Notes a place, durably."""
        if mark != self._noted:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_file(self._path, mark.encode("utf8"))
            self._noted = mark
