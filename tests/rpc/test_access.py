"""Who may call what: every call of the contract, every role, every community, as oneself and as others."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from grpc_health.v1 import health_pb2, health_pb2_grpc
from yiqi.client import YiqiClient, YiqiRpcError
from yiqi.v1 import access_pb2, member_pb2, recommendation_pb2

from service.access.caller import ROLES, Role
from service.api.interceptors.load import LISTS_OF_COMMUNITY, LISTS_OF_TOKEN, USUAL_LOAD
from service.application.policies import ORGANIZERS, POLICIES
from tests.rpc.callers import CALLS, NOBODYS, OURS, THEIRS, Answer, Served, request_of, serving

# What each role may do more than those before it, written down a second time: a slip in the table shows here.
MAY: dict[Role, str] = {
    "reader": """
        CommunityService: GetCommunity ListCommunities
        ProjectService: GetProject ListProjects
        RecommendationService: RecommendPeers RecommendCollaborators RecommendProjects ProposeProjects SearchMembers
        RecommendationService: ExplainMatch RecommendAll
    """,
    "platform": """
        AccessService: MintMemberToken
        ChannelService: CreateChannel GetChannel UpdateChannel ListChannels DeleteChannel
        InvitationService: ListInvitations ReplyToInvitation AnswerFollowUp RenewInvitation ListDue
        MemberService: CreateMember GetMember UpdateMember ListMembers FindMembers ImportMembers
        MemberService: BlockMember UnblockMember PauseMember ListSuggestions ConfirmSuggestion StrikeSuggestion
        MessageService: IngestMessages BatchCreateMessages GetMessage ListMessages DeleteMessage
        OutcomeService: RecordOutcomes
        ProjectService: CreateProject UpdateProject DeleteProject JoinProject LeaveProject SendProposal DismissProposal
        ProjectService: ListProjectDue AnswerProjectDue
        RecommendationService: WatchIntroductions
    """,
    "organizer": """
        CommunityService: UpdateCommunity GetCommunityHealth
        FeedService: GetFeed
        ImportService: BeginImport ImportRows FinishImport
        MemberService: ListLikelyDuplicates MergeMembers ListMerges UndoMerge
        OutcomeService: ListOutcomes
        RoundService: CreateRound GetRound ListRounds ListRoundMatches CancelRound EditRound UpdateRoundNotice
        RoundService: SolveRoundAgain PublishRound RepairRound UndoRound DeleteRound ExportRound
    """,
    "admin": """
        AccessService: CreateToken ListTokens RevokeToken ListAuditEntries
        CommunityService: CreateCommunity DeleteCommunity ExportCommunity
        FeedService: ListDeadLetters ReplayDeadLetters
        MemberService: DeleteMember
        ModelService: ListModels GetModel PromoteModel RollbackModel
    """,
}
AS_THEMSELVES = """
    InvitationService: ListInvitations ReplyToInvitation AnswerFollowUp RenewInvitation ListDue
    MemberService: GetMember UpdateMember BlockMember UnblockMember PauseMember ListSuggestions ConfirmSuggestion
    MemberService: StrikeSuggestion
    OutcomeService: RecordOutcomes
    ProjectService: ListProjects JoinProject LeaveProject DismissProposal ListProjectDue AnswerProjectDue
    RecommendationService: RecommendPeers RecommendCollaborators RecommendProjects ProposeProjects SearchMembers
    RecommendationService: ExplainMatch WatchIntroductions
