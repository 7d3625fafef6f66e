"""The two doors of recommendations and proposals: a data folder opened here, or a running server.

Both give the same answers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, cast

from models.domain.facts import given
from models.domain.records import KIND_OF, Member, Project
from models.domain.requests import Audience, Basis, Evidence, Filter, Goal, Language, Match, Options, Reason, ReasonKind
from service.cli.shared.naming import member_called, member_in, names_in
from service.cli.shared.options import one_door, settings_for
from service.cli.shared.organizer import Organizer, open_organizer
from service.core.clock import wall_clock
from service.core.errors import MemberNotFound
from service.core.names import is_id, require_id

if TYPE_CHECKING:
    import numpy as np

    from service.application.recommendations import Answer
    from service.serving import Runtime
    from service.store.contract import Store

What: TypeAlias = Literal["peers", "collaborators", "projects"]
# A member's id, the ids recommended to them with (n,) float32 scores, best first, and the version of the model.
Ranking: TypeAlias = "tuple[str, list[str], np.ndarray, str]"


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: matches, best first, the version of the model that made it ("" where nothing was asked), and the
    language that its reasons are told in."""

    matches: tuple[Match, ...] = ()
    model: str = ""
    language: Language = "en"


class Door(Protocol):
    """Answers about one community, as an organizer sees it. Raises YiqiError or YiqiRpcError."""

    def recommend(self, what: What, member: str, options: Options) -> Found:
        """For one member."""

    def lists(self, what: What, options: Options) -> Iterator[tuple[str, Found]]:
        """For every member, by id."""

    def rankings(self, what: What, options: Options) -> Iterator[Ranking]:
        """The same without reasons."""

    def collaborators_for(self, briefs: Sequence[Goal], options: Options) -> Iterator[Found]:
        """For each brief; people in it whom nobody knows count as absent."""

    def search(self, goals: Sequence[Goal], options: Options) -> Iterator[Found]:
        """For each question; an asker or channel that nobody knows counts as absent."""

    def members(self) -> dict[str, str]:
        """What every member is called, by id."""

    def member_called(self, text: str) -> str:
        """The id of a member by id or by a name that only one has; what nobody is called comes back as it is."""

    def names(self, what: What, ids: list[str]) -> dict[str, str]:
        """What people call these members or projects, where it is known."""


@contextmanager
def open_door(data: Path | None, server: str | None, community: str) -> Iterator[Door]:
    """The door that the options name, for as long as it is needed."""
    one_door(data, server)
    if server is not None:
        with open_organizer(data, server, community, writes=False) as organizer:
            yield Remote(organizer)
    else:
        from service.compose import open_application

        require_id(community, "--community")
        with open_application(settings_for(data)) as (store, runtime):
            store.head(community)
            yield Embedded(runtime, store, community)


def organizer_options(
    *,
    limit: int,
    include_connected: bool = False,
    language: Language = "en",
    reasons: bool = False,
    strangers: float | None = None,
    fillers: bool = False,
    gone: bool = False,
) -> Options:
    """Options of somebody at the command line, who speaks as an organizer, now."""
    return Options(
        limit=limit,
        audience="organizers",
        include_connected=include_connected,
        language=language,
        reasons=reasons,
        strangers=strangers,
        fillers=fillers,
        gone=gone,
        now=time.time_ns() // 1000,
    )


class Embedded:
    """The use cases, called here."""

    def __init__(self, runtime: Runtime, store: Store, community: str) -> None:
        self._runtime = runtime
        self._store = store
        self._community = community

    def recommend(self, what: What, member: str, options: Options) -> Found:
        from service.application import recommendations as use

        ask = {
            "peers": use.recommend_peers,
            "collaborators": use.recommend_collaborators,
            "projects": use.recommend_projects,
        }[what]
        return _answered(ask(self._runtime, self._community, member, options), options)

    def lists(self, what: What, options: Options) -> Iterator[tuple[str, Found]]:
        from service.application import recommendations as use

        members = use.recipients(self._runtime, self._community, Filter())
        found = use.recommend_all(self._runtime, self._community, what, members, options, wall_clock)
        return ((member, _answered(answer, options)) for member, answer in found)

    def rankings(self, what: What, options: Options) -> Iterator[Ranking]:
        from service.application import recommendations as use

        if what == "projects":
            return _without_reasons(self.lists(what, options))
        return use.rankings(self._runtime, self._community, what, options)

    def collaborators_for(self, briefs: Sequence[Goal], options: Options) -> Iterator[Found]:
        from service.application.recommendations import collaborators_for_all

        found = collaborators_for_all(self._runtime, self._community, briefs, options)
        return (_answered(answer, options) for answer in found)

    def search(self, goals: Sequence[Goal], options: Options) -> Iterator[Found]:
        from service.application.recommendations import search_for_all

        found = search_for_all(self._runtime, self._community, goals, options)
        return (_answered(answer, options) for answer in found)

    def members(self) -> dict[str, str]:
        return names_in(self._store, self._community)

    def member_called(self, text: str) -> str:
        return member_in(self._store, self._community, text)

    def names(self, what: What, ids: list[str]) -> dict[str, str]:
        kind = KIND_OF[Project] if what == "projects" else KIND_OF[Member]
        found = self._store.get(self._community, kind, ids)
        return {
            id: getattr(stored.record, "name", "") or getattr(stored.record, "title", "")
            for id, stored in found.items()
        }


