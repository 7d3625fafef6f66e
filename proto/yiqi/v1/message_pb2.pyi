import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from yiqi.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Message(_message.Message):
    __slots__ = ("name", "author", "time", "text", "channel", "thread", "topic", "reply_to", "mentions", "extra_json")
    NAME_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    THREAD_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    REPLY_TO_FIELD_NUMBER: _ClassVar[int]
    MENTIONS_FIELD_NUMBER: _ClassVar[int]
    EXTRA_JSON_FIELD_NUMBER: _ClassVar[int]
    name: str
    author: str
    time: _timestamp_pb2.Timestamp
    text: str
    channel: str
    thread: str
    topic: str
    reply_to: str
    mentions: _containers.RepeatedScalarFieldContainer[str]
    extra_json: str
    def __init__(self, name: _Optional[str] = ..., author: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., text: _Optional[str] = ..., channel: _Optional[str] = ..., thread: _Optional[str] = ..., topic: _Optional[str] = ..., reply_to: _Optional[str] = ..., mentions: _Optional[_Iterable[str]] = ..., extra_json: _Optional[str] = ...) -> None: ...

class IngestMessagesRequest(_message.Message):
    __slots__ = ("parent", "messages", "replace_existing")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    REPLACE_EXISTING_FIELD_NUMBER: _ClassVar[int]
    parent: str
    messages: _containers.RepeatedCompositeFieldContainer[Message]
    replace_existing: bool
    def __init__(self, parent: _Optional[str] = ..., messages: _Optional[_Iterable[_Union[Message, _Mapping]]] = ..., replace_existing: _Optional[bool] = ...) -> None: ...

class IngestMessagesResponse(_message.Message):
    __slots__ = ("summary", "sequence")
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    summary: _common_pb2.BatchSummary
    sequence: int
    def __init__(self, summary: _Optional[_Union[_common_pb2.BatchSummary, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class BatchCreateMessagesRequest(_message.Message):
    __slots__ = ("parent", "messages", "replace_existing")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    REPLACE_EXISTING_FIELD_NUMBER: _ClassVar[int]
    parent: str
    messages: _containers.RepeatedCompositeFieldContainer[Message]
    replace_existing: bool
    def __init__(self, parent: _Optional[str] = ..., messages: _Optional[_Iterable[_Union[Message, _Mapping]]] = ..., replace_existing: _Optional[bool] = ...) -> None: ...

class BatchCreateMessagesResponse(_message.Message):
    __slots__ = ("summary", "sequence")
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    summary: _common_pb2.BatchSummary
    sequence: int
    def __init__(self, summary: _Optional[_Union[_common_pb2.BatchSummary, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class GetMessageRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class GetMessageResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: Message
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class ListMessagesRequest(_message.Message):
    __slots__ = ("parent", "author", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    author: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., author: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListMessagesResponse(_message.Message):
    __slots__ = ("messages", "next_page_token")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[Message]
    next_page_token: str
    def __init__(self, messages: _Optional[_Iterable[_Union[Message, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteMessageRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class DeleteMessageResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...
