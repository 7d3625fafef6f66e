"""The bounds of everything that comes in, in one table for requests and one for records, made of the same rules.

A test holds the request table complete: every field of every message that a request can reach is in it, except enums
and booleans (enums are checked by their own definition) and plain sub-messages (checked by their own fields).
"""

from __future__ import annotations

from dataclasses import is_dataclass
from functools import cache
from typing import Any

from google.protobuf import message as protobuf
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from models.domain.fields import fields_of
from models.domain.records import (
    MAX_PERIOD_DAYS,
    RECORD_TYPES,
    Channel,
    Community,
    Guest,
    Identity,
    Member,
    Message,
    Need,
    Outcome,
    Project,
    Record,
)
from service.core.bounds import (
    AnyName,
    Day,
    Each,
    Finite,
    Given,
    Id,
    JsonObject,
    Language,
    Name,
    Range,
    Rule,
    Separately,
    Text,
    Time,
    TimeZone,
)
from service.core.errors import InvalidArgument
from service.core.field_rules import ATTRIBUTE_NAME, ATTRIBUTE_TEXT, constraint_rules, record_rule, resource_rules

MAX_BATCH = 1000
MAX_PAGE = 1000
MAX_LIMIT = 10_000
MAX_NAMED = 100_000  # of whom a list leaves out or asks for
# Of one row of an import; a request holds little more.
IMPORT_BYTES = 7_000_000
IMPORT_ROWS = 2000

ID = Id()
OPTIONAL_ID = Id(required=False)
LABEL = Text(200, "characters")
PROFILE = Text(20_000)
STATEMENT = Text(2_000)
DATE = Day(40)
PLACE = NOTE = LABEL
STATEMENTS = Each(100, STATEMENT)
LANGUAGES = Each(100, Language())
EXTRA = JsonObject(Text(20_000))
TOKEN = Text(2_000)
SHORT = Text(128, "characters")
IMPORT_ID = Text(200, "characters", required=True)
ITEMS = Each(100)
PAST = Time()
FUTURE = Time(future=True)
PAGE_SIZE = Range(0, MAX_PAGE)
SEQUENCE = Range(0, 2**63 - 1)
UNIT = Range(0, 1)
ANYTHING = Rule()

_COMMUNITY = ("communities",)
_MEMBER = ("communities", "members")
_CHANNEL = ("communities", "channels")
_MESSAGE = ("communities", "messages")
_PROJECT = ("communities", "projects")
_OUTCOME = ("communities", "outcomes")
_MODEL = ("communities", "models")
_ROUND = ("communities", "rounds")
_INVITATION = ("communities", "invitations")
_TOKEN = ("communities", "tokens")
_SUGGESTION = ("communities", "members", "suggestions")
COMMUNITY = Name(_COMMUNITY, required=True)
MEMBER = Name(_MEMBER, required=True)
# In a resource the service sets its name; where a request needs it, the use of it says so.
OWN_COMMUNITY, OWN_MEMBER, OWN_CHANNEL, OWN_PROJECT = Name(_COMMUNITY), Name(_MEMBER), Name(_CHANNEL), Name(_PROJECT)


def _page(request: str) -> dict[str, Rule]:
    return {f"{request}.page_size": PAGE_SIZE, f"{request}.page_token": TOKEN}


def _create(kind: str, has_parent: bool = True) -> dict[str, Rule]:
    request, field = f"Create{kind}Request", kind.lower()
    rules: dict[str, Rule] = {f"{request}.{field}_id": ID, f"{request}.request_id": SHORT}
    return rules | ({f"{request}.parent": COMMUNITY} if has_parent else {})


def _named(collections: tuple[str, ...], *requests: str) -> dict[str, Rule]:
    return {f"{request}Request.name": Name(collections, required=True) for request in requests}


def _part(message: str, part: type[Any]) -> dict[str, Rule]:
    return {f"{message}.{field.name}": record_rule(field) for field in fields_of(part) if not field.choices}


class Unread(Rule):
    """A field that the service sets: what a request says there is cleared before anybody reads it."""


