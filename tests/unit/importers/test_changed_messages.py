"""What `gather` does with edits, deletions and names, by a format that says what a test wants it to."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from models.archive.container import Row
from models.domain.records import Message
from service.importers.frame.container import Container, open_container
from service.importers.frame.format import Options
from service.importers.frame.gather import ChatSource
from service.importers.frame.report import Report
from service.importers.frame.transcript import Changed, Entries, Entry, Person, Room, Said


class Spoken:
    name: ClassVar[str] = "spoken"
    title: ClassVar[str] = "what a test says"

    def __init__(self, *entries: Entry) -> None:
        self._entries = entries

    def sure(self, files: Container) -> float:
        return 1.0

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        yield from (Room(key="r"), Person(key="1", name="Ines"), Person(key="2", name="Tom"), *self._entries)


def messages(path: Path, *entries: Entry) -> tuple[list[Message], Report]:
    path.write_text("")
    source = ChatSource(open_container(path), Spoken(*entries), Options())
    rows = [getattr(row, "record", None) for row in source.rows("members", {})]
    return [row for row in rows if isinstance(row, Message)], source.report


def said(id: str, text: str, *, at_names: bool = True) -> Said:
    return Said(file="f", line=1, author="1", time=5, text=text, room="r", id=id, at_names=at_names)


def changed(id: str, time: int, text: str | None, author: str = "1") -> Changed:
    return Changed(room="r", id=id, time=time, author=author, text=text, mentions=("2",))


def test_the_newest_words_of_a_message_count_wherever_the_change_stands(tmp_path: Path) -> None:
    found, _ = messages(tmp_path / "a", changed("m", 8, "new"), said("m", "old"), changed("m", 7, "newer than old"))
    assert [(one.text, len(one.mentions)) for one in found] == [("new", 1)]


def test_a_message_that_was_taken_back_is_gone_and_counted(tmp_path: Path) -> None:
    found, report = messages(tmp_path / "a", said("m", "a"), said("n", "b"), changed("m", 9, None, author="2"))
    assert [one.text for one in found] == ["b"]
    assert (report.messages, report.unused["deleted message"]) == (1, 1)


def test_nobody_can_change_the_words_of_others(tmp_path: Path) -> None:
    found, _ = messages(tmp_path / "a", said("m", "a"), changed("m", 9, "b", author="2"))
    assert [one.text for one in found] == ["a"]


def test_an_at_names_nobody_where_the_platform_tells_who_is_meant(tmp_path: Path) -> None:
    found, _ = messages(tmp_path / "a", said("m", "@Tom"), said("n", "@Tom", at_names=False))
    assert [len(one.mentions) for one in found] == [1, 0]


def test_names_as_long_as_a_book_are_no_mentions(tmp_path: Path) -> None:
    found, _ = messages(tmp_path / "a", Person(key="3", name="x" * 100_000), said("m", "@" * 10_000))
    assert not found[0].mentions


def test_a_text_of_ats_is_read_in_no_time_and_names_no_more_than_a_message_may(tmp_path: Path) -> None:
    crowd = [Person(key=f"p{n}", name=f"P{n}") for n in range(300)]
    found, _ = messages(
        tmp_path / "a", *crowd, said("m", " ".join(f"@P{n}" for n in range(300))), said("n", "@" * 10**6)
    )
    assert [len(one.mentions) for one in found] == [100, 0]


def test_a_file_is_read_once_however_long_it_is(tmp_path: Path) -> None:
    class Counted(Spoken):
        reads = 0

        def read(self, files: Container, options: Options, report: Report) -> Entries:
            Counted.reads += 1
            yield from super().read(files, options, report)

    (tmp_path / "a").write_text("")
    entries = [said(str(number), f"word {number}") for number in range(250)]
    source = ChatSource(open_container(tmp_path / "a"), Counted(*entries), Options())
    found = [row.record for row in source.rows("members", {}) if isinstance(row, Row)]
    assert [one.text for one in found if isinstance(one, Message)] == [one.text for one in entries]
    assert Counted.reads == 1
