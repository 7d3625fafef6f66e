import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from yiqi.v1 import recommendation_pb2 as _recommendation_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class InvitationSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVITATION_SOURCE_UNSPECIFIED: _ClassVar[InvitationSource]
    INVITATION_SOURCE_ROUND: _ClassVar[InvitationSource]
    INVITATION_SOURCE_INTRODUCTION: _ClassVar[InvitationSource]
    INVITATION_SOURCE_PROPOSAL: _ClassVar[InvitationSource]

class InvitationState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVITATION_STATE_UNSPECIFIED: _ClassVar[InvitationState]
    INVITATION_STATE_OPEN: _ClassVar[InvitationState]
    INVITATION_STATE_WITHDRAWN: _ClassVar[InvitationState]

class Reply(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REPLY_UNSPECIFIED: _ClassVar[Reply]
    REPLY_PENDING: _ClassVar[Reply]
    REPLY_ACCEPTED: _ClassVar[Reply]
    REPLY_DECLINED: _ClassVar[Reply]

class FollowUp(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FOLLOW_UP_UNSPECIFIED: _ClassVar[FollowUp]
    FOLLOW_UP_TALKED: _ClassVar[FollowUp]
    FOLLOW_UP_MET: _ClassVar[FollowUp]
    FOLLOW_UP_AGAIN: _ClassVar[FollowUp]
    FOLLOW_UP_NO: _ClassVar[FollowUp]

class DueKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DUE_KIND_UNSPECIFIED: _ClassVar[DueKind]
    DUE_KIND_FOLLOW_UP: _ClassVar[DueKind]
    DUE_KIND_RENEWAL: _ClassVar[DueKind]
INVITATION_SOURCE_UNSPECIFIED: InvitationSource
INVITATION_SOURCE_ROUND: InvitationSource
INVITATION_SOURCE_INTRODUCTION: InvitationSource
INVITATION_SOURCE_PROPOSAL: InvitationSource
INVITATION_STATE_UNSPECIFIED: InvitationState
INVITATION_STATE_OPEN: InvitationState
INVITATION_STATE_WITHDRAWN: InvitationState
REPLY_UNSPECIFIED: Reply
REPLY_PENDING: Reply
REPLY_ACCEPTED: Reply
REPLY_DECLINED: Reply
FOLLOW_UP_UNSPECIFIED: FollowUp
FOLLOW_UP_TALKED: FollowUp
FOLLOW_UP_MET: FollowUp
FOLLOW_UP_AGAIN: FollowUp
FOLLOW_UP_NO: FollowUp
DUE_KIND_UNSPECIFIED: DueKind
DUE_KIND_FOLLOW_UP: DueKind
DUE_KIND_RENEWAL: DueKind

class InvitationGuest(_message.Message):
    __slots__ = ("member", "role", "reply", "answer", "left")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    REPLY_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    member: str
    role: str
    reply: Reply
    answer: FollowUp
    left: bool
    def __init__(self, member: _Optional[str] = ..., role: _Optional[str] = ..., reply: _Optional[_Union[Reply, str]] = ..., answer: _Optional[_Union[FollowUp, str]] = ..., left: _Optional[bool] = ...) -> None: ...

class Invitation(_message.Message):
    __slots__ = ("name", "source", "ref", "guests", "time", "state", "double_opt_in", "mutual", "title", "text", "sitting", "slot", "team", "period_days")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REF_FIELD_NUMBER: _ClassVar[int]
    GUESTS_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DOUBLE_OPT_IN_FIELD_NUMBER: _ClassVar[int]
    MUTUAL_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SITTING_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    TEAM_FIELD_NUMBER: _ClassVar[int]
    PERIOD_DAYS_FIELD_NUMBER: _ClassVar[int]
    name: str
    source: InvitationSource
    ref: str
    guests: _containers.RepeatedCompositeFieldContainer[InvitationGuest]
    time: _timestamp_pb2.Timestamp
    state: InvitationState
    double_opt_in: bool
    mutual: bool
    title: str
    text: str
    sitting: int
    slot: str
    team: str
    period_days: int
    def __init__(self, name: _Optional[str] = ..., source: _Optional[_Union[InvitationSource, str]] = ..., ref: _Optional[str] = ..., guests: _Optional[_Iterable[_Union[InvitationGuest, _Mapping]]] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., state: _Optional[_Union[InvitationState, str]] = ..., double_opt_in: _Optional[bool] = ..., mutual: _Optional[bool] = ..., title: _Optional[str] = ..., text: _Optional[str] = ..., sitting: _Optional[int] = ..., slot: _Optional[str] = ..., team: _Optional[str] = ..., period_days: _Optional[int] = ...) -> None: ...

class ListInvitationsRequest(_message.Message):
    __slots__ = ("parent", "member", "source", "ref", "state", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REF_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    member: str
    source: InvitationSource
    ref: str
    state: InvitationState
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., member: _Optional[str] = ..., source: _Optional[_Union[InvitationSource, str]] = ..., ref: _Optional[str] = ..., state: _Optional[_Union[InvitationState, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListInvitationsResponse(_message.Message):
    __slots__ = ("invitations", "next_page_token")
    INVITATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    invitations: _containers.RepeatedCompositeFieldContainer[Invitation]
    next_page_token: str
    def __init__(self, invitations: _Optional[_Iterable[_Union[Invitation, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ReplyToInvitationRequest(_message.Message):
    __slots__ = ("name", "member", "accept")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_FIELD_NUMBER: _ClassVar[int]
    name: str
    member: str
    accept: bool
    def __init__(self, name: _Optional[str] = ..., member: _Optional[str] = ..., accept: _Optional[bool] = ...) -> None: ...

class ReplyToInvitationResponse(_message.Message):
    __slots__ = ("invitation", "sequence")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    invitation: Invitation
    sequence: int
    def __init__(self, invitation: _Optional[_Union[Invitation, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class AnswerFollowUpRequest(_message.Message):
    __slots__ = ("name", "member", "answer", "time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    member: str
    answer: FollowUp
    time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., member: _Optional[str] = ..., answer: _Optional[_Union[FollowUp, str]] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class AnswerFollowUpResponse(_message.Message):
    __slots__ = ("invitation", "outcomes", "sequence")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    invitation: Invitation
    outcomes: int
    sequence: int
    def __init__(self, invitation: _Optional[_Union[Invitation, _Mapping]] = ..., outcomes: _Optional[int] = ..., sequence: _Optional[int] = ...) -> None: ...

class RenewInvitationRequest(_message.Message):
    __slots__ = ("name", "member", "stay")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    STAY_FIELD_NUMBER: _ClassVar[int]
    name: str
    member: str
    stay: bool
    def __init__(self, name: _Optional[str] = ..., member: _Optional[str] = ..., stay: _Optional[bool] = ...) -> None: ...

class RenewInvitationResponse(_message.Message):
    __slots__ = ("invitation", "sequence")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    invitation: Invitation
    sequence: int
    def __init__(self, invitation: _Optional[_Union[Invitation, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class Due(_message.Message):
    __slots__ = ("kind", "invitation", "member", "since", "text", "source", "ref", "others")
    KIND_FIELD_NUMBER: _ClassVar[int]
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REF_FIELD_NUMBER: _ClassVar[int]
    OTHERS_FIELD_NUMBER: _ClassVar[int]
    kind: DueKind
    invitation: str
    member: str
    since: _timestamp_pb2.Timestamp
    text: str
    source: InvitationSource
    ref: str
    others: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, kind: _Optional[_Union[DueKind, str]] = ..., invitation: _Optional[str] = ..., member: _Optional[str] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., text: _Optional[str] = ..., source: _Optional[_Union[InvitationSource, str]] = ..., ref: _Optional[str] = ..., others: _Optional[_Iterable[str]] = ...) -> None: ...

class ListDueRequest(_message.Message):
    __slots__ = ("parent", "member", "language", "page_size", "page_token", "source", "ref")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REF_FIELD_NUMBER: _ClassVar[int]
    parent: str
    member: str
    language: _recommendation_pb2.Language
    page_size: int
    page_token: str
    source: InvitationSource
    ref: str
    def __init__(self, parent: _Optional[str] = ..., member: _Optional[str] = ..., language: _Optional[_Union[_recommendation_pb2.Language, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., source: _Optional[_Union[InvitationSource, str]] = ..., ref: _Optional[str] = ...) -> None: ...

class ListDueResponse(_message.Message):
    __slots__ = ("due", "next_page_token")
    DUE_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    due: _containers.RepeatedCompositeFieldContainer[Due]
    next_page_token: str
    def __init__(self, due: _Optional[_Iterable[_Union[Due, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
