"""WatchIntroductions: the stream of what members are told of introductions."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterator
from typing import Any, cast, get_args

from grpc import ServicerContext
from yiqi.v1 import recommendation_pb2 as pb

from models.domain.requests import Language
from models.introductions.noted import Event, EventKind
from service.api import enums
from service.api.answers import reason_message, saying
from service.api.codec import timestamp
from service.application import watching
from service.application.watching import Owed, Place, Told
from service.core.errors import InvalidArgument, ShuttingDown, Unavailable
from service.core.names import child_name, community_of, id_within
from service.jobs.introducing import Introducing
from service.store.contract import Store

MOST_BYTES = 20_000  # of an unpacked token


class IntroductionStream:
    """Unpacks, calls `service.application.watching.watch`, packs. Without `introducing` there is nothing to watch."""

    def __init__(self, store: Store, runtime: Any, introducing: Introducing | None) -> None:
        self._store = store
        self._runtime = runtime
        self._introducing = introducing

    def watch(
        self, request: pb.WatchIntroductionsRequest, context: ServicerContext
    ) -> Iterator[pb.WatchIntroductionsResponse]:
        """The replies, until the caller leaves or the server stops."""
        community = community_of(request.parent)
        member = id_within(request.member, community, "members", "member")
        place = place_of(request.resume_token) if request.resume_token else None
        language = cast(Language, enums.LANGUAGE.word(request.language)) if request.language else None
        if self._introducing is None:
            raise Unavailable("The stream of introductions")
        announcements = self._introducing.announcements(community)
        watched = watching.watch(
            self._store, self._runtime, announcements, community, member, place, language, context.is_active
        )
        for one in watched:
            told = None if one.told is None else _introduction(one.told, community)
            yield pb.WatchIntroductionsResponse(resume_token=token_of(one.place), introduction=told)
        if announcements.closed and context.is_active():
            raise ShuttingDown("The stream of introductions")


def token_of(place: Place) -> str:
    """A place in the order of what is told, as a token."""
    at = place.at
    text = json.dumps([at.time, at.invitation, at.side, at.kind, *place.owed], separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode())).decode().rstrip("=")


def place_of(token: str) -> Place:
    """The place that a token stands for. Raises InvalidArgument (RESUME_TOKEN_INVALID)."""
    try:
        packed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        # Nothing that was given unpacks to more.
        text = packed if packed[:1] == b"[" else zlib.decompressobj().decompress(packed, MOST_BYTES)
        time, invitation, side, kind, *owed = json.loads(text)
        if not isinstance(time, int) or len(owed) > watching.MOST_OWED:
            raise ValueError(token)
        return Place(Event(time, *_event(invitation, side, kind)), tuple(_event(*one) for one in owed))
    except (binascii.Error, zlib.error, ValueError, TypeError, RecursionError):
        raise _invalid(token) from None


def _event(invitation: object, side: object, kind: object) -> Owed:
    """An event as it stands in a token. Raises ValueError, TypeError."""
    if not (isinstance(invitation, str) and side in (0, 1) and kind in get_args(EventKind)):
        raise ValueError(kind)
    return invitation, side, cast(EventKind, kind)


def _invalid(token: str) -> InvalidArgument:
    return InvalidArgument(f'"{token[:40]}"', reason="RESUME_TOKEN_INVALID")


def _introduction(told: Told, community: str) -> pb.Introduction:
    return pb.Introduction(
        invitation=child_name(community, "invitations", told.seen.invitation.id),
        event=enums.INTRODUCTION_EVENT.number(told.event),  # type: ignore[arg-type]
        kind=enums.INTRODUCTION_KIND.number(told.kind),  # type: ignore[arg-type]
        member=child_name(community, "members", told.seen.own.member),
        other=child_name(community, "members", told.other),
        time=timestamp(told.time),
        reason=None if told.why is None else reason_message(told.why, community, saying(told.language)),
        text=told.text,
        model_version=told.model,
    )
