"""What is no call, on the port of calls: nobody else notices, and nothing stays of it."""

from __future__ import annotations

import random
from pathlib import Path

from yiqi.client import YiqiClient

from tests.fuzz.calls import served
from tests.fuzz.port import KINDS, converse, fuzz, taken_back


def test_bytes_that_are_no_call_harm_nobody_and_leave_nothing_open() -> None:
    seen = fuzz(count=150, seconds=600, seed=1, threads=4)
    assert seen.kinds.keys() == KINDS.keys()
    assert seen.failed == {}
    assert len(seen.waited) == 5
    assert seen.sockets_after <= seen.sockets_before


def test_thousands_of_calls_that_one_client_makes_and_takes_back_fail_nobody_else(tmp_path: Path) -> None:
    with served(tmp_path) as (address, _), YiqiClient(address, timeout=120, attempts=1) as client:
        for number in range(4):
            converse(address, taken_back(4000), random.Random(number))
            assert client.get_member("toy", "ada").name == "communities/toy/members/ada"
