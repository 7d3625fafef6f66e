import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from yiqi.v1 import common_pb2 as _common_pb2
from yiqi.v1 import recommendation_pb2 as _recommendation_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class HealthFigureKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HEALTH_FIGURE_KIND_UNSPECIFIED: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_RECIPROCITY: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_SURVIVAL_30: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_SURVIVAL_90: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_ISOLATED: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_BROADCASTING: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_VOICE: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_EXPOSURE: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_NEWCOMERS_ANSWERED: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_NEWCOMERS_STAY: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_ANSWERED: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_ANSWERED_WITHOUT_LOUDEST: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_ASKERS_ANSWER: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_ACROSS: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_HANGING: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_HELPED: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_INTRODUCTIONS_TALKED: _ClassVar[HealthFigureKind]
    HEALTH_FIGURE_KIND_THANKED: _ClassVar[HealthFigureKind]

class HealthUnknown(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HEALTH_UNKNOWN_UNSPECIFIED: _ClassVar[HealthUnknown]
    HEALTH_UNKNOWN_TOO_FEW: _ClassVar[HealthUnknown]
    HEALTH_UNKNOWN_NOBODY_RECORDED: _ClassVar[HealthUnknown]

class HealthUnit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HEALTH_UNIT_UNSPECIFIED: _ClassVar[HealthUnit]
    HEALTH_UNIT_SHARE: _ClassVar[HealthUnit]
    HEALTH_UNIT_GINI: _ClassVar[HealthUnit]

class HealthActionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HEALTH_ACTION_KIND_UNSPECIFIED: _ClassVar[HealthActionKind]
    HEALTH_ACTION_KIND_ROUND: _ClassVar[HealthActionKind]
    HEALTH_ACTION_KIND_INTRODUCTION: _ClassVar[HealthActionKind]
    HEALTH_ACTION_KIND_PROJECT: _ClassVar[HealthActionKind]

class HealthEffectKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HEALTH_EFFECT_KIND_UNSPECIFIED: _ClassVar[HealthEffectKind]
    HEALTH_EFFECT_KIND_STILL_HERE: _ClassVar[HealthEffectKind]
    HEALTH_EFFECT_KIND_NEW_TIES: _ClassVar[HealthEffectKind]
HEALTH_FIGURE_KIND_UNSPECIFIED: HealthFigureKind
HEALTH_FIGURE_KIND_RECIPROCITY: HealthFigureKind
HEALTH_FIGURE_KIND_SURVIVAL_30: HealthFigureKind
HEALTH_FIGURE_KIND_SURVIVAL_90: HealthFigureKind
HEALTH_FIGURE_KIND_ISOLATED: HealthFigureKind
HEALTH_FIGURE_KIND_BROADCASTING: HealthFigureKind
HEALTH_FIGURE_KIND_VOICE: HealthFigureKind
HEALTH_FIGURE_KIND_EXPOSURE: HealthFigureKind
HEALTH_FIGURE_KIND_NEWCOMERS_ANSWERED: HealthFigureKind
HEALTH_FIGURE_KIND_NEWCOMERS_STAY: HealthFigureKind
HEALTH_FIGURE_KIND_ANSWERED: HealthFigureKind
HEALTH_FIGURE_KIND_ANSWERED_WITHOUT_LOUDEST: HealthFigureKind
HEALTH_FIGURE_KIND_ASKERS_ANSWER: HealthFigureKind
HEALTH_FIGURE_KIND_ACROSS: HealthFigureKind
HEALTH_FIGURE_KIND_HANGING: HealthFigureKind
HEALTH_FIGURE_KIND_HELPED: HealthFigureKind
HEALTH_FIGURE_KIND_INTRODUCTIONS_TALKED: HealthFigureKind
HEALTH_FIGURE_KIND_THANKED: HealthFigureKind
HEALTH_UNKNOWN_UNSPECIFIED: HealthUnknown
HEALTH_UNKNOWN_TOO_FEW: HealthUnknown
HEALTH_UNKNOWN_NOBODY_RECORDED: HealthUnknown
HEALTH_UNIT_UNSPECIFIED: HealthUnit
HEALTH_UNIT_SHARE: HealthUnit
HEALTH_UNIT_GINI: HealthUnit
HEALTH_ACTION_KIND_UNSPECIFIED: HealthActionKind
HEALTH_ACTION_KIND_ROUND: HealthActionKind
HEALTH_ACTION_KIND_INTRODUCTION: HealthActionKind
HEALTH_ACTION_KIND_PROJECT: HealthActionKind
HEALTH_EFFECT_KIND_UNSPECIFIED: HealthEffectKind
HEALTH_EFFECT_KIND_STILL_HERE: HealthEffectKind
HEALTH_EFFECT_KIND_NEW_TIES: HealthEffectKind

class GetCommunityHealthRequest(_message.Message):
    __slots__ = ("name", "since", "window_days", "language", "limit")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    WINDOW_DAYS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    name: str
    since: _timestamp_pb2.Timestamp
    window_days: int
    language: _recommendation_pb2.Language
    limit: int
    def __init__(self, name: _Optional[str] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., window_days: _Optional[int] = ..., language: _Optional[_Union[_recommendation_pb2.Language, str]] = ..., limit: _Optional[int] = ...) -> None: ...

class GetCommunityHealthResponse(_message.Message):
    __slots__ = ("health",)
    HEALTH_FIELD_NUMBER: _ClassVar[int]
    health: CommunityHealth
    def __init__(self, health: _Optional[_Union[CommunityHealth, _Mapping]] = ...) -> None: ...

class CommunityHealth(_message.Message):
    __slots__ = ("name", "as_of", "sequence", "windows", "figures", "groups", "flows", "gifts", "funnel", "effects", "advice", "hidden_by_consent")
    NAME_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    WINDOWS_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    FLOWS_FIELD_NUMBER: _ClassVar[int]
    GIFTS_FIELD_NUMBER: _ClassVar[int]
    FUNNEL_FIELD_NUMBER: _ClassVar[int]
    EFFECTS_FIELD_NUMBER: _ClassVar[int]
    ADVICE_FIELD_NUMBER: _ClassVar[int]
    HIDDEN_BY_CONSENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    as_of: _timestamp_pb2.Timestamp
    sequence: int
    windows: _containers.RepeatedCompositeFieldContainer[HealthWindow]
    figures: _containers.RepeatedCompositeFieldContainer[HealthFigure]
    groups: _containers.RepeatedCompositeFieldContainer[HealthGroup]
    flows: _containers.RepeatedCompositeFieldContainer[ValueFlow]
    gifts: _containers.RepeatedCompositeFieldContainer[ValueGift]
    funnel: _containers.RepeatedCompositeFieldContainer[IntroductionFunnel]
    effects: _containers.RepeatedCompositeFieldContainer[HealthEffect]
    advice: _containers.RepeatedCompositeFieldContainer[HealthAdvice]
    hidden_by_consent: int
    def __init__(self, name: _Optional[str] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., sequence: _Optional[int] = ..., windows: _Optional[_Iterable[_Union[HealthWindow, _Mapping]]] = ..., figures: _Optional[_Iterable[_Union[HealthFigure, _Mapping]]] = ..., groups: _Optional[_Iterable[_Union[HealthGroup, _Mapping]]] = ..., flows: _Optional[_Iterable[_Union[ValueFlow, _Mapping]]] = ..., gifts: _Optional[_Iterable[_Union[ValueGift, _Mapping]]] = ..., funnel: _Optional[_Iterable[_Union[IntroductionFunnel, _Mapping]]] = ..., effects: _Optional[_Iterable[_Union[HealthEffect, _Mapping]]] = ..., advice: _Optional[_Iterable[_Union[HealthAdvice, _Mapping]]] = ..., hidden_by_consent: _Optional[int] = ...) -> None: ...

class HealthWindow(_message.Message):
    __slots__ = ("begin", "end")
    BEGIN_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    begin: _timestamp_pb2.Timestamp
    end: _timestamp_pb2.Timestamp
    def __init__(self, begin: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class HealthFigure(_message.Message):
    __slots__ = ("kind", "title", "meaning", "unit", "higher_is_better", "values", "pointers", "pointer_meaning")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    MEANING_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    HIGHER_IS_BETTER_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    POINTERS_FIELD_NUMBER: _ClassVar[int]
    POINTER_MEANING_FIELD_NUMBER: _ClassVar[int]
    kind: HealthFigureKind
    title: str
    meaning: str
    unit: HealthUnit
    higher_is_better: bool
    values: _containers.RepeatedCompositeFieldContainer[HealthValue]
    pointers: _containers.RepeatedCompositeFieldContainer[HealthPointer]
    pointer_meaning: str
    def __init__(self, kind: _Optional[_Union[HealthFigureKind, str]] = ..., title: _Optional[str] = ..., meaning: _Optional[str] = ..., unit: _Optional[_Union[HealthUnit, str]] = ..., higher_is_better: _Optional[bool] = ..., values: _Optional[_Iterable[_Union[HealthValue, _Mapping]]] = ..., pointers: _Optional[_Iterable[_Union[HealthPointer, _Mapping]]] = ..., pointer_meaning: _Optional[str] = ...) -> None: ...

class HealthValue(_message.Message):
    __slots__ = ("value", "count", "unknown")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    value: float
    count: int
    unknown: HealthUnknown
    def __init__(self, value: _Optional[float] = ..., count: _Optional[int] = ..., unknown: _Optional[_Union[HealthUnknown, str]] = ...) -> None: ...

class HealthPointer(_message.Message):
    __slots__ = ("member", "channel", "display_name", "value")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    member: str
    channel: str
    display_name: str
    value: float
    def __init__(self, member: _Optional[str] = ..., channel: _Optional[str] = ..., display_name: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...

class HealthGroup(_message.Message):
    __slots__ = ("size", "central")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    CENTRAL_FIELD_NUMBER: _ClassVar[int]
    size: int
    central: _containers.RepeatedCompositeFieldContainer[HealthPointer]
    def __init__(self, size: _Optional[int] = ..., central: _Optional[_Iterable[_Union[HealthPointer, _Mapping]]] = ...) -> None: ...

class ValueFlow(_message.Message):
    __slots__ = ("kind", "offering", "seeking", "given", "givers", "receivers")
    KIND_FIELD_NUMBER: _ClassVar[int]
    OFFERING_FIELD_NUMBER: _ClassVar[int]
    SEEKING_FIELD_NUMBER: _ClassVar[int]
    GIVEN_FIELD_NUMBER: _ClassVar[int]
    GIVERS_FIELD_NUMBER: _ClassVar[int]
    RECEIVERS_FIELD_NUMBER: _ClassVar[int]
    kind: _common_pb2.ValueKind
    offering: int
    seeking: int
    given: int
    givers: int
    receivers: int
    def __init__(self, kind: _Optional[_Union[_common_pb2.ValueKind, str]] = ..., offering: _Optional[int] = ..., seeking: _Optional[int] = ..., given: _Optional[int] = ..., givers: _Optional[int] = ..., receivers: _Optional[int] = ...) -> None: ...

class ValueGift(_message.Message):
    __slots__ = ("giver", "receiver", "kind", "times")
    GIVER_FIELD_NUMBER: _ClassVar[int]
    RECEIVER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TIMES_FIELD_NUMBER: _ClassVar[int]
    giver: str
    receiver: str
    kind: _common_pb2.ValueKind
    times: int
    def __init__(self, giver: _Optional[str] = ..., receiver: _Optional[str] = ..., kind: _Optional[_Union[_common_pb2.ValueKind, str]] = ..., times: _Optional[int] = ...) -> None: ...

class IntroductionFunnel(_message.Message):
    __slots__ = ("introduced", "talked", "met", "built_together", "still_together")
    INTRODUCED_FIELD_NUMBER: _ClassVar[int]
    TALKED_FIELD_NUMBER: _ClassVar[int]
    MET_FIELD_NUMBER: _ClassVar[int]
    BUILT_TOGETHER_FIELD_NUMBER: _ClassVar[int]
    STILL_TOGETHER_FIELD_NUMBER: _ClassVar[int]
    introduced: int
    talked: int
    met: int
    built_together: int
    still_together: int
    def __init__(self, introduced: _Optional[int] = ..., talked: _Optional[int] = ..., met: _Optional[int] = ..., built_together: _Optional[int] = ..., still_together: _Optional[int] = ...) -> None: ...

class HealthEffect(_message.Message):
    __slots__ = ("round", "introductions", "proposals", "time", "members", "kind", "value", "beside", "low", "high")
    ROUND_FIELD_NUMBER: _ClassVar[int]
    INTRODUCTIONS_FIELD_NUMBER: _ClassVar[int]
    PROPOSALS_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    BESIDE_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    round: str
    introductions: bool
    proposals: bool
    time: _timestamp_pb2.Timestamp
    members: int
    kind: HealthEffectKind
    value: float
    beside: float
    low: float
    high: float
    def __init__(self, round: _Optional[str] = ..., introductions: _Optional[bool] = ..., proposals: _Optional[bool] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., members: _Optional[int] = ..., kind: _Optional[_Union[HealthEffectKind, str]] = ..., value: _Optional[float] = ..., beside: _Optional[float] = ..., low: _Optional[float] = ..., high: _Optional[float] = ...) -> None: ...

class HealthAdvice(_message.Message):
    __slots__ = ("figure", "sentence", "about", "action")
    FIGURE_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    ABOUT_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    figure: HealthFigureKind
    sentence: str
    about: _containers.RepeatedCompositeFieldContainer[HealthPointer]
    action: HealthAction
    def __init__(self, figure: _Optional[_Union[HealthFigureKind, str]] = ..., sentence: _Optional[str] = ..., about: _Optional[_Iterable[_Union[HealthPointer, _Mapping]]] = ..., action: _Optional[_Union[HealthAction, _Mapping]] = ...) -> None: ...

class HealthAction(_message.Message):
    __slots__ = ("kind", "members", "others", "standing", "commands")
    KIND_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    OTHERS_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    COMMANDS_FIELD_NUMBER: _ClassVar[int]
    kind: HealthActionKind
    members: _containers.RepeatedScalarFieldContainer[str]
    others: _containers.RepeatedScalarFieldContainer[str]
    standing: bool
    commands: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, kind: _Optional[_Union[HealthActionKind, str]] = ..., members: _Optional[_Iterable[str]] = ..., others: _Optional[_Iterable[str]] = ..., standing: _Optional[bool] = ..., commands: _Optional[_Iterable[str]] = ...) -> None: ...
