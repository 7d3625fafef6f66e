"""Who said no to what a project is due for: noted in the invitation that it began with, so that nobody is asked twice.

A no says nothing of anybody, so that it is no outcome; and whose it is need not be told, only known again.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from models.domain import strict_json
from models.domain.outcome_ids import digest
from models.domain.records import Invitation
from service.application import invitations
from service.store.contract import UnitOfWork

MOST = 500  # noes of a project, the newest
_ROOM = 20_000  # bytes of `extra`
_KEY = "no"  # in it


def note(work: UnitOfWork, project: str, member: str, kind: str) -> None:
    """Note a no of somebody in a project; nothing where nobody is asked, since it came of no proposal."""
    asking = (one for one in invitations.of(work, "proposal", project) if one.state == "open")
    work.put_together([_noting(one, no_of(project, member, kind)) for one in asking])


def noes(invitation: Invitation) -> Container[str]:
    """Those that were said, as `no_of` gives them."""
    return frozenset(_listed(invitation))


def no_of(project: str, member: str, kind: str) -> str:
    """What stands for a no to something due."""
    return digest(project, kind, member)[:16]


def _noting(invitation: Invitation, no: str) -> Invitation:
    """Where there is no room for both, the needs go, which the project has by now."""
    before = _listed(invitation)
    if no in before:
        return invitation
    said = {_KEY: [*before, no][-MOST:]}
    extra = strict_json.write(strict_json.kept_object(invitation.extra) | said)
    return replace(invitation, extra=extra if len(extra.encode()) <= _ROOM else strict_json.write(said))


def _listed(invitation: Invitation) -> list[str]:
    found = strict_json.kept_object(invitation.extra).get(_KEY)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
