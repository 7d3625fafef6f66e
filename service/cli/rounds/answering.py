"""What `yiqi round answer` notes: a digit, yes or no, stay or leave."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal, NamedTuple

import typer

if TYPE_CHECKING:
    from service.cli.shared.organizer import Organizer


class Meant(NamedTuple):
    """What an answer answers, and what it says."""

    asked: Literal["follow_up", "reply", "renewal"]
    said: str


_MEANT = {
    "1": Meant("follow_up", "talked"),
    "2": Meant("follow_up", "met"),
    "3": Meant("follow_up", "again"),
    "4": Meant("follow_up", "no"),
    **dict.fromkeys(("yes", "好", "想"), Meant("reply", "yes")),
    **dict.fromkeys(("no", "不", "不想"), Meant("reply", "no")),
    **dict.fromkeys(("stay", "继续"), Meant("renewal", "stay")),
    **dict.fromkeys(("leave", "退出"), Meant("renewal", "leave")),
}


class Noted(NamedTuple):
    """What came of an answer, in words, and how many outcomes are new."""

    sentence: str
    outcomes: int = 0


def meaning(text: str) -> Meant | None:
    """What an answer means; a full-width digit is one, too. None where it means nothing."""
    return _MEANT.get(unicodedata.normalize("NFKC", text).strip().casefold())


def understood(text: str) -> Meant:
    """The same; ends the command where it means nothing."""
    found = meaning(text)
    if found is None:
        raise typer.BadParameter(not_understood(text), param_hint="ANSWER")
    return found


def not_understood(text: str, asked: str = "") -> str:
    """What to say about an answer that means nothing; where it is known what was asked, only what answers that."""
    fitting = [word for word, meant in _MEANT.items() if meant.asked == asked]
    return f"{text!r} is not one of {', '.join(fitting or _MEANT)}"


def invitation_of(organizer: Organizer, text: str, member: str) -> str:
    """The id of the invitation that is meant: one by its id, or by its round where the member has only one there."""
    from yiqi.client import id_of
    from yiqi.v1 import invitation_pb2 as pb

    request = pb.ListInvitationsRequest(
        parent=organizer.parent,
        member=organizer.member_name(member),
        source="INVITATION_SOURCE_ROUND",
        ref=text,
    )
    found = [
        id_of(one.name) for one in organizer.pages(organizer.client.invitations.ListInvitations, request, "invitations")
    ]
    if len(found) > 1:
        raise typer.BadParameter(f"{member} has {len(found)} matches in {text}; give one of {', '.join(found)}")
    return found[0] if found else text


def note(organizer: Organizer, invitation: str, member: str, meant: Meant) -> Noted:
    """Hands the answer to the service."""
    from yiqi.v1 import invitation_pb2 as pb

    name, who = f"{organizer.parent}/invitations/{invitation}", organizer.member_name(member)
    calls = organizer.client.invitations
    if meant.asked == "follow_up":
        answer = f"FOLLOW_UP_{meant.said.upper()}"
        count = calls.AnswerFollowUp(pb.AnswerFollowUpRequest(name=name, member=who, answer=answer)).outcomes
        told = f"noted: {member} says {meant.said}; {count} outcome{'' if count == 1 else 's'} recorded"
        return Noted(told, count)
    if meant.asked == "reply":
        request = pb.ReplyToInvitationRequest(name=name, member=who, accept=meant.said == "yes")
        mutual = calls.ReplyToInvitation(request).invitation.mutual
        return Noted(f"noted: {member} says {meant.said}" + ("; everybody accepted" if mutual else ""))
    calls.RenewInvitation(pb.RenewInvitationRequest(name=name, member=who, stay=meant.said == "stay"))
    return Noted(f"noted: {member} {'stays' if meant.said == 'stay' else 'leaves'}")
