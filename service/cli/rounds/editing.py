"""`yiqi round edit`: what was written, as edits of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.cli.shared.options import refuse
from service.cli.shared.pieces import ids_of

if TYPE_CHECKING:
    from yiqi.v1 import round_pb2 as pb

    from service.cli.shared.organizer import Organizer


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """What to change; matches by number or id, members by id or name."""

    lock: Sequence[str]
    unlock: Sequence[str]
    swap: Sequence[str]
    add: Sequence[str]
    move: Sequence[str]
    drop: Sequence[str]
    pin: Sequence[str]
    sitting: int


def apply_edits(organizer: Organizer, round_: str, edits: Edits) -> list[str]:
    """All of them in one call, on the state that the numbers were read from; returns what they go against."""
    from yiqi.v1 import round_pb2 as pb

    name = organizer.round_name(round_)
    before = organizer.client.rounds.GetRound(pb.GetRoundRequest(name=name)).round
    matches = match_ids(organizer, round_)
    made = list(_edits(organizer, edits, matches))
    if not made:
        refuse("say what to change, such as --drop ann", "drop")
    reply = organizer.client.rounds.EditRound(pb.EditRoundRequest(name=name, edits=made, etag=before.etag))
    return [warning.sentence for warning in reply.warnings]


def match_ids(organizer: Organizer, round_: str) -> list[str]:
    """The ids of the matches in the order in which `show` numbers them."""
    from yiqi.v1 import round_pb2 as pb

    request = pb.ListRoundMatchesRequest(parent=organizer.round_name(round_), with_reasons=False)
    return [match.id for match in organizer.pages(organizer.client.rounds.ListRoundMatches, request, "matches")]


def _edits(organizer: Organizer, edits: Edits, matches: Sequence[str]) -> Iterator[pb.RoundEdit]:
    from yiqi.v1 import round_pb2 as pb

    def who(text: str, option: str) -> str:
        return organizer.member_name(organizer.find(text, option))

    for text in edits.drop:
        yield pb.RoundEdit(drop=who(text, "drop"))
    for text in edits.add:
        member, _, match = text.partition("=")
        yield pb.RoundEdit(
            add=pb.AddEdit(member=who(member, "add"), match=_match(match, matches, "add") if match else "")
        )
    for text in edits.move:
        member, _, match = text.partition("=")
        yield pb.RoundEdit(move=pb.MoveEdit(member=who(member, "move"), match=_match(match, matches, "move")))
    for text in edits.swap:
        pair = ids_of(text)
        if len(pair) != 2:
            refuse(f"{text!r} are not two people; write ann,bo", "swap")
        one, other = (who(member, "swap") for member in pair)
        yield pb.RoundEdit(swap=pb.SwapEdit(member=one, other=other, sitting=edits.sitting))
    for text in edits.pin:
        people = ids_of(text)
        if len(people) < 2:
            refuse(f"{text!r} names fewer than two people; write ann,bo", "pin")
        pinned = [who(member, "pin") for member in people]
        yield pb.RoundEdit(pin=pb.PinEdit(members=pinned, sitting=edits.sitting))
    for text in edits.unlock:
        yield pb.RoundEdit(unlock=_match(text, matches, "unlock"))
    for text in edits.lock:
        yield pb.RoundEdit(lock=_match(text, matches, "lock"))


def _match(text: str, matches: Sequence[str], option: str) -> str:
    if text in matches:
        return text
    if not text.isdecimal() or not 1 <= int(text) <= len(matches):
        refuse(f"there is no match {text}; `yiqi round show` numbers them from 1 to {len(matches)}", option)
    return matches[int(text) - 1]
