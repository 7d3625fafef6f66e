"""From a community to things to do together: themes, a team for each, a brief; varied, and nobody left out for ever."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import combinations, zip_longest
from typing import cast

import numpy as np

from models import theme_names, themes
from models.community import CONSENT_LEVEL, Community, Facet
from models.lexical import tokens
from models.proposals import people, team, wording
from models.proposals.requests import Earlier, Proposal, Proposed, Wish
from models.proposals.taste import Taste, taste
from models.ranker import Ranker
from models.recommend import TextEncoder
from models.records import Need, ValueKind
from models.theme_names import Messages, Theme

MOST_THEMES = 36
UNWANTED = 0.3  # nearness to what was put aside for all from which a theme comes last
MOST_KEPT = 8  # answers of `_shared` a view
TITLED = 2  # words by which a theme goes
NEGLECTED = 24  # people tried of those whom no proposal named yet
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
    made = list(_proposals(_Desk(view, ranker, wish, encode, messages, mask, own)))
    return Proposed(tuple(made), found.hidden_by_consent, ranker.version)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a request is worked out from."""

    view: Community
    ranker: Ranker
    wish: Wish
    encode: TextEncoder
    messages: Messages
    mask: np.ndarray
    own: int

    @property
    def readable(self) -> np.ndarray:
        """(N,) bool: whose profile the reader may see."""
        level = "organizers" if self.wish.audience == "organizers" else "members"
        return np.asarray(self.view.rules.consent >= CONSENT_LEVEL[level])


def _proposals(desk: _Desk) -> Iterator[Proposal]:
    view, wish = desk.view, desk.wish
    seen = _seen(view, wish.earlier)
    likes = taste(view, wish.earlier, desk.encode)
    themed = [(theme, lead) for theme, lead in _themes(desk, seen, likes) if not _unwanted(theme, wish)]
    texts = desk.encode([" ".join(theme.words) for theme, _ in themed]) if themed else np.zeros((0, 0), np.float32)
    pools = [
        people.pool(view, desk.ranker, theme, text, desk.mask & _near_enough(theme, lead), wish, likes)
        for (theme, lead), text in zip(themed, texts, strict=True)
    ]
    pairs = people.Pairs(view, desk.ranker, [int(row) for pool in pools for row in pool.rows], wish)
    often: Counter[int] = Counter()
    most = 1 + wish.limit // 3
    told: set[str] = set()
    made = 0
    for (full, lead), pool in zip(themed, pools, strict=True):
        left = np.array([row == desk.own or often[int(row)] < most for row in pool.rows], bool)
        free = people.Pool(pool.rows[left], pool.fit[left])
        if made == wish.limit:
            return
        theme = _untold(full, told)
        if theme is None or len(free.rows) < wish.size[0] or (lead >= 0 and lead not in free.rows):
            continue
        needs = team.needs_of(view, theme.spot.vector, free, desk.readable)
        counted = {row: seen.get(row, 0.0) + AGAIN * often[row] for row in map(int, free.rows)}
        chosen = team.choose(view, free, pairs, needs, counted, wish.size, lead)
        if chosen is None or not _really_shared(theme, chosen):
            continue
        often.update(chosen.rows)
        made += 1
        told.update(theme.words[:TITLED])
        yield _proposal(desk, theme, chosen, pairs)


def _themes(desk: _Desk, seen: dict[int, float], likes: Taste) -> Iterator[tuple[Theme, int]]:
    """Themes with the row that leads, -1 for anybody: in turns what most share, and what somebody left out likes."""
    view, wish = desk.view, desk.wish
    found = themes.points(view, desk.mask)
    count = min(MOST_THEMES, 2 * wish.limit + 6)
    if desk.own >= 0:
        own = themes.spots(view, found, count, wish.seed, about=[desk.own])
        wanted = [(-_worth(theme) * (1 + float(likes.of(theme.spot)[desk.own])), theme) for theme in _named(desk, own)]
        yield from ((theme, desk.own) for _, theme in sorted(wanted, key=lambda pair: pair[0]))
        return
    shared = sorted(_shared(desk, found), key=lambda theme: likes.unwanted(theme.spot) >= UNWANTED)
    order = np.random.default_rng(wish.seed).permutation(np.unique(found.owner))
    neglected = [int(row) for row in order if not seen.get(int(row))][:NEGLECTED]
    others = themes.spots(view, found, count, wish.seed, about=neglected) if neglected else []
    fresh = [
        (theme, lead)
        for theme in _named(desk, [spot for spot in others if not _like_any(spot, shared)])
        if (lead := _leads(theme, neglected)) >= 0
    ]
    for one, other in zip_longest(shared, fresh):
        if one is not None:
            yield one, -1
        if other is not None:
            yield other


