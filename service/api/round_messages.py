"""Rounds, their matches and invitations as messages of the contract."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from yiqi.v1 import invitation_pb2 as invitation_pb
from yiqi.v1 import round_pb2 as pb

from models.community.view import Community
from models.domain.invitations import Seen, discreet, mutual
from models.domain.records import Guest, Invitation, Round
from models.domain.requests import Language
from models.rounds.edits.check import Broken
from models.rounds.edits.warnings import warning_said
from models.rounds.spec.json_text import read_left_out, read_plan, read_spec
from models.rounds.spec.requests import Bye, Collision, Relaxed, Summary
from service.api import enums
from service.api.answers import reason_message, saying
from service.api.codec import etag, timestamp
from service.api.round_codec import names, spec_message
from service.application.round_notes import Notes, notes_of, problem_of
from service.application.round_views import MatchView, Seat, bye_texts, collision_sentences, name_of
from service.application.rounds import Status
from service.core.names import child_name
from service.texts import say


def round_message(
    status: Status, community: str, view: Community | None = None, told: Collection[tuple[str, int]] = ()
) -> pb.Round:
    """A round. With a `view`, byes come with their texts, collisions with their sentences, and what else is to be
    known beside the list.

    `told` are members and sittings of which they had been told of a match that a repair took away.
    """
    record = status.record
    spec, plan = read_spec(record.spec), read_plan(record.plan)
    byes = bye_texts(view, record, plan) if view is not None else [""] * len(plan.byes)
    said = collision_sentences(view, record, spec, plan) if view is not None else [""] * len(plan.collisions)
    notes = notes_of(view, record, spec) if view is not None else Notes()
    return pb.Round(
        name=child_name(community, "rounds", record.id),
        title=record.title,
        date=record.date,
        place=record.place,
        note=record.note,
        spec=spec_message(spec, community),
        ranking=_any(enums.ROUND_RANKING.number(record.ranked_as)),
        language=_any(enums.LANGUAGE.number(record.language)),
        double_opt_in=record.double_opt_in,
        period_days=record.period_days,
        state=_any(enums.ROUND_STATE.number(record.state)),
        progress=status.progress,
        create_time=timestamp(record.time),
        publish_time=None if record.published is None else timestamp(record.published),
        summary=_summary(plan.summary) if record.plan else None,
        collisions=[_collision(one, text, community) for one, text in zip(plan.collisions, said, strict=True)],
        relaxed=[_relaxed(one, community) for one in plan.relaxed],
        byes=[
            _bye(bye, text, community, changed=(bye.member, bye.sitting) in told)
            for bye, text in zip(plan.byes, byes, strict=True)
        ],
        left_out=[
            pb.LeftOut(member=child_name(community, "members", member), reason=_any(enums.LEFT_OUT_REASON.number(why)))
            for member, why in sorted(read_left_out(record.left_out).items())
        ],
        match_count=len(plan.matches),
        problem=problem_of(record),
        publishes_itself=record.goes_out,
        etag=etag(status.stored.version),
        silent=names(notes.silent, community),
        times_not_understood=notes.times,
    )


def warning_messages(record: Round, broken: Sequence[Broken], view: Community, community: str) -> list[pb.EditWarning]:
    """What a change by hand goes against."""
    spec = read_spec(record.spec)
    return [
        pb.EditWarning(
            rule=one.rule if one.rule >= 0 else None,
            cause=_any(enums.COLLISION_CAUSE.number(one.also or "")),
            members=names(one.members, community),
            sentence=say(warning_said(one, spec, lambda member: name_of(view, member)), record.language),
        )
        for one in broken
    ]


def match_message(view: MatchView, community: str) -> pb.RoundMatch:
    """A match of a round."""
    match = view.match
    return pb.RoundMatch(
        id=view.id,
        seats=[_seat(seat, community, view.language) for seat in view.seats],
        sitting=match.sitting,
        slot=match.slot,
        team=match.team,
        score=match.score,
        worst=match.worst,
        locked=match.locked,
        starter=view.starter,
        invitation=child_name(community, "invitations", view.invitation),
        changed=view.changed,
    )


def invitation_message(invitation: Invitation, community: str) -> invitation_pb.Invitation:
    """An invitation as organizers see it."""
    return _invitation(invitation, discreet(invitation).guests, mutual(invitation), community)


def seen_message(seen: Seen, community: str) -> invitation_pb.Invitation:
    """An invitation as one of its guests sees it, themselves first."""
    return _invitation(seen.invitation, (seen.own, *seen.others), seen.mutual, community)


def _invitation(
    invitation: Invitation, guests: tuple[Guest, ...], is_mutual: bool, community: str
) -> invitation_pb.Invitation:
    return invitation_pb.Invitation(
        name=child_name(community, "invitations", invitation.id),
        source=_any(enums.INVITATION_SOURCE.number(invitation.source)),
        ref=invitation.ref,
        guests=[_guest(guest, community) for guest in guests],
        time=timestamp(invitation.time),
        state=_any(enums.INVITATION_STATE.number(invitation.state)),
        double_opt_in=invitation.double_opt_in,
        mutual=is_mutual,
        title=invitation.title,
        text=invitation.text,
        sitting=invitation.sitting,
        slot=invitation.slot,
        team=invitation.team,
        period_days=invitation.period_days,
    )


def _guest(guest: Guest, community: str) -> invitation_pb.InvitationGuest:
    return invitation_pb.InvitationGuest(
        member=child_name(community, "members", guest.member),
        role=guest.role,
        reply=_any(enums.REPLY.number(guest.reply)),
        answer=_any(enums.FOLLOW_UP.number(guest.answer)),
        left=guest.left,
    )


def _seat(seat: Seat, community: str, language: Language) -> pb.RoundSeat:
    return pb.RoundSeat(
        member=child_name(community, "members", seat.member),
        display_name=seat.name,
        role=seat.role,
        reasons=[
            pb.SeatReason(
                other=child_name(community, "members", other),
                reason=reason_message(reason, community, saying(language)),
            )
            for other, reason in seat.reasons
        ],
        text=seat.text,
        reply=_any(enums.REPLY.number(seat.reply)),
        answer=_any(enums.FOLLOW_UP.number(seat.answer)),
    )


def _bye(bye: Bye, text: str, community: str, *, changed: bool) -> pb.RoundBye:
    return pb.RoundBye(
        member=child_name(community, "members", bye.member),
        sitting=bye.sitting,
        reason=_any(enums.BYE_REASON.number(bye.why)),
        rules=bye.rules,
        text=text,
        changed=changed,
    )


def _relaxed(one: Relaxed, community: str) -> pb.RelaxedRule:
    return pb.RelaxedRule(rule=one.rule, members=names(one.members, community), kept=one.kept)


def _collision(one: Collision, sentence: str, community: str) -> pb.RoundCollision:
    return pb.RoundCollision(
        rules=one.rules,
        causes=[_any(enums.COLLISION_CAUSE.number(cause)) for cause in one.also],
        members=names(one.members, community),
        cures=one.cures,
        sentence=sentence,
    )


def _summary(summary: Summary) -> pb.RoundSummary:
    return pb.RoundSummary(
        mean=summary.mean,
        worst=summary.worst,
        median=summary.median,
        best=summary.best,
        best_worst=summary.best_worst,
        random=summary.random,
        bound=summary.bound,
        placed=summary.placed,
        people=summary.people,
        seconds=summary.seconds,
    )


def _any(number: int) -> Any:
    """The number of an enum value, whose type the generated code narrows further than need be."""
    return number
