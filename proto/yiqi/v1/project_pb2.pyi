import datetime

from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from yiqi.v1 import common_pb2 as _common_pb2
from yiqi.v1 import proposal_pb2 as _proposal_pb2
from yiqi.v1 import recommendation_pb2 as _recommendation_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ProjectState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROJECT_STATE_UNSPECIFIED: _ClassVar[ProjectState]
    PROJECT_STATE_OPEN: _ClassVar[ProjectState]
    PROJECT_STATE_ACTIVE: _ClassVar[ProjectState]
    PROJECT_STATE_DONE: _ClassVar[ProjectState]
    PROJECT_STATE_DROPPED: _ClassVar[ProjectState]
PROJECT_STATE_UNSPECIFIED: ProjectState
PROJECT_STATE_OPEN: ProjectState
PROJECT_STATE_ACTIVE: ProjectState
PROJECT_STATE_DONE: ProjectState
PROJECT_STATE_DROPPED: ProjectState

class Project(_message.Message):
    __slots__ = ("name", "title", "text", "time", "members", "needs", "state", "extra_json", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    EXTRA_JSON_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    text: str
    time: _timestamp_pb2.Timestamp
    members: _containers.RepeatedScalarFieldContainer[str]
    needs: _containers.RepeatedCompositeFieldContainer[_common_pb2.Need]
    state: ProjectState
    extra_json: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., text: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., members: _Optional[_Iterable[str]] = ..., needs: _Optional[_Iterable[_Union[_common_pb2.Need, _Mapping]]] = ..., state: _Optional[_Union[ProjectState, str]] = ..., extra_json: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CreateProjectRequest(_message.Message):
    __slots__ = ("parent", "project_id", "project", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    project_id: str
    project: Project
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., project_id: _Optional[str] = ..., project: _Optional[_Union[Project, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateProjectResponse(_message.Message):
    __slots__ = ("project", "sequence")
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    project: Project
    sequence: int
    def __init__(self, project: _Optional[_Union[Project, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class GetProjectRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class GetProjectResponse(_message.Message):
    __slots__ = ("project",)
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    project: Project
    def __init__(self, project: _Optional[_Union[Project, _Mapping]] = ...) -> None: ...

class UpdateProjectRequest(_message.Message):
    __slots__ = ("project", "update_mask")
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    project: Project
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, project: _Optional[_Union[Project, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateProjectResponse(_message.Message):
    __slots__ = ("project", "sequence")
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    project: Project
    sequence: int
    def __init__(self, project: _Optional[_Union[Project, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class ListProjectsRequest(_message.Message):
    __slots__ = ("parent", "member", "state", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    member: str
    state: ProjectState
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., member: _Optional[str] = ..., state: _Optional[_Union[ProjectState, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListProjectsResponse(_message.Message):
    __slots__ = ("projects", "next_page_token")
    PROJECTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    projects: _containers.RepeatedCompositeFieldContainer[Project]
    next_page_token: str
    def __init__(self, projects: _Optional[_Iterable[_Union[Project, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteProjectRequest(_message.Message):
    __slots__ = ("name", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteProjectResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class JoinProjectRequest(_message.Message):
    __slots__ = ("name", "member")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    name: str
    member: str
    def __init__(self, name: _Optional[str] = ..., member: _Optional[str] = ...) -> None: ...

class JoinProjectResponse(_message.Message):
    __slots__ = ("project", "sequence")
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    project: Project
    sequence: int
    def __init__(self, project: _Optional[_Union[Project, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class LeaveProjectRequest(_message.Message):
    __slots__ = ("name", "member")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    name: str
    member: str
    def __init__(self, name: _Optional[str] = ..., member: _Optional[str] = ...) -> None: ...

class LeaveProjectResponse(_message.Message):
    __slots__ = ("project", "sequence")
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    project: Project
    sequence: int
    def __init__(self, project: _Optional[_Union[Project, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class ListProjectDueRequest(_message.Message):
    __slots__ = ("parent", "member", "language")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    parent: str
    member: str
    language: _recommendation_pb2.Language
    def __init__(self, parent: _Optional[str] = ..., member: _Optional[str] = ..., language: _Optional[_Union[_recommendation_pb2.Language, str]] = ...) -> None: ...

class ListProjectDueResponse(_message.Message):
    __slots__ = ("due",)
    DUE_FIELD_NUMBER: _ClassVar[int]
    due: _containers.RepeatedCompositeFieldContainer[_proposal_pb2.ProjectDue]
    def __init__(self, due: _Optional[_Iterable[_Union[_proposal_pb2.ProjectDue, _Mapping]]] = ...) -> None: ...

class AnswerProjectDueRequest(_message.Message):
    __slots__ = ("name", "member", "kind", "yes")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    YES_FIELD_NUMBER: _ClassVar[int]
    name: str
    member: str
    kind: _proposal_pb2.ProjectDueKind
    yes: bool
    def __init__(self, name: _Optional[str] = ..., member: _Optional[str] = ..., kind: _Optional[_Union[_proposal_pb2.ProjectDueKind, str]] = ..., yes: _Optional[bool] = ...) -> None: ...

class AnswerProjectDueResponse(_message.Message):
    __slots__ = ("project", "outcomes", "sequence")
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    project: Project
    outcomes: int
    sequence: int
    def __init__(self, project: _Optional[_Union[Project, _Mapping]] = ..., outcomes: _Optional[int] = ..., sequence: _Optional[int] = ...) -> None: ...
