"""A sheet from the messages of the contract, so that the service and the command line draw the same round alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from yiqi.client import id_of
from yiqi.v1 import invitation_pb2, round_pb2
from yiqi.v1.recommendation_pb2 import Language as LanguageValue

from models.domain.facts import Fact
from models.domain.records import FollowUp, Micros, Reply, RoundState
from models.domain.requests import Language
from models.rounds.spec.requests import Collision, Relaxed, RoundKind, RoundSpec, Summary
from models.rounds.texts.constraints import Namer, collision_said, relaxed_said, rule_said
from service.rendering.notes import notes_of
from service.rendering.reasons import told
from service.rendering.sheet import Absent, Line, Seat, Sheet
from service.texts import say, words


def sheet_of(
    round_: round_pb2.Round,
    spec: RoundSpec,
    matches: Iterable[round_pb2.RoundMatch],
    *,
    community: str,
    names: Mapping[str, str],
    language: Language | None = None,
) -> Sheet:
    """The sheet of a round: `spec` is what `round_.spec` asks for, `names` what members are called, by id.

    `language` is that of the round unless it is given.
    """
    lang = language or language_of(round_)

    def called(member: str) -> str:
        return names.get(member) or member

    matches = list(matches)
    titles = {team.id: team.title or team.id for team in spec.teams}
    return Sheet(
        community=community,
        round=id_of(round_.name),
        kind=_kind(round_),
        title=round_.title,
        date=round_.date,
        place=round_.place,
        note=round_.note,
        state=state_of(round_),
        language=lang,
        time=_micros(round_.create_time),
        published=_micros(round_.publish_time) if round_.HasField("publish_time") else None,
        sittings=max(spec.sittings, 1),
        double_opt_in=round_.double_opt_in,
        fairness=spec.fairness,
        lines=tuple(_line(match, titles, lang, called) for match in matches),
        byes=tuple(_bye(bye, lang, called) for bye in round_.byes),
        left_out=tuple(_left_out(one, lang, called) for one in round_.left_out),
        rules=tuple(say(rule_said(rule, called), lang) for rule in spec.rules),
        relaxed=tuple(say(relaxed_said(_relaxed(one), spec, called), lang) for one in round_.relaxed),
        collisions=tuple(say(collision_said(_collision(one), spec, called), lang) for one in round_.collisions),
        notes=tuple(notes_of(round_, spec, matches, lang, called)),
        summary=_summary(round_.summary),
    )


def state_of(round_: round_pb2.Round) -> RoundState:
    """How far a round is."""
    return cast(RoundState, _word(round_pb2.RoundState, round_.state, "ROUND_STATE_"))


def language_of(round_: round_pb2.Round) -> Language:
    """The language that a round was asked for in."""
    return "zh" if LanguageValue.Name(round_.language) == "LANGUAGE_ZH" else "en"


def _line(match: round_pb2.RoundMatch, titles: Mapping[str, str], language: Language, called: Namer) -> Line:
    return Line(
        id=match.id,
        seats=tuple(_seat(seat, len(match.seats), called) for seat in match.seats),
        sitting=match.sitting,
        slot=match.slot,
        team=titles.get(match.team, match.team),
        score=match.score,
        worst=match.worst,
        locked=match.locked,
        why=told(match, language, called),
        starter=match.starter,
        invitation=id_of(match.invitation),
        changed=match.changed,
    )


def _seat(seat: round_pb2.RoundSeat, size: int, called: Namer) -> Seat:
    member = id_of(seat.member)
    reasons = []
    for one in seat.reasons:
        about = f"{called(id_of(one.other))}: " if size > 2 and one.other else ""
        reasons.append(about + one.reason.sentence)
    return Seat(
        member=member,
        name=seat.display_name or called(member),
        role=seat.role,
        reasons=tuple(reasons),
        text=seat.text,
        reply=cast(Reply, _word(invitation_pb2.Reply, seat.reply, "REPLY_").replace("unspecified", "pending")),
        answer=cast(FollowUp, _word(invitation_pb2.FollowUp, seat.answer, "FOLLOW_UP_").replace("unspecified", "")),
    )


def _bye(bye: round_pb2.RoundBye, language: Language, called: Namer) -> Absent:
    member = id_of(bye.member)
    why = _absent(_word(round_pb2.ByeReason, bye.reason, "BYE_REASON_"), language)
    return Absent(member=member, name=called(member), why=why, sitting=bye.sitting, text=bye.text, changed=bye.changed)


def _left_out(one: round_pb2.LeftOut, language: Language, called: Namer) -> Absent:
    member = id_of(one.member)
    why = _absent(_word(round_pb2.LeftOutReason, one.reason, "LEFT_OUT_REASON_"), language)
    return Absent(member=member, name=called(member), why=why)


def _absent(why: str, language: Language) -> str:
    return words(Fact(f"absent.{why}"), language)


def _relaxed(one: round_pb2.RelaxedRule) -> Relaxed:
    return Relaxed(rule=one.rule, members=tuple(map(id_of, one.members)), kept=one.kept)


def _collision(one: round_pb2.RoundCollision) -> Collision:
    causes = tuple(_word(round_pb2.CollisionCause, cause, "COLLISION_CAUSE_") for cause in one.causes)
    return Collision(
        rules=tuple(one.rules),
        also=cast(Any, causes),
        members=tuple(map(id_of, one.members)),
        cures=tuple(one.cures),
    )


def _summary(summary: round_pb2.RoundSummary) -> Summary:
    return Summary(**{field.name: getattr(summary, field.name) for field in summary.DESCRIPTOR.fields})


def _kind(round_: round_pb2.Round) -> RoundKind:
    return cast(RoundKind, _word(round_pb2.RoundKind, round_.spec.kind, "ROUND_KIND_"))


def _word(enum: Any, value: int, prefix: str) -> str:
    return str(enum.Name(value)).removeprefix(prefix).lower()


def _micros(time: Any) -> Micros:
    return int(time.seconds) * 1_000_000 + int(time.nanos) // 1000
