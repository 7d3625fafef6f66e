"""From a community to things to do together: themes, a team for each, a brief; varied, and nobody left out for ever."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import combinations
from typing import cast

import numpy as np

from models import themes
from models.community import Community
from models.lexical import tokens
from models.proposals import people, team, wording
from models.proposals.case import Case
from models.proposals.desk import Desk
from models.proposals.ideas import Idea, ideas, like_any, owner_of
from models.proposals.requests import Earlier, Proposal, Proposed, Wish
from models.proposals.taste import Taste, taste
from models.ranker import Ranker
from models.recommend import TextEncoder
from models.records import Need, ValueKind
from models.theme_names import Messages, Theme

TITLED, NAMED_BY = 2, 3  # words by which a theme goes, and by which it is known again
ALIKE = 0.5  # share of a theme's words in an earlier title from which it is the same again
AGAIN = 0.5  # how much one earlier proposal, or one in the same answer, counts against somebody
SHARED_BY = 2  # people of a team who are really near to its theme


def propose(view: Community, ranker: Ranker, wish: Wish, encode: TextEncoder, messages: Messages) -> Proposed:
    """Things to do together, best first, at most `wish.limit`. Raises KeyError for a member not in the view.

    `messages` fetches what was said, to name themes with; only rooms open to all are used, whatever it gives.
    """
    found = people.allowed(view, wish)
    mask = found.mask & people.here(view)
    own = view.row[wish.member] if wish.member else -1
    if own >= 0 and not mask[own]:
        return Proposed((), found.hidden_by_consent, ranker.version)
    made = list(_proposals(Desk(view, ranker, wish, encode, messages, mask, own)))
    return Proposed(tuple(made), found.hidden_by_consent, ranker.version)


def _proposals(desk: Desk) -> Iterator[Proposal]:
    view, wish = desk.view, desk.wish
    seen = _seen(view, wish.earlier)
    likes = taste(view, wish.earlier, desk.encode)
    themed = [(theme, first) for theme, first in ideas(desk, seen, likes) if not _unwanted(theme, wish)]
    pools = _pools(desk, themed, likes)
    pairs = people.Pairs(view, desk.ranker, [int(row) for pool in pools for row in pool.rows], wish)
    often: Counter[int] = Counter()
    most = 1 + wish.limit // 3
    told: set[str] = set()
    made: list[Theme] = []
    teams: list[set[int]] = []
    for (full, first), pool in zip(themed, pools, strict=True):
        left = np.array([row == desk.own or often[int(row)] < most for row in pool.rows], bool)
        free = people.Pool(pool.rows[left], pool.fit[left])
        if len(made) == wish.limit:
            return
        theme = None if like_any(full.spot, made) else _untold(full, told)
        if theme is None or len(free.rows) < wish.size[0]:
            continue
        owner = owner_of(theme) if theme.aim else -1
        needs = team.needs_of(view, theme.spot.vector, free, desk.readable, owner)
        counted = {row: seen.get(row, 0.0) + AGAIN * often[row] for row in map(int, free.rows)}
        chosen = team.choose(view, free, pairs, needs, counted, wish.size, first)
        if chosen is None or not _really_shared(theme, chosen) or _again(chosen, teams):
            continue
        teams.append(set(chosen.rows))
        often.update(chosen.rows)
        made.append(theme)
        told.update(theme.words[:TITLED])
        yield _proposal(desk, theme, chosen, pairs)


def _pools(desk: Desk, themed: Sequence[Idea], likes: Taste) -> list[people.Pool]:
    """Who comes into question for each: the company of an aim, or who is near to a theme and those it needs."""
    named = [" ".join(theme.words) for theme, _ in themed if not theme.aim]
    texts = iter(desk.encode(named) if named else ())

    def pool(theme: Theme, first: Sequence[int]) -> people.Pool:
        if theme.aim:
            return people.company(theme, desk.mask, desk.wish, likes, first)
        near = theme.spot.near >= themes.NEAR
        near[list(first)] = True
        return people.pool(desk.view, desk.ranker, theme, next(texts), desk.mask & near, desk.wish, likes, first)

    return [pool(theme, first) for theme, first in themed]


def _really_shared(theme: Theme, chosen: team.Team) -> bool:
    near = [float(theme.spot.near[row]) >= themes.NEAR or theme.sayers.get(row, 0.0) > 0 for row in chosen.rows]
    return sum(near) >= SHARED_BY


def _again(chosen: team.Team, earlier: Sequence[set[int]]) -> bool:
    """Whether more than half of a team is one team already."""
    return any(2 * len(before.intersection(chosen.rows)) > len(chosen.rows) for before in earlier)


def _seen(view: Community, earlier: Sequence[Earlier]) -> dict[int, float]:
    """How much each row was proposed before."""
    times = Counter(view.row[id] for one in earlier for id in one.members if id in view.row)
    return {row: 1 - math.exp(-AGAIN * count) for row, count in times.items()}


def _unwanted(theme: Theme, wish: Wish) -> bool:
    """Whether much the same was sent before, or put aside by the one who asks or for all."""
    return any(
        _alike(tokens(theme.aim) if theme.aim else theme.words[:NAMED_BY], one.title)
        for one in wish.earlier
        if not one.dismissed_by or "" in one.dismissed_by or wish.member in one.dismissed_by
    )


def _alike(words: Sequence[str], title: str) -> bool:
    known = set(tokens(title))
    told = [bool(known & set(tokens(word))) for word in words]
    return sum(told) > ALIKE * len(told)


def _untold(theme: Theme, told: set[str]) -> Theme | None:
    """The theme under words that no other proposal of the answer goes by; None where it is about much the same."""
    fresh = [word for word in theme.words if word not in told]
    if len(fresh) < (1 if theme.aim else TITLED) or len(theme.words) - len(fresh) >= TITLED:
        return None
    return replace(theme, words=(*fresh, *(word for word in theme.words if word in told)))


def _proposal(desk: Desk, theme: Theme, chosen: team.Team, pairs: people.Pairs) -> Proposal:
    view = desk.view
    said = wording.words_of(Case(view, theme, chosen, pairs, desk.readable, desk.wish.language))
    known = sum(people.acquainted(view, a, b) for a, b in combinations(chosen.rows, 2))
    fit = float(np.mean(list(chosen.fit.values())))
    members = [view.ids[row] for row in chosen.rows]
    return Proposal(
        id=blake2b("\0".join([*sorted(theme.words), *sorted(members)]).encode(), digest_size=12).hexdigest(),
        title=said.title,
        text=said.text,
        first_step=said.first_step,
        words=theme.words,
        parts=said.parts,
        needs=_needs(view, chosen.open),
        covered=_needs(view, chosen.covered),
        score=round((fit + chosen.score) / 2, 4),
        worst=round(chosen.worst, 4),
        known_pairs=known,
        new_pairs=math.comb(len(members), 2) - known,
    )


def _needs(view: Community, rows: Sequence[int]) -> tuple[Need, ...]:
    items = (view.facets.items[row] for row in rows)
    return tuple(Need(item.text, cast(ValueKind, item.value)) for item in items)
