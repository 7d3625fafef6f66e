"""Mailboxes of lists: Mailman, Google Groups, and what mail programs put around somebody's words."""

from __future__ import annotations

import gzip
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from email.header import Header
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.importers.formats import recognised
from service.importers.formats.mail_words import own_words
from service.importers.frame.container import open_container
from service.importers.frame.format import Options
from tests.board_files import answers, by, members, survives, texts
from tests.platform_chats import FEW, NOON, SPOILT, Community, Read, communities, read, shared_case, spoilt_bytes

DATE = "Date: Tue, 05 Mar 2024 08:54:20 +0800"


def mail(*head: str, body: str = "hello", sender: str = "Lu Pan <lu@example.org>") -> str:
    """A mail; a head without From gets one."""
    lines = list(head)
    if not any(line.startswith("From:") for line in lines):
        lines.insert(0, f"From: {sender}")
    if not any(line.startswith("Date:") for line in lines):
        lines.append(DATE)
    return "\n".join(["From lu@example.org Tue Mar  5 00:54:20 2024", *lines, "", body, "", ""])


def box(tmp_path: Path, *mails: str, name: str = "pots.mbox", options: Options | None = None) -> Read:
    path = tmp_path / name
    path.write_bytes("".join(mails).encode("utf-8"))
    return read(path, options)


def test_a_thread_keeps_who_answers_whom(tmp_path: Path) -> None:
    result = box(
        tmp_path,
        mail("Subject: [Pots] kiln?", "Message-ID: <1@x>", "List-Id: All about pots <pots.example.org>",
             body="who has one?"),
        mail("From: =?utf-8?q?Bo_=E9=99=88?= <BO@example.org>", "Subject: Re: [Pots] kiln?", "Message-ID: <2@x>",
             "In-Reply-To: <1@x>",
             body="I do.\n\nOn Tue, Mar 5, 2024 at 8:54 AM Lu Pan <lu@example.org> wrote:\n\n> who has one?"),
        mail("Subject: AW: [Pots] kiln?", "Message-ID: <3@x>", "References: <1@x> <2@x>", body="great"),
        mail("From: Jo <jo@example.org>", "Subject: Re: [Pots] Re: kiln?", "Message-ID: <4@x>", body="me too"),
    )  # fmt: skip
    assert texts(result) == ["who has one?", "I do.", "great", "me too"]
    assert answers(result) == {"I do.": "who has one?", "great": "I do.", "me too": "great"}
    assert {one.topic for one in result.messages} == {"kiln?"}
    assert len({one.thread for one in result.messages}) == 1
    assert list(result.channels) == ["pots"]
    assert members(result)["Bo 陈"].identities[0].handle == "bo@example.org"


def test_a_subject_keeps_tags_that_are_not_the_lists(tmp_path: Path) -> None:
    result = box(
        tmp_path, mail("Subject: [Pots] [Question] why?"), mail("Subject: [Pots] x"), mail("Subject: Re: [pots] y")
    )
    assert [one.topic for one in result.messages] == ["[Question] why?", "x", "y"]
    alone = box(tmp_path, mail("Subject: [Question] why?"), mail("Subject: x"), mail("Subject: y"))
    assert alone.messages[0].topic == "[Question] why?"


