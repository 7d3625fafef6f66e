"""What could be proposed: aims and themes in turns, each with whom it needs in its team."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from typing import TypeAlias, TypeVar

import numpy as np

from models.community.kept import Remembered, once_a_view
from models.community.view import Community
from models.proposals import aims
from models.proposals.desk import Desk
from models.proposals.requests import Wish
from models.proposals.taste import Taste
from models.themes import names, places
from models.themes.names import Theme

MOST_THEMES = 36
UNWANTED = 0.3  # nearness to what was put aside for all from which a theme comes last
MOST_KEPT = 8  # answers of `_shared`, and of `aims.aimed`, a view
BY_TALK = 0.4  # nearness (centred cosine) from which somebody goes along with an aim without a word in their profile
NEGLECTED = 24  # people tried of those whom no proposal named yet

# A theme with the rows that have to be in its team, the lead first; none for anybody.
Idea: TypeAlias = tuple[Theme, tuple[int, ...]]
_One = TypeVar("_One")


def ideas(desk: Desk, seen: dict[int, float], likes: Taste) -> Iterator[Idea]:
    """In turns an aim that others go along with, what most share, another aim, and what somebody left out likes; for a
    member aims and themes of theirs. `seen`: how much each row was proposed already."""
    found = places.points(desk.view, desk.mask)
    aimed = _aimed(desk, found, seen, likes)
    known = _remembered(desk, "shared", lambda: _shared(desk, found))
    if desk.own >= 0:
        yield from _in_turns(aimed, _of_member(desk, found, likes), _near(desk, known))
        return
    shared = sorted(known, key=lambda theme: likes.unwanted(theme.spot) >= UNWANTED)
    fresh = _of_neglected(desk, found, seen, shared)
    yield from _in_turns(aimed[::2], [(theme, ()) for theme in shared], aimed[1::2], fresh)


def _of_member(desk: Desk, found: places.Points, likes: Taste) -> list[Idea]:
    """What the one who asks likes, most shared first."""
    spots = places.spots(desk.view, found, _count(desk.wish), desk.wish.seed, about=[desk.own])
    wanted = [(-_worth(theme) * (1 + float(likes.of(theme.spot)[desk.own])), theme) for theme in _named(desk, spots)]
    return [(theme, (desk.own,)) for _, theme in sorted(wanted, key=lambda pair: pair[0])]


def _near(desk: Desk, shared: Sequence[Theme]) -> list[Idea]:
    """What most share and the one who asks is near to, too, the nearest first."""
    near = [(float(theme.spot.near[desk.own]), theme) for theme in shared]
    near = [one for one in near if one[0] >= places.NEAR or (one[0] > 0 and one[1].sayers.get(desk.own, 0.0) > 0)]
    return [(theme, (desk.own,)) for _, theme in sorted(near, key=lambda pair: -pair[0])]


def _of_neglected(desk: Desk, found: places.Points, seen: dict[int, float], shared: Sequence[Theme]) -> list[Idea]:
    """What some of those like whom no proposal named yet, each led by one of them."""
    order = np.random.default_rng(desk.wish.seed).permutation(np.unique(found.owner))
    neglected = [int(row) for row in order if not seen.get(int(row))][:NEGLECTED]
    spots = places.spots(desk.view, found, _count(desk.wish), desk.wish.seed, about=neglected) if neglected else []
    return [
        (theme, (lead,))
        for theme in _named(desk, [spot for spot in spots if not like_any(spot, shared)])
        if (lead := _leads(theme, neglected)) >= 0
    ]


def _aimed(desk: Desk, found: places.Points, seen: dict[int, float], likes: Taste) -> list[Idea]:
    """Aims that others go along with, each led by whose it is; for a member their own, then those they belong to."""
    own = desk.own
    known = _remembered(desk, "aimed", lambda: aims.aimed(desk.view, desk.mask & desk.readable, found))
    led = [(_with(theme, own), owner_of(theme)) for theme in known]
    led = [one for one in led if (own in one[0].sayers if own >= 0 else aims.company(one[0]) >= aims.ENOUGH)]
    late = {owner: (owner != own if own >= 0 else seen.get(owner, 0.0)) for _, owner in led}
    led.sort(key=lambda pair: (likes.unwanted(pair[0].spot) >= UNWANTED, late[pair[1]]))
    first = [(theme, tuple(dict.fromkeys((owner, own) if own >= 0 else (owner,)))) for theme, owner in led]
    return first[: _count(desk.wish)]


def _with(theme: Theme, row: int) -> Theme:
    """The theme of an aim with somebody in its company who is near it by what they talk of."""
    if row < 0 or row in theme.sayers or theme.spot.near[row] < BY_TALK:
        return theme
    return replace(theme, sayers={**theme.sayers, row: float(theme.spot.near[row])})


def owner_of(theme: Theme) -> int:
    """The row of whose aim a theme begins with."""
    return max(theme.sayers, key=lambda row: theme.sayers[row])


def _in_turns(*streams: Iterable[_One]) -> Iterator[_One]:
    return (one for one in chain.from_iterable(zip_longest(*streams)) if one is not None)


def _count(wish: Wish) -> int:
    return min(MOST_THEMES, 2 * wish.limit + 6)


def _remembered(desk: Desk, name: str, make: Callable[[], list[Theme]]) -> list[Theme]:
    """In the order of the seed. Worked out once a view for the same people."""
    key = (name, desk.mask.tobytes(), desk.readable.tobytes())
    return _shuffled(themes_found(desk.view).get(key, make), desk.wish.seed)


@once_a_view
def themes_found(view: Community) -> Remembered:
    """Empty at first: whom a request may name decides what is found, and few requests differ in that."""
    return Remembered(2 * MOST_KEPT)


def _shared(desk: Desk, found: places.Points) -> list[Theme]:
    """What most share of what they say and of what they state, in turns."""
    view = desk.view
    said = _named(desk, places.spots(view, found, MOST_THEMES, 0))
    stated = places.spots(view, places.points(view, desk.mask, said=False), MOST_THEMES, 0)
    return list(_in_turns(_named(desk, [spot for spot in stated if not like_any(spot, said)]), said))


def _shuffled(found: Sequence[Theme], seed: int) -> list[Theme]:
    """Another seed, another order; 0 leaves it."""
    return [found[i] for i in np.random.default_rng(seed).permutation(len(found))] if seed else list(found)


def _named(desk: Desk, spots: Sequence[places.Spot]) -> list[Theme]:
    return names.named(desk.view, spots, desk.messages, desk.readable)


def like_any(spot: places.Spot, known: Sequence[Theme]) -> bool:
    """Whether a place is the place of one of these themes."""
    nearest = max((float(spot.vector @ theme.spot.vector) for theme in known), default=-1.0)
    return bool(nearest >= places.APART)


def _worth(theme: Theme) -> float:
    return theme.told * theme.spot.shared


def _leads(theme: Theme, rows: Sequence[int]) -> int:
    """Of these whoever is nearest to a theme of which they said something; -1 for nobody."""
    said = [row for row in rows if theme.sayers.get(row, 0.0) > 0]
    return max(said, key=lambda row: (float(theme.spot.near[row]), -row), default=-1)
