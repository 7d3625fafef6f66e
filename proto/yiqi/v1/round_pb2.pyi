import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from yiqi.v1 import common_pb2 as _common_pb2
from yiqi.v1 import invitation_pb2 as _invitation_pb2
from yiqi.v1 import recommendation_pb2 as _recommendation_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RoundKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROUND_KIND_UNSPECIFIED: _ClassVar[RoundKind]
    ROUND_KIND_PAIRS: _ClassVar[RoundKind]
    ROUND_KIND_GROUPS: _ClassVar[RoundKind]
    ROUND_KIND_SIDES: _ClassVar[RoundKind]
    ROUND_KIND_TEAMS: _ClassVar[RoundKind]

class Leftover(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LEFTOVER_UNSPECIFIED: _ClassVar[Leftover]
    LEFTOVER_TRIO: _ClassVar[Leftover]
    LEFTOVER_BYE: _ClassVar[Leftover]

class RoundRanking(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROUND_RANKING_UNSPECIFIED: _ClassVar[RoundRanking]
    ROUND_RANKING_COLLABORATORS: _ClassVar[RoundRanking]
    ROUND_RANKING_PEERS: _ClassVar[RoundRanking]

class RoundState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROUND_STATE_UNSPECIFIED: _ClassVar[RoundState]
    ROUND_STATE_SOLVING: _ClassVar[RoundState]
    ROUND_STATE_SOLVED: _ClassVar[RoundState]
    ROUND_STATE_FAILED: _ClassVar[RoundState]
    ROUND_STATE_CANCELLED: _ClassVar[RoundState]
    ROUND_STATE_PUBLISHED: _ClassVar[RoundState]
    ROUND_STATE_REPAIRING: _ClassVar[RoundState]
    ROUND_STATE_UNDONE: _ClassVar[RoundState]

class LeftOutReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LEFT_OUT_REASON_UNSPECIFIED: _ClassVar[LeftOutReason]
    LEFT_OUT_REASON_UNKNOWN: _ClassVar[LeftOutReason]
    LEFT_OUT_REASON_CONSENT: _ClassVar[LeftOutReason]
    LEFT_OUT_REASON_PAUSED: _ClassVar[LeftOutReason]
    LEFT_OUT_REASON_BUDGET: _ClassVar[LeftOutReason]
    LEFT_OUT_REASON_DROPPED: _ClassVar[LeftOutReason]
    LEFT_OUT_REASON_GONE: _ClassVar[LeftOutReason]
    LEFT_OUT_REASON_RESTS: _ClassVar[LeftOutReason]

class ByeReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BYE_REASON_UNSPECIFIED: _ClassVar[ByeReason]
    BYE_REASON_ODD_NUMBER: _ClassVar[ByeReason]
    BYE_REASON_NO_PARTNER: _ClassVar[ByeReason]
    BYE_REASON_TIME_LIMIT: _ClassVar[ByeReason]
    BYE_REASON_LOAD: _ClassVar[ByeReason]

class CollisionCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COLLISION_CAUSE_UNSPECIFIED: _ClassVar[CollisionCause]
    COLLISION_CAUSE_BLOCKS: _ClassVar[CollisionCause]
    COLLISION_CAUSE_SIZE: _ClassVar[CollisionCause]
    COLLISION_CAUSE_LOAD: _ClassVar[CollisionCause]
    COLLISION_CAUSE_SLOTS: _ClassVar[CollisionCause]
    COLLISION_CAUSE_PLACES: _ClassVar[CollisionCause]
    COLLISION_CAUSE_ROLES: _ClassVar[CollisionCause]
    COLLISION_CAUSE_NUMBERS: _ClassVar[CollisionCause]
    COLLISION_CAUSE_TIME_LIMIT: _ClassVar[CollisionCause]
    COLLISION_CAUSE_LOCKS: _ClassVar[CollisionCause]

class RoundFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROUND_FORMAT_UNSPECIFIED: _ClassVar[RoundFormat]
    ROUND_FORMAT_CSV: _ClassVar[RoundFormat]
    ROUND_FORMAT_JSON: _ClassVar[RoundFormat]
    ROUND_FORMAT_HTML: _ClassVar[RoundFormat]
    ROUND_FORMAT_PICTURE: _ClassVar[RoundFormat]
    ROUND_FORMAT_PEOPLE_CSV: _ClassVar[RoundFormat]
    ROUND_FORMAT_CALENDAR: _ClassVar[RoundFormat]
    ROUND_FORMAT_SLIPS: _ClassVar[RoundFormat]
    ROUND_FORMAT_PICTURE_PNG: _ClassVar[RoundFormat]
    ROUND_FORMAT_POSTER_PNG: _ClassVar[RoundFormat]
ROUND_KIND_UNSPECIFIED: RoundKind
ROUND_KIND_PAIRS: RoundKind
ROUND_KIND_GROUPS: RoundKind
ROUND_KIND_SIDES: RoundKind
ROUND_KIND_TEAMS: RoundKind
LEFTOVER_UNSPECIFIED: Leftover
LEFTOVER_TRIO: Leftover
LEFTOVER_BYE: Leftover
ROUND_RANKING_UNSPECIFIED: RoundRanking
ROUND_RANKING_COLLABORATORS: RoundRanking
ROUND_RANKING_PEERS: RoundRanking
ROUND_STATE_UNSPECIFIED: RoundState
ROUND_STATE_SOLVING: RoundState
ROUND_STATE_SOLVED: RoundState
ROUND_STATE_FAILED: RoundState
ROUND_STATE_CANCELLED: RoundState
ROUND_STATE_PUBLISHED: RoundState
ROUND_STATE_REPAIRING: RoundState
ROUND_STATE_UNDONE: RoundState
LEFT_OUT_REASON_UNSPECIFIED: LeftOutReason
LEFT_OUT_REASON_UNKNOWN: LeftOutReason
LEFT_OUT_REASON_CONSENT: LeftOutReason
LEFT_OUT_REASON_PAUSED: LeftOutReason
LEFT_OUT_REASON_BUDGET: LeftOutReason
LEFT_OUT_REASON_DROPPED: LeftOutReason
LEFT_OUT_REASON_GONE: LeftOutReason
LEFT_OUT_REASON_RESTS: LeftOutReason
BYE_REASON_UNSPECIFIED: ByeReason
BYE_REASON_ODD_NUMBER: ByeReason
BYE_REASON_NO_PARTNER: ByeReason
BYE_REASON_TIME_LIMIT: ByeReason
BYE_REASON_LOAD: ByeReason
COLLISION_CAUSE_UNSPECIFIED: CollisionCause
COLLISION_CAUSE_BLOCKS: CollisionCause
COLLISION_CAUSE_SIZE: CollisionCause
COLLISION_CAUSE_LOAD: CollisionCause
COLLISION_CAUSE_SLOTS: CollisionCause
COLLISION_CAUSE_PLACES: CollisionCause
COLLISION_CAUSE_ROLES: CollisionCause
COLLISION_CAUSE_NUMBERS: CollisionCause
COLLISION_CAUSE_TIME_LIMIT: CollisionCause
COLLISION_CAUSE_LOCKS: CollisionCause
ROUND_FORMAT_UNSPECIFIED: RoundFormat
ROUND_FORMAT_CSV: RoundFormat
ROUND_FORMAT_JSON: RoundFormat
ROUND_FORMAT_HTML: RoundFormat
ROUND_FORMAT_PICTURE: RoundFormat
ROUND_FORMAT_PEOPLE_CSV: RoundFormat
ROUND_FORMAT_CALENDAR: RoundFormat
ROUND_FORMAT_SLIPS: RoundFormat
ROUND_FORMAT_PICTURE_PNG: RoundFormat
ROUND_FORMAT_POSTER_PNG: RoundFormat

class TogetherRule(_message.Message):
    __slots__ = ("members",)
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    members: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, members: _Optional[_Iterable[str]] = ...) -> None: ...

class ApartRule(_message.Message):
    __slots__ = ("members",)
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    members: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, members: _Optional[_Iterable[str]] = ...) -> None: ...

