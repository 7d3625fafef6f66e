"""Recommendations: a view of the community, the pipeline of `models`, and a token for what is shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.community.attribute_preferences import declared, is_declared
from models.community.view import Community
from models.domain.records import Micros
from models.domain.requests import Audience, Filter, Goal, Options, Recommendations
from models.ranking import batch, eligibility, joining, pipeline
from models.ranking.ranker import Head
from service.core.errors import ChannelNotFound, InvalidArgument, MemberNotFound, ProjectNotFound
from service.core.names import shown
from service.serving.runtime import Runtime

LISTS_OF_MEMBERS = ("peers", "collaborators", "search")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and in which state: `indexed_through` is the newest entry of the change log that it knows.

    `token` is "" when nothing is shown, or where this process cannot sign.
    """

    recommendations: Recommendations
    index_version: str
    indexed_through: int
    token: str


def recommend_peers(runtime: Runtime, community: str, member: str, options: Options, min_sequence: int = 0) -> Answer:
    """Who shares a member's aims and interests. Raises MemberNotFound, CommunityNotFound, Unavailable.

    So do all functions here; those with `min_sequence` answer from a view that has seen that entry of the log, and
    raise IndexBehind when there is none in time. InvalidArgument (ATTRIBUTE_NOT_SHARED) for a members' filter by an
    attribute that the community does not declare.
    """
    since = runtime.shown.since()
    view = _view_with(runtime, community, min_sequence, member)
    found = pipeline.recommend_peers(view, runtime.ranker(community), member, _ready(view, options))
    return _answer(runtime, since, community, view, "peers", member, found)


def recommend_collaborators(
    runtime: Runtime, community: str, target: str | Goal, options: Options, min_sequence: int = 0
) -> Answer:
    """Who would complete a member (by id), or who fits a goal or brief; people in it whom nobody knows do not count."""
    source = target if isinstance(target, str) else target.source
    since = runtime.shown.since()
    view = _view_with(runtime, community, min_sequence, *([target] if isinstance(target, str) else []))
    encode = runtime.encoder_of(view)
    found = pipeline.recommend_collaborators(view, runtime.ranker(community), target, _ready(view, options), encode)
    return _answer(runtime, since, community, view, "collaborators", source, found)


def recommend_projects(
    runtime: Runtime, community: str, member: str, options: Options, min_sequence: int = 0
) -> Answer:
    """Which open projects a member could join."""
    since = runtime.shown.since()
    view = _view_with(runtime, community, min_sequence, member)
    found = joining.recommend_projects(view, runtime.ranker(community), member, _ready(view, options))
    return _answer(runtime, since, community, view, "projects", member, found)


def search_members(
    runtime: Runtime, community: str, goal: Goal, options: Options, min_sequence: int = 0, *, strict: bool = False
) -> Answer:
    """Who knows about something or will answer it.

    An asker or channel that nobody knows counts as absent; with `strict` it raises MemberNotFound or ChannelNotFound.
    Members know open rooms, and those that they are in.
    """
    since = runtime.shown.since()
    view = runtime.view(community, min_sequence)
    if strict and goal.source:
        _require(view, goal.source)
    known = _known(view, goal, options.audience)
    if strict and goal.channel != known.channel:
        raise ChannelNotFound(goal.channel)
    encode = runtime.encoder_of(view)
    found = pipeline.search_members(view, runtime.ranker(community), known, _ready(view, options), encode)
    return _answer(runtime, since, community, view, "search", known.source, found)


def search_for_all(runtime: Runtime, community: str, goals: Sequence[Goal], options: Options) -> Iterator[Answer]:
    """The answer to each question, the same as of a single call of `search_members` that is not strict."""
    since = runtime.shown.since()
    view = runtime.view(community)
    goals = [_known(view, goal, options.audience) for goal in goals]
    encode, options = runtime.encoder_of(view), _ready(view, options)
    found = batch.search(view, runtime.ranker(community), goals, options, encode)
    for goal, one in zip(goals, found, strict=True):
        yield _answer(runtime, since, community, view, "search", goal.source, one)


def collaborators_for_all(
    runtime: Runtime, community: str, briefs: Sequence[Goal], options: Options
) -> Iterator[Answer]:
    """The answer to each brief, the same as of a single call of `recommend_collaborators`."""
    since = runtime.shown.since()
    view = runtime.view(community)
    encode, options = runtime.encoder_of(view), _ready(view, options)
    found = batch.collaborators(view, runtime.ranker(community), briefs, options, encode)
    for brief, one in zip(briefs, found, strict=True):
        yield _answer(runtime, since, community, view, "collaborators", brief.source, one)