def _shared(desk: _Desk, found: themes.Points) -> list[Theme]:
    """What most share of what they say and of what they state, in turns; another seed, another order.

    Worked out once a view for the same people.
    """
    view, seed = desk.view, desk.wish.seed
    known = view.__dict__.setdefault("_themes", {})
    key = (desk.mask.tobytes(), desk.readable.tobytes())
    if key not in known:
        if len(known) >= MOST_KEPT:
            known.clear()
        said = _named(desk, themes.spots(view, found, MOST_THEMES, 0))
        stated = themes.spots(view, themes.points(view, desk.mask, said=False), MOST_THEMES, 0)
        known[key] = _by_turns(_named(desk, [spot for spot in stated if not _like_any(spot, said)]), said)
    order = np.random.default_rng(seed).permutation(len(known[key])) if seed else range(len(known[key]))
    return [known[key][i] for i in order]


def _named(desk: _Desk, spots: Sequence[themes.Spot]) -> list[Theme]:
    return theme_names.named(desk.view, spots, desk.messages, desk.readable)


def _by_turns(some: Sequence[Theme], others: Sequence[Theme]) -> list[Theme]:
    return [theme for pair in zip_longest(some, others) for theme in pair if theme is not None]


def _like_any(spot: themes.Spot, known: Sequence[Theme]) -> bool:
    nearest = max((float(spot.vector @ theme.spot.vector) for theme in known), default=-1.0)
    return bool(nearest >= themes.APART)


def _near_enough(theme: Theme, lead: int) -> np.ndarray:
    near = theme.spot.near >= themes.NEAR
    if lead >= 0:
        near[lead] = True
    return np.asarray(near)


def _really_shared(theme: Theme, chosen: team.Team) -> bool:
    near = [float(theme.spot.near[row]) >= themes.NEAR or theme.sayers.get(row, 0.0) > 0 for row in chosen.rows]
    return sum(near) >= SHARED_BY


def _seen(view: Community, earlier: Sequence[Earlier]) -> dict[int, float]:
    """How much each row was proposed before."""
    times = Counter(view.row[id] for one in earlier for id in one.members if id in view.row)
    return {row: 1 - math.exp(-AGAIN * count) for row, count in times.items()}


def _unwanted(theme: Theme, wish: Wish) -> bool:
    """Whether much the same was sent before, or put aside by the one who asks or for all."""
    return any(
        _alike(theme.words, one.title)
        for one in wish.earlier
        if not one.dismissed_by or "" in one.dismissed_by or wish.member in one.dismissed_by
    )


def _alike(words: Sequence[str], title: str) -> bool:
    known = set(tokens(title))
    told = [bool(known & set(tokens(word))) for word in words[:3]]
    return sum(told) > ALIKE * len(told)


def _worth(theme: Theme) -> float:
    return theme.told * theme.spot.shared


def _leads(theme: Theme, rows: Sequence[int]) -> int:
    """Of these whoever is nearest to a theme of which they said something; -1 for nobody."""
    said = [row for row in rows if theme.sayers.get(row, 0.0) > 0]
    return max(said, key=lambda row: (float(theme.spot.near[row]), -row), default=-1)


def _untold(theme: Theme, told: set[str]) -> Theme | None:
    """The theme under words that no other proposal of the answer goes by; None where it is about much the same."""
    fresh = [word for word in theme.words if word not in told]
    if len(fresh) < TITLED or len(theme.words) - len(fresh) >= TITLED:
        return None
    return replace(theme, words=(*fresh, *(word for word in theme.words if word in told)))


def _proposal(desk: _Desk, theme: Theme, chosen: team.Team, pairs: people.Pairs) -> Proposal:
    view = desk.view
    said = wording.words_of(wording.Case(view, theme, chosen, pairs, desk.readable, desk.wish.language))
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
        needs=_needs(chosen.open),
        covered=_needs(chosen.covered),
        score=round((fit + chosen.score) / 2, 4),
        worst=round(chosen.worst, 4),
        known_pairs=known,
        new_pairs=math.comb(len(members), 2) - known,
    )


def _needs(items: Sequence[Facet]) -> tuple[Need, ...]:
    return tuple(Need(item.text, cast(ValueKind, item.value)) for item in items)
