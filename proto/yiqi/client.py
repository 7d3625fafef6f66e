"""A thin client of Yiqi: deadlines, retries, pages and batches over the generated code. Needs grpcio and protobuf only.

    with YiqiClient("localhost:50551") as yiqi:
        yiqi.create_community("rowers")
        yiqi.create_member("rowers", "ann", Member(profile="I design boats", consent=CONSENT_MEMBERS))
        for found in yiqi.recommend_peers("rowers", "ann", limit=5).recommendations:
            print(found.resource, found.score)

Every method raises `YiqiRpcError`. The stubs (`yiqi.members.GetMember(request)`) offer every call of the contract, with
the same deadlines, retries and errors.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_address
from types import TracebackType
from typing import Any, TypedDict, Unpack, cast

import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from yiqi.v1 import (
    access_pb2,
    access_pb2_grpc,
    channel_pb2,
    channel_pb2_grpc,
    common_pb2,
    community_pb2,
    community_pb2_grpc,
    feed_pb2,
    feed_pb2_grpc,
    health_pb2,
    import_pb2,
    import_pb2_grpc,
    invitation_pb2,
    invitation_pb2_grpc,
    member_pb2,
    member_pb2_grpc,
    message_pb2,
    message_pb2_grpc,
    model_pb2,
    model_pb2_grpc,
    outcome_pb2,
    outcome_pb2_grpc,
    project_pb2,
    project_pb2_grpc,
    proposal_pb2,
    recommendation_pb2,
    recommendation_pb2_grpc,
    round_pb2,
    round_pb2_grpc,
)

# Below the service's 8 MB for one message and its 1000 items for one batch.
BATCH_BYTES = 4_000_000
BATCH_ITEMS = 500
MAX_REPLY_BYTES = 64 * 1024 * 1024
YEAR_SECONDS = 365 * 24 * 3600.0
PAGE = 500
# Repeating one of these after it may have happened already would report an error for a success, or do it twice.
_NOT_REPEATABLE = frozenset(
    {
        "MergeMembers",
        "UndoMerge",
        "DeleteCommunity",
        "DeleteMember",
        "DeleteMessage",
        "DeleteProject",
        "DeleteChannel",
        "RollbackModel",
        "EditRound",
        "SolveRoundAgain",
        "RepairRound",
        "DeleteRound",
        "CreateToken",
    }
)
_PROTOS = (
    channel_pb2,
    community_pb2,
    member_pb2,
    message_pb2,
    project_pb2,
    proposal_pb2,
    recommendation_pb2,
    outcome_pb2,
    model_pb2,
    round_pb2,
    invitation_pb2,
    feed_pb2,
    import_pb2,
    access_pb2,
)
_UNDER_WAY = (round_pb2.ROUND_STATE_SOLVING, round_pb2.ROUND_STATE_REPAIRING)
_LOOK_SECONDS = 0.2


class YiqiRpcError(Exception):
    """A call failed.

    `status` is the gRPC status, `reason` the name in ErrorReason without its prefix ("" when the service never
    answered), `sentence` what happened and what to do.
    """

    def __init__(self, status: grpc.StatusCode, reason: str, sentence: str) -> None:
        super().__init__(f"{status.name}{f' ({reason})' if reason else ''}: {sentence}")
        self.status = status
        self.reason = reason
        self.sentence = sentence


class Options(TypedDict, total=False):
    """Keyword arguments that every recommendation takes; see RecommendOptions in the contract."""

    limit: int
    filter: recommendation_pb2.RecommendationFilter
    exclude: Sequence[str]
    include_connected: bool
    diversity: float
    min_score: float
    language: recommendation_pb2.Language
    with_reasons: bool
    audience: recommendation_pb2.Audience
    strangers: float
    include_fillers: bool
    include_gone: bool


def community_name(community: str) -> str:
    """The resource name of a community."""
    return f"communities/{community}"


def member_name(community: str, member: str) -> str:
    """The resource name of a member; "" for an empty id."""
    return _child(community, "members", member)


def message_name(community: str, message: str) -> str:
    """The resource name of a message; "" for an empty id."""
    return _child(community, "messages", message)


def channel_name(community: str, channel: str) -> str:
    """The resource name of a channel; "" for an empty id."""
    return _child(community, "channels", channel)


def project_name(community: str, project: str) -> str:
    """The resource name of a project; "" for an empty id."""
    return _child(community, "projects", project)


def round_name(community: str, round: str) -> str:
    """The resource name of a round; "" for an empty id."""
    return _child(community, "rounds", round)


def invitation_name(community: str, invitation: str) -> str:
    """The resource name of an invitation; "" for an empty id."""
    return _child(community, "invitations", invitation)


def model_name(community: str, model: str) -> str:
    """The resource name of a model; "" for an empty id."""
    return _child(community, "models", model)


def id_of(name: str) -> str:
    """The last id of a resource name."""
    return name.rsplit("/", 1)[-1]


def timestamp(time: datetime) -> Timestamp:
    """A time of day with its zone as a timestamp. Raises ValueError when the zone is missing."""
    if time.tzinfo is None:
        raise ValueError("the time needs a time zone")
    found = Timestamp()
    found.FromDatetime(time.astimezone(UTC).replace(tzinfo=None))
    return found


def pages(call: Callable[[Any], Any], request: Any, field: str) -> Iterator[Any]:
    """Everything in a field of a list call's replies, page by page."""
    while True:
        reply = call(request)
        yield from getattr(reply, field)
        if not reply.next_page_token:
            return
        request.page_token = reply.next_page_token


