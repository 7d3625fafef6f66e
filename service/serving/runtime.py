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
from service.core.settings import Settings
from service.core.tokens import Tokens
from service.serving.encoders import Encoders
from service.serving.live import LiveCommunity
from service.serving.loading import Loader
from service.serving.rankers import open_rankers
from service.serving.snapshots import Snapshots
from service.serving.solving import Solvers
from service.serving.warming import warm_for
from service.store.contract import Store

LOAD_SECONDS = 5.0
SNAPSHOTS = "snapshots"


def _nobody(community: str, serving: bool) -> None:
    """Told of what begins and ends to be served where nobody wants to know."""


class Runtime:
    """Views of communities, each loaded when first asked for. For any thread.

    One that is `following` (its process holds the lock of the data folder) keeps every view live, caches, and saves
    snapshots; any other one answers from the state it found when it first looked, and writes nothing. `on_serving` is
    told when a community begins or ends to be able to answer.
    """

    def __init__(
        self,
        store: Store,
        data: Path,
        settings: Settings,
        *,
        following: bool,
        owns_store: bool = False,
        on_serving: Callable[[str, bool], None] = _nobody,
    ) -> None:
        self.settings = settings
        self.solvers = Solvers(settings.solvers)
        self.tokens = Tokens(data, may_create=following)
        self._store = store
        self._owns_store = owns_store
        self._following = following
        self._on_serving = on_serving
        self._encoders = Encoders(settings.encoder)
        self.rankers = open_rankers(data, settings, self._encoders, following=following, prepare=self._prepare)
        self._snapshots = Snapshots(data / SNAPSHOTS)
        self._loader = Loader(store, self._snapshots, self._encoders, keep=following)
        self._live: dict[str, LiveCommunity] = {}
        self._still: dict[str, Community] = {}
        self._lock = threading.Lock()
        self._closed = False

    def ranker(self, community: str) -> Ranker:
        """What turns features into scores in a community; a request takes it once and stays with it."""
        return self.rankers.of(community)

    def view(self, community: str, min_sequence: int = 0, timeout: float = LOAD_SECONDS) -> Community:
        """The newest view, which has seen entry `min_sequence` of the log; waits up to `timeout` seconds for it, and
        not at all for an entry that was never written.

        Raises CommunityNotFound; IndexBehind when the view does not get so far; Unavailable while there is none.
        """
        if not self._following:
            view = self._still_view(community)
            if view.sequence < min_sequence:
                raise IndexBehind(f"change {min_sequence} of the community {community}")
            return view
        live = self._follower(community)
        seen = live.view
        if seen is None or seen.sequence < min_sequence:
            never = seen is not None and min_sequence > self._store.head(community)
            seen = None if never else live.wait(min_sequence, timeout)
        if seen is not None:
            return seen
        if live.gone:
            raise CommunityNotFound(community)
        if live.view is None:
            raise Unavailable(f"The community {community}")
        raise IndexBehind(f"change {min_sequence} of the community {community}")

    def newest(self, community: str) -> Community | None:
        """The newest view if there is one at once."""
        live = self._live.get(community)
        return live.view if live else self._still.get(community)

    def wait_indexed(self, community: str, sequence: int, timeout: float) -> bool:
        """Wait up to `timeout` seconds until the view has seen an entry of the log; whether it has."""
        try:
            return self.view(community, sequence, timeout).sequence >= sequence
        except Unavailable:
            return False

    def encoder_of(self, view: Community) -> TextEncoder:
        """Encodes queries of a view, with the encoder that made its vectors."""
        return lambda texts: self._encoders.encode(view.encoder, texts)

    def encode(self, texts: list[str]) -> np.ndarray:
        """(len(texts), d) float32 by the encoder of the settings."""
        return self._encoders.encode(self._encoders.wanted, texts)

    def communities(self) -> list[str]:
        """The ids of all communities."""
        ids: list[str] = []
        while page := self._store.communities(after=ids[-1] if ids else ""):
            ids += [stored.record.id for stored in page]
        return ids

    def live(self) -> list[str]:
        """The ids of the communities that are kept live."""
        return [community for community, live in list(self._live.items()) if not live.gone]

    def load_all(self, timeout: float) -> list[str]:
        """Begin to follow every community and wait until they can answer; those that cannot by then.

        Also loads their rankers, and the text encoders in use: the first write must not wait for seconds of imports.
        """
        until = time.monotonic() + timeout
        ids = self.communities()
        self.rankers.folder.sweep(ids)
        for community in ids:
            self._follower(community)
        self.encode(["ready"])
        for community in ids:
            self.ranker(community)
        return [id for id in ids if not self.wait_indexed(id, 0, max(0.0, until - time.monotonic()))]

    def notify(self, community: str) -> None:
        """Something was written: look at once rather than with the next turn."""
        live = self._live.get(community)
        if live is not None:
            live.notify()

    def forget(self, community: str) -> None:
        """Delete what is saved of a community, since somebody was erased; it is saved anew without them later on."""
        self._snapshots.forget(community)
        self.notify(community)

    def drop(self, community: str) -> None:
        """The community was deleted: forget all of it."""
        self._snapshots.forget(community)
        with self._lock:
            live = self._live.pop(community, None)
        if live is not None:
            live.drop()
        self.rankers.drop(community)

    def close(self) -> None:
        """Save what is new, and let go of the files."""
        with self._lock:
            self._closed = True
            followers = list(self._live.values())
            self._live.clear()
        self.solvers.close()
        self.rankers.close()
        for live in followers:
            live.stop()
        for live in followers:
            live.close()
        if self._owns_store:
            self._store.close()

    def _prepare(self, community: str, ranker: Ranker) -> None:
        """What a ranker needs of the newest view is worked out before it serves."""
        live = self._live.get(community)
        view = live.view if live else None
        if view is not None:
            warm_for(view, ranker)

    def _follower(self, community: str) -> LiveCommunity:
        live = self._live.get(community)
        if live is not None and not live.gone:
            return live
        self._store.head(community)
        with self._lock:
            if self._closed:
                raise Unavailable("The runtime")
            live = self._live.get(community)
            if live is None or live.gone:
                live = self._live[community] = LiveCommunity(self._loader, self.rankers, community, self._on_serving)
            return live

    def _still_view(self, community: str) -> Community:
        with self._lock:
            if community not in self._still:
                loaded = self._loader.load(community)
                self._still[community] = loaded.builder.view(loaded.sequence)
            return self._still[community]
