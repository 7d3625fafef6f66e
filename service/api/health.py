"""Health to messages of the contract."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import cast

import numpy as np
from yiqi.v1 import health_pb2 as pb

from models.domain.facts import Fact
from models.domain.records import DAY
from models.domain.requests import Language
from models.health.advice import Advice
from models.health.definitions import DEFINITION, FigureName
from models.health.effects import Effect
from models.health.report import Group
from models.health.value import Flow, Gift
from models.health.windows import Measured, Pointer
from service.api import enums
from service.api.codec import micros, timestamp
from service.application.health import Question, Report, commands
from service.core.names import child_name, community_name
from service.texts import words


def question(request: pb.GetCommunityHealthRequest) -> Question:
    """What a request asks, with its defaults."""
    usual = Question()
    return Question(
        since=micros(request.since) if request.HasField("since") else None,
        every=request.window_days * DAY or usual.every,
        language=cast(Language, enums.LANGUAGE.word(request.language)),
        limit=request.limit or usual.limit,
    )


def health_message(report: Report, asked: Question, community: str) -> pb.CommunityHealth:
    """A report in the language asked for."""
    packing = _Packing(report, asked, community)
    health = report.health
    edges = [timestamp(edge) for edge in health.edges.tolist()]
    return pb.CommunityHealth(
        name=community_name(community),
        as_of=timestamp(health.as_of),
        sequence=report.sequence,
        windows=[pb.HealthWindow(begin=a, end=b) for a, b in pairwise(edges)],
        figures=[packing.figure(name, measured) for name, measured in health.figures.items()],
        groups=map(packing.group, health.groups),
        flows=map(_flow, health.flows),
        gifts=map(packing.gift, health.gifts),
        funnel=map(_funnel, health.funnel),
        effects=map(packing.effect, health.effects),
        advice=map(packing.advice, health.advice),
        hidden_by_consent=health.hidden_by_consent,
    )


class _Packing:
    def __init__(self, report: Report, asked: Question, community: str) -> None:
        self._community = community
        self._asked = asked
        self._as_of = report.health.as_of
        people, history = report.history.people, report.history
        self._names = {
            "member": dict(zip(people.ids, people.names, strict=True)),
            "channel": dict(zip(history.channels, history.channel_names, strict=True)),
        }

    def figure(self, name: FigureName, measured: Measured) -> pb.HealthFigure:
        definition = DEFINITION[name]
        return pb.HealthFigure(
            kind=enums.HEALTH_FIGURE.number(name),  # type: ignore[arg-type]
            title=self._words("title", name),
            meaning=self._words("meaning", name),
            unit=enums.HEALTH_UNIT.number(definition.unit),  # type: ignore[arg-type]
            higher_is_better=definition.higher_is_better,
            values=_values(measured),
            pointers=map(self._pointer, measured.pointers),
            pointer_meaning=self._words("pointed", name),
        )

    def _words(self, part: str, name: FigureName) -> str:
        return words(Fact(f"health.{part}.{name}"), self._asked.language)

    def group(self, group: Group) -> pb.HealthGroup:
        return pb.HealthGroup(size=group.size, central=map(self._pointer, group.central))

    def gift(self, gift: Gift) -> pb.ValueGift:
        return pb.ValueGift(
            giver=self._member(gift.giver),
            receiver=self._member(gift.receiver),
            kind=enums.VALUE_KIND.number(gift.kind),  # type: ignore[arg-type]
            times=gift.times,
        )

    def effect(self, effect: Effect) -> pb.HealthEffect:
        message = pb.HealthEffect(
            time=timestamp(effect.time),
            members=effect.members,
            kind=enums.HEALTH_EFFECT.number(effect.outcome),  # type: ignore[arg-type]
            value=effect.value,
            beside=effect.beside,
            low=effect.low,
            high=effect.high,
        )
        match effect.source:
            case "round":
                message.round = child_name(self._community, "rounds", effect.ref)
            case "introduction":
                message.introductions = True
            case "proposal":
                message.proposals = True
        return message

    def advice(self, advice: Advice) -> pb.HealthAdvice:
        return pb.HealthAdvice(
            figure=enums.HEALTH_FIGURE.number(advice.figure),  # type: ignore[arg-type]
            sentence=words(advice.said, self._asked.language),
            about=map(self._pointer, advice.about[: self._asked.limit]),
            action=self._action(advice),
        )

    def _action(self, advice: Advice) -> pb.HealthAction:
        action = advice.action
        return pb.HealthAction(
            kind=enums.HEALTH_ACTION.number(action.kind),  # type: ignore[arg-type]
            members=map(self._member, action.members),
            others=map(self._member, action.others),
            standing=action.standing,
            commands=commands(advice, self._community, self._as_of),
        )

    def _pointer(self, pointer: Pointer) -> pb.HealthPointer:
        message = pb.HealthPointer(display_name=self._names[pointer.kind][pointer.id], value=pointer.value)
        if pointer.kind == "member":
            message.member = self._member(pointer.id)
        else:
            message.channel = child_name(self._community, "channels", pointer.id)
        return message

    def _member(self, id: str) -> str:
        return child_name(self._community, "members", id)


def _values(measured: Measured) -> list[pb.HealthValue]:
    unknown = np.where(measured.too_few, "too_few", np.where(measured.unrecorded, "nobody_recorded", ""))
    told = np.where(measured.too_few, np.nan, measured.values)
    columns = zip(told.tolist(), measured.counts.tolist(), unknown.tolist(), strict=True)
    return [
        pb.HealthValue(
            value=None if math.isnan(value) else value,
            count=count,
            unknown=enums.HEALTH_UNKNOWN.number(why),  # type: ignore[arg-type]
        )
        for value, count, why in columns
    ]


def _flow(flow: Flow) -> pb.ValueFlow:
    return pb.ValueFlow(
        kind=enums.VALUE_KIND.number(flow.kind),  # type: ignore[arg-type]
        offering=flow.offering,
        seeking=flow.seeking,
        given=flow.given,
        givers=flow.givers,
        receivers=flow.receivers,
    )


def _funnel(steps: np.ndarray) -> pb.IntroductionFunnel:
    introduced, talked, met, built, still = steps.tolist()
    return pb.IntroductionFunnel(
        introduced=introduced, talked=talked, met=met, built_together=built, still_together=still
    )