class Remote:
    """A running server, through the client."""

    def __init__(self, organizer: Organizer) -> None:
        self._organizer = organizer
        self._client = organizer.client
        self._community = organizer.community

    def recommend(self, what: What, member: str, options: Options) -> Found:
        given = _remote_options(options)
        reply: Any
        if what == "peers":
            reply = self._client.recommend_peers(self._community, member, **given)
        elif what == "projects":
            reply = self._client.recommend_projects(self._community, member, **given)
        else:
            reply = self._client.recommend_collaborators(self._community, member=member, **given)
        return _found(reply)

    def lists(self, what: What, options: Options) -> Iterator[tuple[str, Found]]:
        from yiqi.client import id_of

        for reply in self._client.recommend_all(self._community, kind=_kind(what), **_remote_options(options)):
            yield id_of(reply.member), _found(reply)

    def rankings(self, what: What, options: Options) -> Iterator[Ranking]:
        return _without_reasons(self.lists(what, options))

    def collaborators_for(self, briefs: Sequence[Goal], options: Options) -> Iterator[Found]:
        return (self._collaborators_for(brief, options) for brief in briefs)

    def _collaborators_for(self, goal: Goal, options: Options) -> Found:
        from yiqi.client import member_name
        from yiqi.v1.recommendation_pb2 import Brief

        if not (goal.title or goal.text):
            return Found()
        people = [member_name(self._community, member) for member in goal.members if is_id(member)]
        brief = Brief(title=goal.title, text=goal.text, members=people)
        return _found(self._client.recommend_collaborators(self._community, brief=brief, **_remote_options(options)))

    def search(self, goals: Sequence[Goal], options: Options) -> Iterator[Found]:
        return (self._search(goal, options) for goal in goals)

    def _search(self, goal: Goal, options: Options) -> Found:
        from yiqi.client import YiqiRpcError

        if not (goal.text or goal.title):
            return Found()
        asker, channel = (id if is_id(id) else "" for id in (goal.source, goal.channel))
        while True:
            try:
                return _found(
                    self._client.search_members(
                        self._community,
                        goal.text or goal.title,
                        title=goal.title if goal.text else "",
                        channel=channel,
                        member=asker,
                        **_remote_options(options),
                    )
                )
            except YiqiRpcError as error:
                if error.reason == "MEMBER_NOT_FOUND" and asker:
                    asker = ""
                elif error.reason == "CHANNEL_NOT_FOUND" and channel:
                    channel = ""
                else:
                    raise

    def members(self) -> dict[str, str]:
        return self._organizer.names

    def member_called(self, text: str) -> str:
        from yiqi.client import YiqiRpcError

        try:
            self._client.get_member(self._community, text)
        except YiqiRpcError as error:
            if error.reason not in ("MEMBER_NOT_FOUND", "NAME_MALFORMED", "ID_MALFORMED"):
                raise
            text = member_called(text, self._organizer.names, "member")
            if error.reason != "MEMBER_NOT_FOUND" and not is_id(text):
                raise MemberNotFound(text) from None
        return text

    def names(self, what: What, ids: list[str]) -> dict[str, str]:
        if what == "projects":
            from yiqi.client import id_of

            return {id_of(project.name): project.title for project in self._client.list_projects(self._community)}
        return {id: self._client.get_member(self._community, id).display_name for id in ids}


def _without_reasons(lists: Iterator[tuple[str, Found]]) -> Iterator[Ranking]:
    import numpy as np

    for member, found in lists:
        scores = np.array([match.score for match in found.matches], np.float64)
        yield member, [match.id for match in found.matches], scores, found.model


def _answered(answer: Answer, options: Options) -> Found:
    return Found(answer.recommendations.matches, answer.recommendations.model_version, options.language)


def _remote_options(options: Options) -> Any:
    return {
        "limit": options.limit,
        "include_connected": options.include_connected,
        "language": _language(options.language),
        "with_reasons": options.reasons,
        "audience": _audience(options.audience),
        "include_fillers": options.fillers,
        "include_gone": options.gone,
        **({} if options.strangers is None else {"strangers": options.strangers}),
    }


def _kind(what: What) -> Any:
    from yiqi.v1.recommendation_pb2 import ListKind

    return ListKind.Value(f"LIST_KIND_{what.upper()}")


def _language(language: Language) -> Any:
    from yiqi.v1.recommendation_pb2 import Language as Spoken

    return Spoken.Value(f"LANGUAGE_{language.upper()}")


def _audience(audience: Audience) -> Any:
    from yiqi.v1.recommendation_pb2 import Audience as Asking

    return Asking.Value(f"AUDIENCE_{audience.upper()}")


def _found(reply: Any) -> Found:
    from yiqi.client import id_of

    from service.api import enums

    matches = (
        Match(
            id_of(one.resource),
            one.score,
            one.score_for_you,
            one.score_for_them,
            tuple(map(_reason, one.reasons)),
            cast(Basis, enums.BASIS.word(one.basis)),
        )
        for one in reply.recommendations
    )
    return Found(tuple(matches), reply.info.model_version)


def _reason(reason: Any) -> Reason:
    from yiqi.client import id_of

    from service.api import enums

    evidence = []
    for one in reason.evidence:
        field = one.WhichOneof("value")
        value = getattr(one, field) if field else ""
        if field in ("member", "channel", "message"):
            value = id_of(value)
        evidence.append(Evidence(cast(Any, "project" if field == "project_statement" else field), value))
    kind = enums.REASON_TYPE.word(reason.type)
    return Reason(cast(ReasonKind, kind), given(reason.sentence), reason.weight, tuple(evidence))
