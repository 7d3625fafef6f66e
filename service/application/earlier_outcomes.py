"""Outcomes that earlier versions made of what members said, under ids that callers may give as well."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator

from models.domain.kinds import INVITATION, PROJECT
from models.domain.outcome_ids import digest
from models.domain.records import Outcome
from service.application import crud, project_care
from service.store.contract import Snapshot

_DIGEST = re.compile(r"[0-9a-f]{32}\Z")


def of_earlier_versions(at: Snapshot, outcomes: Collection[Outcome]) -> set[str]:
    """The ids of those of these stored outcomes that were made of an invitation or project."""
    by_source: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if _DIGEST.match(outcome.id):
            by_source[outcome.source].append(outcome)
    return {id for source, theirs in by_source.items() for id in _made_of(at, source, theirs)}


def _made_of(at: Snapshot, source: str, outcomes: Collection[Outcome]) -> Iterator[str]:
    sent = [stored.record for stored in crud.everything(at, INVITATION, member=source)]
    projects = {stored.record.id for stored in crud.everything(at, PROJECT, member=source)}
    refs = projects.union(one.ref for one in sent)
    for one in outcomes:
        pair = (one.source, one.target)
        said = [(invitation.id, *pair, what) for invitation in sent for what in ("reply", one.kind)]
        done = [(ref, kind, *pair) for ref in refs for kind in project_care.BECAME]
        if any(digest(*parts) == one.id for parts in (*said, *done, *((ref, *pair, "accepted") for ref in refs))):
            yield one.id
