"""ProjectService: what members do or could do together."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import cast

from grpc import ServicerContext
from yiqi.v1 import project_pb2 as pb
from yiqi.v1 import project_pb2_grpc, proposal_pb2

from models.domain.records import Micros, Project, ProjectState
from models.domain.requests import Language
from service.api import enums, paging
from service.api.codec import ids, needs, project_message, project_record, version
from service.api.masks import masked_fields
from service.api.proposal_messages import due_message
from service.application import project_care, proposals
from service.application import projects as usecase
from service.application.contact_quota import Configured
from service.core.errors import InvalidArgument
from service.core.names import child_name, child_of, community_of, id_within
from service.store.contract import Store, Stored

MOST_DUE = 10_000


class ProjectServicer(project_pb2_grpc.ProjectServiceServicer):
    """Unpacks, calls `service.application.projects`, packs."""

    def __init__(self, store: Store, runtime: Configured, clock: Callable[[], Micros]) -> None:
        self._store = store
        self._runtime = runtime
        self._clock = clock

    def CreateProject(self, request: pb.CreateProjectRequest, context: ServicerContext) -> pb.CreateProjectResponse:
        community = community_of(request.parent)
        record = project_record(request.project, community, request.project_id)
        now = self._clock()
        stored = usecase.create_project(self._store, community, record, now, request_id=request.request_id)
        return pb.CreateProjectResponse(project=_message(stored, community), sequence=stored.revision)

    def GetProject(self, request: pb.GetProjectRequest, context: ServicerContext) -> pb.GetProjectResponse:
        community, project = child_of(request.name, "projects")
        stored = usecase.get_project(self._store, community, project)
        return pb.GetProjectResponse(project=_message(stored, community))

    def UpdateProject(self, request: pb.UpdateProjectRequest, context: ServicerContext) -> pb.UpdateProjectResponse:
        changes = request.project
        community, project = child_of(changes.name, "projects", "project.name")
        mask = masked_fields(changes, request.update_mask)
        record = project_record(changes, community, project)
        now = self._clock()
        stored = usecase.update_project(self._store, community, record, mask, now, version(changes.etag))
        return pb.UpdateProjectResponse(project=_message(stored, community), sequence=stored.revision)

    def ListProjects(self, request: pb.ListProjectsRequest, context: ServicerContext) -> pb.ListProjectsResponse:
        community = community_of(request.parent)
        member = id_within(request.member, community, "members", "member")
        state = cast(ProjectState, enums.PROJECT_STATE.word(request.state))
        scope = ("ListProjects", community, member, state)
        after = paging.after(request.page_token, *scope)
        size = paging.size(request.page_size)
        page = usecase.list_projects(self._store, community, after, size, member=member, state=state)
        return pb.ListProjectsResponse(
            projects=[_message(stored, community) for stored in page.items],
            next_page_token=paging.token(page.next, *scope),
        )

    def DeleteProject(self, request: pb.DeleteProjectRequest, context: ServicerContext) -> pb.DeleteProjectResponse:
        community, project = child_of(request.name, "projects")
        revision = usecase.delete_project(self._store, community, project, version(request.etag))
        return pb.DeleteProjectResponse(sequence=revision)

    def JoinProject(self, request: pb.JoinProjectRequest, context: ServicerContext) -> pb.JoinProjectResponse:
        community, project = child_of(request.name, "projects")
        member = id_within(request.member, community, "members", "member")
        stored = usecase.join_project(self._store, self._runtime, community, project, member, self._clock())
        return pb.JoinProjectResponse(project=_message(stored, community), sequence=stored.revision)

    def LeaveProject(self, request: pb.LeaveProjectRequest, context: ServicerContext) -> pb.LeaveProjectResponse:
        community, project = child_of(request.name, "projects")
        member = id_within(request.member, community, "members", "member")
        stored = usecase.leave_project(self._store, community, project, member)
        return pb.LeaveProjectResponse(project=_message(stored, community), sequence=stored.revision)

    def SendProposal(
        self, request: proposal_pb2.SendProposalRequest, context: ServicerContext
    ) -> proposal_pb2.SendProposalResponse:
        community = community_of(request.parent)
        sent, revision = proposals.send(
            self._store,
            self._runtime,
            community,
            request.proposal_id,
            request.title,
            "\n".join(part for part in (request.text, request.first_step) if part),
            ids(request.members, community, "members", "members"),
            needs(request.needs),
            self._clock(),
        )
        return proposal_pb2.SendProposalResponse(
            invitation=child_name(community, "invitations", sent.id), sequence=revision
        )

    def DismissProposal(
        self, request: proposal_pb2.DismissProposalRequest, context: ServicerContext
    ) -> proposal_pb2.DismissProposalResponse:
        community = community_of(request.parent)
        members = ids(request.members, community, "members", "members")
        member = id_within(request.member, community, "members", "member")
        now = self._clock()
        revision = proposals.dismiss(self._store, community, request.proposal_id, request.title, members, member, now)
        return proposal_pb2.DismissProposalResponse(sequence=revision)

    def ListProjectDue(self, request: pb.ListProjectDueRequest, context: ServicerContext) -> pb.ListProjectDueResponse:
        community = community_of(request.parent)
        member = id_within(request.member, community, "members", "member")
        language = cast(Language, enums.LANGUAGE.word(request.language))
        found = project_care.due(self._store, self._runtime, community, self._clock(), member=member, language=language)
        return pb.ListProjectDueResponse(due=[due_message(one, community) for one in islice(found, MOST_DUE)])

    def AnswerProjectDue(
        self, request: pb.AnswerProjectDueRequest, context: ServicerContext
    ) -> pb.AnswerProjectDueResponse:
        community, project = child_of(request.name, "projects")
        member = id_within(request.member, community, "members", "member")
        kind = cast(project_care.DueKind, enums.PROJECT_DUE.word(request.kind))
        if not kind:
            raise InvalidArgument("kind", reason="FIELD_REQUIRED")
        stored, outcomes = project_care.answer(
            self._store, self._runtime, community, project, member, kind, request.yes, self._clock()
        )
        return pb.AnswerProjectDueResponse(
            project=_message(stored, community), outcomes=outcomes, sequence=stored.revision
        )


def _message(stored: Stored[Project], community: str) -> pb.Project:
    return project_message(stored.record, community, stored.version)
