"""The ranker of each community, as its pointer says; a change of the pointer is followed within a second."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from models.files.sealed import ArtifactError
from models.ranking.artifact import Manifest
from models.ranking.ranker import Ranker, shipped
from service.core.faults import outline
from service.core.settings import Settings
from service.serving.encoders import Encoders
from service.serving.model_folder import SHIPPED, ModelFolder, parse_pointer

MODELS = "models"
POLL_SECONDS = 0.5

Prepare: TypeAlias = Callable[[str, Ranker], None]  # told of the community and of what it is about to be served with

log = logging.getLogger("yiqi.runtime")


def _nothing(community: str, ranker: Ranker) -> None:
    """Nobody has to be told."""


@dataclass(frozen=True, slots=True)
class _Served:
    ranker: Ranker
    pointer: bytes


class Rankers:
    """Rankers of the communities that were asked for. For any thread; whoever took one finishes with it.

    What cannot be used is never served: the log says why, and the ranker before it stays. One that is `following` looks
    at the pointers from time to time; any other one stays with what it found first.
    """

    def __init__(
        self, folder: ModelFolder, encoders: Encoders, *, following: bool, prepare: Prepare = _nothing
    ) -> None:
        """Models made with another text encoder than the wanted one of `encoders` are refused.

        `prepare` is called with what is about to be served in a community.
        """
        self.folder = folder
        self._prepare = prepare
        self._encoders = encoders
        self._served: dict[str, _Served] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        if following:
            threading.Thread(target=self._follow, name="rankers", daemon=True).start()

    @cached_property
    def shipped(self) -> Ranker:
        """The ranker that comes with the product."""
        return shipped()

    def of(self, community: str) -> Ranker:
        """What turns features into scores in this community."""
        served = self._served.get(community)
        return served.ranker if served else self.refresh(community)

    def versions(self) -> dict[str, str]:
        """Which model serves each community that was asked for."""
        return {community: served.ranker.version for community, served in list(self._served.items())}

    def refresh(self, community: str) -> Ranker:
        """Look at the pointer now, and serve what it names from here on; what is served."""
        with self._lock:
            pointer = self.folder.pointer_text(community)
            served = self._served.get(community)
            if served is None or served.pointer != pointer:
                ranker = self._resolve(community, pointer, served.ranker if served else None)
                self._prepare(community, ranker)
                self._served[community] = _Served(ranker, pointer)
                log.info("model served", extra={"community": community, "model": ranker.version})
            return self._served[community].ranker

    def load(self, community: str, version: str) -> Ranker:
        """A version, or `SHIPPED`, fit to be served here. Raises ArtifactError."""
        if version == SHIPPED:
            return self.shipped
        ranker, manifest = self.folder.read(community, version, self._encoders.wanted)
        if manifest.note:
            log.warning(
                "model of another version", extra={"community": community, "model": version, "note": manifest.note}
            )
        return ranker

    def look_at(self, community: str, version: str) -> Manifest:
        """The manifest of an artifact that could be served here. Raises ArtifactError for one that could not."""
        return self.folder.read(community, version, self._encoders.wanted)[1]

    @contextmanager
    def forgetting(self, community: str, member: str) -> Iterator[None]:
        """Forget a member, around the block in which the store does; see `ModelFolder.forgetting`."""
        try:
            with self.folder.forgetting(community, member):
                yield
        finally:
            with self._lock:
                self._served.pop(community, None)  # loaded anew, without them, when next asked for

    def release(self, community: str) -> None:
        """Nobody asks for this community any more: its ranker is loaded anew when somebody does."""
        with self._lock:
            self._served.pop(community, None)

    def drop(self, community: str) -> None:
        """The community was deleted: delete its models."""
        self.folder.drop(community)
        with self._lock:
            self._served.pop(community, None)

    def close(self) -> None:
        """Stop following."""
        self._stopping.set()

    def _follow(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            for community in list(self._served):
                try:
                    self.refresh(community)
                except Exception as fault:
                    # Whatever it is, the next look may do better; what is served stays.
                    log.error("model not looked at", extra={"community": community, "fault": outline(fault)})

    def _resolve(self, community: str, text: bytes, serving: Ranker | None) -> Ranker:
        """What the pointer names; else what is being served; else the newest served before that can be used."""
        try:
            pointer = parse_pointer(text)
        except ArtifactError as problem:
            _refused(community, "", problem)
            return serving or self.shipped
        for version in (pointer.version, *pointer.previous):
            try:
                return self.load(community, version)
            except ArtifactError as problem:
                _refused(community, version, problem)
            if serving is not None:
                return serving
        return self.shipped


def open_rankers(
    data: Path, settings: Settings, encoders: Encoders, *, following: bool, prepare: Prepare = _nothing
) -> Rankers:
    """The rankers of a data folder."""
    folder = ModelFolder(data / MODELS, settings.models_kept)
    return Rankers(folder, encoders, following=following, prepare=prepare)


def _refused(community: str, version: str, problem: ArtifactError) -> None:
    log.error("model refused", extra={"community": community, "model": version, "why": str(problem)})
