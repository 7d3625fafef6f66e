"""From a community to things to do together: themes, a team for each, a brief; varied, and nobody left out for ever."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import combinations
from typing import cast

import numpy as np

from models.community.view import Community
from models.domain.records import Need, ValueKind
from models.proposals import people, team, wording
from models.proposals.case import Case
from models.proposals.desk import Desk
from models.proposals.ideas import Idea, ideas, like_any, owner_of
from models.proposals.pieces import Shown, plain, series_of, shown
from models.proposals.requests import Earlier, Proposal, Proposed, Wish
from models.proposals.taste import Taste, taste
from models.proposals.wording import why_fewer
from models.ranking.pipeline import TextEncoder
from models.ranking.ranker import Ranker
from models.text.lexical import tokens
from models.themes import places
from models.themes.names import Messages, Theme

NAMED_BY = 3  # words by which a theme is known again
ALIKE = 0.5  # share of a theme's words in an earlier title from which it is the same again
AGAIN = 0.5  # how much one earlier proposal, or one in the same answer, counts against somebody
FEW_MEMBERS = 50  # up to which people may be in several teams together


def propose(view: Community, ranker: Ranker, wish: Wish, encode: TextEncoder, messages: Messages) -> Proposed:
    """Things to do together, best first, at most `wish.limit`. Raises KeyError for a member not in the view.

    `messages` fetches what was said, to name themes with; only rooms open to all are used, whatever it gives.
    """
    found = people.allowed(view, wish)
    mask = found.mask & people.here(view)
    own = view.row[wish.member] if wish.member else -1
    if own >= 0 and not mask[own]:
        return Proposed((), found.hidden_by_consent, ranker.version)
    fewer: Counter[str] = Counter()
    made = list(_proposals(Desk(view, ranker, wish, encode, messages, mask, own), fewer))
    why = why_fewer(fewer) if len(made) < wish.limit else None
    return Proposed(tuple(made), found.hidden_by_consent, ranker.version, why)


def _proposals(desk: Desk, fewer: Counter[str]) -> Iterator[Proposal]:
    """The proposals; `fewer` counts what became of the themes that are not among them."""
    view, wish = desk.view, desk.wish
    seen = _seen(view, wish.earlier)
    likes = taste(view, wish.earlier, desk.encode)
    found = list(ideas(desk, seen, likes))
    themed = [(theme, first) for theme, first in found if not _unwanted(theme, wish)]
    fewer["before"] += len(found) - len(themed)
    proofs = [None if theme.aim else shown(view, theme, desk.readable) for theme, _ in themed]
    pools = _pools(desk, themed, proofs, likes)
    pairs = people.Pairs(view, desk.ranker, [int(row) for pool in pools for row in pool.rows], wish)
    made = _Made(1 + wish.limit // 3)
    for (theme, first), proof, pool in zip(themed, proofs, pools, strict=True):
        if len(made.themes) == wish.limit:
            return
        subject = "" if proof is None else proof.subject(np.isin(np.arange(view.size), pool.rows), made.names, first)
        why = "proof" if proof and not subject else "again" if like_any(theme.spot, made.themes) else ""
        if why:
            fewer[why] += 1
            continue
        free = made.free(pool, desk.own, proof.people[subject] if proof else None)
        owner = owner_of(theme) if theme.aim else -1
        needs = team.needs_of(view, theme.spot.vector, free, desk.readable, owner)
        counted = {row: seen.get(row, 0.0) + AGAIN * made.often[row] for row in map(int, free.rows)}
        chosen = team.choose(view, free, pairs, needs, counted, wish.size, first) if len(free.rows) else None
        if chosen is None:
            fewer["people"] += 1
            continue
        case = _case(desk, made.fresh(theme), subject, proof or Shown({}, {}), _led(view, chosen, first), pairs)
        why = "proof" if subject and not case.titled else "again" if made.has(case) else ""
        if why:
            fewer[why] += 1
            continue
        made.add(case, theme)
        yield _proposal(case)


def _case(desk: Desk, theme: Theme, subject: str, proof: Shown, led: team.Team, pairs: people.Pairs) -> Case:
    cited = proof.cite(led.rows, subject)
    return Case(desk.view, theme, subject, proof, cited, led, pairs, desk.readable)


@dataclass(slots=True)
class _Made:
    """What an answer has already: whom it names `most` times, its themes, teams, titles, and the words by which its
    proposals go, as `plain`."""

    most: int
    often: Counter[int] = field(default_factory=Counter)
    themes: list[Theme] = field(default_factory=list)
    teams: list[set[int]] = field(default_factory=list)
    titles: list[set[str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def free(self, pool: people.Pool, own: int, able: frozenset[int] | None) -> people.Pool:
        """Who of a pool may be named once more, of those who are `able` if not anybody is; `own` always."""
        may = [row == own or self.often[row] < self.most for row in pool.rows.tolist()]
        left = np.array(may, bool) if able is None else np.array(may, bool) & np.isin(pool.rows, list(able))
        return people.Pool(pool.rows[left], pool.fit[left])

    def fresh(self, theme: Theme) -> Theme:
        """A theme without the words by which others go."""
        return replace(theme, words=tuple(word for word in theme.words if plain(word) not in self.names))

    def has(self, case: Case) -> bool:
        """Whether two of a team (of few people: more than half of it) are in one team already, or more than a third of
        what is cited is cited in one proposal already."""
        most = 1 if case.view.size > FEW_MEMBERS else len(case.team.rows) // 2
        titles = _titles(case)
        return any(len(before.intersection(case.team.rows)) > most for before in self.teams) or any(
            3 * len(titles & before) > len(titles) for before in self.titles
        )

    def add(self, case: Case, theme: Theme) -> None:
        """One more proposal."""
        self.often.update(case.team.rows)
        self.themes.append(theme)
        self.teams.append(set(case.team.rows))
        self.titles.append(_titles(case))
        self.names.update(map(plain, case.names if case.subject else ()))


def _titles(case: Case) -> set[str]:
    return {series_of(piece.title) for piece in case.cited.values()}


def _pools(
    desk: Desk, themed: Sequence[Idea], proofs: Sequence[Shown | None], likes: Taste
) -> list[people.Pool]:  # fmt: skip
    """Who comes into question for each: the company of an aim, or who is near to a theme and has something to show."""
    named = [" ".join(theme.words) for theme, _ in themed if not theme.aim]
    texts = iter(desk.encode(named) if named else ())

    def pool(theme: Theme, first: Sequence[int], proof: Shown | None) -> people.Pool:
        if proof is None:
            return people.company(theme, desk.mask, desk.wish, likes, first)
        able = np.isin(np.arange(desk.view.size), list(proof.pieces)) & (theme.spot.near >= places.NEAR)
        able[list(first)] = True
        return people.pool(desk.view, desk.ranker, theme, next(texts), desk.mask & able, desk.wish, likes, first)

    return [pool(theme, first, proof) for (theme, first), proof in zip(themed, proofs, strict=True)]


def _led(view: Community, chosen: team.Team, first: Sequence[int]) -> team.Team:
    """Led by whom the theme begins with, else by whoever knows most of the team."""
    if first:
        return chosen
    known = {row: sum(people.acquainted(view, row, other) for other in chosen.rows) for row in chosen.rows}
    return replace(chosen, rows=tuple(sorted(chosen.rows, key=lambda row: -known[row])))


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


def _proposal(case: Case) -> Proposal:
    view, theme, chosen = case.view, case.theme, case.team
    said = wording.said_of(case)
    known = sum(people.acquainted(view, a, b) for a, b in combinations(chosen.rows, 2))
    fit = float(np.mean(list(chosen.fit.values())))
    members = [view.ids[row] for row in chosen.rows]
    return Proposal(
        id=blake2b("\0".join([*sorted(theme.words), *sorted(members)]).encode(), digest_size=12).hexdigest(),
        title=said.title,
        text=said.text,
        first_step=said.first_step,
        words=case.words,
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
