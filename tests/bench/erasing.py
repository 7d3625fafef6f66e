"""Erase many members of a community that is served and asked meanwhile, and look for them in every file afterwards.

    python -m tests.bench.erasing --members 3000 --erased 1000

Everybody has words of their own, an id that stands in others' records, ties, outcomes and blocks. Printed are the times
of single erasures, of requests meanwhile, and in how many places an id or a word of theirs is still found. Ids stay in
one place, the table of tombstones, which keeps them from coming back with an import.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from yiqi.client import YiqiClient

from models.domain.records import Block, Channel, Community, Member, Message, Outcome, Project, Record, Tie
from service.compose import open_store
from service.core.settings import Settings
from tests.bench.figures import machine, times
from tests.e2e.serving import serving

START = 1_700_000_000_000_000
MINUTE = 60_000_000
THEIRS = re.compile(rb"(?:gone|mark)\d{6}")


def id_of(n: int, erased: int) -> str:
    """Those to be erased are known by their ids."""
    return f"gone{n:06}" if n < erased else f"stays{n:06}"


def world(members: int, erased: int) -> Iterator[Record]:
    """Members who state and say things, and deal with each other."""
    ids = [id_of(n, erased) for n in range(members)]
    yield Community(id="c")
    yield Channel(id="room")
    for n, id in enumerate(ids):
        word = f"{'mark' if n < erased else 'name'}{n:06}"
        yield Member(id=id, name=word, profile=f"I look after {word} and boats", consent="members")
    for n in range(3 * members):
        who, other = ids[n % members], ids[(n * 7 + 1) % members]
        text = f"line {n} of the tide" + (f", mark{n % members:06}" if n % members < erased else "")
        mentions = (other,) if n % 3 else ()
        yield Message(id=f"x{n}", author=who, time=START + n * MINUTE, text=text, channel="room", mentions=mentions)
    for n in range(0, members, 5):
        one, other = ids[n], ids[(n + 3) % members]
        yield Tie(id=f"t{n}", source=one, target=other, time=START)
        yield Outcome(id=f"o{n}", source=one, target=other, kind="met", time=START + n)
        yield Block(id=f"{one}~{other}", source=one, target=other, time=START)
        yield Project(id=f"p{n}", title="A boat", members=(other, one), time=START)


def traces(folder: Path) -> tuple[int, int]:
    """How often an id or a word of the erased stands in any file beside tombstones, and how many of these there are."""
    found = sum(len(THEIRS.findall(path.read_bytes())) for path in folder.rglob("*") if path.is_file())
    with closing(sqlite3.connect(folder / "yiqi.db")) as file:
        kept = file.execute("SELECT count(*) FROM tombstones").fetchone()[0]
        elsewhere = 0
        for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = file.execute(f"SELECT * FROM {table}") if table != "tombstones" else ()
            elsewhere += sum(bool(THEIRS.search(repr(row).encode())) for row in rows)
        # Each tombstone stands in the table and in its index.
        return max(found - 2 * kept, elsewhere), kept


def ask(client: YiqiClient, id: str, done: threading.Event, waited: list[float]) -> None:
    """Ask for lists until the end."""
    while not done.is_set():
        began = time.perf_counter()
        client.recommend_peers("c", id, limit=10)
        waited.append(time.perf_counter() - began)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=3000, help="how many there are (3000)")
    parser.add_argument("--erased", type=int, default=1000, help="how many of them go (1000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder, "data"))
        with open_store(settings, writes=True) as store:
            store.put("c", list(world(options.members, options.erased)))
        erased: list[float] = []
        waited: list[float] = []
        with serving(settings.data) as (server, client):
            done = threading.Event()
            asker = threading.Thread(target=ask, args=(client, f"stays{options.members - 1:06}", done, waited))
            asker.start()
            began = time.perf_counter()
            for n in range(options.erased):
                at = time.perf_counter()
                client.erase_member("c", id_of(n, options.erased))
                erased.append(time.perf_counter() - at)
            whole = time.perf_counter() - began
            done.set()
            asker.join()
            print(times("erasing a member", erased))
            print(times("lists meanwhile", waited))
            server.stop()
        left, kept = traces(settings.data)
        print(f"{options.erased} members erased in {whole:.1f} s; found in files: {left}; tombstones: {kept}")
        print(machine())


if __name__ == "__main__":
    main()
