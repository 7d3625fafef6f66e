"""Rows of a member list as members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.domain.records import Consent, Identity, Member
from service.importers.frame.gather import hashed
from service.importers.frame.report import EXAMPLES, Report
from service.importers.frame.source import KnownHandles
from service.importers.members.layout import Layout
from service.importers.members.stated import stated_in
from service.importers.members.table import Cells, Line
from service.importers.members.who import id_of, identities_of, name_of


@dataclass(slots=True)
class People:
    """The second pass. An identity belongs to one member: to who has it already, else to the first in the list."""

    layout: Layout
    known: KnownHandles
    consent: Consent
    report: Report
    _owners: dict[Identity, int] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)
    _same: Counter[str] = field(default_factory=Counter)

    def member(self, row: Line) -> Member:
        line, cells = row
        name = name_of(self.layout, cells)
        handles = dict.fromkeys(identities_of(self.layout, cells))
        owned = [one for one in handles if self._owners.setdefault(one, line) == line]
        id = self._id(cells, name, owned)
        self._ids.add(id)
        kept = [one for one in owned if self.known.get((one.platform, one.handle), id) == id]
        stated = stated_in(self.layout, cells, self.report)
        stated["consent"] = stated.get("consent") or self.consent
        member = Member(id=id, name=name, identities=tuple(kept), **stated)
        self._show(member)
        return member

    def _id(self, cells: Cells, name: str, owned: Sequence[Identity]) -> str:
        made = [
            *(self.known.get((one.platform, one.handle), "") for one in owned),
            id_of(self.layout, cells),
            *(hashed("member", one.platform, one.handle) for one in owned),
        ]
        if found := next((id for id in made if id and id not in self._ids), ""):
            return found
        self._same[name] += 1
        return hashed("member", "name", name, *([str(self._same[name])] if self._same[name] > 1 else []))

    def _show(self, member: Member) -> None:
        if member.has_profile and len(self.report.examples) < EXAMPLES:
            needs = [("offers", member.offers), ("seeks", member.seeks)]
            said = [
                member.profile,
                *(f"{what} {', '.join(need.text for need in all_)}" for what, all_ in needs if all_),
            ]
            words = " | ".join(" ".join(part.split()) for part in said if part)
            self.report.examples.append(f"{member.name}: {words or ', '.join((*member.aims, *member.values))}")
