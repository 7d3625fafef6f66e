"""Communities, members, blocks, suggestions and channels, over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.domain.records import Block, Channel, Community, Identity, Member, Message, Need, Suggestion
from service.application.blocks import block_member, list_blocks, unblock_member
from service.application.channels import create_channel, delete_channel, list_channels, update_channel
from service.application.communities import (
    create_community,
    delete_community,
    get_community,
    list_communities,
    update_community,
)
from service.application.members import (
    confirm_suggestion,
    create_member,
    erase_member,
    get_member,
    import_members,
    list_members,
    list_suggestions,
    pause_member,
    strike_suggestion,
    update_member,
)
from service.application.merges import merge_members
from service.core.errors import (
    AlreadyExists,
    ChannelNotFound,
    CommunityNotFound,
    EtagMismatch,
    FailedPrecondition,
    InvalidArgument,
    MemberErased,
    MemberNotFound,
    SuggestionNotFound,
)
from service.store.sql import SqlStore

C = "garden"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = SqlStore(tmp_path / "yiqi.db")
    create_community(opened, Community(id=C, name="Garden"))
    yield opened
    opened.close()


def member(store: SqlStore, id: str) -> Member:
    record = get_member(store, C, id).record
    assert isinstance(record, Member)
    return record


# Creating.


def test_creating_the_same_thing_twice_is_success_and_other_content_is_refused(store: SqlStore) -> None:
    assert create_member(store, C, Member(id="ada", name="Ada")).version == 1
    assert create_member(store, C, Member(id="ada", name="Ada")).version == 1
    with pytest.raises(AlreadyExists, match="ada") as caught:
        create_member(store, C, Member(id="ada", name="Eve"))
    assert caught.value.reason == "DIFFERENT_CONTENT"
    with pytest.raises(AlreadyExists):
        create_community(store, Community(id=C, name="Other"))


def test_a_repeated_request_returns_what_it_made_even_when_that_changed_since(store: SqlStore) -> None:
    create_member(store, C, Member(id="ada"), request_id="r1")
    update_member(store, C, Member(id="ada", name="Ada"), ["name"])
    assert create_member(store, C, Member(id="ada"), request_id="r1").record == Member(id="ada", name="Ada")
    create_community(store, Community(id="new"), request_id="r2")
    update_community(store, Community(id="new", name="New"), ["name"])
    assert create_community(store, Community(id="new"), request_id="r2").record == Community(id="new", name="New")


def test_a_request_id_makes_one_resource_only(store: SqlStore) -> None:
    create_member(store, C, Member(id="ada"), request_id="r1")
    with pytest.raises(AlreadyExists) as caught:
        create_member(store, C, Member(id="bob"), request_id="r1")
    assert caught.value.reason == "REQUEST_ID_REUSED"
    with pytest.raises(MemberNotFound):
        get_member(store, C, "bob")


def test_a_taken_handle_an_erased_id_and_a_merged_id_are_told_apart(store: SqlStore) -> None:
    create_member(store, C, Member(id="ada", identities=(Identity("irc", "x"),)))
    for id in ("bob", "carol", "kept", "merged"):
        create_member(store, C, Member(id=id))
    with pytest.raises(AlreadyExists) as taken:
        create_member(store, C, Member(id="eve", identities=(Identity("irc", "x"),)))
    with pytest.raises(AlreadyExists) as taken_later:
        update_member(store, C, Member(id="bob", identities=(Identity("irc", "x"),)), ["identities"])
    assert taken.value.reason == taken_later.value.reason == "IDENTITY_TAKEN"
    erase_member(store, C, "carol")
    with pytest.raises(MemberErased):
        create_member(store, C, Member(id="carol"))
    merge_members(store, C, "kept", "merged")
    with pytest.raises(AlreadyExists, match="merged into another"):
        create_member(store, C, Member(id="merged"))


# Changing.


def test_an_update_sets_the_fields_of_the_mask_and_no_others(store: SqlStore) -> None:
    create_member(store, C, Member(id="ada", name="Ada", place="Leiden", aims=("trees",)))
    updated = update_member(store, C, Member(id="ada", name="A", place="Delft"), ["name", "aims"])
    assert (updated.record, updated.version) == (Member(id="ada", name="A", place="Leiden"), 2)
    assert update_member(store, C, Member(id="ada", name="B"), ["*"]).record == Member(id="ada", name="B")


@pytest.mark.parametrize("path", ["id", "colour", "", "name.first"])
def test_a_mask_that_names_no_field_is_refused(store: SqlStore, path: str) -> None:
    create_member(store, C, Member(id="ada"))
    with pytest.raises(InvalidArgument) as caught:
        update_member(store, C, Member(id="ada", name="A"), ["name", path])
    assert caught.value.reason == "UPDATE_MASK_INVALID"
    assert member(store, "ada").name == ""


def test_a_stale_version_stops_updates_and_deletions(store: SqlStore) -> None:
    create_member(store, C, Member(id="ada"))
    update_member(store, C, Member(id="ada", name="A"), ["name"], version=1)
    with pytest.raises(EtagMismatch):
        update_member(store, C, Member(id="ada", name="B"), ["name"], version=1)
    with pytest.raises(EtagMismatch):
        erase_member(store, C, "ada", version=1)
    with pytest.raises(EtagMismatch):
        delete_community(store, C, version=7)
    assert member(store, "ada").name == "A"
    erase_member(store, C, "ada", version=2)
    with pytest.raises(MemberNotFound):
        erase_member(store, C, "ada")


def test_communities_are_updated_listed_and_deleted(store: SqlStore) -> None:
    create_community(store, Community(id="attic"))
    assert update_community(store, Community(id=C, purpose="grow"), ["purpose"]).version == 2
    first = list_communities(store, size=1)
    assert ([one.record.id for one in first.items], first.next) == (["attic"], "attic")
    second = list_communities(store, first.next, 1)
    assert [one.record for one in second.items] == [Community(id=C, name="Garden", purpose="grow")]
    assert second.next == ""
    delete_community(store, C)
    with pytest.raises(CommunityNotFound):
        get_community(store, C)
    with pytest.raises(CommunityNotFound):
        delete_community(store, C)


def test_pages_cover_everything_once_and_keep_within_bounds(store: SqlStore) -> None:
    store.put(C, [Member(id=f"m{at:04}") for at in range(1100)])
    assert len(list_members(store, C).items) == 50
    assert len(list_members(store, C, size=5000).items) == 1000
    seen, after = [], ""
    while True:
        page = list_members(store, C, after, 300)
        seen += [one.record.id for one in page.items]
        after = page.next
        if not after:
            break
    assert seen == [f"m{at:04}" for at in range(1100)]
    with pytest.raises(InvalidArgument):
        list_members(store, C, size=-1)


def test_an_import_answers_for_every_member_by_itself(store: SqlStore) -> None:
    create_member(store, C, Member(id="ada", name="Ada"))
    create_member(store, C, Member(id="gone"))
    erase_member(store, C, "gone")
    rows = [
        Member(id="ada", name="Other"),
        Member(id="bob", identities=(Identity("irc", "b"),)),
        Member(id="eve", identities=(Identity("irc", "b"),)),
        Member(id="gone"),
    ]
    results = import_members(store, C, rows).items
    assert [(one.id, one.status, one.error.reason if one.error else "") for one in results] == [
        ("ada", "rejected", "DIFFERENT_CONTENT"),
        ("bob", "created", ""),
        ("eve", "rejected", "IDENTITY_TAKEN"),
        ("gone", "rejected", "MEMBER_ERASED"),
    ]
    again = import_members(store, C, rows, replace_existing=True).items
    assert [one.status for one in again] == ["replaced", "unchanged", "rejected", "rejected"]


def test_a_pause_is_set_and_ended(store: SqlStore) -> None:
    create_member(store, C, Member(id="ada", name="Ada"))
    assert pause_member(store, C, "ada", 10**16).record == Member(id="ada", name="Ada", paused_until=10**16)
    assert pause_member(store, C, "ada", None).record == Member(id="ada", name="Ada")


def test_merging_asks_for_two_members(store: SqlStore) -> None:
    create_member(store, C, Member(id="ada", aims=("trees",)))
    create_member(store, C, Member(id="eda", place="Delft"))
    with pytest.raises(InvalidArgument):
        merge_members(store, C, "ada", "ada")
    with pytest.raises(MemberNotFound):
        merge_members(store, C, "ada", "nobody")
    assert merge_members(store, C, "ada", "eda").record == Member(id="ada", aims=("trees",), place="Delft")


# Blocks.


def pairs(store: SqlStore, who: str) -> list[tuple[str, str]]:
    blocks = [one.record for one in list_blocks(store, C, member=who).items]
    return [(block.source, block.target) for block in blocks if isinstance(block, Block)]


def test_blocking_twice_blocks_once_and_unblocking_takes_back_only_the_own_block(store: SqlStore) -> None:
    for id in ("ada", "bob"):
        create_member(store, C, Member(id=id))
    block_member(store, C, "ada", "bob", now=5)
    block_member(store, C, "ada", "bob", now=6)
    block_member(store, C, "bob", "ada", now=7)
    assert sorted(pairs(store, "ada")) == [("ada", "bob"), ("bob", "ada")]
    unblock_member(store, C, "ada", "bob")
    unblock_member(store, C, "ada", "bob")
    assert pairs(store, "ada") == [("bob", "ada")]


def test_unblocking_reaches_blocks_that_an_import_or_a_merge_brought(store: SqlStore) -> None:
    for id in ("ada", "bob", "bobby"):
        create_member(store, C, Member(id=id))
    store.put(C, [Block(id="17", source="ada", target="bob"), Block(id="18", source="ada", target="bobby")])
    merge_members(store, C, "bob", "bobby")
    unblock_member(store, C, "ada", "bob")
    assert pairs(store, "ada") == []


def test_blocks_of_look_alike_pairs_do_not_collide(store: SqlStore) -> None:
    for id in ("a", "a~b", "b~c", "c", "x" * 128):
        create_member(store, C, Member(id=id))
    for source, target in (("a", "b~c"), ("a~b", "c"), ("x" * 128, "c")):
        block_member(store, C, source, target, now=1)
    assert pairs(store, "a") == [("a", "b~c")]
    assert sorted(pairs(store, "c")) == [("a~b", "c"), ("x" * 128, "c")]
    assert all(len(one.record.id) <= 128 for one in list_blocks(store, C).items)


def test_nobody_blocks_themselves_or_a_stranger(store: SqlStore) -> None:
    create_member(store, C, Member(id="ada"))
    with pytest.raises(InvalidArgument):
        block_member(store, C, "ada", "ada", now=1)
    with pytest.raises(MemberNotFound):
        block_member(store, C, "ada", "nobody", now=1)
    with pytest.raises(MemberNotFound):
        unblock_member(store, C, "ada", "nobody")


# Suggestions.


def suggest(store: SqlStore, **fields: str) -> None:
    store.put(C, [Message(id="m", author="ada", time=1), Suggestion(id="s", member="ada", message="m", **fields)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "stated"),
    [
        ("aims", Member(id="ada", name="ada", aims=("baking",))),
        ("values", Member(id="ada", name="ada", values=("baking",))),
        ("offers", Member(id="ada", name="ada", offers=(Need("baking", "growth"),))),
        ("seeks", Member(id="ada", name="ada", seeks=(Need("baking", "growth"),))),
        ("place", Member(id="ada", name="ada", place="baking")),
    ],
)
def test_a_confirmed_suggestion_becomes_a_statement_once(store: SqlStore, field: str, stated: Member) -> None:
    suggest(store, field=field, text="baking", kind="growth")
    for _ in range(2):
        confirmed = confirm_suggestion(store, C, "ada", "s").record
        assert isinstance(confirmed, Suggestion)
        assert confirmed.state == "confirmed"
        assert member(store, "ada") == stated
    with pytest.raises(FailedPrecondition):
        strike_suggestion(store, C, "ada", "s")


def test_a_struck_suggestion_changes_no_statement_and_stays_struck(store: SqlStore) -> None:
    suggest(store, field="aims", text="baking")
    strike_suggestion(store, C, "ada", "s")
    strike_suggestion(store, C, "ada", "s")
    with pytest.raises(FailedPrecondition):
        confirm_suggestion(store, C, "ada", "s")
    assert member(store, "ada").aims == ()
    assert [one.record.id for one in list_suggestions(store, C, member="ada", state="struck").items] == ["s"]
    assert list_suggestions(store, C, state="open").items == []


def test_a_suggestion_is_found_only_under_its_own_member(store: SqlStore) -> None:
    suggest(store, field="aims", text="baking")
    create_member(store, C, Member(id="bob"))
    for attempt in (confirm_suggestion, strike_suggestion):
        with pytest.raises(SuggestionNotFound):
            attempt(store, C, "bob", "s")
    with pytest.raises(MemberNotFound):
        list_suggestions(store, C, member="nobody")
    assert list_suggestions(store, C, member="bob").items == []


# Channels.


def test_a_closed_channel_is_not_deleted_before_it_is_opened(store: SqlStore) -> None:
    create_channel(store, C, Channel(id="shed", visibility="private", members=("ada",)))
    with pytest.raises(FailedPrecondition):
        delete_channel(store, C, "shed")
    assert [one.record.id for one in list_channels(store, C).items] == ["shed"]
    update_channel(store, C, Channel(id="shed", visibility="community"), ["visibility"])
    delete_channel(store, C, "shed")
    with pytest.raises(ChannelNotFound):
        delete_channel(store, C, "shed")
