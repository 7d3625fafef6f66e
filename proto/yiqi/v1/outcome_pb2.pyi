import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from yiqi.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OutcomeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTCOME_KIND_UNSPECIFIED: _ClassVar[OutcomeKind]
    OUTCOME_KIND_SHOWN: _ClassVar[OutcomeKind]
    OUTCOME_KIND_DISMISSED: _ClassVar[OutcomeKind]
    OUTCOME_KIND_ALREADY_KNOWN: _ClassVar[OutcomeKind]
    OUTCOME_KIND_ACCEPTED: _ClassVar[OutcomeKind]
    OUTCOME_KIND_DECLINED: _ClassVar[OutcomeKind]
    OUTCOME_KIND_TALKED: _ClassVar[OutcomeKind]
    OUTCOME_KIND_MET: _ClassVar[OutcomeKind]
    OUTCOME_KIND_HELPED: _ClassVar[OutcomeKind]
    OUTCOME_KIND_BUILT_TOGETHER: _ClassVar[OutcomeKind]
    OUTCOME_KIND_STILL_TOGETHER: _ClassVar[OutcomeKind]
OUTCOME_KIND_UNSPECIFIED: OutcomeKind
OUTCOME_KIND_SHOWN: OutcomeKind
OUTCOME_KIND_DISMISSED: OutcomeKind
OUTCOME_KIND_ALREADY_KNOWN: OutcomeKind
OUTCOME_KIND_ACCEPTED: OutcomeKind
OUTCOME_KIND_DECLINED: OutcomeKind
OUTCOME_KIND_TALKED: OutcomeKind
OUTCOME_KIND_MET: OutcomeKind
OUTCOME_KIND_HELPED: OutcomeKind
OUTCOME_KIND_BUILT_TOGETHER: OutcomeKind
OUTCOME_KIND_STILL_TOGETHER: OutcomeKind

class Outcome(_message.Message):
    __slots__ = ("name", "source", "target", "time", "kind", "value", "recommendation_token", "extra_json", "invitation")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    RECOMMENDATION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    EXTRA_JSON_FIELD_NUMBER: _ClassVar[int]
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    name: str
    source: str
    target: str
    time: _timestamp_pb2.Timestamp
    kind: OutcomeKind
    value: _common_pb2.ValueKind
    recommendation_token: str
    extra_json: str
    invitation: str
    def __init__(self, name: _Optional[str] = ..., source: _Optional[str] = ..., target: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., kind: _Optional[_Union[OutcomeKind, str]] = ..., value: _Optional[_Union[_common_pb2.ValueKind, str]] = ..., recommendation_token: _Optional[str] = ..., extra_json: _Optional[str] = ..., invitation: _Optional[str] = ...) -> None: ...

class RecordOutcomesRequest(_message.Message):
    __slots__ = ("parent", "recommendation_token", "outcomes")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    RECOMMENDATION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    parent: str
    recommendation_token: str
    outcomes: _containers.RepeatedCompositeFieldContainer[Outcome]
    def __init__(self, parent: _Optional[str] = ..., recommendation_token: _Optional[str] = ..., outcomes: _Optional[_Iterable[_Union[Outcome, _Mapping]]] = ...) -> None: ...

class RecordOutcomesResponse(_message.Message):
    __slots__ = ("summary", "sequence")
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    summary: _common_pb2.BatchSummary
    sequence: int
    def __init__(self, summary: _Optional[_Union[_common_pb2.BatchSummary, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class ListOutcomesRequest(_message.Message):
    __slots__ = ("parent", "member", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    member: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., member: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListOutcomesResponse(_message.Message):
    __slots__ = ("outcomes", "next_page_token")
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    outcomes: _containers.RepeatedCompositeFieldContainer[Outcome]
    next_page_token: str
    def __init__(self, outcomes: _Optional[_Iterable[_Union[Outcome, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
