"""Enum values of the contract and the words that records use for them, derived from the names of the former."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import EnumDescriptor
from yiqi.v1 import (
    access_pb2,
    channel_pb2,
    common_pb2,
    feed_pb2,
    health_pb2,
    invitation_pb2,
    member_pb2,
    model_pb2,
    outcome_pb2,
    project_pb2,
    proposal_pb2,
    recommendation_pb2,
    round_pb2,
)


class Words:
    """One enum: "EXAMPLE_KIND_TWO_WORDS" is "two_words"; the unspecified value is `default`."""

    def __init__(self, enum: Any, default: str) -> None:
        """`enum` is one of the contract, or its descriptor."""
        descriptor = enum if isinstance(enum, EnumDescriptor) else enum.DESCRIPTOR
        prefix = next(value.name for value in descriptor.values if value.number == 0).removesuffix("UNSPECIFIED")
        self._default = default
        self._words: dict[int, str] = {
            v.number: v.name.removeprefix(prefix).lower() for v in descriptor.values if v.number
        }
        self._numbers: dict[str, int] = {word: number for number, word in self._words.items()}

    def word(self, number: int) -> str:
        """The word of a number; `default` for 0."""
        return self._words.get(number, self._default)

    def number(self, word: str) -> int:
        """The number of a word; 0 for one that the contract does not know."""
        return self._numbers.get(word, 0)

    def words(self) -> list[str]:
        """All words but the default of the unspecified value."""
        return list(self._numbers)


VALUE_KIND = Words(common_pb2.ValueKind, "")
VISIBILITY = Words(channel_pb2.Visibility, "community")
CONSENT = Words(member_pb2.Consent, "organizers")
SUGGESTION_FIELD = Words(member_pb2.SuggestionField, "")
SUGGESTION_STATE = Words(member_pb2.SuggestionState, "")
FOUND_BY = Words(member_pb2.FoundBy, "")
PROJECT_STATE = Words(project_pb2.ProjectState, "")
PROJECT_DUE = Words(proposal_pb2.ProjectDueKind, "")
OUTCOME_KIND = Words(outcome_pb2.OutcomeKind, "")
ROLE = Words(access_pb2.Role, "")
JOB_STATE = Words(feed_pb2.JobState, "")
MODEL_STATE = Words(model_pb2.ModelState, "")
LIST_KIND = Words(recommendation_pb2.ListKind, "peers")
AUDIENCE = Words(recommendation_pb2.Audience, "members")
HEALTH_FIGURE = Words(health_pb2.HealthFigureKind, "")
HEALTH_UNIT = Words(health_pb2.HealthUnit, "")
HEALTH_UNKNOWN = Words(health_pb2.HealthUnknown, "")
HEALTH_ACTION = Words(health_pb2.HealthActionKind, "")
HEALTH_EFFECT = Words(health_pb2.HealthEffectKind, "")
LANGUAGE = Words(recommendation_pb2.Language, "en")
BASIS = Words(recommendation_pb2.Basis, "")
REASON_TYPE = Words(recommendation_pb2.ReasonType, "")
ROUND_KIND = Words(round_pb2.RoundKind, "")
LEFTOVER = Words(round_pb2.Leftover, "trio")
ROUND_RANKING = Words(round_pb2.RoundRanking, "collaborators")
ROUND_STATE = Words(round_pb2.RoundState, "")
LEFT_OUT_REASON = Words(round_pb2.LeftOutReason, "")
BYE_REASON = Words(round_pb2.ByeReason, "")
COLLISION_CAUSE = Words(round_pb2.CollisionCause, "")
ROUND_FORMAT = Words(round_pb2.RoundFormat, "json")
INVITATION_SOURCE = Words(invitation_pb2.InvitationSource, "")
INVITATION_STATE = Words(invitation_pb2.InvitationState, "")
REPLY = Words(invitation_pb2.Reply, "")
FOLLOW_UP = Words(invitation_pb2.FollowUp, "")
DUE_KIND = Words(invitation_pb2.DueKind, "")
INTRODUCTION_KIND = Words(recommendation_pb2.IntroductionKind, "")
INTRODUCTION_EVENT = Words(recommendation_pb2.IntroductionEvent, "")