class YiqiClient:
    """One connection to a Yiqi service; safe to share between threads.

    `timeout`: seconds for a call unless it is given another; streams and batches take it per batch. `attempts`: how
    often a call that may be repeated is tried while the service is unavailable or overloaded, 1 to 5. `credentials`:
    TLS; without them the connection is plain. `token`: what each call carries, or a function that gives it. Raises
    ValueError for a token over a plain connection to another machine, unless `insecure` says that nobody listens in.
    """

    def __init__(
        self,
        target: str,
        *,
        timeout: float = 5.0,
        attempts: int = 4,
        credentials: grpc.ChannelCredentials | None = None,
        token: str | Callable[[], str] = "",
        insecure: bool = False,
    ) -> None:
        if token and credentials is None and not insecure and not _here(target):
            raise ValueError(f"a token goes to {target} over TLS only: pass credentials, or insecure=True")
        options = [
            ("grpc.service_config", _service_config(attempts)),
            ("grpc.enable_retries", 1),
            ("grpc.max_receive_message_length", MAX_REPLY_BYTES),
        ]
        if credentials is None:
            self._channel = grpc.insecure_channel(target, options=options)
        else:
            self._channel = grpc.secure_channel(target, credentials, options=options)
        self._timeout = timeout
        self._token = token
        calls = partial(Calls, self._channel, timeout, self._metadata)
        self.communities = calls(community_pb2_grpc, "CommunityService")
        self.channels = calls(channel_pb2_grpc, "ChannelService")
        self.members = calls(member_pb2_grpc, "MemberService")
        self.messages = calls(message_pb2_grpc, "MessageService")
        self.projects = calls(project_pb2_grpc, "ProjectService")
        self.recommendations = calls(recommendation_pb2_grpc, "RecommendationService")
        self.outcomes = calls(outcome_pb2_grpc, "OutcomeService")
        self.models = calls(model_pb2_grpc, "ModelService")
        self.rounds = calls(round_pb2_grpc, "RoundService")
        self.invitations = calls(invitation_pb2_grpc, "InvitationService")
        self.feed = calls(feed_pb2_grpc, "FeedService")
        self.imports = calls(import_pb2_grpc, "ImportService")
        self.access = calls(access_pb2_grpc, "AccessService")

    def __enter__(self) -> YiqiClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def server_version(self) -> str:
        """The version of Yiqi that answers; "" for one from before it said so."""
        check = self._channel.unary_unary("/grpc.health.v1.Health/Check")
        _, call = check.with_call(b"", timeout=self._timeout, metadata=self._metadata())
        return next((str(value) for key, value in call.initial_metadata() if key == "yiqi-version"), "")

    def close(self) -> None:
        """Close the connection."""
        self._channel.close()

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        token = self._token if isinstance(self._token, str) else self._token()
        return (("authorization", f"Bearer {token}"),) if token else ()

    def wait_until_ready(self, timeout: float = 30.0) -> None:
        """Wait until the service can be reached. Raises YiqiRpcError after `timeout` seconds."""
        try:
            grpc.channel_ready_future(self._channel).result(timeout=timeout)
        except grpc.FutureTimeoutError:
            sentence = "The service cannot be reached. Check the address and that it runs."
            raise YiqiRpcError(grpc.StatusCode.UNAVAILABLE, "", sentence) from None

    # Communities, members, projects.

    def create_community(
        self, community: str, content: community_pb2.Community | None = None
    ) -> community_pb2.CreateCommunityResponse:
        """Create a community; the same again is harmless."""
        request = community_pb2.CreateCommunityRequest(community_id=community, community=content)
        return cast(community_pb2.CreateCommunityResponse, self.communities.CreateCommunity(request))

    def list_communities(self) -> Iterator[community_pb2.Community]:
        """Every community, by id."""
        request = community_pb2.ListCommunitiesRequest(page_size=PAGE)
        return pages(self.communities.ListCommunities, request, "communities")

    def export_community(
        self, community: str, *, timeout: float = 600.0
    ) -> Iterator[community_pb2.ExportCommunityResponse]:
        """The pieces of the community's archive."""
        request = community_pb2.ExportCommunityRequest(name=community_name(community))
        return cast(
            Iterator[community_pb2.ExportCommunityResponse],
            self.communities.stream("ExportCommunity", request, timeout=timeout),
        )

    def get_community_health(
        self,
        community: str,
        *,
        since: datetime | None = None,
        window_days: int = 0,
        language: recommendation_pb2.Language | None = None,
        limit: int = 0,
        timeout: float = 60.0,
    ) -> health_pb2.CommunityHealth:
        """How a community lives, in windows from `since` on; see GetCommunityHealthRequest for the defaults."""
        request = health_pb2.GetCommunityHealthRequest(
            name=community_name(community),
            since=None if since is None else timestamp(since),
            window_days=window_days,
            language=language,
            limit=limit,
        )
        reply = self.communities.GetCommunityHealth(request, timeout=timeout)
        return cast(health_pb2.GetCommunityHealthResponse, reply).health

    def create_member(
        self, community: str, member: str, content: member_pb2.Member | None = None
    ) -> member_pb2.CreateMemberResponse:
        """Create a member; the same again is harmless."""
        request = member_pb2.CreateMemberRequest(parent=community_name(community), member_id=member, member=content)
        return cast(member_pb2.CreateMemberResponse, self.members.CreateMember(request))

    def get_member(self, community: str, member: str) -> member_pb2.Member:
        """One member."""
        request = member_pb2.GetMemberRequest(name=member_name(community, member))
        return cast(member_pb2.GetMemberResponse, self.members.GetMember(request)).member

    def update_member(
        self, community: str, member: str, changes: member_pb2.Member, fields: Sequence[str] = ()
    ) -> member_pb2.UpdateMemberResponse:
        """Change these fields of a member, or without `fields` those that `changes` fills in."""
        content = member_pb2.Member()
        content.CopyFrom(changes)
        content.name = member_name(community, member)
        request = member_pb2.UpdateMemberRequest(member=content, update_mask=FieldMask(paths=fields))
        return cast(member_pb2.UpdateMemberResponse, self.members.UpdateMember(request))

    def list_members(self, community: str) -> Iterator[member_pb2.Member]:
        """Every member, by id."""
        request = member_pb2.ListMembersRequest(parent=community_name(community), page_size=PAGE)
        return pages(self.members.ListMembers, request, "members")

    def erase_member(self, community: str, member: str) -> member_pb2.DeleteMemberResponse:
        """Forget a person."""
        request = member_pb2.DeleteMemberRequest(name=member_name(community, member))
        return cast(member_pb2.DeleteMemberResponse, self.members.DeleteMember(request))

    def create_project(
        self, community: str, project: str, content: project_pb2.Project | None = None
    ) -> project_pb2.CreateProjectResponse:
        """Create a project; the same again is harmless."""
        request = project_pb2.CreateProjectRequest(
            parent=community_name(community), project_id=project, project=content
        )
        return cast(project_pb2.CreateProjectResponse, self.projects.CreateProject(request))

    def list_projects(self, community: str) -> Iterator[project_pb2.Project]:
        """Every project, by id."""
        request = project_pb2.ListProjectsRequest(parent=community_name(community), page_size=PAGE)
        return pages(self.projects.ListProjects, request, "projects")

    # Messages and outcomes.

    def ingest_messages(
        self, community: str, messages: Iterable[message_pb2.Message], *, replace_existing: bool = False
    ) -> message_pb2.BatchCreateMessagesResponse:
        """Send any number of messages in batches, each durable before the next is sent.

        With `replace_existing` those that are there with other words are edits, else they are rejected. Repeating after
        a failure is harmless. Positions in `rejections` count over all the messages given.
        """
        total = message_pb2.BatchCreateMessagesResponse()
        sent = 0
        for batch in _batches(messages):
            request = message_pb2.BatchCreateMessagesRequest(
                parent=community_name(community), messages=batch, replace_existing=replace_existing
            )
            reply = cast(message_pb2.BatchCreateMessagesResponse, self.messages.BatchCreateMessages(request))
            _add(total.summary, reply.summary, sent)
            total.sequence = reply.sequence
            sent += len(batch)
        return total

    def record_outcomes(
        self, community: str, outcomes: Sequence[outcome_pb2.Outcome], *, token: str = ""
    ) -> outcome_pb2.RecordOutcomesResponse:
        """Say what became of recommendations; `token` is that of the reply they come from."""
        request = outcome_pb2.RecordOutcomesRequest(
            parent=community_name(community), recommendation_token=token, outcomes=outcomes
        )
        return cast(outcome_pb2.RecordOutcomesResponse, self.outcomes.RecordOutcomes(request))

    # Recommendations.

    def recommend_peers(
        self, community: str, member: str, *, min_sequence: int = 0, **options: Unpack[Options]
    ) -> recommendation_pb2.RecommendPeersResponse:
        """Who shares a member's aims and interests; `options` as in `Options`."""
        request = recommendation_pb2.RecommendPeersRequest(
            member=member_name(community, member), options=_options(options), min_sequence=min_sequence
        )
        return cast(recommendation_pb2.RecommendPeersResponse, self.recommendations.RecommendPeers(request))

    def recommend_collaborators(
        self,
        community: str,
        *,
        member: str = "",
        goal: str | recommendation_pb2.StatedGoal | None = None,
        project: str = "",
        brief: recommendation_pb2.Brief | None = None,
        min_sequence: int = 0,
        **options: Unpack[Options],
    ) -> recommendation_pb2.RecommendCollaboratorsResponse:
        """Who would complete one of: a member, a goal, a project on record, a brief; `options` as in `Options`."""
        request = recommendation_pb2.RecommendCollaboratorsRequest(
            parent=community_name(community),
            member=member_name(community, member) or None,
            goal=recommendation_pb2.StatedGoal(text=goal) if isinstance(goal, str) else goal,
            project=project_name(community, project) or None,
            brief=brief,
            options=_options(options),
            min_sequence=min_sequence,
        )
        reply = self.recommendations.RecommendCollaborators(request)
        return cast(recommendation_pb2.RecommendCollaboratorsResponse, reply)

    def recommend_projects(
        self, community: str, member: str, *, min_sequence: int = 0, **options: Unpack[Options]
    ) -> recommendation_pb2.RecommendProjectsResponse:
        """Which open projects a member could join; `options` as in `Options`."""
        request = recommendation_pb2.RecommendProjectsRequest(
            member=member_name(community, member), options=_options(options), min_sequence=min_sequence
        )
        return cast(recommendation_pb2.RecommendProjectsResponse, self.recommendations.RecommendProjects(request))

    def propose_projects(
        self,
        community: str,
        *,
        member: str = "",
        limit: int = 0,
        language: recommendation_pb2.Language = recommendation_pb2.LANGUAGE_UNSPECIFIED,
        audience: recommendation_pb2.Audience = recommendation_pb2.AUDIENCE_UNSPECIFIED,
        seed: int = 0,
        min_sequence: int = 0,
    ) -> recommendation_pb2.ProposeProjectsResponse:
        """New things to do together, for a member or the whole community."""
        request = recommendation_pb2.ProposeProjectsRequest(
            parent=community_name(community),
            member=member_name(community, member) if member else "",
            limit=limit,
            language=language,
            audience=audience,
            seed=seed,
            min_sequence=min_sequence,
        )
        return cast(recommendation_pb2.ProposeProjectsResponse, self.recommendations.ProposeProjects(request))

    def send_proposal(self, community: str, proposal: proposal_pb2.Proposal) -> proposal_pb2.SendProposalResponse:
        """Invite the team of a proposal, as it came or as it was edited."""
        request = proposal_pb2.SendProposalRequest(
            parent=community_name(community),
            proposal_id=proposal.proposal_id,
            title=proposal.title,
            text=proposal.text,
            first_step=proposal.first_step,
            members=[one.member for one in proposal.members],
            needs=proposal.needs,
        )
        return cast(proposal_pb2.SendProposalResponse, self.projects.SendProposal(request))

    def dismiss_proposal(
        self, community: str, proposal: proposal_pb2.Proposal, *, member: str = ""
    ) -> proposal_pb2.DismissProposalResponse:
        """Put a proposal aside, for one of its team or for all."""
        request = proposal_pb2.DismissProposalRequest(
            parent=community_name(community),
            proposal_id=proposal.proposal_id,
            title=proposal.title,
            members=[one.member for one in proposal.members],
            member=member_name(community, member) if member else "",
        )
        return cast(proposal_pb2.DismissProposalResponse, self.projects.DismissProposal(request))

    def recommend_all(
        self,
        community: str,
        *,
        kind: recommendation_pb2.ListKind | None = None,
        recipients: recommendation_pb2.RecommendationFilter | None = None,
        resume_token: str = "",
        min_sequence: int = 0,
        timeout: float | None = None,
        **options: Unpack[Options],
    ) -> Iterator[recommendation_pb2.RecommendAllResponse]:
        """The list of every member, by id, or of the `recipients`; `options` as in `Options`.

        Begun with the `resume_token` of a reply it goes on right after it. It goes on by itself when the service ends
        it (STREAM_OVER), or halfway has no place for it (OVERLOADED). `timeout` in seconds ends it; a year unless
        given.
        """
        request = recommendation_pb2.RecommendAllRequest(
            parent=community_name(community),
            kind=kind,
            options=_options(options),
            recipients=recipients,
            resume_token=resume_token,
            min_sequence=min_sequence,
        )
        return self._resumed("RecommendAll", request, time.monotonic() + (timeout or YEAR_SECONDS))

    def search_members(
        self,
        community: str,
        query: str,
        *,
        title: str = "",
        channel: str = "",
        member: str = "",
        min_sequence: int = 0,
        **options: Unpack[Options],
    ) -> recommendation_pb2.SearchMembersResponse:
        """Who knows about something or can help; `member` is who asks, `options` as in `Options`."""
        request = recommendation_pb2.SearchMembersRequest(
            parent=community_name(community),
            query=query,
            title=title,
            channel=channel_name(community, channel),
            member=member_name(community, member),
            options=_options(options),
            min_sequence=min_sequence,
        )
        return cast(recommendation_pb2.SearchMembersResponse, self.recommendations.SearchMembers(request))

    def explain_match(
        self, community: str, member: str, other: str, *, min_sequence: int = 0, **options: Unpack[Options]
    ) -> recommendation_pb2.ExplainMatchResponse:
        """Why two members would or would not suit each other; `options` as in `Options`."""
        request = recommendation_pb2.ExplainMatchRequest(
            member=member_name(community, member),
            other=member_name(community, other),
            options=_options(options),
            min_sequence=min_sequence,
        )
        return cast(recommendation_pb2.ExplainMatchResponse, self.recommendations.ExplainMatch(request))

    def watch_introductions(
        self,
        community: str,
        *,
        member: str = "",
        resume_token: str = "",
        language: recommendation_pb2.Language | None = None,
        timeout: float | None = None,
    ) -> Iterator[recommendation_pb2.WatchIntroductionsResponse]:
        """What members are told of introductions, or one of them, until the iterator is closed.

        Keep the `resume_token` of the last reply that was dealt with: a stream begun with it goes on right after it.
        The first reply holds a token alone. `timeout` in seconds ends the stream; a year unless given. The service ends
        it sooner (STREAM_OVER), and it goes on over another one.
        """
        request = recommendation_pb2.WatchIntroductionsRequest(
            parent=community_name(community),
            member=member_name(community, member),
            resume_token=resume_token,
            language=language,
        )
        return self._resumed("WatchIntroductions", request, time.monotonic() + (timeout or YEAR_SECONDS))

    def _resumed(self, method: str, request: Any, until: float) -> Iterator[Any]:
        while True:
            left, came = max(0.0, until - time.monotonic()), False
            try:
                for reply in self.recommendations.stream(method, request, left):
                    request.resume_token, came = reply.resume_token, True
                    yield reply
                return
            except YiqiRpcError as error:
                if error.reason != "STREAM_OVER" and not (error.reason == "OVERLOADED" and came):
                    raise
                time.sleep(_LOOK_SECONDS)

    # Rounds and invitations.

    def create_round(
        self,
        community: str,
        round: str,
        content: round_pb2.Round,
        *,
        filter: recommendation_pb2.RecommendationFilter | None = None,
        dry_run: bool = True,
        request_id: str = "",
    ) -> round_pb2.Round:
        """Ask for a match list, which is then solved in the background; see `wait_for_round`."""
        request = round_pb2.CreateRoundRequest(
            parent=community_name(community),
            round_id=round,
            round=content,
            filter=filter,
            dry_run=dry_run,
            # Retried when the service is unavailable for a moment.
            request_id=request_id or uuid.uuid4().hex,
        )
        return cast(round_pb2.CreateRoundResponse, self.rounds.CreateRound(request)).round

    def get_round(self, community: str, round: str) -> round_pb2.Round:
        """One round: its state, how far solving is, how good the list is."""
        request = round_pb2.GetRoundRequest(name=round_name(community, round))
        return cast(round_pb2.GetRoundResponse, self.rounds.GetRound(request)).round

    def wait_for_round(self, community: str, round: str, *, timeout: float = 120.0) -> round_pb2.Round:
        """The round once it is not being solved or repaired any more. Raises YiqiRpcError after `timeout` seconds."""
        until = time.monotonic() + timeout
        while (found := self.get_round(community, round)).state in _UNDER_WAY:
            if time.monotonic() > until:
                sentence = "The round is still being solved. Wait longer, or cancel it."
                raise YiqiRpcError(grpc.StatusCode.DEADLINE_EXCEEDED, "", sentence)
            time.sleep(_LOOK_SECONDS)
        return found

    def list_rounds(self, community: str) -> Iterator[round_pb2.Round]:
        """Every round, by id."""
        request = round_pb2.ListRoundsRequest(parent=community_name(community), page_size=PAGE)
        return pages(self.rounds.ListRounds, request, "rounds")

    def list_round_matches(
        self, community: str, round: str, *, member: str = "", language: recommendation_pb2.Language | None = None
    ) -> Iterator[round_pb2.RoundMatch]:
        """Every match of a round, or those of one member, with reasons and texts."""
        request = round_pb2.ListRoundMatchesRequest(
            parent=round_name(community, round),
            member=member_name(community, member),
            language=language,
            page_size=PAGE,
        )
        return pages(self.rounds.ListRoundMatches, request, "matches")

    def publish_round(self, community: str, round: str, *, etag: str = "") -> round_pb2.Round:
        """Send the invitations of a solved round."""
        request = round_pb2.PublishRoundRequest(name=round_name(community, round), etag=etag)
        return cast(round_pb2.PublishRoundResponse, self.rounds.PublishRound(request)).round

    def list_invitations(self, community: str, *, member: str = "") -> Iterator[invitation_pb2.Invitation]:
        """What a member may see of their invitations; without a member all of them, as organizers see them."""
        request = invitation_pb2.ListInvitationsRequest(
            parent=community_name(community), member=member_name(community, member), page_size=PAGE
        )
        return pages(self.invitations.ListInvitations, request, "invitations")

    def reply_to_invitation(
        self, community: str, invitation: str, member: str, *, accept: bool
    ) -> invitation_pb2.Invitation:
        """Accept or decline; the invitation as the member sees it then."""
        request = invitation_pb2.ReplyToInvitationRequest(
            name=invitation_name(community, invitation), member=member_name(community, member), accept=accept
        )
        return cast(invitation_pb2.ReplyToInvitationResponse, self.invitations.ReplyToInvitation(request)).invitation

    # Access.

    def mint_member_token(self, community: str, member: str, *, seconds: int = 0) -> str:
        """A token for one member, who can then only be that member; for 15 minutes unless told otherwise."""
        request = access_pb2.MintMemberTokenRequest(name=member_name(community, member), seconds=seconds)
        return cast(access_pb2.MintMemberTokenResponse, self.access.MintMemberToken(request)).secret

    # Models.

    def list_models(self, community: str) -> Iterator[model_pb2.Model]:
        """Every model, newest first, the one that comes with the product last."""
        request = model_pb2.ListModelsRequest(parent=community_name(community), page_size=PAGE)
        return pages(self.models.ListModels, request, "models")

    def get_model(self, community: str, model: str) -> model_pb2.Model:
        """One model with its manifest; `model` is the model_version of its answers."""
        request = model_pb2.GetModelRequest(name=model_name(community, model))
        return cast(model_pb2.GetModelResponse, self.models.GetModel(request)).model

    def promote_model(self, community: str, model: str, *, force: bool = False) -> model_pb2.Model:
        """Serve a model from the next request on; `force` also one that did not pass its gates."""
        request = model_pb2.PromoteModelRequest(name=model_name(community, model), force=force)
        return cast(model_pb2.PromoteModelResponse, self.models.PromoteModel(request)).model

    def roll_back_model(self, community: str) -> model_pb2.Model:
        """Serve what was served before from the next request on; what serves then."""
        request = model_pb2.RollbackModelRequest(parent=community_name(community))
        return cast(model_pb2.RollbackModelResponse, self.models.RollbackModel(request)).model


