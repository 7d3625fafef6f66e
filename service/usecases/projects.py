"""Projects: create, read, update, list, delete, join and leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from models.records import Micros, Project, ProjectState
from service.errors import FailedPrecondition
from service.store.contract import Store, Stored
from service.usecases import shelf
from service.usecases.clock import require_past

_OVER = ("done", "dropped")


def create_project(store: Store, community: str, project: Project, now: Micros, *, request_id: str = "") -> Stored:
    """Create a project; unknown members become bare ones. See `shelf.create`; InvalidArgument for its time."""
    require_past(project.time, now)
    return shelf.create(store, community, _each_once(project), request_id)


def get_project(store: Store, community: str, project: str) -> Stored:
    """One project. Raises ProjectNotFound."""
    return shelf.fetch(store, community, "project", project)


def update_project(
    store: Store, community: str, project: Project, mask: Sequence[str], now: Micros, version: int | None = None
) -> Stored:
    """Set the fields in `mask`; see `shelf.update`. InvalidArgument for its time."""
    require_past(project.time, now)
    return shelf.update(store, community, _each_once(project), mask, version)


def list_projects(
    store: Store, community: str, after: str = "", size: int = 0, *, member: str = "", state: ProjectState = ""
) -> shelf.Page:
    """Projects by id, or those with a member or in a state."""
    return shelf.page(store, community, "project", after, size, member=member, state=state)


def delete_project(store: Store, community: str, project: str, version: int | None = None) -> None:
    """Delete a project. Raises ProjectNotFound, EtagMismatch."""
    shelf.delete(store, community, "project", project, version)


def join_project(store: Store, community: str, project: str, member: str) -> Stored:
    """Add a member at the end; the first to join an empty project leads. Being in it already is success.

    Raises ProjectNotFound, MemberNotFound, and FailedPrecondition when the project is done or dropped.
    """
    shelf.require_members(store, community, member)

    def change(current: Project) -> Project:
        if member in current.members:
            return current
        if current.state in _OVER:
            raise FailedPrecondition(f"{shelf.called(current)} is over")
        return replace(current, members=(*current.members, member))

    return shelf.change(store, community, "project", project, lambda record: change(cast(Project, record)))


def leave_project(store: Store, community: str, project: str, member: str) -> Stored:
    """Take a member out; when the lead leaves, the next in order leads. Not being in it is success.

    Raises ProjectNotFound.
    """

    def change(current: Project) -> Project:
        return replace(current, members=tuple(id for id in current.members if id != member))

    return shelf.change(store, community, "project", project, lambda record: change(cast(Project, record)))


def _each_once(project: Project) -> Project:
    return replace(project, members=tuple(dict.fromkeys(project.members)))
