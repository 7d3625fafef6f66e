"""From a community to things to do together: themes, a team for each, a brief; varied, and nobody left out for ever."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import chain, combinations, zip_longest
from typing import TypeAlias, cast

import numpy as np

from models import theme_names, themes
from models.community import CONSENT_LEVEL, Community, Facet
from models.lexical import tokens
from models.proposals import aims, people, team, wording
from models.proposals.requests import Earlier, Proposal, Proposed, Wish
from models.proposals.taste import Taste, taste
from models.ranker import Ranker
from models.recommend import TextEncoder
from models.records import Need, ValueKind
from models.theme_names import Messages, Theme

MOST_THEMES = 36
MOST_AIMS = 100
UNWANTED = 0.3  # nearness to what was put aside for all from which a theme comes last
MOST_KEPT = 8  # answers of `_shared` a view
TITLED, NAMED_BY = 2, 3  # words by which a theme goes, and by which it is known again
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
    themed = [(theme, first) for theme, first in _themes(desk, seen, likes) if not _unwanted(theme, wish)]
    texts = desk.encode([" ".join(theme.words) for theme, _ in themed]) if themed else np.zeros((0, 0), np.float32)
    pools = [
        people.pool(view, desk.ranker, theme, text, desk.mask & _near_enough(theme, first), wish, likes)
        for (theme, first), text in zip(themed, texts, strict=True)
    ]
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
        theme = None if _like_any(full.spot, made) else _untold(full, told)
        if theme is None or len(free.rows) < wish.size[0]:
            continue
        owner = _owner(theme) if theme.aim else -1
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


def _themes(desk: _Desk, seen: dict[int, float], likes: Taste) -> Iterator[tuple[Theme, tuple[int, ...]]]:
    """Themes with the rows that have to be in the team, the lead first: in turns an aim that others go along with, what
    most share, another aim, and what somebody left out likes."""
    found = themes.points(desk.view, desk.mask)
    aimed = _aimed(desk, found, seen, likes)
    if desk.own >= 0:
        yield from _in_turns(aimed, _of_member(desk, found, likes))
        return
    shared = sorted(_shared(desk, found), key=lambda theme: likes.unwanted(theme.spot) >= UNWANTED)
    fresh = _of_neglected(desk, found, seen, shared)
    yield from _in_turns(aimed[::2], [(theme, ()) for theme in shared], aimed[1::2], fresh)


_Led: TypeAlias = tuple[Theme, tuple[int, ...]]


def _of_member(desk: _Desk, found: themes.Points, likes: Taste) -> list[_Led]:
    """What the one who asks likes, most shared first."""
    spots = themes.spots(desk.view, found, _count(desk.wish), desk.wish.seed, about=[desk.own])
    wanted = [(-_worth(theme) * (1 + float(likes.of(theme.spot)[desk.own])), theme) for theme in _named(desk, spots)]
    return [(theme, (desk.own,)) for _, theme in sorted(wanted, key=lambda pair: pair[0])]


def _of_neglected(desk: _Desk, found: themes.Points, seen: dict[int, float], shared: Sequence[Theme]) -> list[_Led]:
    """What some of those like whom no proposal named yet, each led by one of them."""
    order = np.random.default_rng(desk.wish.seed).permutation(np.unique(found.owner))
    neglected = [int(row) for row in order if not seen.get(int(row))][:NEGLECTED]
    spots = themes.spots(desk.view, found, _count(desk.wish), desk.wish.seed, about=neglected) if neglected else []
    return [
        (theme, (lead,))
        for theme in _named(desk, [spot for spot in spots if not _like_any(spot, shared)])
        if (lead := _leads(theme, neglected)) >= 0
    ]


def _aimed(desk: _Desk, found: themes.Points, seen: dict[int, float], likes: Taste) -> list[_Led]:
    """Aims that others go along with, each led by whose it is; for a member their own, then those they belong to."""
    view, own = desk.view, desk.own
    known = _kept(view, "_aims")
    key = (desk.mask.tobytes(), desk.readable.tobytes())
    if key not in known:
        known[key] = aims.aimed(view, desk.mask & desk.readable, found)
    order = np.random.default_rng(desk.wish.seed).permutation(len(known[key])) if desk.wish.seed else range(MOST_AIMS)
    led = [(theme, _owner(theme)) for theme in (known[key][i] for i in order if i < len(known[key]))]
    led = [one for one in led if (own in one[0].sayers if own >= 0 else aims.company(one[0]) >= aims.ENOUGH)]
    late = {owner: (owner != own if own >= 0 else seen.get(owner, 0.0)) for _, owner in led}
    led.sort(key=lambda pair: (likes.unwanted(pair[0].spot) >= UNWANTED, late[pair[1]]))
    return [(theme, tuple(dict.fromkeys((owner, own) if own >= 0 else (owner,)))) for theme, owner in led]


def _owner(theme: Theme) -> int:
    return max(theme.sayers, key=lambda row: theme.sayers[row])


def _in_turns(*streams: Iterable[_Led]) -> Iterator[_Led]:
    return (one for one in chain.from_iterable(zip_longest(*streams)) if one is not None)


def _count(wish: Wish) -> int:
    return min(MOST_THEMES, 2 * wish.limit + 6)


def _kept(view: Community, name: str) -> dict[tuple[bytes, bytes], list[Theme]]:
    """Answers that a view remembers."""
    known: dict[tuple[bytes, bytes], list[Theme]] = view.__dict__.setdefault(name, {})
    if len(known) >= MOST_KEPT:
        known.clear()
    return known


def _shared(desk: _Desk, found: themes.Points) -> list[Theme]:
    """What most share of what they say and of what they state, in turns; another seed, another order.

    Worked out once a view for the same people.
    """
    view, seed = desk.view, desk.wish.seed
    known = _kept(view, "_themes")
    key = (desk.mask.tobytes(), desk.readable.tobytes())
    if key not in known:
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


def _near_enough(theme: Theme, first: Sequence[int]) -> np.ndarray:
    near = theme.spot.near >= themes.NEAR
    near[list(theme.sayers if theme.aim else first)] = True
    return np.asarray(near)


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


def _worth(theme: Theme) -> float:
    return theme.told * theme.spot.shared


def _leads(theme: Theme, rows: Sequence[int]) -> int:
    """Of these whoever is nearest to a theme of which they said something; -1 for nobody."""
    said = [row for row in rows if theme.sayers.get(row, 0.0) > 0]
    return max(said, key=lambda row: (float(theme.spot.near[row]), -row), default=-1)


def _untold(theme: Theme, told: set[str]) -> Theme | None:
    """The theme under words that no other proposal of the answer goes by; None where it is about much the same."""
    fresh = [word for word in theme.words if word not in told]
    if len(fresh) < (1 if theme.aim else TITLED) or len(theme.words) - len(fresh) >= TITLED:
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
