"""A clock that was once far ahead: what was written then must not count until the clock gets there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from models.domain.records import (
    DAY,
    Block,
    Community,
    Guest,
    Invitation,
    Member,
    Message,
    Outcome,
    Project,
    Round,
    Tie,
)
from models.rounds.constraints.no_repeat import NoRepeat
from models.rounds.problem.repeats import barred_by
from models.rounds.spec.json_text import spec_text
from models.rounds.spec.requests import Met, RoundSpec
from service.application.contact_quota import spent
from service.application.exporting import export_community
from service.application.importing import import_archive
from service.feed.letters import Letters
from service.importers import open_source
from service.store.contract import Change
from service.store.sql import SqlStore

NOW = 1_750_000_000_000_000
AHEAD = NOW + 400 * DAY
PEOPLE = [Member(id=id, name=id.title(), consent="members") for id in ("ann", "bo")]


def invitation(id: str, time: int) -> Invitation:
    return Invitation(id=id, time=time, guests=(Guest(member="ann"), Guest(member="bo")), source="round", ref=id)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(SqlStore(tmp_path / "yiqi.db", clock=lambda: NOW)) as one:
        one.put("c", [Community(id="c"), *PEOPLE])
        yield one


@pytest.mark.parametrize("asked", [None, ("ann",)])
def test_contacts_from_the_future_are_not_spent_this_week(store: SqlStore, asked: tuple[str, ...] | None) -> None:
    store.put("c", [invitation("wrong", AHEAD), invitation("right", NOW - DAY)])
    with store.read("c") as at:
        assert spent(at, NOW, asked)["ann"] == {("round", "right")}
        assert spent(at, AHEAD + DAY, asked)["ann"] == {("round", "wrong")}


def test_who_met_in_the_future_may_meet_again() -> None:
    rule = NoRepeat(days=30)
    assert barred_by(rule, Met(members=("ann", "bo"), time=NOW - 29 * DAY, rounds_ago=3), NOW)
    assert not barred_by(rule, Met(members=("ann", "bo"), time=AHEAD, rounds_ago=3), NOW)


def test_what_was_set_aside_in_the_future_is_tried_again_now(store: SqlStore) -> None:
    ahead = Letters(store, "c", "index", clock=lambda: AHEAD)
    ahead.failed([(Change(1, "member", "ann", "put"), ValueError())])
    now = Letters(store, "c", "index", clock=lambda: NOW)
    assert [change.id for change in now.look()] == ["ann"]
    assert now.wait() == 0


def test_a_request_id_of_the_future_is_forgotten_like_others(tmp_path: Path) -> None:
    clock = [AHEAD]
    with closing(SqlStore(tmp_path / "yiqi.db", clock=lambda: clock[0])) as store:
        store.put("c", [Community(id="c")])
        with store.write("c") as work:
            work.remember_request("r", "member/ann")
        clock[0] = NOW
        with store.write("c") as work:
            assert work.remember_request("r", "member/bo") is None


def test_an_import_takes_whatever_an_export_wrote(store: SqlStore, tmp_path: Path) -> None:
    records = [
        *(Message(id="m", author="ann", time=AHEAD, text="hello"), Project(id="p", title="P", text="", time=AHEAD)),
        *(Tie(id="t", source="ann", target="bo", time=AHEAD), Block(id="b", source="ann", target="bo", time=AHEAD)),
        Outcome(id="o", source="ann", target="bo", time=AHEAD, kind="talked"),
        Round(id="r", time=AHEAD, published=AHEAD, state="published", spec=spec_text(RoundSpec(kind="pairs"))),
        invitation("i", AHEAD),
    ]
    assert {result.status for result in store.put("c", records)} == {"created"}
    export_community(store, "c", tmp_path / "first.zip")
    with closing(SqlStore(tmp_path / "again.db")) as again:
        summary = import_archive(again, "c", open_source(tmp_path / "first.zip"), now=NOW)
        assert summary.bad_rows == []
        export_community(again, "c", tmp_path / "second.zip")
    assert (tmp_path / "second.zip").read_bytes() == (tmp_path / "first.zip").read_bytes()


def test_rows_of_others_may_still_not_lie_ahead(store: SqlStore, tmp_path: Path) -> None:
    row = '{"id":"m","author":"ann","text":"hello","time":"2100-01-01T00:00:00Z"}'
    (tmp_path / "messages.jsonl").write_text(row)
    summary = import_archive(store, "c", open_source(tmp_path / "messages.jsonl"), now=NOW)
    assert [bad.reason.split(".")[0] for bad in summary.bad_rows] == ["time is more than 5 minutes ahead of the server"]
