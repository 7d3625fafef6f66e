"""What tests of text and mail formats share beside tests.platform_chats: files that need something to be said."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from models.archive.container import ArchiveError
from models.domain.records import Member, Message
from service.importers.formats import format_named, recognised
from service.importers.frame.container import open_container
from service.importers.frame.format import Options
from service.importers.frame.gather import ChatSource
from tests.platform_chats import Read

BERLIN = ZoneInfo("Europe/Berlin")
SAID = Options(zone=ZoneInfo("UTC"), day_first=True)


def survives(path: Path, format: str, options: Options = SAID) -> None:
    """Reads what may be anything: rows and errors for people are all that may come of it, twice the same."""
    try:
        files = open_container(path)
        recognised(files)
        source = ChatSource(files, format_named(format), options)
        first = list(source.rows("members", {}))
        assert first == list(source.rows("members", {}))
        for row in first:
            str(row).encode()
    except ArchiveError as error:
        assert str(error)  # noqa: PT017


def texts(read: Read) -> list[str]:
    """What was said, in the order of the file."""
    return [one.text for one in read.messages]


def members(read: Read) -> dict[str, Member]:
    """People by the name they are shown with."""
    return {one.name: one for one in read.members}


def by(read: Read, message: Message) -> str:
    """The shown name of who said something."""
    return next(one.name for one in read.members if one.id == message.author)


def answers(read: Read) -> dict[str, str]:
    """What was said in answer, to what was answered; "?" for what is not in the file."""
    said = {one.id: one.text for one in read.messages}
    return {one.text: said.get(one.reply_to, "?") for one in read.messages if one.reply_to}


def mentioned(read: Read, message: Message) -> set[str]:
    """The shown names of who is mentioned."""
    return {one.name for one in read.members if one.id in message.mentions}
