"""Where the job keeps what it has worked out, stage by stage, so that a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from models.files.durable import Content, clear_asides, remove_folder, write_folder

Made = TypeVar("Made")
Files = Mapping[str, bytes]
TRIES = 3  # to open what was just written: somebody may be emptying the bench


class StageCache:
    """Stages are folders that appear whole or not at all. One process at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        clear_asides(folder)

    def once(
        self,
        stage: str,
        make: Callable[[], Made],
        pack: Callable[[Made], Files],
        unpack: Callable[[Files], Made],
    ) -> Made:
        """What was made for a stage before, or now. What `unpack` cannot read (ValueError, KeyError) is made again.

        Fresh or not, it comes out as it was packed: a run that was killed ends like one that was not.
        """
        return self.opened(
            stage, make, pack, lambda folder: unpack({path.name: path.read_bytes() for path in folder.iterdir()})
        )

    def opened(
        self,
        stage: str,
        make: Callable[[], Made],
        pack: Callable[[Made], Mapping[str, Content]],
        open_: Callable[[Path], Made],
    ) -> Made:
        """As `once`, for what stays in its folder and is read as it is needed. What `open_` opens can be read on even
        when the folder is gone."""
        folder = self._folder / stage
        for _ in range(TRIES):
            if folder.is_dir():
                try:
                    return open_(folder)
                except (ValueError, KeyError, OSError):
                    remove_folder(folder)
            files = pack(make())
            # Whoever erases a member empties the bench, also under a run that is at work.
            self._folder.mkdir(parents=True, exist_ok=True)
            write_folder(folder, files)
        return open_(folder)

    def has(self, stage: str) -> bool:
        """Whether a stage was finished before."""
        return (self._folder / stage).is_dir()

    def keep_only(self, prefixes: tuple[str, ...], but: set[str]) -> None:
        """Drop the stages that begin with one of these, except for `but`."""
        for folder in self._folder.iterdir():
            if folder.is_dir() and folder.name.startswith(prefixes) and folder.name not in but:
                remove_folder(folder)
