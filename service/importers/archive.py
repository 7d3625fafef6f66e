"""Yiqi's own archive as a source, and what others write in its way: JSON lines of members and messages."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.archive.container import BadRow, Row, Rows, read
from models.archive.fields import NESTED_PREFIX
from models.domain import strict_json
from models.domain.records import Consent, Member, Message, Micros
from service.importers.frame.report import Report
from service.importers.frame.source import KnownHandles
from service.importers.members.columns import ROLES, role_of
from service.importers.members.layout import Layout
from service.importers.members.stated import READ, stated_in
from service.importers.members.table import cells_of

_KEPT = "kept, but not matched on"


class ArchiveSource:
    """An archive at `path`: folder, .zip or .tar.gz. ArchiveError when there is none.

    An export has a community.json; where there is none, somebody else wrote the rows, and fields that Yiqi does not
    know by these names (bio, skills, looking_for) are understood where their names tell what they are.
    """

    def __init__(self, path: Path) -> None:
        self._archive = read(path)
        self._is_export = "community" in self._archive.files
        self.report = self._reported()
        self.answered: dict[str, Micros] | None = None
        self.restores = self._is_export

    def fingerprint(self) -> str:
        return self._archive.fingerprint()

    def rows(self, consent: Consent, known: KnownHandles) -> Rows:
        """Every row, under the ids it has in the archive."""
        report = self.report = self._reported()
        fields = _Fields(report)
        lines: dict[str, int] = {}
        for row in self._archive.records(consent=consent):
            if isinstance(row, Row) and isinstance(row.record, Member):
                row = self._member(row, row.record, lines, fields)
            _count(report, row)
            yield row
        fields.tell()

    def _member(self, row: Row, member: Member, lines: dict[str, int], fields: _Fields) -> Row | BadRow:
        """The row, unless its id stood before: then one of two people would be lost."""
        before = lines.setdefault(member.id, row.line)
        if before != row.line:
            once = f"id {member.id} stood in line {before} already; give each person an id of their own"
            return BadRow(row.file, row.line, once)
        return row if self._is_export else row._replace(record=fields.understood(member))

    def _reported(self) -> Report:
        report = Report(format="Yiqi archive", files=len(self._archive.files), clock="as written, with their offset")
        if self._archive.ignored:
            report.unused["file that is no part of an archive"] = len(self._archive.ignored)
        return report


def _count(report: Report, row: Row | BadRow) -> None:
    if isinstance(row, BadRow):
        report.bad += 1
    elif isinstance(row.record, Message):
        report.count(row.record)
    else:
        report.people += isinstance(row.record, Member)
        report.rooms += row.file.removesuffix(".gz").endswith("channels.jsonl")


class _Fields:
    """Understands fields that are unknown by name, and counts those that stay so."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._taken: Counter[str] = Counter()
        self._kept: Counter[str] = Counter()

    def understood(self, member: Member) -> Member:
        """The member with the fields of `extra` that say something Yiqi knows, where nothing was said of that."""
        if not member.extra:
            return member
        extra: dict[str, Any] = strict_json.read_object(member.extra)
        given = {name: value for name, value in extra.items() if value not in (None, "", [], {})}
        roles = {name: role for name in given if (role := role_of(name)) in READ and not getattr(member, role)}
        stated = stated_in(Layout.of_roles(roles), cells_of({name: given[name] for name in roles}), self._report)
        taken = {name for name, role in roles.items() if role in stated}
        self._taken.update(taken)
        self._kept.update(name for name in given if name not in taken and not name.startswith(NESTED_PREFIX))
        left = {name: value for name, value in extra.items() if name not in taken}
        return replace(member, **stated, extra=strict_json.write(left) if left else "")

    def tell(self) -> None:
        """Puts into the report what became of them."""
        for name in self._taken:
            self._report.columns[name] = ROLES[role_of(name)]
        for name, rows in self._kept.items():
            before = self._report.columns.get(name)
            kept = f"{_KEPT} ({rows:,} rows)"
            self._report.columns[name] = f"{before}; elsewhere {kept}" if before else kept
        if self._kept:
            self._report.note(f"Fields that are matched on: {', '.join(READ)}; others are kept and can be filtered by.")
