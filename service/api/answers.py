"""Options of the contract to those of the models, and their answers back."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias, cast

from yiqi.v1 import recommendation_pb2 as pb

from models.domain.facts import Fact
from models.domain.records import Micros
from models.domain.requests import Audience, Evidence, Filter, Language, Match, Options, Reason
from service.api import enums
from service.api.codec import attributes, ids, micros
from service.application.recommendations import Answer
from service.core.names import child_name
from service.texts import say

SAID = 4096  # sentences that are remembered within a stream


def options(message: pb.RecommendOptions, community: str, now: Micros, collection: str = "members") -> Options:
    """Options with their defaults; `collection` is what is recommended, and so what `exclude` names."""
    given = Options()
    return Options(
        limit=message.limit or given.limit,
        audience=cast(Audience, enums.AUDIENCE.word(message.audience)),
        include_connected=message.include_connected,
        exclude=frozenset(ids(message.exclude, community, collection, "options.exclude")),
        filter=filter_of(message.filter, community),
        diversity=message.diversity if message.HasField("diversity") else given.diversity,
        strangers=message.strangers if message.HasField("strangers") else given.strangers,
        min_score=message.min_score,
        language=cast(Language, enums.LANGUAGE.word(message.language)),
        reasons=message.with_reasons if message.HasField("with_reasons") else given.reasons,
        fillers=message.include_fillers,
        gone=message.include_gone,
        now=now,
    )


def filter_of(message: pb.RecommendationFilter, community: str, what: str = "options.filter") -> Filter:
    """Who may be recommended at all; `what` names the field."""
    return Filter(
        languages=tuple(message.languages),
        place=message.place,
        attributes=attributes(message.attributes, f"{what}.attributes"),
        members=frozenset(ids(message.members, community, "members", f"{what}.members")),
        active_since=micros(message.active_since) if message.HasField("active_since") else None,
    )


Say: TypeAlias = Callable[[Fact], str]


def saying(language: Language) -> Say:
    """What says facts in a language, and remembers for as long as it lives: most are true of many matches."""
    return lru_cache(maxsize=SAID)(lambda fact: say(fact, language))


def results(answer: Answer, community: str, say: Say, collection: str = "members") -> list[pb.Recommendation]:
    """The matches of an answer, best first."""
    return [_recommendation(match, community, say, collection) for match in answer.recommendations.matches]


def info(answer: Answer) -> pb.AnswerInfo:
    """What an answer says about itself."""
    return pb.AnswerInfo(
        model_version=answer.recommendations.model_version,
        index_version=answer.index_version,
        recommendation_token=answer.token,
        hidden_by_consent=answer.recommendations.hidden_by_consent,
        indexed_through=answer.indexed_through,
    )


def _recommendation(match: Match, community: str, say: Say, collection: str) -> pb.Recommendation:
    return pb.Recommendation(
        resource=child_name(community, collection, match.id),
        score=match.score,
        score_for_you=match.score_for_you,
        score_for_them=match.score_for_them,
        reasons=[reason_message(reason, community, say) for reason in match.reasons],
        basis=enums.BASIS.number(match.basis),  # type: ignore[arg-type]
    )


def reason_message(reason: Reason, community: str, say: Say) -> pb.Reason:
    """A reason of the models as one of the contract, in words."""
    return pb.Reason(
        type=enums.REASON_TYPE.number(reason.kind),  # type: ignore[arg-type]
        sentence=say(reason.said),
        weight=reason.weight,
        evidence=[_evidence(item, community) for item in reason.evidence],
    )


def _evidence(item: Evidence, community: str) -> pb.Evidence:
    match item.kind:
        case "term":
            return pb.Evidence(term=item.value)
        case "statement":
            return pb.Evidence(statement=item.value)
        case "suggestion":
            return pb.Evidence(suggestion=item.value)
        case "member":
            return pb.Evidence(member=child_name(community, "members", item.value))
        case "channel":
            return pb.Evidence(channel=child_name(community, "channels", item.value))
        case "project":
            return pb.Evidence(project_statement=item.value)
        case "message":
            return pb.Evidence(message=child_name(community, "messages", item.value))
