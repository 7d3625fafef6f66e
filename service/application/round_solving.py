"""Rounds on their way to a list: begun, finished, given up. Each is a job, asked for together with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from models.community.view import Community
from models.domain.kinds import ROUND
from models.domain.records import Micros, Round
from models.rounds.problem.problem import People
from models.rounds.spec.json_text import named_in, plan_text, read_left_out, read_plan, read_spec, without
from models.rounds.spec.requests import Match, Plan, RoundSpec
from service.application import crud, round_publishing
from service.application.crud import Written
from service.application.round_people import Solving, people
from service.core.errors import FailedPrecondition, MatchRefused
from service.store.contract import Job, Snapshot, Store, Stored, UnitOfWork

KIND = "solve"
INTERRUPTED = "The service was stopped while it solved this round. Solve it again."
WENT_WRONG = "Something went wrong while solving. Solve it again, and report it if that does not help."
_UNDER_WAY = ("solving", "repairing")


def begin(work: UnitOfWork, asked: Round, now: Micros, *, afresh: bool = False) -> Written[Round]:
    """Write a round that is to be solved, in the background. What is locked in the list it has stays, other matches as
    far as they can; `afresh` forgets that list."""
    work.enqueue(KIND, asked.id, json.dumps({"now": now, "afresh": afresh}))
    return crud.put(work, asked)


def prepared(store: Store, runtime: Solving, job: Job, report: Callable[[float], None]) -> tuple[RoundSpec, People]:
    """What there is to solve. Raises RoundNotFound, Unavailable, and what `report` raises."""
    record = crud.get(store, job.community, ROUND, job.key).record
    spec, asked = read_spec(record.spec), json.loads(job.payload)
    previous = [] if asked["afresh"] else _still(record)
    locked = [match for match in previous if match.locked]
    return spec, people(
        store, runtime, job.community, record, spec, asked["now"], previous=previous, locked=locked, report=report
    )


def finish(store: Store, runtime: Solving, job: Job, answer: Plan | str) -> None:
    """Write the list, or why there is none, unless nobody wants it any more or another does the job."""
    view, usual = runtime.current(job.community), runtime.settings.contacts_per_week
    with store.write(job.community) as work:
        stored = work.get(ROUND, [job.key]).get(job.key)
        if not work.finish(job) or stored is None or not _is_under_way(stored):
            return
        record = stored.record
        if isinstance(answer, str):
            crud.put(work, _given_up(record, answer))
        else:
            _take(work, view, usual, record, answer, json.loads(job.payload)["now"])


def give_up(work: UnitOfWork, job: Job) -> None:
    """The job is dead: the round has failed, and a repair of it is given up."""
    stored = work.get(ROUND, [job.key]).get(job.key)
    if stored is not None:
        crud.put(work, _given_up(stored.record, WENT_WRONG))


def replay(work: UnitOfWork, dead: Job, now: Micros) -> None:
    """Solve a round again whose job is dead, as it was asked for."""
    record = crud.fetch(work, ROUND, dead.key).record
    again = replace(record, state="repairing" if record.state == "published" else "solving", problem="")
    begin(work, again, now, afresh=json.loads(dead.payload)["afresh"])


def cancel(work: UnitOfWork, round: str) -> Written[Round]:
    """Stop solving; a round that is not being solved stays as it is. Raises RoundNotFound."""

    def cancelled(found: Round) -> Round:
        if found.state == "repairing":
            return replace(found, state="published")
        return replace(found, state="cancelled") if found.state == "solving" else found

    work.drop_job(KIND, round)
    return crud.change(work, ROUND, round, lambda found: cancelled(found))


def under_way(at: Snapshot, *found: Stored[Round]) -> dict[str, float]:
    """How far those of these rounds are that are being solved, or wait for it, 0..1."""
    if not any(map(_is_under_way, found)):
        return {}
    return {job.key: job.progress for job in at.jobs(KIND)}


def settled_in(at: Snapshot, stored: Stored[Round]) -> Stored[Round]:
    """As `settled`, where nothing is known of the others."""
    return settled(stored, under_way(at, stored))


def settled(stored: Stored[Round], shares: Mapping[str, float]) -> Stored[Round]:
    """The round as it stands. One that came from elsewhere while it was being solved has failed: there is no job.
    `shares`: see `under_way`."""
    if not _is_under_way(stored) or stored.record.id in shares:
        return stored
    return replace(stored, record=_given_up(stored.record, INTERRUPTED))


def _still(record: Round) -> list[Match]:
    """The matches of a list without those who take no part any more, as far as two are left."""
    out = read_left_out(record.left_out).keys()
    return [rest for match in read_plan(record.plan).matches if len((rest := without(match, out)).members) > 1]


def _is_under_way(stored: Stored[Round]) -> bool:
    return stored.record.state in _UNDER_WAY


def _take(work: UnitOfWork, view: Community, usual: int, record: Round, plan: Plan, now: Micros) -> None:
    """Write a list, and in the same transaction what it changes of a published one, or that it goes out by itself."""
    changed = _with_plan(record, plan)
    if changed.state == "published":
        try:
            round_publishing.repaired(work, view, usual, changed, now)
        except MatchRefused as refused:
            crud.put(work, _given_up(record, refused.sentence))
        return
    solved = crud.put(work, changed).record
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
