"""Messages, projects and outcomes, over a real store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.community.builder import Builder
from models.community.view import Community as View
from models.domain.records import Community, Member, Message, Outcome, Project, Record
from service.application.batches import BatchResult
from service.application.messages import delete_message, get_message, ingest_messages, list_messages
from service.application.outcomes import list_outcomes, record_outcomes
from service.application.projects import (
    create_project,
    delete_project,
    get_project,
    join_project,
    leave_project,
    list_projects,
    update_project,
)
from service.core.errors import (
    AlreadyExists,
    CommunityNotFound,
    EtagMismatch,
    FailedPrecondition,
    InvalidArgument,
    MemberNotFound,
    MessageNotFound,
    ProjectNotFound,
)
from service.core.settings import Settings
from service.store.contract import Stored
from service.store.sql import SqlStore

C = "garden"
NOW = 1_800_000_000_000_000
MINUTE = 60_000_000


class Still:
    """A runtime whose view knows nobody yet."""

    settings = Settings()

    def view(self, community: str) -> View:
        return Builder(Community(id=community), 4, "none").view(0)

    def current(self, community: str, min_sequence: int = 0) -> View:
        return self.view(community)


STILL = Still()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = SqlStore(tmp_path / "yiqi.db")
    opened.put(C, [Community(id=C), Member(id="ada"), Member(id="bob"), Member(id="carol")])
    yield opened
    opened.close()


def said(results: BatchResult) -> list[tuple[str, str, str]]:
    return [(one.id, one.status, one.error.reason if one.error else "") for one in results.items]


# Messages.


def test_every_message_of_a_batch_gets_its_own_answer(store: SqlStore) -> None:
    store.erase_member(C, "carol")
    ingest_messages(store, C, [Message(id="old", author="ada", time=1)], NOW)
    batch = [
        Message(id="old", author="ada", time=1),
        Message(id="old", author="ada", time=2),
        Message(id="new", author="stranger", time=NOW + 5 * MINUTE),
        Message(id="ahead", author="ada", time=NOW + 5 * MINUTE + 1),
        Message(id="early", author="ada", time=-1),
        Message(id="erased", author="carol", time=1),
    ]
    assert said(ingest_messages(store, C, batch, NOW)) == [
        ("old", "unchanged", ""),
        ("old", "rejected", "DIFFERENT_CONTENT"),
        ("new", "created", ""),
        ("ahead", "rejected", "TIME_IN_FUTURE"),
        ("early", "rejected", "TIME_TOO_EARLY"),
        ("erased", "rejected", "MEMBER_ERASED"),
    ]
    assert [one.record.id for one in list_messages(store, C).items] == ["new", "old"]


def test_messages_go_into_a_community_that_exists(store: SqlStore) -> None:
    with pytest.raises(CommunityNotFound):
        ingest_messages(store, "nowhere", [Message(id="m", author="ada", time=1)], NOW)


def test_messages_are_listed_by_author_and_deleted(store: SqlStore) -> None:
    ingest_messages(
        store, C, [Message(id=f"m{at}", author="ada" if at % 2 else "bob", time=at) for at in range(6)], NOW
    )
    first = list_messages(store, C, author="ada", size=2)
    assert ([one.record.id for one in first.items], first.next) == (["m1", "m3"], "m3")
    delete_message(store, C, "m5")
    assert list_messages(store, C, first.next, author="ada").items == []
    for attempt in (get_message, delete_message):
        with pytest.raises(MessageNotFound):
            attempt(store, C, "m5")


# Projects.


def people(stored: Stored[Record]) -> tuple[str, ...]:
    assert isinstance(stored.record, Project)
    return stored.record.members


def test_members_join_at_the_end_and_once(store: SqlStore) -> None:
    create_project(store, C, Project(id="p", time=1, members=("ada", "ada")), NOW)
    assert people(join_project(store, STILL, C, "p", "bob", NOW)) == ("ada", "bob")
    again = join_project(store, STILL, C, "p", "bob", NOW)
    assert (people(again), again.version) == (("ada", "bob"), 2)
    with pytest.raises(MemberNotFound):
        join_project(store, STILL, C, "p", "stranger", NOW)
    with pytest.raises(ProjectNotFound):
        join_project(store, STILL, C, "q", "ada", NOW)


def test_when_the_lead_leaves_the_next_one_leads(store: SqlStore) -> None:
    create_project(store, C, Project(id="p", time=1, members=("ada", "bob", "carol")), NOW)
    assert people(leave_project(store, C, "p", "ada")) == ("bob", "carol")
    assert people(leave_project(store, C, "p", "ada")) == ("bob", "carol")
    assert people(leave_project(store, C, "p", "carol")) == ("bob",)
    assert people(leave_project(store, C, "p", "bob")) == ()
    assert people(join_project(store, STILL, C, "p", "carol", NOW)) == ("carol",)


def test_nobody_is_lost_when_many_join_and_leave_at_once(store: SqlStore) -> None:
    ids = [f"u{at}" for at in range(8)]
    store.put(C, [Member(id=id) for id in ids])
    create_project(store, C, Project(id="p", time=1, members=("ada", "bob")), NOW)
    threads = [threading.Thread(target=join_project, args=(store, STILL, C, "p", id, NOW)) for id in ids]
    threads.append(threading.Thread(target=leave_project, args=(store, C, "p", "bob")))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = people(get_project(store, C, "p"))
    assert found[0] == "ada"
    assert sorted(found[1:]) == ids


@pytest.mark.parametrize("state", ["done", "dropped"])
def test_a_project_that_is_over_takes_nobody_in(store: SqlStore, state: str) -> None:
    create_project(store, C, Project(id="p", time=1, members=("ada",), state=state), NOW)  # type: ignore[arg-type]
    with pytest.raises(FailedPrecondition):
        join_project(store, STILL, C, "p", "bob", NOW)
    assert people(join_project(store, STILL, C, "p", "ada", NOW)) == ("ada",)


def test_projects_are_updated_listed_and_deleted(store: SqlStore) -> None:
    create_project(store, C, Project(id="p", time=1, title="Orchard", members=("ada",), state="open"), NOW)
    create_project(store, C, Project(id="q", time=None, members=("bob",)), NOW, request_id="r")
    with pytest.raises(AlreadyExists):
        create_project(store, C, Project(id="p", time=2), NOW)
    updated = update_project(store, C, Project(id="p", time=9, state="active"), ["state"], NOW, version=1)
    assert updated.record == Project(id="p", time=1, title="Orchard", members=("ada",), state="active")
    assert [one.record.id for one in list_projects(store, C, state="active").items] == ["p"]
    assert [one.record.id for one in list_projects(store, C, member="bob").items] == ["q"]
    with pytest.raises(EtagMismatch):
        delete_project(store, C, "p", version=1)
    delete_project(store, C, "p")
    with pytest.raises(ProjectNotFound):
        get_project(store, C, "p")


def test_a_project_from_the_future_is_refused(store: SqlStore) -> None:
    ahead = Project(id="p", time=NOW + 6 * MINUTE)
    with pytest.raises(InvalidArgument):
        create_project(store, C, ahead, NOW)
    create_project(store, C, Project(id="p", time=1), NOW)
    with pytest.raises(InvalidArgument):
        update_project(store, C, ahead, ["time"], NOW)
    assert get_project(store, C, "p").record == Project(id="p", time=1)


# Outcomes.


def verify(community: str, outcome: Outcome) -> None:
    if outcome.token != f"signed-for-{community}":
        raise InvalidArgument(outcome.token, reason="TOKEN_INVALID")


TOKEN = f"signed-for-{C}"


def outcome(id: str = "", source: str = "ada", target: str = "bob", **more: object) -> Outcome:
    return Outcome(**{"id": id, "source": source, "target": target, "time": 1, "kind": "talked", **more})  # type: ignore[arg-type]


def test_every_outcome_of_a_batch_gets_its_own_answer(store: SqlStore) -> None:
    batch = [
        outcome("o1", kind="shown", token=TOKEN),
        outcome("o2", kind="shown"),
        outcome("o3", token="forged"),
        outcome("o4"),
        outcome("o4", time=2),
        outcome("o5", target="ada"),
        outcome("o6", target="stranger"),
        outcome("o7", time=NOW + 6 * MINUTE),
    ]
    assert said(record_outcomes(store, C, batch, verify, NOW)) == [
        ("o1", "created", ""),
        ("o2", "rejected", "FIELD_REQUIRED"),
        ("o3", "rejected", "TOKEN_INVALID"),
        ("o4", "created", ""),
        ("o4", "rejected", "DIFFERENT_CONTENT"),
        ("o5", "rejected", "SAME_MEMBER"),
        ("o6", "rejected", "MEMBER_NOT_FOUND"),
        ("o7", "rejected", "TIME_IN_FUTURE"),
    ]
    assert store.get(C, "member", ["stranger"]) == {}
    assert said(record_outcomes(store, C, batch[:1], verify, NOW)) == [("o1", "unchanged", "")]
    assert [one.record.id for one in list_outcomes(store, C, member="bob").items] == ["o1", "o4"]


def test_without_an_id_the_same_token_pair_and_kind_count_once(store: SqlStore) -> None:
    shown = outcome(kind="shown", token=TOKEN)
    results = record_outcomes(store, C, [shown, outcome(kind="shown", token=TOKEN, time=9)], verify, NOW)
    assert [one.status for one in results.items] == ["created", "unchanged"]
    others = [outcome(kind="met", token=TOKEN), outcome(time=1), outcome(time=2), outcome(time=2)]
    assert [one.status for one in record_outcomes(store, C, others, verify, NOW).items] == [
        "created",
        "created",
        "created",
        "unchanged",
    ]
    assert store.count(C, "outcome") == 4
