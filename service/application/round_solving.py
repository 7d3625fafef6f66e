"""Rounds on their way to a list: begun, finished, stopped, and failed where nobody solves them any more."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from models.domain.records import Micros, Round
from models.rounds.spec.json_text import named_in, plan_text, read_left_out, read_plan, read_spec
from models.rounds.spec.requests import Match, Plan
from service.application import crud, round_publishing
from service.application.round_people import Solving, people
from service.core.errors import FailedPrecondition, MatchRefused, RoundNotFound, YiqiError
from service.serving.solving import TookTooLong, Unsolvable
from service.store.contract import Store, Stored

INTERRUPTED = "The service was stopped while it solved this round. Solve it again."
_ATTEMPTS = 20
_UNDER_WAY = ("solving", "repairing")
# Nobody sees a round being solved before its solver knows of it.
_CHANGING = threading.RLock()

log = logging.getLogger("yiqi.rounds")


def begin(
    store: Store,
    runtime: Solving,
    community: str,
    write: Callable[[], Stored],
    now: Micros,
    *,
    previous: Sequence[Match] = (),
) -> Stored:
    """Write a round that is to be solved, and solve it in the background. Locked ones among `previous` stay."""
    with _CHANGING:
        stored = write()
        record = cast(Round, stored.record)
        if record.state not in _UNDER_WAY:
            return stored
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
        return stored


def settled(store: Store, runtime: Solving, community: str, stored: Stored) -> Stored:
    """The round as it stands; one that nobody solves any more has failed, and a repair of it is given up."""
    record = cast(Round, stored.record)
    if record.state not in _UNDER_WAY or not store.writable:
        return stored
    with _CHANGING:
        if runtime.solvers.progress((community, record.id)) is not None:
            return stored
        return crud.change(
            store, community, "round", record.id, lambda found: _given_up(cast(Round, found), INTERRUPTED)
        )


def cancel(store: Store, runtime: Solving, community: str, round: str) -> Stored:
    """Stop solving; a round that is not being solved stays as it is. Raises RoundNotFound."""
    with _CHANGING:
        runtime.solvers.cancel((community, round))

        def cancelled(found: Round) -> Round:
            if found.state == "repairing":
                return replace(found, state="published")
            return replace(found, state="cancelled") if found.state == "solving" else found

        return crud.change(store, community, "round", round, lambda found: cancelled(cast(Round, found)))


def _finish(
    store: Store, runtime: Solving, community: str, begun: Round, result: Plan | Exception, now: Micros
) -> None:
    """Write what became of an attempt, unless another has begun, or nobody wants it any more."""
    problem = _problem(result) if isinstance(result, Exception) else ""
    for _ in range(_ATTEMPTS):
        try:
            stored = crud.fetch(store, community, "round", begun.id)
        except RoundNotFound:
            return
        record = cast(Round, stored.record)
        if record.state not in _UNDER_WAY or record.attempt != begun.attempt:
            return
        if isinstance(result, Exception) or problem:
            changed = _given_up(record, problem)
        else:
            changed = _with_plan(store, community, record, result)
        if changed.state == "published" and not problem:
            try:
                if round_publishing.repaired(store, runtime, community, stored, changed, now):
                    return
            except MatchRefused as refused:
                problem = refused.sentence
            continue
        if store.put_together(community, [changed], {("round", begun.id): stored.version}):
            _go_out(store, runtime, community, changed, now)
            return


def _with_plan(store: Store, community: str, record: Round, plan: Plan) -> Round:
    """The round with its list. Who was erased while it was being solved is not in it."""
    spec, left_out = read_spec(record.spec), read_left_out(record.left_out)
    state = "published" if record.state == "repairing" else "solved"
    return replace(record, state=state, plan=plan_text(plan), members=named_in(spec, plan, left_out), problem="")  # type: ignore[arg-type]


def _go_out(store: Store, runtime: Solving, community: str, record: Round, now: Micros) -> None:
    """Publish a round that publishes itself; what stands in the way is noted, and the list stays to be looked at."""
    if record.state != "solved" or not record.goes_out or read_plan(record.plan).collisions:
        return
    try:
        round_publishing.publish(store, runtime, community, record.id, now)
    except (MatchRefused, FailedPrecondition) as refused:
        problem = refused.sentence
        crud.change(store, community, "round", record.id, lambda found: replace(cast(Round, found), problem=problem))
    except YiqiError as error:
        log.warning("round not published", extra={"community": community, "round": record.id, "why": error.reason})


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
