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

class ProjectDueKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROJECT_DUE_KIND_UNSPECIFIED: _ClassVar[ProjectDueKind]
    PROJECT_DUE_KIND_FIRST_STEP: _ClassVar[ProjectDueKind]
    PROJECT_DUE_KIND_NUDGE: _ClassVar[ProjectDueKind]
    PROJECT_DUE_KIND_REFILL: _ClassVar[ProjectDueKind]
    PROJECT_DUE_KIND_CLOSE: _ClassVar[ProjectDueKind]
    PROJECT_DUE_KIND_TOGETHER_30: _ClassVar[ProjectDueKind]
    PROJECT_DUE_KIND_TOGETHER_90: _ClassVar[ProjectDueKind]
PROJECT_DUE_KIND_UNSPECIFIED: ProjectDueKind
PROJECT_DUE_KIND_FIRST_STEP: ProjectDueKind
PROJECT_DUE_KIND_NUDGE: ProjectDueKind
PROJECT_DUE_KIND_REFILL: ProjectDueKind
PROJECT_DUE_KIND_CLOSE: ProjectDueKind
PROJECT_DUE_KIND_TOGETHER_30: ProjectDueKind
PROJECT_DUE_KIND_TOGETHER_90: ProjectDueKind

class ProposedValue(_message.Message):
    __slots__ = ("text", "kind", "giver")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    GIVER_FIELD_NUMBER: _ClassVar[int]
    text: str
    kind: _common_pb2.ValueKind
    giver: str
    def __init__(self, text: _Optional[str] = ..., kind: _Optional[_Union[_common_pb2.ValueKind, str]] = ..., giver: _Optional[str] = ...) -> None: ...

class ProposalMember(_message.Message):
    __slots__ = ("member", "brings", "gets", "why", "known", "fit", "score")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    BRINGS_FIELD_NUMBER: _ClassVar[int]
    GETS_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_FIELD_NUMBER: _ClassVar[int]
    FIT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    member: str
    brings: ProposedValue
    gets: ProposedValue
    why: str
    known: _containers.RepeatedScalarFieldContainer[str]
    fit: float
    score: float
    def __init__(self, member: _Optional[str] = ..., brings: _Optional[_Union[ProposedValue, _Mapping]] = ..., gets: _Optional[_Union[ProposedValue, _Mapping]] = ..., why: _Optional[str] = ..., known: _Optional[_Iterable[str]] = ..., fit: _Optional[float] = ..., score: _Optional[float] = ...) -> None: ...

class Proposal(_message.Message):
    __slots__ = ("proposal_id", "title", "text", "first_step", "words", "members", "needs", "covered", "score", "worst", "known_pairs", "new_pairs")
    PROPOSAL_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FIRST_STEP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    COVERED_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    WORST_FIELD_NUMBER: _ClassVar[int]
    KNOWN_PAIRS_FIELD_NUMBER: _ClassVar[int]
    NEW_PAIRS_FIELD_NUMBER: _ClassVar[int]
    proposal_id: str
    title: str
    text: str
    first_step: str
    words: _containers.RepeatedScalarFieldContainer[str]
    members: _containers.RepeatedCompositeFieldContainer[ProposalMember]
    needs: _containers.RepeatedCompositeFieldContainer[_common_pb2.Need]
    covered: _containers.RepeatedCompositeFieldContainer[_common_pb2.Need]
    score: float
    worst: float
    known_pairs: int
    new_pairs: int
    def __init__(self, proposal_id: _Optional[str] = ..., title: _Optional[str] = ..., text: _Optional[str] = ..., first_step: _Optional[str] = ..., words: _Optional[_Iterable[str]] = ..., members: _Optional[_Iterable[_Union[ProposalMember, _Mapping]]] = ..., needs: _Optional[_Iterable[_Union[_common_pb2.Need, _Mapping]]] = ..., covered: _Optional[_Iterable[_Union[_common_pb2.Need, _Mapping]]] = ..., score: _Optional[float] = ..., worst: _Optional[float] = ..., known_pairs: _Optional[int] = ..., new_pairs: _Optional[int] = ...) -> None: ...

class SendProposalRequest(_message.Message):
    __slots__ = ("parent", "proposal_id", "title", "text", "first_step", "members", "needs")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PROPOSAL_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FIRST_STEP_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    parent: str
    proposal_id: str
    title: str
    text: str
    first_step: str
    members: _containers.RepeatedScalarFieldContainer[str]
    needs: _containers.RepeatedCompositeFieldContainer[_common_pb2.Need]
    def __init__(self, parent: _Optional[str] = ..., proposal_id: _Optional[str] = ..., title: _Optional[str] = ..., text: _Optional[str] = ..., first_step: _Optional[str] = ..., members: _Optional[_Iterable[str]] = ..., needs: _Optional[_Iterable[_Union[_common_pb2.Need, _Mapping]]] = ...) -> None: ...

class SendProposalResponse(_message.Message):
    __slots__ = ("invitation", "sequence")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    invitation: str
    sequence: int
    def __init__(self, invitation: _Optional[str] = ..., sequence: _Optional[int] = ...) -> None: ...

class DismissProposalRequest(_message.Message):
    __slots__ = ("parent", "proposal_id", "title", "members", "member")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PROPOSAL_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    parent: str
    proposal_id: str
    title: str
    members: _containers.RepeatedScalarFieldContainer[str]
    member: str
    def __init__(self, parent: _Optional[str] = ..., proposal_id: _Optional[str] = ..., title: _Optional[str] = ..., members: _Optional[_Iterable[str]] = ..., member: _Optional[str] = ...) -> None: ...

class DismissProposalResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class ProjectDue(_message.Message):
    __slots__ = ("project", "kind", "members", "since", "text")
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    project: str
    kind: ProjectDueKind
    members: _containers.RepeatedScalarFieldContainer[str]
    since: _timestamp_pb2.Timestamp
    text: str
    def __init__(self, project: _Optional[str] = ..., kind: _Optional[_Union[ProjectDueKind, str]] = ..., members: _Optional[_Iterable[str]] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., text: _Optional[str] = ...) -> None: ...
