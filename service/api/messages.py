"""MessageService: what members said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from grpc import ServicerContext
from yiqi.v1 import message_pb2 as pb
from yiqi.v1 import message_pb2_grpc

from models.domain.records import Message, Micros
from service.api import paging
from service.api.batching import Batches, one_community
from service.api.codec import message_message, message_record
from service.application import messages as usecase
from service.application.batches import BatchResult
from service.core.names import child_of, community_of, id_within
from service.store.contract import Store


class MessageServicer(message_pb2_grpc.MessageServiceServicer):
    """Unpacks, calls `service.application.messages`, packs."""

    def __init__(self, store: Store, clock: Callable[[], Micros]) -> None:
        self._store = store
        self._clock = clock

    def IngestMessages(
        self, requests: Iterator[pb.IngestMessagesRequest], context: ServicerContext
    ) -> pb.IngestMessagesResponse:
        community = ""
        batches: Batches[pb.Message, Message] | None = None
        for request in requests:
            community = one_community(community, request.parent)
            batches = batches or self._batches(community, request.replace_existing)
            batches.take(request.messages, [item.name for item in request.messages])
        one_community(community, "")
        assert batches is not None
        return pb.IngestMessagesResponse(summary=batches.summary(), sequence=batches.revision)

    def BatchCreateMessages(
        self, request: pb.BatchCreateMessagesRequest, context: ServicerContext
    ) -> pb.BatchCreateMessagesResponse:
        community = community_of(request.parent)
        batches = self._batches(community, request.replace_existing)
        batches.take(request.messages, [item.name for item in request.messages])
        return pb.BatchCreateMessagesResponse(summary=batches.summary(), sequence=batches.revision)

    def GetMessage(self, request: pb.GetMessageRequest, context: ServicerContext) -> pb.GetMessageResponse:
        community, message = child_of(request.name, "messages")
        record = usecase.get_message(self._store, community, message).record
        return pb.GetMessageResponse(message=message_message(record, community))

    def ListMessages(self, request: pb.ListMessagesRequest, context: ServicerContext) -> pb.ListMessagesResponse:
        community = community_of(request.parent)
        author = id_within(request.author, community, "members", "author")
        scope = ("ListMessages", community, author)
        after = paging.after(request.page_token, *scope)
        page = usecase.list_messages(self._store, community, after, paging.size(request.page_size), author=author)
        return pb.ListMessagesResponse(
            messages=[message_message(stored.record, community) for stored in page.items],
            next_page_token=paging.token(page.next, *scope),
        )

    def DeleteMessage(self, request: pb.DeleteMessageRequest, context: ServicerContext) -> pb.DeleteMessageResponse:
        community, message = child_of(request.name, "messages")
        revision = usecase.delete_message(self._store, community, message)
        return pb.DeleteMessageResponse(sequence=revision)

    def _batches(self, community: str, replace_existing: bool) -> Batches[pb.Message, Message]:
        revision = self._store.head(community)  # an unknown community fails the call, not each of its items

        def read(message: pb.Message) -> Message:
            return message_record(message, community)

        def store(records: Sequence[Message]) -> BatchResult:
            return usecase.ingest_messages(
                self._store, community, records, self._clock(), replace_existing=replace_existing
            )

        return Batches(read, store, self._clock, revision)