class Calls:
    """The calls of one service, by the names of the contract: `calls.GetMember(request, timeout=1.0)`."""

    def __init__(
        self, channel: grpc.Channel, timeout: float, metadata: Callable[[], Any], module: Any, service: str
    ) -> None:
        self._stub = getattr(module, f"{service}Stub")(channel)
        self._timeout = timeout
        self._metadata = metadata

    def __getattr__(self, method: str) -> Callable[..., Any]:
        call = getattr(self._stub, method)

        def translated(request: Any, timeout: float | None = None) -> Any:
            try:
                seconds = self._timeout if timeout is None else timeout
                return call(request, timeout=seconds, metadata=self._metadata())
            except grpc.RpcError as error:
                raise _understood(error) from None

        return translated

    def stream(self, method: str, request: Any, timeout: float | None = None) -> Iterator[Any]:
        """The replies of a call that streams them; closing the iterator early cancels the call."""
        seconds = self._timeout if timeout is None else timeout
        replies = getattr(self._stub, method)(request, timeout=seconds, metadata=self._metadata())
        try:
            yield from replies
        except grpc.RpcError as error:
            raise _understood(error) from None
        finally:
            replies.cancel()


def _here(target: str) -> bool:
    """Whether nobody on the way to a target can listen in: a socket of this machine."""
    if target.startswith("unix:"):
        return True
    place = target.removeprefix("dns:///")
    host = (place.rpartition(":")[0] or place).strip("[]")
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False  # a name, which may be anywhere


