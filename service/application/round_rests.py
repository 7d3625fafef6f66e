"""Who rests: they were in the last published round and said nothing of it, though others did.

Nobody rests twice in a row, since who rests is not in the round that counts next.
"""

from __future__ import annotations

from models.community.view import Community
from models.domain.invitations import mutual
from models.domain.kinds import ROUND
from models.domain.records import Guest, Micros, Round
from models.domain.requests import Filter
from models.ranking import eligibility
from models.rounds.spec.requests import RoundSpec
from service.application import crud, invitations
from service.application.round_people import LeftOut
from service.core.bounds import FUTURE_MICROS
from service.store.contract import Snapshot


def resting(at: Snapshot, view: Community, spec: RoundSpec, wanted: Filter, now: Micros) -> dict[str, LeftOut]:
    """Whom the filter keeps and who rests; nobody where the request names people or asks the silent, too."""
    if spec.members or spec.kind == "sides" or spec.ask_silent:
        return {}
    kept = eligibility.matching(view, wanted)
    return {id: "rests" for id in sorted(_silent(at, now)) if id in view.row and kept[view.row[id]]}


def _silent(at: Snapshot, now: Micros) -> set[str]:
    """Who said nothing of the last published round; nobody where nobody did, since then nobody was asked.

    What somebody said to a double opt-in does not show until all accepted, so nobody rests for it.
    """
    last = _last_published(at, now)
    if last is None:
        return set()
    open = (one for one in invitations.of(at, "round", last.id) if one.state == "open")
    sent = (one for one in open if not one.double_opt_in or mutual(one))
    guests = [guest for one in sent for guest in one.guests]
    spoke = {guest.member for guest in guests if _spoke(guest)}
    return {guest.member for guest in guests} - spoke if spoke else set()


def _last_published(at: Snapshot, now: Micros) -> Round | None:
    """The last until now: what a clock dated ahead that was wrong must not stay the last until it gets there."""
    found = (
        stored.record for state in ("published", "repairing") for stored in crud.everything(at, ROUND, state=state)
    )
    past = (one for one in found if (one.published or 0) <= now + FUTURE_MICROS)
    return max(past, key=lambda one: (one.published or 0, one.id), default=None)


def _spoke(guest: Guest) -> bool:
    return guest.reply != "pending" or bool(guest.answer) or guest.renewed > 0 or guest.left
