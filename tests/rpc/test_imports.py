"""ImportService: rows in transactions that can be repeated, and what waits until an import is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
from yiqi.client import YiqiClient, YiqiRpcError
from yiqi.v1 import import_pb2 as pb
from yiqi.v1.feed_pb2 import GetFeedRequest
from yiqi.v1.member_pb2 import CONSENT_MEMBERS, CONSENT_NOBODY

from service.compose import open_server
from service.core.settings import Settings
from service.serving import followed

PARENT = "communities/c"


@pytest.fixture
def yiqi(tmp_path: Path) -> Iterator[YiqiClient]:
    """A client of a server that follows what is written, on an empty data folder."""
    with open_server(Settings(data=tmp_path), writes=True) as address, closing(YiqiClient(address, timeout=30)) as one:
        yield one


def row(kind: str, line: int = 1, **fields: Any) -> pb.ImportRow:
    return pb.ImportRow(file=f"{kind}s.jsonl", line=line, kind=kind, record_json=orjson.dumps(fields).decode())


def said(n: int, text: str = "I can teach soldering", author: str = "ann") -> pb.ImportRow:
    return row("message", n, id=f"x{n}", author=author, time=f"2026-03-01T00:00:{n:02}Z", text=text)


def begin(yiqi: YiqiClient, import_id: str = "i") -> pb.ImportProgress:
    reply: pb.BeginImportResponse = yiqi.imports.BeginImport(pb.BeginImportRequest(parent=PARENT, import_id=import_id))
    return reply.progress


def take(yiqi: YiqiClient, first: int, *rows: pb.ImportRow, **fields: Any) -> pb.ImportProgress:
    request = pb.ImportRowsRequest(parent=PARENT, import_id="i", first=first, rows=rows, **fields)
    reply: pb.ImportRowsResponse = yiqi.imports.ImportRows(request)
    return reply.progress


def finish(yiqi: YiqiClient) -> pb.FinishImportResponse:
    reply: pb.FinishImportResponse = yiqi.imports.FinishImport(pb.FinishImportRequest(parent=PARENT, import_id="i"))
    return reply


def counts(progress: pb.ImportProgress, kind: str) -> tuple[int, ...]:
    one = next(count for count in progress.counts if count.kind == kind)
    return one.read, one.created, one.unchanged, one.replaced, one.conflict


def test_rows_sent_again_are_passed_over_and_a_gap_is_refused(yiqi: YiqiClient) -> None:
    assert begin(yiqi).done == 0
    assert take(yiqi, 0, said(1), said(2)).done == 2
    again = take(yiqi, 0, said(1), said(2), said(3))
    assert (again.done, counts(again, "message")) == (3, (3, 3, 0, 0, 0))
    with pytest.raises(YiqiRpcError, match="stands at row 3") as refused:
        take(yiqi, 5, said(6))
    assert refused.value.reason == "IMPORT_OUT_OF_STEP"
    assert begin(yiqi).resumed_at == 3
    assert [one.members for one in finish(yiqi).consent] == [1]
    assert begin(yiqi).done == 0, "a finished import begins afresh"


def test_each_row_is_refused_by_itself_and_told_with_its_place(yiqi: YiqiClient) -> None:
    begin(yiqi)
    found = take(
        yiqi,
        0,
        said(1),
        pb.ImportRow(file="m.jsonl", line=7, kind="message", record_json="[1"),
        row("message", 8, id="y", author="ann"),
        row("message", 9, id="z", author="ann", time="2999-01-01T00:00:00Z"),
        pb.ImportRow(file="m.jsonl", line=10, refused="not JSON"),
        pb.ImportRow(file="m.jsonl", line=11, kind="message"),
        row("member", 12, id="a/b"),
    )
    assert (found.done, found.bad, found.late, counts(found, "message")) == (7, 5, 1, (5, 1, 0, 0, 0))
    assert [one.line for one in found.bad_rows] == [7, 8, 9, 10, 12]
    assert found.bad_rows[3].refused == "not JSON"
    assert "ahead of the server" in found.bad_rows[2].refused


def test_people_only_named_get_the_consent_that_is_asked_for(yiqi: YiqiClient) -> None:
    begin(yiqi)
    found = take(yiqi, 0, said(1), consent=CONSENT_MEMBERS)
    assert found.introduced == 1
    assert yiqi.get_member("c", "ann").consent == CONSENT_MEMBERS
    with pytest.raises(YiqiRpcError, match="CONSENT_NOBODY"):
        take(yiqi, 1, said(2), consent=CONSENT_NOBODY)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"rows": []}, "FIELD_REQUIRED"),
        ({"rows": [said(1)] * 2001}, "TOO_MANY_ITEMS"),
        ({"rows": [pb.ImportRow(kind="song", record_json="{}")]}, "INVALID_VALUE"),
        ({"rows": [pb.ImportRow(record_json="{}")]}, "INVALID_VALUE"),
        ({"import_id": ""}, "FIELD_REQUIRED"),
        ({"first": -1}, "OUT_OF_RANGE"),
        ({"parent": "communities/nowhere"}, "COMMUNITY_NOT_FOUND"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_as_a_whole(
    yiqi: YiqiClient, wrong: dict[str, Any], reason: str
) -> None:
    begin(yiqi)
    given: dict[str, Any] = {"parent": PARENT, "import_id": "i", "rows": [said(1)]}
    with pytest.raises(YiqiRpcError) as refused:
        yiqi.imports.ImportRows(pb.ImportRowsRequest(**(given | wrong)))
    assert refused.value.reason == reason
    assert begin(yiqi).done == 0


def eventually(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 280
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def suggestions_at(yiqi: YiqiClient) -> int:
    feed = yiqi.feed.GetFeed(GetFeedRequest(parent=PARENT))
    return next((one.position for one in feed.consumers if one.consumer == "suggestions"), 0)


def index_has_seen(yiqi: YiqiClient) -> bool:
    """Whether it has; who asks for a community brings it into memory."""
    with suppress(YiqiRpcError):  # not ready yet
        yiqi.search_members("c", "anybody")
    feed = yiqi.feed.GetFeed(GetFeedRequest(parent=PARENT))
    return any(one.consumer == "index" and one.position >= feed.sequence for one in feed.consumers)


def test_nothing_is_suggested_until_an_import_is_over(yiqi: YiqiClient) -> None:
    begin(yiqi)
    take(yiqi, 0, said(1))
    eventually(lambda: index_has_seen(yiqi))
    assert suggestions_at(yiqi) == 0
    finish(yiqi)
    eventually(lambda: index_has_seen(yiqi) and suggestions_at(yiqi) > 0)


def test_an_import_that_is_given_up_holds_nothing_up_for_ever(
    yiqi: YiqiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followed, "HOLD_SECONDS", 0.5)
    begin(yiqi)
    take(yiqi, 0, said(1))
    eventually(lambda: index_has_seen(yiqi) and suggestions_at(yiqi) > 0)


def test_a_server_that_starts_in_the_middle_of_an_import_waits_for_the_rest(tmp_path: Path) -> None:
    for first in (0, 1):
        with open_server(Settings(data=tmp_path), writes=True) as address, YiqiClient(address, timeout=30) as yiqi:
            if not first:
                begin(yiqi)
            else:
                eventually(partial(index_has_seen, yiqi))
            assert suggestions_at(yiqi) == 0
            take(yiqi, first, said(first + 1))


def test_a_server_takes_times_ahead_of_it_only_from_an_export(yiqi: YiqiClient) -> None:
    begin(yiqi)
    ahead = row("message", 1, id="x", author="ann", time="2100-01-01T00:00:00Z", text="hello")
    assert take(yiqi, 0, ahead).bad == 1
    assert counts(take(yiqi, 1, ahead, restores=True), "message")[1] == 1
