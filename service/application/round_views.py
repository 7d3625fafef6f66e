"""A round as people see it: its matches with reasons, texts and replies, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.community.view import Community
from models.domain.invitations import discreet, guest_of
from models.domain.kinds import INVITATION, ROUND
from models.domain.records import FollowUp, Invitation, Micros, Reply, Round
from models.domain.requests import Language, Options, Reason
from models.ranking.ranker import Ranker
from models.rounds.edits.edits import match_id
from models.rounds.solvers.teams.open_roles import sought
from models.rounds.solvers.teams.role_evidence import ENOUGH, Support, evidence_reason, support
from models.rounds.spec.json_text import read_plan, read_spec
from models.rounds.spec.requests import Match, Plan, RoundSpec
from models.rounds.texts import texts
from models.rounds.texts.constraints import collision_said
from models.rounds.texts.notice import Notice
from models.rounds.texts.starters import starter
from models.rounds.texts.why import why
from service.application import crud
from service.application.round_people import Solving, everybody
from service.application.round_publishing import invitation_id, sent_anew
from service.store.contract import Store, Stored
from service.texts import fitted, say

REASONS = 6
_OF_EACH = 2


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in a match: `reasons` by whom they meet, the weightiest first; `text` is for them, to be pasted."""

    member: str
    name: str
    role: str = ""
    reasons: tuple[tuple[str, Reason], ...] = ()
    text: str = ""
    reply: Reply = "pending"
    answer: FollowUp = ""


