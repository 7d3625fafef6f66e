"""What a server takes of the machine's memory."""

from __future__ import annotations

import platform
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.core.allocator import HEAPS
from tests.e2e.serving import member, serving

BYTES = 64 << 20  # glibc reserves so much for each heap of threads, and begins it at a multiple of that


def heaps(process: int) -> int:
    """How many heaps of threads there are."""
    found, before = 0, (0, 0)
    for line in Path("/proc", str(process), "maps").read_text().splitlines():
        first, last = (int(part, 16) for part in line.split()[0].split("-"))
        reserved = line.split()[1] == "---p"
        found += reserved and before[1] == first and before[0] % BYTES == 0 and last - before[0] == BYTES
        before = first, last
    return found


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps as those of glibc")
def test_threads_of_a_server_share_a_few_heaps(tmp_path: Path) -> None:
    with serving(tmp_path) as (server, client):
        client.create_community("c")
        with ThreadPoolExecutor(12) as pool:
            for n in range(60):
                pool.submit(client.create_member, "c", f"m{n}", member("I repair boats"))
        assert len(list(client.list_members("c"))) == 60
        assert heaps(server.process.pid) <= HEAPS
