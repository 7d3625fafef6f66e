import datetime

from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from yiqi.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Consent(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONSENT_UNSPECIFIED: _ClassVar[Consent]
    CONSENT_NOBODY: _ClassVar[Consent]
    CONSENT_ORGANIZERS: _ClassVar[Consent]
    CONSENT_MEMBERS: _ClassVar[Consent]

class FoundBy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FOUND_BY_UNSPECIFIED: _ClassVar[FoundBy]
    FOUND_BY_IDENTITY: _ClassVar[FoundBy]
    FOUND_BY_ID: _ClassVar[FoundBy]
    FOUND_BY_NAME: _ClassVar[FoundBy]
    FOUND_BY_PART_OF_NAME: _ClassVar[FoundBy]

class SuggestionField(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SUGGESTION_FIELD_UNSPECIFIED: _ClassVar[SuggestionField]
    SUGGESTION_FIELD_AIMS: _ClassVar[SuggestionField]
    SUGGESTION_FIELD_OFFERS: _ClassVar[SuggestionField]
    SUGGESTION_FIELD_SEEKS: _ClassVar[SuggestionField]
    SUGGESTION_FIELD_VALUES: _ClassVar[SuggestionField]
    SUGGESTION_FIELD_PLACE: _ClassVar[SuggestionField]

class SuggestionState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SUGGESTION_STATE_UNSPECIFIED: _ClassVar[SuggestionState]
    SUGGESTION_STATE_OPEN: _ClassVar[SuggestionState]
    SUGGESTION_STATE_CONFIRMED: _ClassVar[SuggestionState]
    SUGGESTION_STATE_STRUCK: _ClassVar[SuggestionState]
CONSENT_UNSPECIFIED: Consent
CONSENT_NOBODY: Consent
CONSENT_ORGANIZERS: Consent
CONSENT_MEMBERS: Consent
FOUND_BY_UNSPECIFIED: FoundBy
FOUND_BY_IDENTITY: FoundBy
FOUND_BY_ID: FoundBy
FOUND_BY_NAME: FoundBy
FOUND_BY_PART_OF_NAME: FoundBy
SUGGESTION_FIELD_UNSPECIFIED: SuggestionField
SUGGESTION_FIELD_AIMS: SuggestionField
SUGGESTION_FIELD_OFFERS: SuggestionField
SUGGESTION_FIELD_SEEKS: SuggestionField
SUGGESTION_FIELD_VALUES: SuggestionField
SUGGESTION_FIELD_PLACE: SuggestionField
SUGGESTION_STATE_UNSPECIFIED: SuggestionState
SUGGESTION_STATE_OPEN: SuggestionState
SUGGESTION_STATE_CONFIRMED: SuggestionState
SUGGESTION_STATE_STRUCK: SuggestionState

class Identity(_message.Message):
    __slots__ = ("platform", "handle")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    HANDLE_FIELD_NUMBER: _ClassVar[int]
    platform: str
    handle: str
    def __init__(self, platform: _Optional[str] = ..., handle: _Optional[str] = ...) -> None: ...

class Member(_message.Message):
    __slots__ = ("name", "display_name", "profile", "aims", "offers", "seeks", "values", "languages", "place", "time_zone", "availability", "identities", "consent", "paused_until", "attributes", "extra_json", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    AIMS_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    SEEKS_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    AVAILABILITY_FIELD_NUMBER: _ClassVar[int]
    IDENTITIES_FIELD_NUMBER: _ClassVar[int]
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    PAUSED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    EXTRA_JSON_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    profile: str
    aims: _containers.RepeatedScalarFieldContainer[str]
    offers: _containers.RepeatedCompositeFieldContainer[_common_pb2.Need]
    seeks: _containers.RepeatedCompositeFieldContainer[_common_pb2.Need]
    values: _containers.RepeatedScalarFieldContainer[str]
    languages: _containers.RepeatedScalarFieldContainer[str]
    place: str
    time_zone: str
    availability: _containers.RepeatedScalarFieldContainer[str]
    identities: _containers.RepeatedCompositeFieldContainer[Identity]
    consent: Consent
    paused_until: _timestamp_pb2.Timestamp
    attributes: _containers.RepeatedCompositeFieldContainer[_common_pb2.Attribute]
    extra_json: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., profile: _Optional[str] = ..., aims: _Optional[_Iterable[str]] = ..., offers: _Optional[_Iterable[_Union[_common_pb2.Need, _Mapping]]] = ..., seeks: _Optional[_Iterable[_Union[_common_pb2.Need, _Mapping]]] = ..., values: _Optional[_Iterable[str]] = ..., languages: _Optional[_Iterable[str]] = ..., place: _Optional[str] = ..., time_zone: _Optional[str] = ..., availability: _Optional[_Iterable[str]] = ..., identities: _Optional[_Iterable[_Union[Identity, _Mapping]]] = ..., consent: _Optional[_Union[Consent, str]] = ..., paused_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., attributes: _Optional[_Iterable[_Union[_common_pb2.Attribute, _Mapping]]] = ..., extra_json: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CreateMemberRequest(_message.Message):
    __slots__ = ("parent", "member_id", "member", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_ID_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    member_id: str
    member: Member
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., member_id: _Optional[str] = ..., member: _Optional[_Union[Member, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateMemberResponse(_message.Message):
    __slots__ = ("member", "sequence")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    member: Member
    sequence: int
    def __init__(self, member: _Optional[_Union[Member, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class GetMemberRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class GetMemberResponse(_message.Message):
    __slots__ = ("member",)
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    member: Member
    def __init__(self, member: _Optional[_Union[Member, _Mapping]] = ...) -> None: ...

class UpdateMemberRequest(_message.Message):
    __slots__ = ("member", "update_mask")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    member: Member
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, member: _Optional[_Union[Member, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateMemberResponse(_message.Message):
    __slots__ = ("member", "sequence")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    member: Member
    sequence: int
    def __init__(self, member: _Optional[_Union[Member, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class ListMembersRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListMembersResponse(_message.Message):
    __slots__ = ("members", "next_page_token")
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    members: _containers.RepeatedCompositeFieldContainer[Member]
    next_page_token: str
    def __init__(self, members: _Optional[_Iterable[_Union[Member, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class FindMembersRequest(_message.Message):
    __slots__ = ("parent", "text", "platform")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    parent: str
    text: str
    platform: str
    def __init__(self, parent: _Optional[str] = ..., text: _Optional[str] = ..., platform: _Optional[str] = ...) -> None: ...

class FoundMember(_message.Message):
    __slots__ = ("member", "found_by")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    FOUND_BY_FIELD_NUMBER: _ClassVar[int]
    member: Member
    found_by: FoundBy
    def __init__(self, member: _Optional[_Union[Member, _Mapping]] = ..., found_by: _Optional[_Union[FoundBy, str]] = ...) -> None: ...

class FindMembersResponse(_message.Message):
    __slots__ = ("members",)
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    members: _containers.RepeatedCompositeFieldContainer[FoundMember]
    def __init__(self, members: _Optional[_Iterable[_Union[FoundMember, _Mapping]]] = ...) -> None: ...

class ListLikelyDuplicatesRequest(_message.Message):
    __slots__ = ("parent",)
    PARENT_FIELD_NUMBER: _ClassVar[int]
    parent: str
    def __init__(self, parent: _Optional[str] = ...) -> None: ...

class LikelyDuplicate(_message.Message):
    __slots__ = ("first", "second", "reason")
    FIRST_FIELD_NUMBER: _ClassVar[int]
    SECOND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    first: Member
    second: Member
    reason: str
    def __init__(self, first: _Optional[_Union[Member, _Mapping]] = ..., second: _Optional[_Union[Member, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class ListLikelyDuplicatesResponse(_message.Message):
    __slots__ = ("duplicates",)
    DUPLICATES_FIELD_NUMBER: _ClassVar[int]
    duplicates: _containers.RepeatedCompositeFieldContainer[LikelyDuplicate]
    def __init__(self, duplicates: _Optional[_Iterable[_Union[LikelyDuplicate, _Mapping]]] = ...) -> None: ...

class DeleteMemberRequest(_message.Message):
    __slots__ = ("name", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteMemberResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class ImportMembersRequest(_message.Message):
    __slots__ = ("parent", "members", "replace_existing")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    REPLACE_EXISTING_FIELD_NUMBER: _ClassVar[int]
    parent: str
    members: _containers.RepeatedCompositeFieldContainer[Member]
    replace_existing: bool
    def __init__(self, parent: _Optional[str] = ..., members: _Optional[_Iterable[_Union[Member, _Mapping]]] = ..., replace_existing: _Optional[bool] = ...) -> None: ...

class ImportMembersResponse(_message.Message):
    __slots__ = ("summary", "sequence")
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    summary: _common_pb2.BatchSummary
    sequence: int
    def __init__(self, summary: _Optional[_Union[_common_pb2.BatchSummary, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class BlockMemberRequest(_message.Message):
    __slots__ = ("name", "blocked_member")
    NAME_FIELD_NUMBER: _ClassVar[int]
    BLOCKED_MEMBER_FIELD_NUMBER: _ClassVar[int]
    name: str
    blocked_member: str
    def __init__(self, name: _Optional[str] = ..., blocked_member: _Optional[str] = ...) -> None: ...

class BlockMemberResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class UnblockMemberRequest(_message.Message):
    __slots__ = ("name", "blocked_member")
    NAME_FIELD_NUMBER: _ClassVar[int]
    BLOCKED_MEMBER_FIELD_NUMBER: _ClassVar[int]
    name: str
    blocked_member: str
    def __init__(self, name: _Optional[str] = ..., blocked_member: _Optional[str] = ...) -> None: ...

class UnblockMemberResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class PauseMemberRequest(_message.Message):
    __slots__ = ("name", "until")
    NAME_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    name: str
    until: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PauseMemberResponse(_message.Message):
    __slots__ = ("member", "sequence")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    member: Member
    sequence: int
    def __init__(self, member: _Optional[_Union[Member, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class MergeMembersRequest(_message.Message):
    __slots__ = ("name", "merged_member")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MERGED_MEMBER_FIELD_NUMBER: _ClassVar[int]
    name: str
    merged_member: str
    def __init__(self, name: _Optional[str] = ..., merged_member: _Optional[str] = ...) -> None: ...

class MergeMembersResponse(_message.Message):
    __slots__ = ("member", "sequence")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    member: Member
    sequence: int
    def __init__(self, member: _Optional[_Union[Member, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class Merge(_message.Message):
    __slots__ = ("kept_member", "merged_member", "time", "later_merged_member")
    KEPT_MEMBER_FIELD_NUMBER: _ClassVar[int]
    MERGED_MEMBER_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    LATER_MERGED_MEMBER_FIELD_NUMBER: _ClassVar[int]
    kept_member: str
    merged_member: Member
    time: _timestamp_pb2.Timestamp
    later_merged_member: str
    def __init__(self, kept_member: _Optional[str] = ..., merged_member: _Optional[_Union[Member, _Mapping]] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., later_merged_member: _Optional[str] = ...) -> None: ...

class ListMergesRequest(_message.Message):
    __slots__ = ("parent",)
    PARENT_FIELD_NUMBER: _ClassVar[int]
    parent: str
    def __init__(self, parent: _Optional[str] = ...) -> None: ...

class ListMergesResponse(_message.Message):
    __slots__ = ("merges",)
    MERGES_FIELD_NUMBER: _ClassVar[int]
    merges: _containers.RepeatedCompositeFieldContainer[Merge]
    def __init__(self, merges: _Optional[_Iterable[_Union[Merge, _Mapping]]] = ...) -> None: ...

class UndoMergeRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class UndoMergeResponse(_message.Message):
    __slots__ = ("member", "kept_member", "sequence")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    KEPT_MEMBER_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    member: Member
    kept_member: Member
    sequence: int
    def __init__(self, member: _Optional[_Union[Member, _Mapping]] = ..., kept_member: _Optional[_Union[Member, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class Suggestion(_message.Message):
    __slots__ = ("name", "field", "text", "kind", "message", "state")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    name: str
    field: SuggestionField
    text: str
    kind: _common_pb2.ValueKind
    message: str
    state: SuggestionState
    def __init__(self, name: _Optional[str] = ..., field: _Optional[_Union[SuggestionField, str]] = ..., text: _Optional[str] = ..., kind: _Optional[_Union[_common_pb2.ValueKind, str]] = ..., message: _Optional[str] = ..., state: _Optional[_Union[SuggestionState, str]] = ...) -> None: ...

class ListSuggestionsRequest(_message.Message):
    __slots__ = ("parent", "state", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    state: SuggestionState
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., state: _Optional[_Union[SuggestionState, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListSuggestionsResponse(_message.Message):
    __slots__ = ("suggestions", "next_page_token")
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    suggestions: _containers.RepeatedCompositeFieldContainer[Suggestion]
    next_page_token: str
    def __init__(self, suggestions: _Optional[_Iterable[_Union[Suggestion, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ConfirmSuggestionRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ConfirmSuggestionResponse(_message.Message):
    __slots__ = ("suggestion", "sequence")
    SUGGESTION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    suggestion: Suggestion
    sequence: int
    def __init__(self, suggestion: _Optional[_Union[Suggestion, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class StrikeSuggestionRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class StrikeSuggestionResponse(_message.Message):
    __slots__ = ("suggestion", "sequence")
    SUGGESTION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    suggestion: Suggestion
    sequence: int
    def __init__(self, suggestion: _Optional[_Union[Suggestion, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...
