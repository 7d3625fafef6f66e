"""Rounds on their way to a list: begun, finished, stopped, and failed where nobody solves them any more."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from models.community.view import Community
from models.domain.records import Micros, Round
from models.rounds.spec.json_text import named_in, plan_text, read_left_out, read_spec
from models.rounds.spec.requests import Match, Plan
from service.application import crud, round_publishing
from service.application.crud import Written
from service.application.round_people import Solving, people
from service.core.errors import FailedPrecondition, MatchRefused, YiqiError
from service.serving.solving import TookTooLong, Unsolvable
from service.store.contract import Store, Stored, UnitOfWork

INTERRUPTED = "The service was stopped while it solved this round. Solve it again."
_UNDER_WAY = ("solving", "repairing")

log = logging.getLogger("yiqi.rounds")


def begin(
    store: Store, work: UnitOfWork, runtime: Solving, asked: Round, now: Micros, *, previous: Sequence[Match] = ()
) -> Written:
    """Write a round that is to be solved, and solve it in the background. Locked ones among `previous` stay.

    Its solver is there before the write is seen, and ends after it: who sees the round sees that it is being solved.
    """
    written, community = crud.put(work, asked), work.community
    record = cast(Round, written.record)
    runtime.solvers.submit(
        (community, record.id),
        lambda report: (
            spec := read_spec(record.spec),
            people(
                store,
                runtime,
                community,
                record,
                spec,
                now,
                previous=previous,
                locked=[match for match in previous if match.locked],
                report=report,
            ),
        ),
        lambda result: _finish(store, runtime, community, record, result, now),
    )
    return written


def settled(store: Store, runtime: Solving, community: str, stored: Stored) -> Stored:
    """The round as it stands; see `settled_in`."""
    if not store.writable or not _abandoned(runtime, community, stored):
        return stored
    with store.write(community) as work:
        return settled_in(work, runtime, crud.fetch(work, "round", stored.record.id))


def settled_in(work: UnitOfWork, runtime: Solving, stored: Stored) -> Stored:
    """The round as it stands; one that nobody solves any more has failed, and a repair of it is given up."""
    if not _abandoned(runtime, work.community, stored):
        return stored
    return crud.put(work, _given_up(cast(Round, stored.record), INTERRUPTED))


def cancel(store: Store, runtime: Solving, community: str, round: str) -> Written:
    """Stop solving; a round that is not being solved stays as it is. Raises RoundNotFound."""

    def cancelled(found: Round) -> Round:
        if found.state == "repairing":
            return replace(found, state="published")
        return replace(found, state="cancelled") if found.state == "solving" else found

    with store.write(community) as work:
        runtime.solvers.cancel((community, round))
        return crud.change(work, "round", round, lambda found: cancelled(cast(Round, found)))


def _abandoned(runtime: Solving, community: str, stored: Stored) -> bool:
    record = cast(Round, stored.record)
    return record.state in _UNDER_WAY and runtime.solvers.progress((community, record.id)) is None


def _finish(
    store: Store, runtime: Solving, community: str, begun: Round, result: Plan | Exception, now: Micros
) -> None:
    """Write what became of an attempt, unless another has begun, or nobody wants it any more."""
    view = runtime.current(community)
    with store.write(community) as work:
        stored = work.get("round", [begun.id]).get(begun.id)
        if stored is None:
            return
        record = cast(Round, stored.record)
        if record.state not in _UNDER_WAY or record.attempt != begun.attempt:
            return
        if isinstance(result, Exception):
            crud.put(work, _given_up(record, _problem(result)))
        else:
            _take(work, view, runtime.settings.contacts_per_week, record, result, now)


def _take(work: UnitOfWork, view: Community, usual: int, record: Round, plan: Plan, now: Micros) -> None:
    """Write a list, and in the same transaction what it changes of a published one, or that it goes out by itself."""
    changed = _with_plan(record, plan)
    if changed.state == "published":
        try:
            round_publishing.repaired(work, view, usual, changed, now)
        except MatchRefused as refused:
            crud.put(work, _given_up(record, refused.sentence))
        return
    solved = cast(Round, crud.put(work, changed).record)
    if solved.goes_out and not plan.collisions:
        try:
            round_publishing.publish(work, view, usual, solved.id, now)
        except (MatchRefused, FailedPrecondition) as refused:
            # What stands in the way is noted, and the list stays to be looked at.
            crud.put(work, replace(solved, problem=refused.sentence))


def _with_plan(record: Round, plan: Plan) -> Round:
    spec, left_out = read_spec(record.spec), read_left_out(record.left_out)
    state = "published" if record.state == "repairing" else "solved"
    return replace(record, state=state, plan=plan_text(plan), members=named_in(spec, plan, left_out), problem="")  # type: ignore[arg-type]


def _given_up(record: Round, problem: str) -> Round:
    if record.state not in _UNDER_WAY:
        return record
    return replace(record, state="published" if record.state == "repairing" else "failed", problem=problem)


def _problem(fault: Exception) -> str:
    match fault:
        case TookTooLong():
            return "Solving took longer than it may. Allow more seconds, or ask for less."
        case Unsolvable():
            return f"The request cannot be solved: {fault}."
        case YiqiError():
            return fault.sentence
        case _:
            log.error("round failed", extra={"fault": f"{type(fault).__name__}: {fault}"[:300]})
            return "Something went wrong while solving. Solve it again, and report it if that does not help."
