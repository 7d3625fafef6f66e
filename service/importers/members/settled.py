"""Which rows of a member list are one person's, which count, and which cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.archive.container import BadRow
from models.domain.records import Identity
from service.importers.frame.gather import squeezed
from service.importers.frame.report import Report
from service.importers.members.answers import answered_at, clean
from service.importers.members.layout import Layout
from service.importers.members.table import Cell, Cells, Table
from service.importers.members.who import id_of, identities_of, name_of, not_coming

_NOTES = 10  # of one kind


@dataclass(slots=True)
class _Seen:
    line: int
    name: str
    time: int | None


class Settled:
    """The first pass: `left_out` are lines of answers that do not count, `bad` those that cannot, and why;
    `times` when lines were written, where they say so."""

    def __init__(self, table: Table, layout: Layout, report: Report) -> None:
        self.left_out: set[int] = set()
        self.bad: dict[int, str] = {}
        self.times: dict[int, int] = {}
        self._layout, self._report = layout, report
        self._by_id: dict[str, _Seen] = {}
        self._by_contact: dict[Identity, _Seen] = {}
        self._by_name: dict[str, int] = {}
        self._rows: dict[tuple[tuple[str, Cell], ...], int] = {}
        self._timed = bool(layout.of("time"))
        self._told = 0
        for row in table.rows():
            if not isinstance(row, BadRow):
                self._meet(*row)

    def _meet(self, line: int, cells: Cells) -> None:
        if status := not_coming(self._layout, cells):
            self._leave_out(line, f"guest who does not come ({status})")
            return
        seen = _Seen(line, name_of(self._layout, cells), self._time(cells))
        if not seen.name and self._layout.form.shares_address:
            self._leave_out(line, "ticket of somebody who is not named")
            return
        if seen.time is not None:
            self.times[line] = seen.time
        contacts = list(identities_of(self._layout, cells, phones=True))
        if not seen.name and not contacts and not id_of(self._layout, cells):
            if any(self._layout.roles.get(name) not in ("", "unused", "time") and cell for name, cell in cells.items()):
                self.bad[line] = "no name and no contact: nobody could be introduced"
            else:
                self._leave_out(line, "row without a person")
            return
        before = self._before(seen, id_of(self._layout, cells), contacts)
        if line in self.bad or (before is None and self._repeats(seen, cells, bool(contacts))):
            return
        if before is not None:
            self._settle(before, seen)
            seen = before
        if id := id_of(self._layout, cells):
            self._by_id[id] = seen
        for contact in contacts:
            self._by_contact.setdefault(contact, seen)

    def _before(self, seen: _Seen, id: str, contacts: Sequence[Identity]) -> _Seen | None:
        """Whoever is the same person and answered before."""
        if id:
            before = self._by_id.get(id)
            if before and not (self._timed and _same_name(before.name, seen.name)):
                self.bad[seen.line] = (
                    f"id {id} stood in line {before.line} already; give each person an id of their own"
                )
            return before
        for contact in contacts:
            before = self._by_contact.get(contact)
            if before and (_same_name(before.name, seen.name) or self._is_one_persons(contact)):
                return before
            if before and contact.platform == "email":
                shared = f"{seen.name} (line {seen.line}) and {before.name} (line {before.line})"
                self._note(f"{shared} have one e-mail address; they are taken for two people")
        return None

    def _repeats(self, seen: _Seen, cells: Cells, has_contact: bool) -> bool:
        """Whether a row that nothing else tells apart says what one before it said, word for word. Two that differ, or
        that hold a name and no more, may be two people, and are."""
        if has_contact or id_of(self._layout, cells):
            return False
        repeated = self._rows.setdefault(tuple(sorted(cells.items())), seen.line) if len(cells) > 1 else seen.line
        if repeated != seen.line:
            self._leave_out(seen.line, "row that says the same as one before it")
            return True
        before = self._by_name.setdefault(seen.name, seen.line)
        if before != seen.line:
            lines = f"lines {before} and {seen.line}"
            self._note(f"{seen.name} stands in {lines}, and nothing says whether that is one person; they are two")
        return False

    def _is_one_persons(self, contact: Identity) -> bool:
        """Whether another name under this contact is a new name of the same person."""
        return contact.platform == "email" and self._timed and not self._layout.form.shares_address

    def _settle(self, before: _Seen, seen: _Seen) -> None:
        older, newer = sorted((before, seen), key=lambda one: (one.time or 0, one.line))
        self._note(
            f"{newer.name or 'Somebody'} answered in lines {before.line} and {seen.line}; line {newer.line} counts"
        )
        self._leave_out(older.line, "older answer of the same person")
        before.line, before.name, before.time = newer.line, newer.name, newer.time

    def _leave_out(self, line: int, why: str) -> None:
        self.left_out.add(line)
        self._report.unused[why] += 1

    def _note(self, sentence: str) -> None:
        self._told += 1
        if self._told <= _NOTES:
            self._report.note(sentence)

    def _time(self, cells: Cells) -> int | None:
        found = (answered_at(clean(cells.get(name, "")), self._layout.day_first) for name in self._layout.of("time"))
        return next(found, None)


def _same_name(one: str, other: str) -> bool:
    """Whether two names may be one person's: one is a part of the other, or missing."""
    a, b = set(one.casefold().split()), set(other.casefold().split())
    return a <= b or b <= a or squeezed(one.casefold()) == squeezed(other.casefold())
