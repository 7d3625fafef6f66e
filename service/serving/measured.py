"""What is looked up when somebody reads the metrics: the feed, jobs, models, memory and lists of a running server."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from models.community.view import Community
from models.domain.records import Micros
from service.core.clock import wall_clock
from service.core.conditions import Conditions
from service.core.faults import outline
from service.core.version import running_version
from service.serving.memory import array_bytes
from service.serving.runtime import Runtime
from service.store.contract import Store

MOST_COMMUNITIES = 50  # as values of a label, the largest; the rest are one value
OTHER = "(other)"  # no community can have this id
SECOND: Micros = 1_000_000

Part: TypeAlias = Callable[[], Iterable[Metric]]

log = logging.getLogger("yiqi.metrics")


class Measured(Collector):
    """Asked by the registry. What cannot be looked up is left out, and `yiqi_metrics_complete` says so."""

    def __init__(
        self, store: Store, runtime: Runtime, conditions: Conditions, clock: Callable[[], Micros] = wall_clock
    ) -> None:
        self._store = store
        self._runtime = runtime
        self._conditions = conditions
        self._clock = clock
        self._sizes: dict[str, tuple[str, int]] = {}

    def describe(self) -> list[Metric]:
        """Nothing is looked up before somebody reads."""
        return []

    def collect(self) -> Iterator[Metric]:
        """All that can be told now."""
        complete = True
        parts: tuple[Part, ...] = (
            self._build, self._communities, self._feed, self._queue, self._jobs, self._models, self._memory,
            self._exposure,
        )  # fmt: skip
        for part in parts:
            try:
                yield from list(part())
            except Exception as fault:
                # What is damaged must not hide what the rest says.
                complete = False
                log.error("metrics not looked up", extra={"part": part.__name__, "fault": outline(fault)})
        yield GaugeMetricFamily("yiqi_metrics_complete", "1 if all metrics could be looked up", float(complete))

    def _build(self) -> Iterable[Metric]:
        yield _family("yiqi_build_info", "Which version runs", ["version"], [((running_version(),), 1)])

    def _communities(self) -> Iterable[Metric]:
        counts = self._conditions.count(self._store.heads())
        help_ = "Communities by condition: loading, serving, degraded (the feed is ill) or damaged (its data)"
        yield _family("yiqi_communities", help_, ["condition"], [((name,), n) for name, n in counts.items()])
        loaded = len(self._runtime.in_memory())
        yield GaugeMetricFamily("yiqi_communities_loaded", "Communities in memory", loaded)

    def _feed(self) -> Iterable[Metric]:
        heads = self._store.heads()
        lag, ill = dict.fromkeys(self._runtime.consumers(), 0), dict.fromkeys(self._runtime.consumers(), 0)
        dead = dict(lag)
        for community in self._runtime.in_memory():
            for consumer in lag:
                position, state = self._runtime.position(consumer, community)
                if position is not None:
                    lag[consumer] = max(lag[consumer], heads.get(community, 0) - position)
                ill[consumer] += bool(state.failures)
                dead[consumer] += state.dead
        for name, help_, values in (
            ("yiqi_feed_lag_entries", "Entries of the log that are not taken in, where it is most", lag),
            ("yiqi_feed_failing", "Communities in which a consumer fails", ill),
            ("yiqi_feed_dead_letters", "Entries of the log that are set aside", dead),
        ):
            yield _family(name, help_, ["consumer"], [((consumer,), n) for consumer, n in values.items()])

    def _queue(self) -> Iterable[Metric]:
        waiting = self._runtime.to_be_encoded()
        yield GaugeMetricFamily("yiqi_embedding_queue_texts", "Texts that wait for the encoder", waiting)

    def _jobs(self) -> Iterable[Metric]:
        counts, now = self._store.job_counts(), self._clock()
        found = [((one.kind, one.state), float(one.count)) for one in counts]
        yield _family("yiqi_jobs", "Jobs by kind and state: queued, running or dead", ["kind", "state"], found)
        waits = [((one.kind,), max(0, now - one.oldest) / SECOND) for one in counts if one.state == "queued"]
        yield _family("yiqi_jobs_oldest_seconds", "How long the oldest queued job has waited", ["kind"], waits)

    def _models(self) -> Iterable[Metric]:
        versions = self._runtime.rankers.versions()
        labels = [((c, versions[c]), 1.0) for c in self._largest() if c in versions]
        yield _family("yiqi_model_info", "Which model serves a community", ["community", "version"], labels)

    def _memory(self) -> Iterable[Metric]:
        sizes = self._bytes()
        named = {c: float(sizes[c]) for c in self._largest()}
        if rest := sum(sizes.values()) - sum(named.values()):
            named[OTHER] = rest
        found = [((community,), size) for community, size in named.items()]
        yield _family("yiqi_community_memory_bytes", "Arrays of the views in memory", ["community"], found)

    def _exposure(self) -> Iterable[Metric]:
        views = self._runtime.in_memory()
        gini, seen = [], []
        for community in self._largest():
            found = self._runtime.shown.exposure(community, views[community]) if community in views else None
            if found is not None:
                gini.append(((community,), found.gini))
                seen.append(((community,), found.seen))
        yield _family("yiqi_exposure_gini", "How unequally the newest 1,000 lists show people", ["community"], gini)
        help_ = "Share of those who may be shown that the newest 1,000 lists show"
        yield _family("yiqi_exposure_seen_share", help_, ["community"], seen)

    def _largest(self) -> list[str]:
        sizes = self._bytes()
        return sorted(sizes, key=lambda community: (-sizes[community], community))[:MOST_COMMUNITIES]

    def _bytes(self) -> dict[str, int]:
        """Of each view in memory, worked out once a view."""
        views = self._runtime.in_memory()
        self._sizes = {community: self._size(community, view) for community, view in views.items()}
        return {community: size for community, (_, size) in self._sizes.items()}

    def _size(self, community: str, view: Community) -> tuple[str, int]:
        known = self._sizes.get(community)
        return known if known and known[0] == view.index_version else (view.index_version, array_bytes(view))


def _family(
    name: str, help_: str, labels: list[str], values: Iterable[tuple[tuple[str, ...], float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_, labels=labels)
    for label, value in values:
        family.add_metric(label, value)
    return family
