"""A member list as rows of a community: one member a person, the newest of their answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from models.archive.container import ArchiveError, BadRow, Row, Rows
from models.domain.records import Consent, Micros
from service.importers.frame.container import Container
from service.importers.frame.format import Options
from service.importers.frame.report import Report
from service.importers.frame.source import KnownHandles
from service.importers.members.columns import is_like_a_chat
from service.importers.members.layout import Layout, check_named, known, understood
from service.importers.members.people import People
from service.importers.members.settled import Settled
from service.importers.members.table import Table, open_table

_TABLES = (".csv", ".tsv", ".xls", ".xlsx", ".xlsm", ".ods", ".json", ".jsonl", ".ndjson")
_MOST_TABLES = 20  # that are looked at in a folder
_FEW_FILES = 3


class MemberSource:
    """The member list in `files`. `said` names what columns are, where that was said; the rest is guessed.

    ArchiveError when there is no table, or none that names people.
    """

    def __init__(self, files: Container, options: Options, said: Mapping[str, str]) -> None:
        self._files, self._options, self._said = files, options, dict(said)
        self._table, self.layout = _best(files, self._said, options.day_first)
        check_named(self.layout, self._table.file)
        self.report = self._reported()
        self.answered: dict[str, Micros] | None = {}
        self.restores = False

    def fingerprint(self) -> str:
        """A hash of the files and of what was said about them."""
        digest = hashlib.blake2b(digest_size=16)
        digest.update(repr(("members", sorted(self._said.items()), self._options.day_first)).encode())
        for piece in self._files.fingerprint():
            digest.update(piece)
        return digest.hexdigest()

    def rows(self, consent: Consent, known: KnownHandles) -> Rows:
        """One member a person, in the order of the file; lines that cannot be read among them."""
        report = self.report = self._reported()
        self.answered = {}
        settled = Settled(self._table, self.layout, report)
        people = People(self.layout, known, consent, report)
        for row in self._table.rows():
            if isinstance(row, BadRow):
                report.bad += 1
                yield row
            elif reason := settled.bad.get(row[0]):
                report.bad += 1
                yield BadRow(self._table.file, row[0], reason)
            elif row[0] not in settled.left_out:
                member = people.member(row)
                self.answered[member.id] = settled.times.get(row[0], 0)
                report.people += 1
                yield Row(self._table.file, row[0], member)

    def _reported(self) -> Report:
        report = Report(format=self.layout.form.title, files=len(self._files.names), encoding=self._table.encoding)
        report.columns = self.layout.in_words()
        if is_like_a_chat(self._table.columns):
            report.note("It has columns of times and words, as chats do; to read it as a chat, name it with --format.")
        if self.layout.day_unclear:
            report.note("Dates are read with the month first, 03/05 as March 5; --day-first says otherwise.")
        if len(self._files.names) > 1:
            others = [name for name in self._files.names if name != self._table.file]
            report.unused["file beside the member list"] = len(others)
            report.note(f"Only {self._table.file} is read; import others by themselves: {', '.join(others[:5])}")
        return report


def sure(files: Container) -> float:
    """How sure it is that these files are a member list. Never raises."""
    try:
        layout = _best(files, {}, None)[1]
        # Of many files one may well be a list of people, as in the exports of chats.
        return layout.sure() * (1 if len(files.names) <= _FEW_FILES else 0.5)
    except ArchiveError:
        return 0.0


def _best(files: Container, said: Mapping[str, str], day_first: bool | None) -> tuple[Table, Layout]:
    """The table that is most like a list of people."""
    names = files.ending(*_TABLES)[:_MOST_TABLES] if len(files.names) > 1 else list(files.names)
    found, reasons = [], []
    for name in names:
        try:
            table = open_table(files, name, known)
            layout = understood(table, said, day_first)
            found.append((layout.sure(), table, layout))
        except ArchiveError as error:
            reasons.append(error)
    if not found:
        raise reasons[0] if reasons else ArchiveError(f"{files.path} holds no table of people")
    _, table, layout = max(found, key=lambda one: one[0])
    return table, layout