def _ignored(message: str, *names: str) -> dict[str, Rule]:
    """Fields that the service sets."""
    return {f"{message}.{name}": Unread() for name in names}


REQUEST_RULES: dict[str, Rule] = {
    # Shared types.
    **_part("Need", Need),
    "Attribute.name": ATTRIBUTE_NAME,
    "Attribute.text": ATTRIBUTE_TEXT,
    "Attribute.integer": ANYTHING,
    "Attribute.number": Finite(),
    # Communities.
    **resource_rules("Community", Community, "communities"),
    "Community.etag": SHORT,
    **_create("Community", has_parent=False),
    **_named(_COMMUNITY, "GetCommunity", "DeleteCommunity", "ExportCommunity", "GetCommunityHealth"),
    "GetCommunityHealthRequest.since": PAST,
    "GetCommunityHealthRequest.window_days": Range(0, 366),
    "GetCommunityHealthRequest.limit": Range(0, 100),
    **_page("ListCommunitiesRequest"),
    "UpdateCommunityRequest.community": Given(),
    "DeleteCommunityRequest.etag": SHORT,
    # Channels.
    **resource_rules("Channel", Channel, "channels"),
    "Channel.etag": SHORT,
    **_create("Channel"),
    **_named(_CHANNEL, "GetChannel", "DeleteChannel"),
    **_page("ListChannelsRequest"),
    "ListChannelsRequest.parent": COMMUNITY,
    "UpdateChannelRequest.channel": Given(),
    "DeleteChannelRequest.etag": SHORT,
    # Members.
    **_part("Identity", Identity),
    **resource_rules("Member", Member, "members"),
    "Member.etag": SHORT,
    **_create("Member"),
    **_named(
        _MEMBER, "GetMember", "DeleteMember", "BlockMember", "UnblockMember", "PauseMember", "MergeMembers", "UndoMerge"
    ),
    **_named(_SUGGESTION, "ConfirmSuggestion", "StrikeSuggestion"),
    **_page("ListMembersRequest"),
    **_page("ListSuggestionsRequest"),
    "ListMembersRequest.parent": COMMUNITY,
    "FindMembersRequest.parent": COMMUNITY,
    "FindMembersRequest.text": Text(320, required=True),
    "FindMembersRequest.platform": SHORT,
    "ListLikelyDuplicatesRequest.parent": COMMUNITY,
    "ListSuggestionsRequest.parent": MEMBER,
    "UpdateMemberRequest.member": Given(),
    "DeleteMemberRequest.etag": SHORT,
    "ImportMembersRequest.parent": OWN_COMMUNITY,
    "ImportMembersRequest.members": Separately(MAX_BATCH),
    "BlockMemberRequest.blocked_member": MEMBER,
    "UnblockMemberRequest.blocked_member": MEMBER,
    "PauseMemberRequest.until": FUTURE,
    "MergeMembersRequest.merged_member": MEMBER,
    "ListMergesRequest.parent": COMMUNITY,
    # Messages.
    **resource_rules("Message", Message, "messages", named=True),
    "IngestMessagesRequest.parent": OWN_COMMUNITY,
    "IngestMessagesRequest.messages": Separately(MAX_BATCH),
    "BatchCreateMessagesRequest.parent": COMMUNITY,
    "BatchCreateMessagesRequest.messages": Separately(MAX_BATCH, min=1),
    **_named(_MESSAGE, "GetMessage", "DeleteMessage"),
    **_page("ListMessagesRequest"),
    "ListMessagesRequest.parent": COMMUNITY,
    "ListMessagesRequest.author": Name(_MEMBER),
    # Projects.
    **resource_rules("Project", Project, "projects"),
    "Project.etag": SHORT,
    **_create("Project"),
    **_named(_PROJECT, "GetProject", "DeleteProject", "JoinProject", "LeaveProject"),
    **_page("ListProjectsRequest"),
    "ListProjectsRequest.parent": COMMUNITY,
    "ListProjectsRequest.member": Name(_MEMBER),
    "UpdateProjectRequest.project": Given(),
    "DeleteProjectRequest.etag": SHORT,
    "JoinProjectRequest.member": MEMBER,
    # Proposals.
    "ProposeProjectsRequest.parent": COMMUNITY,
    "ProposeProjectsRequest.member": Name(_MEMBER),
    "ProposeProjectsRequest.limit": Range(0, 20),
    "ProposeProjectsRequest.least": Range(0, 6),
    "ProposeProjectsRequest.most": Range(0, 6),
    "ProposeProjectsRequest.seed": Range(0, 2**31 - 1),
    "ProposeProjectsRequest.min_sequence": SEQUENCE,
    "SendProposalRequest.parent": COMMUNITY,
    "SendProposalRequest.proposal_id": ID,
    "SendProposalRequest.title": Text(2_000, required=True),
    "SendProposalRequest.text": PROFILE,
    "SendProposalRequest.first_step": STATEMENT,
    "SendProposalRequest.members": Each(6, MEMBER, min=2),
    "SendProposalRequest.needs": ITEMS,
    "DismissProposalRequest.parent": COMMUNITY,
    "DismissProposalRequest.proposal_id": ID,
    "DismissProposalRequest.title": Text(2_000, required=True),
    "DismissProposalRequest.members": Each(6, MEMBER, min=2),
    "DismissProposalRequest.member": Name(_MEMBER),
    "ListProjectDueRequest.parent": COMMUNITY,
    "ListProjectDueRequest.member": Name(_MEMBER),
    "AnswerProjectDueRequest.name": Name(_PROJECT, required=True),
    "AnswerProjectDueRequest.member": MEMBER,
    "LeaveProjectRequest.member": MEMBER,
    # Recommendations.
    "RecommendationFilter.languages": LANGUAGES,
    "RecommendationFilter.place": LABEL,
    "RecommendationFilter.attributes": ITEMS,
    "RecommendationFilter.members": Each(MAX_NAMED, MEMBER),
    "RecommendationFilter.active_since": PAST,
    "RecommendOptions.limit": Range(0, MAX_LIMIT),
    "RecommendOptions.exclude": Each(MAX_NAMED, AnyName((_MEMBER, _PROJECT))),
    "RecommendOptions.diversity": UNIT,
    "RecommendOptions.strangers": UNIT,
    "RecommendOptions.min_score": UNIT,
    "RecommendPeersRequest.member": MEMBER,
    "RecommendPeersRequest.min_sequence": SEQUENCE,
    "RecommendAllRequest.parent": COMMUNITY,
    "RecommendAllRequest.resume_token": TOKEN,
    "RecommendAllRequest.min_sequence": SEQUENCE,
    "RecommendCollaboratorsRequest.parent": COMMUNITY,
    "RecommendCollaboratorsRequest.member": MEMBER,
    "RecommendCollaboratorsRequest.project": Name(_PROJECT, required=True),
    "RecommendCollaboratorsRequest.min_sequence": SEQUENCE,
    "StatedGoal.text": Text(20_000, required=True),
    "StatedGoal.member": Name(_MEMBER),
    "StatedGoal.needs": ITEMS,
    "Brief.title": STATEMENT,
    "Brief.text": PROFILE,
    "Brief.members": Each(1000, MEMBER),
    "Brief.needs": ITEMS,
    "RecommendProjectsRequest.member": MEMBER,
    "RecommendProjectsRequest.min_sequence": SEQUENCE,
    "SearchMembersRequest.parent": COMMUNITY,
    "SearchMembersRequest.query": Text(20_000, required=True),
    "SearchMembersRequest.title": STATEMENT,
    "SearchMembersRequest.channel": Name(_CHANNEL),
    "SearchMembersRequest.member": Name(_MEMBER),
    "SearchMembersRequest.min_sequence": SEQUENCE,
    "ExplainMatchRequest.member": MEMBER,
    "ExplainMatchRequest.other": MEMBER,
    "ExplainMatchRequest.min_sequence": SEQUENCE,
    "WatchIntroductionsRequest.parent": COMMUNITY,
    "WatchIntroductionsRequest.member": Name(_MEMBER),
    "WatchIntroductionsRequest.resume_token": TOKEN,
    # Outcomes.
    **resource_rules("Outcome", Outcome, "outcomes"),
    "RecordOutcomesRequest.parent": COMMUNITY,
    "RecordOutcomesRequest.recommendation_token": TOKEN,
    "RecordOutcomesRequest.outcomes": Separately(MAX_BATCH, min=1),
    **_page("ListOutcomesRequest"),
    "ListOutcomesRequest.parent": COMMUNITY,
    "ListOutcomesRequest.member": Name(_MEMBER),
    # Rounds.
    **constraint_rules(),
    "RoundSide.name": LABEL,
    "RoundSide.members": Each(MAX_LIMIT, MEMBER, min=1),
    "RoundSide.least": Range(0, 1000),
    "RoundSide.most": Range(0, 1000),
    "RoundRole.name": Text(200, "characters", required=True),
    "RoundRole.count": Range(0, 1000),
    "RoundTeam.id": ID,
    "RoundTeam.title": STATEMENT,
    "RoundTeam.text": PROFILE,
    "RoundTeam.project": Name(_PROJECT),
    "RoundTeam.members": Each(1000, MEMBER),
    "RoundTeam.roles": ITEMS,
    "RoundBid.source": MEMBER,
    "RoundBid.target": MEMBER,
    "RoundBid.score": UNIT,
    "RoundSpec.members": Each(MAX_LIMIT, MEMBER),
    "RoundSpec.smallest": Range(0, 100),
    "RoundSpec.largest": Range(0, 100),
    "RoundSpec.sides": Each(2),
    "RoundSpec.teams": Each(1000),
    "RoundSpec.sittings": Range(0, 50),
    "RoundSpec.load": Range(0, 1000),
    "RoundSpec.slots": Each(100, Text(200, "characters", required=True)),
    "RoundSpec.places": Range(0, 100_000),
    "RoundSpec.rules": ITEMS,
    "RoundSpec.fairness": UNIT,
    "RoundSpec.bids": Each(100_000),
    "RoundSpec.bid_weight": UNIT,
    "RoundSpec.seed": ANYTHING,
    "RoundSpec.seconds": Range(0, 600),
    "Round.name": Name(_ROUND),
    "Round.title": STATEMENT,
    "Round.date": DATE,
    "Round.place": PLACE,
    "Round.note": NOTE,
    "Round.period_days": Range(0, MAX_PERIOD_DAYS),
    "Round.etag": SHORT,
    **_ignored(
        "Round",
        "state",
        "summary",
        "publishes_itself",
        "progress",
        "create_time",
        "publish_time",
        "collisions",
        "relaxed",
        "byes",
        "silent",
        "times_not_understood",
        "left_out",
        "match_count",
        "problem",
    ),
    **_ignored("LeftOut", "member"),
    **_ignored("RoundBye", "member", "sitting", "rules", "text", "changed"),
    **_ignored("RelaxedRule", "rule", "members", "kept"),
    **_ignored("RoundCollision", "rules", "causes", "members", "cures", "sentence"),
    **_ignored(
        "RoundSummary",
        "mean",
        "worst",
        "median",
        "best",
        "best_worst",
        "random",
        "bound",
        "placed",
        "people",
        "seconds",
    ),
    **_create("Round"),
    "CreateRoundRequest.round": Given(),
    "CreateRoundRequest.min_sequence": SEQUENCE,
    **_named(_ROUND, "GetRound", "CancelRound", "EditRound", "SolveRoundAgain", "PublishRound", "RepairRound"),
    **_named(_ROUND, "UndoRound", "DeleteRound", "ExportRound", "UpdateRoundNotice"),
    "UpdateRoundNoticeRequest.title": STATEMENT,
    "UpdateRoundNoticeRequest.date": DATE,
    "UpdateRoundNoticeRequest.place": PLACE,
    "UpdateRoundNoticeRequest.note": NOTE,
    "UpdateRoundNoticeRequest.etag": SHORT,
    **_page("ListRoundsRequest"),
    "ListRoundsRequest.parent": COMMUNITY,
    **_page("ListRoundMatchesRequest"),
    "ListRoundMatchesRequest.parent": Name(_ROUND, required=True),
    "ListRoundMatchesRequest.member": Name(_MEMBER),
    "SwapEdit.member": MEMBER,
    "SwapEdit.other": MEMBER,
    "SwapEdit.sitting": Range(0, 49),
    "AddEdit.member": MEMBER,
    "AddEdit.match": SHORT,
    "MoveEdit.member": MEMBER,
    "MoveEdit.match": Text(128, "characters", required=True),
    "PinEdit.members": Each(100, MEMBER, min=2),
    "PinEdit.sitting": Range(0, 49),
    "PinEdit.slot": LABEL,
    "PinEdit.team": SHORT,
    "RoundEdit.lock": SHORT,
    "RoundEdit.unlock": SHORT,
    "RoundEdit.drop": MEMBER,
    "EditRoundRequest.edits": Each(1000, min=1),
    "ExportRoundRequest.place": LABEL,
    "ExportRoundRequest.time_zone": TimeZone(),
    "ExportRoundRequest.minutes": Range(0, 1440),
    "RepairRoundRequest.drop": Each(MAX_LIMIT, MEMBER),
    "RepairRoundRequest.add": Each(MAX_LIMIT, MEMBER),
    **{
        f"{request}Request.etag": SHORT
        for request in ("EditRound", "SolveRoundAgain", "PublishRound", "RepairRound", "UndoRound", "DeleteRound")
    },
    # Invitations.
    **_named(_INVITATION, "ReplyToInvitation", "AnswerFollowUp", "RenewInvitation"),
    **_page("ListInvitationsRequest"),
    **_page("ListDueRequest"),
    "ListInvitationsRequest.parent": COMMUNITY,
    "ListInvitationsRequest.member": Name(_MEMBER),
    "ListInvitationsRequest.ref": SHORT,
    "ReplyToInvitationRequest.member": MEMBER,
    "AnswerFollowUpRequest.member": MEMBER,
    "AnswerFollowUpRequest.time": PAST,
    "RenewInvitationRequest.member": MEMBER,
    "ListDueRequest.parent": COMMUNITY,
    "ListDueRequest.member": Name(_MEMBER),
    "ListDueRequest.ref": SHORT,
    # The feed.
    "GetFeedRequest.parent": COMMUNITY,
    **_page("ListDeadLettersRequest"),
    "ListDeadLettersRequest.parent": COMMUNITY,
    "ListDeadLettersRequest.consumer": SHORT,
    "ReplayDeadLettersRequest.parent": COMMUNITY,
    "ReplayDeadLettersRequest.consumer": SHORT,
    # Imports.
    "ImportRow.file": Text(1000, "characters"),
    "ImportRow.answer_time": FUTURE,
    "ImportRow.line": SEQUENCE,
    "ImportRow.kind": SHORT,
    "ImportRow.record_json": Text(IMPORT_BYTES, required=True),
    "ImportRow.refused": Text(2_000, required=True),
    **{f"{request}Request.parent": COMMUNITY for request in ("BeginImport", "ImportRows", "FinishImport")},
    **{f"{request}Request.import_id": IMPORT_ID for request in ("BeginImport", "ImportRows", "FinishImport")},
    "ImportRowsRequest.first": SEQUENCE,
    "ImportRowsRequest.rows": Each(IMPORT_ROWS, min=1),
    # Access.
    "CreateTokenRequest.parent": COMMUNITY,
    "CreateTokenRequest.days": Range(0, 3650),
    "Quota.calls_per_second": Range(0, 100_000),
    "Quota.concurrent": Range(0, 10_000),
    "Quota.streams": Range(0, 10_000),
    "Quota.bytes_per_minute": Range(0, 10**12),
    "ListTokensRequest.parent": COMMUNITY,
    **_named(_TOKEN, "RevokeToken"),
    **_named(_MEMBER, "MintMemberToken"),
    "MintMemberTokenRequest.seconds": Range(0, 86_400),
    **_page("ListAuditEntriesRequest"),
    "ListAuditEntriesRequest.parent": COMMUNITY,
    "ListAuditEntriesRequest.member": Name(_MEMBER),
    # Models.
    **_named(_MODEL, "GetModel", "PromoteModel"),
    **_page("ListModelsRequest"),
    "ListModelsRequest.parent": COMMUNITY,
    "RollbackModelRequest.parent": COMMUNITY,
}