class SameRule(_message.Message):
    __slots__ = ("attribute",)
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    def __init__(self, attribute: _Optional[str] = ...) -> None: ...

class MixedRule(_message.Message):
    __slots__ = ("attribute", "most")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    most: int
    def __init__(self, attribute: _Optional[str] = ..., most: _Optional[int] = ...) -> None: ...

class QuotaRule(_message.Message):
    __slots__ = ("attribute", "least", "most")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    LEAST_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    attribute: _common_pb2.Attribute
    least: int
    most: int
    def __init__(self, attribute: _Optional[_Union[_common_pb2.Attribute, _Mapping]] = ..., least: _Optional[int] = ..., most: _Optional[int] = ...) -> None: ...

class NearRule(_message.Message):
    __slots__ = ("kilometres", "online")
    KILOMETRES_FIELD_NUMBER: _ClassVar[int]
    ONLINE_FIELD_NUMBER: _ClassVar[int]
    kilometres: float
    online: bool
    def __init__(self, kilometres: _Optional[float] = ..., online: _Optional[bool] = ...) -> None: ...

class TimeZonesRule(_message.Message):
    __slots__ = ("hours",)
    HOURS_FIELD_NUMBER: _ClassVar[int]
    hours: float
    def __init__(self, hours: _Optional[float] = ...) -> None: ...

