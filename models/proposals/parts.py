"""Everybody's part in a proposal: what they bring, what they get, whom of the others they know."""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias, cast

import numpy as np

from models.community.view import Facet
from models.domain.records import ValueKind
from models.domain.requests import Language
from models.features import matrix
from models.proposals.aims import COMPANY
from models.proposals.case import QUOTED, Case, named, quoted, titled
from models.proposals.evidence import done_near
from models.proposals.people import acquainted
from models.proposals.phrases import BRINGS, GETS, TIES
from models.proposals.pieces import Piece, plain_title
from models.proposals.requests import Part, Value
from models.proposals.team import MET, NEAR_NEED
from models.proposals.wishes import clause_with, sought, wish_of
from models.rounds.texts.wording import called
from models.text.spacing import settle

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


def _why(case: Case, others: list[int], known: list[int]) -> str:
    """Whom of the others they have dealt with; in a team of two that is said already."""
    if len(others) == 1 or not known:
        return ""
    kind = "all" if len(known) == len(others) else "some"
    return settle(TIES[kind][case.language].format(named(case, known)))


def _brings(case: Case, row: int, met: Facet | None) -> Value:
    """Their offer for a need of the team or near the theme; else what is cited of them; else, where the theme is an
    aim, what they want, besides what they find here, or a project near it."""
    language = case.language
    offer = _best_offer(case, row)
    if offer is not None:
        return Value(BRINGS["offer"][language].format(quoted(offer)), cast(ValueKind, offer.value))
    if case.theme.aim and (wanted := _wanted(case, row)) is not None:
        return Value(BRINGS["tries"][language] if wanted == met else wish_of(wanted, language), "growth")
    piece = case.cited.get(row)
    if piece is not None and piece.kind == "stated" and case.view.facets.items[int(piece.key)] == met:
        piece = next((one for one in case.shown.about(row, case.subject) if one.kind != "stated"), None)
    if piece is not None and piece.kind != "stated":
        return Value(settle(_piece(piece, case.subject, language)), "growth")
    if piece is not None:
        return Value(wish_of(case.view.facets.items[int(piece.key)], language), "growth")
    done = done_near(case.view, case.theme, [row])
    if done:
        return Value(BRINGS["project"][language].format(titled(plain_title(done[0].title), language)), "growth")
    return Value(BRINGS["interest"][language], "growth")


def _piece(piece: Piece, subject: str, language: Language) -> str:
    """What somebody did or wrote, in a sentence."""
    if piece.kind == "line":
        return BRINGS["line"][language].format(clause_with(piece.title, subject, QUOTED))
    return BRINGS[piece.kind][language].format(titled(piece.title, language))


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
    view, language = case.view, case.language
    if met is not None:
        seek, giver, kind = met
        name = called(view, view.ids[giver])
        form, words = sought(seek)
        said = GETS["wish" if form == "wants" else "seek"][language].format(words, name)
        return Value(settle(said), kind, view.ids[giver])
    aims = case.stated(row, "aims")
    if len(aims):
        like = case.near(aims)
        aim = quoted(view.facets.items[aims[like.argmax()]])
        if like.max() >= NEAR_NEED and aim not in brings.sentence:
            return Value(GETS["aim"][language].format(aim), "growth")
    fresh = [other for other in others if other not in known]
    other = max(fresh or others, key=lambda one: (-often[one], case.pairs.score(row, one)))
    often[other] += 1
    own = case.cited[row].title if row in case.cited else ""
    kind_of, told = _company(case, other, own) if fresh else ("again", "")
    filled = GETS[kind_of][language].format(told, called(view, view.ids[other]))
    return Value(settle(filled), "connections" if kind_of in ("meets", "again") else "growth", view.ids[other])


def _company(case: Case, other: int, own: str) -> tuple[str, str]:
    """What somebody new to them is known for, with the kind of sentence: only what their own line says, too, and not
    the title of one's `own` piece."""
    if case.theme.aim and other == case.team.rows[0]:
        return "owner", ""
    offer, piece = _best_offer(case, other), case.cited.get(other)
    if offer is not None:
        return "offers", quoted(offer)
    if piece is not None and piece.kind in ("project", "thread") and piece.title != own:
        return piece.kind, titled(piece.title, case.language)
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
