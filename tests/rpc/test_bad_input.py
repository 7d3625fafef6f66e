"""What happens to bad input: each kind gets its status, its reason and a sentence, and nothing is half-written."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from yiqi.client import YiqiRpcError
from yiqi.v1 import channel_pb2, community_pb2, errors_pb2, feed_pb2, invitation_pb2, message_pb2_grpc
from yiqi.v1 import member_pb2 as members
from yiqi.v1 import message_pb2 as messages
from yiqi.v1 import outcome_pb2 as outcomes
from yiqi.v1 import project_pb2 as projects
from yiqi.v1 import recommendation_pb2 as recommendations
from yiqi.v1.common_pb2 import Attribute, Need

from models.domain.records import Community, Member, Message, Project
from service.api import paging
from service.core.errors import ERRORS

from .conftest import NOW, Running

C, D = "communities/c", "communities/d"
ANN, BO, DEE = f"{C}/members/ann", f"{C}/members/bo", f"{D}/members/dee"
T = Timestamp(seconds=NOW // 1_000_000)
FUTURE = Timestamp(seconds=NOW // 1_000_000 + 400)
ANCIENT = Timestamp(seconds=-10)


@pytest.fixture
def yiqi(running: Running) -> Running:
    """Two communities, with a little in them."""
    store = running.store
    for id in ("c", "d"):
        store.put(id, [Community(id=id)])
    store.put("c", [Member(id="ann", name="Ann"), Member(id="bo")])
    store.put("c", [Message(id="m1", author="ann", time=NOW, text="tea")])
    store.put("c", [Project(id="p1", time=NOW, title="Tea house", members=("ann",), state="open")])
    store.put("d", [Member(id="dee")])
    return running


def create(y: Running, id: str = "new", parent: str = C, **fields: Any) -> Any:
    request = members.CreateMemberRequest(parent=parent, member_id=id, member=members.Member(**fields))
    return y.client.members.CreateMember(request)


def update(y: Running, name: str = ANN, mask: tuple[str, ...] = (), **fields: Any) -> Any:
    content = members.Member(name=name, **fields)
    return y.client.members.UpdateMember(members.UpdateMemberRequest(member=content, update_mask=FieldMask(paths=mask)))


def peers(y: Running, member: str = ANN, min_sequence: int = 0, **options: Any) -> Any:
    request = recommendations.RecommendPeersRequest(
        member=member, options=recommendations.RecommendOptions(**options), min_sequence=min_sequence
    )
    return y.client.recommendations.RecommendPeers(request)


def collaborators(y: Running, **fields: Any) -> Any:
    request = recommendations.RecommendCollaboratorsRequest(parent=C, **fields)
    return y.client.recommendations.RecommendCollaborators(request)


def search(y: Running, query: str) -> Any:
    request = recommendations.SearchMembersRequest(parent=C, query=query)
    return y.client.recommendations.SearchMembers(request)


def page(y: Running, token: str = "", size: int = 1, parent: str = C) -> Any:
    return y.client.members.ListMembers(members.ListMembersRequest(parent=parent, page_size=size, page_token=token))


def project(y: Running, id: str = "new", **fields: Any) -> Any:
    request = projects.CreateProjectRequest(parent=C, project_id=id, project=projects.Project(**fields))
    return y.client.projects.CreateProject(request)


def join(y: Running, name: str, member: str) -> Any:
    return y.client.projects.JoinProject(projects.JoinProjectRequest(name=name, member=member))


def block(y: Running, name: str, other: str) -> Any:
    return y.client.members.BlockMember(members.BlockMemberRequest(name=name, blocked_member=other))


def merge(y: Running, name: str, other: str) -> Any:
    return y.client.members.MergeMembers(members.MergeMembersRequest(name=name, merged_member=other))


def ingest(y: Running, *pieces: messages.IngestMessagesRequest) -> Any:
    return y.client.messages.IngestMessages(iter(pieces))


def raw(y: Running, service: str, method: str, data: bytes) -> Any:
    """Bytes as no well-behaved client would send them."""
    try:
        return y.channel.unary_unary(f"/yiqi.v1.{service}/{method}")(data, timeout=10)
    except grpc.RpcError as error:
        reason = dict(error.trailing_metadata()).get("yiqi-reason", "")
        raise YiqiRpcError(error.code(), reason, error.details()) from None


def other_list_token(y: Running) -> str:
    return str(page(y).next_page_token)


Call = Callable[[Running], Any]
NOT_FOUND, INVALID = "NOT_FOUND", "INVALID_ARGUMENT"
CASES: dict[str, tuple[Call, str, str, str]] = {
    # Things that are not there.
    "an unknown community": (
        lambda y: y.client.communities.DeleteCommunity(community_pb2.DeleteCommunityRequest(name="communities/x")),
        NOT_FOUND, "COMMUNITY_NOT_FOUND", "x",
    ),
    "a member of an unknown community": (
        lambda y: create(y, parent="communities/x"), NOT_FOUND, "COMMUNITY_NOT_FOUND", "x",
    ),
    "a list of an unknown community": (
        lambda y: page(y, parent="communities/x"), NOT_FOUND, "COMMUNITY_NOT_FOUND", "x",
    ),
    "messages for an unknown community": (
        lambda y: ingest(y, messages.IngestMessagesRequest(parent="communities/x", messages=[message("m9")])),
        NOT_FOUND, "COMMUNITY_NOT_FOUND", "x",
    ),
    "an unknown member": (lambda y: update(y, f"{C}/members/zoe", place="Xi'an"), NOT_FOUND, "MEMBER_NOT_FOUND", "zoe"),
    "a member of another community": (
        lambda y: y.client.get_member("c", "dee"), NOT_FOUND, "MEMBER_NOT_FOUND", "dee",
    ),
    "an unknown message": (
        lambda y: y.client.messages.DeleteMessage(messages.DeleteMessageRequest(name=f"{C}/messages/zz")),
        NOT_FOUND, "MESSAGE_NOT_FOUND", "zz",
    ),
    "an unknown project": (lambda y: join(y, f"{C}/projects/zz", BO), NOT_FOUND, "PROJECT_NOT_FOUND", "zz"),
    "an unknown member joining": (
        lambda y: join(y, f"{C}/projects/p1", f"{C}/members/zoe"), NOT_FOUND, "MEMBER_NOT_FOUND", "zoe",
    ),
    "an unknown channel": (
        lambda y: y.client.channels.GetChannel(channel_pb2.GetChannelRequest(name=f"{C}/channels/zz")),
        NOT_FOUND, "CHANNEL_NOT_FOUND", "zz",
    ),
    "an unknown suggestion": (
        lambda y: y.client.members.StrikeSuggestion(members.StrikeSuggestionRequest(name=f"{ANN}/suggestions/zz")),
        NOT_FOUND, "SUGGESTION_NOT_FOUND", "zz",
    ),
    # Another community than the request's.
    "a block across communities": (lambda y: block(y, ANN, DEE), INVALID, "WRONG_COMMUNITY", "dee"),
    "a project joined across communities": (
        lambda y: join(y, f"{C}/projects/p1", DEE), INVALID, "WRONG_COMMUNITY", "dee",
    ),
    "an exclusion of another community": (lambda y: peers(y, exclude=[DEE]), INVALID, "WRONG_COMMUNITY", "dee"),
    "a project with a stranger to the community": (
        lambda y: project(y, members=[ANN, DEE]), INVALID, "WRONG_COMMUNITY", "dee",
    ),
    "two communities in one stream": (
        lambda y: ingest(
            y,
            messages.IngestMessagesRequest(parent=C),
            messages.IngestMessagesRequest(parent=D, messages=[message("x")]),
        ),
        INVALID, "WRONG_COMMUNITY", "communities/d",
    ),
    # Names and ids.
    "an empty id": (lambda y: create(y, ""), INVALID, "FIELD_REQUIRED", "member_id"),
    "an id with a slash": (lambda y: create(y, "a/b"), INVALID, "ID_MALFORMED", "a/b"),
    "an id with a NUL": (lambda y: create(y, "a\x00b"), INVALID, "ID_MALFORMED", "member_id"),
    "an id with a line break": (lambda y: create(y, "a\nb"), INVALID, "ID_MALFORMED", "member_id"),
    "an id of 129 characters": (lambda y: create(y, "界" * 129), INVALID, "ID_MALFORMED", "member_id"),
    "an empty name": (lambda y: peers(y, ""), INVALID, "FIELD_REQUIRED", "member"),
    "a name of the wrong kind": (lambda y: peers(y, f"{C}/projects/p1"), INVALID, "NAME_MALFORMED", "members"),
    "a bare id for a name": (lambda y: peers(y, "ann"), INVALID, "NAME_MALFORMED", "communities/{id}"),
    # Texts.
    "an empty query": (lambda y: search(y, ""), INVALID, "FIELD_REQUIRED", "query"),
    "an oversized query": (lambda y: search(y, "x" * 20_001), INVALID, "TEXT_TOO_LONG", "20001"),
    "an oversized profile": (lambda y: update(y, profile="界" * 6667), INVALID, "TEXT_TOO_LONG", "20000"),
    "a NUL in a text": (lambda y: update(y, profile="a\x00b"), INVALID, "FORBIDDEN_CHARACTER", "member.profile"),
    "a request over 8 MB": (
        lambda y: update(y, profile="x" * 9_000_000), "RESOURCE_EXHAUSTED", "", "larger than max",
    ),
    "too many items": (lambda y: update(y, aims=["x"] * 101), INVALID, "TOO_MANY_ITEMS", "101"),
    "too many to leave out": (
        lambda y: peers(y, exclude=[f"{C}/members/x{n}" for n in range(100_001)]), INVALID, "TOO_MANY_ITEMS", "100001",
    ),
    "too many messages in one batch": (
        lambda y: y.client.messages.BatchCreateMessages(
            messages.BatchCreateMessagesRequest(parent=C, messages=[message(f"x{i}") for i in range(1001)])
        ),
        INVALID, "TOO_MANY_ITEMS", "1001",
    ),
    "an empty batch": (
        lambda y: y.client.messages.BatchCreateMessages(messages.BatchCreateMessagesRequest(parent=C)),
        INVALID, "FIELD_REQUIRED", "messages",
    ),
    "an empty stream": (lambda y: ingest(y), INVALID, "FIELD_REQUIRED", "parent"),
    "a stream that names no community": (
        lambda y: ingest(y, messages.IngestMessagesRequest(messages=[message("x")])),
        INVALID, "FIELD_REQUIRED", "parent",
    ),
    "an empty offer": (lambda y: update(y, offers=[Need(text="")]), INVALID, "FIELD_REQUIRED", "offers[0].text"),
    "a lone surrogate on the wire": (
        lambda y: raw(y, "MemberService", "GetMember", b"\x0a\x03\xed\xa0\x80"), INVALID, "MALFORMED_REQUEST", "UTF-8",
    ),
    "bytes that are no protobuf": (
        lambda y: raw(y, "MemberService", "GetMember", b"\xff\xff\xff"), INVALID, "MALFORMED_REQUEST", "protobuf",
    ),
    # Numbers, enums, times, formats.
    "a negative limit": (lambda y: peers(y, limit=-1), INVALID, "OUT_OF_RANGE", "-1"),
    "an absurd limit": (lambda y: peers(y, limit=2_000_000_000), INVALID, "OUT_OF_RANGE", "10000"),
    "a diversity of NaN": (lambda y: peers(y, diversity=float("nan")), INVALID, "OUT_OF_RANGE", "diversity"),
    "a score above 1": (lambda y: peers(y, min_score=1.5), INVALID, "OUT_OF_RANGE", "1.5"),
    "a negative sequence": (lambda y: peers(y, min_sequence=-1), INVALID, "OUT_OF_RANGE", "min_sequence"),
    "an absurd page size": (lambda y: page(y, size=1001), INVALID, "OUT_OF_RANGE", "1001"),
    "an unknown enum number": (lambda y: update(y, consent=99), INVALID, "ENUM_UNKNOWN", "99"),
    "an unknown audience": (lambda y: peers(y, audience=7), INVALID, "ENUM_UNKNOWN", "audience"),
    "a project of the future": (lambda y: project(y, time=FUTURE), INVALID, "TIME_IN_FUTURE", "project.time"),
    "a project of 1969": (lambda y: project(y, time=ANCIENT), INVALID, "TIME_TOO_EARLY", "project.time"),
    "a pause to the end of all times": (
        lambda y: update(y, paused_until=Timestamp(seconds=2**62)), INVALID, "OUT_OF_RANGE", "9999",
    ),
    "a time with absurd nanoseconds": (
        lambda y: project(y, time=Timestamp(seconds=1, nanos=-5)), INVALID, "OUT_OF_RANGE", "nanos",
    ),
    "extra_json that is no JSON": (
        lambda y: update(y, extra_json="{oops"), INVALID, "EXTRA_JSON_INVALID", "extra_json",
    ),
    "extra_json that is no object": (lambda y: update(y, extra_json="[]"), INVALID, "EXTRA_JSON_INVALID", "extra_json"),
    "extra_json nested without end": (
        lambda y: update(y, extra_json="[" * 20_000), INVALID, "EXTRA_JSON_INVALID", "extra_json",
    ),
    "an unknown time zone": (lambda y: update(y, time_zone="Mars/Base"), INVALID, "TIME_ZONE_UNKNOWN", "Mars/Base"),
    "a malformed language": (lambda y: update(y, languages=["中文"]), INVALID, "LANGUAGE_TAG_INVALID", "中文"),
    "an attribute without a value": (
        lambda y: update(y, attributes=[Attribute(name="age")]), INVALID, "INVALID_VALUE", "age",
    ),
    "an attribute twice": (
        lambda y: update(y, attributes=[Attribute(name="a", integer=1), Attribute(name="a", integer=2)]),
        INVALID, "INVALID_VALUE", "twice",
    ),
    # Pages, masks, etags, tokens, request ids.
    "a made-up page token": (lambda y: page(y, "AAAA"), INVALID, "PAGE_TOKEN_INVALID", "AAAA"),
    "a page token that is no base64": (lambda y: page(y, "%%%"), INVALID, "PAGE_TOKEN_INVALID", "%%%"),
    "a page token of another list": (
        lambda y: page(y, other_list_token(y), parent=D), INVALID, "PAGE_TOKEN_INVALID", "next_page_token",
    ),
    "a mask with an unknown field": (
        lambda y: update(y, mask=("shoe_size",)), INVALID, "UPDATE_MASK_INVALID", "shoe_size",
    ),
    "a mask with the name": (lambda y: update(y, mask=("name",)), INVALID, "UPDATE_MASK_INVALID", "name"),
    "an update without a resource": (
        lambda y: y.client.members.UpdateMember(members.UpdateMemberRequest()), INVALID, "FIELD_REQUIRED", "member",
    ),
    "an etag from elsewhere": (lambda y: update(y, place="Xi'an", etag="W/abc"), INVALID, "ETAG_MALFORMED", "W/abc"),
    "a stale etag": (lambda y: update(y, place="Xi'an", etag='"7"'), "ABORTED", "ETAG_MISMATCH", "ann"),
    "erasing under a stale etag": (
        lambda y: y.client.members.DeleteMember(members.DeleteMemberRequest(name=ANN, etag='"7"')),
        "ABORTED", "ETAG_MISMATCH", "ann",
    ),
    "an id taken by other content": (
        lambda y: create(y, "ann", display_name="Another"), "ALREADY_EXISTS", "DIFFERENT_CONTENT", "ann",
    ),
    "a community id taken by other content": (
        lambda y: y.client.create_community("c", community_pb2.Community(purpose="tea")),
        "ALREADY_EXISTS", "DIFFERENT_CONTENT", "c",
    ),
    "blocking oneself": (lambda y: block(y, ANN, ANN), INVALID, "SAME_MEMBER", "ann"),
    "merging with oneself": (lambda y: merge(y, ANN, ANN), INVALID, "SAME_MEMBER", "ann"),
    "explaining oneself": (lambda y: y.client.explain_match("c", "ann", "ann"), INVALID, "SAME_MEMBER", "ann"),
    "collaborators for nothing": (lambda y: collaborators(y), INVALID, "FIELD_REQUIRED", "target"),
    "an empty brief": (
        lambda y: collaborators(y, brief=recommendations.Brief()), INVALID, "FIELD_REQUIRED", "brief.title",
    ),
    "an index that is behind": (
        lambda y: peers(y, min_sequence=2 * 10**9), "UNAVAILABLE", "INDEX_BEHIND", "2000000000",
    ),
}  # fmt: skip


def message(id: str, **fields: Any) -> messages.Message:
    return messages.Message(**({"name": f"{C}/messages/{id}", "author": ANN, "time": T, "text": "hello"} | fields))


def heads(y: Running) -> tuple[int, int]:
    return y.store.head("c"), y.store.head("d")


def test_the_table_holds_at_least_thirty_kinds() -> None:
    assert len(CASES) >= 30


@pytest.mark.parametrize("kind", CASES)
def test_bad_input_is_refused_with_status_reason_and_sentence_and_changes_nothing(yiqi: Running, kind: str) -> None:
    call, status, reason, words = CASES[kind]
    before = heads(yiqi)
    with pytest.raises(YiqiRpcError) as caught:
        call(yiqi)
    assert (caught.value.status.name, caught.value.reason) == (status, reason)
    assert words in caught.value.sentence
    if reason:
        assert caught.value.sentence.endswith(ERRORS[reason].remedy)
    assert heads(yiqi) == before


def test_the_reason_also_travels_as_standard_error_details(yiqi: Running) -> None:
    stub = message_pb2_grpc.MessageServiceStub(yiqi.channel)
    with pytest.raises(grpc.RpcError) as caught:
        stub.GetMessage(messages.GetMessageRequest(name=f"{C}/messages/zz"), timeout=10)
    details = Status.FromString(dict(caught.value.trailing_metadata())["grpc-status-details-bin"])
    info = ErrorInfo()
    assert details.details[0].Unpack(info)
    assert (info.reason, info.domain) == ("MESSAGE_NOT_FOUND", "yiqi.v1")
    assert details.code == grpc.StatusCode.NOT_FOUND.value[0]


BAD_MESSAGES: dict[str, tuple[messages.Message, str]] = {
    "without an id": (message("x", name=""), "FIELD_REQUIRED"),
    "of another community": (message("x", name=f"{D}/messages/x"), "WRONG_COMMUNITY"),
    "by an author of another community": (message("x", author=DEE), "WRONG_COMMUNITY"),
    "without an author": (message("x", author=""), "FIELD_REQUIRED"),
    "without a time": (message("x", time=None), "FIELD_REQUIRED"),
    "of the future": (message("x", time=FUTURE), "TIME_IN_FUTURE"),
    "of 1969": (message("x", time=ANCIENT), "TIME_TOO_EARLY"),
    "of over 100 kB": (message("x", text="界" * 33_334), "TEXT_TOO_LONG"),
    "with a NUL": (message("x", text="a\x00"), "FORBIDDEN_CHARACTER"),
    "with 101 mentions": (message("x", mentions=[BO] * 101), "TOO_MANY_ITEMS"),
    "with an id that is taken": (message("m1", text="coffee"), "DIFFERENT_CONTENT"),
}


@pytest.mark.parametrize("kind", BAD_MESSAGES)
def test_a_bad_message_is_rejected_alone_and_its_neighbours_are_kept(yiqi: Running, kind: str) -> None:
    bad, reason = BAD_MESSAGES[kind]
    batch = [message("good1"), bad, message("good2", text="")]
    reply = yiqi.client.messages.BatchCreateMessages(messages.BatchCreateMessagesRequest(parent=C, messages=batch))
    assert (reply.summary.created, reply.summary.rejected) == (2, 1)
    [rejection] = reply.summary.rejections
    assert (rejection.index, rejection.reason) == (1, errors_pb2.ErrorReason.Value(f"ERROR_REASON_{reason}"))
    assert rejection.sentence.endswith(ERRORS[reason].remedy)
    assert set(yiqi.store.get("c", "message", ["good1", "good2", "x"])) == {"good1", "good2"}
    assert yiqi.store.get("c", "message", ["m1"])["m1"].record.text == "tea"  # type: ignore[union-attr]
    assert reply.sequence == yiqi.store.head("c")


def test_the_same_id_twice_in_one_batch_is_taken_once(yiqi: Running) -> None:
    batch = [message("x"), message("x"), message("x", text="other")]
    reply = yiqi.client.messages.BatchCreateMessages(messages.BatchCreateMessagesRequest(parent=C, messages=batch))
    assert (reply.summary.created, reply.summary.unchanged, reply.summary.rejected) == (1, 1, 1)
    assert reply.summary.rejections[0].index == 2


BAD_OUTCOMES: dict[str, tuple[dict[str, Any], str]] = {
    "shown without a token": ({"kind": outcomes.OUTCOME_KIND_SHOWN}, "FIELD_REQUIRED"),
    "with a forged token": ({"kind": outcomes.OUTCOME_KIND_MET, "recommendation_token": "forged"}, "TOKEN_INVALID"),
    "without a kind": ({}, "FIELD_REQUIRED"),
    "of an unknown kind": ({"kind": 77}, "ENUM_UNKNOWN"),
    "with oneself": ({"kind": outcomes.OUTCOME_KIND_MET, "target": ANN}, "SAME_MEMBER"),
    "with nobody known": ({"kind": outcomes.OUTCOME_KIND_MET, "target": f"{C}/members/zoe"}, "MEMBER_NOT_FOUND"),
    "across communities": ({"kind": outcomes.OUTCOME_KIND_MET, "target": DEE}, "WRONG_COMMUNITY"),
    "of the future": ({"kind": outcomes.OUTCOME_KIND_MET, "time": FUTURE}, "TIME_IN_FUTURE"),
}


@pytest.mark.parametrize("kind", BAD_OUTCOMES)
def test_a_bad_outcome_is_rejected_alone(yiqi: Running, kind: str) -> None:
    fields, reason = BAD_OUTCOMES[kind]
    before = heads(yiqi)
    bad = outcomes.Outcome(**({"source": ANN, "target": BO, "time": T} | fields))
    reply = yiqi.client.record_outcomes("c", [bad])
    assert [errors_pb2.ErrorReason.Name(one.reason) for one in reply.summary.rejections] == [f"ERROR_REASON_{reason}"]
    assert heads(yiqi) == before


def test_an_erased_person_does_not_come_back(yiqi: Running) -> None:
    yiqi.client.erase_member("c", "bo")
    with pytest.raises(YiqiRpcError) as caught:
        create(yiqi, "bo")
    assert (caught.value.status.name, caught.value.reason) == ("FAILED_PRECONDITION", "MEMBER_ERASED")
    reply = yiqi.client.ingest_messages("c", [message("x", author=BO)])
    assert [one.reason for one in reply.summary.rejections] == [errors_pb2.ERROR_REASON_MEMBER_ERASED]


def test_a_platform_handle_belongs_to_one_member(yiqi: Running) -> None:
    identity = members.Identity(platform="wechat", handle="tea")
    create(yiqi, "one", identities=[identity])
    with pytest.raises(YiqiRpcError) as caught:
        create(yiqi, "two", identities=[identity])
    assert (caught.value.status.name, caught.value.reason) == ("ALREADY_EXISTS", "IDENTITY_TAKEN")


def test_a_request_id_creates_one_thing(yiqi: Running) -> None:
    def make(id: str) -> Any:
        request = members.CreateMemberRequest(parent=C, member_id=id, request_id="r1")
        return yiqi.client.members.CreateMember(request)

    make("one")
    update(yiqi, f"{C}/members/one", place="Xi'an")
    assert make("one").member.place == "Xi'an"
    with pytest.raises(YiqiRpcError) as caught:
        make("two")
    assert (caught.value.status.name, caught.value.reason) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED")


def test_a_cancelled_stream_keeps_whole_pieces_and_nothing_of_the_rest(yiqi: Running) -> None:
    stored = threading.Event()

    def pieces() -> Iterator[messages.IngestMessagesRequest]:
        yield messages.IngestMessagesRequest(parent=C, messages=[message("a1"), message("a2")])
        stored.wait(10)
        while True:
            time.sleep(0.01)

    call = message_pb2_grpc.MessageServiceStub(yiqi.channel).IngestMessages.future(pieces(), timeout=30)
    wait_for(lambda: len(yiqi.store.get("c", "message", ["a1", "a2"])) == 2)
    call.cancel()
    stored.set()
    assert call.code() is grpc.StatusCode.CANCELLED
    again = [message("a1"), message("a2"), message("a3")]
    reply = yiqi.client.ingest_messages("c", again)
    assert (reply.summary.created, reply.summary.unchanged, reply.summary.rejected) == (1, 2, 0)


def test_a_stream_that_breaks_in_the_middle_keeps_what_was_whole(yiqi: Running) -> None:
    def pieces() -> Iterator[messages.IngestMessagesRequest]:
        yield messages.IngestMessagesRequest(parent=C, messages=[message("a1")])
        wait_for(lambda: bool(yiqi.store.get("c", "message", ["a1"])))
        raise ConnectionError("the sender died")

    stub = message_pb2_grpc.MessageServiceStub(yiqi.channel)
    with pytest.raises(grpc.RpcError):
        stub.IngestMessages(pieces(), timeout=10)
    assert set(yiqi.store.get("c", "message", ["a1"])) == {"a1"}


def test_a_malformed_piece_ends_a_stream_after_the_whole_ones(yiqi: Running) -> None:
    good = messages.IngestMessagesRequest(parent=C, messages=[message("a1")]).SerializeToString()
    call = yiqi.channel.stream_unary("/yiqi.v1.MessageService/IngestMessages")
    with pytest.raises(grpc.RpcError) as caught:
        call(iter([good, b"\xff\xff"]), timeout=10)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert dict(caught.value.trailing_metadata())["yiqi-reason"] == "MALFORMED_REQUEST"
    assert set(yiqi.store.get("c", "message", ["a1"])) == {"a1"}


def client_streams() -> list[str]:
    services = [one for file in (members, messages) for one in file.DESCRIPTOR.services_by_name.values()]
    return [f"/{one.full_name}/{m.name}" for one in services for m in one.methods if m.client_streaming]


@pytest.mark.parametrize("method", client_streams())
def test_a_stream_that_begins_malformed_is_refused(yiqi: Running, method: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        yiqi.channel.stream_unary(method)(iter([b"\xff\xff\xff"]), timeout=10)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert dict(caught.value.trailing_metadata())["yiqi-reason"] == "MALFORMED_REQUEST"


def test_python_strings_that_are_not_unicode_never_leave_the_client(yiqi: Running) -> None:
    before = heads(yiqi)
    with pytest.raises((UnicodeEncodeError, ValueError)):
        update(yiqi, profile="\ud800")
    assert heads(yiqi) == before


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    for _ in itertools.takewhile(lambda end: time.monotonic() < end, itertools.repeat(time.monotonic() + seconds)):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen in time")


@pytest.mark.parametrize("number", ["-5", "x", " ", "9" * 30, "٣"])
def test_a_page_that_begins_at_no_number_is_refused(yiqi: Running, number: str) -> None:
    """Whoever knows how page tokens are made can write anything into one."""
    for call, request, scope in (
        (yiqi.client.invitations.ListDue, invitation_pb2.ListDueRequest, ("ListDue", "c", "", "", "")),
        (yiqi.client.feed.ListDeadLetters, feed_pb2.ListDeadLettersRequest, ("ListDeadLetters", C, "")),
    ):
        forged = paging.token(number, *scope)
        with pytest.raises(YiqiRpcError) as refused:
            call(request(parent=C, page_token=forged))
        assert (refused.value.status, refused.value.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID")