class NoRepeatRule(_message.Message):
    __slots__ = ("days", "rounds")
    DAYS_FIELD_NUMBER: _ClassVar[int]
    ROUNDS_FIELD_NUMBER: _ClassVar[int]
    days: int
    rounds: int
    def __init__(self, days: _Optional[int] = ..., rounds: _Optional[int] = ...) -> None: ...

class NewToEachOtherRule(_message.Message):
    __slots__ = ("off",)
    OFF_FIELD_NUMBER: _ClassVar[int]
    off: bool
    def __init__(self, off: _Optional[bool] = ...) -> None: ...

class RoundRule(_message.Message):
    __slots__ = ("together", "apart", "same", "mixed", "quota", "near", "time_zones", "no_repeat", "new_to_each_other", "firm")
    TOGETHER_FIELD_NUMBER: _ClassVar[int]
    APART_FIELD_NUMBER: _ClassVar[int]
    SAME_FIELD_NUMBER: _ClassVar[int]
    MIXED_FIELD_NUMBER: _ClassVar[int]
    QUOTA_FIELD_NUMBER: _ClassVar[int]
    NEAR_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONES_FIELD_NUMBER: _ClassVar[int]
    NO_REPEAT_FIELD_NUMBER: _ClassVar[int]
    NEW_TO_EACH_OTHER_FIELD_NUMBER: _ClassVar[int]
    FIRM_FIELD_NUMBER: _ClassVar[int]
    together: TogetherRule
    apart: ApartRule
    same: SameRule
    mixed: MixedRule
    quota: QuotaRule
    near: NearRule
    time_zones: TimeZonesRule
    no_repeat: NoRepeatRule
    new_to_each_other: NewToEachOtherRule
    firm: bool
    def __init__(self, together: _Optional[_Union[TogetherRule, _Mapping]] = ..., apart: _Optional[_Union[ApartRule, _Mapping]] = ..., same: _Optional[_Union[SameRule, _Mapping]] = ..., mixed: _Optional[_Union[MixedRule, _Mapping]] = ..., quota: _Optional[_Union[QuotaRule, _Mapping]] = ..., near: _Optional[_Union[NearRule, _Mapping]] = ..., time_zones: _Optional[_Union[TimeZonesRule, _Mapping]] = ..., no_repeat: _Optional[_Union[NoRepeatRule, _Mapping]] = ..., new_to_each_other: _Optional[_Union[NewToEachOtherRule, _Mapping]] = ..., firm: _Optional[bool] = ...) -> None: ...

class RoundSide(_message.Message):
    __slots__ = ("name", "members", "least", "most")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    LEAST_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    name: str
    members: _containers.RepeatedScalarFieldContainer[str]
    least: int
    most: int
    def __init__(self, name: _Optional[str] = ..., members: _Optional[_Iterable[str]] = ..., least: _Optional[int] = ..., most: _Optional[int] = ...) -> None: ...

class RoundRole(_message.Message):
    __slots__ = ("name", "count", "need", "attribute")
    NAME_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    NEED_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    name: str
    count: int
    need: _common_pb2.Need
    attribute: _common_pb2.Attribute
    def __init__(self, name: _Optional[str] = ..., count: _Optional[int] = ..., need: _Optional[_Union[_common_pb2.Need, _Mapping]] = ..., attribute: _Optional[_Union[_common_pb2.Attribute, _Mapping]] = ...) -> None: ...

class RoundTeam(_message.Message):
    __slots__ = ("id", "title", "text", "project", "members", "roles")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    text: str
    project: str
    members: _containers.RepeatedScalarFieldContainer[str]
    roles: _containers.RepeatedCompositeFieldContainer[RoundRole]
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., text: _Optional[str] = ..., project: _Optional[str] = ..., members: _Optional[_Iterable[str]] = ..., roles: _Optional[_Iterable[_Union[RoundRole, _Mapping]]] = ...) -> None: ...

