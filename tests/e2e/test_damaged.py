"""Pages of the data file that are damaged on the disk: noticed, told, never made worse; the rest is saved."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from yiqi.client import YiqiRpcError
from yiqi.v1.member_pb2 import Member

from models.domain.records import Community, Message
from models.domain.records import Member as MemberRecord
from service.compose import open_store
from service.core.errors import DataDamaged
from service.core.settings import Settings
from service.store.sql import SqlStore

from .conftest import Yiqi
from .serving import serving

T = 1_700_000_000_000_000
RNG = random.Random(3)


def filled(data: Path) -> Settings:
    """Two communities with some hundred pages of messages, and somebody who was erased."""
    settings = Settings(data=data)
    with open_store(settings, writes=True) as store:
        for community in ("c", "d"):
            people = [MemberRecord(id=f"m{n}", name=f"M{n}") for n in range(20)]
            store.put(community, [Community(id=community), *people, MemberRecord(id="gone", name="G")])
            said = [Message(id=f"x{n:05}", author=f"m{n % 20}", time=T + n, text="words " * 60) for n in range(2000)]
            store.put(community, said)
            store.erase_member(community, "gone")
    return settings


def leaves_of(database: Path) -> list[int]:
    """The numbers of the pages in which messages lie, from 1."""
    with closing(sqlite3.connect(database)) as file:
        size = file.execute("PRAGMA page_size").fetchone()[0]
        assert file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    content = database.read_bytes()
    starts = range(size, len(content), size)
    # 13: a leaf of a table.
    return [at // size + 1 for at in starts if content[at] == 13 and b"words words" in content[at : at + size]]


def damage(database: Path, pages: list[int]) -> None:
    with closing(sqlite3.connect(database)) as file:
        size = file.execute("PRAGMA page_size").fetchone()[0]
    with database.open("r+b") as raw:
        for page in pages:
            raw.seek((page - 1) * size)
            raw.write(RNG.randbytes(size))


def status(address: str, service: str) -> str:
    with grpc.insecure_channel(address) as channel:
        reply = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=service), timeout=20)
    return health_pb2.HealthCheckResponse.ServingStatus.Name(reply.status)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(YiqiRpcError) as error:
        call()
    return error.value.reason


def wait_for(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it did not become so within a minute")


def test_a_server_on_damaged_data_writes_nothing_says_so_and_answers_what_it_can(tmp_path: Path) -> None:
    settings = filled(tmp_path)
    leaves = leaves_of(settings.database)
    damage(settings.database, leaves[len(leaves) // 2 :][:3])
    with serving(tmp_path) as (server, client):
        wait_for(lambda: status(server.address, "") == "NOT_SERVING")
        assert refused(lambda: client.create_member("c", "new", Member(display_name="N"))) == "DATA_DAMAGED"
        assert refused(lambda: client.erase_member("c", "m1")) == "DATA_DAMAGED"
        assert refused(lambda: [list(client.export_community(one)) for one in ("c", "d")]) == "DATA_DAMAGED"
        assert client.get_member("c", "m1").display_name == "M1"
        assert status(server.address, "communities/c") == "NOT_SERVING"


def test_damage_that_is_met_first_by_a_request_is_told_as_such(tmp_path: Path) -> None:
    settings = filled(tmp_path)
    damage(settings.database, leaves_of(settings.database)[5:6])
    told: list[bool] = []
    with closing(SqlStore(settings.database)) as store:
        store.damage.tell(lambda: told.append(True))
        with pytest.raises(DataDamaged):
            [list(store.scan(community, "message")) for community in ("c", "d")]
        assert told == [True]
        with pytest.raises(DataDamaged):
            store.put("c", [MemberRecord(id="new", name="N")])


def test_check_tells_damage_and_ends_with_1(tmp_path: Path, yiqi: Yiqi) -> None:
    settings = filled(tmp_path / "data")
    assert yiqi("check", "--data", settings.data).code == 0
    damage(settings.database, leaves_of(settings.database)[7:9])
    done = yiqi("check", "--data", settings.data)
    assert done.code == 1
    assert done.out.strip()
    assert "Traceback" not in done.err


@pytest.mark.parametrize("count", [1, 4, 40])
def test_salvage_saves_all_but_the_damaged_pages_and_says_what_is_lost(count: int, tmp_path: Path, yiqi: Yiqi) -> None:
    settings = filled(tmp_path / "data")
    leaves = leaves_of(settings.database)
    per_page = 4000 / len(leaves)
    damage(settings.database, RNG.sample(leaves, count))
    before = settings.database.read_bytes()
    done = yiqi("salvage", tmp_path / "saved", "--data", settings.data)
    assert done.code == 0, done.err
    assert "lost" in done.out
    assert settings.database.read_bytes() == before
    with open_store(Settings(data=tmp_path / "saved"), writes=True) as saved:
        kept = sum(saved.count(community, "message") for community in ("c", "d"))
        assert 4000 - kept <= (count + 1) * (per_page + 2)
        assert saved.count("c", "member") == saved.count("d", "member") == 20
        assert saved.put("c", [MemberRecord(id="gone", name="G")])[0].status == "conflict"
        assert saved.check() == []
    told = [line for line in done.out.splitlines() if " message " in line]
    assert sum(int(line.split("lost ")[1]) for line in told if "lost" in line) == 4000 - kept


def test_salvage_leaves_a_folder_alone_in_which_something_lies(tmp_path: Path, yiqi: Yiqi) -> None:
    settings = filled(tmp_path / "data")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "of letters").touch()
    done = yiqi("salvage", tmp_path / "full", "--data", settings.data)
    assert (done.code, "not empty" in done.err) == (1, True)
