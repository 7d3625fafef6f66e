"""An import killed without warning, at moments of no choosing, and run again."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from service.application.exporting import export_community
from service.store.sql import SqlStore

from .worlds import make_archive, run_import

ROOT = Path(__file__).parents[2]


def start(database: Path, source: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.e2e.worlds", str(database), str(source)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def exported(database: Path) -> bytes:
    store = SqlStore(database, read_only=True)
    try:
        out = database.with_suffix(".zip")
        export_community(store, "c", out)
        return out.read_bytes()
    finally:
        store.close()


def test_a_killed_import_run_again_ends_as_if_it_had_never_been_killed(tmp_path: Path) -> None:
    source = make_archive(tmp_path / "in.zip", 30_000)
    run_import(tmp_path / "whole.db", source)
    database = tmp_path / "killed.db"
    rng = random.Random(7)
    interrupted = 0
    for _ in range(6):
        child = start(database, source)
        time.sleep(rng.uniform(0.3, 1.0))
        child.kill()
        out, _ = child.communicate()
        interrupted += "done" not in out
    assert interrupted >= 3, "the import was too quick to be interrupted"

    run_import(database, source)
    assert exported(database) == exported(tmp_path / "whole.db")
    store = SqlStore(database)
    logged = Counter((change.kind, change.id) for change in store.changes("c", 0, 10**6))
    # The community is written bare first and then filled in from the archive.
    assert {key for key, times in logged.items() if times > 1} <= {("community", "c")}
    assert [change.seq for change in store.changes("c", 0, 10**6)] == list(range(1, store.head("c") + 1))
    store.close()


def test_an_interrupted_import_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    source = make_archive(tmp_path / "in.zip", 30_000)
    database = tmp_path / "killed.db"
    child = start(database, source)
    while not _holds_messages(database) and child.poll() is None:
        time.sleep(0.01)
    child.kill()
    child.wait()
    summary = run_import(database, source)
    assert summary.resumed_at >= 2000
    assert sum(summary.read.values()) == 30_000 + 50 + 6, "counts reach over both runs"


def _holds_messages(database: Path) -> bool:
    if not database.exists():
        return False
    try:
        store = SqlStore(database, read_only=True)
    except Exception:  # the child has not finished making the file
        return False
    try:
        return bool(store.communities()) and store.count("c", "message") > 2000
    finally:
        store.close()


def test_bad_rows_of_the_part_that_was_done_are_still_reported_after_an_interruption(tmp_path: Path) -> None:
    source = make_archive(tmp_path / "in", 30_000)
    (source / "channels.jsonl.gz").unlink()
    (source / "channels.jsonl").write_text("nonsense\n")
    database = tmp_path / "killed.db"
    child = start(database, source)
    while not _holds_messages(database) and child.poll() is None:
        time.sleep(0.01)
    child.kill()
    child.wait()
    summary = run_import(database, source)
    assert summary.resumed_at >= 2000
    assert [(row.file, row.line) for row in summary.bad_rows] == [("channels.jsonl", 1)]
