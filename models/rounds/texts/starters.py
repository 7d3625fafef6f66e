"""Conversation starters: one line a match that both sides, and the organizer, may read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from models.community.view import Community
from models.domain.facts import Fact, Value
from models.domain.requests import Language
from models.rounds.texts.common_ground import Gift, Ground, ground, may_quote, shared_themes
from models.rounds.texts.facts import wish_clause
from models.rounds.texts.phrases import Start
from models.rounds.texts.wording import called
from models.text.quoting import name, quote

_QUOTED = 60


def starter(view: Community, members: Sequence[str], language: Language) -> Fact:
    """Where these people could begin, in their own words as far as each of them may read them.

    Members whom the view does not know are left out. The order of the members does not matter.
    """
    known = [m for m in sorted(members) if view.member(m) is not None]
    best = _best_link(view, known, language)
    if best is not None:
        return _between(view, best[1])
    if len(known) == 2:
        return _between(view, _both_ways(view, known[0], known[1], language))
    themes = shared_themes(view, [view.row[m] for m in known], most=1) if known else ()
    if themes:
        return _say("table_themes", known, x=_listed(themes))
    return _say("table", known)


def _best_link(view: Community, members: Sequence[str], language: Language) -> tuple[float, Ground] | None:
    """Among all pairs, the one where an offer meets a wish best, seen by whoever may read both."""
    links = [
        (found.gives.fit, found)
        for a, b in combinations(members, 2)
        for reader, other in ((a, b), (b, a))
        if (found := _both_ways(view, reader, other, language)).gives and found.gives.meets
    ]
    return max(links, key=lambda link: link[0], default=None)


def _both_ways(view: Community, reader: str, other: str, language: Language) -> Ground:
    """What both may read of each other: nothing stated where either keeps their profile from members."""
    if may_quote(view, view.row[reader]):
        return ground(view, reader, other, language)
    return Ground(reader, other, themes=shared_themes(view, [view.row[reader], view.row[other]]))


def _between(view: Community, found: Ground) -> Fact:
    people = [found.reader, found.other]
    if found.gives and found.gives.meets:
        return _handed_over(view, found.gives, found.other, found.reader)
    if found.takes and found.takes.meets:
        return _handed_over(view, found.takes, found.reader, found.other)
    if found.aims:
        theirs, mine = (quote(aim, _QUOTED) for aim in found.aims)
        return _say("same_aim" if theirs.casefold() == mine.casefold() else "aims", people, x=mine, y=theirs)
    if found.themes:
        return _say("themes", people, x=_listed(found.themes))
    for gift, giver in ((found.gives, found.other), (found.takes, found.reader)):
        if gift and gift.stated:
            return _say("offer", people, giver=called(view, giver), x=quote(gift.text, _QUOTED))
    if found.seeks:
        return _say("wish", people, theirs=wish_clause(found.seeks.text, called(view, found.other), _QUOTED))
    about = found.aim or found.profile
    if about:
        return _say("profile", people, giver=called(view, found.other), x=quote(about, _QUOTED))
    return _say("nothing", people)


def _handed_over(view: Community, gift: Gift, giver: str, taker: str) -> Fact:
    return _say(
        "sure" if gift.sure else "beside",
        [giver, taker],
        giver=called(view, giver),
        theirs=wish_clause(gift.meets.text if gift.meets else "", called(view, taker), _QUOTED),
        x=quote(gift.text, _QUOTED),
    )


def _say(start: Start, people: Sequence[str], **filled: Value) -> Fact:
    return Fact(f"round.starter.{start}", filled, tuple(sorted(people)))


def _listed(themes: Sequence[str]) -> Fact:
    return Fact("round.topics", {"words": tuple(name(theme) for theme in themes)})
