"""Everybody's part in a proposal: what they bring, what they get, whom of the others they know."""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias, cast

import numpy as np

from models.community.view import Facet
from models.domain.facts import Fact
from models.domain.facts import Value as Words
from models.domain.records import ValueKind
from models.features import matrix
from models.proposals.aims import COMPANY
from models.proposals.case import QUOTED, Case, named, quoted, titled
from models.proposals.evidence import done_near
from models.proposals.people import acquainted
from models.proposals.pieces import Piece, plain_title
from models.proposals.requests import Part, Value
from models.proposals.team import MET, NEAR_NEED
from models.proposals.wishes import clause_with, sought, wish_of
from models.rounds.texts.wording import called

_Met: TypeAlias = tuple[Facet, int, ValueKind]


def parts_of(case: Case) -> tuple[Part, ...]:
    """Everybody's part; whom one gets to know is spread over the team."""
    often: Counter[int] = Counter()
    return tuple(_part(case, row, often) for row in case.team.rows)


def _part(case: Case, row: int, often: Counter[int]) -> Part:
    view, others = case.view, [other for other in case.team.rows if other != row]
    known = [other for other in others if acquainted(view, row, other)]
    met = met_seek(case, row, others)
    brings = _brings(case, row, met[0] if met else None)
    return Part(
        member=view.ids[row],
        brings=brings,
        gets=_gets(case, row, others, known, met, brings, often),
        why=_why(case, others, known),
        known=tuple(view.ids[other] for other in known),
        fit=round(case.team.fit[row], 4),
        score=round(float(np.mean([case.pairs.score(row, other) for other in others])), 4),
    )


def _why(case: Case, others: list[int], known: list[int]) -> Fact | None:
    """Whom of the others they have dealt with; in a team of two that is said already."""
    if len(others) == 1 or not known:
        return None
    kind = "all" if len(known) == len(others) else "some"
    return Fact(f"proposal.knows.{kind}", {"others": named(case, known)})


def _brings(case: Case, row: int, met: Facet | None) -> Value:
    """Their offer for a need of the team or near the theme; else what is cited of them; else, where the theme is an
    aim, what they want, besides what they find here, or a project near it."""
    offer = _best_offer(case, row)
    if offer is not None:
        return Value(_said("offer", quoted(offer)), cast(ValueKind, offer.value))
    if case.theme.aim and (wanted := _wanted(case, row)) is not None:
        return Value(Fact("proposal.brings.tries") if wanted == met else wish_of(wanted), "growth")
    piece = case.cited.get(row)
    if piece is not None and piece.kind == "stated" and case.view.facets.items[int(piece.key)] == met:
        piece = next((one for one in case.shown.about(row, case.subject) if one.kind != "stated"), None)
    if piece is not None and piece.kind != "stated":
        return Value(_piece(piece, case.subject), "growth")
    if piece is not None:
        return Value(wish_of(case.view.facets.items[int(piece.key)]), "growth")
    done = done_near(case.view, case.theme, [row])
    if done:
        return Value(_said("project", titled(plain_title(done[0].title))), "growth")
    return Value(Fact("proposal.brings.interest"), "growth")


def _said(kind: str, what: Words) -> Fact:
    return Fact(f"proposal.brings.{kind}", {"what": what})


def _piece(piece: Piece, subject: str) -> Fact:
    """What somebody did or wrote."""
    if piece.kind == "line":
        return _said("line", clause_with(piece.title, subject, QUOTED))
    return _said(piece.kind, titled(piece.title))


def _wanted(case: Case, row: int) -> Facet | None:
    """What somebody wants to bring about or looks for that is nearest to the theme."""
    own = case.stated(row, "aims", "seeks")
    like = case.near(own)
    return case.view.facets.items[own[like.argmax()]] if like.max(initial=-1.0) >= NEAR_NEED else None


def _gets(
    case: Case, row: int, others: list[int], known: list[int], met: _Met | None, brings: Value,
    often: Counter[int],
) -> Value:  # fmt: skip
    """What they seek and another offers; else an aim near the theme, unless that is what they bring; else somebody
    worth knowing, with what is cited of them."""
    view = case.view
    if met is not None:
        seek, giver, kind = met
        name = called(view, view.ids[giver])
        form, words = sought(seek)
        return Value(_got("wish" if form == "wants" else "seek", words, name), kind, view.ids[giver])
    aims = case.stated(row, "aims")
    if len(aims):
        like = case.near(aims)
        aim = quoted(view.facets.items[aims[like.argmax()]])
        if like.max() >= NEAR_NEED and not _says(brings.said, aim):
            return Value(_got("aim", aim), "growth")
    fresh = [other for other in others if other not in known]
    other = max(fresh or others, key=lambda one: (-often[one], case.pairs.score(row, one)))
    often[other] += 1
    own = case.cited[row].title if row in case.cited else ""
    kind_of, told = _company(case, other, own) if fresh else ("again", "")
    said = _got(kind_of, told, called(view, view.ids[other]))
    return Value(said, "connections" if kind_of in ("meets", "again") else "growth", view.ids[other])


def _got(kind: str, what: Words, whom: str = "") -> Fact:
    return Fact(f"proposal.gets.{kind}", {"what": what, "whom": whom})


def _says(said: Words, words: str) -> bool:
    """Whether what is said has these words of a member in it."""
    if isinstance(said, Fact):
        return any(_says(value, words) for value in said.values.values())
    return isinstance(said, str) and words in said


def _company(case: Case, other: int, own: str) -> tuple[str, Words]:
    """What somebody new to them is known for, with the kind of sentence: only what their own line says, too, and not
    the title of one's `own` piece."""
    if case.theme.aim and other == case.team.rows[0]:
        return "owner", ""
    offer, piece = _best_offer(case, other), case.cited.get(other)
    if offer is not None:
        return "offers", quoted(offer)
    if piece is not None and piece.kind in ("project", "thread") and piece.title != own:
        return piece.kind, titled(piece.title)
    return "meets", ""


def _best_offer(case: Case, row: int) -> Facet | None:
    facets, own = case.view.facets, case.stated(row, "offers")
    if not len(own):
        return None
    like, needs = case.near(own), list(case.team.covered)
    if case.theme.aim:
        needs += facets.rows(case.team.rows[0], "seeks").tolist()
    if needs:
        fit = matrix.fits(facets, own, facets.telling[needs]).max(1)
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
        fit = matrix.fits(facets, offers, facets.telling[own])
        i, j = np.unravel_index(int(fit.argmax()), fit.shape)
        if fit[i, j] >= MET and (best is None or fit[i, j] > best[0]):
            kind = facets.items[offers[i]].value or facets.items[own[j]].value
            best = (float(fit[i, j]), facets.items[own[j]], other, cast(ValueKind, kind))
    return best[1:] if best else None
