"""Which communities are in memory, and the turns of everything that follows them there."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial

from models.community.view import Community
from service.core.errors import CommunityNotFound, IndexBehind, Unavailable
from service.core.gate import away
from service.core.traces import WriteTraces
from service.feed.consumer import Consumer
from service.feed.dispatcher import Dispatcher, Key, State, Turn
from service.feed.writes import Writes
from service.serving.live import LiveCommunity
from service.serving.loading import Loader
from service.serving.rankers import Rankers
from service.serving.saving import INDEX
from service.serving.suggesting import Suggesting
from service.store.contract import IMPORT_UNDER_WAY

THREADS = 4  # that follow; what takes long has others
BESIDE_THREADS = 2
POLL_SECONDS = 0.2
LET_GO_SECONDS = 10.0
HOLD_SECONDS = 600.0  # without a word of an import, it is taken for given up
TURN_SECONDS = 5.0  # for which one waits while another community enters or leaves memory
LEISURE = 3  # times as long as a turn took nothing is done
AGAIN_SECONDS = 1.0  # at least, until somebody comes back who could not be answered
LOOK, LET_GO = Key("look", ""), Key("let go", "")


class Followed:
    """Loads communities and lets them go. For any thread.

    A community enters memory when it is asked for, and where all are followed, when something is written to it. It
    leaves after `idle_seconds` in which neither happened, once every consumer is done with its log.
    """

    def __init__(
        self,
        loader: Loader,
        rankers: Rankers,
        idle_seconds: float,
        on_serving: Callable[[str, bool], None],
        on_well: Callable[[str, bool], None],
        traces: WriteTraces,
    ) -> None:
        self._loader = loader
        self._rankers = rankers
        self._store = loader.store
        self._idle_seconds = idle_seconds
        self._on_serving = on_serving
        self._on_well = on_well
        self._live: dict[str, LiveCommunity] = {}
        self._dispatcher = Dispatcher(THREADS, self.tell, lambda key: traces.turn(*key))
        self._beside = ThreadPoolExecutor(BESIDE_THREADS, thread_name_prefix="beside")
        self._consumers: list[Consumer] = [Suggesting(self._store, lambda c: self._dispatcher.wake(Key(INDEX, c)))]
        self._writes = Writes(self._store)
        self.follows_all = False  # once `follow_all` was called
        self._begun = False
        self._ill: dict[str, set[str]] = {}
        self._held: dict[str, float] = {}  # until when, by the monotonic clock
        self._lock = threading.Lock()
        self._closed = False

    def view(self, community: str, min_sequence: int, timeout: float, load_seconds: float) -> Community:
        """See `Runtime.view`: up to `load_seconds` for the first view, up to `timeout` for one that has seen enough."""
        began = time.monotonic()
        while True:
            live = self.begin(community)
            seen = live.view
            if seen is None:
                with away() as may_wait:
                    seen = live.wait(0, began + load_seconds - time.monotonic()) if may_wait else None
            if seen is not None and seen.sequence < min_sequence:
                never = min_sequence > self._store.head(community)
                with away() as may_wait:
                    left = began + timeout - time.monotonic()
                    seen = live.wait(min_sequence, left) if may_wait and not never else None
            if seen is not None:
                return seen
            if self._closed or not live.stopping:
                break
        if live.gone:
            raise CommunityNotFound(community)
        # Who was sent away together must not come back together.
        again = AGAIN_SECONDS * random.uniform(1.0, 2.0)
        if live.view is None:
            raise Unavailable(f"The community {community}", retry_after=again)
        raise IndexBehind(f"change {min_sequence} of the community {community}", retry_after=again)

    def newest(self, community: str) -> Community | None:
        """The newest view if there is one at once."""
        live = self._live.get(community)
        return live.view if live else None

    def served(self) -> list[str]:
        """Who is in memory."""
        return list(self._live)

    def in_memory(self) -> dict[str, Community]:
        """The newest view of each community that can answer at once."""
        return {id: view for id, live in list(self._live.items()) if (view := live.view) is not None}

    def names(self) -> tuple[str, ...]:
        """The names of all consumers."""
        return (INDEX, *(one.name for one in self._consumers))

    def position(self, key: Key) -> tuple[int | None, State]:
        """See `Runtime.position`."""
        if key.consumer == INDEX:
            view = self.newest(key.community)
            return view.sequence if view else None, self._dispatcher.state(key)
        cursors = (one.cursor(key.community) for one in self._consumers if one.name == key.consumer)
        return next(cursors, None), self._dispatcher.state(key)

    def begin(self, community: str) -> LiveCommunity:
        """The community in memory, from now on if it was not. Raises CommunityNotFound, Unavailable."""
        live = self._live.get(community)
        if live is None or live.gone or live.stopping:
            self._store.head(community)
            with self._turn():
                live = self._live.get(community)
                if live is not None and live.gone:
                    self._leave(live, deleted=True)
                    live = None
                live = live or self._enter(community)
        live.asked = time.monotonic()
        return live

    def follow_all(self, communities: Iterable[str]) -> None:
        """From now on a write brings its community into memory. Those that there are begin as not served."""
        self._writes.look()
        self.follows_all = True
        for community in communities:
            if community not in self._live:
                self._on_serving(community, False)

    def notify(self, community: str) -> None:
        """Something was written."""
        live = self._live.get(community)
        if live is not None and not (live.gone or live.stopping):
            live.asked = time.monotonic()
            self._dispatcher.wake(Key(INDEX, community))
        elif self.follows_all:
            # Where it does not work now, the next look or whoever asks does it.
            with suppress(CommunityNotFound, Unavailable):
                self.begin(community)

    def replay(self, community: str) -> None:
        """What was set aside is due; where the community is not in memory, it is tried when it comes."""
        self.notify(community)
        self._wake_consumers(community)

    def hold(self, community: str) -> None:
        """See `Runtime.hold`."""
        self._held[community] = time.monotonic() + HOLD_SECONDS

    def release(self, community: str) -> None:
        """See `Runtime.release`."""
        self._held.pop(community, None)
        self._wake_consumers(community)

    def add(self, consumer: Consumer) -> None:
        """See `Runtime.follow`."""
        with self._turn():
            self._consumers.append(consumer)
            for community in self._live:
                self._give_turns(consumer, community)
                self._dispatcher.wake(Key(consumer.name, community))

    def remove(self, consumer: Consumer) -> None:
        """See `Runtime.unfollow`."""
        with self._lock:
            if consumer in self._consumers:
                self._consumers.remove(consumer)
                for community in self._live:
                    self._dispatcher.remove(Key(consumer.name, community))
                    consumer.forget(community, deleted=False)

    def drop(self, community: str) -> None:
        """The community was deleted: forget it."""
        with self._lock:
            if (live := self._live.get(community)) is not None:
                self._leave(live, deleted=True)

    def close(self) -> None:
        """Give no more turns, and save what is new."""
        with self._lock:
            self._closed = True
        for live in self._live.values():
            live.stop()
        self._dispatcher.close()
        for community, live in self._live.items():
            for consumer in self._consumers:
                consumer.forget(community, deleted=live.gone)
            live.save()
        self._beside.shutdown(cancel_futures=True)

    # -- entering and leaving memory -----------------------------------------------------------------------------

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One at a time enters or leaves. Raises Unavailable rather than wait without end: who leaves waits for turns,
        and these may ask for communities."""
        if not self._lock.acquire(timeout=TURN_SECONDS):
            raise Unavailable("The runtime")
        try:
            if self._closed:
                raise Unavailable("The runtime")
            yield
        finally:
            self._lock.release()

    def _enter(self, community: str) -> LiveCommunity:
        if not self._begun:
            self._begun = True
            for key, work in ((LOOK, self._look), (LET_GO, self._let_go)):
                self._dispatcher.add(key, work)
                self._dispatcher.wake(key)
        if self._store.progress(community, IMPORT_UNDER_WAY):
            self.hold(community)
        own = Key(INDEX, community)
        live = self._live[community] = LiveCommunity(
            self._loader,
            self._rankers,
            community,
            self._beside,
            wake=lambda: self._dispatcher.wake(own),
            on_view=self._wake_consumers,
            on_serving=self._on_serving,
        )
        for consumer in self._consumers:
            self._give_turns(consumer, community)
        self._dispatcher.add(own, live.step)
        self._dispatcher.wake(own)
        return live

    def _leave(self, live: LiveCommunity, *, deleted: bool) -> None:
        """Give no more turns; the consumers' end first, since these ask for views."""
        for consumer in self._consumers:
            self._dispatcher.remove(Key(consumer.name, live.community))
        live.stop()
        self._dispatcher.remove(Key(INDEX, live.community))
        for consumer in self._consumers:
            consumer.forget(live.community, deleted=deleted)
        if deleted:
            live.end()
            self._ill.pop(live.community, None)
            self._on_well(live.community, True)
        else:
            live.save()
        del self._live[live.community]

    def _let_go(self) -> Turn:
        """Let go of what was deleted, and of what nobody needs in memory."""
        for live in list(self._live.values()):
            if live.gone or self._cold(live):
                with self._turn():
                    if self._live.get(live.community) is not live:
                        continue
                    if live.gone:
                        self._leave(live, deleted=True)
                    elif self._cold(live):
                        self._cool(live)
        return Turn(most=min(LET_GO_SECONDS, self._idle_seconds / 4))

    def _cold(self, live: LiveCommunity) -> bool:
        view = live.view
        if view is None or not live.resting or time.monotonic() - live.asked < self._idle_seconds:
            return False
        positions = [self.position(Key(one.name, live.community)) for one in self._consumers]
        return all(state.well and cursor is not None and cursor >= view.sequence for cursor, state in positions)

    def _cool(self, live: LiveCommunity) -> None:
        view = live.view
        self._leave(live, deleted=False)
        self._rankers.release(live.community)
        # Written while it left, when nobody was there any more to hear of it.
        with suppress(CommunityNotFound):
            if view is None or self._store.head(live.community) > view.sequence:
                self._enter(live.community)

    # -- turns ---------------------------------------------------------------------------------------------------

    def _give_turns(self, consumer: Consumer, community: str) -> None:
        self._dispatcher.add(Key(consumer.name, community), partial(self._step, consumer, community))

    def _step(self, consumer: Consumer, community: str) -> Turn:
        """A turn of a consumer, unless it has to wait: then it begins afresh after that."""
        wait = self._held.get(community, 0.0) - time.monotonic()
        if wait <= 0:
            try:
                began = time.thread_time()
                return self._with_leisure(community, consumer.step(community), time.thread_time() - began)
            except CommunityNotFound:
                return Turn()  # deleted during the turn: whoever deleted it, or the index, ends all turns there
        if consumer.cursor(community) is not None:
            consumer.forget(community, deleted=False)
        return Turn(most=wait)

    def _with_leisure(self, community: str, turn: Turn, seconds: float) -> Turn:
        """A turn that took so many seconds, with a pause after it so that others have most of the time: where nobody
        waits for the next, and while a view is being made of what was written, which is to be found first."""
        view = self.newest(community)
        if not turn.unhurried and (view is None or self._store.head(community) <= view.sequence):
            return turn
        return turn._replace(least=max(turn.least, min(LEISURE * seconds, TURN_SECONDS)))

    def _wake_consumers(self, community: str) -> None:
        for consumer in self._consumers:
            self._dispatcher.wake(Key(consumer.name, community))

    def _look(self) -> Turn:
        """See what was written past this process, or past its notice."""
        for community, head in self._writes.look().items():
            view = self.newest(community)
            if view is None or head is None or view.sequence < head:
                self.notify(community)
        return Turn(most=POLL_SECONDS)

    def tell(self, key: Key, state: State) -> None:
        """How a consumer fares in a community, or the jobs of a kind."""
        if key.community:
            ill = self._ill.setdefault(key.community, set())
            (ill.discard if state.well else ill.add)(key.consumer)
            self._on_well(key.community, not ill)
