"""RecommendationService: who to meet, who would complete somebody, what to do together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any, Protocol, cast

from grpc import ServicerContext
from yiqi.v1 import recommendation_pb2 as pb
from yiqi.v1 import recommendation_pb2_grpc

from models.domain.records import Micros
from models.domain.requests import Audience, Goal, Language
from models.proposals.requests import SIZE, Wish
from service.api import enums, paging
from service.api.answers import filter_of, info, options, results, saying
from service.api.codec import ids, needs
from service.api.interceptors.deadlines import remaining
from service.api.introductions import IntroductionStream
from service.api.proposal_messages import fewer_words, proposal_message
from service.application import proposals
from service.application import recommendations as usecase
from service.core.errors import IndexBehind, InvalidArgument
from service.core.names import child_name, child_of, community_of, id_within
from service.store.contract import Store

MAX_WAIT_SECONDS = 5.0
# Time kept back from the deadline, so that there is some left to answer in.
_TO_ANSWER_SECONDS = 0.1


class Live(Protocol):
    """What this service needs of the runtime beyond what the use cases do."""

    def wait_indexed(self, community: str, sequence: int, timeout: float) -> bool:
        """Wait up to `timeout` seconds until the view of a community has seen a change-log number; whether it has."""


class RecommendationServicer(recommendation_pb2_grpc.RecommendationServiceServicer):
    """Answers from the runtime's views; writes nothing."""

    def __init__(
        self, store: Store, runtime: Any, clock: Callable[[], Micros], introductions: IntroductionStream
    ) -> None:
        self._store = store
        self._runtime = runtime
        self._clock = clock
        self._introductions = introductions

    def RecommendPeers(self, request: pb.RecommendPeersRequest, context: ServicerContext) -> pb.RecommendPeersResponse:
        community, member = child_of(request.member, "members", "member")
        asked = options(request.options, community, self._clock())
        self._wait(community, request.min_sequence, context)
        answer = usecase.recommend_peers(self._runtime, community, member, asked)
        return pb.RecommendPeersResponse(
            recommendations=results(answer, community, saying(asked.language)), info=info(answer)
        )

    def RecommendCollaborators(
        self, request: pb.RecommendCollaboratorsRequest, context: ServicerContext
    ) -> pb.RecommendCollaboratorsResponse:
        community = community_of(request.parent)
        asked = options(request.options, community, self._clock())
        target = self._target(request, community)
        self._wait(community, request.min_sequence, context)
        answer = usecase.recommend_collaborators(self._runtime, community, target(), asked)
        found = results(answer, community, saying(asked.language))
        return pb.RecommendCollaboratorsResponse(recommendations=found, info=info(answer))

    def RecommendProjects(
        self, request: pb.RecommendProjectsRequest, context: ServicerContext
    ) -> pb.RecommendProjectsResponse:
        community, member = child_of(request.member, "members", "member")
        asked = options(request.options, community, self._clock(), "projects")
        self._wait(community, request.min_sequence, context)
        answer = usecase.recommend_projects(self._runtime, community, member, asked)
        found = results(answer, community, saying(asked.language), "projects")
        return pb.RecommendProjectsResponse(recommendations=found, info=info(answer))

    def RecommendAll(
        self, request: pb.RecommendAllRequest, context: ServicerContext
    ) -> Iterator[pb.RecommendAllResponse]:
        community = community_of(request.parent)
        kind = enums.LIST_KIND.word(request.kind)
        collection = "projects" if kind == "projects" else "members"
        asked = options(request.options, community, self._clock(), collection)
        wanted = filter_of(request.recipients, community, "recipients")
        scope = ("RecommendAll", community, kind)
        after = paging.after(request.resume_token, *scope, reason="RESUME_TOKEN_INVALID")
        self._wait(community, request.min_sequence, context)
        everybody = usecase.recipients(self._runtime, community, wanted)
        members, said = everybody[bisect_right(everybody, after) :], saying(asked.language)
        for member, answer in usecase.recommend_all(self._runtime, community, kind, members, asked, self._clock):
            yield pb.RecommendAllResponse(
                member=child_name(community, "members", member),
                recommendations=results(answer, community, said, collection),
                info=info(answer),
                resume_token=paging.token(member, *scope),
            )

    def ProposeProjects(
        self, request: pb.ProposeProjectsRequest, context: ServicerContext
    ) -> pb.ProposeProjectsResponse:
        community = community_of(request.parent)
        least, most = request.least or SIZE[0], request.most or SIZE[1]
        if not SIZE[0] <= least <= most:
            raise InvalidArgument(f"least and most are {least} and {most}", reason="OUT_OF_RANGE")
        wish = Wish(
            member=id_within(request.member, community, "members", "member"),
            limit=request.limit or Wish().limit,
            language=cast(Language, enums.LANGUAGE.word(request.language)),
            audience=cast(Audience, enums.AUDIENCE.word(request.audience)),
            size=(least, most),
            now=self._clock(),
            seed=request.seed,
        )
        self._wait(community, request.min_sequence, context)
        answer = proposals.propose_projects(self._store, self._runtime, community, wish)
        about = pb.AnswerInfo(
            model_version=answer.proposed.model_version,
            index_version=answer.index_version,
            recommendation_token=answer.token,
            hidden_by_consent=answer.proposed.hidden_by_consent,
            indexed_through=answer.indexed_through,
        )
        found = [proposal_message(one, community, wish.language) for one in answer.proposed.proposals]
        return pb.ProposeProjectsResponse(
            proposals=found, info=about, fewer=fewer_words(answer.proposed, wish.language)
        )

    def SearchMembers(self, request: pb.SearchMembersRequest, context: ServicerContext) -> pb.SearchMembersResponse:
        community = community_of(request.parent)
        asked = options(request.options, community, self._clock())
        goal = Goal(
            text=request.query,
            title=request.title,
            channel=id_within(request.channel, community, "channels", "channel"),
            source=id_within(request.member, community, "members", "member"),
        )
        self._wait(community, request.min_sequence, context)
        answer = usecase.search_members(self._runtime, community, goal, asked, strict=True)
        return pb.SearchMembersResponse(
            recommendations=results(answer, community, saying(asked.language)), info=info(answer)
        )

    def ExplainMatch(self, request: pb.ExplainMatchRequest, context: ServicerContext) -> pb.ExplainMatchResponse:
        community, member = child_of(request.member, "members", "member")
        other = id_within(request.other, community, "members", "other")
        if member == other:
            raise InvalidArgument(f"the member {member}", reason="SAME_MEMBER")
        asked = options(request.options, community, self._clock())
        self._wait(community, request.min_sequence, context)
        answer = usecase.explain_match(self._runtime, community, member, other, asked)
        found = results(answer, community, saying(asked.language))
        return pb.ExplainMatchResponse(recommendation=found[0] if found else None, info=info(answer))

    def WatchIntroductions(
        self, request: pb.WatchIntroductionsRequest, context: ServicerContext
    ) -> Iterator[pb.WatchIntroductionsResponse]:
        yield from self._introductions.watch(request, context)

    def _target(self, request: pb.RecommendCollaboratorsRequest, community: str) -> Callable[[], str | Goal]:
        """Reads the names at once, and records only when called: after the wait for the index."""
        match request.WhichOneof("target"):
            case "member":
                member = id_within(request.member, community, "members", "member")
                return lambda: member
            case "project":
                project = id_within(request.project, community, "projects", "project")
                return lambda: usecase.goal_of_project(self._runtime, community, project)
            case "goal":
                goal = _goal(request.goal, community)
                return lambda: goal
            case "brief":
                brief = _brief(request.brief, community)
                return lambda: brief
            case _:
                raise InvalidArgument("target", reason="FIELD_REQUIRED")

    def _wait(self, community: str, sequence: int, context: ServicerContext) -> None:
        if not sequence:
            return
        live: Live = self._runtime
        timeout = min(MAX_WAIT_SECONDS, max(0.0, remaining(context) - _TO_ANSWER_SECONDS))
        if not live.wait_indexed(community, sequence, timeout):
            raise IndexBehind(f"change {sequence} of the community {community}")


def _goal(message: pb.StatedGoal, community: str) -> Goal:
    return Goal(
        text=message.text,
        source=id_within(message.member, community, "members", "goal.member"),
        needs=needs(message.needs),
    )


def _brief(message: pb.Brief, community: str) -> Goal:
    if not (message.title or message.text):
        raise InvalidArgument("brief.title or brief.text", reason="FIELD_REQUIRED")
    members = ids(message.members, community, "members", "brief.members")
    return Goal(
        text=message.text,
        title=message.title,
        source=members[0] if members else "",
        members=members,
        needs=needs(message.needs),
    )