RECORD_RULES: dict[type[Any], dict[str, Rule]] = {
    cls: {field.name: record_rule(field) for field in fields_of(cls)}
    for cls in (*RECORD_TYPES.values(), Need, Identity, Guest)
}


def validate_record(record: Record, now: int) -> None:
    """Check a record against the same bounds as a request; `now` in microseconds. Raises InvalidArgument."""
    _check_record(record, "", now)


def validate(message: protobuf.Message, now: int, path: str = "") -> None:
    """Check a request, or one item of it, to its last field; `now` in microseconds. Raises InvalidArgument.

    Fields that only the service sets are cleared.

    Items of a list under `Separately` are left to the caller, who refuses them one by one.
    """
    for field, rule in _plan(message.DESCRIPTOR):
        if isinstance(rule, Unread):
            message.ClearField(field.name)
            continue
        where = f"{path}{field.name}"
        value = getattr(message, field.name)
        if field.has_presence and not message.HasField(field.name):
            if isinstance(rule, Given) or (isinstance(rule, Time) and rule.required):
                raise InvalidArgument(where, reason="FIELD_REQUIRED")
            continue
        if field.enum_type is not None:
            _check_enum(field, value, where)
        elif field.message_type is None:
            if rule is not None:
                rule.check(value, where, now)
        elif field.message_type.full_name == "google.protobuf.Timestamp":
            if rule is not None:
                rule.check(_micros(value, where), where, now)
        elif field.message_type.full_name.startswith("yiqi."):
            _check_messages(field, rule, value, where, now)


