"""One community kept live: a thread that follows its change log and swaps in a new view when something happened."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from models.community.snapshot import state_of
from models.community.view import Community
from service.core.errors import CommunityNotFound
from service.serving import suggesting
from service.serving.faults import outline
from service.serving.loading import Applied, Loaded, Loader, apply
from service.serving.rankers import Rankers
from service.serving.snapshots import About, mark
from service.serving.warming import warm

POLL_SECONDS = 0.2
SOON_SECONDS = 0.01  # changes that come together make one view
BATCH = 2_000
SNAPSHOT_CHANGES = 20_000
SNAPSHOT_SECONDS = 15 * 60.0
REBUILD_SECONDS = 60.0  # at least so long between the starts of two rebuilds
LONGEST_BACK_OFF = 30.0

log = logging.getLogger("yiqi.runtime")


class _Stopped(Exception):
    """Loading was given up because the process stops or the community is gone."""


class LiveCommunity:
    """The newest view of a community, in a process that may write. Readers take `view`; one thread makes the next one.

    `on_serving` is told whenever it begins or ends to be able to answer.
    """

    def __init__(
        self, loader: Loader, rankers: Rankers, community: str, on_serving: Callable[[str, bool], None]
    ) -> None:
        self.community = community
        self.gone = False
        self._loader = loader
        self._rankers = rankers
        self._store = loader.store
        self._on_serving = on_serving
        self._view: Community | None = None
        self._loaded: Loaded | None = None
        self._changed = threading.Condition()
        self._wake = threading.Event()
        self._stopping = False
        self._failed = False
        self._busy_until = 0.0
        self._rebuild: Future[Loaded] | None = None
        self._rebuild_began = -REBUILD_SECONDS
        self._saving: Future[bool] | None = None
        self._saved_at = 0
        self._saved_when = time.monotonic()
        self._noted_at = 0
        self._beside = ThreadPoolExecutor(2, thread_name_prefix="beside")
        self._thread = threading.Thread(target=self._run, name=f"follow-{community}", daemon=True)
        self._thread.start()

    @property
    def view(self) -> Community | None:
        """The newest view; None while there is none yet."""
        return self._view

    def wait(self, sequence: int, timeout: float) -> Community | None:
        """A view that has seen an entry of the log; None when there is none in time, or none to be expected."""
        with self._changed:
            self._changed.wait_for(lambda: self._hopeless() or self._has_seen(sequence), timeout)
            return self._view if self._has_seen(sequence) else None

    def notify(self) -> None:
        """Something was written."""
        self._wake.set()

    def stop(self) -> None:
        """Stop following soon."""
        self._stopping = True
        self._wake.set()
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """Stop following; what was taken in since the last snapshot is saved."""
        self.stop()
        self._thread.join()
        self._beside.shutdown(cancel_futures=True)

    def drop(self) -> None:
        """Stop following a community that was deleted, and forget it."""
        self.gone = True
        self._wake.set()
        self._thread.join()
        self._beside.shutdown(cancel_futures=True)
        self._end()

    # -- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        back_off = POLL_SECONDS
        while not self._stopping and not self.gone:
            try:
                if self._loaded is None:
                    self._start()
                self._step()
                back_off = POLL_SECONDS
                self._rest()
            except CommunityNotFound:
                self._end()
            except _Stopped:
                break
            except Exception as fault:
                # Whatever it is, the next try may do better; the view stays as it was.
                log.error("following failed", extra={"community": self.community, "fault": outline(fault)})
                if self._view is None:
                    self._fail()
                self._wake.wait(back_off)
                self._wake.clear()
                back_off = min(2 * back_off, LONGEST_BACK_OFF)
        self._save_last()

    def _start(self) -> None:
        began = time.monotonic()
        loaded = self._loader.load(self.community, progress=self._go_on)
        self._loaded = loaded
        self._saved_at = loaded.sequence if loaded.from_snapshot else -1
        self._failed = False
        self._publish(loaded)
        self._on_serving(self.community, True)
        seconds = round(time.monotonic() - began, 3)
        log.info("loaded", extra={"community": self.community, "sequence": loaded.sequence, "seconds": seconds})
        suggesting.catch_up(self._store, self.community)
        self._noted_at = self._store.head(self.community)

    def _go_on(self, stage: str, done: int, total: int | None) -> None:
        """Called while much is loaded, which must not keep the process from stopping."""
        if self._stopping or self.gone:
            raise _Stopped

    def _step(self) -> None:
        """Take in what is new, then see to rebuilding and saving."""
        assert self._loaded is not None
        loaded = self._loaded
        changes = self._store.changes(self.community, loaded.sequence, BATCH)
        if changes:
            applied = apply(loaded.builder, self._store, self.community, changes)
            loaded.sequence = changes[-1].seq
            if applied.erased:
                # Before the view without them is there, so that no file outlives an erasure that was waited for.
                self._loader.snapshots.forget(self.community)
                self._saved_at = -1
            loaded.builder.embed_pending(loaded.vectors)
            self._publish(loaded)
            self._draw(applied)
        elif loaded.builder.pending():
            loaded.builder.embed_pending(loaded.vectors)
            self._publish(loaded)
        self._see_to_rebuild(loaded)
        self._see_to_snapshot(loaded)

    def _rest(self) -> None:
        """Until something is written. Views take at most half of the time: as long as one took, none is made."""
        pause = self._busy_until - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        if self._wake.wait(POLL_SECONDS):
            time.sleep(SOON_SECONDS)
        self._wake.clear()

    def _publish(self, loaded: Loaded) -> None:
        began = time.monotonic()
        view = loaded.builder.view(loaded.sequence)
        warm(view, self._rankers.of(self.community))
        with self._changed:
            self._view = view
            self._changed.notify_all()
        ended = time.monotonic()
        self._busy_until = ended + (ended - began)

    def _draw(self, applied: Applied) -> None:
        if applied.messages:
            known = suggesting.authors(self._store, self.community, applied.messages)
            if suggesting.draw(self._store, self.community, applied.messages, known):
                self._wake.set()

    # -- building afresh -----------------------------------------------------------------------------------------

    def _see_to_rebuild(self, loaded: Loaded) -> None:
        """Where only a new builder will do (an erasure, another encoder), make one beside and swap when it is ready."""
        if self._rebuild is not None and self._rebuild.done():
            done, self._rebuild = self._rebuild, None
            fresh = done.result()
            self._loader.catch_up(self.community, fresh)
            old, self._loaded = loaded.vectors.name, fresh
            self._saved_at = -1
            self._publish(fresh)
            if old != fresh.vectors.name:
                self._store.drop_vectors(self.community, old)
            log.info("rebuilt", extra={"community": self.community, "sequence": fresh.sequence})
            return
        needed = loaded.builder.stale or loaded.vectors.name != self._loader.encoders.wanted
        if needed and self._rebuild is None and time.monotonic() - self._rebuild_began >= REBUILD_SECONDS:
            self._rebuild_began = time.monotonic()
            self._rebuild = self._beside.submit(self._loader.from_store, self.community, self._go_on)

    # -- saving --------------------------------------------------------------------------------------------------

    def _see_to_snapshot(self, loaded: Loaded) -> None:
        if self._saving is not None:
            if not self._saving.done():
                return
            done, self._saving = self._saving, None
            done.result()
        new = loaded.sequence - self._saved_at
        due = new >= SNAPSHOT_CHANGES or time.monotonic() - self._saved_when >= SNAPSHOT_SECONDS
        if self._saved_at < 0 or (new > 0 and due):
            self._save(loaded)

    def _save(self, loaded: Loaded) -> None:
        if loaded.builder.stale or loaded.builder.pending():
            return
        if self._noted_at < loaded.sequence:
            suggesting.note(self._store, self.community, loaded.sequence)
            self._noted_at = loaded.sequence
        snapshots = self._loader.snapshots
        generation = snapshots.generation(self.community)
        about = describe(self._loader, self.community, loaded)
        state = state_of(loaded.builder)
        self._saved_at, self._saved_when = loaded.sequence, time.monotonic()
        self._saving = self._beside.submit(snapshots.write, about, state, generation)

    def _save_last(self) -> None:
        if self.gone or self._loaded is None:
            return
        try:
            if self._saving is not None:
                self._saving.result()
            if self._loaded.sequence > self._saved_at:
                self._save(self._loaded)
                if self._saving is not None:
                    self._saving.result()
        except Exception as fault:
            # The next start reads the store instead.
            log.error("snapshot not written", extra={"community": self.community, "fault": outline(fault)})

    def _end(self) -> None:
        """The community was deleted."""
        self._loader.snapshots.forget(self.community)
        with self._changed:
            self.gone, self._view, self._loaded = True, None, None
            self._changed.notify_all()
        self._on_serving(self.community, False)

    def _fail(self) -> None:
        """It could not be loaded; the next try may do better."""
        with self._changed:
            self._failed = True
            self._changed.notify_all()
        self._on_serving(self.community, False)

    def _hopeless(self) -> bool:
        return self.gone or self._stopping or (self._failed and self._view is None)

    def _has_seen(self, sequence: int) -> bool:
        return self._view is not None and self._view.sequence >= sequence


def describe(loader: Loader, community: str, loaded: Loaded) -> About:
    """What a snapshot of this would be of."""
    marked = mark(loader.store, community, loaded.sequence)
    assert marked is not None
    setting = loader.encoders.setting(loaded.vectors.name)
    return About(community, loaded.vectors.name, setting, loaded.sequence, marked)
