"""The communities of a data folder, ready to be asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from models.community.view import Community
from models.ranking.pipeline import TextEncoder
from models.ranking.ranker import Ranker
from service.core.errors import CommunityNotFound, IndexBehind, Unavailable
from service.core.garbage import uncollected
from service.core.gate import time_left
from service.core.settings import Settings
from service.core.tokens import Tokens
from service.core.traces import WriteTraces
from service.feed.consumer import Consumer
from service.feed.dispatcher import Key, State
from service.serving.encoders import Encoders
from service.serving.exposure import Shown
from service.serving.followed import Followed
from service.serving.loading import Loader
from service.serving.rankers import open_rankers
from service.serving.snapshots import Snapshots
from service.serving.warming import warm_for
from service.store.contract import Store

LOAD_SECONDS = 5.0
MOST_SECONDS = 120.0  # who waits for a community to be loaded holds a thread
# Of the time that a caller waits, kept back to answer in.
TO_ANSWER_SECONDS = 0.2
# A community that takes longer to load goes on beside the next ones.
SLOW_SECONDS = 10.0
SNAPSHOTS = "snapshots"


def _nobody(community: str, serving: bool) -> None:
    """Told of what begins and ends to be served where nobody wants to know."""


class Runtime:
    """Views of communities, each loaded when first asked for and let go of when nobody asks any more. For any thread.

    One that is `following` (its process holds the lock of the data folder) keeps views live, caches, and saves
    snapshots; any other one answers from the state it found when it first looked, and writes nothing. `on_serving` is
    told when a community begins or ends to be able to answer, `on_well` when its consumers begin or cease to keep up.
    Who asks for a community that is not loaded waits for it: a call until its deadline, anybody else `load_seconds`.
    `jobs_asked` is set when this process asked for a job, or wants one no more.
    """

    def __init__(
        self,
        store: Store,
        data: Path,
        settings: Settings,
        *,
        following: bool,
        load_seconds: float = LOAD_SECONDS,
        on_serving: Callable[[str, bool], None] = _nobody,
        on_well: Callable[[str, bool], None] = _nobody,
    ) -> None:
        self.settings = settings
        self.jobs_asked = threading.Event()
        self.tokens = Tokens(data, may_create=following, incarnation=store.incarnation)
        self.shown = Shown()
        self._traces = WriteTraces()
        self._store = store
        self._load_seconds = load_seconds
        self._encoders = Encoders(settings.encoder)
        self.rankers = open_rankers(data, settings, self._encoders, following=following, prepare=self._prepare)
        self._snapshots = Snapshots(data / SNAPSHOTS)
        self._loader = Loader(store, self._snapshots, self._encoders, keep=following)
        self._followed = None
        if following:
            self._followed = Followed(
                self._loader, self.rankers, settings.idle_seconds, on_serving, on_well, self._traces
            )
        self._still: dict[str, Community] = {}
        self._lock = threading.Lock()

    def ranker(self, community: str) -> Ranker:
        """What turns features into scores in a community; a request takes it once and stays with it."""
        return self.rankers.of(community)

    def view(self, community: str, min_sequence: int = 0, timeout: float | None = None) -> Community:
        """The newest view, which has seen entry `min_sequence` of the log; waits for it up to `timeout` seconds, unless
        stated those of the runtime, and not at all for an entry that was never written. Without `timeout` a call waits
        until its deadline, two minutes at most, for a community to be loaded.

        Raises CommunityNotFound; IndexBehind when the view does not get so far; Unavailable while there is none.
        """
        if self._followed is not None:
            usual = max(self._load_seconds, min(MOST_SECONDS, time_left() - TO_ANSWER_SECONDS))
            load, see = (usual, self._load_seconds) if timeout is None else (timeout, timeout)
            return self._followed.view(community, min_sequence, see, load)
        view = self._still_view(community)
        if view.sequence < min_sequence:
            raise IndexBehind(f"change {min_sequence} of the community {community}")
        return view

    def current(self, community: str, min_sequence: int = 0) -> Community:
        """The view that has seen all that was acknowledged before this call, as deciding over people needs it.

        Raises as `view` does. Where nothing is followed the view is as it was opened.
        """
        return self.view(community, max(min_sequence, self._store.head(community) if self._followed else 0))

    def newest(self, community: str) -> Community | None:
        """The newest view if there is one at once."""
        return self._followed.newest(community) if self._followed else self._still.get(community)

    def in_memory(self) -> dict[str, Community]:
        """The newest view of each community that is followed and can answer at once."""
        return self._followed.in_memory() if self._followed else {}

    def to_be_encoded(self) -> int:
        """How many texts wait for the encoder, of all communities."""
        return self._encoders.queue.length

    def wait_indexed(self, community: str, sequence: int, timeout: float) -> bool:
        """Wait up to `timeout` seconds until the view has seen an entry of the log; whether it has."""
        try:
            return self.view(community, sequence, timeout).sequence >= sequence
        except Unavailable:
            return False

    def encoder_of(self, view: Community) -> TextEncoder:
        """Encodes queries of a view, with the encoder that made its vectors."""
        return lambda texts: self._encoders.encode(view.encoder, texts, view.record.id)

    def encode(self, texts: list[str]) -> np.ndarray:
        """(len(texts), d) float32 by the encoder of the settings, for no community."""
        return self._encoders.encode(self._encoders.wanted, texts, "")

    def communities(self) -> list[str]:
        """The ids of all communities."""
        ids: list[str] = []
        while page := self._store.communities(after=ids[-1] if ids else ""):
            ids += [stored.record.id for stored in page]
        return ids

    def follow_all(self) -> None:
        """From now on whatever is written is followed, and each community is said to be served or not. Raises
        FailedPrecondition when there is no such encoder."""
        assert self._followed is not None
        assert self._encoders.wanted
        if self._followed.follows_all:
            return
        ids = self.communities()
        self.rankers.folder.sweep(ids)
        self._followed.follow_all(ids)

    def load_all(self, timeout: float) -> list[str]:
        """Follow every community and load it, the busiest first; those that cannot answer within `timeout` seconds.

        Raises Unavailable when the runtime is closed meanwhile, and as `follow_all` does.
        """
        until = time.monotonic() + timeout
        self.follow_all()
        ids = self._busiest_first()
        for community in ids:
            self._loaded(community, min(until, time.monotonic() + SLOW_SECONDS))
        return [id for id in ids if not self._loaded(id, until)]

    def load_encoder(self) -> None:
        """Load the encoder of the settings: the first text must not wait for seconds of imports."""
        self.encode(["ready"])

    def _busiest_first(self) -> list[str]:
        heads = self._store.heads()
        return sorted(heads, key=lambda id: (-heads[id], id))

    def _loaded(self, community: str, until: float) -> bool:
        """Whether a community can answer by then, by the monotonic clock, or was deleted."""
        try:
            return self.wait_indexed(community, 0, max(0.0, until - time.monotonic()))
        except CommunityNotFound:
            return True

    def served(self) -> list[str]:
        """The ids of the communities that are in memory."""
        return self._followed.served() if self._followed else []

    def follow(self, consumer: Consumer) -> None:
        """Give a consumer turns in every community that is in memory; it is woken by every new view."""
        assert self._followed is not None
        self._followed.add(consumer)

    def unfollow(self, consumer: Consumer) -> None:
        """Give no more turns; returns when the last one is over."""
        if self._followed is not None:
            self._followed.remove(consumer)

    def consumers(self) -> tuple[str, ...]:
        """The names of those that follow the log here."""
        return self._followed.names() if self._followed else ()

    def position(self, consumer: str, community: str) -> tuple[int | None, State]:
        """Up to which entry of the log a consumer is done here, None where it does not follow; and how it fares."""
        return self._followed.position(Key(consumer, community)) if self._followed else (None, State())

    def tell_jobs(self, key: Key, state: State) -> None:
        """How the jobs of a kind fare in a community, told by whoever does them."""
        if self._followed is not None:
            self._followed.tell(key, state)

    def notify(self, community: str) -> None:
        """Something was written: look at once rather than with the next turn."""
        self._traces.note(community)
        if self._followed is not None:
            self._followed.notify(community)

    def replay(self, community: str) -> None:
        """What consumers set aside is due: try it now."""
        if self._followed is not None:
            self._followed.replay(community)

    def hold(self, community: str) -> None:
        """Much is about to be written: until `release`, or for some minutes, nothing but the index follows."""
        if self._followed is not None:
            self._followed.hold(community)

    def release(self, community: str) -> None:
        """It is written: all consumers follow again, and take it in as a whole."""
        if self._followed is not None:
            self._followed.release(community)

    def forget(self, community: str) -> None:
        """Delete what is saved of a community, since somebody was erased; it is saved anew without them later on."""
        self._snapshots.forget(community)
        self.notify(community)

    def drop(self, community: str) -> None:
        """The community was deleted: forget all of it."""
        self._snapshots.forget(community)
        if self._followed is not None:
            self._followed.drop(community)
        self.rankers.drop(community)
        self.shown.drop(community)

    def close(self) -> None:
        """Save what is new, and let go of the files."""
        self.rankers.close()
        if self._followed is not None:
            self._followed.close()

    def _prepare(self, community: str, ranker: Ranker) -> None:
        """What a ranker needs of the newest view is worked out before it serves."""
        view = self._followed.newest(community) if self._followed else None
        if view is not None:
            warm_for(view, ranker)

    def _still_view(self, community: str) -> Community:
        with self._lock:
            if community not in self._still:
                with uncollected():
                    loaded = self._loader.load(community)
                    self._still[community] = loaded.builder.view(loaded.sequence)
            return self._still[community]
