"""RoundService: match lists for organizers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

from grpc import ServicerContext
from yiqi.v1 import round_pb2 as pb
from yiqi.v1 import round_pb2_grpc

from models.domain.kinds import ROUND
from models.domain.records import Micros, RoundState
from models.domain.requests import Language
from models.rounds.texts.notice import Notice
from service.api import enums, paging
from service.api.answers import filter_of
from service.api.codec import etag, ids, version
from service.api.round_codec import edit_record, spec_record
from service.api.round_messages import match_message, round_message, warning_messages
from service.application import crud, round_edits, round_publishing, round_views, rounds
from service.application.communities import get_community
from service.application.round_people import Solving
from service.application.rounds import NewRound, Status
from service.core.names import child_of, community_of, id_within
from service.rendering import FORMATS, Format, Occasion, render
from service.rendering.from_messages import sheet_of
from service.store.contract import Store

_FORMATS: dict[str, Format] = {
    "csv": "csv",
    "json": "json",
    "html": "html",
    "picture": "svg",
    "people_csv": "people_csv",
    "calendar": "calendar",
    "slips": "slips",
    "picture_png": "png",
    "poster_png": "poster",
}


class RoundServicer(round_pb2_grpc.RoundServiceServicer):
    """Unpacks, calls `service.application.rounds` and its neighbours, packs."""

    def __init__(self, store: Store, runtime: Solving, clock: Callable[[], Micros]) -> None:
        self._store = store
        self._runtime = runtime
        self._clock = clock

    def CreateRound(self, request: pb.CreateRoundRequest, context: ServicerContext) -> pb.CreateRoundResponse:
        community = community_of(request.parent)
        given = request.round
        new = NewRound(
            id=request.round_id,
            spec=spec_record(given.spec, community),
            wanted=filter_of(request.filter, community, "filter"),
            title=given.title,
            notice=Notice(date=given.date, place=given.place, note=given.note),
            ranked_as=cast(Literal["collaborators", "peers"], enums.ROUND_RANKING.word(given.ranking)),
            language=cast(Language, enums.LANGUAGE.word(given.language)),
            double_opt_in=given.double_opt_in,
            dry_run=request.dry_run,
            period_days=given.period_days,
        )
        status = rounds.create_round(
            self._store,
            self._runtime,
            community,
            new,
            self._clock(),
            request_id=request.request_id,
            min_sequence=request.min_sequence,
        )
        return pb.CreateRoundResponse(round=round_message(status, community), sequence=status.revision)

    def GetRound(self, request: pb.GetRoundRequest, context: ServicerContext) -> pb.GetRoundResponse:
        community, round = child_of(request.name, "rounds")
        return pb.GetRoundResponse(round=self._told(self._status(community, round), community))

    def ListRounds(self, request: pb.ListRoundsRequest, context: ServicerContext) -> pb.ListRoundsResponse:
        community = community_of(request.parent)
        state = enums.ROUND_STATE.word(request.state)
        scope = ("ListRounds", community, state)
        found, following = rounds.list_rounds(
            self._store,
            community,
            paging.after(request.page_token, *scope),
            paging.size(request.page_size),
            state=cast(RoundState, state) if state else None,
        )
        return pb.ListRoundsResponse(
            rounds=[round_message(status, community) for status in found],
            next_page_token=paging.token(following, *scope),
        )

    def ListRoundMatches(
        self, request: pb.ListRoundMatchesRequest, context: ServicerContext
    ) -> pb.ListRoundMatchesResponse:
        community, round = child_of(request.parent, "rounds", "parent")
        member = id_within(request.member, community, "members", "member")
        seen = crud.get(self._store, community, ROUND, round).version
        # A token is good for one state of the list only.
        scope = ("ListRoundMatches", community, round, member, str(seen))
        page = round_views.list_matches(
            self._store,
            self._runtime,
            community,
            round,
            self._clock(),
            start=paging.offset(request.page_token, *scope),
            size=paging.size(request.page_size),
            member=member,
            language=cast(Language, enums.LANGUAGE.word(request.language)) if request.language else None,
            reasons=request.with_reasons if request.HasField("with_reasons") else True,
        )
        return pb.ListRoundMatchesResponse(
            matches=[match_message(view, community) for view in page.items],
            next_page_token=paging.token(str(page.next), *scope) if page.next >= 0 else "",
            etag=etag(page.version),
        )

    def CancelRound(self, request: pb.CancelRoundRequest, context: ServicerContext) -> pb.CancelRoundResponse:
        community, round = child_of(request.name, "rounds")
        status = rounds.cancel_round(self._store, community, round)
        return pb.CancelRoundResponse(round=round_message(status, community), sequence=status.revision)

    def EditRound(self, request: pb.EditRoundRequest, context: ServicerContext) -> pb.EditRoundResponse:
        community, round = child_of(request.name, "rounds")
        edits = [edit_record(edit, community, f"edits[{at}]") for at, edit in enumerate(request.edits)]
        status, broken = round_edits.edit_round(
            self._store, self._runtime, community, round, edits, self._clock(), version(request.etag)
        )
        return pb.EditRoundResponse(
            round=self._told(status, community),
            sequence=status.revision,
            warnings=warning_messages(status.record, broken, self._runtime.view(community), community),
        )

    def UpdateRoundNotice(
        self, request: pb.UpdateRoundNoticeRequest, context: ServicerContext
    ) -> pb.UpdateRoundNoticeResponse:
        community, round = child_of(request.name, "rounds")
        told = {name: getattr(request, name) for name in ("title", "date", "place", "note") if request.HasField(name)}
        status = rounds.update_notice(self._store, community, round, told, version(request.etag))
        return pb.UpdateRoundNoticeResponse(round=self._told(status, community), sequence=status.revision)

    def SolveRoundAgain(
        self, request: pb.SolveRoundAgainRequest, context: ServicerContext
    ) -> pb.SolveRoundAgainResponse:
        community, round = child_of(request.name, "rounds")
        spec = spec_record(request.spec, community) if request.HasField("spec") else None
        status = rounds.solve_again(
            self._store,
            self._runtime,
            community,
            round,
            self._clock(),
            spec=spec,
            discard_edits=request.discard_edits,
            version=version(request.etag),
        )
        return pb.SolveRoundAgainResponse(round=round_message(status, community), sequence=status.revision)

    def PublishRound(self, request: pb.PublishRoundRequest, context: ServicerContext) -> pb.PublishRoundResponse:
        community, round = child_of(request.name, "rounds")
        now = self._clock()
        status = rounds.publish_round(self._store, self._runtime, community, round, now, version(request.etag))
        return pb.PublishRoundResponse(round=self._told(status, community), sequence=status.revision)

    def RepairRound(self, request: pb.RepairRoundRequest, context: ServicerContext) -> pb.RepairRoundResponse:
        community, round = child_of(request.name, "rounds")
        status = rounds.repair_round(
            self._store,
            self._runtime,
            community,
            round,
            self._clock(),
            drop=ids(request.drop, community, "members", "drop"),
            add=ids(request.add, community, "members", "add"),
            version=version(request.etag),
        )
        return pb.RepairRoundResponse(round=round_message(status, community), sequence=status.revision)

    def UndoRound(self, request: pb.UndoRoundRequest, context: ServicerContext) -> pb.UndoRoundResponse:
        community, round = child_of(request.name, "rounds")
        status = rounds.undo_round(self._store, community, round, version(request.etag))
        return pb.UndoRoundResponse(round=self._told(status, community), sequence=status.revision)

    def DeleteRound(self, request: pb.DeleteRoundRequest, context: ServicerContext) -> pb.DeleteRoundResponse:
        community, round = child_of(request.name, "rounds")
        revision = rounds.delete_round(self._store, community, round, version(request.etag))
        return pb.DeleteRoundResponse(sequence=revision)

    def ExportRound(self, request: pb.ExportRoundRequest, context: ServicerContext) -> pb.ExportRoundResponse:
        community, round = child_of(request.name, "rounds")
        found = self._told(self._status(community, round), community)
        language = cast(Language, enums.LANGUAGE.word(request.language or found.language))
        matches = round_views.list_matches(
            self._store, self._runtime, community, round, self._clock(), size=crud.MAX_PAGE, language=language
        )
        lines = list(matches.items)
        while matches.next >= 0:
            matches = round_views.list_matches(
                self._store,
                self._runtime,
                community,
                round,
                self._clock(),
                start=matches.next,
                size=crud.MAX_PAGE,
                language=language,
            )
            lines += matches.items
        view = self._runtime.view(community)
        record = get_community(self._store, community).record
        sheet = sheet_of(
            found,
            spec_record(found.spec, community),
            [match_message(line, community) for line in lines],
            community=getattr(record, "name", "") or community,
            names={member.id: member.name for member in view.members if member is not None},
            language=language,
        )
        kind = _FORMATS[enums.ROUND_FORMAT.word(request.format)]
        minutes = request.minutes or Occasion().minutes
        occasion = Occasion(place=request.place, time_zone=request.time_zone, minutes=minutes)
        return pb.ExportRoundResponse(
            content=render(sheet, kind, occasion),
            media_type=FORMATS[kind].media_type,
            file_name=f"{round}{FORMATS[kind].suffix}",
        )

    def _status(self, community: str, round: str) -> Status:
        return rounds.get_round(self._store, community, round)

    def _told(self, status: Status, community: str) -> pb.Round:
        """With texts for byes and sentences for collisions, which need to know people."""
        with self._store.read(community) as at:
            told = round_publishing.told_before(at, status.record)
        return round_message(status, community, self._runtime.view(community), told)
