"""Who may call what: one row a call of the contract. A test holds the table complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from service.access.caller import ROLES, Caller, Role
from service.core.errors import AccessDenied, CommunityNotFound
from service.core.names import community_within

_RANK = {role: rank for rank, role in enumerate(ROLES)}
ORGANIZERS = 2  # AUDIENCE_ORGANIZERS of the contract


@dataclass(frozen=True, slots=True)
class Reserved:
    """What only this role and those after it may ask: requests for which `asks` is true; `what` begins a sentence."""

    asks: Callable[[Any], bool]
    least: Role
    what: str


def _states_identities(request: Any) -> bool:
    # Whoever takes a handle takes what was said under it.
    return bool(request.member.identities) or any(one in ("identities", "*") for one in request.update_mask.paths)


_AS_ORGANIZER = "To ask as an organizer"
_ONESELF = "The token is of one member, who may only act as themselves"
AUDIENCE = Reserved(lambda request: request.options.audience == ORGANIZERS, "organizer", _AS_ORGANIZER)
OWN_AUDIENCE = Reserved(lambda request: request.audience == ORGANIZERS, "organizer", _AS_ORGANIZER)
CHOSEN = Reserved(
    lambda request: any(field.name != "members" for field, _ in request.recipients.ListFields()),
    "organizer",
    "To choose recipients by what they state or do",
)
EVERYBODYS_ANSWERS = Reserved(lambda request: not request.member, "organizer", "To see what everybody answered")
IDENTITIES = Reserved(_states_identities, "platform", "To change identities")


@dataclass(frozen=True, slots=True)
class Policy:
    """One row. Fields are paths from the request, through lists too.

    `least`: the first role that may. `community`: the field whose name begins with the community; "" where every
    community is meant. `own`: the fields that say as whom a member acts; a member's token may call only where there are
    some and they name that member. `others`: further fields that name members, for the log.
    """

    least: Role
    community: str = "parent"
    own: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    reserved: tuple[Reserved, ...] = ()


def _named(least: Role, own: bool = False, others: tuple[str, ...] = ()) -> Policy:
    """A call on something by its name, which is or begins with a member's where `own`."""
    return Policy(least, "name", ("name",) if own else (), others)


def _as(least: Role, community: str = "parent", *reserved: Reserved, others: tuple[str, ...] = ()) -> Policy:
    """A call on behalf of `member`."""
    return Policy(least, community, ("member",), others, reserved)


_READ, _WRITE, _RUN, _OWN = (Policy(least) for least in ("reader", "platform", "organizer", "admin"))
_ROUND = _named("organizer")

POLICIES: dict[str, Policy] = {
    "AccessService/CreateToken": _OWN,
    "AccessService/ListTokens": _OWN,
    "AccessService/RevokeToken": _named("admin"),
    "AccessService/MintMemberToken": _named("platform", others=("name",)),
    "AccessService/ListAuditEntries": Policy("admin", others=("member",)),
    "ChannelService/CreateChannel": Policy("platform", others=("channel.members",)),
    "ChannelService/GetChannel": _named("platform"),
    "ChannelService/UpdateChannel": Policy("platform", "channel.name", others=("channel.members",)),
    "ChannelService/ListChannels": _WRITE,
    "ChannelService/DeleteChannel": _named("platform"),
    "CommunityService/CreateCommunity": Policy("admin", "community_id"),
    "CommunityService/GetCommunity": _named("reader"),
    "CommunityService/UpdateCommunity": Policy("organizer", "community.name"),
    "CommunityService/ListCommunities": Policy("reader", ""),
    "CommunityService/DeleteCommunity": _named("admin"),
    "CommunityService/GetCommunityHealth": _named("organizer"),
    "CommunityService/ExportCommunity": _named("admin"),
    "FeedService/GetFeed": _RUN,  # an import waits for it
    "FeedService/ListDeadLetters": _OWN,
    "FeedService/ReplayDeadLetters": _OWN,
    "ImportService/BeginImport": _RUN,
    "ImportService/ImportRows": _RUN,
    "ImportService/FinishImport": _RUN,
    "InvitationService/ListInvitations": _as("platform", "parent", EVERYBODYS_ANSWERS),
    "InvitationService/ReplyToInvitation": _as("platform", "name"),
    "InvitationService/AnswerFollowUp": _as("platform", "name"),
    "InvitationService/RenewInvitation": _as("platform", "name"),
    "InvitationService/ListDue": _as("platform"),
    "MemberService/CreateMember": Policy("platform", others=("member_id",)),
    "MemberService/GetMember": _named("platform", own=True),
    "MemberService/UpdateMember": Policy("platform", "member.name", ("member.name",), (), (IDENTITIES,)),
    "MemberService/ListMembers": _WRITE,
    "MemberService/FindMembers": _WRITE,
    "MemberService/ListLikelyDuplicates": _RUN,
    "MemberService/DeleteMember": _named("admin", others=("name",)),
    "MemberService/ImportMembers": Policy("platform", others=("members.name",)),
    "MemberService/BlockMember": _named("platform", own=True, others=("blocked_member",)),
    "MemberService/UnblockMember": _named("platform", own=True, others=("blocked_member",)),
    "MemberService/PauseMember": _named("platform", own=True),
    "MemberService/MergeMembers": _named("organizer", others=("name", "merged_member")),
    "MemberService/ListMerges": _RUN,
    "MemberService/UndoMerge": _named("organizer", others=("name",)),
    "MemberService/ListSuggestions": Policy("platform", own=("parent",)),
    "MemberService/ConfirmSuggestion": _named("platform", own=True),
    "MemberService/StrikeSuggestion": _named("platform", own=True),
    "MessageService/IngestMessages": Policy("platform", others=("messages.author",)),
    "MessageService/BatchCreateMessages": Policy("platform", others=("messages.author",)),
    "MessageService/GetMessage": _named("platform"),
    "MessageService/ListMessages": Policy("platform", others=("author",)),
    "MessageService/DeleteMessage": _named("platform"),
    "ModelService/ListModels": _OWN,
    "ModelService/GetModel": _named("admin"),
    "ModelService/PromoteModel": _named("admin"),
    "ModelService/RollbackModel": _OWN,
    "OutcomeService/RecordOutcomes": Policy("platform", own=("outcomes.source",), others=("outcomes.target",)),
    "OutcomeService/ListOutcomes": Policy("organizer", others=("member",)),
    "ProjectService/CreateProject": Policy("platform", others=("project.members",)),
    "ProjectService/GetProject": _named("reader"),
    "ProjectService/UpdateProject": Policy("platform", "project.name", others=("project.members",)),
    "ProjectService/ListProjects": _as("reader"),
    "ProjectService/DeleteProject": _named("platform"),
    "ProjectService/JoinProject": _as("platform", "name"),
    "ProjectService/LeaveProject": _as("platform", "name"),
    "ProjectService/SendProposal": Policy("platform", others=("members",)),
    "ProjectService/DismissProposal": _as("platform", others=("members",)),
    "ProjectService/ListProjectDue": _as("platform"),
    "ProjectService/AnswerProjectDue": _as("platform", "name"),
    "RecommendationService/RecommendPeers": _as("reader", "member", AUDIENCE),
    "RecommendationService/RecommendCollaborators": Policy(
        "reader", "parent", ("member", "goal.member"), ("brief.members",), (AUDIENCE,)
    ),
    "RecommendationService/RecommendProjects": _as("reader", "member", AUDIENCE),
    "RecommendationService/RecommendAll": Policy("reader", others=("recipients.members",), reserved=(AUDIENCE, CHOSEN)),
    "RecommendationService/ProposeProjects": _as("reader", "parent", OWN_AUDIENCE),
    "RecommendationService/SearchMembers": _as("reader", "parent", AUDIENCE),
    "RecommendationService/ExplainMatch": _as("reader", "member", AUDIENCE, others=("other",)),
    "RecommendationService/WatchIntroductions": _as("platform"),
    "RoundService/CreateRound": Policy("organizer", others=("round.spec.members",)),
    "RoundService/GetRound": _ROUND,
    "RoundService/ListRounds": _RUN,
    "RoundService/ListRoundMatches": Policy("organizer", others=("member",)),
    "RoundService/CancelRound": _ROUND,
    "RoundService/EditRound": _ROUND,
    "RoundService/UpdateRoundNotice": _ROUND,
    "RoundService/SolveRoundAgain": _ROUND,
    "RoundService/PublishRound": _ROUND,
    "RoundService/RepairRound": _named("organizer", others=("drop", "add")),
    "RoundService/UndoRound": _ROUND,
    "RoundService/DeleteRound": _ROUND,
    "RoundService/ExportRound": _ROUND,
}