def test_mailmans_archive_hides_addresses_and_is_read_packed(tmp_path: Path) -> None:
    text = (
        "From lu at example.org  Tue Mar  5 00:54:20 2024\nFrom: lu at example.org (=?utf-8?q?L=C3=BC?= Pan)\n"
        f"{DATE}\nSubject: [Pots] kiln?\nMessage-ID: <1@x>\n\nwho has one?\n>From here it is far\n"
        "-------------- next part --------------\nAn HTML attachment was scrubbed...\n"
        "URL: <http://lists.example.org/pipermail/pots/a.html>\n\n"
        "From bo at example.org  Tue Mar  5 00:55:20 2024\nFrom: bo at example.org\n"
        f"{DATE}\nSubject: [Pots] kiln?\nIn-Reply-To: <1@x>\nMessage-ID: <2@x>\n\nI do.\nFrom now on, too.\n"
        "_______________________________________________\nPots mailing list\nPots@lists.example.org\n"
        "http://lists.example.org/listinfo/pots\n\n"
    )
    path = tmp_path / "2024-March.txt.gz"
    path.write_bytes(gzip.compress(text.encode()))
    result = read(path)
    assert texts(result) == ["who has one?\nFrom here it is far", "I do.\nFrom now on, too."]
    assert {one.name: one.identities[0].handle for one in result.members} == {
        "Lü Pan": "lu@example.org", "bo": "bo@example.org",
    }  # fmt: skip
    assert answers(result) == {"I do.\nFrom now on, too.": "who has one?\nFrom here it is far"}


