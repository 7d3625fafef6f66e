"""The models of a data folder: an artifact a version, and for each community a pointer to the one that is served.

    models/<community>/<version>/       an artifact (see `models.ranking.artifact`)
    models/<community>/serving.json     the pointer: {version, previous, time, by}; without it the shipped ranker serves
    models/<community>/.work/           what an unfinished nightly job keeps to go on from

Everything that writes holds the community's lock file for that moment, in whichever process; readers need none.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from models.domain.records import Micros
from models.files.durable import clear_asides, remove_folder, write_file
from models.files.sealed import ArtifactError
from models.ranking import artifact
from models.ranking.artifact import Manifest
from models.ranking.ranker import Ranker, to_files
from service.core.clock import wall_clock
from service.core.errors import Aborted
from service.serving.snapshots import file_name

SHIPPED = "shipped"  # what a pointer says for the ranker that comes with the product
REMEMBERED = 3
KEPT = 10
LOCK_SECONDS = 30.0
POINTER = "serving.json"
WORK = ".work"
_ATTEMPTS = 10
_AGAIN_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which version is served, up to three served before it (newest first, none twice), since when, and by whom."""

    version: str = SHIPPED
    previous: tuple[str, ...] = ()
    time: Micros = 0
    by: str = ""


class ModelFolder:
    """The models below a folder. For any thread, and for several processes at once."""

    def __init__(self, folder: Path, kept: int = KEPT) -> None:
        """`kept`: how many of a community's newest models are kept, beside those that its pointer names."""
        self._folder = folder
        self._kept = kept

    def home(self, community: str) -> Path:
        """Where the models of a community are."""
        return self._folder / file_name(community)

    def work(self, community: str) -> Path:
        """Where the nightly job keeps what it goes on from; emptied when somebody is erased."""
        return self.home(community) / WORK

    def versions(self, community: str) -> list[str]:
        """The artifacts that are there, newest first, in whatever state."""
        home = self.home(community)
        found = [path.name for path in home.iterdir()] if home.is_dir() else []
        return sorted(filter(artifact.is_version, found), reverse=True)

    def read(self, community: str, version: str, encoder: str = "") -> tuple[Ranker, Manifest]:
        """An artifact of this community, made with this encoder where one is given. Raises ArtifactError."""
        folder = self.home(community) / version
        for again in reversed(range(_ATTEMPTS)):
            before = _state(folder)
            try:
                ranker, manifest = artifact.read(folder, community=community, encoder=encoder)
                break
            except ArtifactError:
                # While somebody is being erased another folder is put in the place of this one.
                if not again or (before and before == _state(folder)):
                    raise
                time.sleep(_AGAIN_SECONDS)
        if manifest.version != version:
            raise ArtifactError(f"It is the model {manifest.version} under another name.")
        return ranker, manifest

    def pointer_text(self, community: str) -> bytes:
        """The pointer as it stands, b"" when there is none: cheap to compare with what it was."""
        try:
            return (self.home(community) / POINTER).read_bytes()
        except FileNotFoundError:
            return b""

    def pointer(self, community: str) -> Pointer:
        """The pointer. Raises ArtifactError when it is damaged."""
        return parse_pointer(self.pointer_text(community))

    def add(
        self, ranker: Ranker, manifest: Manifest, erased: Callable[[], Iterable[str]] = tuple
    ) -> tuple[Ranker, Manifest]:
        """Keep a ranker as a new model of the manifest's community, durably, not yet served; old ones are pruned.

        Both come back with their version. `erased` gives the ids of members who were erased or merged away since the
        data were read; nobody can be while it is asked, so that no model knows of somebody whom the store forgot.
        """
        home = self.home(manifest.community)
        with self._locked(manifest.community):
            for member in erased():
                ranker = ranker.without(member)
            ranker, manifest = artifact.named(ranker, manifest)
            home.mkdir(parents=True, exist_ok=True)
            clear_asides(home)
            artifact.write(home / manifest.version, ranker, manifest)
            self._prune(manifest.community, manifest.version)
        return ranker, manifest

    def promote(self, community: str, version: str, by: str) -> None:
        """Point at a version, or at `SHIPPED`; `by` says who did. Whether it can be served is for the caller to see."""
        with self._locked(community):
            now = self._pointer_or_none(community)
            if now.version != version:
                before = [one for one in dict.fromkeys((now.version, *now.previous)) if one != version]
                self._point(community, Pointer(version, tuple(before[:REMEMBERED]), wall_clock(), by))

    def roll_back(self, community: str, by: str, usable: Callable[[str], bool]) -> str | None:
        """Point at the version served before that is still `usable`; that version, None when there is none."""
        with self._locked(community):
            previous = self._pointer_or_none(community).previous
            for at, version in enumerate(previous):
                if usable(version):
                    self._point(community, Pointer(version, previous[at + 1 :], wall_clock(), by))
                    return version
        return None

    @contextmanager
    def forgetting(self, community: str, member: str) -> Iterator[None]:
        """Take a member out of every model; then, in the block, the store forgets them.

        In this order a crash in between leaves nobody half erased, and no model is added meanwhile. What cannot be read
        cannot be cleaned, and is deleted.
        """
        with self._locked(community):
            clear_asides(self.home(community))
            remove_folder(self.work(community))
            for version in self.versions(community):
                self._forget(self.home(community) / version, member)
            yield

    def drop(self, community: str) -> None:
        """Delete all models of a community."""
        with self._locked(community):
            remove_folder(self.home(community))

    def sweep(self, communities: Iterable[str]) -> None:
        """Delete models of communities that are not among these: they were deleted, and nobody finished the work."""
        known = {file_name(community) for community in communities}
        for left in self._folder.iterdir() if self._folder.is_dir() else ():
            if left.name.removesuffix(".lock") in known:
                continue
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink(missing_ok=True)

    @contextmanager
    def _locked(self, community: str) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._lock_file(community), timeout=LOCK_SECONDS)
        try:
            lock.acquire(poll_interval=_AGAIN_SECONDS)
        except Timeout:
            raise Aborted(f"The models of the community {community}") from None
        try:
            yield
        finally:
            lock.release()

    def _lock_file(self, community: str) -> Path:
        return self._folder / f"{file_name(community)}.lock"

    def _pointer_or_none(self, community: str) -> Pointer:
        """The pointer; a damaged one counts as none, since it is about to be replaced."""
        try:
            return self.pointer(community)
        except ArtifactError:
            return Pointer()

    def _point(self, community: str, pointer: Pointer) -> None:
        home = self.home(community)
        home.mkdir(parents=True, exist_ok=True)
        write_file(home / POINTER, json.dumps(asdict(pointer)).encode() + b"\n")

    def _prune(self, community: str, newest: str) -> None:
        try:
            pointer = self.pointer(community)
        except ArtifactError:
            return  # nobody knows which are needed
        versions = self.versions(community)
        needed = {newest, pointer.version, *pointer.previous, *versions[: self._kept]}
        for version in versions:
            if version not in needed:
                remove_folder(self.home(community) / version)

    def _forget(self, folder: Path, member: str) -> None:
        try:
            ranker, manifest = artifact.read(folder)
        except ArtifactError:
            remove_folder(folder)
            return
        without = ranker.without(member)
        if to_files(without) != to_files(ranker):
            artifact.rewrite(folder, without, manifest)


def parse_pointer(text: bytes) -> Pointer:
    """What `ModelFolder.pointer_text` gave, understood. Raises ArtifactError."""
    if not text:
        return Pointer()
    try:
        data = json.loads(text)
        pointer = Pointer(data["version"], tuple(data["previous"]), data["time"], data["by"])
    except (ValueError, KeyError, TypeError):
        raise ArtifactError(f"{POINTER} cannot be read.") from None
    if not all(one == SHIPPED or artifact.is_version(one) for one in (pointer.version, *pointer.previous)):
        raise ArtifactError(f"{POINTER} names something that is no model.")
    return pointer


def _state(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another one that was put in its place; None while there is none."""
    try:
        found = folder.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns
