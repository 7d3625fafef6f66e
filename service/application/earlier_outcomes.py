"""Outcomes that earlier versions made of what members said, under ids that callers may give as well."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from models.domain.kinds import INVITATION, OUTCOME, PROJECT
from models.domain.outcome_ids import digest
from models.domain.records import OutcomeKind
from service.application import crud, project_care
from service.store.contract import Snapshot, Store

_DIGEST = re.compile(r"[0-9a-f]{32}\Z")


def of_earlier_versions(store: Store, community: str, ids: Collection[str]) -> set[str]:
    """Which of these ids are of stored outcomes that were made of an invitation or project. None is made any more, so
    that it holds for whoever writes next. Raises CommunityNotFound."""
    likely = [id for id in ids if _DIGEST.match(id)]
    if not likely:
        return set()
    with store.read(community) as at:
        there = at.get(OUTCOME, likely)
        asked: defaultdict[str, defaultdict[str, set[OutcomeKind]]] = defaultdict(lambda: defaultdict(set))
        for stored in there.values():
            asked[stored.record.source][stored.record.target].add(stored.record.kind)
        made = {id for source, kinds in asked.items() for id in _made_of(at, source, kinds)}
        return made & there.keys()


def _made_of(at: Snapshot, source: str, kinds: Mapping[str, Collection[OutcomeKind]]) -> Iterator[str]:
    """The ids that outcomes from somebody have, of these kinds by whom they are to."""
    for invitation in (stored.record for stored in crud.everything(at, INVITATION, member=source)):
        for target in kinds.keys() & set(invitation.members):
            pair = (source, target)
            yield from (digest(invitation.id, *pair, what) for what in ("reply", *kinds[target]))
            yield from _of_project(invitation.ref, *pair)
    for project in (stored.record for stored in crud.everything(at, PROJECT, member=source)):
        for target in kinds.keys() & set(project.members):
            yield from _of_project(project.id, source, target)


def _of_project(project: str, source: str, target: str) -> Iterator[str]:
    yield digest(project, source, target, "accepted")
    yield from (digest(project, due, source, target) for due in project_care.BECAME)