def test_google_groups_of_takeout_are_told_by_folder_and_thread(tmp_path: Path) -> None:
    path = tmp_path / "takeout.zip"
    one = (
        "From 28668125511680@xxx Thu Apr 16 09:53:04 +0000 2015\r\nX-GM-THRID: 7\r\nX-Google-Groups: pots\r\n"
        "From: Lu <lu@example.org>\r\nSubject: kiln\r\nMessage-ID: <1@x>\r\n\r\nhi\r\n\r\n-- \r\nYou received this "
        'message because you are subscribed to the Google Groups "pots" group.\r\nTo unsubscribe, visit https://groups.google.com/d.\r\n\r\n'
    )
    other = (
        one.replace("<1@x>", "<2@x>")
        .replace("\r\nhi\r\n", "\r\nho\r\n")
        .replace("lu@", "bo@")
        .replace("X-Google-Groups: pots\r\n", "")
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("Takeout/Grupos/googlegroups.com/propios/pots@googlegroups.com/temas.mbox", one + other)
        packed.writestr("Takeout/Grupos/googlegroups.com/propios/pots@googlegroups.com/miembros.csv", "a,b\n1,2\n")
    result = read(path)
    assert texts(result) == ["hi", "ho"]
    assert list(result.channels) == ["pots"]
    assert result.messages[0].time == int(datetime(2015, 4, 16, 9, 53, 4, tzinfo=UTC).timestamp()) * 10**6
    assert result.messages[0].thread == result.messages[1].thread


def test_a_list_that_puts_its_address_before_the_senders(tmp_path: Path) -> None:
    via = "From: Lu Pan via Pots <pots@example.org>"
    result = box(
        tmp_path,
        mail(via, "X-Original-From: Lu Pan <lu@example.org>", "List-Post: <mailto:pots@example.org>", body="a"),
        mail("From: 'Bo' via Pots <pots@example.org>", "Reply-To: Bo <bo@example.org>",
             "List-Post: <mailto:pots@example.org>", body="b"),
        mail("From: Jo via Pots <pots@example.org>", "List-Post: <mailto:pots@example.org>", body="c"),
    )  # fmt: skip
    assert {one.name: (one.identities[0].platform, one.identities[0].handle) for one in result.members} == {
        "Lu Pan": ("email", "lu@example.org"), "Bo": ("email", "bo@example.org"), "Jo": ("email-name", "Jo"),
    }  # fmt: skip


def test_private_mail_and_robots_are_no_members(tmp_path: Path) -> None:
    result = box(
        tmp_path,
        mail("X-Gmail-Labels: Inbox", "From: Doctor <doctor@example.com>", "Subject: results", body="secret"),
        mail("X-Gmail-Labels: Inbox", "List-Id: <pots.example.org>", body="of the list"),
        mail("From: mailman@example.org", "Subject: reminder", body="your password"),
        mail("Auto-Submitted: auto-replied", "From: Bo <bo@example.org>", body="I am away"),
    )
    assert texts(result) == ["of the list"]
    assert set(members(result)) == {"Lu Pan"}
    assert result.report.unused == {"mail of no list, which is private": 1, "automatic mail": 2}
    assert any("private" in note for note in result.report.notes)


def test_bodies_of_every_kind_are_words(tmp_path: Path) -> None:
    html = '<html><style>p{}</style><p>Fire &amp; clay<br>today</p><blockquote type="cite">old</blockquote></html>'
    mixed = (
        '--b\nContent-Type: multipart/alternative; boundary="c"\n\n--c\nContent-Type: text/plain; charset=gb2312\n'
        "Content-Transfer-Encoding: base64\n\nzNXE4A==\n--c\nContent-Type: text/html\n\n<p>html</p>\n--c--\n"
        "--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=a.png\n\nxx\n"
        "--b\nContent-Type: text/plain; name=notes.txt\nContent-Disposition: attachment; filename=notes.txt\n\nnotes\n"
        "--b\nContent-Type: message/rfc822\n\nFrom: x@y.z\nSubject: forwarded\n\nothers\n--b--"
    )
    flowed = "This is a long \nline.\nShort.\n\n-- \nLu"
    result = box(
        tmp_path,
        mail("Content-Type: text/html; charset=utf-8", body=html),
        mail('Content-Type: multipart/mixed; boundary="b"', body=mixed),
        mail("Content-Type: text/plain; format=flowed", body=flowed),
        mail(
            "Content-Transfer-Encoding: quoted-printable",
            "Content-Type: text/plain; charset=iso-8859-1",
            body="T=F6pfe",
        ),
        mail("Content-Type: text/plain; charset=nonsense", body="Töpfe"),
    )
    assert texts(result) == ["Fire & clay\ntoday", "陶泥", "This is a long line.\nShort.", "Töpfe", "Töpfe"]


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("yes\n\nOn Tue, 5 Mar 2024, Lu Pan wrote:\n> a\n> b", "yes"),
        ("yes\n\nOn Tue, 5 Mar 2024 at 08:54, Lu Pan\n<lu@example.org> wrote:\n\n> a", "yes"),
        ("ja\n\nAm 05.03.24 um 08:54 schrieb Lu Pan:\n> a", "ja"),
        ("oui\n\nLe mar. 5 mars 2024 à 08:54, Lu <lu@x.org> a écrit :\n\n> a", "oui"),
        ("sí\n\nEl mar, 5 mar 2024 a las 8:54, Lu (<lu@x.org>) escribió:\n\n> a", "sí"),
        ("sim\n\nEm ter., 5 de mar. de 2024 às 08:54, Lu <lu@x.org> escreveu:\n> a", "sim"),
        ("sì\n\nIl giorno mar 5 mar 2024 alle ore 08:54 Lu <lu@x.org> ha scritto:\n\n> a", "sì"),
        ("好\n\n在 2024年3月5日，Lu <lu@x.org> 写道：\n\n> a", "好"),
        ("> who?\nme\n> when?\ntoday", "me\ntoday"),
        ("yes\n-----Original Message-----\nFrom: Lu\nSent: x\n\nold", "yes"),
        ("yes\n\nFrom: Lu Pan\nSent: Tuesday\nTo: Pots\nSubject: kiln\n\nold", "yes"),
        ("see below\n\n---------- Forwarded message ---------\nFrom: Lu\n\nold", "see below"),
        ("yes\n\n--\nLu Pan\n+49 151", "yes"),
        ("yes\n\nSent from my iPhone", "yes"),
        ("yes\n-- \nLu Pan\n\nOn Tue, 5 Mar 2024, Bo wrote:\n> a\n> -- \n> Bo", "yes"),
        ("好\n\n发自我的iPhone", "好"),
        (
            "yes\n-=-=-=-=-=-=-=-=-=-=-=-\nGroups.io Links: You receive all messages.\nView: https://groups.io/g/pots",
            "yes",
        ),
        ("a list:\n--\n" + "point\n" * 30, "a list:\n--\n" + "point\n" * 29 + "point"),
        ("I wrote: nothing", "I wrote: nothing"),
        ("From: here\nTo: there", "From: here\nTo: there"),
        ("1 > 0\nit is", "1 > 0\nit is"),
    ],
)
def test_only_the_authors_own_words_are_kept(text: str, own: str) -> None:
    assert own_words(text).text == own


