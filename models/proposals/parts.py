"""Everybody's part in a proposal: what they bring, what they get, whom of the others they know."""

from __future__ import annotations

from typing import TypeAlias, cast

import numpy as np

from models import features
from models.community import Facet
from models.proposals.aims import COMPANY
from models.proposals.case import QUOTED, Case, named, quoted
from models.proposals.evidence import done_near, topic_of
from models.proposals.people import acquainted
from models.proposals.phrases import BRINGS, GETS, TIES
from models.proposals.requests import Part, Value
from models.proposals.team import MET, NEAR_NEED
from models.records import ValueKind
from models.rounds.wording import called, listed, quote, settle

_Met: TypeAlias = tuple[Facet, int, ValueKind]


def parts_of(case: Case) -> tuple[Part, ...]:
    """Everybody's part; what one brings is not said of the next one, as long as there is something else."""
    said: set[str] = set()
    out = []
    for row in case.team.rows:
        out.append(_part(case, row, frozenset(said)))
        said |= {topic_of(case.theme, row, frozenset(said)), _own_project(case, row, frozenset(said))} - {""}
    return tuple(out)


def _part(case: Case, row: int, said: frozenset[str]) -> Part:
    view, others = case.view, [other for other in case.team.rows if other != row]
    known = [other for other in others if acquainted(view, row, other)]
    met = met_seek(case, row, others)
    brings = _brings(case, row, said, met[0] if met else None)
    return Part(
        member=view.ids[row],
        brings=brings,
        gets=_gets(case, row, others, known, met, brings),
        why=_why(case, others, known),
        known=tuple(view.ids[other] for other in known),
        fit=round(case.team.fit[row], 4),
        score=round(float(np.mean([case.pairs.score(row, other) for other in others])), 4),
    )


def _own_project(case: Case, row: int, besides: frozenset[str]) -> str:
    """The title of the project nearest to the theme that somebody was in, not one of `besides` if there is another."""
    titles = [one.title for one in done_near(case.view, case.theme, [row])]
    return next((title for title in titles if title not in besides), titles[0] if titles else "")


def _why(case: Case, others: list[int], known: list[int]) -> str:
    fresh = [other for other in others if other not in known]
    kind = "mixed" if known and fresh else "known" if known else "new"
    return settle(TIES[kind][case.language].format(named(case, known), named(case, fresh)))


def _brings(case: Case, row: int, said: frozenset[str], met: Facet | None) -> Value:
    """Their offer for a need of the team or near the theme; else what they did; else, where the theme is an aim, what
    they want, besides what they find here; else what they talk of, and where."""
    language = case.language
    offer = _best_offer(case, row)
    if offer is not None:
        return Value(BRINGS["offer"][language].format(quoted(offer)), cast(ValueKind, offer.value))
    done = _own_project(case, row, said)
    if done:
        return Value(BRINGS["project"][language].format(quote(done, QUOTED)), "growth")
    if case.theme.aim and (wanted := _wanted(case, row)) is not None:
        kind = "tries" if wanted == met else wanted.kind
        return Value(BRINGS[kind][language].format(quoted(wanted)), "growth")
    own = [word for word in case.theme.words if row in case.theme.users[word]]
    words = listed([quote(word, 24) for word in (own or case.theme.words)[:2]], language)
    topic = topic_of(case.theme, row, said)
    kind = "wrote" if own and topic else "words" if own else "interest"
    return Value(settle(BRINGS[kind][language].format(words, quote(topic, QUOTED))), "growth")


def _wanted(case: Case, row: int) -> Facet | None:
    """What somebody wants to bring about or looks for that is nearest to the theme."""
    own = case.stated(row, "aims", "seeks")
    like = case.near(own)
    return case.view.facets.items[own[like.argmax()]] if like.max(initial=-1.0) >= NEAR_NEED else None


def _gets(case: Case, row: int, others: list[int], known: list[int], met: _Met | None, brings: Value) -> Value:
    """What they seek and another offers; else an aim near the theme, unless that is what they bring; else somebody
    worth knowing."""
    view, language = case.view, case.language
    if met is not None:
        seek, giver, kind = met
        name = called(view, view.ids[giver])
        return Value(settle(GETS["seek"][language].format(quoted(seek), name)), kind, view.ids[giver])
    aims = case.stated(row, "aims")
    if len(aims):
        like = case.near(aims)
        aim = quoted(view.facets.items[aims[like.argmax()]])
        if like.max() >= NEAR_NEED and aim not in brings.sentence:
            return Value(GETS["aim"][language].format(aim), "growth")
    fresh = [other for other in others if other not in known]
    other = max(fresh or others, key=lambda one: case.pairs.score(row, one))
    kind_of, told = _company(case, row, other) if fresh else ("again", "")
    filled = GETS[kind_of][language].format(quote(told, QUOTED), called(view, view.ids[other]))
    return Value(settle(filled), "connections" if kind_of in ("meets", "again") else "growth", view.ids[other])


def _company(case: Case, row: int, other: int) -> tuple[str, str]:
    """What somebody new to them knows that they do not: a word, a project, a thread; with the kind of sentence."""
    if case.theme.aim and other == case.team.rows[0]:
        return "owner", ""
    told = [w for w in case.theme.words if other in case.theme.users[w] and row not in case.theme.users[w]]
    if told:
        return "learns", told[0]
    mine = frozenset(one.title for one in done_near(case.view, case.theme, [row]))
    theirs = [one.title for one in done_near(case.view, case.theme, [other]) if one.title not in mine]
    if theirs:
        return "did", theirs[0]
    topic = topic_of(case.theme, other, frozenset(line.topic for line in case.theme.lines if line.row == row))
    return ("wrote", topic) if topic else ("meets", "")


def _best_offer(case: Case, row: int) -> Facet | None:
    facets, own = case.view.facets, case.stated(row, "offers")
    if not len(own):
        return None
    like, needs = case.near(own), list(case.team.covered)
    if case.theme.aim:
        needs += facets.rows(case.team.rows[0], "seeks").tolist()
    if needs:
        fit = features.fits(facets, own, facets.telling[needs]).max(1)
        like = np.maximum(like, np.where(fit >= (COMPANY if case.theme.aim else MET), fit, 0))
    return facets.items[own[like.argmax()]] if like.max() >= NEAR_NEED else None


def met_seek(case: Case, row: int, others: list[int]) -> _Met | None:
    """What somebody seeks, who in the team offers it, and its kind of value."""
    facets, own = case.view.facets, case.stated(row, "seeks")
    best: tuple[float, Facet, int, ValueKind] | None = None
    for other in others:
        offers = case.stated(other, "offers")
        if not len(own) or not len(offers):
            continue
        fit = features.fits(facets, offers, facets.telling[own])
        i, j = np.unravel_index(int(fit.argmax()), fit.shape)
        if fit[i, j] >= MET and (best is None or fit[i, j] > best[0]):
            kind = facets.items[offers[i]].value or facets.items[own[j]].value
            best = (float(fit[i, j]), facets.items[own[j]], other, cast(ValueKind, kind))
    return best[1:] if best else None
