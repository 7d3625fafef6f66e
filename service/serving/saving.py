"""When the snapshot of a community that is kept live is written, beside everything else."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future

from models.community.snapshot import state_of
from service.core.faults import outline
from service.serving.loading import Loaded, Loader
from service.serving.snapshots import About, mark

SNAPSHOT_CHANGES = 20_000
SNAPSHOT_SECONDS = 15 * 60.0
INDEX = "index"  # the consumer whose durable state the snapshots are

log = logging.getLogger("yiqi.runtime")


class Saving:
    """The snapshots of one community. `wake` is called when one is written."""

    def __init__(self, loader: Loader, community: str, beside: Executor, wake: Callable[[], None]) -> None:
        self._loader = loader
        self._community = community
        self._beside = beside
        self._wake = wake
        self._writing: Future[bool] | None = None
        self._at = -1
        self._when = time.monotonic()

    @property
    def busy(self) -> bool:
        """Whether one is being written."""
        return self._writing is not None

    def begin(self, loaded: Loaded) -> None:
        """This was just loaded."""
        self._at = loaded.saved

    def renew(self) -> None:
        """Nothing that was written before may be used any more."""
        self._at = -1

    def see_to(self, loaded: Loaded) -> float | None:
        """Write one if it is due; seconds until it will be, None while nothing is new."""
        if self._writing is not None:
            if not self._writing.done():
                return None
            self._end()
        new = loaded.sequence - self._at
        wait = self._when + SNAPSHOT_SECONDS - time.monotonic()
        if self._at < 0 or new >= SNAPSHOT_CHANGES or (new > 0 and wait <= 0):
            self._write(loaded)
            return None
        return wait if new > 0 else None

    def last(self, loaded: Loaded) -> None:
        """Write what is new before the community leaves memory."""
        try:
            self._end()
            if loaded.sequence > self._at:
                self._write(loaded)
                self._end()
        except Exception as fault:
            # The next start reads the store instead.
            log.error("snapshot not written", extra={"community": self._community, "fault": outline(fault)})

    def _write(self, loaded: Loaded) -> None:
        if loaded.builder.stale or loaded.builder.pending():
            return
        snapshots = self._loader.snapshots
        generation = snapshots.generation(self._community)
        about = describe(self._loader, self._community, loaded)
        state = state_of(loaded.builder)
        self._at, self._when = loaded.sequence, time.monotonic()
        self._writing = self._beside.submit(self._keep, about, state, generation)
        self._writing.add_done_callback(lambda _: self._wake())

    def _keep(self, about: About, state: dict, generation: int) -> bool:  # type: ignore[type-arg]
        written = self._loader.snapshots.write(about, state, generation)
        if written:
            self._loader.store.put_cursor(self._community, INDEX, about.sequence)
        return written

    def _end(self) -> None:
        if self._writing is not None:
            done, self._writing = self._writing, None
            done.result()


def describe(loader: Loader, community: str, loaded: Loaded) -> About:
    """What a snapshot of this would be of."""
    marked = mark(loader.store, community, loaded.sequence)
    assert marked is not None
    setting = loader.encoders.setting(loaded.vectors.name)
    return About(community, loaded.vectors.name, setting, loaded.sequence, marked)
