"""What is said of a proposal: what, why these people, what each brings and gets, and a first step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from models.domain.availability_overlap import common_words
from models.domain.facts import Fact, Value
from models.proposals.case import Case, named, quoted, titled
from models.proposals.forms import STEP_OF, Form
from models.proposals.parts import parts_of
from models.proposals.people import clock
from models.proposals.plan import Ground, form_of, ground_of
from models.proposals.requests import Part
from models.rounds.texts.wording import called
from models.text.quoting import name, quote

MOST_ASKED, MOST_AIM, MOST_CITED = 160, 100, 4
FEWER = ("people", "proof", "again", "before")  # why there are fewer proposals than were asked for


@dataclass(frozen=True, slots=True)
class Said:
    """All that is said of a proposal."""

    title: Fact
    text: Fact
    first_step: Fact
    parts: tuple[Part, ...]


def said_of(case: Case) -> Said:
    """Everything that is said about a proposal."""
    parts, ground = parts_of(case), ground_of(case)
    form = form_of(case, ground)
    values = _values(case, ground)
    body = [Fact(f"proposal.plan.{_plan(form, case)}", values), *(_line(case, part) for part in parts)]
    if case.team.open:
        items = (case.view.facets.items[row] for row in case.team.open)
        needs = tuple(Fact("reasons.quoted", {"words": quoted(item)}) for item in items)
        body.append(Fact("proposal.needs", {"needs": needs}))
    return Said(
        Fact(f"proposal.title.{form}", values),
        Fact("proposal.body", {"parts": tuple(body)}),
        Fact(f"proposal.step.{STEP_OF.get(form, form)}", values),
        parts,
    )


def _plan(form: Form, case: Case) -> Form:
    return "again" if form == "join" and len(case.titles("project")) == 1 else form  # of one work nobody had one each


def _values(case: Case, ground: Ground) -> Mapping[str, Value]:
    asked = ground.question
    return {
        "aim": quote(ground.aim, MOST_AIM),
        "projects": _cited(case, "project"),
        "year": _year(case),
        "question": quote(asked.text, MOST_ASKED) if asked else "",
        "asker": called(case.view, case.view.ids[asked.row]) if asked else "",
        "threads": _cited(case, "thread"),
        "names": tuple(name(word) for word in case.names),
        "lead": named(case, case.team.rows[:1]),
        "others": named(case, case.team.rows[1:]),
        "wanting": named(case, ground.wanting),
        "where": _where(case),
        "when": _when(case),
    }


def _cited(case: Case, kind: str) -> tuple[Fact, ...]:
    return tuple(titled(title) for title in case.titles(kind)[:MOST_CITED])


def _year(case: Case) -> str:
    works = [one for one in case.cited.values() if one.kind == "project"]
    return str(datetime.fromtimestamp(max(one.time for one in works) / 1e6, UTC).year) if works else ""


def _line(case: Case, part: Part) -> Fact:
    """One of the team in a line."""
    values: dict[str, Value] = {"brings": part.brings.said, "gets": part.gets.said, "why": part.why or ""}
    return Fact("proposal.part", {"who": called(case.view, part.member), **values})


def _where(case: Case) -> Value:
    """The open room where most of the team are at home."""
    view = case.view
    if not view.channels:
        return ""
    at = np.asarray(view.activity.channel[list(case.team.rows)].sum(0)).ravel()[: len(view.channels)]
    for i in np.argsort(-at, kind="stable"):
        if at[i] > 0 and view.channels[i].id and view.channels[i].visibility == "community":
            return Fact("proposal.where", {"room": quote(view.channels[i].name or view.channels[i].id, 30)})
    return ""


def _when(case: Case) -> Value:
    """A time when all who say so are free."""
    stated = [one for one in (clock(case.view, row) for row in case.team.rows) if one.words]
    shared = common_words(stated) if len(stated) > 1 else []
    return Fact("proposal.when", {"time": quote(shared[0], 40)}) if shared else ""


def why_fewer(counts: Mapping[str, int]) -> Fact:
    """Why there are fewer proposals than were asked for."""
    told = tuple(Fact(f"proposal.why_fewer.{kind}", {"n": n}) for kind, n in counts.items() if n and kind in FEWER)
    return Fact("proposal.fewer", {"told": told or (Fact("proposal.why_fewer.nothing"),)})
