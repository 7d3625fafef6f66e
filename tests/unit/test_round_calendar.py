"""A round as a calendar that other programs read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import icalendar
import pytest

from service.core.errors import InvalidArgument, TimesWithoutDate
from service.rendering import Line, Occasion, Seat, Sheet, render

PLACE = "院子; Café, 2. Stock\nam \\Tor"
SHEET = Sheet(
    community="一起造, Berlin",
    round="coffee-1",
    title="Coffee; 周四咖啡, mit sehr vielen Leuten aus allen Städten und Dörfern",
    kind="pairs",
    time=1_772_323_200_000_000,
    lines=(
        Line(
            id="a1", seats=(Seat(member="ann", name="Ann"), Seat(member="li", name="李工")), slot="2026-12-10 18:00",
            starter="从“茶”聊起，" * 20,
        ),
        Line(id="b2", seats=(Seat(member="bo", name="Bo"), Seat(member="c", name="Cleo")), slot="2026-07-10 18:00"),
    ),
)  # fmt: skip
BERLIN = Occasion(place=PLACE, time_zone="Europe/Berlin", minutes=45)


def events(sheet: Sheet, occasion: Occasion = BERLIN) -> list[icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(render(sheet, "calendar", occasion))
    assert calendar["VERSION"] == "2.0"
    assert not calendar.errors
    return list(calendar.walk("VEVENT"))


def at(slot: str, occasion: Occasion = BERLIN) -> tuple[datetime, datetime]:
    (event,) = events(replace(SHEET, lines=(replace(SHEET.lines[0], slot=slot),)), occasion)
    return event["DTSTART"].dt, event["DTEND"].dt


def test_every_match_is_an_event_in_utc_with_its_people_and_place() -> None:
    winter, summer = events(SHEET)
    assert winter["DTSTART"].dt == datetime(2026, 12, 10, 17, 0, tzinfo=UTC)
    assert winter["DTEND"].dt == datetime(2026, 12, 10, 17, 45, tzinfo=UTC)
    assert summer["DTSTART"].dt == datetime(2026, 7, 10, 16, 0, tzinfo=UTC)
    assert winter["SUMMARY"] == f"{SHEET.title}: Ann, 李工"
    assert winter["LOCATION"] == f"{PLACE}, match 1"
    assert winter["DESCRIPTION"] == SHEET.lines[0].starter


def test_lines_are_folded_at_75_bytes_and_no_letter_is_cut() -> None:
    content = render(SHEET, "calendar", BERLIN)
    lines = content.split(b"\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in lines:
        line.decode()


def test_an_event_keeps_its_uid_when_it_moves_and_not_when_its_people_change() -> None:
    before = [event["UID"] for event in events(SHEET)]
    moved = replace(SHEET, lines=(replace(SHEET.lines[0], slot="2026-12-11 19:00"), SHEET.lines[1]), title="Tea")
    assert [event["UID"] for event in events(moved)] == before
    others = replace(SHEET, lines=(replace(SHEET.lines[0], id="a9"), SHEET.lines[1]))
    assert events(others)[0]["UID"] != before[0]
    assert len(set(before)) == 2


@pytest.mark.parametrize(
    ("slot", "begin", "minutes"),
    [
        ("2026-12-10T18:00+08:00", "10:00", 45),
        ("2026-12-10 18:00Z", "18:00", 45),
        ("2026-12-10 18:00-19:30", "17:00", 90),
        ("2026-12-10 23:30 – 00:30", "22:30", 60),
        ("2026年12月10日 18:00", "17:00", 45),
        ("2026/12/10 18：00至19：00", "17:00", 60),
    ],
)
def test_times_are_read_as_people_write_them(slot: str, begin: str, minutes: int) -> None:
    start, end = at(slot)
    assert f"{start:%Y-%m-%d %H:%M}" == f"2026-12-10 {begin}"
    assert (end - start).total_seconds() == minutes * 60


@pytest.mark.parametrize("slot", ["", "Thu 18:00", "2026-12-10", "2026-13-40 18:00", "2026-12-10 25:00"])
def test_a_time_without_a_day_makes_no_calendar(slot: str) -> None:
    sheet = replace(SHEET, lines=(SHEET.lines[0], replace(SHEET.lines[1], slot=slot)))
    with pytest.raises(TimesWithoutDate, match="coffee-1"):
        render(sheet, "calendar", BERLIN)


def test_times_need_a_time_zone_unless_they_say_it() -> None:
    with pytest.raises(InvalidArgument, match="time_zone"):
        render(SHEET, "calendar")
    assert at("2026-12-10 18:00+01:00", Occasion())[0].hour == 17
