"""A process that writes is killed for real, again and again: what it acknowledged is there, once."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from test_store import BACKENDS, C

from models.domain.records import Message

ROOT = Path(__file__).parents[2]
BATCH = 25
# Writes batches for ever and prints the ids of each once `put` has returned.
CHILD = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from models.domain.records import Community, Message
from test_store import BACKENDS, C
store = BACKENDS[sys.argv[1]](Path(sys.argv[2]))
store.put(C, [Community(id=C)])
at = int(sys.argv[3])
while True:
    batch = [Message(id=f"m{{n:07}}", author=f"u{{n % 7}}", time=n, text="x" * 200) for n in range(at, at + {BATCH})]
    store.put(C, batch)
    print(at, flush=True)
    at += {BATCH}
"""


def run_and_kill(backend: str, folder: Path, start: int, acknowledgements: int, delay: float) -> list[int]:
    """Let a writer go on from `start`, kill it a moment after so many acknowledgements; the batches it acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, backend, str(folder), str(start)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert child.stdout is not None
    seen = [int(child.stdout.readline()) for _ in range(acknowledgements)]
    try:
        child.wait(timeout=delay)
    except subprocess.TimeoutExpired:
        child.kill()
    rest, _ = child.communicate()
    assert child.returncode == -9
    return seen + [int(line) for line in rest.splitlines() if line]


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_was_acknowledged_survives_kill_9_and_nothing_is_doubled(backend: str, tmp_path: Path) -> None:
    rng = random.Random(20)
    start = 0
    for _ in range(6):
        acknowledged = run_and_kill(backend, tmp_path, start, rng.randint(1, 20), rng.random() * 0.03)
        store = BACKENDS[backend](tmp_path)
        messages = [record for record in store.scan(C, "message") if isinstance(record, Message)]
        entries = store.changes(C, 0, limit=10**9)
        ids = [message.id for message in messages]
        assert {f"m{n:07}" for first in acknowledged for n in range(first, first + BATCH)} <= set(ids)
        assert len(ids) == len(set(ids))
        assert len(ids) % BATCH == 0, "half a batch was kept"
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        assert sorted(entry.id for entry in entries if entry.kind == "message") == sorted(ids)
        # The next writer repeats the last batch, as a client that saw no answer does.
        start = max(0, len(ids) - BATCH)
        store.close()
