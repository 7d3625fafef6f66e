"""Topics of a Discourse forum, and what one member downloads of their own posts."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.archive.container import ArchiveError
from service.importers.formats.discourse import without_quotes
from service.importers.frame.format import Options
from service.importers.frame.markup import words_of
from tests.board_files import answers, by, members, mentioned, survives, texts
from tests.platform_chats import FEW, NOON, SPOILT, Community, Read, communities, read, spoilt_bytes, spoilt_values


def post(number: int, username: str, cooked: str, **more: Any) -> dict[str, Any]:
    return {
        "id": 500 + number, "topic_id": 12, "post_number": number, "username": username, "name": username.title(),
        "user_id": 7, "created_at": f"2024-03-05T08:{number:02d}:20.123Z", "cooked": f"<p>{cooked}</p>", "post_type": 1,
        "reply_to_post_number": None,
    } | more  # fmt: skip


def topic(*posts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "post_stream": {"posts": list(posts), "stream": [one["id"] for one in posts]}, "id": 12, "title": "Kilns &c",
        "category_id": 3, "archetype": "regular",
    } | more  # fmt: skip


def forum(tmp_path: Path, *topics: dict[str, Any], options: Options | None = None) -> Read:
    folder = tmp_path / "forum"
    folder.mkdir(exist_ok=True)
    for place, one in enumerate(topics):
        (folder / f"{place}.json").write_text(json.dumps(one, indent=1))
    return read(folder, options)


def test_a_topic_is_read_with_its_answers_and_mentions(tmp_path: Path) -> None:
    result = forum(
        tmp_path,
        topic(
            post(1, "lu", 'who has a kiln? <img class="emoji" alt=":fire:">'),
            post(2, "bo", 'I do, <a class="mention" href="/u/lu">@Lu</a>', reply_to_post_number=1, name=""),
            post(3, "jo", '<aside class="quote" data-username="bo" data-post="2" data-topic="12"><blockquote><p>I do'
                 "</p></blockquote></aside><p>me too</p>"),
            post(4, "jo", "", raw='[quote="lu, post:1, topic:12"]\nwho\n[/quote]\n\nyes\n> cited\n![kiln|690x388](upload://a.png)'),
        ),
    )  # fmt: skip
    assert texts(result) == ["who has a kiln?", "I do, @Lu", "me too", "yes"]
    assert answers(result) == {"I do, @Lu": "who has a kiln?", "me too": "I do, @Lu", "yes": "who has a kiln?"}
    assert mentioned(result, result.messages[1]) == {"Lu"}
    assert set(members(result)) == {"Lu", "bo", "Jo"}
    assert {one.topic for one in result.messages} == {"Kilns &c"}
    assert len({one.thread for one in result.messages}) == 1
    assert result.messages[0].time == int(datetime(2024, 3, 5, 8, 1, 20, tzinfo=UTC).timestamp()) * 10**6 + 123_000
    assert next(iter(result.channels.values())).visibility == "community"


def test_what_is_no_post_of_a_member_is_counted(tmp_path: Path) -> None:
    result = forum(
        tmp_path,
        topic(
            post(1, "lu", "stays"),
            post(2, "system", "closed", post_type=3, user_id=-1),
            post(3, "mod", "among staff", post_type=4),
            post(4, "discobot", "hello!"),
            post(5, "bo", "bad", hidden=True),
            post(6, "bo", "gone", deleted_at="2024-03-06T00:00:00Z"),
            post(7, "mod", "please be kind", post_type=2),
            post(8, "bo", "when?", created_at="yesterday"),
        ),
        topic(post(1, "lu", "stays")),
    )
    assert texts(result) == ["stays", "please be kind"]
    assert set(members(result)) == {"Lu", "Mod"}
    assert result.report.unused == {
        "topic was closed, moved or pinned": 1, "whisper among staff": 1, "post of the forum itself": 1,
        "post that moderators hid": 1, "deleted post": 1, "the same post once more": 1,
    }  # fmt: skip
    assert len(result.bad) == 1


def test_messages_between_a_few_stay_with_them(tmp_path: Path) -> None:
    result = forum(
        tmp_path,
        topic(
            post(1, "lu", "psst"),
            archetype="private_message",
            details={"allowed_users": [{"username": "Lu"}, {"username": "bo"}, {"username": "system"}]},
        ),
        topic(post(1, "jo", "hi", topic_id=13), id=13),
        options=Options(channel="forum"),
    )
    rooms = {one.id: (one.visibility, len(one.members)) for one in result.channels.values()}
    assert rooms == {"pm-12": ("private", 2), "forum": ("community", 0)}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("[quote]\na\n[quote]b[/quote]\nc\n[/quote]\nmine", "mine"),
        ("mine [quote] is never closed", "mine [quote] is never closed"),
        ("[notes.pdf|attachment](upload://a.pdf) (12.3 KB) see", "see"),
        ("a [/quote] b", "a  b"),
    ],
)
def test_quotations_and_uploads_are_taken_out_of_markdown(raw: str, text: str) -> None:
    assert without_quotes(raw)[0] == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<pre><code>if a:\n    b</code></pre>", "if a:\nb"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<blockquote>x<div>y</div></blockquote>z", "z"),
        ("<p>a<b>c</p>d</b>", "ac\n\nd"),
        ("</p></div>a", "a"),
        ("<!-- x --><script>y</script>a<!-- never closed", "a"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
    ],
)
def test_html_becomes_words(html: str, text: str) -> None:
    assert words_of(html).text == text


def table(*rows: list[str]) -> str:
    out = io.StringIO()
    header = [
        "topic_title",
        "categories",
        "is_pm",
        "post_raw",
        "post_cooked",
        "like_count",
        "reply_count",
        "url",
        "created_at",
    ]
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


def row(raw: str, number: int = 3, category: str = "Craft|Kilns", pm: str = "No") -> list[str]:
    url = f"https://forum.example.org/t/kilns/12/{number}"
    return ["Kilns", category, pm, raw, "<p>x</p>", "0", "0", url, "2024-03-05 08:54:20 UTC"]


def test_a_members_own_archive_says_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "user_archive.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("user_archive.csv", table(
            row('[quote="bo, post:2, topic:12"]\nold\n[/quote]\nmine'), row("psst", 4, pm="Oui"),
            row("?", 5, "-"), row("x", pm="non"),
        ))  # fmt: skip
        packed.writestr("preferences.json", json.dumps({"user": {"id": 7, "username": "Lu", "name": "Lu Pan"}}))
        packed.writestr("likes.csv", "id,post_id\n1,2\n")
    result = read(path)
    assert texts(result) == ["mine", "psst", "?", "x"]
    assert {one.name: one.identities[0].handle for one in result.members} == {"Lu Pan": "lu"}
    assert {one.id: one.visibility for one in result.channels.values()} == {
        "Craft|Kilns": "community", "pm-12": "private", "hidden-12": "private",
    }  # fmt: skip
    assert result.messages[0].time == int(datetime(2024, 3, 5, 8, 54, 20, tzinfo=UTC).timestamp()) * 10**6
    assert result.messages[0].reply_to


def test_an_archive_without_a_name_is_of_me(tmp_path: Path) -> None:
    path = tmp_path / "user_archive.csv"
    path.write_text(table(row("mine"), ["x"], [*row("bad time")[:-1], "never"]))
    result = read(path, Options(me="Lu"))
    assert (texts(result), [one.name for one in result.members], len(result.bad)) == (["mine"], ["Lu"], 2)
    assert any("--me" in note for note in read(path).report.notes)


def test_what_an_import_says_is_the_same_in_every_process(tmp_path: Path) -> None:
    path = tmp_path / "user_archive.csv"
    path.write_text(table(row("mine")))

    def said(seed: int) -> str:
        command = [sys.executable, "-m", "service", "import", str(path), "--dry-run", "--me", "Lu"]
        environment = os.environ | {"PYTHONHASHSEED": str(seed)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True).stdout

    first = said(4)
    assert said(5) == first
    places = [first.index(f"{one} → not used") for one in ("post_cooked", "like_count", "reply_count")]
    assert places == sorted(places)  # as in the file


def as_topics(community: Community, cooked: bool) -> list[dict[str, Any]]:
    """A room is a topic, and a number of a post is its place in it."""
    numbers: dict[int, int] = {}
    posts: dict[int, list[dict[str, Any]]] = {}
    for place, line in enumerate(community.lines):
        room = posts.setdefault(line.room, [])
        numbers[place] = len(room) + 1
        name = community.people[line.author]
        at = line.mention
        link = "" if at is None else f' <a class="mention" href="/u/u{at}">@u{at}</a>'
        html = "<p>" + escape(line.text).replace("\n", "<br>\n") + link + "</p>"
        raw = {} if cooked else {"raw": line.text + ("" if at is None else f" @u{at}")}
        room.append(
            post(numbers[place], f"u{line.author}", "", topic_id=line.room, name=name,
                 created_at=f"{datetime.fromtimestamp(NOON + place, UTC):%Y-%m-%dT%H:%M:%S}.000Z",
                 reply_to_post_number=None if line.reply_to is None else numbers[line.reply_to], **raw)
            | {"cooked": html}
        )  # fmt: skip
    return [topic(*room, id=at, title=community.rooms[at], category_id=at) for at, room in posts.items()]


@settings(max_examples=FEW, deadline=None)
@given(community=communities(), cooked=st.booleans())
def test_a_little_community_comes_back(
    tmp_path_factory: pytest.TempPathFactory, community: Community, cooked: bool
) -> None:
    """People, words, times, answers, mentions, topics; HTML keeps no spaces at the ends of lines."""
    result = forum(tmp_path_factory.mktemp("forum"), *as_topics(community, cooked))
    assert not result.bad
    messages = sorted(result.messages, key=lambda one: one.time)
    places = {one.id: at for at, one in enumerate(messages)}
    assert [(by(result, one), plain(one.text), one.topic, places.get(one.reply_to), one.time) for one in messages] == [
        (community.people[line.author], plain(line.text + ("" if line.mention is None else f" @u{line.mention}")),
         community.rooms[line.room], line.reply_to, (NOON + at) * 10**6)
        for at, line in enumerate(community.lines)
    ]  # fmt: skip
    assert [mentioned(result, one) for one in messages] == [
        {community.people[line.mention]} - {community.people[line.author]} if line.mention is not None else set()
        for line in community.lines
    ]


def plain(text: str) -> str:
    """Text without what HTML does not keep."""
    return " ".join(text.split())


SAMPLE = topic(post(1, "lu", "hi"), post(2, "bo", "ho", raw="ho [quote]x[/quote]", reply_to_post_number=1),
               details={"allowed_users": [{"username": "lu"}]}, archetype="private_message")  # fmt: skip


@settings(max_examples=SPOILT, deadline=None)
@given(data=spoilt_bytes(json.dumps(SAMPLE).encode()))
def test_a_spoilt_file_gives_rows_or_says_why_not(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("forum") / "12.json"
    path.write_bytes(data)
    survives(path, "discourse")


@settings(max_examples=SPOILT, deadline=None)
@given(value=spoilt_values(SAMPLE))
def test_spoilt_values_give_rows_or_say_why_not(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    path = tmp_path_factory.mktemp("forum") / "12.json"
    path.write_text(json.dumps(value))
    survives(path, "discourse")


@settings(max_examples=SPOILT, deadline=None)
@given(data=spoilt_bytes(table(row("mine"), row("[quote=x]", pm="?")).encode()))
def test_a_spoilt_table_gives_rows_or_says_why_not(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("forum") / "user_archive.csv"
    path.write_bytes(data)
    survives(path, "discourse-archive")


def test_other_files_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("{}")
    with pytest.raises(ArchiveError, match="/t/12"):
        read(path, format="discourse")
    with pytest.raises(ArchiveError, match=r"user_archive\.csv"):
        read(path, format="discourse-archive")