def test_a_mail_without_a_date_or_a_sender(tmp_path: Path) -> None:
    text = "From lu@example.org Tue Mar  5 00:54:20 2024\nFrom: lu@example.org\nSubject: x\n\nhello\n\n"
    result = box(
        tmp_path, text, text.replace("From: lu@example.org", "To: a@b.c"), text.replace("Subject", "Date: never\nX")
    )
    assert texts(result) == ["hello", "hello"]
    assert result.messages[0].time == int(datetime(2024, 3, 5, 0, 54, 20, tzinfo=UTC).timestamp()) * 10**6
    assert ["who sent it" in one.reason for one in result.bad] == [True]


def test_the_same_mail_in_two_boxes_counts_once(tmp_path: Path) -> None:
    one = mail("Message-ID: <1@x>")
    (tmp_path / "boxes").mkdir()
    (tmp_path / "boxes" / "a.mbox").write_text(one)
    (tmp_path / "boxes" / "b.mbox").write_text(one)
    result = read(tmp_path / "boxes")
    assert len(result.messages) == 1
    assert result.report.unused == {"the same mail once more": 1}


def test_a_large_attachment_is_passed_over(tmp_path: Path) -> None:
    huge = "\n".join(["A" * 76] * 40_000)
    picture = f"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n{huge}"
    body = f"--b\nContent-Type: text/plain\n\nwords\n--b\n{picture}\n--b--"
    result = box(tmp_path, mail('Content-Type: multipart/mixed; boundary="b"', body=body), mail(body="next"))
    assert texts(result) == ["words", "next"]


