import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from yiqi.v1 import member_pb2 as _member_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ImportRow(_message.Message):
    __slots__ = ("file", "line", "kind", "record_json", "refused", "answer_time")
    FILE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    RECORD_JSON_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    ANSWER_TIME_FIELD_NUMBER: _ClassVar[int]
    file: str
    line: int
    kind: str
    record_json: str
    refused: str
    answer_time: _timestamp_pb2.Timestamp
    def __init__(self, file: _Optional[str] = ..., line: _Optional[int] = ..., kind: _Optional[str] = ..., record_json: _Optional[str] = ..., refused: _Optional[str] = ..., answer_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ImportCount(_message.Message):
    __slots__ = ("kind", "read", "created", "unchanged", "replaced", "conflict")
    KIND_FIELD_NUMBER: _ClassVar[int]
    READ_FIELD_NUMBER: _ClassVar[int]
    CREATED_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    REPLACED_FIELD_NUMBER: _ClassVar[int]
    CONFLICT_FIELD_NUMBER: _ClassVar[int]
    kind: str
    read: int
    created: int
    unchanged: int
    replaced: int
    conflict: int
    def __init__(self, kind: _Optional[str] = ..., read: _Optional[int] = ..., created: _Optional[int] = ..., unchanged: _Optional[int] = ..., replaced: _Optional[int] = ..., conflict: _Optional[int] = ...) -> None: ...

class ConsentCount(_message.Message):
    __slots__ = ("consent", "members")
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    consent: _member_pb2.Consent
    members: int
    def __init__(self, consent: _Optional[_Union[_member_pb2.Consent, str]] = ..., members: _Optional[int] = ...) -> None: ...

class ImportProgress(_message.Message):
    __slots__ = ("done", "counts", "consent", "consent_kept", "introduced", "late", "bad", "bad_rows", "resumed_at", "answers_kept", "answers_taken")
    DONE_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    CONSENT_KEPT_FIELD_NUMBER: _ClassVar[int]
    INTRODUCED_FIELD_NUMBER: _ClassVar[int]
    LATE_FIELD_NUMBER: _ClassVar[int]
    BAD_FIELD_NUMBER: _ClassVar[int]
    BAD_ROWS_FIELD_NUMBER: _ClassVar[int]
    RESUMED_AT_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_KEPT_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_TAKEN_FIELD_NUMBER: _ClassVar[int]
    done: int
    counts: _containers.RepeatedCompositeFieldContainer[ImportCount]
    consent: _containers.RepeatedCompositeFieldContainer[ConsentCount]
    consent_kept: int
    introduced: int
    late: int
    bad: int
    bad_rows: _containers.RepeatedCompositeFieldContainer[ImportRow]
    resumed_at: int
    answers_kept: int
    answers_taken: int
    def __init__(self, done: _Optional[int] = ..., counts: _Optional[_Iterable[_Union[ImportCount, _Mapping]]] = ..., consent: _Optional[_Iterable[_Union[ConsentCount, _Mapping]]] = ..., consent_kept: _Optional[int] = ..., introduced: _Optional[int] = ..., late: _Optional[int] = ..., bad: _Optional[int] = ..., bad_rows: _Optional[_Iterable[_Union[ImportRow, _Mapping]]] = ..., resumed_at: _Optional[int] = ..., answers_kept: _Optional[int] = ..., answers_taken: _Optional[int] = ...) -> None: ...

class BeginImportRequest(_message.Message):
    __slots__ = ("parent", "import_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    IMPORT_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    import_id: str
    def __init__(self, parent: _Optional[str] = ..., import_id: _Optional[str] = ...) -> None: ...

class BeginImportResponse(_message.Message):
    __slots__ = ("progress",)
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    progress: ImportProgress
    def __init__(self, progress: _Optional[_Union[ImportProgress, _Mapping]] = ...) -> None: ...

class ImportRowsRequest(_message.Message):
    __slots__ = ("parent", "import_id", "first", "consent", "rows", "replace_changed", "restores")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    IMPORT_ID_FIELD_NUMBER: _ClassVar[int]
    FIRST_FIELD_NUMBER: _ClassVar[int]
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    REPLACE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    RESTORES_FIELD_NUMBER: _ClassVar[int]
    parent: str
    import_id: str
    first: int
    consent: _member_pb2.Consent
    rows: _containers.RepeatedCompositeFieldContainer[ImportRow]
    replace_changed: bool
    restores: bool
    def __init__(self, parent: _Optional[str] = ..., import_id: _Optional[str] = ..., first: _Optional[int] = ..., consent: _Optional[_Union[_member_pb2.Consent, str]] = ..., rows: _Optional[_Iterable[_Union[ImportRow, _Mapping]]] = ..., replace_changed: _Optional[bool] = ..., restores: _Optional[bool] = ...) -> None: ...

class ImportRowsResponse(_message.Message):
    __slots__ = ("progress",)
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    progress: ImportProgress
    def __init__(self, progress: _Optional[_Union[ImportProgress, _Mapping]] = ...) -> None: ...

class FinishImportRequest(_message.Message):
    __slots__ = ("parent", "import_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    IMPORT_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    import_id: str
    def __init__(self, parent: _Optional[str] = ..., import_id: _Optional[str] = ...) -> None: ...

class FinishImportResponse(_message.Message):
    __slots__ = ("consent", "sequence")
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    consent: _containers.RepeatedCompositeFieldContainer[ConsentCount]
    sequence: int
    def __init__(self, consent: _Optional[_Iterable[_Union[ConsentCount, _Mapping]]] = ..., sequence: _Optional[int] = ...) -> None: ...
