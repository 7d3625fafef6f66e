"""Whether a ranker still finds who fits, among the people of today: invented ones whose partner is known.

What a night learns is who is likely to meet. That must never take the places of those who fit, so a few people are put
into the community of today, in memory only: some offer what others look for, some talk about what others talk about,
some know what is asked. The newest records around them are the noise that they have to be found in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from models.community.builder import Builder, Embed
from models.community.view import Community
from models.domain.records import Member, Message, Micros, Need, Record
from models.domain.requests import Goal, Options
from models.ranking import pipeline
from models.ranking.ranker import Ranker
from training.fitting.dataset_values import learnt_from
from training.nightly.past import Past

NEWEST = 3000  # records of the community around them
SHOWN = 3
APART: Micros = 60_000_000  # between two of their messages
PREFIX = "known answer "  # of their ids
ROLES = ("offers", "seeks", "said", "also")
OPTIONS = Options(limit=SHOWN, audience="organizers", reasons=False)


@dataclass(frozen=True, slots=True)
class Known:
    """`offer` meets `seek`; two people said `said` and `also`; whoever said or offers it knows the `question`."""

    offer: str
    seek: str
    said: Sequence[str]
    also: Sequence[str]
    question: str


@dataclass(frozen=True, slots=True)
class Found:
    """Of `asked` lists, `right` have one of those who fit among the first three."""

    asked: int
    right: int


@cache
def known() -> tuple[Known, ...]:
    """The invented people."""
    lines = files(__package__).joinpath("known_answers.jsonl").read_text(encoding="utf8").splitlines()
    return tuple(Known(**json.loads(line)) for line in lines)


def among_them(past: Past, embed: Embed, dimension: int, encoder: str) -> Community:
    """The invented people among the newest records of a community."""
    builder = Builder(past.community, dimension, encoder)
    builder.put_all(past.timeless)
    for _, record in past.timed[-NEWEST:]:
        builder.put(record)
    builder.put_all(_people(past.end))
    builder.embed_pending(embed)
    return builder.view()


def found_by(view: Community, rankers: Sequence[Ranker], encode: pipeline.TextEncoder) -> list[Found]:
    """What each of the rankers finds in `among_them`. Nothing is asked where no judgement ships for the encoder."""
    if view.judgement is None:
        return [Found(0, 0) for _ in rankers]
    learnt = learnt_from(view)
    return [_found(view, replace(ranker, learnt=learnt), encode) for ranker in rankers]


def _found(view: Community, ranker: Ranker, encode: pipeline.TextEncoder) -> Found:
    right = asked = 0
    for number, one in enumerate(known()):
        offers, seeks, said, also = (_name(number, role) for role in ROLES)
        partners = pipeline.recommend_collaborators(view, ranker, seeks, OPTIONS, encode)
        peers = pipeline.recommend_peers(view, ranker, said, OPTIONS)
        knowing = pipeline.search_members(view, ranker, Goal(text=one.question), OPTIONS, encode)
        for answer, fitting in ((partners, {offers}), (peers, {also}), (knowing, {offers, said, also})):
            asked += 1
            right += any(match.id in fitting for match in answer.matches)
    return Found(asked, right)


def _people(end: Micros) -> Iterator[Record]:
    lines: list[tuple[str, str]] = []
    for number, one in enumerate(known()):
        offers, seeks, said, also = (_name(number, role) for role in ROLES)
        yield Member(id=offers, offers=(Need(one.offer),), consent="members")
        yield Member(id=seeks, seeks=(Need(one.seek),), consent="members")
        yield Member(id=said, consent="members")
        yield Member(id=also, consent="members")
        lines += [(said, text) for text in one.said] + [(also, text) for text in one.also]
    for at, (author, text) in enumerate(lines):
        yield Message(id=f"{PREFIX}{at}", author=author, time=end + at * APART, text=text)


def _name(number: int, role: str) -> str:
    return f"{PREFIX}{number} {role}"
