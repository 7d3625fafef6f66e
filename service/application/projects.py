"""Projects: create, read, update, list, delete, join and leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from models.domain.records import Micros, Project, ProjectState
from service.application import crud
from service.application.clock import require_past
from service.core.errors import FailedPrecondition
from service.store.contract import Store, Stored

_OVER = ("done", "dropped")


def create_project(store: Store, community: str, project: Project, now: Micros, *, request_id: str = "") -> Stored:
    """Create a project; unknown members become bare ones. See `shelf.create`; InvalidArgument for its time."""
    require_past(project.time, now)
    return crud.create(store, community, _each_once(project), request_id)


def get_project(store: Store, community: str, project: str) -> Stored:
    """One project. Raises ProjectNotFound."""
    return crud.fetch(store, community, "project", project)


def update_project(
    store: Store, community: str, project: Project, mask: Sequence[str], now: Micros, version: int | None = None
) -> Stored:
    """Set the fields in `mask`; see `shelf.update`. InvalidArgument for its time."""
    require_past(project.time, now)
    return crud.update(store, community, _each_once(project), mask, version)


def list_projects(
    store: Store, community: str, after: str = "", size: int = 0, *, member: str = "", state: ProjectState = ""
) -> crud.Page:
    """Projects by id, or those with a member or in a state."""
    return crud.page(store, community, "project", after, size, member=member, state=state)


def delete_project(store: Store, community: str, project: str, version: int | None = None) -> None:
    """Delete a project. Raises ProjectNotFound, EtagMismatch."""
    crud.delete(store, community, "project", project, version)


def join_project(store: Store, community: str, project: str, member: str) -> Stored:
    """Add a member at the end; the first to join an empty project leads. Being in it already is success.

    Raises ProjectNotFound, MemberNotFound, and FailedPrecondition when the project is done or dropped.
    """
    crud.require_members(store, community, member)

    def change(current: Project) -> Project:
        if member in current.members:
            return current
        if current.state in _OVER:
            raise FailedPrecondition(f"{crud.called(current)} is over")
        return replace(current, members=(*current.members, member))

    return crud.change(store, community, "project", project, lambda record: change(cast(Project, record)))


def leave_project(store: Store, community: str, project: str, member: str) -> Stored:
    """Take a member out; when the lead leaves, the next in order leads. Not being in it is success.

    Raises ProjectNotFound.
    """

    def change(current: Project) -> Project:
        return replace(current, members=tuple(id for id in current.members if id != member))

    return crud.change(store, community, "project", project, lambda record: change(cast(Project, record)))


def _each_once(project: Project) -> Project:
    return replace(project, members=tuple(dict.fromkeys(project.members)))
