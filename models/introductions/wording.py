"""Why two people are introduced, for one of them; nothing once the evidence is gone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.community.view import Community
from models.domain.facts import Fact
from models.domain.records import Message
from models.domain.requests import Evidence, Goal, Options, Reason
from models.features import matrix as features
from models.introductions import answering
from models.introductions.finding import FEWEST_SHARED, rare_words
from models.introductions.requests import IntroductionKind
from models.ranking import explain, pipeline
from models.ranking.pipeline import TextEncoder
from models.ranking.ranker import Ranker
from models.ranking.reasons.exchange import OFFER_MEETS_SEEK, SEEK_MEETS_OFFER
from models.ranking.reasons.interests import KNOWS_ABOUT, POSSIBLE_FIT, SHARED_INTEREST
from models.text.lexical import tokens
from models.text.passages import clean

TERMS = 3
QUOTED = 90  # characters of a question
KNOWING = (KNOWS_ABOUT, POSSIBLE_FIT)
EXCHANGES = (OFFER_MEETS_SEEK, SEEK_MEETS_OFFER)


@dataclass(frozen=True, slots=True)
class Two:
    """An introduction as one of the two reads it: rows of the reader and the other, and their messages, if any.

    `reader_began`: the reader's message or profile brought it about.
    """

    kind: IntroductionKind
    reader: int
    other: int
    reader_said: Message | None
    other_said: Message | None
    reader_began: bool


def reason(view: Community, ranker: Ranker, two: Two, options: Options, encode: TextEncoder) -> Reason | None:
    """Why, for the reader; None where nothing that everybody may read speaks for it (any more).

    `options` say who reads and when; messages of rooms that are not open to all are as good as gone.
    """
    said = [_open(view, message) for message in (two.reader_said, two.other_said)]
    two = replace(two, reader_said=said[0], other_said=said[1])
    options = replace(options, include_connected=True, reasons=True)
    match two.kind:
        case "shared_interest":
            return _shared_interest(view, two)
        case "same_idea":
            return _same_idea(view, two)
        case "answer" if two.reader_began:
            return _they_answer(view, ranker, two, options, encode)
        case "answer":
            return _you_answer(view, two)
        case "offer_meets_seek":
            return _exchange(view, ranker, two, options)


def greeting(view: Community, two: Two, why: Reason) -> Fact:
    """A line to send to the reader."""
    names = {"reader": _name(view, two.reader), "other": _name(view, two.other)}
    return Fact("introductions.greeting", {**names, "why": why.said})


def _shared_interest(view: Community, two: Two) -> Reason | None:
    if two.reader_said is None or two.other_said is None:
        return None
    both = _words(two.reader_said) & _words(two.other_said)
    weights = rare_words(view, both)
    terms = sorted(weights, key=lambda word: (-weights[word], word))[:TERMS]
    if len(terms) < FEWEST_SHARED:
        return None
    evidence = (*(Evidence("term", term) for term in terms), Evidence("message", two.other_said.id))
    return Reason(SHARED_INTEREST, Fact("introductions.shared_interest", {"words": tuple(terms)}), 1.0, evidence)


def _same_idea(view: Community, two: Two) -> Reason | None:
    if two.reader_said is None or two.other_said is None:
        return None
    channel = view.channels[view.channel_row[two.other_said.channel]]
    if not channel.id:
        return None
    evidence = (Evidence("message", two.other_said.id), Evidence("channel", channel.id))
    said = Fact("introductions.same_idea", {"room": channel.name or channel.id})
    return Reason(SHARED_INTEREST, said, 1.0, evidence)


def _they_answer(view: Community, ranker: Ranker, two: Two, options: Options, encode: TextEncoder) -> Reason | None:
    """What the ranker had to say for the other, taken from the columns that made the score."""
    if two.reader_said is None:
        return None
    goal = Goal(text=_text(two.reader_said), channel=two.reader_said.channel, source=view.ids[two.reader])
    query, rows = pipeline.goal_query(view, goal, encode), np.array([two.other])
    plain = features.raw(view, [query], rows, ranker.learnt)[:, 0]
    matrix = features.transform(plain, view.here[rows], query.said)
    values = dict(zip(features.FEATURES, plain, strict=True))
    knowing = answering.knowing(view, query, rows)
    found = explain.explain(view, ranker, "question", query, rows, matrix, values, knowing.fits, options)[0]
    knows = next((why for why in found if why.kind in KNOWING), None)
    if knows is None or not knowing.enough[0]:
        return None
    return replace(knows, said=Fact("introductions.they_answer", {"why": knows.said}), weight=1.0)


def _you_answer(view: Community, two: Two) -> Reason | None:
    if two.other_said is None:
        return None
    asked = clean(two.other_said.text)
    asked = asked if len(asked) <= QUOTED else asked[: QUOTED - 1].rstrip() + "…"
    said = Fact("introductions.you_answer", {"question": asked})
    return Reason(KNOWS_ABOUT, said, 1.0, (Evidence("message", two.other_said.id),))


def _exchange(view: Community, ranker: Ranker, two: Two, options: Options) -> Reason | None:
    found = pipeline.explain(view, ranker, view.ids[two.reader], view.ids[two.other], options, few=True)
    of_them = (why for match in found.matches for why in match.reasons if why.kind in EXCHANGES)
    return max(of_them, key=lambda why: why.weight, default=None)


def _open(view: Community, message: Message | None) -> Message | None:
    """The message if everybody may read it."""
    row = view.channel_row.get(message.channel) if message else None
    return message if row is not None and view.channels[row].visibility == "community" else None


def _text(message: Message) -> str:
    title = "" if message.reply_to else clean(message.topic)
    return f"{title}\n{clean(message.text)}".strip()


def _words(message: Message) -> frozenset[str]:
    return frozenset(tokens(_text(message)))


def _name(view: Community, row: int) -> str:
    member = view.members[row]
    return (member.name or member.id) if member else view.ids[row]
