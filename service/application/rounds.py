"""Rounds: asked for, solved in the background, published, repaired and taken back.

A round is solving → solved → published → undone, and from undone as from solved again; failed or cancelled in between,
it can be solved again. A published one can be repaired, which is repairing → published. Every step is one transaction;
the result of an earlier attempt is thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from models.community.view import Community
from models.domain.invitations import guest_of
from models.domain.kinds import ROUND
from models.domain.records import Invitation, Micros, Round, RoundState
from models.domain.requests import Filter, Language
from models.rounds.spec.json_text import (
    STAYS_OUT,
    UNLESS_NAMED,
    left_out_text,
    named_in,
    read_left_out,
    read_plan,
    read_spec,
    spec_text,
)
from models.rounds.spec.requests import RoundSpec
from models.rounds.texts.notice import Notice
from service.application import crud, invitations, round_publishing
from service.application.round_people import Solving, asked_for, everybody, gone_of, left_out
from service.application.round_rests import resting
from service.application.round_solving import KIND, begin, cancel, settled, settled_in, under_way
from service.application.round_validation import require_known, require_sensible
from service.core.errors import AlreadyExists, FailedPrecondition, InvalidArgument
from service.store.contract import Snapshot, Store, Stored, UnitOfWork

SETTLED: tuple[RoundState, ...] = ("solved", "failed", "cancelled", "undone")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRound:
    """What an organizer asks for. `wanted` says who takes part where the spec names nobody.

    A `dry_run` waits to be looked at and published; any other round publishes itself when it is solved without a
    collision. `period_days` counts for standing matches; 0 means 28.
    """

    id: str
    spec: RoundSpec
    wanted: Filter = field(default_factory=Filter)
    title: str = ""
    notice: Notice = field(default_factory=Notice)
    ranked_as: Literal["collaborators", "peers"] = "collaborators"
    language: Language = "en"
    double_opt_in: bool = False
    dry_run: bool = True
    period_days: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """A round as stored, how far solving it is, 0..1, and where it was written the revision."""

    stored: Stored[Round]
    progress: float
    revision: int = 0

    @property
    def record(self) -> Round:
        """The round."""
        return self.stored.record


def create_round(
    store: Store,
    runtime: Solving,
    community: str,
    new: NewRound,
    now: Micros,
    *,
    request_id: str = "",
    min_sequence: int = 0,
) -> Status:
    """Ask for a list; returns at once, while it is being solved.

    With a `request_id` that made it before, it is returned as it stands. Raises InvalidArgument for a request that
    makes no sense, ProjectNotFound, AlreadyExists, CommunityNotFound, Unavailable.
    """
    view = runtime.current(community, min_sequence)
    with store.write(community) as work:
        if request_id and crud.made_before(work, request_id, f"round/{new.id}"):
            return _status(work, crud.fetch(work, ROUND, new.id))
        if work.get(ROUND, [new.id]):
            raise AlreadyExists(f'The round "{new.id}"')
        spec = asked_for(view, new.spec, new.wanted)
        require_sensible(spec)
        require_known(view, spec, new.wanted)
        out = resting(work, view, new.spec, new.wanted, now) | gone_of(view, new.spec, new.wanted)
        record = replace(_new_round(new, spec, now), left_out=left_out_text(out))
        asked = _asking(work, view, runtime, record, spec, now)
        return _status(work, begin(work, asked, now))


def _new_round(new: NewRound, spec: RoundSpec, now: Micros) -> Round:
    return Round(
        id=new.id,
        time=now,
        title=new.title,
        date=new.notice.date,
        place=new.notice.place,
        note=new.notice.note,
        ranked_as=new.ranked_as,
        language=new.language,
        double_opt_in=new.double_opt_in,
        goes_out=not new.dry_run,
        period_days=(new.period_days or round_publishing.PERIOD_DAYS) if spec.standing else 0,
    )


def update_notice(
    store: Store, community: str, round: str, told: Mapping[str, str], version: int | None = None
) -> Status:
    """Change what everybody is told of a round: any of its title, date, place and note. The list stays as it is.

    Raises RoundNotFound, EtagMismatch.
    """
    with store.write(community) as work:
        found = crud.fetch_version(work, ROUND, round, version).record
        return _status(work, crud.put(work, replace(found, **cast(Any, told))))


def get_round(store: Store, community: str, round: str) -> Status:
    """One round. Raises RoundNotFound."""
    with store.read(community) as at:
        return _seen(at, crud.fetch(at, ROUND, round))[0]


def list_rounds(
    store: Store, community: str, after: str = "", size: int = 0, *, state: RoundState | None = None
) -> tuple[list[Status], str]:
    """Rounds by id, in any state or in one, and the id after which the next page begins ("" when there is none)."""
    with store.read(community) as at:
        page = crud.page_at(at, ROUND, after, size, state=state or "")
        found = _seen(at, *page.items)
    return [one for one in found if state in (None, one.record.state)], page.next


def cancel_round(store: Store, community: str, round: str) -> Status:
    """Stop solving, at once; a repair is given up. Otherwise nothing. Raises RoundNotFound."""
    with store.write(community) as work:
        return _status(work, cancel(work, round))


def solve_again(
    store: Store,
    runtime: Solving,
    community: str,
    round: str,
    now: Micros,
    *,
    spec: RoundSpec | None = None,
    discard_edits: bool = False,
    version: int | None = None,
) -> Status:
    """Solve a round that is not published once more: locked matches stay, and so does what was made by hand, others
    change as little as possible; with `discard_edits` the list is made anew.

    `spec` asks for something else from now on; one that names nobody keeps the participants. Who pauses by now, or has
    no contact left, stays out. Raises RoundNotFound, EtagMismatch, FailedPrecondition, InvalidArgument.
    """
    view = runtime.current(community)
    with store.write(community) as work:
        record = _in_state(work, round, version, SETTLED, "cannot be solved now")
        wanted = read_spec(record.spec)
        if spec is not None:
            known = spec if spec.members or spec.kind == "sides" else replace(spec, members=wanted.members)
            wanted = asked_for(view, known, Filter())
            require_sensible(wanted)
            require_known(view, wanted, Filter())
        again = replace(
            record,
            state="solving",
            attempt=record.attempt + 1,
            problem="",
            goes_out=False,
            left_out=_without_named(record.left_out, spec) if spec else record.left_out,
            period_days=(record.period_days or round_publishing.PERIOD_DAYS) if wanted.standing else 0,
        )
        asked = _asking(work, view, runtime, again, wanted, now)
        goes_on = read_spec(record.spec).kind == wanted.kind and not discard_edits
        return _status(work, begin(work, asked, now, afresh=not goes_on))


def publish_round(
    store: Store, runtime: Solving, community: str, round: str, now: Micros, version: int | None = None
) -> Status:
    """Send the invitations; see `round_publishing.publish`."""
    view, usual = runtime.current(community), runtime.settings.contacts_per_week
    with store.write(community) as work:
        crud.put(work, settled_in(work, crud.fetch(work, ROUND, round)).record)
        return _status(work, round_publishing.publish(work, view, usual, round, now, version))


def repair_round(
    store: Store,
    runtime: Solving,
    community: str,
    round: str,
    now: Micros,
    *,
    drop: Sequence[str] = (),
    add: Sequence[str] = (),
    version: int | None = None,
) -> Status:
    """Make up for drop-outs of a published round, in the background; the invitations change when it is done.

    Whoever left, pauses or was erased counts as dropped out, and whoever declined, except where a refusal must not show
    (double opt-in). Raises RoundNotFound, MemberNotFound, EtagMismatch, FailedPrecondition when it is not published.
    """
    view = runtime.current(community)
    with store.write(community) as work:
        record = _in_state(work, round, version, ("published",), "is not published")
        crud.require_members(work, *add)
        sent = [one for one in invitations.of(work, "round", round) if one.state == "open"]
        spec = read_spec(record.spec)
        if spec.kind == "sides" and (strangers := set(add) - set(everybody(spec))):
            raise InvalidArgument(f'add "{min(strangers)}", who is on neither side')
        spec = replace(spec, members=tuple(dict.fromkeys((*spec.members, *add))))
        gone = {*drop, *_dropped_out(record, sent)} - set(add)
        before = {id: why for id, why in read_left_out(record.left_out).items() if id not in add}
        begun = replace(
            record,
            state="repairing",
            attempt=record.attempt + 1,
            problem="",
            left_out=left_out_text(before | dict.fromkeys(gone, "dropped")),
        )
        asked = _asking(work, view, runtime, begun, spec, now)
        return _status(work, begin(work, asked, now))


def undo_round(store: Store, community: str, round: str, version: int | None = None) -> Status:
    """Take publishing back; see `round_publishing.undo`. A repair is given up."""
    with store.write(community) as work:
        undone = round_publishing.undo(work, round, version)
        work.drop_job(KIND, round)
        return _status(work, undone)


def delete_round(store: Store, community: str, round: str, version: int | None = None) -> int:
    """Delete a round; what solves it is stopped. The revision. Raises RoundNotFound, EtagMismatch, FailedPrecondition
    when it is published: undo it first."""
    with store.write(community) as work:
        record = crud.fetch_version(work, ROUND, round, version).record
        if record.state in ("published", "repairing"):
            raise FailedPrecondition(f"{crud.called(record)} is published; undo it first")
        work.drop_job(KIND, round)
        return crud.delete(work, ROUND, round)


def _without_named(left_out: str, spec: RoundSpec) -> str:
    """Nobody whom the request names is left out for being gone or to rest, and nobody rests whom it asks again."""
    found = read_left_out(left_out).items()
    return left_out_text(
        {
            id: why
            for id, why in found
            if not (why in UNLESS_NAMED and id in spec.members) and not (why == "rests" and spec.ask_silent)
        }
    )


def _asking(work: UnitOfWork, view: Community, runtime: Solving, record: Round, spec: RoundSpec, now: Micros) -> Round:
    """The round as it is asked for, with who takes no part."""
    out: dict[str, str] = dict(left_out(work, view, runtime.settings.contacts_per_week, record, spec, now))
    # Whom an organizer dropped stays dropped, asked for or not, and who was gone or rested when it was asked for stays
    # out.
    out |= {id: why for id, why in read_left_out(record.left_out).items() if why in STAYS_OUT}
    text = left_out_text(out)
    return replace(record, spec=spec_text(spec), left_out=text, members=named_in(spec, read_plan(record.plan), out))


def _in_state(work: UnitOfWork, round: str, version: int | None, states: Sequence[RoundState], otherwise: str) -> Round:
    stored = settled_in(work, crud.fetch_version(work, ROUND, round, version))
    record = stored.record
    if record.state not in states:
        raise FailedPrecondition(f"{crud.called(record)} is {record.state} and {otherwise}")
    return record


def _dropped_out(record: Round, sent: Sequence[Invitation]) -> set[str]:
    """Who left, or declined where that may show."""
    named = {member for one in sent for member in one.members}
    left = {id for one in sent for id in named if (guest := guest_of(one, id)) is not None and guest.left}
    if record.double_opt_in:
        return left
    return left | {guest.member for one in sent for guest in one.guests if guest.reply == "declined"}


def _status(work: UnitOfWork, stored: Stored[Round]) -> Status:
    """A round as a unit of work leaves it."""
    return replace(_seen(work, stored)[0], revision=work.revision)


def _seen(at: Snapshot, *found: Stored[Round]) -> list[Status]:
    shares = under_way(at, *found)
    standing = (settled(stored, shares) for stored in found)
    return [Status(one, shares.get(one.record.id, 1.0 if one.record.plan else 0.0)) for one in standing]
