"""A made-up community big enough to be interrupted, and what these tests do with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.archive.container import FILES, write
from models.domain.records import (
    KIND_OF,
    Block,
    Channel,
    Community,
    Member,
    Message,
    Need,
    Outcome,
    Project,
    Record,
    Tie,
)
from service.application.importing import ImportConsent, ImportSummary, import_archive
from service.importers import open_source
from service.store.sql import SqlStore

START = 1_700_000_000_000_000
NOW = 1_790_000_000_000_000
MINUTE = 60_000_000


def records(messages: int, members: int = 50) -> Iterator[Record]:
    """A community of `members` stated members and one whom only messages name."""
    yield Community(id="", name="Riverside", purpose="build boats", values=("patience",), extra='{"since":1999}')
    yield Channel(id="general")
    for n in range(members):
        offers = (Need(f"lesson {n}", "growth"),) if n % 3 else ()
        yield Member(id=f"m{n}", name=f"Member {n}", offers=offers, extra='{"team":"oak"}' if n % 2 else "")
    for n in range(messages):
        author = "stranger" if n % 97 == 5 else f"m{n * 7 % members}"
        mentions = (f"m{n % members}",) if n % 11 == 0 else ()
        yield Message(
            id=f"x{n:07}",
            author=author,
            time=START + n * MINUTE,
            text=f"plank {n}",
            channel="general",
            mentions=mentions,
        )
    yield Project(id="boat", time=START + 5 * MINUTE, title="A boat", members=("m1", "m2"), state="open")
    yield Tie(id="t1", source="m1", target="m3")
    yield Outcome(id="o1", source="m1", target="m4", time=START + 9 * MINUTE, kind="talked")
    yield Block(id="m1~m5", source="m1", target="m5")


def make_archive(out: Path, messages: int) -> Path:
    """The same community as an archive."""
    found = list(records(messages))
    write(out, {kind: [record for record in found if KIND_OF[type(record)] == kind] for kind in FILES})
    return out


def run_import(
    database: Path, source: Path, *, until: int | None = None, consent: ImportConsent = "organizers", now: int = NOW
) -> ImportSummary:
    """An import into the community "c" of a store of its own."""
    store = SqlStore(database)
    try:
        return import_archive(store, "c", open_source(source), until=until, consent=consent, now=now)
    finally:
        store.close()


if __name__ == "__main__":
    # A child process for tests that kill it.
    import sys

    run_import(Path(sys.argv[1]), Path(sys.argv[2]))
    print("done", flush=True)
