"""A round as a file: a table, JSON, a page, a picture."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from models.domain.requests import Language
from models.rounds.spec.requests import Summary
from service.rendering import FORMATS, Absent, Format, Line, Occasion, Seat, Sheet, render
from training.pictures import undrawn

FILES = [format_ for format_ in FORMATS if format_ != "calendar"]  # which needs times
LANGUAGES: tuple[Language, ...] = ("en", "zh")
NASTY = '<script>alert("x")</script> & =HYPERLINK("http://evil")'


def seat(member: str, name: str, **fields: Any) -> Seat:
    return Seat(member=member, name=name, **fields)


SHEET = Sheet(
    community="一起造",
    round="coffee-1",
    title="Coffee",
    kind="pairs",
    time=1_772_323_200_000_000,
    lines=(
        Line(
            id="a1",
            seats=(seat("ann", "Ann", reasons=("You both talk about tea.",), text="Hi Ann"), seat("li", "李工")),
            why=("Both talk about tea.",),
            score=0.71,
            worst=0.66,
            starter="从“茶”聊起。",
        ),
        Line(id="b2", seats=(seat("bo", "=cmd|' /C calc'!A0"), seat("odd", NASTY)), score=0.42, worst=0.4, locked=True),
    ),
    byes=(Absent(member="cleo", name="Cleo", why="odd number", sitting=0, text="Hi Cleo"),),
    left_out=(Absent(member="dee", name="Dee", why="pauses"),),
    rules=("people who meet share a language",),
    collisions=("It could not be.",),
    summary=Summary(mean=0.55, worst=0.41, best=0.58, best_worst=0.3, random=0.4, placed=4, people=5),
)


def table(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("format_", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_round_gives_the_same_bytes(format_: Format, language: Language) -> None:
    sheet = replace(SHEET, language=language)
    assert render(sheet, format_) == render(sheet, format_)


@pytest.mark.parametrize("format_", FILES)
def test_a_round_without_matches_is_a_file_too(format_: Format) -> None:
    assert render(Sheet(community="c", round="r", kind="teams"), format_)


def test_a_table_has_a_row_a_match_with_names_and_ids_and_keeps_chinese() -> None:
    heading, *rows = table(render(SHEET, "csv"))
    assert len(rows) == len(SHEET.lines)
    first = dict(zip(heading, rows[0], strict=True))
    assert (first["person 1"], first["id 1"], first["person 2"], first["id 2"]) == ("Ann", "ann", "李工", "li")
    assert first["to begin with"] == "从“茶”聊起。"
    assert float(first["score"]) == 0.71
    assert dict(zip(heading, rows[1], strict=True))["locked"] == "yes"
    assert table(render(replace(SHEET, language="zh"), "csv"))[0][0] == "场次"


def test_a_table_of_people_has_everybody_those_without_a_match_too() -> None:
    heading, *rows = table(render(SHEET, "people_csv"))
    people = {row[heading.index("id")]: dict(zip(heading, row, strict=True)) for row in rows}
    assert set(people) == {"ann", "li", "bo", "odd", "cleo", "dee"}
    assert people["ann"]["meets"] == "李工"
    assert people["ann"]["text to send"] == "Hi Ann"
    assert people["cleo"]["text to send"] == "Hi Cleo"
    assert people["dee"]["why"] == "pauses"


@pytest.mark.parametrize("format_", ["csv", "people_csv"])
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_no_words_of_members_become_a_formula(format_: Format, start: str) -> None:
    evil = f"{start}1+1"
    seats = (seat(evil, evil, role=evil, reasons=(evil,), text=evil), seat("b", "B"))
    line = Line(id="x", seats=seats, slot=evil, team=evil, starter=evil)
    absent = Absent(member=evil, name=evil, why=evil, text=evil)
    content = render(replace(SHEET, lines=(line,), byes=(absent,), left_out=(absent,)), format_)
    assert not [cell for row in table(content) for cell in row if cell.startswith(start)]
    assert any(evil in cell for row in table(content) for cell in row)


def test_lines_of_a_table_end_as_spreadsheets_expect() -> None:
    content = render(SHEET, "csv")
    assert content.count(b"\r\n") == content.count(b"\n") == 1 + len(SHEET.lines)


def test_json_holds_ids_names_scores_and_times() -> None:
    values = json.loads(render(SHEET, "json"))
    assert values["round"] == "coffee-1"
    assert values["time"] == "2026-03-01T00:00:00Z"
    assert values["published"] is None
    assert [person["id"] for person in values["matches"][0]["members"]] == ["ann", "li"]
    assert values["matches"][0]["score"] == 0.71
    assert values["byes"][0]["id"] == "cleo"
    assert values["summary"]["mean"] == 0.55


class Page(HTMLParser):
    """Collects what a page holds; complains about elements that are not closed in order."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page(sheet: Sheet) -> Page:
    found = Page()
    found.feed(render(sheet, "html").decode())
    assert found.open == []
    return found


