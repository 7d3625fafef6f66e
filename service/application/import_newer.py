"""What a later import knows better of what is stored."""

from __future__ import annotations

from dataclasses import replace

from models.domain.records import Channel, Community, Identity, Member, Message, Record, Visibility
from service.application.answers import STATED

_STRICTEST: tuple[Visibility, ...] = ("private", "members", "community")


def better(stored: Record, new: Record) -> Record:
    """What is stored, with what a later import knows better.

    A message that its author edited has the newer words; one whose words this export lost keeps them. A room keeps
    whoever was in it and the narrower visibility. Of a member what was stated here stays; see `better_member`.
    """
    if isinstance(stored, Community) and stored == Community(id=stored.id):
        return new
    if isinstance(stored, Message) and isinstance(new, Message):
        return _better_message(stored, new)
    if isinstance(stored, Channel) and isinstance(new, Channel):
        visibility = min(stored.visibility, new.visibility, key=_STRICTEST.index)
        members = tuple(dict.fromkeys((*stored.members, *new.members)))
        return replace(stored, name=new.name or stored.name, visibility=visibility, members=members)
    if isinstance(stored, Member) and isinstance(new, Member):
        return better_member(stored, new)
    return stored


def _better_message(stored: Message, new: Message) -> Message:
    if (stored.author, stored.channel) != (new.author, new.channel) or (stored.text and not new.text):
        return stored
    # Part of a chat may lack what is answered, and whom an @ means.
    mentions = dict.fromkeys((*new.mentions, *(stored.mentions if stored.text == new.text else ())))
    reply_to = new.reply_to or stored.reply_to
    return replace(new, mentions=tuple(mentions), reply_to=reply_to, extra=new.extra or stored.extra)


def better_member(stored: Member, new: Member) -> Member:
    """What is stored of a member, with further handles; whoever was known by their messages only gets what a member
    list says of them."""
    if not _states_nothing(stored):
        if set(new.identities) <= set(stored.identities):
            return stored
        return replace(stored, identities=united(stored, new), name=_newer_name(stored, new))
    name = _newer_name(stored, new)
    if not set(stored.identities).isdisjoint(new.identities) and new.name not in _no_names(new):
        name = new.name  # the same account goes by another name now
    better = replace(
        stored,
        identities=united(stored, new),
        name=name,
        time_zone=stored.time_zone or new.time_zone,
    )
    if _states_nothing(new):
        return better
    stated = {name: getattr(new, name) for name in STATED}
    consent = stored.consent if stored.consent == "nobody" else new.consent
    attributes = new.attributes | stored.attributes
    return replace(better, **stated, consent=consent, attributes=attributes, extra=stored.extra or new.extra)


def _states_nothing(member: Member) -> bool:
    """Whether somebody is known from what they said only."""
    return not any(getattr(member, name) for name in STATED)


def united(stored: Member, new: Member) -> tuple[Identity, ...]:
    """The handles of both."""
    return tuple(dict.fromkeys((*stored.identities, *new.identities)))


def _newer_name(stored: Member, new: Member) -> str:
    """A name that was only the handle of a platform follows the handle; one that somebody chose stays."""
    return new.name if stored.name in _no_names(stored) and new.name not in ("", new.id) else stored.name


def _no_names(member: Member) -> set[str]:
    """What stands where a name should, while nobody knows one."""
    return {"", member.id, *(identity.handle for identity in member.identities)}