def _check_messages(field: FieldDescriptor, rule: Rule | None, value: Any, path: str, now: int) -> None:
    if not field.is_repeated:
        validate(value, now, f"{path}.")
        return
    if rule is not None:
        rule.check(value, path, now)
    if not isinstance(rule, Separately):
        for at, item in enumerate(value):
            validate(item, now, f"{path}[{at}].")


def _check_enum(field: FieldDescriptor, value: Any, path: str) -> None:
    assert field.enum_type is not None
    for number in value if field.is_repeated else (value,):
        if number not in field.enum_type.values_by_number:
            raise InvalidArgument(f"{path} {number}", reason="ENUM_UNKNOWN")


def _check_record(record: Any, path: str, now: int) -> None:
    for name, rule in RECORD_RULES[type(record)].items():
        value = getattr(record, name)
        rule.check(value, path + name, now)
        if isinstance(value, tuple) and value and is_dataclass(value[0]):
            for at, item in enumerate(value):
                _check_record(item, f"{path}{name}[{at}].", now)


@cache
def _plan(descriptor: Descriptor) -> list[tuple[FieldDescriptor, Rule | None]]:
    rules = ((field, REQUEST_RULES.get(f"{descriptor.name}.{field.name}")) for field in descriptor.fields)
    return [(field, rule) for field, rule in rules if rule is not None or _descends(field)]


def _descends(field: FieldDescriptor) -> bool:
    return field.enum_type is not None or field.message_type is not None


def _micros(value: Any, path: str) -> int:
    if not 0 <= value.nanos < 1_000_000_000:
        raise InvalidArgument(f"{path} has nanos {value.nanos}; from 0 to 999999999", reason="OUT_OF_RANGE")
    return int(value.seconds) * 1_000_000 + int(value.nanos) // 1000
