"""One community kept live: the consumer "index" follows its change log and swaps in new views."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future

from models.community.view import Community
from models.text.lexical import prepare
from service.core.errors import CommunityNotFound
from service.core.garbage import uncollected
from service.feed.dispatcher import Turn
from service.feed.letters import Letters
from service.serving.loading import Loaded, Loader, apply
from service.serving.rankers import Rankers
from service.serving.saving import INDEX, Saving
from service.serving.warming import warm
from service.store.contract import Change

BATCH = 2_000
REBUILD_SECONDS = 60.0  # at least so long between the starts of two rebuilds

log = logging.getLogger("yiqi.runtime")


class _Stopped(Exception):
    """Loading was given up because the process stops or the community leaves memory."""


class LiveCommunity:
    """The newest view of a community, in a process that may write. Readers take `view`; turns make the next one.

    `on_view` is called whenever a view was swapped in, `on_serving` whenever it begins or ends to be able to answer,
    `wake` where there is something for another turn. `beside` does what takes long.
    """

    def __init__(
        self,
        loader: Loader,
        rankers: Rankers,
        community: str,
        beside: Executor,
        *,
        wake: Callable[[], None],
        on_view: Callable[[str], None],
        on_serving: Callable[[str, bool], None],
    ) -> None:
        self.community = community
        self.gone = False  # it was deleted
        self.stopping = False
        self.asked = time.monotonic()  # when somebody last read it or wrote to it
        self._loader = loader
        self._rankers = rankers
        self._store = loader.store
        self._beside = beside
        self._wake = wake
        self._on_view = on_view
        self._on_serving = on_serving
        self._view: Community | None = None
        self._loaded: Loaded | None = None
        self._changed = threading.Condition()
        self._failed = False
        self._making_seconds = 0.0
        self._letters = Letters(self._store, community, INDEX)
        self._rebuild: Future[Loaded] | None = None
        self._rebuild_began = -REBUILD_SECONDS
        self._saving = Saving(loader, community, beside, wake)

    @property
    def view(self) -> Community | None:
        """The newest view; None while there is none yet."""
        return self._view

    @property
    def resting(self) -> bool:
        """Whether nothing is under way."""
        return self._view is not None and not (self._saving.busy or self._rebuild or len(self._letters))

    def wait(self, sequence: int, timeout: float) -> Community | None:
        """A view that has seen an entry of the log; None when there is none in time, or none to be expected."""
        with self._changed:
            self._changed.wait_for(lambda: self._hopeless() or self._has_seen(sequence), timeout)
            return self._view if self._has_seen(sequence) else None

    def stop(self) -> None:
        """Begin no more turns; who waits is let go."""
        with self._changed:
            self.stopping = True
            self._changed.notify_all()

    def save(self) -> None:
        """Save what was taken in since the last snapshot; once there are no more turns."""
        if not self.gone and self._loaded is not None:
            self._saving.last(self._loaded)

    def end(self) -> None:
        """The community was deleted: forget it."""
        self._loader.snapshots.forget(self.community)
        with self._changed:
            self.gone, self._view, self._loaded = True, None, None
            self._changed.notify_all()
        self._on_serving(self.community, False)

    # -- a turn --------------------------------------------------------------------------------------------------

    def step(self) -> Turn:
        """Take in what is new, then see to rebuilding and saving."""
        if self.gone or self.stopping:
            return Turn()
        try:
            if self._loaded is not None:
                return self._step(self._loaded)
            with uncollected():
                return self._step(self._start())
        except CommunityNotFound:
            self.end()
        except _Stopped:
            pass
        except Exception:
            # The view stays as it was, and the next turn tries again.
            if self._view is None:
                self._fail()
            raise
        return Turn()

    def _start(self) -> Loaded:
        began = time.monotonic()
        loaded = self._loader.load(self.community, progress=self._go_on)
        self._letters.look()
        if loaded.saved >= 0:
            self._letters.failed([*loaded.failed.values()])
            self._apply(loaded, self._letters.entries())
        else:
            self._letters.only([*loaded.failed.values()])
        self._saving.begin(loaded)
        self._loaded, self._failed = loaded, False
        seconds = round(time.monotonic() - began, 3)
        log.info("loaded", extra={"community": self.community, "sequence": loaded.sequence, "seconds": seconds})
        return loaded

    def _go_on(self, stage: str, done: int, total: int | None) -> None:
        """Called while much is loaded, which must not keep the process from stopping."""
        if self.stopping or self.gone:
            raise _Stopped

    def _step(self, loaded: Loaded) -> Turn:
        self._making_seconds = 0.0
        more = self._take_in(loaded)
        loaded, rebuild = self._see_to_rebuild(loaded)
        waits = (0.0 if more else None, self._letters.wait(), rebuild, self._saving.see_to(loaded))
        # Views take at most half of the time: as long as one took, none is made.
        return Turn(
            self._making_seconds, min((one for one in waits if one is not None), default=None), len(self._letters)
        )

    def _take_in(self, loaded: Loaded) -> bool:
        """Take in some of what is new, or was set aside and is due; whether there may be more."""
        due = self._letters.look()
        changes = self._store.changes(self.community, loaded.sequence, BATCH)
        passed = self._apply(loaded, [*due, *changes])
        if changes:
            loaded.sequence = changes[-1].seq
        behind = self._view is None or self._view.sequence < loaded.sequence
        if behind or (due and passed) or loaded.builder.pending():
            loaded.builder.embed_pending(loaded.vectors)
            self._publish(loaded)
        return len(changes) == BATCH

    def _apply(self, loaded: Loaded, changes: Sequence[Change]) -> bool:
        """Take in these entries; whether any went through."""
        if not changes:
            return False
        applied = apply(loaded.builder, self._store, self.community, changes)
        self._letters.passed(applied.passed)
        self._letters.failed(applied.failed)
        if applied.erased:
            # Before the view without them is there, so that no file outlives an erasure that was waited for.
            self._loader.snapshots.forget(self.community)
            self._saving.renew()
        return bool(applied.passed)

    def _publish(self, loaded: Loaded) -> None:
        began = time.thread_time()  # on a busy machine, waiting for the processor is no work that others wait for
        view = self._view_of(loaded)
        first = self._view is None
        if first:
            prepare(view.lexical.vocabulary.terms)
        with self._changed:
            self._view = view
            self._changed.notify_all()
        self._making_seconds += time.thread_time() - began
        if first:
            self._on_serving(self.community, True)
        self._on_view(self.community)

    def _view_of(self, loaded: Loaded) -> Community:
        """With all that its answers need."""
        view = loaded.builder.view(loaded.sequence)
        warm(view, self._rankers.of(self.community))
        return view

    def _see_to_rebuild(self, loaded: Loaded) -> tuple[Loaded, float | None]:
        """Where only a new builder will do (an erasure, another encoder), make one beside and swap when it is ready.

        What is loaded now, and in how many seconds there is something to see to.
        """
        if self._rebuild is not None:
            return (self._swap(loaded), None) if self._rebuild.done() else (loaded, None)
        if not loaded.builder.stale and loaded.vectors.name == self._loader.encoders.wanted:
            return loaded, None
        wait = self._rebuild_began + REBUILD_SECONDS - time.monotonic()
        if wait > 0:
            return loaded, wait
        self._rebuild_began = time.monotonic()
        self._rebuild = self._beside.submit(self._remake)
        self._rebuild.add_done_callback(lambda _: self._wake())
        return loaded, None

    def _remake(self) -> Loaded:
        """A new builder, and a first view of it, which nobody waits for: most of what is made for it lasts."""
        fresh = self._loader.from_store(self.community, self._go_on)
        self._view_of(fresh)
        return fresh

    def _swap(self, old: Loaded) -> Loaded:
        assert self._rebuild is not None
        done, self._rebuild = self._rebuild, None
        fresh = done.result()
        self._loader.catch_up(self.community, fresh)
        self._letters.only([*fresh.failed.values()])
        self._loaded = fresh
        self._saving.renew()
        self._publish(fresh)
        self._making_seconds = 0.0  # once a minute at most; a refusal may wait for the next
        if old.vectors.name != fresh.vectors.name:
            self._store.drop_vectors(self.community, old.vectors.name)
        log.info("rebuilt", extra={"community": self.community, "sequence": fresh.sequence})
        return fresh

    def _fail(self) -> None:
        """It could not be loaded; the next try may do better."""
        with self._changed:
            self._failed = True
            self._changed.notify_all()
        self._on_serving(self.community, False)

    def _hopeless(self) -> bool:
        return self.gone or self.stopping or (self._failed and self._view is None)

    def _has_seen(self, sequence: int) -> bool:
        return self._view is not None and self._view.sequence >= sequence