@dataclass(frozen=True, slots=True)
class MatchView:
    """A match as organizers see it, in a language. `invitation` is "" before publishing; `changed`: its people need a
    new text.
    """

    id: str
    match: Match
    seats: tuple[Seat, ...]
    language: Language
    starter: str = ""
    invitation: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some matches of a round, and the place where the next page begins (-1 when this is the last)."""

    items: tuple[MatchView, ...]
    next: int
    version: int


def list_matches(
    store: Store,
    runtime: Solving,
    community: str,
    round: str,
    now: Micros,
    *,
    start: int = 0,
    size: int = 0,
    member: str = "",
    language: Language | None = None,
    reasons: bool = True,
) -> Page:
    """Matches of a round in the order of its list, all or those of a member; `size` 0 means 50.

    Texts are in each reader's language where they state one, else in `language`, else in that of the round; so are, for
    the organizer, reasons and starters. Raises RoundNotFound.
    """
    end = start + crud.limit_of(size)
    with store.read(community) as at:
        stored = crud.fetch(at, ROUND, round)
        record = stored.record
        wanted = [match for match in read_plan(record.plan).matches if member in ("", *match.members)]
        shown = wanted[start:end]
        sent = at.get(INVITATION, [invitation_id(record.id, match) for match in shown])
    views = _Views(sent, runtime, community, record, language or record.language, now, reasons)
    return Page(tuple(views.of(match) for match in shown), end if end < len(wanted) else -1, stored.version)


def bye_texts(view: Community, record: Round, plan: Plan) -> list[str]:
    """A text for each bye of a list, in order: tells somebody that they meet nobody this time."""
    sittings = read_spec(record.spec).sittings
    return [
        say(texts.bye(view, bye, sittings), texts.reader_language(view, bye.member, record.language))
        for bye in plan.byes
    ]


def collision_sentences(view: Community, record: Round, spec: RoundSpec, plan: Plan) -> list[str]:
    """Each collision of a list in words an organizer understands; never who blocked whom."""

    def name(member: str) -> str:
        return name_of(view, member)

    return [say(collision_said(collision, spec, name), record.language) for collision in plan.collisions]


def name_of(view: Community, member: str) -> str:
    """What a member is called; their id where nothing is known."""
    known = view.member(member)
    return (known.name if known else "") or member


class _Views:
    def __init__(
        self,
        sent: Mapping[str, Stored[Invitation]],
        runtime: Solving,
        community: str,
        record: Round,
        language: Language,
        now: Micros,
        reasons: bool,
    ) -> None:
        self._sent = sent
        self._view: Community = runtime.view(community)
        self._ranker: Ranker = runtime.ranker(community)
        self._record = record
        self._spec = read_spec(record.spec)
        self._language = language
        self._options = Options(audience="organizers", language=language, now=now)
        self._reasons = reasons
        self._encode = runtime.encoder_of(self._view)
        self._supports: dict[tuple[str, str], Support] = {}
        self._out = record.state in ("published", "repairing")

    def of(self, match: Match) -> MatchView:
        invitation = self._invitation(match)
        starts = say(starter(self._view, match.members, self._language), self._language) if self._reasons else ""
        return MatchView(
            match_id(match),
            match,
            tuple(self._seat(match, at, invitation) for at in range(len(match.members))),
            self._language,
            starts,
            invitation.id if invitation else "",
            invitation is not None and sent_anew(self._record, invitation),
        )

    def _invitation(self, match: Match) -> Invitation | None:
        if not self._out:
            return None
        stored = self._sent.get(invitation_id(self._record.id, match))
        return discreet(stored.record) if stored else None

    def _seat(self, match: Match, at: int, invitation: Invitation | None) -> Seat:
        member = match.members[at]
        guest = guest_of(invitation, member) if invitation else None
        return Seat(
            member=member,
            name=name_of(self._view, member),
            role=match.roles[at] if match.roles else "",
            reasons=self._why(match, member) if self._reasons else (),
            text=self._text(match, member) if self._reasons else "",
            reply=guest.reply if guest else "pending",
            answer=guest.answer if guest else "",
        )

    def _why(self, match: Match, member: str) -> tuple[tuple[str, Reason], ...]:
        others = [other for other in match.members if other != member]
        if member not in self._view.row:
            return ()
        found = why(self._view, self._ranker, self._record.ranked_as, member, others, self._options)
        each = REASONS if len(others) == 1 else _OF_EACH
        told = [(other, reason) for other in others if other in found for reason in found[other].reasons[:each]]
        ranked = sorted(told, key=lambda pair: -pair[1].weight)
        return tuple([*self._why_the_part(match, member), *ranked][:REASONS])

    def _why_the_part(self, match: Match, member: str) -> Iterator[tuple[str, Reason]]:
        """What speaks for somebody's part in a team."""
        part = match.roles[match.members.index(member)] if match.roles else ""
        team = next((team for team in self._spec.teams if team.id == match.team), None)
        role = next((role for role in team.roles if role.name == part), None) if team and part else None
        if team is None or role is None or self._view.judgement is None:
            return
        rows = self._rows
        key = (team.id, role.name)
        if key not in self._supports:
            self._supports[key] = support(self._view, rows, role, self._encode)
        at = int(np.flatnonzero(rows == self._view.row[member])[0])
        found = self._supports[key]
        reason = evidence_reason(self._view, int(found.source[at]), float(found.chance[at]))
        if reason is not None and found.chance[at] >= ENOUGH:
            yield "", reason

    @cached_property
    def _rows(self) -> np.ndarray:
        """Rows of those who take part, and of whoever is in the list."""
        listed = (member for match in read_plan(self._record.plan).matches for member in match.members)
        ids = dict.fromkeys((*everybody(self._spec), *listed))
        return np.array([self._view.row[id] for id in ids if id in self._view.row], np.int64)

    def _sides(self, match: Match) -> tuple[str, ...]:
        """Names of the sides that the members of a match stand on; () where there are none."""
        side = {id: one.name for one in self._spec.sides for id in one.members}
        return tuple(side.get(id, "") for id in match.members) if side else ()

    def _text(self, match: Match, member: str) -> str:
        team = next((team for team in self._spec.teams if team.id == match.team), None)
        meeting = texts.Meeting(
            members=match.members,
            kind=self._spec.kind,
            roles=match.roles,
            sought=tuple(dict.fromkeys(sought(team, match.roles))) if team else (),
            title=team.title if team else "",
            sides=self._sides(match),
            slot=match.slot,
            sitting=match.sitting,
            sittings=self._spec.sittings,
            standing=self._spec.standing,
            asks=self._record.double_opt_in,
            round_title=self._record.title,
            notice=Notice(date=self._record.date, place=self._record.place, note=self._record.note),
        )
        language = texts.reader_language(self._view, member, self._language)
        return fitted(texts.invitation(self._view, meeting, member, language), language)