def test_a_page_is_well_formed_and_holds_everybody_every_reason_and_every_text() -> None:
    text = page(SHEET).text
    for expected in (
        "Ann",
        "李工",
        "Both talk about tea.",
        "从“茶”聊起。",
        "Hi Ann",
        "Hi Cleo",
        "Dee",
        "It could not be.",
    ):
        assert expected in text
    assert "people who meet share a language" in text


def test_a_page_escapes_whatever_members_wrote() -> None:
    person = seat("a", NASTY, role=NASTY, reasons=(NASTY,), text=NASTY)
    evil = replace(
        SHEET,
        title=NASTY,
        community=NASTY,
        rules=(NASTY,),
        relaxed=(NASTY,),
        collisions=(NASTY,),
        lines=(Line(id="x", seats=(person,), team=NASTY, slot=NASTY, starter=NASTY),),
        left_out=(Absent(member="a", name=NASTY, why=NASTY),),
    )
    found = page(evil)
    assert "script" not in {tag for tag, _ in found.tags}
    assert found.text.count("<script>") >= 10


def test_a_page_needs_nothing_from_outside_and_says_its_language() -> None:
    for language, tag in (("en", "en"), ("zh", "zh-Hans")):
        found = page(replace(SHEET, language=language))  # type: ignore[arg-type]
        assert dict(found.tags[0][1]) == {"lang": tag}
        assert {tag for tag, _ in found.tags}.isdisjoint({"link", "img", "script", "iframe", "a"})
        assert not re.search(r"url\(|@import|https?://(?!evil)", render(SHEET, "html").decode())


def test_a_page_is_laid_out_for_paper() -> None:
    style = render(SHEET, "html").decode()
    assert "@media print" in style
    assert "break-inside: avoid" in style
    assert not re.search(r"color:(?!\s*#(?:000|fff)\b)", style)


def test_a_page_of_several_sittings_has_a_table_each() -> None:
    lines = tuple(replace(line, sitting=at) for at, line in enumerate(SHEET.lines))
    found = page(replace(SHEET, sittings=2, lines=lines))
    assert [tag for tag, _ in found.tags].count("h3") == 2
    assert "Who meets whom when" in found.text
    assert "Who meets whom when" not in page(SHEET).text


def test_where_there_are_several_sittings_everybody_finds_their_evening_in_a_row() -> None:
    again = (replace(SHEET.lines[0], sitting=1, slot="19:00"), replace(SHEET.lines[1], sitting=0))
    drawn = render(replace(SHEET, sittings=2, lines=again), "html").decode()
    assert "<td>Ann</td><td></td><td>李工 (19:00)</td>" in drawn


