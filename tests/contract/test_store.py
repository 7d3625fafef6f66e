"""What every store promises. Another backend joins by adding its factory to `BACKENDS`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from models.domain.records import (
    Block,
    Channel,
    Community,
    Guest,
    Identity,
    Invitation,
    Member,
    Message,
    Need,
    Outcome,
    OutcomeKind,
    Project,
    Record,
    Round,
    Suggestion,
    Tie,
)
from service.core.errors import CommunityNotFound
from service.store.contract import Change, DeadLetter, Job, Store
from service.store.sql import SqlStore

BACKENDS: dict[str, Callable[[Path], Store]] = {"sqlite": lambda folder: SqlStore(folder / "yiqi.db")}
# The same, with a clock of the test's.
TIMED: dict[str, Callable[[Path, Callable[[], int]], Store]] = {
    "sqlite": lambda folder, clock: SqlStore(folder / "yiqi.db", clock=clock)
}

C = "garden"
ADA = Member(
    id="ada",
    name="Ada 爱达",
    profile="plants trees 🌳",
    aims=("a greener town",),
    offers=(Need("pruning", "growth"), Need("a spade", "resources")),
    seeks=(Need("a plot"),),
    values=("patience",),
    languages=("en", "zh"),
    place="Leiden",
    time_zone="Europe/Amsterdam",
    availability=("weekends",),
    identities=(Identity("irc", "ada_"), Identity("wechat", "爱达")),
    consent="members",
    paused_until=1_700_000_000_000_000,
    attributes={"year": 1999, "height": 1.5, "driver": True, "pet": "cat"},
    extra='{"unknown":[1,null]}',
)
SAMPLES: list[Record] = [
    Community(id=C, name="Garden", purpose="grow", values=("soil",), languages=("en",), extra='{"x":1}'),
    ADA,
    Channel(id="shed", name="Shed", visibility="members", members=("ada", "bob"), extra='{"y":2}'),
    Message(
        id="m1", author="ada", time=5, text="你好 hello", channel="shed", thread="t", topic="seeds", reply_to="m0",
        mentions=("bob",), extra='{"z":3}',
    ),
    Project(
        id="p1", time=None, title="Orchard", text="apples", members=("bob", "ada"), needs=(Need("saplings", "income"),),
        state="open", extra='{"w":4}',
    ),
    Tie(id="t1", source="ada", target="bob", time=7, kind="friend", extra='{"v":5}'),
    Outcome(id="o1", source="ada", target="bob", time=8, kind="helped", value="growth", token="tok", extra='{"u":6}'),
    Block(id="b1", source="ada", target="carol", time=9, kind="rude", extra='{"t":7}'),
    Suggestion(id="s1", member="ada", field="offers", text="grafting", kind="growth", message="m1", state="confirmed"),
    Round(
        id="r1", time=10, title="Coffee", state="published", members=("ada", "bob", "carol"),
        spec='{"kind":"pairs","members":["ada","bob"]}', plan='{"matches":[{"members":["ada","bob"]}]}',
        left_out='[["carol","paused"]]', ranked_as="peers", language="zh", double_opt_in=True, goes_out=True,
        period_days=28, attempt=3, published=11, problem="none", extra='{"s":8}',
    ),
    Invitation(
        id="i1", time=12, source="introduction", ref="x", state="withdrawn", double_opt_in=True, title="Apples",
        text="both graft", sitting=2, slot="tue", team="t", score=0.1 + 0.2, period_days=7, extra='{"r":9}',
        guests=(
            Guest(member="ada", role="host", reply="accepted", answer="met", renewed=2),
            Guest(member="bob", reply="declined", left=True),
        ),
    ),
]  # fmt: skip
KINDS = [
    "community", "member", "channel", "message", "project", "tie", "outcome", "block", "suggestion", "round",
    "invitation",
]  # fmt: skip


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> Callable[[Path], Store]:
    return BACKENDS[request.param]


@pytest.fixture
def store(backend: Callable[[Path], Store], tmp_path: Path) -> Iterator[Store]:
    opened = backend(tmp_path)
    opened.put(C, [Community(id=C)])
    yield opened
    opened.close()


def say(id: str, author: str = "ada", time: int = 1, text: str = "hi", **more: object) -> Message:
    return Message(id=id, author=author, time=time, text=text, **more)  # type: ignore[arg-type]


def erased(store: Store, id: str) -> bool:
    with store.read(C) as snapshot:
        return snapshot.is_erased(id)


def one(store: Store, kind: str, id: str) -> Record | None:
    found = store.get(C, kind, [id]).get(id)
    return found.record if found else None


def statuses(store: Store, *records: Record, on_existing: str = "fail_if_different") -> list[str]:
    return [result.status for result in store.put(C, list(records), on_existing)]  # type: ignore[arg-type]


def log(store: Store, after: int = 0) -> list[tuple[str, str, str]]:
    return [(entry.kind, entry.id, entry.op) for entry in store.changes(C, after)]


# Writing and reading.


def test_every_field_of_every_record_comes_back_as_it_was_put(store: Store) -> None:
    store.put(C, SAMPLES, "replace")
    for kind, record in zip(KINDS, SAMPLES, strict=True):
        assert one(store, kind, record.id) == record
        assert record in list(store.scan(C, kind))


def test_numbers_and_truths_in_attributes_keep_their_types(store: Store) -> None:
    store.put(C, [ADA])
    found = one(store, "member", "ada")
    assert isinstance(found, Member)
    assert [(name, type(value)) for name, value in sorted(found.attributes.items())] == [
        ("driver", bool), ("height", float), ("pet", str), ("year", int),
    ]  # fmt: skip


def test_putting_equal_content_again_changes_nothing_and_logs_nothing(store: Store) -> None:
    store.put(C, SAMPLES, "replace")
    head = store.head(C)
    results = store.put(C, SAMPLES)
    assert {(result.status, result.version) for result in results[1:]} == {("unchanged", 1)}
    assert store.head(C) == head


def test_other_content_under_a_known_id_is_a_conflict_and_the_rest_of_the_batch_is_written(store: Store) -> None:
    store.put(C, [say("m1")])
    assert statuses(store, say("m1", text="other"), say("m2")) == ["conflict", "created"]
    assert one(store, "message", "m1") == say("m1")
    assert one(store, "message", "m2") == say("m2")


def test_replace_overwrites_and_raises_the_version_by_one(store: Store) -> None:
    store.put(C, [say("m1")])
    (result,) = store.put(C, [say("m1", text="other")], "replace")
    assert (result.status, result.version) == ("replaced", 2)
    assert store.get(C, "message", ["m1"])["m1"].version == 2
    assert one(store, "message", "m1") == say("m1", text="other")


def test_under_fail_even_equal_content_is_a_conflict(store: Store) -> None:
    store.put(C, [say("m1")])
    assert statuses(store, say("m1"), say("m2"), on_existing="fail") == ["conflict", "created"]


@pytest.mark.parametrize("on_existing", ["fail_if_different", "replace", "fail"])
def test_the_same_id_twice_in_a_batch_behaves_as_in_two_batches(
    backend: Callable[[Path], Store], tmp_path: Path, on_existing: str
) -> None:
    twice = [say("m1"), say("m1", text="other"), say("m1", text="other"), Member(id="bob"), say("m2", "bob")]
    outcomes = []
    for batches in ([twice], [[record] for record in twice]):
        folder = tmp_path / str(len(batches))
        folder.mkdir()
        store = backend(folder)
        store.put(C, [Community(id=C)])
        results = [result for batch in batches for result in store.put(C, batch, on_existing)]  # type: ignore[arg-type]
        outcomes.append((results, log(store), store.get(C, "message", ["m1", "m2"]), store.get(C, "member", ["bob"])))
        store.close()
    assert outcomes[0] == outcomes[1]


def test_what_cannot_be_stored_raises_before_anything_is_written(store: Store) -> None:
    head = store.head(C)
    bad: list[Record] = [
        say("m2", text="\ud83d"),
        Member(id="x", attributes={"a": "\udc00"}),
        Member(id="x", offers=(Need("\ud83d"),)),
        say("m2", time=2**63),
    ]
    for record in bad:
        with pytest.raises(ValueError, match=r"surrogate|64 bits"):
            store.put(C, [say("m1"), record])
    assert store.head(C) == head
    assert store.count(C, "message") == 0


def test_a_missing_community_is_not_found_by_any_method(store: Store) -> None:
    calls: list[Callable[[], object]] = [
        lambda: store.put("no", [Member(id="a")]),
        lambda: store.put("no", []),
        lambda: store.read("no").__enter__(),
        lambda: store.write("no").__enter__(),
        lambda: store.get("no", "member", ["a"]),
        lambda: store.page("no", "member"),
        lambda: store.scan("no", "member"),
        lambda: store.count("no", "member"),
        lambda: store.delete("no", "message", ["a"]),
        lambda: store.erase_member("no", "a"),
        lambda: store.merge_members("no", "a", "b"),
        lambda: store.head("no"),
        lambda: store.changes("no", 0),
        lambda: store.vectors("no", "m", []),
        lambda: store.put_vectors("no", "m", []),
        lambda: store.drop_vectors("no", "m"),
        lambda: store.progress("no", "j"),
        lambda: store.put_progress("no", "j", "{}"),
        lambda: store.cursor("no", "index"),
        lambda: store.put_cursor("no", "index", 1),
        lambda: store.dead_letters("no"),
        lambda: store.put_dead_letters("no", []),
        lambda: store.drop_dead_letters("no", []),
        lambda: store.replay_dead_letters("no"),
        lambda: store.jobs("no"),
        lambda: store.claim("solve", "a", 10, "no"),
    ]
    for call in calls:
        with pytest.raises(CommunityNotFound):
            call()
    assert store.delete_community("no") is False


def test_nothing_of_one_community_is_seen_from_another(store: Store) -> None:
    store.put("other", [Community(id="other")])
    store.put(C, SAMPLES, "replace")
    store.put_vectors(C, "m", [(b"k" * 16, "ada", np.ones(3))])
    for kind in KINDS[1:]:
        assert store.count("other", kind) == 0
        assert store.page("other", kind) == []
        assert list(store.scan("other", kind)) == []
    assert store.vectors("other", "m", [b"k" * 16]) == {}
    assert [entry.id for entry in store.changes("other", 0)] == ["other"]
    assert statuses(store, Member(id="zed", identities=ADA.identities)) == ["conflict"]
    assert store.put("other", [Member(id="zed", identities=ADA.identities)])[0].status == "created"


def test_communities_are_listed_by_id(store: Store) -> None:
    for id in ("b", "a", "爱"):
        store.put(id, [Community(id=id, name=id)])
    assert [stored.record.id for stored in store.communities()] == ["a", "b", C, "爱"]
    assert [stored.record.id for stored in store.communities(after="a", limit=2)] == ["b", C]


def test_deleting_a_community_takes_everything_and_leaves_the_others(store: Store) -> None:
    store.put("other", [Community(id="other"), Member(id="ada")])
    store.put(C, SAMPLES, "replace")
    assert store.delete_community(C) is True
    assert store.delete_community(C) is False
    store.put(C, [Community(id=C)])
    assert [store.count(C, kind) for kind in KINDS] == [1] + [0] * (len(KINDS) - 1)
    assert log(store) == [("community", C, "put")]
    assert store.count("other", "member") == 1


def test_a_community_that_gets_the_id_of_a_deleted_one_is_told_from_it(store: Store) -> None:
    store.put(C, [Community(id=C)], "replace")
    told = [store.incarnation(C)]
    for _ in range(2):
        with pytest.raises(CommunityNotFound), store.write("no") as work:
            work.delete_community()
        before = store.departures()
        store.delete_community(C)
        assert store.departures() != before
        told.append(store.incarnation(C))
        store.put(C, [Community(id=C)])
        assert store.incarnation(C) == told[-1]
    assert (told[0], len(set(told))) == ("", 3)
    assert store.incarnation("no") == ""


@pytest.mark.parametrize("leave", ["erase_member", "merge_members"])
def test_a_departure_is_noticed(store: Store, leave: str) -> None:
    store.put(C, [Member(id="ada"), Member(id="bob")], "replace")
    before = store.departures()
    getattr(store, leave)(C, *(["ada"] if leave == "erase_member" else ["bob", "ada"]))
    assert store.departures() != before


# Units of work.


def test_a_unit_of_work_sees_what_it_wrote_and_nobody_else_does_before_it_ends(store: Store) -> None:
    with store.write(C) as work:
        [made] = work.put([ADA])
        assert (made.status, made.record, work.revision) == ("created", ADA, 2)
        assert work.get("member", ["ada"])["ada"].record == ADA
        work.put([replace(ADA, name="A")], "replace")
        assert [record.id for record in work.scan("member")] == ["ada"]
        assert (store.count(C, "member"), store.head(C)) == (0, 1)
    assert (one(store, "member", "ada"), store.head(C)) == (replace(ADA, name="A"), work.revision)
    assert [entry[:2] for entry in log(store, 1)] == [("member", "ada"), ("member", "ada")]


def test_a_unit_of_work_that_raises_leaves_nothing(store: Store) -> None:
    def give_up() -> None:
        with store.write(C) as work:
            work.put([ADA, say("m1")])
            work.delete("message", ["m1"])
            assert work.remember_request("r", "member/ada") is None
            raise LookupError

    with pytest.raises(LookupError):
        give_up()
    assert (store.head(C), [store.count(C, kind) for kind in KINDS]) == (1, [1] + [0] * (len(KINDS) - 1))
    with store.write(C) as work:
        assert work.remember_request("r", "member/bob") is None


def test_a_unit_of_work_within_another_is_a_part_of_it(store: Store) -> None:
    def give_up() -> None:
        with store.write(C) as inner:
            inner.put([Member(id="c")])
            raise LookupError

    with store.write(C) as work:
        work.put([Member(id="a")])
        store.put(C, [Member(id="b")])
        with pytest.raises(LookupError):
            give_up()
        assert [record.id for record in work.scan("member")] == ["a", "b"]
        assert store.count(C, "member") == 0
    assert [record.id for record in store.scan(C, "member")] == ["a", "b"]
    assert [change.seq for change in store.changes(C, 0)] == [1, 2, 3]
    store.put("other", [Community(id="other")])
    with store.write(C), pytest.raises(RuntimeError):
        store.put("other", [Member(id="a")])


def test_units_of_work_take_turns(store: Store) -> None:
    store.put(C, [Project(id="p", time=1)])

    def join(member: str) -> None:
        with store.write(C) as work:
            project = cast(Project, work.get("project", ["p"])["p"].record)
            work.put([replace(project, members=(*project.members, member))], "replace")

    threads = [threading.Thread(target=join, args=(f"u{at}",)) for at in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = one(store, "project", "p")
    assert isinstance(found, Project)
    assert sorted(found.members) == sorted(f"u{at}" for at in range(16))


def test_what_a_put_says_of_a_record_is_what_stands_there(store: Store) -> None:
    store.put(C, [Member(id="a"), Member(id="b"), Member(id="c")])
    store.erase_member(C, "a")
    store.merge_members(C, "b", "c")
    with store.write(C) as work:
        results = work.put([Project(id="p", time=1, members=("a", "c")), Member(id="c"), Member(id="a")])
    assert [(result.status, result.record) for result in results] == [
        ("created", one(store, "project", "p")),
        ("unchanged", None),
        ("conflict", None),
    ]


# Members who are only named.


def test_unknown_members_come_along_bare_and_are_logged_before_what_names_them(store: Store) -> None:
    head = store.head(C)
    store.put(
        C, [say("m1", "ada", mentions=("bob", "ada")), Outcome(id="o", source="x", target="y", time=1, kind="met")]
    )
    assert one(store, "member", "bob") == Member(id="bob", name="bob", consent="organizers")
    assert [entry[:2] for entry in log(store, head)] == [
        ("member", "ada"), ("member", "bob"), ("message", "m1"), ("member", "x"), ("member", "y"), ("outcome", "o"),
    ]  # fmt: skip


def test_a_conflicting_row_brings_nobody_along(store: Store) -> None:
    store.put(C, [say("m1")])
    store.put(C, [say("m1", author="stranger")])
    assert one(store, "member", "stranger") is None


def test_a_channel_brings_nobody_along(store: Store) -> None:
    store.put(C, [Channel(id="shed", members=("nobody",))])
    assert store.count(C, "member") == 0


# Handles.


def test_a_handle_belongs_to_one_member(store: Store) -> None:
    irc = Identity("irc", "x")
    assert statuses(store, Member(id="a", identities=(irc, irc)), Member(id="b", identities=(irc,))) == [
        "created",
        "conflict",
    ]
    assert statuses(store, Member(id="b", identities=(irc,)), Member(id="b")) == ["conflict", "created"]
    [taken] = store.put(C, [Member(id="b", identities=(irc,))], "replace")
    assert (taken.status, taken.version) == ("conflict", 1)


def test_a_handle_given_up_is_free_for_another(store: Store) -> None:
    irc = (Identity("irc", "x"),)
    store.put(C, [Member(id="a", identities=irc)])
    assert statuses(store, Member(id="a"), Member(id="b", identities=irc), on_existing="replace") == [
        "replaced",
        "created",
    ]
    assert statuses(store, Member(id="a", identities=irc), on_existing="replace") == ["conflict"]
    store.erase_member(C, "b")
    assert statuses(store, Member(id="a", identities=irc), on_existing="replace") == ["replaced"]


# Lists.


def test_pages_go_by_id_in_code_point_order(store: Store) -> None:
    ids = ["a", "B", "é", "z", "￿x", "😀", "爱"]
    store.put(C, [say(id) for id in ids])
    found: list[str] = []
    while page := store.page(C, "message", found[-1] if found else "", 3):
        assert len(page) <= 3
        found += [stored.record.id for stored in page]
    assert found == sorted(ids)


def test_pages_keep_what_concerns_a_member_or_is_in_a_state(store: Store) -> None:
    store.put(C, SAMPLES, "replace")
    store.put(C, [say("m2", "bob", mentions=("ada",)), Project(id="p2", time=1, members=("carol",), state="done")])
    store.put(
        C, [Outcome(id="o2", source="carol", target="bob", time=1, kind="met"), Tie(id="t2", source="x", target="y")]
    )
    store.put(C, [Suggestion(id="s2", member="bob", field="aims", text="rest")])

    def ids(kind: str, **condition: str) -> list[str]:
        return [stored.record.id for stored in store.page(C, kind, **condition)]

    assert ids("message", member="ada") == ["m1"]
    assert ids("project", member="ada") == ["p1"]
    assert ids("project", member="carol", state="done") == ["p2"]
    assert ids("project", state="open") == ["p1"]
    assert ids("outcome", member="ada") == ["o1"]
    assert ids("outcome", member="bob") == ["o1", "o2"]
    assert ids("tie", member="bob") == ["t1"]
    assert ids("block", member="carol") == ["b1"]
    assert ids("channel", member="bob") == ["shed"]
    assert ids("suggestion", member="ada") == ["s1"]
    assert ids("suggestion", state="open") == ["s2"]
    with pytest.raises(ValueError, match="by member"):
        ids("member", member="ada")
    with pytest.raises(ValueError, match="state"):
        ids("message", state="open")


def test_the_last_word_of_one_on_another_is_the_newest_that_is_more_than_shown(store: Store) -> None:
    def told(id: str, time: int, kind: OutcomeKind, source: str = "ada", target: str = "bob") -> Outcome:
        return Outcome(id=id, source=source, target=target, time=time, kind=kind)

    store.put(C, [told("o1", 1, "met"), told("o9", 5, "dismissed"), told("o2", 5, "talked"), told("o3", 7, "shown")])
    store.put(
        C, [told("o4", 8, "helped", "bob", "ada"), told("o5", 8, "met", target="cy"), told("s", 1, "shown", "cy")]
    )
    with store.read(C) as at:
        assert at.last_word("ada", "bob") == told("o9", 5, "dismissed")
        assert at.last_word("cy", "bob") is None


def test_outcomes_are_counted_by_kind_of_those_who_told_of_many(store: Store) -> None:
    kinds: tuple[OutcomeKind, ...] = ("met", "shown", "shown")
    told = [
        Outcome(id=f"{source}{at}", source=source, target="bob", time=at, kind=kind)
        for source, many in (("ada", 3), ("cy", 2))
        for at, kind in enumerate(kinds[:many])
    ]
    store.put(C, told)
    with store.read(C) as at:
        assert at.told(["ada", "cy", "ada", "nobody"], 3) == {("ada", "met"): 1, ("ada", "shown"): 2}
        assert at.told(["cy"], 0) == {("cy", "met"): 1, ("cy", "shown"): 1}
        assert at.told([], 0) == {}


def test_a_changed_list_of_members_is_found_by_its_new_members_only(store: Store) -> None:
    store.put(C, [Project(id="p", time=1, members=("a", "b"))])
    store.put(C, [Project(id="p", time=1, members=("b", "c", "d"))], "replace")
    assert [bool(store.page(C, "project", member=id)) for id in "abcd"] == [False, True, True, True]
    store.delete(C, "project", ["p"])
    assert store.page(C, "project", member="b") == []


def test_scans_go_by_time_then_id_with_the_undated_first(store: Store) -> None:
    store.put(
        C, [say("c", time=2), say("b", time=3), say("a", time=3), Project(id="q", time=4), Project(id="z", time=None)]
    )
    assert [record.id for record in store.scan(C, "message", batch=2)] == ["c", "a", "b"]
    assert [record.id for record in store.scan(C, "project")] == ["z", "q"]


def test_a_scan_sees_one_snapshot_however_much_is_written_meanwhile(store: Store) -> None:
    store.put(C, [say(f"m{at:03}", time=at) for at in range(100)])
    scan = store.scan(C, "message", batch=10)
    seen = [next(scan)]
    store.put(C, [say(f"n{at:03}", "bob", time=50) for at in range(100)])
    store.delete(C, "message", ["m090"])
    store.put(C, [say("m091", text="changed", time=91)], "replace")
    seen += scan
    assert seen == [say(f"m{at:03}", time=at) for at in range(100)]
    assert store.count(C, "message") == 199


def test_a_snapshot_shows_all_kinds_as_they_were_however_late_they_are_read(store: Store) -> None:
    store.put(C, [say("m1", time=1), Project(id="p1", time=1, members=("ann",))])
    then = store.head(C)
    with store.read(C) as snapshot:
        messages = snapshot.scan("message")
        assert next(messages).id == "m1"
        store.put(C, [say("m2", "bob", time=2), Project(id="p2", time=2, members=("bob",))])
        store.put(C, [replace(cast(Community, store.get(C, "community", [C])[C].record), name="Later")], "replace")
        assert snapshot.revision == then < store.head(C)
        assert [record.id for record in snapshot.scan("project")] == ["p1"]
        assert "bob" not in {record.id for record in snapshot.scan("member")}
        assert [cast(Community, record).name for record in snapshot.scan("community")] != ["Later"]
        assert list(messages) == []


# The log.


def test_the_log_says_what_changed_in_order_and_can_be_read_in_pieces(store: Store) -> None:
    store.put(C, [Member(id="a"), say("m1", "a")])
    store.delete(C, "message", ["m1", "m1", "unknown"])
    assert store.changes(C, 0) == [
        Change(1, "community", C, "put"),
        Change(2, "member", "a", "put"),
        Change(3, "message", "m1", "put"),
        Change(4, "message", "m1", "delete"),
    ]
    assert store.changes(C, 2, limit=1) == [Change(3, "message", "m1", "put")]
    assert store.head(C) == 4


def test_the_log_has_no_gap_and_no_double_when_many_threads_write(store: Store) -> None:
    def write(name: int) -> None:
        for at in range(15):
            # Half of it collides with other threads.
            store.put(C, [say(f"m{name}-{at}", f"u{at}"), say(f"shared{at}", f"u{at}", text="same")])

    threads = [threading.Thread(target=write, args=(name,)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = store.changes(C, 0)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    written = [(entry.kind, entry.id) for entry in entries]
    assert len(written) == len(set(written)) == 1 + 15 + 6 * 15 + 15
    assert store.head(C) == len(entries)


def test_readers_beside_writers_see_rows_and_log_together(store: Store) -> None:
    done = threading.Event()
    faults: list[str] = []

    def watch() -> None:
        while not done.is_set():
            head = store.head(C)
            logged = [entry.id for entry in store.changes(C, 0) if entry.kind == "message"]
            missing = set(logged) - set(store.get(C, "message", logged))
            if missing or len(logged) % 5 or store.head(C) < head:
                faults.append(f"{head}: {missing}")

    watcher = threading.Thread(target=watch)
    watcher.start()
    for batch in range(40):
        store.put(C, [say(f"m{batch}-{at}") for at in range(5)])
    done.set()
    watcher.join()
    assert faults == []


# Deleting.


def test_deleting_a_message_takes_what_was_drawn_from_it(store: Store) -> None:
    store.put(C, [say("m1"), say("m2"), say("m3", "bob")])
    drawn = [Suggestion(id=f"s{at}", member="ada", field="aims", text="t", message=f"m{at}") for at in (1, 2)]
    store.put(C, drawn)
    store.put_vectors(C, "use", [(b"a" * 16, "ada", np.ones(2)), (b"b" * 16, "bob", np.ones(2))])
    head = store.head(C)
    assert store.delete(C, "message", ["m1", "nothing"]) == 1
    assert [record.id for record in store.scan(C, "suggestion")] == ["s2"]
    assert set(store.vectors(C, "use", [b"a" * 16, b"b" * 16])) == {b"b" * 16}
    assert log(store, head) == [("suggestion", "s1", "delete"), ("message", "m1", "delete")]


def test_a_suggestion_does_not_outlive_its_message_or_member(store: Store) -> None:
    store.put(C, [say("m1"), say("m2")])
    store.delete(C, "message", ["m1"])
    late = Suggestion(id="s1", member="ada", field="aims", text="t", message="m1")
    stranger = Suggestion(id="s2", member="stranger", field="aims", text="t")
    fine = Suggestion(id="s3", member="ada", field="aims", text="t", message="m2")
    assert statuses(store, late, stranger, fine) == ["conflict", "conflict", "created"]


@pytest.mark.parametrize("kind", ["member", "community"])
def test_people_and_communities_are_not_deleted_like_rows(store: Store, kind: str) -> None:
    store.put(C, [ADA])
    with pytest.raises(ValueError, match=kind):
        store.delete(C, kind, ["ada"])


# Forgetting a person.


def filled(store: Store) -> None:
    store.put(C, SAMPLES, "replace")
    store.put(
        C,
        [
            say("m2", "bob", mentions=("ada", "carol")),
            say("m3", "bob"),
            Suggestion(id="s2", member="bob", field="aims", text="t", message="m1"),
            Suggestion(id="s3", member="bob", field="aims", text="t", message="m3"),
            Tie(id="t2", source="bob", target="carol"),
            Tie(id="t3", source="bob", target="ada"),
            Project(id="p2", time=1, members=("ada", "carol")),
        ],
    )
    store.put_vectors(C, "use", [(b"a" * 16, "ada", np.ones(2)), (b"b" * 16, "bob", np.ones(2))])


def test_erasing_a_member_reaches_everything(store: Store) -> None:
    filled(store)
    head = store.head(C)
    assert store.erase_member(C, "ada") is True
    assert store.erase_member(C, "ada") is False
    left = {kind: [record.id for record in store.scan(C, kind)] for kind in KINDS[1:]}
    assert left == {
        "member": ["bob", "carol"],
        "channel": ["shed"],
        "message": ["m2", "m3"],
        "project": ["p1", "p2"],
        "tie": ["t2"],
        "outcome": [],
        "block": [],
        "suggestion": ["s3"],
        "round": ["r1"],
        "invitation": [],
    }
    for kind in KINDS[1:]:
        assert not [record for record in store.scan(C, kind) if "ada" in repr(record).lower()]
    assert [record.members for record in store.scan(C, "project")] == [("bob",), ("carol",)]  # type: ignore[union-attr]
    assert store.vectors(C, "use", [b"a" * 16, b"b" * 16]).keys() == {b"b" * 16}
    assert sorted(log(store, head)) == [
        ("channel", "shed", "put"), ("invitation", "i1", "delete"), ("member", "ada", "delete"),
        ("message", "m2", "put"), ("project", "p1", "put"), ("project", "p2", "put"), ("round", "r1", "put"),
        ("suggestion", "s2", "delete"),
    ]  # fmt: skip


def test_an_erased_member_does_not_come_back_with_a_second_import(store: Store) -> None:
    filled(store)
    store.erase_member(C, "ada")
    before = {kind: list(store.scan(C, kind)) for kind in KINDS[1:]}
    results = store.put(C, [record for record in SAMPLES if not isinstance(record, Community)])
    assert erased(store, "ada")
    assert [result.status for result in results] == [
        "conflict",
        "unchanged",
        *["conflict"] * 1,
        "unchanged",
        *["conflict"] * 4,
        "unchanged",
        "conflict",
    ]
    store.put(C, [say("m2", "bob", mentions=("ada", "carol"))])
    store.put_vectors(C, "use", [(b"c" * 16, "ada", np.ones(2))])
    assert {kind: list(store.scan(C, kind)) for kind in KINDS[1:]} == before
    assert store.vectors(C, "use", [b"c" * 16]) == {}


def test_only_the_erased_are_remembered_as_erased(store: Store) -> None:
    store.put(C, [ADA, Member(id="bob")])
    store.erase_member(C, "ada")
    assert [erased(store, id) for id in ("ada", "bob", "nobody")] == [True, False, False]


# Two records of one person.


def test_merging_unites_two_records_and_renames_everywhere(store: Store) -> None:
    filled(store)
    kept = Member(
        id="ann", name="ann", aims=("a greener town", "shade"), offers=(Need("pruning", "growth"),), place="Delft",
        consent="organizers", paused_until=5, attributes={"pet": "dog"}, identities=(Identity("irc", "ann"),),
        extra='{"k":1}',
    )  # fmt: skip
    store.put(C, [kept, say("m9", "ann"), Tie(id="t9", source="ann", target="ada")])
    head = store.head(C)
    assert store.merge_members(C, "ann", "ada") is True
    assert one(store, "member", "ann") == replace(
        ADA,
        id="ann",
        aims=("a greener town", "shade"),
        place="Delft",
        consent="organizers",
        attributes={**ADA.attributes, "pet": "dog"},
        identities=(Identity("irc", "ann"), *ADA.identities),
        extra='{"k":1,"unknown":[1,null]}',
    )
    assert one(store, "member", "ada") is None
    assert [(m.id, m.author, m.mentions) for m in store.scan(C, "message")] == [  # type: ignore[union-attr]
        ("m2", "bob", ("ann", "carol")), ("m3", "bob", ()), ("m9", "ann", ()), ("m1", "ann", ("bob",)),
    ]  # fmt: skip
    assert [record.members for record in store.scan(C, "project")] == [("bob", "ann"), ("ann", "carol")]  # type: ignore[union-attr]
    assert [(tie.id, tie.source, tie.target) for tie in store.scan(C, "tie")] == [  # type: ignore[union-attr]
        ("t1", "ann", "bob"), ("t2", "bob", "carol"), ("t3", "bob", "ann"),
    ]  # fmt: skip
    assert [(s.id, s.member) for s in store.scan(C, "suggestion")] == [("s1", "ann"), ("s2", "bob"), ("s3", "bob")]  # type: ignore[union-attr]
    assert store.vectors(C, "use", [b"a" * 16]) == {}
    entries = log(store, head)
    assert entries[:2] == [("member", "ada", "delete"), ("member", "ann", "put")]
    assert sorted(entries[2:]) == [
        ("block", "b1", "put"), ("channel", "shed", "put"), ("invitation", "i1", "put"), ("message", "m1", "put"),
        ("message", "m2", "put"), ("outcome", "o1", "put"), ("project", "p1", "put"), ("project", "p2", "put"),
        ("round", "r1", "put"), ("suggestion", "s1", "put"), ("tie", "t1", "put"), ("tie", "t3", "put"),
        ("tie", "t9", "delete"),
    ]  # fmt: skip


def test_rows_that_name_a_merged_id_later_go_to_the_kept_one(store: Store) -> None:
    store.put(C, [Member(id="a"), Member(id="b"), Member(id="c")])
    store.merge_members(C, "b", "a")
    store.merge_members(C, "c", "b")
    assert statuses(store, Member(id="a"), say("m1", "a", mentions=("b", "c", "x"))) == ["unchanged", "created"]
    assert one(store, "message", "m1") == say("m1", "c", mentions=("c", "x"))
    assert statuses(store, say("m1", "a", mentions=("b", "c", "x"))) == ["unchanged"]
    assert statuses(store, Tie(id="t", source="a", target="c")) == ["conflict"]
    assert {record.id for record in store.scan(C, "member")} == {"c", "x"}


def test_merging_needs_two_different_members_who_are_there(store: Store) -> None:
    store.put(C, [Member(id="a")])
    head = store.head(C)
    assert store.merge_members(C, "a", "nobody") is False
    assert store.merge_members(C, "nobody", "a") is False
    with pytest.raises(ValueError, match="themselves"):
        store.merge_members(C, "a", "a")
    assert store.head(C) == head


def test_erasing_the_kept_one_erases_the_merged_ids_too(store: Store) -> None:
    store.put(C, [Member(id="a"), Member(id="b")])
    store.merge_members(C, "b", "a")
    store.erase_member(C, "b")
    assert erased(store, "a")
    assert statuses(store, say("m1", "a"), Member(id="a")) == ["conflict", "conflict"]


# Vectors and notes.


def test_vectors_come_back_in_half_precision_by_model(store: Store) -> None:
    store.put(C, [ADA])
    vector = np.linspace(-1, 1, 512, dtype=np.float32)
    store.put_vectors(C, "use", iter([(b"1" * 16, "ada", vector), (b"2" * 16, "", vector * 2)]))
    store.put_vectors(C, "use", [(b"1" * 16, "ada", vector * 3)])
    store.put_vectors(C, "mini", [(b"1" * 16, "ada", vector[:384])])
    found = store.vectors(C, "use", [b"1" * 16, b"2" * 16, b"3" * 16])
    assert found.keys() == {b"1" * 16, b"2" * 16}
    assert found[b"1" * 16].dtype == np.float16
    np.testing.assert_array_equal(found[b"1" * 16], vector.astype(np.float16))
    assert store.drop_vectors(C, "use") == 2
    assert store.vectors(C, "use", [b"1" * 16]) == {}
    assert store.vectors(C, "mini", [b"1" * 16])[b"1" * 16].shape == (384,)


def test_vectors_leave_no_trace_in_the_log(store: Store) -> None:
    head = store.head(C)
    store.put_vectors(C, "use", [(b"1" * 16, "ada", np.ones(2))])
    assert store.head(C) == head


@pytest.mark.parametrize(("key", "vector"), [(b"short", np.ones(2)), (b"1" * 16, np.ones((2, 2)))])
def test_malformed_vectors_are_refused_whole(store: Store, key: bytes, vector: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"16 bytes|dimension"):
        store.put_vectors(C, "use", [(b"0" * 16, "ada", np.ones(2)), (key, "ada", vector)])
    assert store.vectors(C, "use", [b"0" * 16]) == {}


def test_requests_and_progress_are_remembered(backend: Callable[[Path], Store], tmp_path: Path) -> None:
    store = backend(tmp_path)
    store.put(C, [Community(id=C)])
    with store.write(C) as work:
        assert work.remember_request("r", "member/ada") is None
    assert store.progress(C, "job") is None
    store.put_progress(C, "job", '{"done":1}')
    store.put_progress(C, "job", '{"done":2}')
    store.close()
    again = backend(tmp_path)
    with again.write(C) as work:
        assert [work.remember_request("r", f"member/{id}") for id in ("ada", "bob")] == ["member/ada"] * 2
    assert again.progress(C, "job") == '{"done":2}'
    again.close()


def test_everything_is_there_after_closing_and_opening(backend: Callable[[Path], Store], tmp_path: Path) -> None:
    store = backend(tmp_path)
    store.put(C, SAMPLES)
    before = (log(store), [store.page(C, kind) for kind in KINDS])
    store.close()
    again = backend(tmp_path)
    assert (log(again), [again.page(C, kind) for kind in KINDS]) == before
    again.close()


# Rounds and invitations.


def invited(id: str, *members: str, time: int = 1, ref: str = "r", state: str = "open") -> Invitation:
    guests = tuple(Guest(member=member) for member in members)
    return Invitation(id=id, time=time, guests=guests, ref=ref, title="Tea", text="ada brews", state=state)  # type: ignore[arg-type]


def meeting(id: str = "r", *, state: str = "solved") -> Round:
    return Round(
        id=id, time=1, state=state, members=("ada", "bob", "carol", "dan"),  # type: ignore[arg-type]
        spec='{"kind":"pairs","members":["ada","bob","carol","dan"],"rules":[{"members":["ada","bob"],"rule":"apart"}]}',
        plan='{"matches":[{"members":["ada","carol"]},{"members":["bob","dan"]}]}',
    )  # fmt: skip


def everybody(store: Store) -> None:
    store.put(C, [Member(id=id) for id in ("ada", "bob", "carol", "dan")])


def test_records_put_together_are_all_written_or_none(store: Store) -> None:
    everybody(store)
    store.put(C, [meeting()])
    head = store.head(C)
    published = replace(meeting(), state="published")
    with store.write(C) as work:
        assert not work.put_together([published, invited("i1", "ada", "ada")])
    assert (store.head(C), one(store, "round", "r"), one(store, "invitation", "i1")) == (head, meeting(), None)
    with store.write(C) as work:
        assert work.put_together([published, invited("i1", "ada", "carol")])
    assert (one(store, "round", "r"), one(store, "invitation", "i1")) == (published, invited("i1", "ada", "carol"))


def test_invitations_are_found_by_guest_state_and_what_they_came_of(store: Store) -> None:
    everybody(store)
    first, second = invited("i1", "ada", "bob", time=5), invited("i2", "bob", "dan", ref="x", state="withdrawn")
    store.put(C, [first, second])
    found = [
        [item.record.id for item in store.page(C, "invitation", **asked)]  # type: ignore[arg-type]
        for asked in ({}, {"member": "ada"}, {"state": "withdrawn"}, {"ref": "r", "source": "round"}, {"ref": "q"})
    ]
    assert found == [["i1", "i2"], ["i1"], ["i2"], ["i1"], []]
    with store.read(C) as snapshot:
        assert [item.record.id for item in snapshot.since("invitation", 2)] == ["i1"]
    with pytest.raises(ValueError, match="come of"):
        store.page(C, "member", ref="r")


def test_somebody_erased_leaves_rounds_and_invitations_without_a_trace(store: Store) -> None:
    everybody(store)
    pair, table = invited("i1", "ada", "carol"), invited("i2", "ada", "bob", "dan")
    store.put(C, [meeting(), pair, table])
    store.erase_member(C, "ada")
    assert one(store, "invitation", "i1") is None
    left = one(store, "invitation", "i2")
    assert isinstance(left, Invitation)
    assert (left.members, left.title, left.text) == (("bob", "dan"), "", "")
    found = one(store, "round", "r")
    assert isinstance(found, Round)
    assert "ada" not in repr(found)
    assert '"bob","dan"' in found.plan
    assert [item.record.id for item in store.page(C, "invitation", member="bob")] == ["i2"]
    assert statuses(store, meeting("again"), invited("i3", "ada", "carol")) == ["created", "conflict"]
    assert "ada" not in repr(one(store, "round", "again"))


def test_two_records_of_one_person_become_one_in_rounds_and_invitations(store: Store) -> None:
    everybody(store)
    store.put(C, [meeting(), invited("i1", "ada", "carol"), invited("i2", "ada", "bob"), invited("i3", "ada", "dan")])
    store.merge_members(C, "carol", "ada")
    assert one(store, "invitation", "i1") is None
    kept = one(store, "invitation", "i2")
    assert isinstance(kept, Invitation)
    assert (kept.members, kept.text) == (("carol", "bob"), "ada brews")
    found = one(store, "round", "r")
    assert isinstance(found, Round)
    assert found.members == ("bob", "carol", "dan")
    assert "ada" not in found.spec + found.plan
    assert statuses(store, invited("i4", "ada", "dan")) == ["created"]
    assert [item.record.id for item in store.page(C, "invitation", member="carol")] == ["i2", "i3", "i4"]


# -- the feed --------------------------------------------------------------------------------------------------------


def letter(consumer: str, id: str, **fields: Any) -> DeadLetter:
    """A message that a consumer set aside."""
    return DeadLetter(**{
        "consumer": consumer, "change": Change(3, "message", id, "put"), "fault": "ValueError at take:7", "tries": 1,
        "since": 5, "due": 9,
    } | fields)  # fmt: skip


def test_each_consumer_has_a_cursor_of_its_own(backend: Callable[[Path], Store], tmp_path: Path) -> None:
    store = backend(tmp_path)
    store.put(C, SAMPLES)
    assert store.cursor(C, "index") is None
    store.put_cursor(C, "index", 3)
    store.put_cursor(C, "index", 4)
    store.put_cursor(C, "suggestions", 2)
    store.close()
    again = backend(tmp_path)
    assert (again.cursor(C, "index"), again.cursor(C, "suggestions")) == (4, 2)
    again.close()


def test_dead_letters_are_kept_by_consumer_and_record_until_they_go_through(store: Store) -> None:
    everybody(store)
    first, second, other = letter("index", "m1"), letter("index", "m2"), letter("suggestions", "m1")
    store.put_dead_letters(C, [second, first, other])
    again = letter("index", "m1", tries=2, due=20)
    store.put_dead_letters(C, [again])
    assert store.dead_letters(C) == [again, second, other]
    assert store.dead_letters(C, "suggestions") == [other]
    assert store.replay_dead_letters(C, "index") == 2
    assert [one.due for one in store.dead_letters(C)] == [0, 0, 9]
    assert store.replay_dead_letters(C) == 3
    store.drop_dead_letters(C, [first, other, letter("index", "unknown")])
    assert [one.change.id for one in store.dead_letters(C)] == ["m2"]


def test_the_feed_leaves_no_trace_in_the_log_and_goes_with_its_community(store: Store) -> None:
    everybody(store)
    head = store.head(C)
    store.put_cursor(C, "index", head)
    store.put_dead_letters(C, [letter("index", "m1")])
    assert store.head(C) == head
    store.delete_community(C)
    store.put(C, [Community(id=C)])
    assert store.cursor(C, "index") is None
    assert store.dead_letters(C) == []


def test_the_heads_of_all_communities_come_at_once(store: Store) -> None:
    everybody(store)
    store.put("other", [Community(id="other")])
    assert store.heads() == {C: store.head(C), "other": 1}


def test_the_data_version_changes_with_every_commit_and_with_nothing_else(
    backend: Callable[[Path], Store], tmp_path: Path
) -> None:
    store = backend(tmp_path)
    seen = [store.data_version()]
    store.put(C, [Community(id=C)])
    seen.append(store.data_version())
    store.put(C, [Member(id="ada")])
    seen.append(store.data_version())
    assert len(set(seen)) == 3
    store.head(C), store.get(C, "member", ["ada"])
    assert store.data_version() == seen[-1]
    store.close()


# Jobs. Time is the store's: `Wall` stands for the clock on the wall.

SECOND = 1_000_000


@dataclass
class Wall:
    """A clock that is set by hand."""

    now: int = 1_750_000_000 * SECOND

    def __call__(self) -> int:
        return self.now

    def go(self, seconds: float) -> None:
        self.now += int(seconds * SECOND)


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture(params=TIMED)
def timed(request: pytest.FixtureRequest, wall: Wall, tmp_path: Path) -> Iterator[Store]:
    opened = TIMED[request.param](tmp_path, wall)
    opened.put(C, [Community(id=C)])
    yield opened
    opened.close()


def ask(store: Store, key: str = "r", *, kind: str = "solve", community: str = C, payload: str = "") -> None:
    with store.write(community) as work:
        work.enqueue(kind, key, payload)


def claimed(store: Store, owner: str = "a", seconds: float = 10, *, kind: str = "solve", community: str = "") -> Job:
    found = store.claim(kind, owner, seconds, community)
    assert found is not None
    return found


def test_a_job_is_asked_for_together_with_what_asks_for_it_or_not_at_all(timed: Store) -> None:
    with pytest.raises(RuntimeError):
        _ask_and_fail(timed)
    assert (timed.jobs(C), timed.count(C, "round")) == ([], 0)
    head = timed.head(C)
    ask(timed, payload='{"now":1}')
    [job] = timed.jobs(C, "solve")
    assert (job.community, job.kind, job.key, job.state, job.tries, job.payload) == (
        C, "solve", "r", "queued", 0, '{"now":1}',
    )  # fmt: skip
    assert (timed.jobs(C, "retrain"), timed.head(C)) == ([], head)


def _ask_and_fail(store: Store) -> None:
    with store.write(C) as work:
        work.put([Round(id="r", time=1)])
        work.enqueue("solve", "r")
        raise RuntimeError


def test_a_job_is_held_by_one_and_the_oldest_comes_first(timed: Store, wall: Wall) -> None:
    timed.put("other", [Community(id="other")])
    ask(timed, "z")
    wall.go(1)
    ask(timed, "a", community="other")
    ask(timed, "b", kind="retrain")
    first, second = claimed(timed, "a"), claimed(timed, "b")
    assert [(one.key, one.community, one.owner, one.state) for one in (first, second)] == [
        ("z", C, "a", "running"), ("a", "other", "b", "running"),
    ]  # fmt: skip
    assert timed.claim("solve", "c", 10) is None
    assert timed.claim("retrain", "c", 10, "other") is None
    assert claimed(timed, "c", kind="retrain", community=C).key == "b"


def test_of_many_who_claim_at_once_each_job_goes_to_one(timed: Store) -> None:
    for number in range(6):
        ask(timed, f"r{number}")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: timed.claim("solve", f"w{n}", 10), range(8)))
    keys = sorted(one.key for one in found if one)
    assert keys == [f"r{number}" for number in range(6)], "two got the same, or one was left though somebody had no job"


def test_a_lease_that_ran_out_goes_to_another_and_the_first_can_write_nothing_of_it(timed: Store, wall: Wall) -> None:
    ask(timed)
    first = claimed(timed, "a")
    wall.go(6)
    assert timed.renew(first, 10, 0.5)
    assert [(one.progress, one.tries) for one in timed.jobs(C)] == [(0.5, 1)]
    wall.go(9)
    assert timed.claim("solve", "b", 10) is None
    wall.go(1)
    second = claimed(timed, "b")
    assert (second.id, second.tries, second.owner) == (first.id, 2, "b")
    assert not timed.renew(first, 10)
    with timed.write(C) as work:
        ended = [work.finish(first), work.fail(first, "x", None), work.release(first, 0)]
        assert ended == [False] * 3
        assert work.finish(second)
        assert not work.finish(second)
    assert timed.jobs(C) == []


def test_who_comes_late_goes_on_while_nobody_else_took_the_job(timed: Store, wall: Wall) -> None:
    ask(timed)
    job = claimed(timed, "a", 1)
    wall.go(60)
    assert timed.renew(job, 10)
    assert timed.claim("solve", "b", 10) is None


@pytest.mark.parametrize("days", [-400, 400])
def test_no_lease_or_pause_waits_for_a_clock_that_was_set(timed: Store, wall: Wall, days: int) -> None:
    ask(timed, "held")
    claimed(timed)
    ask(timed, "failed")
    with timed.write(C) as work:
        assert work.fail(claimed(timed), "x", 30)
    assert timed.claim("solve", "b", 10) is None
    wall.go(days * 24 * 3600)
    assert {claimed(timed, "b").key, claimed(timed, "b").key} == {"held", "failed"}
    assert timed.claim("solve", "c", 10) is None


def test_what_is_asked_for_anew_or_wanted_by_nobody_is_lost_to_who_holds_it(timed: Store) -> None:
    ask(timed, "r", payload="1")
    first = claimed(timed)
    ask(timed, "r", payload="2")
    assert not timed.renew(first, 10)
    second = claimed(timed)
    assert (second.payload, second.tries, second.id == first.id) == ("2", 1, False)
    with timed.write(C) as work:
        assert work.drop_job("solve", "r")
        assert not work.drop_job("solve", "r")
    assert not timed.renew(second, 10)
    assert timed.claim("solve", "b", 10) is None


def test_what_fails_is_tried_again_after_a_pause_until_it_is_dead_and_then_when_it_is_asked_for(
    timed: Store, wall: Wall
) -> None:
    ask(timed)
    with timed.write(C) as work:
        assert work.fail(claimed(timed), "ValueError at a:1", 5)
    [job] = timed.jobs(C)
    assert (job.state, job.fault, job.tries, job.owner) == ("queued", "ValueError at a:1", 1, "")
    assert timed.claim("solve", "b", 10) is None
    wall.go(5)
    second = claimed(timed, "b")
    assert second.fault == "ValueError at a:1"
    with timed.write(C) as work:
        assert work.fail(second, "KeyError at b:2", None)
    wall.go(10**6)
    assert timed.claim("solve", "c", 10) is None
    [dead] = timed.dead_jobs()
    assert (dead.community, dead.state, dead.fault, dead.tries) == (C, "dead", "KeyError at b:2", 2)
    ask(timed)
    assert (timed.dead_jobs(), claimed(timed, "c").tries) == ([], 1)


def test_jobs_of_all_communities_are_counted_by_kind_and_state(timed: Store, wall: Wall) -> None:
    assert timed.job_counts() == []
    timed.put("other", [Community(id="other")])
    ask(timed)
    asked = timed.jobs(C)[0].since
    wall.go(5)
    with timed.write("other") as work:
        work.enqueue("solve", "later")
    assert [(one.kind, one.state, one.count, one.oldest) for one in timed.job_counts()] == [
        ("solve", "queued", 2, asked)
    ]
    claimed(timed)
    assert {(one.state, one.count) for one in timed.job_counts()} == {("queued", 1), ("running", 1)}


def test_what_was_let_go_of_does_not_count_as_tried(timed: Store, wall: Wall) -> None:
    ask(timed)
    with timed.write(C) as work:
        assert work.release(claimed(timed), 3)
    assert timed.claim("solve", "b", 10) is None
    wall.go(3)
    assert claimed(timed, "b").tries == 1


def test_jobs_go_with_their_community(timed: Store) -> None:
    ask(timed)
    job = claimed(timed)
    timed.delete_community(C)
    assert not timed.renew(job, 10)
    timed.put(C, [Community(id=C)])
    assert (timed.jobs(C), timed.claim("solve", "b", 10), timed.dead_jobs()) == ([], None, [])


def test_a_lease_outlives_closing_and_opening(wall: Wall, tmp_path: Path) -> None:
    store = TIMED["sqlite"](tmp_path, wall)
    store.put(C, [Community(id=C)])
    ask(store)
    job = claimed(store)
    store.close()
    again = TIMED["sqlite"](tmp_path, wall)
    assert again.jobs(C) == [job]
    assert again.claim("solve", "b", 10) is None
    again.close()
