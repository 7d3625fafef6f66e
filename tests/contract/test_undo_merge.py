"""A merge of two members, undone: what every store promises. Backends are those of `test_store`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.archive.container import FILES, write
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
    Project,
    Record,
    Round,
    Suggestion,
    Tie,
)
from service.store.contract import Store
from tests.contract.test_store import BACKENDS, KINDS, C, one, say, statuses

IDS = ("ada", "bob", "carol", "dan")


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = BACKENDS[request.param](tmp_path)
    opened.put(C, [Community(id=C)])
    yield opened
    opened.close()


def exported(store: Store, folder: Path) -> bytes:
    """The whole community as an archive."""
    out = folder / "out.zip"
    out.unlink(missing_ok=True)
    with store.read(C) as at:
        write(out, {kind: at.scan(kind) for kind in FILES})
    return out.read_bytes()


def everything(store: Store) -> dict[str, list[Record]]:
    return {kind: list(store.scan(C, kind)) for kind in KINDS}


def merged_at_all(store: Store) -> list[tuple[str, str]]:
    with store.read(C) as at:
        return [(merge.kept, merge.merged.id) for merge in at.merges()]


# --- any community, as it was ----------------------------------------------------------------------------------------

_id = st.sampled_from(IDS)
_ids = st.lists(_id, unique=True, max_size=4).map(tuple)
_texts = st.lists(st.sampled_from(["tea", "clay", "地图"]), unique=True, max_size=2).map(tuple)
_needs = st.lists(st.builds(Need, st.sampled_from(["tea", "clay"])), unique=True, max_size=2).map(tuple)
_extra = st.sampled_from(["", '{"a":1}', '{"a":2,"b":[3]}'])
_attributes = st.dictionaries(st.sampled_from(["town", "age"]), st.sampled_from(["Ulm", 3, True]), max_size=2)


def _member(id: str) -> st.SearchStrategy[Member]:
    handle = Identity("irc", f"{id}_")
    return st.builds(
        Member, id=st.just(id), name=st.sampled_from(["", id, id.title()]), profile=st.sampled_from(["", "pots"]),
        aims=_texts, offers=_needs, seeks=_needs, values=_texts, languages=_texts, availability=_texts,
        place=st.sampled_from(["", "Ulm"]), time_zone=st.sampled_from(["", "Europe/Berlin"]),
        identities=st.sampled_from([(), (handle,), (handle, Identity("email", f"{id}@example.org"))]),
        consent=st.sampled_from(["nobody", "organizers", "members"]), paused_until=st.sampled_from([None, 5, 9]),
        attributes=_attributes, extra=_extra,
    )  # fmt: skip


def _many(of: st.SearchStrategy[Record], most: int = 4) -> st.SearchStrategy[list[Record]]:
    numbered = st.lists(of, max_size=most)
    return numbered.map(lambda records: [replace(one, id=f"r{at}") for at, one in enumerate(records)])


_guests = st.lists(_id, unique=True, min_size=2, max_size=4).map(lambda ids: tuple(Guest(member=id) for id in ids))
_rounds = st.permutations(IDS).map(
    lambda ids: Round(
        id="r", time=1, members=IDS,
        spec=f'{{"kind":"pairs","members":["{ids[0]}","{ids[1]}","{ids[2]}","{ids[3]}"]}}',
        plan=f'{{"matches":[{{"members":["{ids[0]}","{ids[1]}"]}},{{"members":["{ids[2]}","{ids[3]}"]}}]}}',
    )
)  # fmt: skip


@st.composite
def communities(draw: st.DrawFn) -> list[Record]:
    """Four people, and whatever may name them."""
    records: list[Record] = [draw(_member(id)) for id in IDS]
    records += draw(_many(st.builds(Message, id=st.just(""), author=_id, time=st.just(1), mentions=_ids)))
    records += draw(_many(st.builds(Channel, id=st.just(""), members=_ids, visibility=st.just("members"))))
    records += draw(_many(st.builds(Project, id=st.just(""), time=st.just(1), members=_ids)))
    records += draw(_many(st.builds(Tie, id=st.just(""), source=_id, target=_id)))
    records += draw(_many(st.builds(Block, id=st.just(""), source=_id, target=_id)))
    kinds = st.sampled_from(["dismissed", "met", "declined"])
    records += draw(_many(st.builds(Outcome, id=st.just(""), source=_id, target=_id, time=st.just(2), kind=kinds)))
    states = st.sampled_from(["open", "confirmed", "struck"])
    suggested = st.builds(
        Suggestion, id=st.just(""), member=_id, field=st.just("aims"), text=st.just("x"), state=states
    )
    records += draw(_many(suggested))
    records += draw(_many(st.builds(Invitation, id=st.just(""), time=st.just(3), guests=_guests, title=st.just("Tea"))))
    records += draw(_many(_rounds, most=2))
    return records


@pytest.mark.parametrize("backend", BACKENDS)
@settings(max_examples=60, deadline=None)
@given(communities(), st.permutations(IDS), st.integers(1, 3))
def test_merges_undone_in_turn_leave_the_same_archive(
    backend: str, records: list[Record], people: list[str], merges: int
) -> None:
    folder = Path(tempfile.mkdtemp())
    store = BACKENDS[backend](folder)
    try:
        store.put(C, [Community(id=C), *records])
        before = exported(store, folder)
        # A chain or a star: who was kept may go next, or keep another.
        pairs = [(people[0] if len(records) % 2 else people[at + 1], people[at + 1] if len(records) % 2 else people[at])
                 for at in range(merges)]  # fmt: skip
        for kept, merged in pairs:
            assert store.merge_members(C, kept, merged)
            assert exported(store, folder) != before
        for _, merged in reversed(pairs):
            assert store.undo_merge(C, merged)
        assert exported(store, folder) == before
        assert merged_at_all(store) == []
    finally:
        store.close()
        shutil.rmtree(folder)


# --- what was written meanwhile --------------------------------------------------------------------------------------

ANN = Member(id="ann", name="Ann", aims=("tea",), consent="members", identities=(Identity("irc", "ann"),))
ADA = Member(
    id="ada", name="Ada", aims=("clay",), place="Ulm", consent="nobody", paused_until=9, attributes={"age": 3},
    identities=(Identity("slack", "U1"),),
)  # fmt: skip


def linked(store: Store) -> None:
    store.put(
        C, [ANN, ADA, say("m1", "ada"), say("m2", "ann"), Member(id="bob"), Block(id="b1", source="ada", target="bob")]
    )
    assert store.merge_members(C, "ann", "ada")


def test_what_was_written_meanwhile_stays_with_the_one_who_was_kept(store: Store) -> None:
    linked(store)
    now = one(store, "member", "ann")
    assert isinstance(now, Member)
    assert (now.consent, now.paused_until) == ("nobody", 9)
    store.put(C, [replace(now, aims=(*now.aims, "maps"), profile="draws")], "replace")
    store.put(C, [say("m3", "ada"), Tie(id="t1", source="ann", target="bob")])
    assert store.undo_merge(C, "ada")
    assert one(store, "member", "ann") == replace(ANN, aims=("tea", "maps"), profile="draws")
    assert one(store, "member", "ada") == ADA
    authors = {message.id: message.author for message in store.scan(C, "message")}  # type: ignore[union-attr]
    assert authors == {"m1": "ada", "m2": "ann", "m3": "ann"}
    assert one(store, "block", "b1") == Block(id="b1", source="ada", target="bob")
    assert one(store, "tie", "t1") == Tie(id="t1", source="ann", target="bob")


def test_what_comes_afterwards_goes_to_each_of_the_two(store: Store) -> None:
    linked(store)
    store.undo_merge(C, "ada")
    assert statuses(store, say("m4", "ada"), Tie(id="t2", source="ada", target="bob")) == ["created", "created"]
    assert one(store, "message", "m4") == say("m4", "ada")
    with store.read(C) as at:
        assert (at.holders("U1"), at.holders("ann")) == (["ada"], ["ann"])


def test_readers_of_the_log_see_what_keeps_apart_before_who_comes_back(store: Store) -> None:
    linked(store)
    head = store.head(C)
    store.undo_merge(C, "ada")
    entries = [(entry.kind, entry.id, entry.op) for entry in store.changes(C, head)]
    assert entries[0] == ("member", "ada", "delete")
    assert entries.index(("block", "b1", "put")) < entries.index(("member", "ada", "put"))
    assert ("message", "m1", "put") in entries
    assert ("message", "m2", "put") not in entries


def test_lists_that_changed_since_lose_only_what_the_merge_put_there(store: Store) -> None:
    store.put(
        C, [ANN, ADA, Project(id="p", time=1, members=("ada", "bob")), Project(id="q", time=1, members=("ann", "ada"))]
    )
    store.put(C, [Channel(id="c", visibility="members", members=("ada",))])
    store.merge_members(C, "ann", "ada")
    store.put(C, [Project(id="p", time=1, members=("bob", "ann", "dan"))], "replace")
    store.put(
        C,
        [Project(id="q", time=1, title="new", members=("dan", "ann")), Channel(id="c", visibility="members")],
        "replace",
    )
    store.undo_merge(C, "ada")
    assert {record.id: record.members for record in store.scan(C, "project")} == {  # type: ignore[union-attr]
        "p": ("bob", "ada", "dan"), "q": ("dan", "ann", "ada"),
    }  # fmt: skip
    assert one(store, "channel", "c") == Channel(id="c", visibility="members")


def test_a_reply_given_meanwhile_is_kept(store: Store) -> None:
    asked = Invitation(id="i", time=1, guests=(Guest(member="ada"), Guest(member="bob")), title="Tea")
    store.put(C, [ANN, ADA, Member(id="bob"), asked])
    store.merge_members(C, "ann", "ada")
    replied = (Guest(member="ann"), Guest(member="bob", reply="accepted"))
    store.put(C, [replace(asked, guests=replied)], "replace")
    store.undo_merge(C, "ada")
    assert one(store, "invitation", "i") == replace(asked, guests=(Guest(member="ada"), replied[1]))


def test_what_was_deleted_meanwhile_stays_deleted(store: Store) -> None:
    linked(store)
    store.delete(C, "message", ["m1"])
    store.delete(C, "block", ["b1"])
    store.undo_merge(C, "ada")
    assert (one(store, "message", "m1"), one(store, "block", "b1")) == (None, None)


def test_a_handle_that_somebody_took_meanwhile_stays_theirs(store: Store) -> None:
    linked(store)
    now = one(store, "member", "ann")
    assert isinstance(now, Member)
    store.put(C, [replace(now, identities=(Identity("irc", "ann"),))], "replace")
    store.put(C, [Member(id="eve", identities=ADA.identities)])
    store.undo_merge(C, "ada")
    assert one(store, "member", "ada") == replace(ADA, identities=())


def test_suggestions_drawn_meanwhile_follow_the_words_they_were_read_out_of(store: Store) -> None:
    linked(store)
    drawn = [
        Suggestion(id=id, member="ann", field="aims", text="x", message=message, state=state)  # type: ignore[arg-type]
        for id, message, state in (("s1", "m1", "open"), ("s2", "m1", "struck"), ("s3", "m2", "open"))
    ]
    store.put(C, drawn)
    store.undo_merge(C, "ada")
    assert [(one.id, one.member) for one in store.scan(C, "suggestion")] == [("s2", "ada"), ("s3", "ann")]  # type: ignore[union-attr]


# --- when it cannot be undone ----------------------------------------------------------------------------------------


def test_a_later_merge_must_be_undone_first(store: Store) -> None:
    store.put(C, [Member(id=id) for id in IDS])
    store.merge_members(C, "bob", "ada")
    store.merge_members(C, "bob", "carol")
    store.merge_members(C, "dan", "bob")
    assert merged_at_all(store) == [("dan", "bob"), ("bob", "carol"), ("bob", "ada")]
    for merged in ("ada", "carol"):
        with pytest.raises(ValueError, match="later"):
            store.undo_merge(C, merged)
    before = everything(store)
    assert store.undo_merge(C, "nobody") is False
    assert everything(store) == before
    for merged in ("bob", "carol", "ada"):
        assert store.undo_merge(C, merged)
    assert [member.id for member in store.scan(C, "member")] == list(IDS)  # type: ignore[union-attr]


def test_who_is_erased_leaves_nothing_to_undo_and_no_trace(store: Store) -> None:
    store.put(C, [ANN, ADA, Member(id="eve"), Project(id="p", time=1, members=("ada", "eve"))])
    store.put(C, [say("m1", "eve", mentions=("ada",))])
    store.merge_members(C, "ann", "ada")
    store.erase_member(C, "eve")
    assert merged_at_all(store) == [("ann", "ada")]
    store.undo_merge(C, "ada")
    assert one(store, "project", "p") == Project(id="p", time=1, members=("ada",))
    store.merge_members(C, "ann", "ada")
    store.erase_member(C, "ann")
    assert merged_at_all(store) == []
    assert store.undo_merge(C, "ada") is False
    assert statuses(store, say("m2", "ada")) == ["conflict"]


def test_nothing_of_the_erased_is_left_in_the_files(tmp_path: Path) -> None:
    store = BACKENDS["sqlite"](tmp_path)
    both = (Guest(member="ann"), Guest(member="ada"))
    store.put(C, [Community(id=C), ANN, replace(ADA, profile="grows white truffles", name="Ada Quince")])
    store.put(C, [Invitation(id="i", time=1, guests=both, title="Saffron evening")])
    store.merge_members(C, "ann", "ada")
    store.erase_member(C, "ann")
    store.close()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [word for word in (b"white truffles", b"Ada Quince", b"Saffron evening") if word in left]