class RoundBid(_message.Message):
    __slots__ = ("source", "target", "score")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    source: str
    target: str
    score: float
    def __init__(self, source: _Optional[str] = ..., target: _Optional[str] = ..., score: _Optional[float] = ...) -> None: ...

class RoundSpec(_message.Message):
    __slots__ = ("kind", "members", "smallest", "largest", "sides", "teams", "sittings", "slots", "places", "rules", "leftover", "fairness", "bids", "bid_weight", "standing", "seed", "seconds", "load", "ask_silent")
    KIND_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    SMALLEST_FIELD_NUMBER: _ClassVar[int]
    LARGEST_FIELD_NUMBER: _ClassVar[int]
    SIDES_FIELD_NUMBER: _ClassVar[int]
    TEAMS_FIELD_NUMBER: _ClassVar[int]
    SITTINGS_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    PLACES_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    LEFTOVER_FIELD_NUMBER: _ClassVar[int]
    FAIRNESS_FIELD_NUMBER: _ClassVar[int]
    BIDS_FIELD_NUMBER: _ClassVar[int]
    BID_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    LOAD_FIELD_NUMBER: _ClassVar[int]
    ASK_SILENT_FIELD_NUMBER: _ClassVar[int]
    kind: RoundKind
    members: _containers.RepeatedScalarFieldContainer[str]
    smallest: int
    largest: int
    sides: _containers.RepeatedCompositeFieldContainer[RoundSide]
    teams: _containers.RepeatedCompositeFieldContainer[RoundTeam]
    sittings: int
    slots: _containers.RepeatedScalarFieldContainer[str]
    places: int
    rules: _containers.RepeatedCompositeFieldContainer[RoundRule]
    leftover: Leftover
    fairness: float
    bids: _containers.RepeatedCompositeFieldContainer[RoundBid]
    bid_weight: float
    standing: bool
    seed: int
    seconds: float
    load: int
    ask_silent: bool
    def __init__(self, kind: _Optional[_Union[RoundKind, str]] = ..., members: _Optional[_Iterable[str]] = ..., smallest: _Optional[int] = ..., largest: _Optional[int] = ..., sides: _Optional[_Iterable[_Union[RoundSide, _Mapping]]] = ..., teams: _Optional[_Iterable[_Union[RoundTeam, _Mapping]]] = ..., sittings: _Optional[int] = ..., slots: _Optional[_Iterable[str]] = ..., places: _Optional[int] = ..., rules: _Optional[_Iterable[_Union[RoundRule, _Mapping]]] = ..., leftover: _Optional[_Union[Leftover, str]] = ..., fairness: _Optional[float] = ..., bids: _Optional[_Iterable[_Union[RoundBid, _Mapping]]] = ..., bid_weight: _Optional[float] = ..., standing: _Optional[bool] = ..., seed: _Optional[int] = ..., seconds: _Optional[float] = ..., load: _Optional[int] = ..., ask_silent: _Optional[bool] = ...) -> None: ...

