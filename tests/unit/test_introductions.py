"""Introductions without a community: questions, quiet hours, what was said lately, and what is told in which order."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.community.timeline import SESSION_GAP
from models.domain.records import Guest, Invitation, Member, Message
from models.introductions import Introduction, Recent, chance, noted, quiet, remark
from models.introductions.questions import asks
from models.introductions.recent import WINDOW
from models.introductions.requests import Remark
from service.serving.announcements import Announcements

MINUTE = 60_000_000
NOON = 1_750_075_200_000_000  # 2025-06-16 12:00 UTC


# -- questions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Does anybody here know how to fire raku without a pit?",
        "looking for somebody who has translated poetry into Portuguese",
        "I can't figure out why the build fails on the ferry timetable",
        "请问哪里可以买到便宜的颜料",
        "有没有人懂财务报表的，想请教一下",
        "where can I buy fresh koji spores",
        "how do I get started with bread",
        "any tips for a first marathon",
        "our choir needs somebody to tune the piano",
        "年度汇算报税怎么弄",
        "泡菜老是长白花，求救",
        "搬家公司哪家好",
    ],
)
def test_a_question_is_heard_with_or_without_its_mark(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text", ["really?", "The market was empty and the rain cold", "https://example.org/a?b=c shows a nice kiln", "好吗"]
)
def test_what_nobody_could_look_up_is_no_question(text: str) -> None:
    assert not asks(text)


@pytest.mark.parametrize(
    ("settled", "open_still"),
    [
        ("never mind, found out where to buy koji spores", "I have not found out where to buy koji spores, any ideas?"),
        ("水管怎么接的问题解决了", "水管怎么接的问题还没解决"),
        ("my aunt keeps asking where she can buy koji spores", "where can I buy koji spores, I keep asking"),
        ("同事问我装修怎么弄", "请问装修怎么弄"),
        ("who doesn't love a good loaf of bread?", "who loves to bake a good loaf of bread?"),
        ("怎么会有人不喜欢猫粮呢", "有人知道怎么挑猫粮吗"),
    ],
)
def test_what_is_settled_or_anothers_or_rhetorical_asks_nothing(settled: str, open_still: str) -> None:
    assert not asks(settled)
    assert asks(open_still)


# -- quiet hours -------------------------------------------------------------------------------------------------------


def at(hour: int, minute: int = 0) -> int:
    return int(datetime(2025, 6, 16, hour, minute, tzinfo=UTC).timestamp()) * 1_000_000


SHANGHAI = Member(id="eve", time_zone="Asia/Shanghai")  # 8 hours ahead of UTC


def test_outside_quiet_hours_somebody_is_told_at_once() -> None:
    assert quiet.due(SHANGHAI, "22:00-08:00", at(6)) == at(6)


def test_in_quiet_hours_it_waits_until_they_end() -> None:
    next_morning = at(0) + 24 * 60 * MINUTE
    assert quiet.due(SHANGHAI, "22:00-08:00", at(15)) == next_morning
    assert quiet.due(SHANGHAI, "22:00-08:00", at(20)) == next_morning


def test_hours_of_ones_own_come_before_the_usual_ones() -> None:
    assert quiet.due(replace(SHANGHAI, attributes={"quiet_hours": "13:00-15:30"}), "22-8", at(6)) == at(7, 30)
    assert quiet.due(replace(SHANGHAI, attributes={"quiet_hours": ""}), "22-8", at(15)) == at(15)
    assert quiet.due(replace(SHANGHAI, attributes={"quiet_hours": "no idea"}), "22-8", at(15)) > at(15)


def test_where_nobody_knows_when_it_is_night_nothing_waits() -> None:
    assert quiet.due(Member(id="bo"), "22-8", at(23)) == at(23)


@given(st.integers(0, 23), st.integers(0, 23), st.integers(0, 3 * 24 * 60))
def test_what_waits_is_told_outside_quiet_hours_and_within_a_day(begin: int, end: int, minutes: int) -> None:
    now, hours = NOON + minutes * MINUTE, f"{begin}-{end}"
    told = quiet.due(SHANGHAI, hours, now)
    assert now <= told <= now + 25 * 60 * MINUTE
    assert quiet.due(SHANGHAI, hours, told) == told


@pytest.mark.parametrize("text", ["25-8", "soon", "22:75-8", "22"])
def test_hours_that_no_day_has_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hour"):
        quiet.span(text)


# -- what was said lately ----------------------------------------------------------------------------------------------


def said(id: str, author: str, text: str, time: int = NOON, channel: str = "square", thread: str = "") -> Remark:
    found = remark(Message(id=id, author=author, time=time, text=text, channel=channel, thread=thread))
    assert found is not None
    return found


def test_a_word_is_found_until_its_remark_is_forgotten() -> None:
    recent = Recent(2)
    recent.add(said("m1", "ann", "reduction firing"), None)
    assert [one.id for one in recent.using("reduction")] == ["m1"]
    recent.forget("m1")
    assert not recent.using("reduction")
    assert "m1" not in recent


def test_what_is_older_than_the_window_goes() -> None:
    recent = Recent(2)
    recent.add(said("m1", "ann", "reduction firing"), None)
    recent.add(said("m2", "bo", "ferry", NOON + WINDOW + MINUTE), None)
    assert [one.id for one in recent] == ["m2"]


def test_a_busy_community_has_a_shorter_window() -> None:
    recent = Recent(2, most=3)
    for i in range(5):
        recent.add(said(f"m{i}", "ann", f"word{i}", NOON + i), None)
    assert [one.id for one in recent] == ["m2", "m3", "m4"]


def test_the_nearest_remarks_come_first() -> None:
    recent = Recent(2)
    recent.add(said("m1", "ann", "one"), np.array([1, 0], np.float32))
    recent.add(said("m2", "bo", "two"), np.array([0.8, 0.6], np.float32))
    recent.add(said("m3", "cy", "three"), np.array([0, 1], np.float32))
    found = recent.nearest(np.array([0.6, 0.8], np.float32), 0.7)
    assert [one.id for one, _ in found] == ["m2", "m3"]


def test_a_member_who_is_forgotten_said_nothing_anywhere() -> None:
    recent = Recent(2)
    recent.add(said("m1", "ann", "reduction firing", thread="t"), np.array([1, 0], np.float32))
    recent.forget_member("ann")
    assert not list(recent)
    assert not recent.heard_since(0)
    assert not recent.present(said("m2", "bo", "hello there", thread="t"))


def test_who_was_heard_since_a_time_is_known_with_the_newest_of_it() -> None:
    recent = Recent(2)
    recent.add(said("m1", "ann", "reduction firing"), None)
    recent.add(said("m2", "bo", "ferry", NOON + MINUTE), None)
    recent.add(said("m3", "bo", "ferry again", NOON + 3 * MINUTE), None)
    recent.add(said("m4", "cy", "came late", NOON + 2 * MINUTE), None)
    assert recent.heard_since(NOON) == {"bo": NOON + 3 * MINUTE, "cy": NOON + 2 * MINUTE}
    assert recent.heard_since(NOON + 2 * MINUTE) == {"bo": NOON + 3 * MINUTE}


def test_who_spoke_in_a_thread_is_present_in_it_and_who_spoke_in_a_room_for_a_session() -> None:
    recent = Recent(2)
    recent.add(said("m1", "ann", "reduction firing", thread="t"), None)
    recent.add(said("m2", "bo", "ferry", channel="yard"), None)
    recent.add(said("m3", "cy", "ferry", NOON + SESSION_GAP + MINUTE, channel="yard"), None)
    assert recent.present(said("m4", "dee", "hello there", thread="t")) == {"ann"}
    assert recent.present(said("m5", "dee", "hello there", NOON + SESSION_GAP + 2 * MINUTE, channel="yard")) == {"cy"}


# -- how likely --------------------------------------------------------------------------------------------------------


def test_whoever_stands_higher_is_nearer_and_was_here_just_now_is_likelier() -> None:
    columns = chance.columns(np.array([0.9, 0.5, 0.9]), np.array([1.0, 1.0, 300.0]), np.array([0.5, 0.5, 0.5]))
    first, lower, longer_gone = chance.shipped().of(columns)
    assert first > max(lower, longer_gone)


def test_fitted_numbers_are_read_as_they_were_written() -> None:
    fitted = chance.Chance((1.5, -0.25, 0.125), -4.0)
    assert chance.from_json(chance.to_json(fitted)) == fitted


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        '{"weights": {"place": 1}, "intercept": 0}',
        '{"weights": {"place": -1, "away": 0, "strength": 1}, "intercept": 0}',
        "no",
    ],
)
def test_numbers_that_no_fit_could_mean_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        chance.from_json(text)


# -- what is told ------------------------------------------------------------------------------------------------------


def introduced(one: str, other: str, due: tuple[int, int], time: int = NOON) -> Invitation:
    return noted.invitation_of(Introduction((one, other), "answer", 0.3, 0.5, "q1", "m1"), due, time, "m-1")


def test_an_invitation_keeps_what_its_introduction_is() -> None:
    invitation = introduced("ann", "bo", (NOON, NOON + MINUTE))
    assert noted.read(invitation) == noted.Noted("answer", ("q1", "m1"), (NOON, NOON + MINUTE), model="m-1")
    assert invitation.id == introduced("bo", "ann", (NOON, NOON)).id


@pytest.mark.parametrize(
    "extra",
    [
        "",
        "{}",
        '{"introduction": 3}',
        '{"introduction": {"kind": "answer", "messages": ["q1"], "due": [1, 2]}}',
        '{"introduction": {"kind": "fate", "messages": ["q1", ""], "due": [1, 2]}}',
        '{"introduction": {"kind": "answer", "messages": ["q1", ""], "due": [1, "soon"]}}',
    ],
)
def test_an_invitation_that_notes_no_introduction_tells_nothing(extra: str) -> None:
    invitation = replace(introduced("ann", "bo", (NOON, NOON)), extra=extra)
    assert noted.read(invitation) is None
    assert noted.events(invitation) == []


def test_everything_is_told_once_and_in_the_order_of_its_time() -> None:
    clock = [NOON]
    told = Announcements(lambda: clock[0])
    place = told.now()
    told.put(introduced("ann", "bo", (NOON + 5, NOON + 20)))
    told.put(introduced("cy", "dee", (NOON + 10, NOON + 6)))
    seen = []
    for clock[0] in (NOON + 7, NOON + 15, NOON + 30):
        found, place = told.after(place)
        seen.append([event.time - NOON for event in found])
    assert seen == [[5, 6], [10], [20]]


def test_what_is_written_while_somebody_reads_is_later_than_all_that_was_read() -> None:
    told = Announcements(lambda: NOON)  # a clock that stands still
    place, count = told.now(), 0
    seen: list[str] = []

    def write() -> None:
        for i in range(300):
            with told.writing() as now:
                told.put(introduced(f"a{i}", f"b{i}", (now, now), now))

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive() or count < 2:
        found, place = told.after(place)
        seen += [f"{event.invitation}/{event.side}" for event in found]
        count = 0 if writer.is_alive() else count + 1
    assert len(seen) == len(set(seen)) == 600


def test_whoever_was_brought_together_alone_is_known_until_the_invitation_goes() -> None:
    told = Announcements(lambda: NOON)
    invitation = introduced("ann", "bo", (NOON, NOON))
    told.put(invitation)
    told.put(Invitation(id="r", time=NOON, guests=(Guest(member="ann"), Guest(member="cy")), state="withdrawn"))
    assert told.partners("ann") == {"bo", "cy"}
    told.remove(invitation.id)
    assert told.partners("ann") == {"cy"}
    assert told.partners("bo") == set()
