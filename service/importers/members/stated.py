"""What a row of a member list states, as fields of a member."""

from __future__ import annotations

import re
from typing import Any

from models.domain import strict_json
from models.domain.records import CONSENT_LEVEL, Need, Scalar
from service.importers.frame.report import Report
from service.importers.members.answers import clean, consent_of, label, languages_of, statements, zone_of
from service.importers.members.layout import Layout
from service.importers.members.table import Cell, Cells

_LONGEST_LABEL = 200


def stated_in(layout: Layout, cells: Cells, report: Report) -> dict[str, Any]:
    """What a row states, as fields of a member; what it does not state is left out."""
    fields: dict[str, Any] = {}
    attributes: dict[str, Scalar] = {}
    for name, role in layout.roles.items():
        cell = cells.get(name, "")
        if not cell:
            continue
        if role == "attribute":
            if text := label(cell):
                attributes[name] = _scalar(text, name in layout.numbers)
        elif role == "consent":
            said = _on_one_line(cell)
            answer = consent_of(said)
            fields[role] = min(fields.get(role, answer), answer, key=CONSENT_LEVEL.__getitem__)
            if answer != "members":
                # So that whoever limited it is not taken for somebody who was never asked.
                fields["extra"] = strict_json.write({CONSENT_ANSWER: said})
        elif role in READ:
            _add(fields, role, _read(role, cell, name in layout.choices, report))
    if attributes:
        fields["attributes"] = attributes
    if len(fields.get("place", "")) > _LONGEST_LABEL:
        # So many words are more than a place, and are not cut.
        _add(fields, "profile", fields.pop("place"))
    return fields


# The field of `extra` with the words by which somebody limited whom they are shown to.
CONSENT_ANSWER = "consent_answer"
# Fields of a member that a column is read into.
READ = ("profile", "aims", "offers", "seeks", "values", "languages", "place", "time_zone", "availability")


def _on_one_line(cell: Cell) -> str:
    return " ".join((cell if isinstance(cell, str) else " ".join(cell)).split())


def _read(role: str, cell: Cell, choices: bool, report: Report) -> Any:
    if role == "profile":
        return clean(cell)
    if role == "place":
        return clean(cell).replace("\n", " ")
    if role == "time_zone":
        if (text := clean(cell)) and not zone_of(text):
            report.unused[f"time zone that is not known: {text[:40]}"] += 1
        return zone_of(text)
    if role == "languages":
        tags, unknown = languages_of(cell)
        for word in unknown:
            report.unused[f"language that is not known: {word[:40]}"] += 1
        return tuple(tags)
    said = statements(cell, choices=choices)
    return tuple(map(Need, said)) if role in ("offers", "seeks") else said


def _add(fields: dict[str, Any], role: str, value: Any) -> None:
    """Puts what several columns say of one thing together."""
    before = fields.get(role)
    if not value or value == before:
        return
    if not before:
        fields[role] = value
    elif role == "profile":
        fields[role] = before if value in before else f"{before}\n{value}"
    elif role == "place":
        fields[role] = before if value in before else f"{before}, {value}"
    elif isinstance(value, tuple):
        fields[role] = tuple(dict.fromkeys((*before, *value)))[:100]


def _scalar(text: str, is_number: bool) -> Scalar:
    return int(text) if is_number and re.fullmatch(r"-?\d{1,15}", text) else text
