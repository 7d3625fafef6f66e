"""The services over the wire: what is written comes back, and answers arrive whole."""

from __future__ import annotations

import gzip
import logging
from typing import Any

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from yiqi.client import YiqiRpcError, id_of, project_name
from yiqi.v1 import channel_pb2, community_pb2, errors_pb2
from yiqi.v1 import member_pb2 as members
from yiqi.v1 import message_pb2 as messages
from yiqi.v1 import outcome_pb2 as outcomes
from yiqi.v1 import project_pb2 as projects
from yiqi.v1 import recommendation_pb2 as recommendations
from yiqi.v1.common_pb2 import VALUE_KIND_GROWTH, VALUE_KIND_INCOME, Attribute, Need

from models.domain.records import Identity, Member, Message, Suggestion
from models.domain.requests import Goal
from service.api.server import SERVICES

from .conftest import NOW, TOKEN, Running

C = "communities/c"
ANN, BO = f"{C}/members/ann", f"{C}/members/bo"
T = Timestamp(seconds=NOW // 1_000_000, nanos=123_456_000)

FULL = members.Member(
    display_name="安 Ann",
    profile="I brew tea 🍵",
    aims=["a tea house"],
    offers=[Need(text="brewing lessons", kind=VALUE_KIND_GROWTH)],
    seeks=[Need(text="a shop", kind=VALUE_KIND_INCOME), Need(text="friends")],
    values=["patience"],
    languages=["zh-Hans", "en"],
    place="西安",
    time_zone="Asia/Shanghai",
    availability=["evenings"],
    identities=[members.Identity(platform="wechat", handle="an")],
    consent=members.CONSENT_MEMBERS,
    paused_until=T,
    attributes=[
        Attribute(name="age", integer=33),
        Attribute(name="height", number=1.5),
        Attribute(name="team", text="red"),
        Attribute(name="vegan", boolean=False),
    ],
    extra_json='{"shoe":[1]}',
)


@pytest.fixture
def yiqi(running: Running) -> Running:
    running.client.create_community("c", community_pb2.Community(display_name="Tea", values=["calm"], languages=["en"]))
    running.client.create_member("c", "ann", FULL)
    running.client.create_member("c", "bo")
    return running


def test_a_member_comes_back_as_it_was_sent(yiqi: Running) -> None:
    found = yiqi.client.get_member("c", "ann")
    assert found.name == ANN
    expected = members.Member()
    expected.CopyFrom(FULL)
    expected.name, expected.etag = found.name, found.etag
    assert found == expected


def test_every_field_of_the_record_travels(yiqi: Running) -> None:
    record = yiqi.store.get("c", "member", ["ann"])["ann"].record
    unset = [name for name in Member.__dataclass_fields__ if getattr(record, name) == getattr(Member(id=""), name)]
    assert unset == []


def test_an_update_changes_the_fields_of_its_mask_and_no_others(yiqi: Running) -> None:
    changed = yiqi.client.update_member("c", "ann", members.Member(place="Bath"), ["place", "profile"]).member
    assert (changed.place, changed.profile, list(changed.aims)) == ("Bath", "", ["a tea house"])
    assert changed.etag != FULL.etag


def test_an_update_without_a_mask_changes_what_is_filled_in(yiqi: Running) -> None:
    changed = yiqi.client.update_member("c", "ann", members.Member(place="Bath")).member
    assert (changed.place, changed.profile) == ("Bath", FULL.profile)


def test_an_update_under_a_star_replaces_all(yiqi: Running) -> None:
    changed = yiqi.client.update_member("c", "ann", members.Member(place="Bath"), ["*"]).member
    assert changed == members.Member(name=ANN, place="Bath", consent=members.CONSENT_ORGANIZERS, etag=changed.etag)


def test_an_update_under_the_current_etag_passes_once(yiqi: Running) -> None:
    etag = yiqi.client.get_member("c", "ann").etag
    yiqi.client.update_member("c", "ann", members.Member(place="Bath", etag=etag))
    with pytest.raises(YiqiRpcError) as caught:
        yiqi.client.update_member("c", "ann", members.Member(place="Ulm", etag=etag))
    assert caught.value.reason == "ETAG_MISMATCH"


def test_pages_cover_a_list_once_and_in_order(yiqi: Running) -> None:
    for i in range(7):
        yiqi.client.create_member("c", f"m{i}")
    seen, token = [], ""
    while True:
        request = members.ListMembersRequest(parent=C, page_size=4, page_token=token)
        reply = yiqi.client.members.ListMembers(request)
        seen += [member.name for member in reply.members]
        token = reply.next_page_token
        if not token:
            break
    assert seen == [f"{C}/members/{id}" for id in ("ann", "bo", *(f"m{i}" for i in range(7)))]


def test_a_page_holds_fifty_items_unless_told_otherwise(yiqi: Running) -> None:
    request = members.ImportMembersRequest(
        parent=C, members=[members.Member(name=f"{C}/members/m{i}") for i in range(60)]
    )
    assert yiqi.client.members.ImportMembers(iter([request])).summary.created == 60
    reply = yiqi.client.members.ListMembers(members.ListMembersRequest(parent=C))
    assert len(reply.members) == 50


def test_an_import_replaces_only_when_told_to(yiqi: Running) -> None:
    def send(replace: bool) -> Any:
        piece = members.ImportMembersRequest(
            parent=C, members=[members.Member(name=BO, place="Ulm")], replace_existing=replace
        )
        return yiqi.client.members.ImportMembers(iter([piece])).summary

    assert send(False).rejected == 1
    assert send(True).replaced == 1
    assert yiqi.client.get_member("c", "bo").place == "Ulm"


def test_an_import_counts_over_all_its_pieces(yiqi: Running) -> None:
    pieces = [
        members.ImportMembersRequest(parent=C, members=[members.Member(name=f"{C}/members/x")]),
        members.ImportMembersRequest(members=[members.Member(name="nonsense"), members.Member(name=f"{C}/members/y")]),
    ]
    reply = yiqi.client.members.ImportMembers(iter(pieces))
    assert (reply.summary.created, [one.index for one in reply.summary.rejections]) == (2, [1])
    assert reply.sequence == yiqi.store.head("c")


def test_a_streamed_message_comes_back_as_it_was_sent(yiqi: Running) -> None:
    sent = messages.Message(
        name=f"{C}/messages/m1",
        author=ANN,
        time=T,
        text="你好 @bo",
        channel=f"{C}/channels/general",
        thread="t1",
        topic="tea",
        reply_to=f"{C}/messages/m0",
        mentions=[BO],
        extra_json='{"a":1}',
    )
    reply = yiqi.client.messages.IngestMessages(iter([messages.IngestMessagesRequest(parent=C, messages=[sent])]))
    assert reply.summary.created == 1
    found = yiqi.client.messages.GetMessage(messages.GetMessageRequest(name=sent.name)).message
    assert found == sent
    listed = yiqi.client.messages.ListMessages(messages.ListMessagesRequest(parent=C, author=ANN)).messages
    assert list(listed) == [sent]
    yiqi.client.messages.DeleteMessage(messages.DeleteMessageRequest(name=sent.name))
    assert not yiqi.client.messages.ListMessages(messages.ListMessagesRequest(parent=C)).messages


def test_a_project_is_made_joined_left_listed_and_deleted(yiqi: Running) -> None:
    sent = projects.Project(
        title="Tea house",
        text="in Xi'an",
        time=T,
        members=[ANN],
        needs=[Need(text="an architect")],
        state=projects.PROJECT_STATE_OPEN,
        extra_json='{"a":1}',
    )
    made = yiqi.client.create_project("c", "p1", sent).project
    expected = projects.Project(name=project_name("c", "p1"), etag=made.etag)
    expected.MergeFrom(sent)
    assert made == expected
    name = made.name
    yiqi.client.members.PauseMember(members.PauseMemberRequest(name=ANN))  # nobody is brought to who pauses
    joined = yiqi.client.projects.JoinProject(projects.JoinProjectRequest(name=name, member=BO)).project
    assert list(joined.members) == [ANN, BO]
    left = yiqi.client.projects.LeaveProject(projects.LeaveProjectRequest(name=name, member=ANN)).project
    assert list(left.members) == [BO]
    request = projects.ListProjectsRequest(parent=C, member=BO, state=projects.PROJECT_STATE_OPEN)
    assert [one.name for one in yiqi.client.projects.ListProjects(request).projects] == [name]
    changes = projects.Project(name=name, state=projects.PROJECT_STATE_DONE)
    yiqi.client.projects.UpdateProject(projects.UpdateProjectRequest(project=changes))
    assert not yiqi.client.projects.ListProjects(request).projects
    yiqi.client.projects.DeleteProject(projects.DeleteProjectRequest(name=name))
    assert list(yiqi.client.list_projects("c")) == []


def test_a_channel_is_made_changed_and_listed(yiqi: Running) -> None:
    sent = channel_pb2.Channel(display_name="Tea", visibility=channel_pb2.VISIBILITY_PRIVATE, members=[ANN])
    request = channel_pb2.CreateChannelRequest(parent=C, channel_id="tea", channel=sent)
    name = yiqi.client.channels.CreateChannel(request).channel.name
    with pytest.raises(YiqiRpcError) as caught:
        yiqi.client.channels.DeleteChannel(channel_pb2.DeleteChannelRequest(name=name))
    assert caught.value.reason == "STATE_CONFLICT"
    changes = channel_pb2.Channel(name=name, visibility=channel_pb2.VISIBILITY_COMMUNITY)
    yiqi.client.channels.UpdateChannel(channel_pb2.UpdateChannelRequest(channel=changes))
    [listed] = yiqi.client.channels.ListChannels(channel_pb2.ListChannelsRequest(parent=C)).channels
    assert (listed.visibility, listed.display_name) == (channel_pb2.VISIBILITY_COMMUNITY, "Tea")
    yiqi.client.channels.DeleteChannel(channel_pb2.DeleteChannelRequest(name=name))


def test_blocks_pauses_and_merges_reach_the_store(yiqi: Running) -> None:
    calls = yiqi.client.members
    calls.BlockMember(members.BlockMemberRequest(name=ANN, blocked_member=BO))
    assert yiqi.store.count("c", "block") == 1
    calls.UnblockMember(members.UnblockMemberRequest(name=ANN, blocked_member=BO))
    assert yiqi.store.count("c", "block") == 0
    paused = calls.PauseMember(members.PauseMemberRequest(name=BO, until=T)).member
    assert paused.paused_until == T
    assert not calls.PauseMember(members.PauseMemberRequest(name=BO)).member.HasField("paused_until")
    merged = calls.MergeMembers(members.MergeMembersRequest(name=ANN, merged_member=BO)).member
    assert merged.name == ANN
    assert [member.name for member in yiqi.client.list_members("c")] == [ANN]


def test_a_merge_is_listed_and_undone(yiqi: Running) -> None:
    calls = yiqi.client.members
    before = [calls.GetMember(members.GetMemberRequest(name=name)).member for name in (ANN, BO)]
    for member in before:
        member.ClearField("etag")
    calls.MergeMembers(members.MergeMembersRequest(name=ANN, merged_member=BO))
    [merge] = calls.ListMerges(members.ListMergesRequest(parent=C)).merges
    assert (merge.kept_member, merge.merged_member, merge.later_merged_member) == (ANN, before[1], "")
    assert merge.time.seconds > 0
    undone = calls.UndoMerge(members.UndoMergeRequest(name=BO))
    assert undone.sequence == yiqi.store.head("c")
    for member in (undone.kept_member, undone.member):
        member.ClearField("etag")
    assert [undone.kept_member, undone.member] == before
    assert not calls.ListMerges(members.ListMergesRequest(parent=C)).merges


def test_a_merge_that_cannot_be_undone_is_refused_with_what_to_do(yiqi: Running) -> None:
    calls = yiqi.client.members
    cy = f"{C}/members/cy"
    yiqi.client.create_member("c", "cy", members.Member())

    def refused(name: str) -> str:
        with pytest.raises(YiqiRpcError) as caught:
            calls.UndoMerge(members.UndoMergeRequest(name=name))
        return str(caught.value.reason)

    assert refused(BO) == "MERGE_NOT_FOUND"
    calls.MergeMembers(members.MergeMembersRequest(name=ANN, merged_member=BO))
    calls.MergeMembers(members.MergeMembersRequest(name=cy, merged_member=ANN))
    newest, first = calls.ListMerges(members.ListMergesRequest(parent=C)).merges
    assert (newest.merged_member.name, first.later_merged_member) == (ANN, ANN)
    assert refused(BO) == "LATER_MERGE"
    calls.DeleteMember(members.DeleteMemberRequest(name=cy))
    assert (refused(BO), refused(ANN)) == ("MEMBER_ERASED", "MEMBER_ERASED")


def test_an_edited_message_keeps_its_id_and_gets_the_newer_words(yiqi: Running) -> None:
    def said(text: str) -> messages.Message:
        return messages.Message(name=f"{C}/messages/e1", author=ANN, time=T, text=text)

    assert yiqi.client.ingest_messages("c", [said("I have a kilm")]).summary.created == 1
    [refused] = yiqi.client.ingest_messages("c", [said("I have a kiln")]).summary.rejections
    assert "DIFFERENT_CONTENT" in errors_pb2.ErrorReason.Name(refused.reason)
    assert yiqi.client.ingest_messages("c", [said("I have a kiln")], replace_existing=True).summary.replaced == 1
    pieces = [messages.IngestMessagesRequest(parent=C, messages=[said("I have two kilns")], replace_existing=True)]
    assert yiqi.client.messages.IngestMessages(iter(pieces)).summary.replaced == 1
    kept = yiqi.client.messages.GetMessage(messages.GetMessageRequest(name=f"{C}/messages/e1")).message
    assert kept.text == "I have two kilns"


def test_people_are_found_by_what_any_platform_calls_them_and_told_when_two_may_be_one(yiqi: Running) -> None:
    people = [
        Member(id="wx1", name="老周", identities=(Identity("wxid", "wxid_zhou01"),)),
        Member(id="s1", name="Lu Pan", identities=(Identity("slack", "U01"), Identity("email", "lu.pan@example.org"))),
        Member(id="m9", name="lu  pan", identities=(Identity("mattermost", "lu.pan"),)),
        Member(id="s2", name="Lu Pan Junior", identities=(Identity("slack", "U02"),)),
    ]
    yiqi.store.put("c", people)
    calls = yiqi.client.members

    def found(text: str, platform: str = "") -> list[tuple[str, int]]:
        reply = calls.FindMembers(members.FindMembersRequest(parent=C, text=text, platform=platform))
        return [(id_of(one.member.name), one.found_by) for one in reply.members]

    assert found("WXID_zhou01") == [("wx1", members.FOUND_BY_IDENTITY)]
    assert found("U01", "wxid") == []
    assert found("lu pan") == [
        ("m9", members.FOUND_BY_NAME), ("s1", members.FOUND_BY_NAME), ("s2", members.FOUND_BY_PART_OF_NAME)
    ]  # fmt: skip
    assert found("s2") == [("s2", members.FOUND_BY_ID)]
    [pair] = calls.ListLikelyDuplicates(members.ListLikelyDuplicatesRequest(parent=C)).duplicates
    assert {id_of(pair.first.name), id_of(pair.second.name)} == {"s1", "m9"}
    assert "lu.pan" in pair.reason
    with pytest.raises(YiqiRpcError) as caught:
        found("")
    assert caught.value.status is grpc.StatusCode.INVALID_ARGUMENT


def test_a_suggestion_is_confirmed_or_struck(yiqi: Running) -> None:
    found = [
        Suggestion(id="s1", member="bo", field="offers", text="carpentry", kind="growth", message="m1"),
        Suggestion(id="s2", member="bo", field="aims", text="fame"),
    ]
    yiqi.store.put("c", [Message(id="m1", author="bo", time=NOW, text="I teach carpentry"), *found])
    calls = yiqi.client.members
    listed = calls.ListSuggestions(members.ListSuggestionsRequest(parent=f"{C}/members/-")).suggestions
    assert [(one.name, one.field, one.text, one.message) for one in listed] == [
        (f"{BO}/suggestions/s1", members.SUGGESTION_FIELD_OFFERS, "carpentry", f"{C}/messages/m1"),
        (f"{BO}/suggestions/s2", members.SUGGESTION_FIELD_AIMS, "fame", ""),
    ]
    calls.ConfirmSuggestion(members.ConfirmSuggestionRequest(name=listed[0].name))
    struck = calls.StrikeSuggestion(members.StrikeSuggestionRequest(name=listed[1].name)).suggestion
    assert struck.state == members.SUGGESTION_STATE_STRUCK
    assert [need.text for need in yiqi.client.get_member("c", "bo").offers] == ["carpentry"]
    request = members.ListSuggestionsRequest(parent=BO, state=members.SUGGESTION_STATE_OPEN)
    assert not calls.ListSuggestions(request).suggestions


def test_outcomes_quote_the_token_and_count_once(yiqi: Running) -> None:
    shown = outcomes.Outcome(source=ANN, target=BO, time=T, kind=outcomes.OUTCOME_KIND_SHOWN)
    assert yiqi.client.record_outcomes("c", [shown], token=TOKEN).summary.created == 1
    assert yiqi.client.record_outcomes("c", [shown], token=TOKEN).summary.unchanged == 1
    request = outcomes.ListOutcomesRequest(parent=C, member=BO)
    [listed] = yiqi.client.outcomes.ListOutcomes(request).outcomes
    assert (listed.source, listed.kind, listed.recommendation_token) == (ANN, outcomes.OUTCOME_KIND_SHOWN, TOKEN)


def test_outcomes_of_one_member_have_an_end_and_those_of_others_and_of_other_kinds_go_on(
    yiqi: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*times: int, source: str = ANN, kind: Any = outcomes.OUTCOME_KIND_TALKED) -> Any:
        target = BO if source == ANN else ANN
        batch = [
            outcomes.Outcome(source=source, target=target, time=Timestamp(seconds=one), kind=kind) for one in times
        ]
        return yiqi.client.record_outcomes("c", batch).summary

    monkeypatch.setattr("service.application.outcomes.MOST_OF_A_KIND", 3)
    assert told(1, 2).created == 2
    summary = told(2, 3, 4, 4)
    assert (summary.unchanged, summary.created, summary.rejected) == (1, 1, 2)
    assert {one.index: one.reason for one in summary.rejections} == dict.fromkeys(
        (2, 3), errors_pb2.ERROR_REASON_TOO_MANY_OUTCOMES
    )
    assert summary.rejections[0].sentence == (
        'From "ann" 3 outcomes of the kind "talked" are recorded, as many as may be. Send no more of that kind.'
    )
    assert told(1, 2, 3).unchanged == 3
    assert told(5, kind=outcomes.OUTCOME_KIND_DISMISSED).created == 1
    assert told(1, 2, 3, source=BO).created == 3
    assert len(yiqi.client.outcomes.ListOutcomes(outcomes.ListOutcomesRequest(parent=C)).outcomes) == 7


def test_an_export_streams_every_file_of_the_archive(yiqi: Running) -> None:
    files: dict[str, bytes] = {}
    for piece in yiqi.client.export_community("c"):
        files[piece.file] = files.get(piece.file, b"") + piece.data
    rows = gzip.decompress(files["members.jsonl.gz"])
    assert rows.count(b"\n") == 2
    assert "安 Ann".encode() in rows
    assert "community.json" in files


def test_a_deleted_community_is_gone(yiqi: Running) -> None:
    yiqi.client.communities.DeleteCommunity(community_pb2.DeleteCommunityRequest(name=C))
    assert list(yiqi.client.list_communities()) == []


def test_a_community_is_changed_and_listed(yiqi: Running) -> None:
    changes = community_pb2.Community(name=C, purpose="drink tea together")
    mask = FieldMask(paths=["purpose", "values"])
    yiqi.client.communities.UpdateCommunity(community_pb2.UpdateCommunityRequest(community=changes, update_mask=mask))
    [found] = yiqi.client.list_communities()
    assert (found.display_name, found.purpose, list(found.values)) == ("Tea", "drink tea together", [])


def test_an_answer_arrives_with_scores_reasons_and_where_it_comes_from(yiqi: Running) -> None:
    reply = yiqi.client.recommend_peers("c", "ann")
    first, second = reply.recommendations
    assert (first.resource, first.score, first.score_for_you, first.score_for_them) == (BO, 0.9, 0.8, 0.7)
    [reason] = first.reasons
    assert (reason.type, reason.sentence) == (recommendations.REASON_TYPE_SHARED_AIM, "Both aim at tea.")
    assert reason.evidence[0].term == "tea"
    assert reason.evidence[1].member == f"{C}/members/cy"
    assert second.resource == f"{C}/members/cy"
    info = reply.info
    assert (info.model_version, info.index_version, info.recommendation_token) == ("m1", "i1", TOKEN)
    assert (info.hidden_by_consent, info.indexed_through) == (3, yiqi.runtime.indexed)


def test_options_reach_the_use_case(yiqi: Running) -> None:
    chosen = recommendations.RecommendationFilter(
        languages=["zh"], place="Ulm", attributes=[Attribute(name="age", integer=3)], members=[BO], active_since=T
    )
    yiqi.client.recommend_peers(
        "c",
        "ann",
        limit=1,
        filter=chosen,
        exclude=[BO],
        include_connected=True,
        diversity=0.0,
        min_score=0.25,
        language=recommendations.LANGUAGE_ZH,
        with_reasons=False,
        audience=recommendations.AUDIENCE_ORGANIZERS,
    )
    [(kind, member, options)] = yiqi.runtime.asked
    assert (kind, member, options.limit, options.exclude, options.diversity) == ("peers", "ann", 1, {"bo"}, 0.0)
    assert (options.include_connected, options.min_score, options.language) == (True, 0.25, "zh")
    assert (options.reasons, options.audience, options.now) == (False, "organizers", NOW)
    assert (options.filter.languages, options.filter.place, options.filter.members) == (("zh",), "Ulm", {"bo"})
    assert (options.filter.attributes, options.filter.active_since) == ({"age": 3}, NOW + 123_456)


def test_a_hundred_thousand_may_be_left_out(yiqi: Running) -> None:
    yiqi.client.recommend_peers("c", "ann", exclude=[f"communities/c/members/x{n}" for n in range(100_000)])
    [(_, _, options)] = yiqi.runtime.asked
    assert len(options.exclude) == 100_000


def test_options_left_out_have_the_defaults_of_the_contract(yiqi: Running) -> None:
    yiqi.client.recommend_peers("c", "ann")
    [(_, _, options)] = yiqi.runtime.asked
    assert (options.limit, options.diversity, options.reasons, options.audience) == (10, 0.1, True, "members")


def test_collaborators_are_found_for_each_kind_of_target(yiqi: Running) -> None:
    client = yiqi.client
    client.recommend_collaborators("c", member="ann")
    client.recommend_collaborators("c", goal="open a tea house")
    client.recommend_collaborators("c", project="p1")
    brief = recommendations.Brief(title="Tea", text="A tea house", members=[ANN], needs=[Need(text="an architect")])
    client.recommend_collaborators("c", brief=brief)
    targets: list[Any] = [target for _, target, _ in yiqi.runtime.asked]
    assert targets[0] == "ann"
    assert targets[1] == Goal(text="open a tea house")
    assert targets[2] == Goal(text="of project", title="p1")
    assert (targets[3].title, targets[3].members, targets[3].source) == ("Tea", ("ann",), "ann")
    assert targets[3].needs[0].text == "an architect"


def test_a_search_says_who_asks_and_where(yiqi: Running) -> None:
    yiqi.client.search_members("c", "who brews?", title="Tea", channel="general", member="ann")
    [(kind, goal, _)] = yiqi.runtime.asked
    assert (kind, goal) == ("search", Goal(text="who brews?", title="Tea", channel="general", source="ann"))


def test_projects_are_named_as_projects(yiqi: Running) -> None:
    reply = yiqi.client.recommend_projects("c", "ann", exclude=[project_name("c", "p9")])
    assert reply.recommendations[0].resource == f"{C}/projects/bo"
    assert yiqi.runtime.asked[0][2].exclude == {"p9"}


def test_a_hidden_match_is_explained_by_nothing(yiqi: Running) -> None:
    assert yiqi.client.explain_match("c", "ann", "bo").recommendation.resource == BO
    yiqi.runtime.matches = ()
    reply = yiqi.client.explain_match("c", "ann", "bo")
    assert not reply.HasField("recommendation")
    assert reply.info.hidden_by_consent == 3


def test_waiting_for_the_index_ends_before_the_deadline_and_after_five_seconds(yiqi: Running) -> None:
    request = recommendations.RecommendPeersRequest(member=ANN, min_sequence=7)
    yiqi.client.recommendations.RecommendPeers(request, timeout=2.0)
    yiqi.client.recommendations.RecommendPeers(request, timeout=60.0)
    short, long = yiqi.runtime.waited
    assert 1.0 < short < 2.0
    assert long == 5.0


def test_an_unexpected_fault_is_internal_with_an_incident_and_no_text(
    yiqi: Running, caplog: pytest.LogCaptureFixture
) -> None:
    yiqi.runtime.fault = RuntimeError("ann wrote: secret")
    with caplog.at_level(logging.INFO, "yiqi.rpc"), pytest.raises(YiqiRpcError) as caught:
        yiqi.client.recommend_peers("c", "ann")
    assert (caught.value.status, caught.value.reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    [record] = [one for one in caplog.records if one.message == "fault"]
    assert record.__dict__["incident"] in caught.value.sentence
    assert "RuntimeError" in record.__dict__["fault"]
    assert "secret" not in str([one.__dict__ for one in caplog.records]) + caught.value.sentence


def test_every_call_leaves_one_line_without_text_or_ids(yiqi: Running, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "yiqi.rpc"):
        yiqi.client.get_member("c", "ann")
        with pytest.raises(YiqiRpcError):
            yiqi.client.get_member("c", "nobody-here")
    lines = [one.__dict__ for one in caplog.records if one.message == "call"]
    assert [(line["method"], line["code"]) for line in lines] == [
        ("/yiqi.v1.MemberService/GetMember", "OK"),
        ("/yiqi.v1.MemberService/GetMember", "NOT_FOUND"),
    ]
    assert all(line["ms"] >= 0 for line in lines)
    assert "nobody-here" not in str(lines)


def test_health_and_reflection_answer(yiqi: Running) -> None:
    health = health_pb2_grpc.HealthStub(yiqi.channel)
    for service in ("", *SERVICES):
        found = health.Check(health_pb2.HealthCheckRequest(service=service), timeout=10)
        assert found.status == health_pb2.HealthCheckResponse.SERVING
    stub = reflection_pb2_grpc.ServerReflectionStub(yiqi.channel)
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    [reply] = stub.ServerReflectionInfo(iter([request]), timeout=10)
    assert set(SERVICES) <= {service.name for service in reply.list_services_response.service}