def _child(community: str, collection: str, id: str) -> str:
    return f"communities/{community}/{collection}/{id}" if id else ""


def _options(options: Options) -> recommendation_pb2.RecommendOptions:
    return recommendation_pb2.RecommendOptions(**options)


def _understood(error: Any) -> YiqiRpcError:
    reason = next((value for key, value in error.trailing_metadata() or () if key == "yiqi-reason"), "")
    return YiqiRpcError(error.code(), reason, error.details() or "")


def _batches(messages: Iterable[message_pb2.Message]) -> Iterator[list[message_pb2.Message]]:
    batch: list[message_pb2.Message] = []
    size = 0
    for message in messages:
        length = message.ByteSize()
        if batch and (len(batch) == BATCH_ITEMS or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += length
    if batch:
        yield batch


def _add(total: common_pb2.BatchSummary, part: common_pb2.BatchSummary, offset: int) -> None:
    total.created += part.created
    total.unchanged += part.unchanged
    total.replaced += part.replaced
    total.rejected += part.rejected
    for rejection in part.rejections:
        added = total.rejections.add()
        added.CopyFrom(rejection)
        added.index += offset


def _service_config(attempts: int) -> str:
    names = [
        {"service": service.full_name, "method": method.name}
        for proto in _PROTOS
        for service in proto.DESCRIPTOR.services_by_name.values()
        for method in service.methods
        if method.name not in _NOT_REPEATABLE and not method.client_streaming
    ]
    policy = {
        "maxAttempts": attempts,
        "initialBackoff": "0.1s",
        "maxBackoff": "2s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
    }
    config = {"methodConfig": [{"name": names, "retryPolicy": policy}]} if attempts > 1 else {}
    return json.dumps(config)
