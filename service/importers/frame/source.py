"""What every source of a community offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from models.archive.container import Rows
from models.domain.records import Consent, Micros
from service.importers.frame.report import Report

# (platform, handle) → the id of the member known by it.
KnownHandles = Mapping[tuple[str, str], str]


class Source(Protocol):
    """Rows of a community, the same ones in the same order each time they are asked for."""

    report: Report  # what was understood, whole once the rows have been read
    # When each member answered, by id, 0 where that is not said; of those whose row was read. None: no answers.
    answered: dict[str, Micros] | None
    # Whether it is an export of Yiqi, whose times are taken as they are: where a clock was once wrong, so were they.
    restores: bool

    def fingerprint(self) -> str:
        """A hash of everything that decides the rows: two equal ones mean equal rows."""

    def rows(self, consent: Consent, known: KnownHandles) -> Rows:
        """Every row: channels and members before what names them. `consent` is that of members who state none.

        A source of a platform gives people in `known` the id they have there.
        """
