"""How fast `yiqi import` is on a data folder and beside a running server, and what others wait for meanwhile.

    python -m tests.bench.importing --messages 100000

Rows a second are of the rows alone; what is embedded and suggested afterwards is told apart. The members who ask are
those of the community that ships, on the same server.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from tests.bench.figures import machine
from tests.bench.serving import SAMPLE, YIQI, Served, import_sample, recommendable, serving
from tests.e2e.worlds import make_archive

LIMIT = 20


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10.0, help="for which it is asked before the import (10)")
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        source = make_archive(Path(folder, "in.zip"), options.messages)
        data = import_sample(Path(folder))
        with serving(data) as served:
            asking = Asking(served)
            print(f"RecommendPeers before:          {asking.during(lambda: time.sleep(options.seconds))}")
            seconds: list[float] = []
            print(f"RecommendPeers while rows come: {asking.during(lambda: seconds.append(rows(source, served)))}")
        print(f"--server: {options.messages / seconds[0]:,.0f} rows/s")
        print(f"--data:   {options.messages / rows_here(source, Path(folder, 'alone')):,.0f} rows/s")


def rows(source: Path, served: Served) -> float:
    """Seconds for the rows of an import to a server; it is left before all is searchable."""
    return _until_rows_are_done("--server", served.target, source)


def rows_here(source: Path, data: Path) -> float:
    """Seconds for the rows of an import into a folder."""
    return _until_rows_are_done("--data", str(data), source)


def _until_rows_are_done(door: str, where: str, source: Path) -> float:
    command = [*YIQI, "import", str(source), "--community", "big", door, where]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    began = 0.0
    try:
        for line in process.stderr:
            if not line.startswith("rows:"):
                raise RuntimeError(line)
            began = began or time.monotonic()
            if re.match(r"rows: [\d,]+ of ", line):
                return time.monotonic() - began
    finally:
        process.terminate()
        process.wait()
    raise RuntimeError("the import ended before its rows were done")


class Asking:
    """One client that asks for peers, one member after the other."""

    def __init__(self, served: Served) -> None:
        self._client = served.client()
        self._people = recommendable(self._client, SAMPLE)

    def during(self, work: object) -> str:
        """How long answers took while something else was done."""
        assert callable(work)
        thread = threading.Thread(target=work)
        took: list[float] = []
        thread.start()
        while thread.is_alive():
            began = time.monotonic()
            self._client.recommend_peers(SAMPLE, self._people[len(took) % len(self._people)], limit=LIMIT)
            took.append((time.monotonic() - began) * 1000)
        p50, p99 = np.percentile(took, [50, 99])
        return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {max(took):.1f} ms of {len(took)}"


if __name__ == "__main__":
    main()
