"""One community of a running server, for those who may lose nothing: every call waits until the server answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Event
from typing import TypeVar

import grpc
from yiqi.client import YiqiClient, YiqiRpcError, channel_name, id_of, member_name, message_name
from yiqi.v1 import channel_pb2, errors_pb2, member_pb2, message_pb2
from yiqi.v1.common_pb2 import BatchSummary

from models.domain.records import Channel, Member, Message
from service.api.codec import (
    channel_message,
    channel_record,
    member_message,
    member_record,
    message_message,
    version,
)
from service.application.import_newer import better

T = TypeVar("T")
Refused = Callable[[str], None]

# What another try may mend: the server restarts, is busy, or has a fault that somebody will look at.
_PASSING = frozenset(
    (
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNKNOWN,
    )
)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds, doubled from the one to the other
_PIECE = 500  # members at once: of more than 1000 the server would not say of each why it was refused
_MOST_MEMBERS = 10_000  # of a channel, by the contract
_CHANGED_MEANWHILE = "ETAG_MISMATCH"


class Stopped(Exception):
    """Listening ends before the server took what it was given: it must not be acknowledged."""


class Door:
    """Calls return once the server has made durable what they give. Raises Stopped, and YiqiRpcError for what no
    waiting mends. `say` is told when the server cannot be reached, and when it answers again."""

    def __init__(self, client: YiqiClient, community: str, stopped: Event, say: Callable[[str], None]) -> None:
        self._client, self._community = client, community
        self._stopped, self._say = stopped, say

    def holders(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Every handle that somebody has, and the id of who has it."""
        members: list[member_pb2.Member] = self._answer(lambda: list(self._client.list_members(self._community)))
        for member in members:
            yield from (((one.platform, one.handle), id_of(member.name)) for one in member.identities)

    def found(self, text: str, platform: str = "") -> list[str]:
        """Who may be meant by a handle on a platform, or by an id, also one that was merged; the surest first."""
        request = member_pb2.FindMembersRequest(parent=self._parent, text=text, platform=platform)
        reply: member_pb2.FindMembersResponse = self._answer(lambda: self._client.members.FindMembers(request))
        sure = (member_pb2.FOUND_BY_IDENTITY, member_pb2.FOUND_BY_ID)
        return [id_of(one.member.name) for one in reply.members if one.found_by in sure]

    def put_members(self, members: Sequence[Member], refused: Refused) -> int:
        """Adds people, and to those who are there what is newer, as an import does. How many are new."""
        created = 0
        for at in range(0, len(members), _PIECE):
            piece = members[at : at + _PIECE]
            summary = self._import(piece)
            created += summary.created
            for index in _different(summary, refused):
                self._settle_member(piece[index])
        return created

    def put_channel(self, channel: Channel) -> None:
        """Adds a channel; one that is there keeps who was in it, and the narrower of both visibilities."""
        channel = replace(channel, members=channel.members[:_MOST_MEMBERS])
        content = channel_message(channel, self._community, 0)
        request = channel_pb2.CreateChannelRequest(parent=self._parent, channel_id=channel.id, channel=content)
        try:
            self._answer(lambda: self._client.channels.CreateChannel(request))
        except YiqiRpcError as error:
            if error.status != grpc.StatusCode.ALREADY_EXISTS:
                raise
            self._settle_channel(channel)

    def put_messages(self, messages: Sequence[Message], refused: Refused) -> int:
        """Adds messages; one that is there with other words was edited since, and stays. How many are new."""
        sent = [message_message(one, self._community) for one in messages]
        summary = self._answer(lambda: self._client.ingest_messages(self._community, sent)).summary
        _different(summary, refused)
        return summary.created

    def edit_message(self, id: str, author: str, text: str, mentions: Sequence[str], refused: Refused) -> bool:
        """Gives a message other words. False where there is none of this author."""
        message = self._message(id)
        if message is None or not self._is(author, id_of(message.author)):
            return False
        message.text = text
        message.mentions[:] = [member_name(self._community, one) for one in mentions if one != author]
        replaced = self._answer(lambda: self._client.ingest_messages(self._community, [message], replace_existing=True))
        _different(replaced.summary, refused)
        return True

    def delete_message(self, id: str) -> bool:
        """Forgets a message. False where there is none."""
        request = message_pb2.DeleteMessageRequest(name=message_name(self._community, id))
        return self._unless_gone(lambda: self._client.messages.DeleteMessage(request)) is not None

    @property
    def _parent(self) -> str:
        return f"communities/{self._community}"

    def _import(self, members: Sequence[Member]) -> BatchSummary:
        sent = [member_message(one, self._community, 0) for one in members]
        request = member_pb2.ImportMembersRequest(parent=self._parent, members=sent)
        reply: member_pb2.ImportMembersResponse = self._answer(
            lambda: self._client.members.ImportMembers(iter((request,)))
        )
        return reply.summary

    def _message(self, id: str) -> message_pb2.Message | None:
        request = message_pb2.GetMessageRequest(name=message_name(self._community, id))
        reply: message_pb2.GetMessageResponse | None = self._unless_gone(
            lambda: self._client.messages.GetMessage(request)
        )
        return reply.message if reply else None

    def _is(self, author: str, stored: str) -> bool:
        """Whether an author is who a message names: they may have been merged into somebody since."""
        return author == stored or stored in self.found(author)

    def _settle_member(self, member: Member) -> None:
        name = member_name(self._community, member.id)

        def once() -> None:
            request = member_pb2.GetMemberRequest(name=name)
            reply: member_pb2.GetMemberResponse | None = self._unless_gone(
                lambda: self._client.members.GetMember(request)
            )
            if reply is None:
                return
            stored = member_record(reply.member, member.id)
            newer = better(stored, member)
            if isinstance(newer, Member) and newer != stored:
                message = member_message(newer, self._community, version(reply.member.etag) or 0)
                changed = member_pb2.UpdateMemberRequest(member=message)
                changed.update_mask.paths.append("*")
                self._answer(lambda: self._client.members.UpdateMember(changed))

        _until_unchanged(once)

    def _settle_channel(self, channel: Channel) -> None:
        name = channel_name(self._community, channel.id)

        def once() -> None:
            request = channel_pb2.GetChannelRequest(name=name)
            reply: channel_pb2.GetChannelResponse = self._answer(lambda: self._client.channels.GetChannel(request))
            stored = channel_record(reply.channel, self._community, channel.id)
            newer = better(stored, channel)
            if isinstance(newer, Channel) and newer != stored:
                message = channel_message(newer, self._community, version(reply.channel.etag) or 0)
                changed = channel_pb2.UpdateChannelRequest(channel=message)
                changed.update_mask.paths.append("*")
                self._answer(lambda: self._client.channels.UpdateChannel(changed))

        _until_unchanged(once)

    def _unless_gone(self, call: Callable[[], T]) -> T | None:
        try:
            return self._answer(call)
        except YiqiRpcError as error:
            if error.reason not in ("MEMBER_NOT_FOUND", "MESSAGE_NOT_FOUND", "MEMBER_ERASED"):
                raise
            return None

    def _answer(self, call: Callable[[], T]) -> T:
        """The answer of a call, however long the server is away."""
        pause, waited = _FIRST_PAUSE, False
        while True:
            try:
                answer = call()
            except YiqiRpcError as error:
                if error.status not in _PASSING:
                    raise
                if not waited:
                    self._say(f"waiting for the server: {error.sentence or error.status.name}")
                waited = True
                if self._stopped.wait(pause):
                    raise Stopped from None
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                if waited:
                    self._say("the server answers again")
                return answer


def _different(summary: BatchSummary, refused: Refused) -> list[int]:
    """The places of items that are there with other content; `refused` is told why others are not taken."""
    different = []
    for one in summary.rejections:
        if one.reason == errors_pb2.ERROR_REASON_DIFFERENT_CONTENT:
            different.append(one.index)
        else:
            reason = errors_pb2.ErrorReason.Name(one.reason).removeprefix("ERROR_REASON_")
            refused(f"refused by the server ({reason})")
    return different


def _until_unchanged(settle: Callable[[], None]) -> None:
    """Does it again as long as somebody else changed the record meanwhile."""
    while True:
        try:
            return settle()
        except YiqiRpcError as error:
            if error.reason != _CHANGED_MEANWHILE:
                raise
