"""GetCommunityHealth over the wire: what it tells, whom it never names, and that it follows every write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from yiqi.client import YiqiRpcError, community_name, member_name
from yiqi.v1 import health_pb2 as pb
from yiqi.v1.recommendation_pb2 import LANGUAGE_ZH

from models.domain.records import Channel, Community, Member, Message, Need, Outcome
from service.api import enums

from .conftest import NOW, Running

DAY = 86_400_000_000
LATE = Timestamp(seconds=NOW // 1_000_000 + 3600)


def said(author: str, day: float, **fields: object) -> Message:
    """A message some days before NOW."""
    time = NOW - int(day * DAY)
    return Message(id=f"{author}-{day}", author=author, time=time, text="How?", channel="room", **fields)  # type: ignore[arg-type]


RECORDS = [
    Channel(id="room", name="The room"),
    Channel(id="secret", name="The secret den", visibility="private"),
    Member(id="ann", name="Ann", offers=(Need("tea", "growth"),)),
    Member(id="bo", name="Bo", seeks=(Need("tea", "growth"),)),
    Member(id="cy", name="Cy"),
    Member(id="di", name="Di", consent="nobody"),
    said("ann", 90),
    said("bo", 80, reply_to="ann-90"),
    said("cy", 20),
    said("cy", 19),
    said("di", 18),
    said("di", 17),
    said("ann", 10),
    said("bo", 9.9, mentions=("ann",)),
    Message(id="s1", author="bo", time=NOW - 5 * DAY, text="What?", channel="secret"),
    Message(id="s2", author="bo", time=NOW - 4 * DAY, text="What?", channel="secret"),
    Outcome(id="o", source="ann", target="bo", time=NOW - DAY, kind="helped", value="growth"),
]


@pytest.fixture
def yiqi(running: Running) -> Running:
    running.store.put("c", [Community(id="c", name="Tea"), *RECORDS])
    return running


def figure(health: pb.CommunityHealth, name: str) -> pb.HealthFigure:
    return next(one for one in health.figures if one.kind == enums.HEALTH_FIGURE.number(name))


def named(health: pb.CommunityHealth) -> str:
    """Everything the reply says."""
    return str(health)


def test_every_figure_comes_with_a_value_for_each_window(yiqi: Running) -> None:
    health = yiqi.client.get_community_health("c")
    assert health.name == "communities/c"
    assert [one.kind for one in health.figures] == list(range(1, len(pb.HealthFigureKind.values())))
    assert {len(one.values) for one in health.figures} == {len(health.windows)}
    assert len(health.funnel) == len(health.windows)
    assert all(one.title and one.meaning and one.unit for one in health.figures)
    for a, b in zip(health.windows, health.windows[1:], strict=False):
        assert a.end == b.begin
    assert health.windows[-1].end.ToMicroseconds() == health.as_of.ToMicroseconds() + 1


def test_what_is_not_known_has_no_value_and_not_zero(yiqi: Running) -> None:
    health = yiqi.client.get_community_health("c")
    assert not any(one.HasField("value") for one in figure(health, "survival_90").values)
    assert figure(health, "answered").values[-1].value == pytest.approx(0.2)


def test_what_is_told_of_too_few_keeps_its_count_and_says_why_it_has_no_value(yiqi: Running) -> None:
    newest = figure(yiqi.client.get_community_health("c"), "isolated").values[-1]
    assert (newest.HasField("value"), newest.count, newest.unknown) == (False, 4, pb.HEALTH_UNKNOWN_TOO_FEW)


def test_windows_are_as_asked(yiqi: Running) -> None:
    since = datetime.fromtimestamp((NOW - 21 * DAY) / 1e6, UTC)
    health = yiqi.client.get_community_health("c", since=since, window_days=7)
    assert [one.end.seconds - one.begin.seconds for one in health.windows] == [7 * 86_400] * 3


def test_whoever_must_not_be_recommended_is_counted_and_never_named(yiqi: Running) -> None:
    health = yiqi.client.get_community_health("c")
    assert figure(health, "isolated").values[-1].count == 4
    assert [one.member for one in figure(health, "isolated").pointers] == [member_name("c", "cy")]
    assert "members/di" not in named(health)
    assert '"Di"' not in named(health)
    assert health.hidden_by_consent == 5  # one, told as up to five


def test_a_closed_channel_is_never_named_nor_are_its_questions_counted(yiqi: Running) -> None:
    health = yiqi.client.get_community_health("c")
    assert "secret" not in named(health)
    assert figure(health, "answered").values[-1].count == 5


def test_advice_names_the_lonely_and_says_what_to_run(yiqi: Running) -> None:
    health = yiqi.client.get_community_health("c")
    advice = next(one for one in health.advice if one.figure == pb.HEALTH_FIGURE_KIND_ISOLATED)
    assert "Cy" in advice.sentence
    assert advice.action.kind == pb.HEALTH_ACTION_KIND_INTRODUCTION
    assert list(advice.action.members) == [member_name("c", "cy")]
    assert list(advice.action.commands) == ["yiqi recommend collaborators --community c --member=cy"]


def test_titles_and_advice_come_in_chinese(yiqi: Running) -> None:
    health = yiqi.client.get_community_health("c", language=LANGUAGE_ZH)
    assert figure(health, "isolated").title == "没人理会的成员"
    assert any("Cy" in one.sentence and "介绍" in one.sentence for one in health.advice)


def test_help_is_told_with_who_gave_what_to_whom(yiqi: Running) -> None:
    health = yiqi.client.get_community_health("c")
    assert [(one.giver, one.receiver, one.times) for one in health.gifts] == [
        (member_name("c", "ann"), member_name("c", "bo"), 1)
    ]


def test_a_write_is_in_the_next_answer(yiqi: Running) -> None:
    before = yiqi.client.get_community_health("c")
    yiqi.store.put("c", [Message(id="hi", author="ann", time=NOW - DAY, channel="room", mentions=("cy",))])
    after = yiqi.client.get_community_health("c")
    assert after.sequence > before.sequence
    assert not figure(after, "isolated").pointers


def test_an_erased_member_is_gone_from_the_next_answer(yiqi: Running) -> None:
    assert "members/cy" in named(yiqi.client.get_community_health("c"))
    yiqi.client.erase_member("c", "cy")
    health = yiqi.client.get_community_health("c")
    assert "members/cy" not in named(health)
    assert figure(health, "isolated").values[-1].count == 3


def test_consent_withdrawn_and_pauses_hold_in_the_next_answer(yiqi: Running) -> None:
    yiqi.store.put("c", [Member(id="cy", name="Cy", paused_until=NOW + DAY)], on_existing="replace")
    paused = yiqi.client.get_community_health("c")
    assert [one.member for one in figure(paused, "isolated").pointers] == [member_name("c", "cy")]
    assert not any(member_name("c", "cy") in [*one.action.members, *one.action.others] for one in paused.advice)
    yiqi.store.put("c", [Member(id="cy", name="Cy", consent="nobody")], on_existing="replace")
    assert "members/cy" not in named(yiqi.client.get_community_health("c"))


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (pb.GetCommunityHealthRequest(), "FIELD_REQUIRED"),
        (pb.GetCommunityHealthRequest(name="c"), "NAME_MALFORMED"),
        (pb.GetCommunityHealthRequest(name=community_name("zz")), "COMMUNITY_NOT_FOUND"),
        (pb.GetCommunityHealthRequest(name=community_name("c"), window_days=367), "OUT_OF_RANGE"),
        (pb.GetCommunityHealthRequest(name=community_name("c"), window_days=-1), "OUT_OF_RANGE"),
        (pb.GetCommunityHealthRequest(name=community_name("c"), limit=101), "OUT_OF_RANGE"),
        (pb.GetCommunityHealthRequest(name=community_name("c"), since=LATE), "TIME_IN_FUTURE"),
        (pb.GetCommunityHealthRequest(name=community_name("c"), language=9), "ENUM_UNKNOWN"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_a_wrong_request_is_refused_with_its_reason(
    yiqi: Running, request_: pb.GetCommunityHealthRequest, reason: str
) -> None:
    with pytest.raises(YiqiRpcError) as caught:
        yiqi.client.communities.GetCommunityHealth(request_)
    assert caught.value.reason == reason
