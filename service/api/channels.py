"""ChannelService: where messages are said."""

from __future__ import annotations

from grpc import ServicerContext
from yiqi.v1 import channel_pb2 as pb
from yiqi.v1 import channel_pb2_grpc

from models.domain.records import Channel
from service.api import paging
from service.api.codec import channel_message, channel_record, version
from service.api.masks import masked_fields
from service.application import channels as usecase
from service.core.names import child_of, community_of
from service.store.contract import Store, Stored


class ChannelServicer(channel_pb2_grpc.ChannelServiceServicer):
    """Unpacks, calls `service.application.channels`, packs."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def CreateChannel(self, request: pb.CreateChannelRequest, context: ServicerContext) -> pb.CreateChannelResponse:
        community = community_of(request.parent)
        record = channel_record(request.channel, community, request.channel_id)
        stored = usecase.create_channel(self._store, community, record, request_id=request.request_id)
        return pb.CreateChannelResponse(channel=_message(stored, community), sequence=stored.revision)

    def GetChannel(self, request: pb.GetChannelRequest, context: ServicerContext) -> pb.GetChannelResponse:
        community, channel = child_of(request.name, "channels")
        stored = usecase.get_channel(self._store, community, channel)
        return pb.GetChannelResponse(channel=_message(stored, community))

    def UpdateChannel(self, request: pb.UpdateChannelRequest, context: ServicerContext) -> pb.UpdateChannelResponse:
        changes = request.channel
        community, channel = child_of(changes.name, "channels", "channel.name")
        mask = masked_fields(changes, request.update_mask)
        record = channel_record(changes, community, channel)
        stored = usecase.update_channel(self._store, community, record, mask, version(changes.etag))
        return pb.UpdateChannelResponse(channel=_message(stored, community), sequence=stored.revision)

    def ListChannels(self, request: pb.ListChannelsRequest, context: ServicerContext) -> pb.ListChannelsResponse:
        community = community_of(request.parent)
        scope = ("ListChannels", community)
        after = paging.after(request.page_token, *scope)
        page = usecase.list_channels(self._store, community, after, paging.size(request.page_size))
        return pb.ListChannelsResponse(
            channels=[_message(stored, community) for stored in page.items],
            next_page_token=paging.token(page.next, *scope),
        )

    def DeleteChannel(self, request: pb.DeleteChannelRequest, context: ServicerContext) -> pb.DeleteChannelResponse:
        community, channel = child_of(request.name, "channels")
        revision = usecase.delete_channel(self._store, community, channel, version(request.etag))
        return pb.DeleteChannelResponse(sequence=revision)


def _message(stored: Stored[Channel], community: str) -> pb.Channel:
    return channel_message(stored.record, community, stored.version)