def authorize(call: str, caller: Caller, community: str, request: Any) -> None:
    """Raises CommunityNotFound for a `community_asked` that the caller has no part in, whether it exists or not;
    AccessDenied for what their role does not allow."""
    policy = POLICIES[call]
    _in_community(call, policy, caller, community)
    admit(call, caller)
    if caller.role == "member":
        _as_that_member(policy, caller, request)
    for one in policy.reserved:
        if not _at_least(caller.role, one.least) and one.asks(request):
            raise AccessDenied(f"{one.what} takes the role {one.least}, and the token has the role {caller.role}")


def admit(call: str, caller: Caller) -> None:
    """Raises AccessDenied for a call that the caller's role does not allow, whatever is asked."""
    policy = POLICIES[call]
    if caller.role == "member":
        if not policy.own:
            raise AccessDenied(_ONESELF)
    elif not _at_least(caller.role, policy.least):
        raise AccessDenied(f"{call} takes the role {policy.least}, and the token has the role {caller.role}")


def community_asked(call: str, request: Any) -> str:
    """The community that a request means, "" for all of them. Raises InvalidArgument where it names none."""
    field = POLICIES[call].community
    if not field:
        return ""
    value = _get(field)(request)
    return str(value) if field == "community_id" else community_within(value, field)


def named(call: str, request: Any) -> Iterator[str]:
    """The ids of the members that a request names, for the log."""
    policy = POLICIES[call]
    for field in (*policy.own, *policy.others):
        for name in _values(request, field):
            parts = name.split("/", 4)
            if field.endswith("_id") or parts[2:3] == ["members"]:
                yield parts[-1] if len(parts) < 5 else parts[3]


def _in_community(call: str, policy: Policy, caller: Caller, community: str) -> None:
    if not caller.community or community == caller.community:
        return
    if policy.community in ("", "community_id"):
        raise AccessDenied(f"{call} is for tokens of every community, and the token is of one")
    raise CommunityNotFound(community)


def _as_that_member(policy: Policy, caller: Caller, request: Any) -> None:
    own = f"communities/{caller.community}/members/{caller.member}"
    said = [name for field in policy.own for name in _values(request, field) if name]
    if not said or not all(name == own or name.startswith(f"{own}/") for name in said):
        raise AccessDenied(_ONESELF)


def _at_least(role: Role, least: Role) -> bool:
    return _RANK[role] >= _RANK[least]


def _values(request: Any, path: str) -> list[str]:
    """The texts at a path, through lists."""
    found = [request]
    for step in path.split("."):
        found = [value for one in found for value in _spread(getattr(one, step))]
    return found


def _spread(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) or hasattr(value, "DESCRIPTOR") else list(value)


@cache
def _get(path: str) -> attrgetter[Any]:
    return attrgetter(path)