@pytest.mark.parametrize(
    "text", ["", "From here on\nit is far\n", "hello\n", "From: lu@example.org\nSubject: x\n\nhello\n"]
)
def test_other_texts_are_not_taken(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.mbox"
    path.write_text(text)
    assert "mbox" not in [one.name for sure, one in recognised(open_container(path)) if sure >= 0.5]


def test_the_shared_case_reads_as_expected() -> None:
    result = read(shared_case("23-mbox/list.mbox"))
    assert texts(result) == ["who has a kiln?", "I do."]
    assert answers(result) == {"I do.": "who has a kiln?"}
    assert {one.topic for one in result.messages} == {"kiln?"}
    assert {one.name: one.identities[0].handle for one in result.members} == {
        "Lu Pan": "lu@example.org", "Bo 陈": "bo@example.org",
    }  # fmt: skip


def as_mail(community: Community, place: int, hours: int) -> str:
    """A line as a mail: base64 so that no line of it is taken for a signature; answers by id, rooms as lists."""
    line = community.lines[place]
    time = datetime.fromtimestamp(NOON + place, UTC).astimezone(timezone(timedelta(hours=hours)))
    head = [
        f"From: {Header(community.people[line.author], 'utf-8').encode()} <p{line.author}@example.org>",
        f"Date: {format_datetime(time)}",
        f"Message-ID: <{place}@example.org>",
        f"List-Id: <room{line.room}.example.org>",
        "Content-Type: text/plain; charset=utf-8",
    ]
    if line.reply_to is not None:
        head.append(f"In-Reply-To: <{line.reply_to}@example.org>")
    quoted = f"\n\nOn 5 March, {community.people[0]} wrote:\n> old" if line.reply_to is not None else ""
    return mail(*head, body=line.text.replace("-", "~").replace("From ", ">From ") + quoted)


@settings(max_examples=FEW, deadline=None)
@given(community=communities(), hours=st.integers(-11, 12))
def test_a_little_community_comes_back(
    tmp_path_factory: pytest.TempPathFactory, community: Community, hours: int
) -> None:
    """People, words, times, answers and lists; mails carry no mentions, and "-" may be a signature's."""
    path = tmp_path_factory.mktemp("box") / "box.mbox"
    path.write_text(
        "".join(as_mail(community, place, hours) for place in range(len(community.lines))), encoding="utf-8"
    )
    result = read(path)
    assert not result.bad
    places = {one.id: at for at, one in enumerate(result.messages)}
    assert [
        (by(result, one), one.text, one.channel, places.get(one.reply_to), one.time) for one in result.messages
    ] == [
        (community.people[line.author], squeezed(line.text), f"room{line.room}", line.reply_to, (NOON + at) * 10**6)
        for at, line in enumerate(community.lines)
    ]


def squeezed(text: str) -> str:
    """Text as a mail keeps it: no spaces at the ends of lines, and one empty line at most."""
    text = "\n".join(line.rstrip() for line in text.replace("-", "~").split("\n")).strip()
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


SAMPLE = (
    mail("Subject: =?utf-8?b?5pON?= x", "Message-ID: <1@x>", "List-Id: <pots.example.org>")
    + mail('Content-Type: multipart/alternative; boundary="b"', "In-Reply-To: <1@x>",
           "From: =?utf-8?q?B=C3=B6?= <b@x.y>",
           body="--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--b\n"
                "Content-Type: text/html\n\n<p>hello<blockquote>x</blockquote>\n--b--")
).encode()  # fmt: skip


@settings(max_examples=SPOILT, deadline=None)
@given(data=spoilt_bytes(SAMPLE))
def test_a_spoilt_file_gives_rows_or_says_why_not(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("box") / "box.mbox"
    path.write_bytes(data)
    survives(path, "mbox")


def test_hostile_heads_and_bodies_give_rows_or_say_why_not(tmp_path: Path) -> None:
    nested = "".join(f'--b{n}\nContent-Type: multipart/mixed; boundary="b{n + 1}"\n\n' for n in range(300))
    hostile = [
        mail('Content-Type: multipart/mixed; boundary="b0"', body=nested),
        mail("Content-Type: text/html", body="<div " * 20_000 + "<!--" * 20_000),
        mail("Content-Type: text/html", body="<div>" * 20_000 + "x" + "</p>" * 20_000),
        mail("From: " + "=?utf-8?b?" * 500, "Subject: =?nonsense?q?a?= =?utf-8?b?%%%?=", "To: " + "<" * 5000),
        mail(
            "Content-Type: text/plain; charset=\x00; format", "Content-Transfer-Encoding: base64", body="\x00\x01===="
        ),
        mail("Date: Tue, 99 Foo 99999 99:99:99 +9999", "References: " + "<" * 5000),
        mail(body="--\n" * 10_000 + "> x\n" + "--\n" * 10_000),
        mail(body="_" * 30 + "\nhttp://x/list\n" + ("_" * 30 + "\nhttp://x/list\n") * 5_000),
        mail("Content-Type: text/plain; format=flowed", body="a \n" * 20_000),
        mail("From: " + " " * 30_000 + "<" * 1000, "References: " + "<a@b> " * 5_000),
        mail(body="> " * 20_000 + "\n" + "_" * 30_000 + "\nhttp\n" + "x@" * 20_000 + ":\n> y"),
        mail("Subject: " + "Re: " * 5000 + "[" * 5000, body=" wrote:" * 20_000 + "\n> z"),
    ]
    path = tmp_path / "box.mbox"
    path.write_bytes("".join(hostile).encode() + b"\xff\xfe\x00" * 1000)
    survives(path, "mbox")
