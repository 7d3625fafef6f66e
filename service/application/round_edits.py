"""Changes of a list by hand: one transaction, all or nothing. Nobody is brought together who must not be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from models.community.view import Community
from models.domain.kinds import ROUND
from models.domain.records import Micros, Round
from models.domain.requests import Options
from models.ranking import eligibility
from models.ranking.ranker import Ranker
from models.rounds.edits.check import Broken, broken_by, still_relaxed
from models.rounds.edits.edits import Add, Edit, Edited, Move, Pin, Swap, edited, match_id, summarised
from models.rounds.problem.compile import compile_round
from models.rounds.spec.json_text import (
    left_out_text,
    named_in,
    plan_text,
    read_left_out,
    read_plan,
    read_spec,
    spec_text,
)
from models.rounds.spec.requests import Match, Plan, RoundSpec
from models.rounds.texts.constraints import Namer, people_said, rule_said
from models.rounds.texts.why import why
from models.text.spacing import settle
from service.application import crud
from service.application.round_people import Solving, facts, left_out
from service.application.round_solving import settled_in
from service.application.round_views import name_of
from service.application.rounds import Status
from service.core.errors import FailedPrecondition, InvalidArgument, MatchRefused, MemberNotFound
from service.store.contract import Snapshot, Store
from service.texts import say, words

EDITABLE = ("solved", "undone")
REFUSALS_TOLD = 2  # of one change


def edit_round(
    store: Store,
    runtime: Solving,
    community: str,
    round: str,
    edits: Sequence[Edit],
    now: Micros,
    version: int | None = None,
) -> tuple[Status, tuple[Broken, ...]]:
    """Change a solved list; returns it with what gave way. Scores of matches that changed are of the serving model.

    Blocks, dismissals, pauses, consent, budgets and firm rules of the request hold; others give way. Raises
    RoundNotFound, MemberNotFound, EtagMismatch, FailedPrecondition when there is no list to change, InvalidArgument for
    an edit that cannot be done, MatchRefused for people who must not be brought together or parted.
    """
    view, ranker = runtime.current(community), runtime.ranker(community)
    for edit in edits:
        for member in _comes_in(edit):
            if view.member(member) is None:
                raise MemberNotFound(member)
    usual = runtime.settings.contacts_per_week
    with store.write(community) as work:
        record = settled_in(work, crud.fetch_version(work, ROUND, round, version)).record
        if record.state not in EDITABLE:
            raise FailedPrecondition(f"{crud.called(record)} is {record.state} and has no list to change")
        changed, gave_way = _changed(work, view, ranker, usual, record, edits, now)
        return Status(crud.put(work, changed), 1.0, work.revision), tuple(gave_way)


def _changed(
    at: Snapshot,
    view: Community,
    ranker: Ranker,
    usual: int,
    record: Round,
    edits: Sequence[Edit],
    now: Micros,
) -> tuple[Round, list[Broken]]:
    before = read_plan(record.plan)
    try:
        after = edited(read_spec(record.spec), before, read_left_out(record.left_out), edits)
    except ValueError as error:
        raise InvalidArgument(f"an edit ({error})") from None
    _require_free(at, view, usual, record, after, edits, now)
    worth = {match_id(match): (match.score, match.worst) for match in before.matches}

    def valued(match: Match) -> Match:
        if old := worth.get(match_id(match)):  # pinned as it was, too
            return replace(match, score=old[0], worst=old[1])
        return _scored(view, ranker, record, match, now)

    matches = tuple(map(valued, after.plan.matches))
    changed = replace(record, spec=spec_text(after.spec), left_out=left_out_text(after.left_out))
    broken = _gave_way(at, view, changed, before, after, now)
    relaxed = (*still_relaxed(before, after.plan), *(one.relaxed for one in broken if one.rule >= 0))
    plan = summarised(replace(after.plan, matches=matches, relaxed=tuple(dict.fromkeys(relaxed))))
    changed = replace(changed, plan=plan_text(plan), members=named_in(after.spec, plan, after.left_out))
    return changed, broken


def _gave_way(at: Snapshot, view: Community, changed: Round, before: Plan, after: Edited, now: Micros) -> list[Broken]:
    """What the changes go against. Raises MatchRefused where that is firm."""
    problem = compile_round(after.spec, facts(at, view, changed, after.spec, now))
    broken = broken_by(problem, before, after.plan)
    if firm := [one for one in broken if one.firm]:
        told = dict.fromkeys(_refusal(one, after.spec, lambda member: name_of(view, member)) for one in firm)
        raise MatchRefused("; ".join(list(told)[:REFUSALS_TOLD]))
    return broken


def _refusal(broken: Broken, spec: RoundSpec, called: Namer) -> str:
    """Whom a firm rule, a block or a side keeps apart or holds together, without a full stop; never who blocked whom.

    In English, as everything that is refused.
    """
    people = words(people_said(broken.members, called), "en")
    if broken.rule < 0:
        return settle(f"{people} are on one side" if broken.also == "size" else f"{people} may not meet")
    rule = say(rule_said(spec.rules[broken.rule], called), "en").rstrip(".")
    return settle(f"Rule {broken.rule + 1} ({rule}) is firm and would not hold for {people}")


def _require_free(
    at: Snapshot, view: Community, usual: int, record: Round, after: Edited, edits: Sequence[Edit], now: Micros
) -> None:
    """Raises MatchRefused for somebody who comes in and takes no part, for whatever reason."""
    unable = left_out(at, view, usual, replace(record, left_out=""), after.spec, now)
    for edit in edits:
        for member in _comes_in(edit):
            if member in unable:
                raise MatchRefused(f"{member} cannot take part ({unable[member]})")


def _scored(view: Community, ranker: Ranker, record: Round, match: Match, now: Micros) -> Match:
    """The match with what it is worth, the mean of both directions. Raises MatchRefused where two must not meet."""
    for a, b in combinations(match.members, 2):
        if a in view.row and b in view.row and eligibility.row(view.rules.hidden, view.row[a])[view.row[b]]:
            raise MatchRefused(f"{name_of(view, a)} and {name_of(view, b)} may not meet")
    options = Options(audience="organizers", reasons=False, now=now)
    size = len(match.members)
    worth = np.zeros((size, size))
    for i, member in enumerate(match.members):
        found = why(view, ranker, record.ranked_as, member, match.members, options) if member in view.row else {}
        worth[i] = [found[other].score if other in found else 0.0 for other in match.members]
    both = (worth + worth.T) / 2
    mine = both.sum(1) / max(size - 1, 1)
    return replace(match, score=float(mine.mean()), worst=float(mine.min()))


def _comes_in(edit: Edit) -> tuple[str, ...]:
    """Whom an edit puts into a match."""
    match edit:
        case Swap():
            return (edit.member, edit.other)
        case Add() | Move():
            return (edit.member,)
        case Pin():
            return edit.members
        case _:
            return ()
