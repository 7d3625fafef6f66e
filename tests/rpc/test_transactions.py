"""A call is one transaction: what it checks still holds when it writes, and its `sequence` is that of its own write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from yiqi.client import YiqiClient, YiqiRpcError
from yiqi.v1 import channel_pb2 as channels
from yiqi.v1 import community_pb2 as communities
from yiqi.v1 import member_pb2 as members
from yiqi.v1 import project_pb2 as projects

from models.domain.records import Channel, Community, Member, Message, Project, Suggestion
from service.store.sql import SqlStore
from tests.rpc.conftest import NOW, Running
from tests.statements import after_the_first_transaction, counted, in_between

C = "communities/c"
ANN = f"{C}/members/ann"
AIM = f"{ANN}/suggestions/s"
STATEMENTS = 8

Call = Callable[[YiqiClient], Any]
ETAGS: dict[str, tuple[str, Call, Callable[[YiqiClient, str], Any], Call]] = {
    "member": (
        "members",
        lambda yiqi: yiqi.get_member("c", "ann").etag,
        lambda yiqi, etag: yiqi.members.DeleteMember(members.DeleteMemberRequest(name=ANN, etag=etag)),
        lambda yiqi: yiqi.update_member("c", "ann", members.Member(place="Bath")),
    ),
    "channel": (
        "channels",
        lambda yiqi: yiqi.channels.GetChannel(channels.GetChannelRequest(name=f"{C}/channels/tea")).channel.etag,
        lambda yiqi, etag: yiqi.channels.DeleteChannel(
            channels.DeleteChannelRequest(name=f"{C}/channels/tea", etag=etag)
        ),
        lambda yiqi: yiqi.channels.UpdateChannel(
            channels.UpdateChannelRequest(
                channel=channels.Channel(name=f"{C}/channels/tea", visibility=channels.VISIBILITY_PRIVATE)
            )
        ),
    ),
    "project": (
        "projects",
        lambda yiqi: yiqi.projects.GetProject(projects.GetProjectRequest(name=f"{C}/projects/p")).project.etag,
        lambda yiqi, etag: yiqi.projects.DeleteProject(
            projects.DeleteProjectRequest(name=f"{C}/projects/p", etag=etag)
        ),
        lambda yiqi: yiqi.projects.JoinProject(projects.JoinProjectRequest(name=f"{C}/projects/p", member=ANN)),
    ),
    "community": (
        "communities",
        lambda yiqi: yiqi.communities.GetCommunity(communities.GetCommunityRequest(name=C)).community.etag,
        lambda yiqi, etag: yiqi.communities.DeleteCommunity(communities.DeleteCommunityRequest(name=C, etag=etag)),
        lambda yiqi: yiqi.communities.UpdateCommunity(
            communities.UpdateCommunityRequest(community=communities.Community(name=C, purpose="tea"))
        ),
    ),
}


@pytest.fixture
def yiqi(running: Running) -> Running:
    fill(running.store)
    return running


def fill(store: SqlStore) -> None:
    said = Message(id="m", author="ann", time=NOW)
    aim = Suggestion(id="s", member="ann", field="aims", text="fame", message="m")
    tea, plan = Channel(id="tea"), Project(id="p", time=NOW, state="open")
    store.put("c", [Community(id="c"), Member(id="ann", name="Ann"), said, aim, tea, plan])


def tried(call: Callable[[], object]) -> str:
    """The reason of a refusal, "" for success."""
    try:
        call()
    except YiqiRpcError as error:
        return error.reason
    return ""


@pytest.mark.parametrize("kind", ETAGS)
def test_nothing_is_deleted_that_changed_since_the_caller_saw_it(yiqi: Running, kind: str) -> None:
    table, etag, delete, change = ETAGS[kind]
    seen = etag(yiqi.client)
    changed: list[str] = []
    with in_between(table, lambda: changed.append(tried(lambda: change(yiqi.client)))):
        deleted = tried(lambda: delete(yiqi.client, seen))
    assert [deleted, *changed].count("") == 1, "the deletion of what was seen, or the change of what stays"


@pytest.mark.parametrize("read", ["suggestions", "members"])
def test_a_suggestion_struck_while_it_is_confirmed_is_one_of_both(yiqi: Running, read: str) -> None:
    confirm, strike = members.ConfirmSuggestionRequest(name=AIM), members.StrikeSuggestionRequest(name=AIM)
    struck: list[str] = []
    with in_between(read, lambda: struck.append(tried(lambda: yiqi.client.members.StrikeSuggestion(strike)))):
        confirmed = tried(lambda: yiqi.client.members.ConfirmSuggestion(confirm))
    assert sorted([confirmed, *struck]) == ["", "STATE_CONFLICT"]
    aims, state = list(yiqi.client.get_member("c", "ann").aims), suggestion_state(yiqi)
    assert (aims, state) == ((["fame"], "confirmed") if confirmed == "" else ([], "struck"))


def suggestion_state(yiqi: Running) -> str:
    found = yiqi.store.get("c", "suggestion", ["s"])["s"].record
    assert isinstance(found, Suggestion)
    return found.state


def test_a_sequence_is_that_of_the_write_it_answers(yiqi: Running) -> None:
    with after_the_first_transaction(lambda: yiqi.client.create_member("c", "another")):
        told = yiqi.client.create_member("c", "bo").sequence
    assert told == next(change.seq for change in yiqi.store.changes("c", 0) if change.id == "bo")


@pytest.mark.parametrize("request_id", ["", "once"])
def test_a_member_is_created_in_one_transaction(yiqi: Running, request_id: str) -> None:
    request = members.CreateMemberRequest(parent=C, member_id="bo", request_id=request_id)
    with counted() as found:
        yiqi.client.members.CreateMember(request)
    assert (found.transactions, found.commits) == (1, 1)
    assert len(found.statements) <= STATEMENTS, "\n".join(found.statements)


def test_a_member_is_updated_in_one_transaction(yiqi: Running) -> None:
    with counted() as found:
        yiqi.client.update_member("c", "ann", members.Member(place="Bath"))
    assert (found.transactions, found.commits) == (1, 1)
    assert len(found.statements) <= STATEMENTS, "\n".join(found.statements)
