"""Reports of health: kept while nothing is written, never told from before a write, and never too many at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from models.domain.records import Community, Member, Message, Record
from service.application.health import AT_ONCE, FRESH, HISTORIES, HealthReports, Question
from service.core.errors import CommunityNotFound, Unavailable
from service.store.reading import SqlSnapshot
from service.store.sql import SqlStore

NOW = 1_750_000_000_000_000


class Watched(SqlStore):
    """Notes what is read, and can be made to wait before it reads."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.scanned: list[str] = []
        self.go = threading.Event()
        self.go.set()

    @contextmanager
    def read(self, community: str) -> Iterator[SqlSnapshot]:
        with super().read(community) as at:
            scan = at.scan

            def noted(kind: str, batch: int = 5000) -> Iterator[Record]:
                if kind == "message":
                    self.scanned.append(community)
                    self.go.wait(30)
                return scan(kind, batch)

            at.scan = noted  # type: ignore[method-assign]
            yield at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Watched]:
    found = Watched(tmp_path / "yiqi.db")
    found.put("c", [Community(id="c"), Member(id="ann"), Message(id="m", author="ann", time=NOW)])
    yield found
    found.go.set()
    found.close()


def test_a_report_is_told_again_while_nothing_is_written(store: Watched) -> None:
    reports = HealthReports(store)
    first = reports.report("c", Question(), NOW)
    assert reports.report("c", Question(), NOW + FRESH - 1) is first
    assert store.scanned == ["c"]


def test_pauses_run_out_so_a_report_is_worked_out_again_after_a_while(store: Watched) -> None:
    reports = HealthReports(store)
    first = reports.report("c", Question(), NOW)
    assert reports.report("c", Question(), NOW + FRESH) is not first
    assert store.scanned == ["c"]


def test_another_question_does_not_read_the_history_again(store: Watched) -> None:
    reports = HealthReports(store)
    reports.report("c", Question(), NOW)
    reports.report("c", Question(language="zh"), NOW)
    assert store.scanned == ["c"]


def test_after_a_write_the_history_is_read_again(store: Watched) -> None:
    reports = HealthReports(store)
    before = reports.report("c", Question(), NOW)
    store.put("c", [Message(id="m2", author="ann", time=NOW + 1)])
    after = reports.report("c", Question(), NOW)
    assert (after.sequence, after.health.as_of) == (before.sequence + 1, NOW + 1)
    assert store.scanned == ["c", "c"]


def test_the_histories_of_the_communities_asked_about_last_are_kept(store: Watched) -> None:
    reports = HealthReports(store)
    others = [f"d{n}" for n in range(HISTORIES)]
    for id in others:
        store.put(id, [Community(id=id)])
    for id in ["c", *others, "c"]:
        reports.report(id, Question(limit=5), NOW)
        reports.report(id, Question(limit=6), NOW)
    assert store.scanned == ["c", *others]  # reports outlive histories
    store.put("c", [Member(id="bo")])
    reports.report("c", Question(limit=5), NOW)
    assert store.scanned[-1] == "c"


def test_of_many_who_ask_at_once_some_are_told_to_come_back_and_nobody_waits_for_long(store: Watched) -> None:
    reports = HealthReports(store)
    store.go.clear()
    with ThreadPoolExecutor(AT_ONCE + 3) as pool:
        asked = [pool.submit(reports.report, "c", Question(limit=n + 1), NOW) for n in range(AT_ONCE + 3)]
        told = list(islice(as_completed(asked, timeout=30), 3))
        assert all(isinstance(one.exception(), Unavailable) for one in told)
        store.go.set()
        assert {one.result(30).sequence for one in asked if one not in told} == {store.head("c")}
    assert store.scanned == ["c"]
    assert reports.report("c", Question(), NOW).sequence == store.head("c")


def test_an_unknown_community_is_told(store: Watched) -> None:
    with pytest.raises(CommunityNotFound):
        HealthReports(store).report("zz", Question(), NOW)
