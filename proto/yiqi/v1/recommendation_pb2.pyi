import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from yiqi.v1 import common_pb2 as _common_pb2
from yiqi.v1 import proposal_pb2 as _proposal_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Audience(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AUDIENCE_UNSPECIFIED: _ClassVar[Audience]
    AUDIENCE_MEMBERS: _ClassVar[Audience]
    AUDIENCE_ORGANIZERS: _ClassVar[Audience]

class Language(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LANGUAGE_UNSPECIFIED: _ClassVar[Language]
    LANGUAGE_EN: _ClassVar[Language]
    LANGUAGE_ZH: _ClassVar[Language]

class Basis(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BASIS_UNSPECIFIED: _ClassVar[Basis]
    BASIS_FIT: _ClassVar[Basis]
    BASIS_TIES: _ClassVar[Basis]
    BASIS_ACTIVITY: _ClassVar[Basis]

class ReasonType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REASON_TYPE_UNSPECIFIED: _ClassVar[ReasonType]
    REASON_TYPE_OFFER_MEETS_SEEK: _ClassVar[ReasonType]
    REASON_TYPE_SEEK_MEETS_OFFER: _ClassVar[ReasonType]
    REASON_TYPE_SHARED_INTEREST: _ClassVar[ReasonType]
    REASON_TYPE_SHARED_AIM: _ClassVar[ReasonType]
    REASON_TYPE_SHARED_VALUE: _ClassVar[ReasonType]
    REASON_TYPE_KNOWS_ABOUT: _ClassVar[ReasonType]
    REASON_TYPE_MEETS_NEED: _ClassVar[ReasonType]
    REASON_TYPE_COMMON_TIES: _ClassVar[ReasonType]
    REASON_TYPE_WORKED_TOGETHER: _ClassVar[ReasonType]
    REASON_TYPE_SAME_CHANNEL: _ClassVar[ReasonType]
    REASON_TYPE_SAME_PLACE: _ClassVar[ReasonType]
    REASON_TYPE_TIME_ZONE_OVERLAP: _ClassVar[ReasonType]
    REASON_TYPE_SHARED_LANGUAGE: _ClassVar[ReasonType]
    REASON_TYPE_ACTIVE_NOW: _ClassVar[ReasonType]
    REASON_TYPE_NEWCOMER: _ClassVar[ReasonType]
    REASON_TYPE_OPEN_TO_JOIN: _ClassVar[ReasonType]
    REASON_TYPE_NEW_CIRCLE: _ClassVar[ReasonType]
    REASON_TYPE_POSSIBLE_FIT: _ClassVar[ReasonType]

class ListKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LIST_KIND_UNSPECIFIED: _ClassVar[ListKind]
    LIST_KIND_PEERS: _ClassVar[ListKind]
    LIST_KIND_COLLABORATORS: _ClassVar[ListKind]
    LIST_KIND_PROJECTS: _ClassVar[ListKind]

class IntroductionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INTRODUCTION_KIND_UNSPECIFIED: _ClassVar[IntroductionKind]
    INTRODUCTION_KIND_ANSWER: _ClassVar[IntroductionKind]
    INTRODUCTION_KIND_OFFER_MEETS_SEEK: _ClassVar[IntroductionKind]
    INTRODUCTION_KIND_SHARED_INTEREST: _ClassVar[IntroductionKind]
    INTRODUCTION_KIND_SAME_IDEA: _ClassVar[IntroductionKind]

class IntroductionEvent(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INTRODUCTION_EVENT_UNSPECIFIED: _ClassVar[IntroductionEvent]
    INTRODUCTION_EVENT_INTRODUCED: _ClassVar[IntroductionEvent]
    INTRODUCTION_EVENT_MUTUAL: _ClassVar[IntroductionEvent]
AUDIENCE_UNSPECIFIED: Audience
AUDIENCE_MEMBERS: Audience
AUDIENCE_ORGANIZERS: Audience
LANGUAGE_UNSPECIFIED: Language
LANGUAGE_EN: Language
LANGUAGE_ZH: Language
BASIS_UNSPECIFIED: Basis
BASIS_FIT: Basis
BASIS_TIES: Basis
BASIS_ACTIVITY: Basis
REASON_TYPE_UNSPECIFIED: ReasonType
REASON_TYPE_OFFER_MEETS_SEEK: ReasonType
REASON_TYPE_SEEK_MEETS_OFFER: ReasonType
REASON_TYPE_SHARED_INTEREST: ReasonType
REASON_TYPE_SHARED_AIM: ReasonType
REASON_TYPE_SHARED_VALUE: ReasonType
REASON_TYPE_KNOWS_ABOUT: ReasonType
REASON_TYPE_MEETS_NEED: ReasonType
REASON_TYPE_COMMON_TIES: ReasonType
REASON_TYPE_WORKED_TOGETHER: ReasonType
REASON_TYPE_SAME_CHANNEL: ReasonType
REASON_TYPE_SAME_PLACE: ReasonType
REASON_TYPE_TIME_ZONE_OVERLAP: ReasonType
REASON_TYPE_SHARED_LANGUAGE: ReasonType
REASON_TYPE_ACTIVE_NOW: ReasonType
REASON_TYPE_NEWCOMER: ReasonType
REASON_TYPE_OPEN_TO_JOIN: ReasonType
REASON_TYPE_NEW_CIRCLE: ReasonType
REASON_TYPE_POSSIBLE_FIT: ReasonType
LIST_KIND_UNSPECIFIED: ListKind
LIST_KIND_PEERS: ListKind
LIST_KIND_COLLABORATORS: ListKind
LIST_KIND_PROJECTS: ListKind
INTRODUCTION_KIND_UNSPECIFIED: IntroductionKind
INTRODUCTION_KIND_ANSWER: IntroductionKind
INTRODUCTION_KIND_OFFER_MEETS_SEEK: IntroductionKind
INTRODUCTION_KIND_SHARED_INTEREST: IntroductionKind
INTRODUCTION_KIND_SAME_IDEA: IntroductionKind
INTRODUCTION_EVENT_UNSPECIFIED: IntroductionEvent
INTRODUCTION_EVENT_INTRODUCED: IntroductionEvent
INTRODUCTION_EVENT_MUTUAL: IntroductionEvent

class RecommendationFilter(_message.Message):
    __slots__ = ("languages", "place", "attributes", "members", "active_since")
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_SINCE_FIELD_NUMBER: _ClassVar[int]
    languages: _containers.RepeatedScalarFieldContainer[str]
    place: str
    attributes: _containers.RepeatedCompositeFieldContainer[_common_pb2.Attribute]
    members: _containers.RepeatedScalarFieldContainer[str]
    active_since: _timestamp_pb2.Timestamp
    def __init__(self, languages: _Optional[_Iterable[str]] = ..., place: _Optional[str] = ..., attributes: _Optional[_Iterable[_Union[_common_pb2.Attribute, _Mapping]]] = ..., members: _Optional[_Iterable[str]] = ..., active_since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RecommendOptions(_message.Message):
    __slots__ = ("limit", "filter", "exclude", "include_connected", "diversity", "min_score", "language", "with_reasons", "audience", "strangers", "include_fillers", "include_gone")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CONNECTED_FIELD_NUMBER: _ClassVar[int]
    DIVERSITY_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WITH_REASONS_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    STRANGERS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_FILLERS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_GONE_FIELD_NUMBER: _ClassVar[int]
    limit: int
    filter: RecommendationFilter
    exclude: _containers.RepeatedScalarFieldContainer[str]
    include_connected: bool
    diversity: float
    min_score: float
    language: Language
    with_reasons: bool
    audience: Audience
    strangers: float
    include_fillers: bool
    include_gone: bool
    def __init__(self, limit: _Optional[int] = ..., filter: _Optional[_Union[RecommendationFilter, _Mapping]] = ..., exclude: _Optional[_Iterable[str]] = ..., include_connected: _Optional[bool] = ..., diversity: _Optional[float] = ..., min_score: _Optional[float] = ..., language: _Optional[_Union[Language, str]] = ..., with_reasons: _Optional[bool] = ..., audience: _Optional[_Union[Audience, str]] = ..., strangers: _Optional[float] = ..., include_fillers: _Optional[bool] = ..., include_gone: _Optional[bool] = ...) -> None: ...

class Evidence(_message.Message):
    __slots__ = ("term", "statement", "suggestion", "member", "channel", "project_statement", "message")
    TERM_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_FIELD_NUMBER: _ClassVar[int]
    SUGGESTION_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PROJECT_STATEMENT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    term: str
    statement: str
    suggestion: str
    member: str
    channel: str
    project_statement: str
    message: str
    def __init__(self, term: _Optional[str] = ..., statement: _Optional[str] = ..., suggestion: _Optional[str] = ..., member: _Optional[str] = ..., channel: _Optional[str] = ..., project_statement: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class Reason(_message.Message):
    __slots__ = ("type", "sentence", "weight", "evidence")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    type: ReasonType
    sentence: str
    weight: float
    evidence: _containers.RepeatedCompositeFieldContainer[Evidence]
    def __init__(self, type: _Optional[_Union[ReasonType, str]] = ..., sentence: _Optional[str] = ..., weight: _Optional[float] = ..., evidence: _Optional[_Iterable[_Union[Evidence, _Mapping]]] = ...) -> None: ...

class Recommendation(_message.Message):
    __slots__ = ("resource", "score", "score_for_you", "score_for_them", "reasons", "basis")
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    SCORE_FOR_YOU_FIELD_NUMBER: _ClassVar[int]
    SCORE_FOR_THEM_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    resource: str
    score: float
    score_for_you: float
    score_for_them: float
    reasons: _containers.RepeatedCompositeFieldContainer[Reason]
    basis: Basis
    def __init__(self, resource: _Optional[str] = ..., score: _Optional[float] = ..., score_for_you: _Optional[float] = ..., score_for_them: _Optional[float] = ..., reasons: _Optional[_Iterable[_Union[Reason, _Mapping]]] = ..., basis: _Optional[_Union[Basis, str]] = ...) -> None: ...

class AnswerInfo(_message.Message):
    __slots__ = ("model_version", "index_version", "recommendation_token", "hidden_by_consent", "indexed_through")
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    INDEX_VERSION_FIELD_NUMBER: _ClassVar[int]
    RECOMMENDATION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    HIDDEN_BY_CONSENT_FIELD_NUMBER: _ClassVar[int]
    INDEXED_THROUGH_FIELD_NUMBER: _ClassVar[int]
    model_version: str
    index_version: str
    recommendation_token: str
    hidden_by_consent: int
    indexed_through: int
    def __init__(self, model_version: _Optional[str] = ..., index_version: _Optional[str] = ..., recommendation_token: _Optional[str] = ..., hidden_by_consent: _Optional[int] = ..., indexed_through: _Optional[int] = ...) -> None: ...

class RecommendPeersRequest(_message.Message):
    __slots__ = ("member", "options", "min_sequence")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    MIN_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    member: str
    options: RecommendOptions
    min_sequence: int
    def __init__(self, member: _Optional[str] = ..., options: _Optional[_Union[RecommendOptions, _Mapping]] = ..., min_sequence: _Optional[int] = ...) -> None: ...

class RecommendPeersResponse(_message.Message):
    __slots__ = ("recommendations", "info")
    RECOMMENDATIONS_FIELD_NUMBER: _ClassVar[int]
    INFO_FIELD_NUMBER: _ClassVar[int]
    recommendations: _containers.RepeatedCompositeFieldContainer[Recommendation]
    info: AnswerInfo
    def __init__(self, recommendations: _Optional[_Iterable[_Union[Recommendation, _Mapping]]] = ..., info: _Optional[_Union[AnswerInfo, _Mapping]] = ...) -> None: ...

class StatedGoal(_message.Message):
    __slots__ = ("text", "member", "needs")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    text: str
    member: str
    needs: _containers.RepeatedCompositeFieldContainer[_common_pb2.Need]
    def __init__(self, text: _Optional[str] = ..., member: _Optional[str] = ..., needs: _Optional[_Iterable[_Union[_common_pb2.Need, _Mapping]]] = ...) -> None: ...

class Brief(_message.Message):
    __slots__ = ("title", "text", "members", "needs")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    title: str
    text: str
    members: _containers.RepeatedScalarFieldContainer[str]
    needs: _containers.RepeatedCompositeFieldContainer[_common_pb2.Need]
    def __init__(self, title: _Optional[str] = ..., text: _Optional[str] = ..., members: _Optional[_Iterable[str]] = ..., needs: _Optional[_Iterable[_Union[_common_pb2.Need, _Mapping]]] = ...) -> None: ...

class RecommendCollaboratorsRequest(_message.Message):
    __slots__ = ("parent", "member", "goal", "project", "brief", "options", "min_sequence")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    GOAL_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    BRIEF_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    MIN_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    parent: str
    member: str
    goal: StatedGoal
    project: str
    brief: Brief
    options: RecommendOptions
    min_sequence: int
    def __init__(self, parent: _Optional[str] = ..., member: _Optional[str] = ..., goal: _Optional[_Union[StatedGoal, _Mapping]] = ..., project: _Optional[str] = ..., brief: _Optional[_Union[Brief, _Mapping]] = ..., options: _Optional[_Union[RecommendOptions, _Mapping]] = ..., min_sequence: _Optional[int] = ...) -> None: ...

class RecommendCollaboratorsResponse(_message.Message):
    __slots__ = ("recommendations", "info")
    RECOMMENDATIONS_FIELD_NUMBER: _ClassVar[int]
    INFO_FIELD_NUMBER: _ClassVar[int]
    recommendations: _containers.RepeatedCompositeFieldContainer[Recommendation]
    info: AnswerInfo
    def __init__(self, recommendations: _Optional[_Iterable[_Union[Recommendation, _Mapping]]] = ..., info: _Optional[_Union[AnswerInfo, _Mapping]] = ...) -> None: ...

class RecommendProjectsRequest(_message.Message):
    __slots__ = ("member", "options", "min_sequence")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    MIN_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    member: str
    options: RecommendOptions
    min_sequence: int
    def __init__(self, member: _Optional[str] = ..., options: _Optional[_Union[RecommendOptions, _Mapping]] = ..., min_sequence: _Optional[int] = ...) -> None: ...

class RecommendProjectsResponse(_message.Message):
    __slots__ = ("recommendations", "info")
    RECOMMENDATIONS_FIELD_NUMBER: _ClassVar[int]
    INFO_FIELD_NUMBER: _ClassVar[int]
    recommendations: _containers.RepeatedCompositeFieldContainer[Recommendation]
    info: AnswerInfo
    def __init__(self, recommendations: _Optional[_Iterable[_Union[Recommendation, _Mapping]]] = ..., info: _Optional[_Union[AnswerInfo, _Mapping]] = ...) -> None: ...

class RecommendAllRequest(_message.Message):
    __slots__ = ("parent", "kind", "options", "recipients", "resume_token", "min_sequence")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    RECIPIENTS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    MIN_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    parent: str
    kind: ListKind
    options: RecommendOptions
    recipients: RecommendationFilter
    resume_token: str
    min_sequence: int
    def __init__(self, parent: _Optional[str] = ..., kind: _Optional[_Union[ListKind, str]] = ..., options: _Optional[_Union[RecommendOptions, _Mapping]] = ..., recipients: _Optional[_Union[RecommendationFilter, _Mapping]] = ..., resume_token: _Optional[str] = ..., min_sequence: _Optional[int] = ...) -> None: ...

class RecommendAllResponse(_message.Message):
    __slots__ = ("member", "recommendations", "info", "resume_token")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    RECOMMENDATIONS_FIELD_NUMBER: _ClassVar[int]
    INFO_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    member: str
    recommendations: _containers.RepeatedCompositeFieldContainer[Recommendation]
    info: AnswerInfo
    resume_token: str
    def __init__(self, member: _Optional[str] = ..., recommendations: _Optional[_Iterable[_Union[Recommendation, _Mapping]]] = ..., info: _Optional[_Union[AnswerInfo, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class ProposeProjectsRequest(_message.Message):
    __slots__ = ("parent", "member", "limit", "least", "most", "language", "audience", "seed", "min_sequence")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    LEAST_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    MIN_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    parent: str
    member: str
    limit: int
    least: int
    most: int
    language: Language
    audience: Audience
    seed: int
    min_sequence: int
    def __init__(self, parent: _Optional[str] = ..., member: _Optional[str] = ..., limit: _Optional[int] = ..., least: _Optional[int] = ..., most: _Optional[int] = ..., language: _Optional[_Union[Language, str]] = ..., audience: _Optional[_Union[Audience, str]] = ..., seed: _Optional[int] = ..., min_sequence: _Optional[int] = ...) -> None: ...

class ProposeProjectsResponse(_message.Message):
    __slots__ = ("proposals", "info", "fewer")
    PROPOSALS_FIELD_NUMBER: _ClassVar[int]
    INFO_FIELD_NUMBER: _ClassVar[int]
    FEWER_FIELD_NUMBER: _ClassVar[int]
    proposals: _containers.RepeatedCompositeFieldContainer[_proposal_pb2.Proposal]
    info: AnswerInfo
    fewer: str
    def __init__(self, proposals: _Optional[_Iterable[_Union[_proposal_pb2.Proposal, _Mapping]]] = ..., info: _Optional[_Union[AnswerInfo, _Mapping]] = ..., fewer: _Optional[str] = ...) -> None: ...

class SearchMembersRequest(_message.Message):
    __slots__ = ("parent", "query", "title", "channel", "member", "options", "min_sequence")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    MIN_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    parent: str
    query: str
    title: str
    channel: str
    member: str
    options: RecommendOptions
    min_sequence: int
    def __init__(self, parent: _Optional[str] = ..., query: _Optional[str] = ..., title: _Optional[str] = ..., channel: _Optional[str] = ..., member: _Optional[str] = ..., options: _Optional[_Union[RecommendOptions, _Mapping]] = ..., min_sequence: _Optional[int] = ...) -> None: ...

class SearchMembersResponse(_message.Message):
    __slots__ = ("recommendations", "info")
    RECOMMENDATIONS_FIELD_NUMBER: _ClassVar[int]
    INFO_FIELD_NUMBER: _ClassVar[int]
    recommendations: _containers.RepeatedCompositeFieldContainer[Recommendation]
    info: AnswerInfo
    def __init__(self, recommendations: _Optional[_Iterable[_Union[Recommendation, _Mapping]]] = ..., info: _Optional[_Union[AnswerInfo, _Mapping]] = ...) -> None: ...

class ExplainMatchRequest(_message.Message):
    __slots__ = ("member", "other", "options", "min_sequence")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    OTHER_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    MIN_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    member: str
    other: str
    options: RecommendOptions
    min_sequence: int
    def __init__(self, member: _Optional[str] = ..., other: _Optional[str] = ..., options: _Optional[_Union[RecommendOptions, _Mapping]] = ..., min_sequence: _Optional[int] = ...) -> None: ...

class ExplainMatchResponse(_message.Message):
    __slots__ = ("recommendation", "info")
    RECOMMENDATION_FIELD_NUMBER: _ClassVar[int]
    INFO_FIELD_NUMBER: _ClassVar[int]
    recommendation: Recommendation
    info: AnswerInfo
    def __init__(self, recommendation: _Optional[_Union[Recommendation, _Mapping]] = ..., info: _Optional[_Union[AnswerInfo, _Mapping]] = ...) -> None: ...

class Introduction(_message.Message):
    __slots__ = ("invitation", "event", "kind", "member", "other", "time", "reason", "text", "model_version")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    OTHER_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    invitation: str
    event: IntroductionEvent
    kind: IntroductionKind
    member: str
    other: str
    time: _timestamp_pb2.Timestamp
    reason: Reason
    text: str
    model_version: str
    def __init__(self, invitation: _Optional[str] = ..., event: _Optional[_Union[IntroductionEvent, str]] = ..., kind: _Optional[_Union[IntroductionKind, str]] = ..., member: _Optional[str] = ..., other: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reason: _Optional[_Union[Reason, _Mapping]] = ..., text: _Optional[str] = ..., model_version: _Optional[str] = ...) -> None: ...

class WatchIntroductionsRequest(_message.Message):
    __slots__ = ("parent", "member", "resume_token", "language")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    parent: str
    member: str
    resume_token: str
    language: Language
    def __init__(self, parent: _Optional[str] = ..., member: _Optional[str] = ..., resume_token: _Optional[str] = ..., language: _Optional[_Union[Language, str]] = ...) -> None: ...

class WatchIntroductionsResponse(_message.Message):
    __slots__ = ("resume_token", "introduction")
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    INTRODUCTION_FIELD_NUMBER: _ClassVar[int]
    resume_token: str
    introduction: Introduction
    def __init__(self, resume_token: _Optional[str] = ..., introduction: _Optional[_Union[Introduction, _Mapping]] = ...) -> None: ...
