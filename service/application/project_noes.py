"""Who said no to what a project is due for: noted in the invitation that it began with, so that nobody is asked twice.

A no says nothing of anybody, so that it is no outcome; and whose it is need not be told, only known again.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from models.domain import strict_json
from models.domain.kinds import INVITATION, PROJECT
from models.domain.outcome_ids import digest
from models.domain.records import Invitation
from service.application import crud, invitations
from service.store.contract import UnitOfWork

ASKED = ("first_step", "nudge", "together_30", "together_90")  # kinds of what a no to is noted
MOST = 500  # noes of a project, the newest
_ROOM = 20_000  # bytes of `extra`
_KEY = "no"  # in it


def note(work: UnitOfWork, project: str, member: str, kind: str) -> None:
    """Note a no of somebody in a project; nothing where nobody is asked, since it came of no proposal."""
    asking = (one for one in invitations.of(work, "proposal", project) if one.state == "open")
    _put(work, [_with(one, [*_listed(one), no_of(project, member, kind)]) for one in asking])


def hand_over(work: UnitOfWork, member: str, to: str = "") -> None:
    """The noes of somebody who becomes one with another are that one's; of somebody who goes, they go."""
    invited = (stored.record.ref for stored in crud.everything(work, INVITATION, source="proposal", member=member))
    inside = (stored.record.id for stored in crud.everything(work, PROJECT, member=member))
    for project in sorted({*invited, *inside}):
        hand_over_in(work, project, member, to)


def hand_over_in(work: UnitOfWork, project: str, member: str, to: str = "") -> None:
    """The same in one project."""
    theirs = {no_of(project, member, kind): no_of(project, to, kind) if to else "" for kind in ASKED}
    for one in invitations.of(work, "proposal", project):
        said = _listed(one)
        if not theirs.keys().isdisjoint(said):
            _put(work, [_with(one, [kept for no in said if (kept := theirs.get(no, no))])])


def noes(invitation: Invitation) -> Container[str]:
    """Those that were said, as `no_of` gives them."""
    return frozenset(_listed(invitation))


def no_of(project: str, member: str, kind: str) -> str:
    """What stands for a no to something due."""
    return digest(project, kind, member)[:16]


def _put(work: UnitOfWork, changed: list[Invitation]) -> None:
    if not work.put_together(changed):
        raise AssertionError("an invitation could be stored, and cannot be now")


def _with(invitation: Invitation, noes: list[str]) -> Invitation:
    """Where there is no room for both, the needs go, which the project has by now."""
    said = {_KEY: list(dict.fromkeys(noes))[-MOST:]}
    extra = strict_json.write(strict_json.kept_object(invitation.extra) | said)
    return replace(invitation, extra=extra if len(extra.encode()) <= _ROOM else strict_json.write(said))


def _listed(invitation: Invitation) -> list[str]:
    found = strict_json.kept_object(invitation.extra).get(_KEY)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