def test_a_picture_names_the_best_and_the_worst_match_and_says_what_fairness_cost() -> None:
    drawing = render(SHEET, "svg").decode()
    assert ElementTree.fromstring(drawing).tag.endswith("svg")
    text = " ".join(re.findall(r">([^<>]+)</text>", drawing))
    assert "0.71  Ann, 李工" in text
    assert "0.42" in text
    assert "For fairness 0.030 of the mean (5.2%) was given up; the worst-off gained 0.110." in text
    assert "For fairness" not in render(replace(SHEET, summary=Summary(mean=0.5, best=0.5)), "svg").decode()
    assert render(SHEET, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("format_", ["html", "svg", "csv", "people_csv"])
def test_a_round_in_chinese_has_no_english_headings(format_: Format) -> None:
    plain = Sheet(community="一起造", round="1", title="周四", kind="pairs", language="zh", lines=SHEET.lines[:1])
    hidden = re.compile(r"<style.*?</style>|<metadata>.*?</metadata>|<title>.*?</title>", re.DOTALL)
    content = hidden.sub("", render(plain, format_).decode("utf-8-sig"))
    shown = re.sub(r"<!--.*?-->|<[^>]*>", " ", content, flags=re.DOTALL)
    words = {word.lower() for word in re.findall(r"[A-Za-z]{4,}", shown)}
    assert words <= {"talk", "about", "both"}


def test_slips_say_to_each_person_the_table_the_company_the_time_and_the_place() -> None:
    lines = (
        replace(SHEET.lines[0], sitting=0, slot="2026-12-10 18:00"),
        replace(SHEET.lines[0], sitting=1, slot="2026-12-10 19:00", seats=(SHEET.lines[0].seats[0], seat("bo", "Bo"))),
    )
    sheet = replace(SHEET, kind="groups", sittings=2, lines=lines, byes=(replace(SHEET.byes[0], sitting=1),))
    drawn = render(sheet, "slips", Occasion(place="Café & Co"))
    slips = re.findall(r'<section class="slip">.*?</section>', drawn.decode(), re.DOTALL)
    told = {re.search(r'<span class="name">(.*?)<', slip)[1]: slip for slip in slips}  # type: ignore[index]
    assert list(told) == ["Ann", "Bo", "Cleo", "李工"]
    for expected in ("Coffee · 一起造", ">1</dd>", "李工", "18:00", ">2</dd>", "Bo", "19:00", "Café &amp; Co", "table"):
        assert expected in told["Ann"]
    assert "19:00" not in told["李工"]
    assert "You sit this one out." in told["Cleo"]
    assert "桌号" in render(replace(sheet, language="zh"), "slips").decode()


def test_slips_escape_whatever_members_wrote() -> None:
    evil = replace(SHEET, title=NASTY, lines=(Line(id="x", seats=(seat("a", NASTY), seat("b", NASTY)), slot=NASTY),))
    drawn = render(evil, "slips", Occasion(place=NASTY)).decode()
    assert "<script>" not in drawn
    assert drawn.count("&lt;script&gt;") >= 6


def test_chinese_is_drawn_without_a_font_of_the_system_and_what_is_not_drawn_is_told() -> None:
    assert undrawn("Ann、周予安，“聊聊”？Sunny") == []
    assert undrawn("小熊\U0001f43b \U0001f43b") == ["\U0001f43b"]
    # Each letter has a shape of its own, and no box: other letters make another picture.
    assert len({render(replace(SHEET, title=title), "poster") for title in ("周四", "周五", "咖啡")}) == 3


def test_a_poster_shows_no_scores_and_grows_with_the_round() -> None:
    better = tuple(replace(line, score=0.99) for line in SHEET.lines)
    assert render(replace(SHEET, lines=better), "poster") == render(SHEET, "poster")
    many = replace(SHEET, lines=tuple(replace(SHEET.lines[0], id=str(n)) for n in range(40)))
    sizes = [struct.unpack(">II", render(sheet, "poster")[16:24]) for sheet in (SHEET, many)]
    assert sizes[0][0] == sizes[1][0]
    assert sizes[0][1] < sizes[1][1]


def test_a_name_too_many_for_a_picture_is_counted_and_none_is_cut() -> None:
    seats = tuple(seat(f"m{n}", f"Person Number {n}") for n in range(8))
    drawing = render(replace(SHEET, kind="groups", lines=(replace(SHEET.lines[0], seats=seats),)), "svg").decode()
    text = " ".join(re.findall(r">([^<>]+)</text>", drawing))
    assert re.search(r"0\.71  Person Number 0, Person Number 1 \+6", text)
