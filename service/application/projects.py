"""Projects: create, read, update, list, delete, join and leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.community.view import Community
from models.domain.kinds import MEMBER, PROJECT
from models.domain.records import Micros, Project, ProjectState
from service.access.caller import by_a_member
from service.application import crud, project_noes
from service.application.approaching import kept_apart
from service.application.clock import require_past
from service.application.contact_quota import Configured
from service.application.crud import Written
from service.core.errors import FailedPrecondition, ProjectNotFound
from service.store.contract import Snapshot, Store, Stored

_OVER = ("done", "dropped")


def create_project(
    store: Store, community: str, project: Project, now: Micros, *, request_id: str = ""
) -> Written[Project]:
    """Create a project; unknown members become bare ones. See `crud.create`; InvalidArgument for its time."""
    require_past(project.time, now)
    with store.write(community) as work:
        return crud.create(work, _each_once(project), request_id)


def get_project(store: Store, community: str, project: str) -> Stored[Project]:
    """One project. Raises ProjectNotFound."""
    return crud.get(store, community, PROJECT, project)


def update_project(
    store: Store, community: str, project: Project, mask: Sequence[str], now: Micros, version: int | None = None
) -> Written[Project]:
    """Set the fields in `mask`; see `crud.update`. InvalidArgument for its time."""
    require_past(project.time, now)
    with store.write(community) as work:
        return crud.update(work, _each_once(project), mask, version)


def list_projects(
    store: Store, community: str, after: str = "", size: int = 0, *, member: str = "", state: ProjectState = ""
) -> crud.Page[Project]:
    """Projects by id, or those with a member or in a state."""
    return crud.page(store, community, PROJECT, after, size, member=member, state=state)


def delete_project(store: Store, community: str, project: str, version: int | None = None) -> int:
    """Delete a project; the revision. Raises ProjectNotFound, EtagMismatch."""
    with store.write(community) as work:
        return crud.delete(work, PROJECT, project, version)


def join_project(
    store: Store, runtime: Configured, community: str, project: str, member: str, now: Micros
) -> Written[Project]:
    """Add a member at the end; the first to join an empty project leads. Being in it already is success.

    Raises ProjectNotFound, MemberNotFound, and FailedPrecondition when the project is done or dropped, or somebody in
    it pauses or is kept apart from the member: nothing tells which. With a member's token only those that are open to
    them are found at all.
    """
    view = runtime.current(community)
    with store.write(community) as work:
        crud.require_members(work, member)
        current = crud.fetch(work, PROJECT, project).record
        if member not in current.members:
            _require_open(work, view, current, member, now)
        return crud.put(work, _each_once(replace(current, members=(*current.members, member))))


def leave_project(store: Store, community: str, project: str, member: str) -> Written[Project]:
    """Take a member out; when the lead leaves, the next in order leads. Not being in it is success, unless it is the
    member's token that asks: others' projects are not theirs to read.

    Raises ProjectNotFound.
    """
    with store.write(community) as work:
        current = crud.fetch(work, PROJECT, project).record
        if member not in current.members and by_a_member():
            raise ProjectNotFound(project)
        project_noes.hand_over_in(work, project, member)
        return crud.put(work, replace(current, members=tuple(id for id in current.members if id != member)))


def _require_open(at: Snapshot, view: Community, project: Project, member: str, now: Micros) -> None:
    meets = _meets(at, view, project, member, now)
    if by_a_member() and not (meets and project.state == "open"):
        raise ProjectNotFound(project.id)
    if project.state in _OVER:
        raise FailedPrecondition(f"{crud.called(project)} is over")
    if not meets:
        raise FailedPrecondition(f'{crud.called(project)} is not open to "{member}" now')


def _meets(at: Snapshot, view: Community, project: Project, member: str, now: Micros) -> bool:
    """As `models.ranking.joining` offers projects: nobody in it pauses, and nobody is kept apart from the member."""
    people = (stored.record for stored in at.get(MEMBER, project.members).values())
    paused = any((one.paused_until or 0) > now for one in people)
    return not paused and not kept_apart(at, view, member, project.members)


def _each_once(project: Project) -> Project:
    return replace(project, members=tuple(dict.fromkeys(project.members)))
