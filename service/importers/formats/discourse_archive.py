"""What a member of a Discourse forum downloads of their own posts: user_archive.csv, alone or in its zip.

| what | fact [discourse/discourse:app/jobs/regular/export_user_archive.rb] |
|---|---|
| columns | topic_title,categories (outer|inner),is_pm,post_raw,post_cooked,like_count,reply_count,url,created_at |
| author | one, who is named in no line: the zip's preferences.json says it (UserSerializer: username, name), or --me |
| is_pm | yes or no in the language of whoever asked for it; "-" as category: one that they cannot see |
| url | BASE/t/SLUG/TOPIC/POST_NUMBER; created_at "2024-03-05 00:54:20 UTC" |
| in it, too | posts that were deleted, without a mark |

What is not surely public stays private. Mentions are @username in post_raw; replies only where a post quotes another.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import ClassVar

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity, Micros
from service.importers.formats.discourse import PLATFORM, post_id, without_quotes
from service.importers.frame.clock import written
from service.importers.frame.container import Container
from service.importers.frame.decoding import head_text, is_broken
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import BEGINS, UNREADABLE, walk
from service.importers.frame.report import Report
from service.importers.frame.sheets import rows_of
from service.importers.frame.transcript import ME, Entries, Person, Quote, Room, Said
from service.importers.frame.values import fields, label

_COLUMNS = ("topic_title", "categories", "is_pm", "post_raw", "url", "created_at")
_NO = frozenset(
    (
        "no",
        "nein",
        "non",
        "não",
        "nao",
        "nej",
        "nei",
        "nee",
        "nie",
        "ne",
        "nu",
        "ei",
        "нет",
        "нi",
        "ні",
        "いいえ",
        "否",
        "아니요",
        "hayır",
        "không",
        "לא",
        "لا",
        "όχι",
    )
)
_URL = re.compile(r"/t/(?:[^/\s]*/)?(\d{1,18})/(\d{1,18})(?:[?#]|$)")


class DiscourseArchive(Format):
    """One member's posts."""

    name: ClassVar[str] = "discourse-archive"
    title: ClassVar[str] = "Discourse archive of one member (user_archive.csv)"

    def sure(self, files: Container) -> float:
        return 0.95 if _tables(files) else 0.0

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        if not (tables := _tables(files)):
            raise ArchiveError("there is no user_archive.csv in this, with columns such as topic_title and post_raw")
        report.clock = "as written, in UTC"
        report.note("The archive holds posts that were deleted, too, and does not say which.")
        author = ME if options.me else ""
        if not author and (person := _owner(files)):
            author = person.key
            yield person
        if not author:
            report.note("The archive does not say whose posts these are: say it with --me NAME.")
        for name in tables:
            yield from _table(files, name, author or ME, options, report)


def _tables(files: Container) -> list[str]:
    return [name for name in files.ending(".csv", ".txt") or files.names if _is_table(files, name)]


def _is_table(files: Container, name: str) -> bool:
    try:
        first = head_text(files, name, 1 << 12).lstrip("\ufeff").split("\n", 1)[0]
    except (*UNREADABLE, ArchiveError, ValueError):
        return False
    return {"topic_title", "is_pm", "post_raw", "created_at"} <= set(re.findall(r"\w+", first))


def _owner(files: Container) -> Person | None:
    """Whose archive it is, as their preferences say."""
    for name in files.ending("preferences.json"):
        found = {one.path: one.value for one in walk(files, name, ("", "user")) if one.value is not BEGINS}
        about = {"username": found.get("user.username", found.get("username")),
                 "name": found.get("user.name", found.get("name"))}  # fmt: skip
        if username := label(fields(about).get("username")):
            return Person(key=username.lower(), name=label(about["name"]) or username, also=(username,),
                          identities=(Identity(PLATFORM, username.lower()),))  # fmt: skip
    return None


def _table(files: Container, name: str, author: str, options: Options, report: Report) -> Entries:
    columns: dict[str, int] = {}
    rooms: dict[str, None] = {}
    for row in rows_of(files, name):
        if isinstance(row, BadRow):
            yield row
        elif not columns:
            columns = {cell.strip("\ufeff"): at for at, cell in enumerate(row[1])}
            if missing := [one for one in _COLUMNS if one not in columns]:
                raise ArchiveError(
                    f"{name} has no column {missing[0]}; hand over user_archive.csv as it was downloaded"
                )
            report.columns = {one: "used" if one in _COLUMNS else "not used" for one in columns}
        else:
            yield from _row(
                name, row[0], {one: _cell(row[1], columns[one]) for one in _COLUMNS}, author, options, rooms
            )


def _cell(cells: list[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _row(file: str, line: int, cells: dict[str, str], author: str, options: Options, rooms: dict[str, None]) -> Entries:
    topic = _URL.search(cells["url"])
    try:
        if any(map(is_broken, cells.values())):
            raise ValueError("holds bytes that are no text")
        if not topic:
            raise ValueError("its url names no post of a topic")
        time = _time(cells["created_at"])
    except ValueError as error:
        yield BadRow(file, line, str(error))
        return
    room = _room(cells, topic[1], author, options)
    if room.key not in rooms:
        rooms[room.key] = None
        yield room
    text, quotes = without_quotes(cells["post_raw"])
    same = next((number for _, number, of in quotes if number and of in ("", topic[1])), "")
    whom = next((who for who, _, _ in quotes), "")
    yield Said(
        file=file,
        line=line,
        author=author,
        time=time,
        text=text,
        room=room.key,
        id=post_id(topic[1], topic[2]),
        reply_to=post_id(topic[1], same) if same else "",
        thread=post_id(topic[1], "1"),
        topic=label(cells["topic_title"]),
        quote=Quote(by=whom.lower(), words="") if whom and not same else None,
    )


def _time(cell: str) -> Micros:
    from_utc = re.sub(r"\s*UTC$", "Z", cell.strip())
    if not re.search(r"Z$|[+-]\d\d:?\d\d$", from_utc):
        from_utc += "Z"
    return written(from_utc, UTC)


def _room(cells: dict[str, str], topic: str, author: str, options: Options) -> Room:
    title, category = label(cells["topic_title"]), label(cells["categories"])
    if cells["is_pm"].strip().casefold() not in _NO:
        return Room(key=f"pm-{topic}", name=title, visibility="private", members=(author,))
    if category == "-":
        return Room(key=f"hidden-{topic}", name=title, visibility="private", members=(author,))
    return Room(key=options.channel or category or "forum")