"""
EVERY_COMMUNITY = {"CommunityService/ListCommunities", "CommunityService/CreateCommunity"}


def listed(text: str) -> set[str]:
    rows = [line.split(":") for line in text.strip().splitlines()]
    return {f"{service.strip()}/{call}" for service, names in rows for call in names.split()}


def allowed(role: Role) -> set[str]:
    return set().union(*(listed(MAY[one]) for one in ROLES[1 : ROLES.index(role) + 1]))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("data")) as found:
        yield found


def minted(served: Served, member: str, community: str = OURS) -> str:
    """The token of a member, from one of a platform."""
    with YiqiClient(served.target, token=served.token("platform", community), timeout=30) as platform:
        return platform.mint_member_token(community, member)


def test_every_call_of_the_contract_has_its_row() -> None:
    assert set(POLICIES) == set(CALLS)
    assert set().union(*map(listed, MAY.values())) == set(CALLS)
    assert recommendation_pb2.AUDIENCE_ORGANIZERS == ORGANIZERS


def test_every_role_may_call_in_its_community_what_the_table_says_and_nothing_anywhere_else(served: Served) -> None:
    cases, wrong = 0, []
    for role in ROLES[1:]:
        bound = served.token(role, calls_per_second=100_000, streams=10_000)
        every = served.token(role, "", calls_per_second=100_000, streams=10_000)
        for name in CALLS:
            for community in (OURS, THEIRS, NOBODYS):
                mine = community == OURS and name not in EVERY_COMMUNITY
                mine = mine or (name == "CommunityService/CreateCommunity" and community == OURS)
                for token, reach in ((bound, mine), (every, True)):
                    if community == NOBODYS and token == every:
                        continue  # it is told the truth
                    answer = served.call(name, request_of(name, community), token)
                    cases += 1
                    if answer.let_in != (reach and name in allowed(role)):
                        wrong.append((role, name, community, token == every, answer))
    assert wrong == []
    assert cases == 4 * len(CALLS) * 5


def test_a_member_may_be_themselves_and_nobody_else(served: Served) -> None:
    cases, wrong = 0, []
    for name in CALLS:
        token = minted(served, "ann")  # each with a quota of its own, which is soon used up
        for community in (OURS, THEIRS, NOBODYS):
            for member in ("ann", "bo", "x"):
                answer = patiently(served, name, request_of(name, community, member), token)
                cases += 1
                if answer.let_in != (community == OURS and member == "ann" and name in listed(AS_THEMSELVES)):
                    wrong.append((name, community, member, answer))
    assert wrong == []
    assert cases == len(CALLS) * 9


def patiently(served: Served, name: str, request: Any, token: str) -> Answer:
    """The answer once the quota lets it through."""
    while (answer := served.call(name, request, token)).reason == "QUOTA_EXCEEDED":
        time.sleep(retry_seconds(answer))
    return answer


def retry_seconds(answer: Answer) -> float:
    for detail in Status.FromString(answer.details).details:
        info = RetryInfo()
        if detail.Unpack(info):
            return info.retry_delay.ToMilliseconds() / 1000
    raise AssertionError("no RetryInfo")


def test_nobody_gets_in_without_a_token_or_with_one_that_is_wrong(served: Served) -> None:
    ours = served.token("admin")
    id, secret = ours.removeprefix("yiqi_").split("_", 1)
    for name in CALLS:
        assert served.call(name, request_of(name, OURS)).code == "UNAUTHENTICATED", name
    for wrong in (
        f"yiqi_{id}_{secret[:-1]}",
        f"yiqi_{id}_",
        f"yiqi_00000000_{secret}",
        "yiqi_",
        "yiqim_x.y.z",
        "a.b.c",
    ):
        answer = served.call("CommunityService/GetCommunity", request_of("CommunityService/GetCommunity", OURS), wrong)
        assert answer.code == "UNAUTHENTICATED"
        assert wrong not in answer.sentence
        assert secret.encode() not in answer.details


@pytest.mark.parametrize("role", ["reader", "platform", "organizer", "admin", "member"])
def test_a_community_that_is_not_ones_own_answers_as_one_that_is_not_there(served: Served, role: Role) -> None:
    lasting = "" if role == "member" else served.token(role, calls_per_second=10_000)
    there = served.token("admin", "")
    for name in CALLS:
        token = lasting or minted(served, "ann")  # each with a quota of its own, which is soon used up
        foreign = patiently(served, name, request_of(name, THEIRS), token)
        unknown = patiently(served, name, request_of(name, NOBODYS), token)
        as_if = Answer(
            foreign.code, foreign.reason, foreign.sentence.replace(THEIRS, NOBODYS),
            unknown.details,
        )  # fmt: skip
        assert as_if == unknown, name
        assert Status.FromString(foreign.details).message.replace(THEIRS, NOBODYS) == unknown.sentence, name
    # And as the service itself says of what is not there.
    truth = served.call("CommunityService/GetCommunity", request_of("CommunityService/GetCommunity", NOBODYS), there)
    told = served.call("CommunityService/GetCommunity", request_of("CommunityService/GetCommunity", NOBODYS), token)
    assert role == "member" or told == truth


def test_a_name_of_another_community_in_any_other_field_gets_nothing(served: Served) -> None:
    token = served.token("admin", calls_per_second=10_000, streams=1000)
    ours, theirs = f"communities/{OURS}", f"communities/{THEIRS}"
    let_through = []
    for name in CALLS:
        request = request_of(name, OURS)
        first = POLICIES[name].community.split(".")[0]
        for field in request.DESCRIPTOR.fields:
            value = getattr(request, field.name)
            if field.name != first and isinstance(value, str) and value.startswith(ours):
                changed = type(request)()
                changed.CopyFrom(request)
                setattr(changed, field.name, value.replace(ours, theirs))
                if served.call(name, changed, token).code == "OK":
                    let_through.append((name, field.name))
    assert let_through == []


@pytest.mark.parametrize("role", ["reader", "platform"])
def test_only_organizers_ask_as_organizers(served: Served, role: Role) -> None:
    low, high = served.token(role), served.token("organizer")
    asked = 0
    for name in CALLS:
        request = request_of(name, OURS)
        if "options" in request.DESCRIPTOR.fields_by_name:
            request.options.audience = ORGANIZERS
        elif "audience" in request.DESCRIPTOR.fields_by_name:
            request.audience = ORGANIZERS
        else:
            continue
        assert served.call(name, request, low).reason == "ACCESS_DENIED", name
        assert served.call(name, request, high).let_in, name
        asked += 1
    assert asked == 7


def test_only_organizers_choose_recipients_by_what_they_state(served: Served) -> None:
    call = "RecommendationService/RecommendAll"
    named, chosen = request_of(call, OURS), request_of(call, OURS)
    named.recipients.members.append(f"communities/{OURS}/members/ann")
    chosen.recipients.languages.append("en")
    for role in ("reader", "platform"):
        assert served.call(call, named, served.token(role)).let_in
        assert served.call(call, chosen, served.token(role)).reason == "ACCESS_DENIED"
    assert served.call(call, chosen, served.token("organizer")).let_in


def test_only_organizers_see_what_everybody_answered(served: Served) -> None:
    request = request_of("InvitationService/ListInvitations", OURS)
    assert served.call("InvitationService/ListInvitations", request, served.token("platform")).code == "OK"
    request.member = ""
    assert served.call("InvitationService/ListInvitations", request, served.token("platform")).reason == "ACCESS_DENIED"
    assert served.call("InvitationService/ListInvitations", request, served.token("organizer")).code == "OK"


def test_a_member_cannot_ask_for_nobody_or_report_for_others(served: Served) -> None:
    token = minted(served, "bo")
    goal = recommendation_pb2.RecommendCollaboratorsRequest(parent=f"communities/{OURS}")
    goal.goal.text = "a boat"
    brief = recommendation_pb2.RecommendCollaboratorsRequest(parent=f"communities/{OURS}")
    brief.brief.members.append(f"communities/{OURS}/members/bo")
    search = recommendation_pb2.SearchMembersRequest(parent=f"communities/{OURS}", query="boats")
    for name, request in (
        ("RecommendationService/RecommendCollaborators", goal),
        ("RecommendationService/RecommendCollaborators", brief),
        ("RecommendationService/SearchMembers", search),
    ):
        assert patiently(served, name, request, token).reason == "ACCESS_DENIED", request
    goal.goal.member = f"communities/{OURS}/members/bo"
    assert patiently(served, "RecommendationService/RecommendCollaborators", goal, token).code == "OK"
    outcomes = request_of("OutcomeService/RecordOutcomes", OURS, "bo")
    outcomes.outcomes.add().CopyFrom(outcomes.outcomes[0])
    outcomes.outcomes[1].source = f"communities/{OURS}/members/ann"
    assert patiently(served, "OutcomeService/RecordOutcomes", outcomes, token).reason == "ACCESS_DENIED"


def test_an_import_creates_no_community_but_for_an_admin(served: Served) -> None:
    request = request_of("ImportService/BeginImport", "imported")
    refused = served.call("ImportService/BeginImport", request, served.token("organizer", "imported"))
    assert refused.reason == "COMMUNITY_NOT_FOUND"
    assert served.call("ImportService/BeginImport", request, served.token("admin", "imported")).code == "OK"


@pytest.mark.parametrize("mask", [[], ["identities"], ["*"]])
def test_a_member_takes_no_handle(served: Served, mask: list[str]) -> None:
    request = request_of("MemberService/UpdateMember", OURS)
    request.update_mask.paths.extend(mask)
    if mask != ["*"]:
        request.member.identities.add(platform="chat", handle="bo")
    assert patiently(served, "MemberService/UpdateMember", request, minted(served, "ann")).reason == "ACCESS_DENIED"


def test_a_revoked_token_ends_at_once_with_the_tokens_minted_with_it(served: Served) -> None:
    platform = served.token("platform")
    with YiqiClient(served.target, token=platform, timeout=30) as client:
        member = client.mint_member_token(OURS, "ann")
        with YiqiClient(served.target, token=member, timeout=30) as own:
            assert own.get_member(OURS, "ann").name.endswith("/ann")
            served.access.grants.revoke(platform.split("_")[1])
            for who in (client, own):
                with pytest.raises(YiqiRpcError) as caught:
                    who.get_member(OURS, "ann")
                assert caught.value.reason == "NOT_AUTHENTICATED"


def test_a_stream_gives_nothing_more_once_its_token_is_revoked(served: Served) -> None:
    token, other = served.token("platform"), served.token("platform")
    sent = 0

    def pieces() -> Iterator[member_pb2.ImportMembersRequest]:
        nonlocal sent
        yield member_pb2.ImportMembersRequest(parent=f"communities/{OURS}")
        served.access.grants.revoke(token.split("_")[1])
        yield member_pb2.ImportMembersRequest(members=[member_pb2.Member(name=f"communities/{OURS}/members/late")])

    stub = served.channel.stream_unary(
        "/yiqi.v1.MemberService/ImportMembers",
        request_serializer=member_pb2.ImportMembersRequest.SerializeToString,
        response_deserializer=member_pb2.ImportMembersResponse.FromString,
    )
    with pytest.raises(grpc.RpcError) as caught:
        stub(pieces(), timeout=30, metadata=(("authorization", f"Bearer {token}"),))
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    with YiqiClient(served.target, token=other, timeout=30) as client, pytest.raises(YiqiRpcError) as gone:
        client.get_member(OURS, "late")
    assert gone.value.reason == "MEMBER_NOT_FOUND"


def test_tokens_are_made_listed_and_revoked_over_the_wire_by_an_admin(served: Served) -> None:
    with YiqiClient(served.target, token=served.token("admin"), timeout=30) as admin:
        parent = f"communities/{OURS}"
        made = admin.access.CreateToken(access_pb2.CreateTokenRequest(parent=parent, role=access_pb2.ROLE_READER))
        lifetime = made.token.expire_time.seconds - made.token.create_time.seconds
        assert lifetime == 90 * 86_400
        with YiqiClient(served.target, token=made.secret, timeout=30) as reader:
            assert reader.recommend_peers(OURS, "ann").info.model_version
            admin.access.RevokeToken(access_pb2.RevokeTokenRequest(name=made.token.name))
            with pytest.raises(YiqiRpcError) as caught:
                reader.recommend_peers(OURS, "ann")
            assert caught.value.status is grpc.StatusCode.UNAUTHENTICATED
        listed = admin.access.ListTokens(access_pb2.ListTokensRequest(parent=parent)).tokens
        mine = next(one for one in listed if one.name == made.token.name)
        assert mine.HasField("revoke_time")
        assert all(one.name.startswith(f"{parent}/tokens/") for one in listed)


def test_the_file_holds_no_token_that_could_be_used(served: Served) -> None:
    token = served.token("admin")
    for path in served.access.grants._path.parent.rglob("*"):
        if path.is_file():
            assert token.split("_", 2)[2].encode() not in path.read_bytes(), path
    assert served.access.grants._path.stat().st_mode & 0o077 == 0


def test_quotas_stop_a_token_and_say_when_to_come_back(served: Served) -> None:
    token = served.token("reader", calls_per_second=2)
    name, request = "CommunityService/GetCommunity", request_of("CommunityService/GetCommunity", OURS)
    answers = [served.call(name, request, token) for _ in range(8)]
    assert answers[0].code == "OK"
    refused = [one for one in answers if one.reason == "QUOTA_EXCEEDED"]
    assert refused
    assert 0 < retry_seconds(refused[-1]) <= 1
    assert patiently(served, name, request, token).code == "OK"
    assert served.call(name, request, served.token("reader")).code == "OK"


def test_bytes_and_streams_have_quotas_of_their_own(served: Served) -> None:
    small = served.token("platform", bytes_per_minute=100)
    request = request_of("MemberService/FindMembers", OURS)
    request.text = "x" * 90
    assert served.call("MemberService/FindMembers", request, small).code == "OK"
    assert served.call("MemberService/FindMembers", request, small).reason == "QUOTA_EXCEEDED"
    one = served.token("platform", streams=1)
    stub = served.channel.stream_unary("/yiqi.v1.MessageService/IngestMessages")
    begun, go_on = threading.Event(), threading.Event()

    def held() -> Iterator[bytes]:
        yield request_of("MessageService/IngestMessages", OURS).SerializeToString()
        begun.set()
        go_on.wait(60)

    running = stub.future(held(), timeout=60, metadata=(("authorization", f"Bearer {one}"),))
    assert begun.wait(30)
    name = "MessageService/IngestMessages"
    deadline = time.monotonic() + 30
    while (second := served.call(name, request_of(name, OURS), one)).code == "OK" and time.monotonic() < deadline:
        pass  # the first may still be on its way to its thread
    assert second.reason == "QUOTA_EXCEEDED"
    go_on.set()
    running.result()
    assert patiently(served, name, request_of(name, OURS), one).code == "OK"


LISTS, WATCHING = "RecommendationService/RecommendAll", "RecommendationService/WatchIntroductions"
INGEST = "MessageService/IngestMessages"


@contextmanager
def opened(served: Served, call: str, token: str, times: int) -> Iterator[list[Any]]:
    """Streams of a call, over which nothing is ever sent; their ends are waited for with `refused`."""
    over = threading.Event()

    def nothing() -> Iterator[bytes]:
        over.wait(60)
        yield from ()

    stub = served.channel.stream_stream(f"/yiqi.v1.{call}")
    metadata = (("authorization", f"Bearer {token}"),) if token else ()
    streams = [stub(nothing(), timeout=60, metadata=metadata) for _ in range(times)]
    try:
        yield streams
    finally:
        over.set()
        for stream in streams:
            stream.cancel()


def refused(streams: list[Any], number: int) -> set[str]:
    """Why so many of these streams were refused, all others being open; at once, not after some time."""
    until = time.monotonic() + 5
    while (done := sum(stream.done() for stream in streams)) < number and time.monotonic() < until:
        time.sleep(0.01)
    assert done == number
    return {str(dict(stream.trailing_metadata()).get("yiqi-reason")) for stream in streams if stream.done()}


@pytest.mark.parametrize("call", [LISTS, WATCHING])
def test_who_may_not_open_a_stream_takes_no_place_without_asking_anything(served: Served, call: str) -> None:
    low = minted(served, "ann") if call == LISTS else served.token("reader")
    for token, reason in (("", "NOT_AUTHENTICATED"), (low, "ACCESS_DENIED")):
        with opened(served, call, token, 4) as streams:
            assert refused(streams, 4) == {reason}


def test_a_token_and_a_community_leave_places_for_the_lists_of_others(served: Served) -> None:
    def asked(token: str) -> Answer:
        return served.call("RecommendationService/RecommendAll", request, token)

    request = recommendation_pb2.RecommendAllRequest(parent=f"communities/{OURS}")
    one, other, third = (served.token("reader") for _ in range(3))
    every, more = served.token("platform", ""), 2
    with opened(served, LISTS, one, LISTS_OF_TOKEN + more) as streams:
        assert refused(streams, more) == {"TOO_MANY_STREAMS"}
        assert asked(other).code == "OK"
        with opened(served, LISTS, other, LISTS_OF_COMMUNITY - LISTS_OF_TOKEN + 1) as streams:
            assert refused(streams, 1) == {"TOO_MANY_STREAMS"}
            assert "The community has as many streams open as it may" in asked(third).sentence
            assert "The community has as many streams open as it may" in asked(every).sentence
            request.parent = f"communities/{THEIRS}"
            assert asked(every).code == "OK"
            assert asked(served.token("reader", THEIRS)).code == "OK"


def test_all_tokens_of_a_community_together_leave_half_of_the_streams_to_others(served: Served) -> None:
    most = USUAL_LOAD.streams // 2
    one, other = (served.token("platform", streams=most) for _ in range(2))
    with opened(served, INGEST, one, most - 1) as streams, opened(served, INGEST, other, 3) as more:
        assert refused([*streams, *more], 2) == {"TOO_MANY_STREAMS"}
        with opened(served, INGEST, served.token("platform", THEIRS, streams=most), most + 1) as theirs:
            assert refused(theirs, 1) == {"QUOTA_EXCEEDED"}


def test_each_list_of_a_stream_counts_as_a_call_and_waits_for_its_turn(served: Served) -> None:
    def streamed(client: YiqiClient) -> float:
        began = time.monotonic()
        assert len(list(client.recommend_all(OURS))) >= 2
        return time.monotonic() - began

    with YiqiClient(served.target, token=served.token("reader"), timeout=60) as client:
        streamed(client)  # what is computed once
        usual = streamed(client)
    with YiqiClient(served.target, token=served.token("reader", calls_per_second=1), timeout=60) as client:
        assert streamed(client) > usual + 1, "each waits until another call beside it would be let through"
        assert client.recommend_peers(OURS, "ann").info.model_version


def test_health_of_a_community_is_shown_to_who_has_a_token_of_it(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        ours = served.token("reader")
        stub = health_pb2_grpc.HealthStub(served.channel)

        def check(service: str, token: str) -> object:
            metadata = (("authorization", f"Bearer {token}"),) if token else ()
            try:
                return stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=30, metadata=metadata).status
            except grpc.RpcError as error:
                return error.code(), error.details()

        unknown = check("communities/nobodys", ours)
        assert check("communities/theirs", ours) == check("communities/ours", "") == unknown
        assert check("communities/ours", ours) == health_pb2.HealthCheckResponse.SERVING
        assert check("", "") == health_pb2.HealthCheckResponse.SERVING
        watched = stub.Watch(health_pb2.HealthCheckRequest(service=""), timeout=30)
        assert next(iter(watched)).status == health_pb2.HealthCheckResponse.SERVING
        watched.cancel()


def test_wrong_tokens_of_one_address_are_limited_and_right_ones_still_pass(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        name, request = "CommunityService/GetCommunity", request_of("CommunityService/GetCommunity", OURS)
        right = served.token("reader")
        answers = [served.call(name, request, f"yiqim_{number}.b.c") for number in range(12)]
        assert [one.code for one in answers[:10]] == ["UNAUTHENTICATED"] * 10
        assert answers[-1].reason == "QUOTA_EXCEEDED"
        assert retry_seconds(answers[-1]) > 0
        assert served.call(name, request, right).code == "OK"


def test_a_file_of_tokens_that_is_lost_or_damaged_lets_nobody_in(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        name, request = "CommunityService/GetCommunity", request_of("CommunityService/GetCommunity", OURS)
        assert served.call(name, request).code == "OK"
        token = served.token("reader")
        kept = (tmp_path / "access.json").read_bytes()
        for damage in (b"", b"{", kept[:-20]):
            (tmp_path / "access.json").write_bytes(damage)
            assert served.call(name, request).code == "UNAUTHENTICATED"
            assert served.call(name, request, token).code == "UNAUTHENTICATED"
        (tmp_path / "access.json").unlink()
        assert served.call(name, request).code == "UNAUTHENTICATED"
        (tmp_path / "access.json").write_bytes(kept)
        assert served.call(name, request, token).code == "OK"


def test_the_log_tells_an_admin_who_did_what_to_whom_and_holds_no_id_of_a_member(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        platform, admin = served.token("platform"), served.token("admin")
        with YiqiClient(served.target, token=platform, timeout=30) as client:
            member = client.mint_member_token(OURS, "ann")
            client.create_member(OURS, "zenobia", member_pb2.Member(profile="secretly a spy"))
            client.get_member(OURS, "zenobia")
            with pytest.raises(YiqiRpcError):
                client.erase_member(OURS, "zenobia")
        with YiqiClient(served.target, token=member, timeout=30) as own:
            own.recommend_peers(OURS, "ann")
        with YiqiClient(served.target, token=admin, timeout=30) as client:
            entries = list(audit(client, OURS))
            rows = [(one.method, one.code, [m.rsplit("/", 1)[1] for m in one.members]) for one in entries]
            assert rows == [
                ("RecommendationService/RecommendPeers", "OK", ["ann"]),
                ("MemberService/DeleteMember", "PERMISSION_DENIED", ["zenobia"]),
                ("MemberService/GetMember", "OK", ["zenobia"]),
                ("MemberService/CreateMember", "OK", ["zenobia"]),
                ("AccessService/MintMemberToken", "OK", ["ann"]),
            ]
            assert {one.token for one in entries} == {platform.split("_")[1]}
            of_ann = [one.method for one in audit(client, OURS, "ann", page_size=1)]
            assert of_ann == ["RecommendationService/RecommendPeers", "AccessService/MintMemberToken"]
            assert list(audit(client, OURS, "zenobia"))
            client.erase_member(OURS, "zenobia")
            assert list(audit(client, OURS, "zenobia")) == []
            assert [list(one.members) for one in audit(client, OURS)][-2] == []
        written = b"".join(path.read_bytes() for path in (tmp_path / "audit").iterdir())
        assert written.count(b"\n") >= 8
        for secret in (b"ann", b"zenobia", b"spy", OURS.encode(), platform.split("_", 2)[2].encode()):
            assert secret not in written
        with YiqiClient(served.target, token=served.token("admin", THEIRS), timeout=30) as client:
            assert list(audit(client, THEIRS)) == []


def test_the_log_of_a_long_stream_names_a_hundred_and_turns_its_files_over(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        parent = f"communities/{OURS}"
        with YiqiClient(served.target, token=served.token("admin"), timeout=60) as admin:
            ids = [f"m{number:03}" for number in range(160)]
            pieces = [
                member_pb2.ImportMembersRequest(
                    parent=parent, members=[member_pb2.Member(name=f"{parent}/members/{id}") for id in part]
                )
                for part in (ids[:80], ids[80:])
            ]
            assert admin.members.ImportMembers(iter(pieces)).summary.created == 160
            entry = next(audit(admin, OURS))
            assert [one.rsplit("/", 1)[1] for one in entry.members] == ids[:100]
            for _ in range(17):
                served.access.log.write(OURS, "t", "x" * (3 << 20), "OK", [])
            assert len(list((tmp_path / "audit").iterdir())) == 8
            kept = list(served.access.log.read(OURS, 0))
            assert len(kept) == 15
            assert [one.at for one in kept] == sorted((one.at for one in kept), reverse=True)


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        (tmp_path / "audit").write_text("in the way")
        name = "CommunityService/GetCommunity"
        assert served.call(name, request_of(name, OURS), served.token("reader")).code == "OK"


def audit(client: YiqiClient, community: str, member: str = "", page_size: int = 2) -> Iterator[Any]:
    from yiqi.client import member_name, pages

    request = access_pb2.ListAuditEntriesRequest(
        parent=f"communities/{community}", member=member_name(community, member), page_size=page_size
    )
    seen = time.time_ns()
    for entry in pages(client.access.ListAuditEntries, request, "entries"):
        assert entry.time.ToNanoseconds() <= seen
        if entry.method != "AccessService/ListAuditEntries":
            yield entry
