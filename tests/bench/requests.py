"""How long each kind of recommendation takes over gRPC, for one client and for several, and where the time goes.

    python -m tests.bench.requests --seconds 5
    python -m tests.bench.requests --data DIR --community ID --clients 1 8

First a real server is asked, each kind in turn, by so many clients that ask again as soon as they are answered. Then
the same requests are computed in this process, with the time of each stage.
"""

from __future__ import annotations

import argparse
import itertools
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from yiqi.client import YiqiClient, id_of
from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS

from models.domain.requests import Goal, Options
from models.features import matrix
from models.ranking import eligibility, explain, pipeline, rerank, retrieval
from models.ranking.ranker import Ranker
from service.api import answers
from service.application import recommendations as use
from service.compose import open_application
from service.core.settings import Settings
from service.serving import Runtime
from tests.bench.figures import machine, times
from tests.bench.freshness import QUESTIONS
from tests.bench.serving import Served, arguments, data_of, recommendable, serving

LIMIT = 10
Ask = Callable[[YiqiClient, str, int], Any]
# What is timed: where a stage is looked up when a request runs, and what it is called here.
STAGES: tuple[tuple[Any, str, str], ...] = (
    (matrix, "member_query", "query"),
    (pipeline, "goal_query", "query"),
    (eligibility, "allowed", "rules"),
    (retrieval, "pool", "candidates"),
    (matrix, "raw", "features"),
    (matrix, "transform", "features"),
    (pipeline, "_reverse", "features"),
    (Ranker, "score", "ranker"),
    (rerank, "order", "rerank"),
    (rerank, "diversify", "rerank"),
    (explain, "explain", "reasons"),
    (answers, "results", "packing"),
)


def kinds(people: list[str], projects: list[str], community: str) -> dict[str, Ask]:
    """Every kind of request; the number says whom or what it is about."""
    numbers = itertools.count()
    common: dict[str, Any] = {"limit": LIMIT, "audience": AUDIENCE_ORGANIZERS}

    def person(n: int) -> str:
        return people[n % len(people)]

    def question(n: int) -> str:
        return f"{QUESTIONS[n % len(QUESTIONS)]} {next(numbers)}"

    asks: dict[str, Ask] = {
        "peers": lambda c, at, n: c.recommend_peers(community, person(n), **common),
        "peers without reasons": lambda c, at, n: c.recommend_peers(community, person(n), with_reasons=False, **common),
        "collaborators": lambda c, at, n: c.recommend_collaborators(community, member=person(n), **common),
        "collaborators for a goal": lambda c, at, n: c.recommend_collaborators(community, goal=question(n), **common),
        "search, new words": lambda c, at, n: c.search_members(community, question(n), **common),
        "search, known words": lambda c, at, n: c.search_members(community, QUESTIONS[n % len(QUESTIONS)], **common),
        "explain": lambda c, at, n: c.explain_match(
            community, person(n), person(n + 1), audience=AUDIENCE_ORGANIZERS, include_connected=True
        ),
    }
    if projects:
        asks["collaborators for a project"] = lambda c, at, n: c.recommend_collaborators(
            community, project=projects[n % len(projects)], **common
        )
        asks["projects"] = lambda c, at, n: c.recommend_projects(community, person(n), **common)
    return asks


def ask_for(served: Served, ask: Ask, clients: int, seconds: float) -> tuple[list[float], float]:
    """Seconds of every request that `clients` made one after another for so long, and requests a second of all."""
    took: list[list[float]] = [[] for _ in range(clients)]
    until = time.monotonic() + seconds

    def client(mine: list[float], seed: int) -> None:
        rng = random.Random(seed)
        with served.client() as yiqi:
            while time.monotonic() < until:
                began = time.monotonic()
                ask(yiqi, served.community, rng.randrange(1_000_000))
                mine.append(time.monotonic() - began)

    began = time.monotonic()
    threads = [threading.Thread(target=client, args=(mine, seed)) for seed, mine in enumerate(took)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = [one for mine in took for one in mine]
    return everything, len(everything) / (time.monotonic() - began)


class Stopwatch:
    """Seconds a stage, not counting the stages within it."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._within = [0.0]

    def timed(self, stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, with its time counted."""

        def timing(*args: Any, **kwargs: Any) -> Any:
            self._within.append(0.0)
            began = time.perf_counter()
            try:
                return call(*args, **kwargs)
            finally:
                took = time.perf_counter() - began
                self.spent[stage] += took - self._within.pop()
                self._within[-1] += took

        return timing


def split(runtime: Runtime, community: str, people: list[str], count: int) -> Iterator[str]:
    """For each kind of request, lines with the mean milliseconds of each stage of `count` requests."""
    options = Options(limit=LIMIT, audience="organizers", now=time.time_ns() // 1000)
    inner: dict[str, Callable[[int], use.Answer]] = {
        "peers": lambda n: use.recommend_peers(runtime, community, people[n % len(people)], options),
        "collaborators": lambda n: use.recommend_collaborators(runtime, community, people[n % len(people)], options),
        "search, known words": lambda n: use.search_members(
            runtime, community, Goal(text=QUESTIONS[n % len(QUESTIONS)]), options
        ),
    }
    for name, ask in inner.items():
        for n in range(len(QUESTIONS)):
            ask(n)
        watch = Stopwatch()
        with ExitStack() as patched:
            for owner, attribute, stage in STAGES:
                patched.enter_context(patch.object(owner, attribute, watch.timed(stage, getattr(owner, attribute))))
            began = time.perf_counter()
            for n in range(count):
                answers.results(ask(n), community)
            whole = time.perf_counter() - began
        watch.spent["all else"] = whole - sum(watch.spent.values())
        parts = "   ".join(f"{stage} {1000 * seconds / count:.2f}" for stage, seconds in watch.spent.items())
        yield f"{name:<28} {1000 * whole / count:6.2f} ms   of which {parts}"


def main() -> None:
    """The command."""
    parser = arguments(__doc__ or "")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--seconds", type=float, default=5.0, help="for each kind and number of clients (5)")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8], help="how many at once (1 8)")
    parser.add_argument("--count", type=int, default=200, help="requests of the split in this process (200)")
    options = parser.parse_args()
    with data_of(options) as data:
        with serving(data, options.community) as served:
            people = _over_grpc(served, options.clients, options.seconds)
        print(f"in this process, mean of {options.count}:")
        with open_application(Settings(data=data)) as (_, runtime):
            for line in split(runtime, options.community, people, options.count):
                print(line)


def _over_grpc(served: Served, clients: list[int], seconds: float) -> list[str]:
    with served.client() as yiqi:
        people = recommendable(yiqi, served.community)
        projects = [id_of(project.name) for project in yiqi.list_projects(served.community)]
        size = sum(1 for _ in yiqi.list_members(served.community))
    print(f"{served.community}: {size} members, {len(projects)} projects; limit {LIMIT}; {machine()}")
    asks = kinds(people, projects, served.community)
    for ask in asks.values():
        ask_for(served, ask, 1, 0.5)
    for count in clients:
        print(f"over gRPC, {count} client{'s' if count > 1 else ''}:")
        for name, ask in asks.items():
            took, rate = ask_for(served, ask, count, seconds)
            print(f"{times(name, took)}   {rate:7.1f}/s", flush=True)
    print(machine())
    return people


if __name__ == "__main__":
    main()