class Round(_message.Message):
    __slots__ = ("name", "title", "spec", "ranking", "language", "double_opt_in", "period_days", "state", "progress", "create_time", "publish_time", "summary", "collisions", "relaxed", "byes", "left_out", "match_count", "problem", "publishes_itself", "etag", "silent", "times_not_understood", "date", "place", "note")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    RANKING_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    DOUBLE_OPT_IN_FIELD_NUMBER: _ClassVar[int]
    PERIOD_DAYS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    COLLISIONS_FIELD_NUMBER: _ClassVar[int]
    RELAXED_FIELD_NUMBER: _ClassVar[int]
    BYES_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    MATCH_COUNT_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    PUBLISHES_ITSELF_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    SILENT_FIELD_NUMBER: _ClassVar[int]
    TIMES_NOT_UNDERSTOOD_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    spec: RoundSpec
    ranking: RoundRanking
    language: _recommendation_pb2.Language
    double_opt_in: bool
    period_days: int
    state: RoundState
    progress: float
    create_time: _timestamp_pb2.Timestamp
    publish_time: _timestamp_pb2.Timestamp
    summary: RoundSummary
    collisions: _containers.RepeatedCompositeFieldContainer[RoundCollision]
    relaxed: _containers.RepeatedCompositeFieldContainer[RelaxedRule]
    byes: _containers.RepeatedCompositeFieldContainer[RoundBye]
    left_out: _containers.RepeatedCompositeFieldContainer[LeftOut]
    match_count: int
    problem: str
    publishes_itself: bool
    etag: str
    silent: _containers.RepeatedScalarFieldContainer[str]
    times_not_understood: _containers.RepeatedScalarFieldContainer[str]
    date: str
    place: str
    note: str
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., spec: _Optional[_Union[RoundSpec, _Mapping]] = ..., ranking: _Optional[_Union[RoundRanking, str]] = ..., language: _Optional[_Union[_recommendation_pb2.Language, str]] = ..., double_opt_in: _Optional[bool] = ..., period_days: _Optional[int] = ..., state: _Optional[_Union[RoundState, str]] = ..., progress: _Optional[float] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., summary: _Optional[_Union[RoundSummary, _Mapping]] = ..., collisions: _Optional[_Iterable[_Union[RoundCollision, _Mapping]]] = ..., relaxed: _Optional[_Iterable[_Union[RelaxedRule, _Mapping]]] = ..., byes: _Optional[_Iterable[_Union[RoundBye, _Mapping]]] = ..., left_out: _Optional[_Iterable[_Union[LeftOut, _Mapping]]] = ..., match_count: _Optional[int] = ..., problem: _Optional[str] = ..., publishes_itself: _Optional[bool] = ..., etag: _Optional[str] = ..., silent: _Optional[_Iterable[str]] = ..., times_not_understood: _Optional[_Iterable[str]] = ..., date: _Optional[str] = ..., place: _Optional[str] = ..., note: _Optional[str] = ...) -> None: ...

