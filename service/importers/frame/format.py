"""What a chat format is to the rest: a name, how sure it is that a file is its own, and how it is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar
from zoneinfo import ZoneInfo

from service.importers.frame.container import Container
from service.importers.frame.report import Report
from service.importers.frame.transcript import Entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What an organizer says about a file. Empty or None: not said.

    `channel` is the name of the room where the file names none. `zone` is where times without an offset were. `me` is
    the name or id of who made the export, where it calls them 我. `day_first` settles dates such as 05/03/2024.
    """

    channel: str = ""
    zone: ZoneInfo | None = None
    me: str = ""
    day_first: bool | None = None


class Format(ABC):
    """One kind of export. A module of `service.importers.formats` holds one or a family of them, and is found there.

    Of several that a file may be the surest is taken, and of equally sure ones the first by name: no order of formats
    is kept anywhere.
    """

    name: ClassVar[str]  # for --format: "slack"; with the tool behind a hyphen where several export one platform
    title: ClassVar[str]  # for people: "Slack export"

    @abstractmethod
    def sure(self, files: Container) -> float:
        """How sure it is that these files are of this format, 0..1, by what is in them: names alone are no proof.

        Below .5 it is not taken; what is nearest is named to the organizer. Must be quick and never raise.
        """

    @abstractmethod
    def read(self, files: Container, options: Options, report: Report) -> Entries:
        """Everything in the files, streamed; the same entries each time. What is found out goes into `report`.

        A line that cannot be read comes as BadRow and does not stop the rest. ArchiveError when an option is missing
        that cannot be guessed (the sentence says which), or when the files are not this format after all.
        """