def explain_match(
    runtime: Runtime, community: str, member: str, other: str, options: Options, min_sequence: int = 0
) -> Answer:
    """Why these two: one match, or none where the rules do not allow it."""
    since = runtime.shown.since()
    view = _view_with(runtime, community, min_sequence, member, other)
    found = pipeline.explain(view, runtime.ranker(community), member, other, _ready(view, options))
    return _answer(runtime, since, community, view, "explain", member, found)


def rankings(
    runtime: Runtime, community: str, head: Head, options: Options
) -> Iterator[tuple[str, list[str], np.ndarray, str]]:
    """(member, ids, scores, model version) of every member, by id, the same lists as single calls.

    `head` is "peers" or "collaborators".
    """
    view, ranker = runtime.view(community), runtime.ranker(community)
    for member, ids, scores in batch.rankings(view, ranker, head, _ready(view, options)):
        yield member, ids, scores, ranker.version


def recipients(runtime: Runtime, community: str, wanted: Filter, min_sequence: int = 0) -> list[str]:
    """The members for whom lists are asked for, by id: everybody, whom a filter names, or whom it finds."""
    view = runtime.view(community, min_sequence)
    if wanted == Filter(members=wanted.members):  # what members state and do is not looked at
        named = wanted.members or set(view.ids)
        return sorted(member for member in named if view.member(member) is not None)
    return sorted(view.ids[row] for row in np.flatnonzero(eligibility.matching(view, wanted)))


def recommend_all(
    runtime: Runtime, community: str, kind: str, members: Sequence[str], options: Options, clock: Callable[[], Micros]
) -> Iterator[tuple[str, Answer]]:
    """The answer for each of these members who is there by then, the same as of a single call at that moment.

    `kind`: "peers", "collaborators" or "projects". Who turned away from somebody is in no list that is yielded after
    the view has seen it. `clock`: for pauses.
    """
    at = 0
    while at < len(members):
        since, view, ranker = runtime.shown.since(), runtime.view(community), runtime.ranker(community)
        some = members[at : at + batch.BLOCK]
        there = [member for member in some if view.member(member) is not None]
        found = batch.recommend(view, ranker, kind, there, replace(_ready(view, options), now=clock()))
        for member in some:
            if runtime.view(community) is not view:
                break  # what is left of the block would be of a view that is not the newest
            at += 1
            if view.member(member) is not None:
                yield member, _answer(runtime, since, community, view, kind, member, next(found))


def goal_of_project(runtime: Runtime, community: str, project: str) -> Goal:
    """What a project asks for. Raises ProjectNotFound."""
    projects = runtime.view(community).projects
    row = projects.row.get(project)
    if row is None:
        raise ProjectNotFound(project)
    record = projects.records[row]
    lead = record.members[0] if record.members else ""
    return Goal(text=record.text, title=record.title, source=lead, members=record.members, needs=record.needs)


def _view_with(runtime: Runtime, community: str, min_sequence: int, *members: str) -> Community:
    view = runtime.view(community, min_sequence)
    for member in members:
        _require(view, member)
    return view


def _require(view: Community, member: str) -> None:
    if view.member(member) is None:
        raise MemberNotFound(member)


def _known(view: Community, goal: Goal, audience: Audience) -> Goal:
    """The goal without an asker or channel that nobody knows: whether somebody asks decides how it is answered."""
    source = goal.source if goal.source in view.row else ""
    return replace(goal, source=source, channel=goal.channel if _knows(view, source, goal.channel, audience) else "")


def _knows(view: Community, source: str, channel: str, audience: Audience) -> bool:
    if channel not in view.channel_row:
        return False
    room = view.channels[view.channel_row[channel]]
    return audience == "organizers" or room.visibility == "community" or source in room.members


def _ready(view: Community, options: Options) -> Options:
    """The options with a time. Raises InvalidArgument where members would find out by guessing what nobody shares."""
    asked = options.filter.attributes if options.audience == "members" else {}
    shared = declared(view.record) if asked else ()
    for name in asked:
        if not is_declared(name, shared):
            raise InvalidArgument(f"The attribute {shown(name)}", reason="ATTRIBUTE_NOT_SHARED")
    return options if options.now else replace(options, now=time.time_ns() // 1000)


def _answer(
    runtime: Runtime, since: int, community: str, view: Community, kind: str, source: str, found: Recommendations
) -> Answer:
    ids = [match.id for match in found.matches]
    if kind in LISTS_OF_MEMBERS:
        runtime.shown.note(since, community, ids)
    token = runtime.tokens.sign(community, kind, source, found.model_version, view.index_version, ids)
    return Answer(found, view.index_version, view.sequence, token)
