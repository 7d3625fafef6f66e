"""Keeps what began as a proposal alive: a due first step, a nudge, a part to refill, the end, who is still together.

Times are the wall clock's, counted from the invitation. Nobody is asked who pauses, nor twice what they answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Literal, TypeAlias

from models.community.view import Community
from models.domain.facts import Fact, Value
from models.domain.kinds import CHANNEL, INVITATION, MESSAGE, PROJECT
from models.domain.outcome_ids import outcome_id
from models.domain.records import DAY, Invitation, Micros, Outcome, OutcomeKind, Project
from models.domain.requests import Language
from models.rounds.texts.wording import called
from models.text.quoting import quote
from service.access.caller import by_a_member
from service.application import crud, derived, project_noes, proposals
from service.application.contact_quota import Configured
from service.application.crud import Written
from service.core.bounds import FUTURE_MICROS
from service.core.errors import AccessDenied, FailedPrecondition, InvalidArgument, ProjectNotFound
from service.store.contract import Snapshot, Store
from service.texts import say

DueKind: TypeAlias = Literal["first_step", "nudge", "refill", "close", "together_30", "together_90"]
FIRST_STEP_DAYS, STALLED_DAYS, CLOSE_DAYS, ASKED_FOR_DAYS = 7, 14, 60, 14
TOGETHER_DAYS: dict[DueKind, int] = {"together_30": 30, "together_90": 90}
# What a yes records, of the one who says it with each of the others; built together goes for all pairs.
BECAME: dict[DueKind, OutcomeKind] = {
    "first_step": "met",
    "nudge": "talked",
    "close": "built_together",
    "together_30": "still_together",
    "together_90": "still_together",
}
_OVER = ("done", "dropped")


@dataclass(frozen=True, slots=True)
class Due:
    """Something to tell members of a project now, and since when."""

    kind: DueKind
    project: Project
    members: tuple[str, ...]
    since: Micros
    text: str


_Tell: TypeAlias = Callable[..., Due]
_Unanswered: TypeAlias = Callable[[DueKind], list[str]]


def due(
    store: Store, runtime: Configured, community: str, now: Micros, *, member: str = "", language: Language = "en"
) -> Iterator[Due]:
    """What is due now, by project. Raises CommunityNotFound, Unavailable."""
    view = runtime.view(community)
    with store.read(community) as at:
        for stored in crud.everything(at, INVITATION, source="proposal", state="open"):
            invitation = stored.record
            there = at.get(PROJECT, [invitation.ref]).get(invitation.ref)
            if there is None or (member and member not in there.record.members):
                continue
            for one in _due(at, view, invitation, there.record, now, language):
                asked = tuple(id for id in one.members if not _resting(view, id, now) and member in ("", id))
                if asked:
                    yield replace(one, members=asked)


def answer(
    store: Store, runtime: Configured, community: str, project: str, member: str, kind: DueKind, yes: bool, now: Micros
) -> tuple[Written[Project], int]:
    """Record what somebody in a project says to what is due; the project then, and how many outcomes from them to
    others are new. What it says of others to them is not counted: that would tell who among them turned away.

    A no says nothing of anybody: it is noted so that it is not asked for again. With a member's own token it says only
    what is so from them to others, and closes only what they lead. Raises ProjectNotFound, AccessDenied, and
    FailedPrecondition when they are not in it.
    """
    if kind not in BECAME:
        raise InvalidArgument("kind REFILL, which JoinProject answers,")
    view = runtime.view(community)
    time = min(now, view.as_of) if view.as_of else now
    with store.write(community) as work:
        stored = crud.fetch(work, PROJECT, project)
        record = stored.record
        if member not in record.members:
            raise (
                ProjectNotFound(project)
                if by_a_member()
                else FailedPrecondition(f'"{member}" is not in the project "{project}"')
            )
        if kind == "close" and by_a_member() and member not in _leading(view, record, now):
            raise AccessDenied("Whoever leads a project says that it is over")
        if kind == "close" and record.state not in _OVER:
            stored = crud.put(work, replace(record, state="done" if yes else "dropped"))
        if kind in project_noes.ASKED and not yes:
            project_noes.note(work, project, member, kind)
        # Outcomes that are there stay as they are.
        told = list(_outcomes(record, member, kind, time)) if yes else []
        new = derived.missing(work, derived.spoken(work, member, told))
        said = zip(new, work.put(new), strict=True)
        return crud.written(work, stored), sum(one.source == member and put.status == "created" for one, put in said)


def _outcomes(project: Project, member: str, kind: DueKind, time: Micros) -> Iterator[Outcome]:
    both = kind not in TOGETHER_DAYS and not by_a_member()
    for a, b in permutations(project.members, 2):
        if a == member or (both and (b == member or kind == "close")):
            yield _outcome(project, kind, a, b, time)


def _outcome(project: Project, kind: DueKind, source: str, target: str, time: Micros) -> Outcome:
    id = outcome_id(project.id, kind, source, target)
    return Outcome(id=id, source=source, target=target, time=time, kind=BECAME[kind])


def _due(
    at: Snapshot, view: Community, invitation: Invitation, project: Project, now: Micros, language: Language
) -> Iterator[Due]:
    began, alive = invitation.time, project.state not in _OVER
    noes = project_noes.noes(invitation)

    def unanswered(kind: DueKind) -> list[str]:
        return [id for id in _without_yes(at, project, kind) if project_noes.no_of(project.id, id, kind) not in noes]

    def tell(kind: DueKind, members: Sequence[str], since: Micros, **filled: Value) -> Due:
        text = say(Fact(f"project.{kind}", {"title": quote(project.title, 60), **filled}), language)
        return Due(kind, project, tuple(members), since, text)

    if alive:
        gone = [
            guest.member
            for guest in invitation.guests
            if guest.member not in project.members and proposals.was_in(at, invitation, guest.member)
        ]
        if gone and project.members:
            yield tell("refill", project.members, began, gone=tuple(called(view, id) for id in gone))
        yield from _quiet_ones(at, project, began, now, unanswered, tell)
        if now >= began + CLOSE_DAYS * DAY:
            yield tell("close", _leading(view, project, now), began + CLOSE_DAYS * DAY)
    for kind, days in TOGETHER_DAYS.items():
        since = began + days * DAY
        if since <= now < since + ASKED_FOR_DAYS * DAY and project.state != "dropped":
            yield tell(kind, unanswered(kind), since)


def _quiet_ones(
    at: Snapshot, project: Project, began: Micros, now: Micros, unanswered: _Unanswered, tell: _Tell
) -> Iterator[Due]:
    """A first step that nobody took, or a project in which nobody said a word to another for long, where all of them
    could read it: what some of them say among themselves tells the others nothing."""
    if len(project.members) < 2:
        return
    talked = _last_talk(at, project.members, max(began, now - CLOSE_DAYS * DAY), now + FUTURE_MICROS)
    first = began + FIRST_STEP_DAYS * DAY
    early = first <= now < began + STALLED_DAYS * DAY
    if not talked and early:
        yield tell("first_step", unanswered("first_step"), first, step=_step(project))
    if now >= max(talked, began) + STALLED_DAYS * DAY:
        days = str((now - max(talked, began)) // DAY)
        yield tell("nudge", unanswered("nudge"), max(talked, began) + STALLED_DAYS * DAY, days=days)


def _last_talk(at: Snapshot, members: Sequence[str], since: Micros, until: Micros) -> Micros:
    """When one of these last replied to, mentioned or shared a thread with another before all of them; 0 for not in
    that time."""
    inside, last = set(members), 0
    rooms = (stored.record for stored in crud.everything(at, CHANNEL))
    read_by_all = {room.id for room in rooms if room.visibility == "community" or inside <= set(room.members)}
    author: dict[str, str] = {}
    thread: dict[str, str] = {}
    for stored in at.since(MESSAGE, since):
        message = stored.record
        author[message.id] = message.author
        if message.author not in inside or message.time > until:
            continue
        if message.channel and message.channel not in read_by_all:
            continue
        others = {*message.mentions, author.get(message.reply_to, ""), thread.get(message.thread, "")}
        if others & (inside - {message.author}):
            last = max(last, message.time)
        if message.thread:
            thread[message.thread] = message.author
    return last


def _without_yes(at: Snapshot, project: Project, kind: DueKind) -> list[str]:
    """Members of whom no yes to it is on record: their own, or another's who spoke for both. Each is asked until then,
    or until they say no, whatever became of the others."""
    said = {
        member: [_outcome(project, kind, member, other, 0) for other in project.members if other != member]
        for member in project.members
    }
    return [member for member, yes in said.items() if len(derived.missing(at, yes)) == len(yes)]


def _step(project: Project) -> str:
    """The first step is the last line of what was sent."""
    return project.text.strip().rsplit("\n", 1)[-1] if project.text.strip() else ""


def _leading(view: Community, project: Project, now: Micros) -> list[str]:
    """Who leads a project now: the first in it who does not pause; nobody while all do."""
    return [id for id in project.members if not _resting(view, id, now)][:1]


def _resting(view: Community, member: str, now: Micros) -> bool:
    record = view.member(member)
    return record is None or (record.paused_until or 0) > now