class UpdateRoundNoticeRequest(_message.Message):
    __slots__ = ("name", "title", "date", "place", "note", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    date: str
    place: str
    note: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., date: _Optional[str] = ..., place: _Optional[str] = ..., note: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class UpdateRoundNoticeResponse(_message.Message):
    __slots__ = ("round", "sequence")
    ROUND_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    round: Round
    sequence: int
    def __init__(self, round: _Optional[_Union[Round, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class LeftOut(_message.Message):
    __slots__ = ("member", "reason")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    member: str
    reason: LeftOutReason
    def __init__(self, member: _Optional[str] = ..., reason: _Optional[_Union[LeftOutReason, str]] = ...) -> None: ...

class RoundBye(_message.Message):
    __slots__ = ("member", "sitting", "reason", "rules", "text", "changed")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    SITTING_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    member: str
    sitting: int
    reason: ByeReason
    rules: _containers.RepeatedScalarFieldContainer[int]
    text: str
    changed: bool
    def __init__(self, member: _Optional[str] = ..., sitting: _Optional[int] = ..., reason: _Optional[_Union[ByeReason, str]] = ..., rules: _Optional[_Iterable[int]] = ..., text: _Optional[str] = ..., changed: _Optional[bool] = ...) -> None: ...

class RelaxedRule(_message.Message):
    __slots__ = ("rule", "members", "kept")
    RULE_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    rule: int
    members: _containers.RepeatedScalarFieldContainer[str]
    kept: float
    def __init__(self, rule: _Optional[int] = ..., members: _Optional[_Iterable[str]] = ..., kept: _Optional[float] = ...) -> None: ...

class RoundCollision(_message.Message):
    __slots__ = ("rules", "causes", "members", "cures", "sentence")
    RULES_FIELD_NUMBER: _ClassVar[int]
    CAUSES_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    CURES_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    rules: _containers.RepeatedScalarFieldContainer[int]
    causes: _containers.RepeatedScalarFieldContainer[CollisionCause]
    members: _containers.RepeatedScalarFieldContainer[str]
    cures: _containers.RepeatedScalarFieldContainer[int]
    sentence: str
    def __init__(self, rules: _Optional[_Iterable[int]] = ..., causes: _Optional[_Iterable[_Union[CollisionCause, str]]] = ..., members: _Optional[_Iterable[str]] = ..., cures: _Optional[_Iterable[int]] = ..., sentence: _Optional[str] = ...) -> None: ...

class RoundSummary(_message.Message):
    __slots__ = ("mean", "worst", "median", "best", "best_worst", "random", "bound", "placed", "people", "seconds")
    MEAN_FIELD_NUMBER: _ClassVar[int]
    WORST_FIELD_NUMBER: _ClassVar[int]
    MEDIAN_FIELD_NUMBER: _ClassVar[int]
    BEST_FIELD_NUMBER: _ClassVar[int]
    BEST_WORST_FIELD_NUMBER: _ClassVar[int]
    RANDOM_FIELD_NUMBER: _ClassVar[int]
    BOUND_FIELD_NUMBER: _ClassVar[int]
    PLACED_FIELD_NUMBER: _ClassVar[int]
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    mean: float
    worst: float
    median: float
    best: float
    best_worst: float
    random: float
    bound: float
    placed: int
    people: int
    seconds: float
    def __init__(self, mean: _Optional[float] = ..., worst: _Optional[float] = ..., median: _Optional[float] = ..., best: _Optional[float] = ..., best_worst: _Optional[float] = ..., random: _Optional[float] = ..., bound: _Optional[float] = ..., placed: _Optional[int] = ..., people: _Optional[int] = ..., seconds: _Optional[float] = ...) -> None: ...

class SeatReason(_message.Message):
    __slots__ = ("other", "reason")
    OTHER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    other: str
    reason: _recommendation_pb2.Reason
    def __init__(self, other: _Optional[str] = ..., reason: _Optional[_Union[_recommendation_pb2.Reason, _Mapping]] = ...) -> None: ...

class RoundSeat(_message.Message):
    __slots__ = ("member", "display_name", "role", "reasons", "text", "reply", "answer")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REPLY_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    member: str
    display_name: str
    role: str
    reasons: _containers.RepeatedCompositeFieldContainer[SeatReason]
    text: str
    reply: _invitation_pb2.Reply
    answer: _invitation_pb2.FollowUp
    def __init__(self, member: _Optional[str] = ..., display_name: _Optional[str] = ..., role: _Optional[str] = ..., reasons: _Optional[_Iterable[_Union[SeatReason, _Mapping]]] = ..., text: _Optional[str] = ..., reply: _Optional[_Union[_invitation_pb2.Reply, str]] = ..., answer: _Optional[_Union[_invitation_pb2.FollowUp, str]] = ...) -> None: ...

class RoundMatch(_message.Message):
    __slots__ = ("id", "seats", "sitting", "slot", "team", "score", "worst", "locked", "starter", "invitation", "changed")
    ID_FIELD_NUMBER: _ClassVar[int]
    SEATS_FIELD_NUMBER: _ClassVar[int]
    SITTING_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    TEAM_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    WORST_FIELD_NUMBER: _ClassVar[int]
    LOCKED_FIELD_NUMBER: _ClassVar[int]
    STARTER_FIELD_NUMBER: _ClassVar[int]
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    id: str
    seats: _containers.RepeatedCompositeFieldContainer[RoundSeat]
    sitting: int
    slot: str
    team: str
    score: float
    worst: float
    locked: bool
    starter: str
    invitation: str
    changed: bool
    def __init__(self, id: _Optional[str] = ..., seats: _Optional[_Iterable[_Union[RoundSeat, _Mapping]]] = ..., sitting: _Optional[int] = ..., slot: _Optional[str] = ..., team: _Optional[str] = ..., score: _Optional[float] = ..., worst: _Optional[float] = ..., locked: _Optional[bool] = ..., starter: _Optional[str] = ..., invitation: _Optional[str] = ..., changed: _Optional[bool] = ...) -> None: ...

class CreateRoundRequest(_message.Message):
    __slots__ = ("parent", "round_id", "round", "filter", "dry_run", "request_id", "min_sequence")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ROUND_ID_FIELD_NUMBER: _ClassVar[int]
    ROUND_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    MIN_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    parent: str
    round_id: str
    round: Round
    filter: _recommendation_pb2.RecommendationFilter
    dry_run: bool
    request_id: str
    min_sequence: int
    def __init__(self, parent: _Optional[str] = ..., round_id: _Optional[str] = ..., round: _Optional[_Union[Round, _Mapping]] = ..., filter: _Optional[_Union[_recommendation_pb2.RecommendationFilter, _Mapping]] = ..., dry_run: _Optional[bool] = ..., request_id: _Optional[str] = ..., min_sequence: _Optional[int] = ...) -> None: ...

class CreateRoundResponse(_message.Message):
    __slots__ = ("round", "sequence")
    ROUND_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    round: Round
    sequence: int
    def __init__(self, round: _Optional[_Union[Round, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class GetRoundRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class GetRoundResponse(_message.Message):
    __slots__ = ("round",)
    ROUND_FIELD_NUMBER: _ClassVar[int]
    round: Round
    def __init__(self, round: _Optional[_Union[Round, _Mapping]] = ...) -> None: ...

class ListRoundsRequest(_message.Message):
    __slots__ = ("parent", "state", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    state: RoundState
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., state: _Optional[_Union[RoundState, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRoundsResponse(_message.Message):
    __slots__ = ("rounds", "next_page_token")
    ROUNDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    rounds: _containers.RepeatedCompositeFieldContainer[Round]
    next_page_token: str
    def __init__(self, rounds: _Optional[_Iterable[_Union[Round, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListRoundMatchesRequest(_message.Message):
    __slots__ = ("parent", "member", "page_size", "page_token", "language", "with_reasons")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WITH_REASONS_FIELD_NUMBER: _ClassVar[int]
    parent: str
    member: str
    page_size: int
    page_token: str
    language: _recommendation_pb2.Language
    with_reasons: bool
    def __init__(self, parent: _Optional[str] = ..., member: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., language: _Optional[_Union[_recommendation_pb2.Language, str]] = ..., with_reasons: _Optional[bool] = ...) -> None: ...

class ListRoundMatchesResponse(_message.Message):
    __slots__ = ("matches", "next_page_token", "etag")
    MATCHES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    matches: _containers.RepeatedCompositeFieldContainer[RoundMatch]
    next_page_token: str
    etag: str
    def __init__(self, matches: _Optional[_Iterable[_Union[RoundMatch, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CancelRoundRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class CancelRoundResponse(_message.Message):
    __slots__ = ("round", "sequence")
    ROUND_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    round: Round
    sequence: int
    def __init__(self, round: _Optional[_Union[Round, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class SwapEdit(_message.Message):
    __slots__ = ("member", "other", "sitting")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    OTHER_FIELD_NUMBER: _ClassVar[int]
    SITTING_FIELD_NUMBER: _ClassVar[int]
    member: str
    other: str
    sitting: int
    def __init__(self, member: _Optional[str] = ..., other: _Optional[str] = ..., sitting: _Optional[int] = ...) -> None: ...

class AddEdit(_message.Message):
    __slots__ = ("member", "match")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    MATCH_FIELD_NUMBER: _ClassVar[int]
    member: str
    match: str
    def __init__(self, member: _Optional[str] = ..., match: _Optional[str] = ...) -> None: ...

class MoveEdit(_message.Message):
    __slots__ = ("member", "match")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    MATCH_FIELD_NUMBER: _ClassVar[int]
    member: str
    match: str
    def __init__(self, member: _Optional[str] = ..., match: _Optional[str] = ...) -> None: ...

class PinEdit(_message.Message):
    __slots__ = ("members", "sitting", "slot", "team")
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    SITTING_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    TEAM_FIELD_NUMBER: _ClassVar[int]
    members: _containers.RepeatedScalarFieldContainer[str]
    sitting: int
    slot: str
    team: str
    def __init__(self, members: _Optional[_Iterable[str]] = ..., sitting: _Optional[int] = ..., slot: _Optional[str] = ..., team: _Optional[str] = ...) -> None: ...

class RoundEdit(_message.Message):
    __slots__ = ("lock", "unlock", "swap", "add", "drop", "pin", "move")
    LOCK_FIELD_NUMBER: _ClassVar[int]
    UNLOCK_FIELD_NUMBER: _ClassVar[int]
    SWAP_FIELD_NUMBER: _ClassVar[int]
    ADD_FIELD_NUMBER: _ClassVar[int]
    DROP_FIELD_NUMBER: _ClassVar[int]
    PIN_FIELD_NUMBER: _ClassVar[int]
    MOVE_FIELD_NUMBER: _ClassVar[int]
    lock: str
    unlock: str
    swap: SwapEdit
    add: AddEdit
    drop: str
    pin: PinEdit
    move: MoveEdit
    def __init__(self, lock: _Optional[str] = ..., unlock: _Optional[str] = ..., swap: _Optional[_Union[SwapEdit, _Mapping]] = ..., add: _Optional[_Union[AddEdit, _Mapping]] = ..., drop: _Optional[str] = ..., pin: _Optional[_Union[PinEdit, _Mapping]] = ..., move: _Optional[_Union[MoveEdit, _Mapping]] = ...) -> None: ...

class EditWarning(_message.Message):
    __slots__ = ("rule", "cause", "members", "sentence")
    RULE_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    rule: int
    cause: CollisionCause
    members: _containers.RepeatedScalarFieldContainer[str]
    sentence: str
    def __init__(self, rule: _Optional[int] = ..., cause: _Optional[_Union[CollisionCause, str]] = ..., members: _Optional[_Iterable[str]] = ..., sentence: _Optional[str] = ...) -> None: ...

class EditRoundRequest(_message.Message):
    __slots__ = ("name", "edits", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    EDITS_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    edits: _containers.RepeatedCompositeFieldContainer[RoundEdit]
    etag: str
    def __init__(self, name: _Optional[str] = ..., edits: _Optional[_Iterable[_Union[RoundEdit, _Mapping]]] = ..., etag: _Optional[str] = ...) -> None: ...

class EditRoundResponse(_message.Message):
    __slots__ = ("round", "sequence", "warnings")
    ROUND_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    round: Round
    sequence: int
    warnings: _containers.RepeatedCompositeFieldContainer[EditWarning]
    def __init__(self, round: _Optional[_Union[Round, _Mapping]] = ..., sequence: _Optional[int] = ..., warnings: _Optional[_Iterable[_Union[EditWarning, _Mapping]]] = ...) -> None: ...

class SolveRoundAgainRequest(_message.Message):
    __slots__ = ("name", "spec", "etag", "discard_edits")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    DISCARD_EDITS_FIELD_NUMBER: _ClassVar[int]
    name: str
    spec: RoundSpec
    etag: str
    discard_edits: bool
    def __init__(self, name: _Optional[str] = ..., spec: _Optional[_Union[RoundSpec, _Mapping]] = ..., etag: _Optional[str] = ..., discard_edits: _Optional[bool] = ...) -> None: ...

class SolveRoundAgainResponse(_message.Message):
    __slots__ = ("round", "sequence")
    ROUND_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    round: Round
    sequence: int
    def __init__(self, round: _Optional[_Union[Round, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class PublishRoundRequest(_message.Message):
    __slots__ = ("name", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class PublishRoundResponse(_message.Message):
    __slots__ = ("round", "sequence")
    ROUND_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    round: Round
    sequence: int
    def __init__(self, round: _Optional[_Union[Round, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class RepairRoundRequest(_message.Message):
    __slots__ = ("name", "drop", "add", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DROP_FIELD_NUMBER: _ClassVar[int]
    ADD_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    drop: _containers.RepeatedScalarFieldContainer[str]
    add: _containers.RepeatedScalarFieldContainer[str]
    etag: str
    def __init__(self, name: _Optional[str] = ..., drop: _Optional[_Iterable[str]] = ..., add: _Optional[_Iterable[str]] = ..., etag: _Optional[str] = ...) -> None: ...

class RepairRoundResponse(_message.Message):
    __slots__ = ("round", "sequence")
    ROUND_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    round: Round
    sequence: int
    def __init__(self, round: _Optional[_Union[Round, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class UndoRoundRequest(_message.Message):
    __slots__ = ("name", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class UndoRoundResponse(_message.Message):
    __slots__ = ("round", "sequence")
    ROUND_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    round: Round
    sequence: int
    def __init__(self, round: _Optional[_Union[Round, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class DeleteRoundRequest(_message.Message):
    __slots__ = ("name", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteRoundResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class ExportRoundRequest(_message.Message):
    __slots__ = ("name", "format", "language", "place", "time_zone", "minutes")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    MINUTES_FIELD_NUMBER: _ClassVar[int]
    name: str
    format: RoundFormat
    language: _recommendation_pb2.Language
    place: str
    time_zone: str
    minutes: int
    def __init__(self, name: _Optional[str] = ..., format: _Optional[_Union[RoundFormat, str]] = ..., language: _Optional[_Union[_recommendation_pb2.Language, str]] = ..., place: _Optional[str] = ..., time_zone: _Optional[str] = ..., minutes: _Optional[int] = ...) -> None: ...

class ExportRoundResponse(_message.Message):
    __slots__ = ("content", "media_type", "file_name")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    media_type: str
    file_name: str
    def __init__(self, content: _Optional[bytes] = ..., media_type: _Optional[str] = ..., file_name: _Optional[str] = ...) -> None: ...
