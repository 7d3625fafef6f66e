from yiqi.v1 import errors_pb2 as _errors_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ValueKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VALUE_KIND_UNSPECIFIED: _ClassVar[ValueKind]
    VALUE_KIND_GROWTH: _ClassVar[ValueKind]
    VALUE_KIND_INCOME: _ClassVar[ValueKind]
    VALUE_KIND_RESOURCES: _ClassVar[ValueKind]
    VALUE_KIND_CONNECTIONS: _ClassVar[ValueKind]
VALUE_KIND_UNSPECIFIED: ValueKind
VALUE_KIND_GROWTH: ValueKind
VALUE_KIND_INCOME: ValueKind
VALUE_KIND_RESOURCES: ValueKind
VALUE_KIND_CONNECTIONS: ValueKind

class Need(_message.Message):
    __slots__ = ("text", "kind")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    text: str
    kind: ValueKind
    def __init__(self, text: _Optional[str] = ..., kind: _Optional[_Union[ValueKind, str]] = ...) -> None: ...

class Attribute(_message.Message):
    __slots__ = ("name", "text", "integer", "number", "boolean")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    INTEGER_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    BOOLEAN_FIELD_NUMBER: _ClassVar[int]
    name: str
    text: str
    integer: int
    number: float
    boolean: bool
    def __init__(self, name: _Optional[str] = ..., text: _Optional[str] = ..., integer: _Optional[int] = ..., number: _Optional[float] = ..., boolean: _Optional[bool] = ...) -> None: ...

class Rejection(_message.Message):
    __slots__ = ("index", "id", "reason", "sentence")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    index: int
    id: str
    reason: _errors_pb2.ErrorReason
    sentence: str
    def __init__(self, index: _Optional[int] = ..., id: _Optional[str] = ..., reason: _Optional[_Union[_errors_pb2.ErrorReason, str]] = ..., sentence: _Optional[str] = ...) -> None: ...

class BatchSummary(_message.Message):
    __slots__ = ("created", "unchanged", "replaced", "rejected", "rejections")
    CREATED_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    REPLACED_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    REJECTIONS_FIELD_NUMBER: _ClassVar[int]
    created: int
    unchanged: int
    replaced: int
    rejected: int
    rejections: _containers.RepeatedCompositeFieldContainer[Rejection]
    def __init__(self, created: _Optional[int] = ..., unchanged: _Optional[int] = ..., replaced: _Optional[int] = ..., rejected: _Optional[int] = ..., rejections: _Optional[_Iterable[_Union[Rejection, _Mapping]]] = ...) -> None: ...
