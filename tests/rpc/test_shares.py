"""Whom a call is charged to is read off the same field as whom it asks."""

from __future__ import annotations

import pytest
from google.protobuf import message_factory
from yiqi.v1 import recommendation_pb2

from service.api.interceptors.methods import OURS as PREFIX
from service.api.interceptors.shares import share_reader
from service.application.policies import community_asked
from service.core.errors import InvalidArgument
from tests.rpc.callers import CALLS, OURS, THEIRS, request_of

NAME = f"communities/{THEIRS}/members/ann".encode()
UNKNOWN = b"\xfa\x3f" + bytes([len(NAME)]) + NAME  # field 1023, which no message has


@pytest.mark.parametrize("name", [one for one, method in CALLS.items() if not method.client_streaming])
def test_a_call_is_charged_to_the_community_that_it_asks(name: str) -> None:
    ours, theirs = (request_of(name, one).SerializeToString() for one in (OURS, THEIRS))
    read = message_factory.GetMessageClass(CALLS[name].input_type).FromString
    for raw in (ours, UNKNOWN + ours, ours + UNKNOWN, theirs + ours, ours + theirs):
        assert share_reader(PREFIX + name)(raw) == community_asked(name, read(raw))


def test_a_name_in_a_text_charges_nobody() -> None:
    request = recommendation_pb2.SearchMembersRequest(parent=f"communities/{OURS}", query=NAME.decode())
    share = share_reader(f"{PREFIX}RecommendationService/SearchMembers")
    assert share(request.SerializeToString()) == OURS
    request.parent = ""
    assert share(request.SerializeToString()) == ""


@pytest.mark.parametrize("raw", [b"", b"\xff", b"\x0a\x02\xc3\x28", b"\x0a\x05abc"])
def test_what_names_no_community_is_charged_to_none(raw: bytes) -> None:
    name = "MemberService/ListMembers"
    assert share_reader(PREFIX + name)(raw) == ""
    with pytest.raises(InvalidArgument):
        community_asked(name, message_factory.GetMessageClass(CALLS[name].input_type)())
