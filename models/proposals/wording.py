"""A proposal in words, Chinese or English: what, why these people, what each brings and gets, and a first step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from models.domain.availability_overlap import common_words
from models.domain.requests import Language
from models.proposals.case import Case, named, quoted, titled
from models.proposals.parts import parts_of
from models.proposals.people import clock
from models.proposals.phrases import FEWER, OPEN_NEEDS, PLANS, STEPS, TITLES
from models.proposals.plan import form_of, ground_of
from models.proposals.requests import Part
from models.rounds.texts.wording import called, listed, name, quote
from models.text.spacing import settle

MOST_ASKED, MOST_AIM, MOST_CITED = 160, 100, 4
QUESTION_MARK: dict[Language, str] = {"en": "?", "zh": "？"}


@dataclass(frozen=True, slots=True)
class Words:
    """A proposal in words."""

    title: str
    text: str
    first_step: str
    parts: tuple[Part, ...]


def words_of(case: Case) -> Words:
    """Everything that is said about a proposal."""
    language = case.language
    parts = parts_of(case)
    ground = ground_of(case)
    form = form_of(case, ground)
    names = listed([name(word) for word in case.names], language)
    works = [titled(title, language) for title in case.titles("project")]
    threads = [titled(title, language) for title in case.titles("thread")]
    blanks = {
        "aim": quote(ground.aim, MOST_AIM),
        "projects": _cited(works, language),
        "year": _year(case),
        "question": quote(ground.question.text, MOST_ASKED) + QUESTION_MARK[language] if ground.question else "",
        "asker": called(case.view, case.view.ids[ground.question.row]) if ground.question else "",
        "threads": _cited(threads, language),
        "names": names,
        "about": f"one subject, {names}" if len(case.names) == 1 else names,
        "lead": named(case, case.team.rows[:1]),
        "others": named(case, case.team.rows[1:]),
        "wanting": named(case, ground.wanting),
        "where": _where(case),
        "when": _when(case),
    }
    title = settle(TITLES[form][language].format(**blanks))
    plan = "again" if form == "join" and len(works) == 1 else form  # of one work nobody had one each
    body = [PLANS[plan][language].format(**blanks), *(_line(case, part) for part in parts)]
    if case.team.open:
        needs = [f"“{quoted(case.view.facets.items[row])}”" for row in case.team.open]
        body.append(OPEN_NEEDS[language].format(_marked(needs, language)))
    return Words(
        title[:1].upper() + title[1:] if ground.aim else title,
        settle("\n".join(body)),
        settle(STEPS[form][language].format(**blanks)),
        parts,
    )


def _cited(titles: Sequence[str], language: Language) -> str:
    return _marked(titles[:MOST_CITED], language)


def _marked(words: Sequence[str], language: Language) -> str:
    """Words in marks of their own as a list: Chinese ones need nothing between them."""
    return "".join(words) if language == "zh" else listed(words, language)


def _year(case: Case) -> str:
    works = [one for one in case.cited.values() if one.kind == "project"]
    year = str(datetime.fromtimestamp(max(one.time for one in works) / 1e6, UTC).year) if works else ""
    return f" {year} " if case.language == "zh" else year


def _line(case: Case, part: Part) -> str:
    """One of the team in a line."""
    who = called(case.view, part.member)
    if case.language == "zh":
        return f"· {who}：{part.brings.sentence}；{part.gets.sentence}。{part.why}"
    return f"· {who} {part.brings.sentence} and {part.gets.sentence}. {part.why}".rstrip()


def _where(case: Case) -> str:
    """The open room where most of the team are at home."""
    view = case.view
    if not view.channels:
        return ""
    at = np.asarray(view.activity.channel[list(case.team.rows)].sum(0)).ravel()[: len(view.channels)]
    for i in np.argsort(-at, kind="stable"):
        if at[i] > 0 and view.channels[i].id and view.channels[i].visibility == "community":
            name = quote(view.channels[i].name or view.channels[i].id, 30)
            return {"en": f" in “{name}”", "zh": f"在“{name}”"}[case.language]
    return ""


def _when(case: Case) -> str:
    """A time when all who say so are free."""
    stated = [one for one in (clock(case.view, row) for row in case.team.rows) if one.words]
    shared = common_words(stated) if len(stated) > 1 else []
    if not shared:
        return ""
    time = quote(shared[0], 40)
    return {"en": f" ({time})", "zh": f"（{time}）"}[case.language]


def why_fewer(counts: Mapping[str, int], language: Language) -> str:
    """Why there are fewer proposals than were asked for, in a sentence."""
    told = [FEWER[kind][language].format(n=n) for kind, n in counts.items() if n and kind in FEWER]
    told = told or [FEWER["nothing"][language]]
    sentence = ("；" if language == "zh" else "; ").join(told) + ("。" if language == "zh" else ".")
    return sentence[:1].upper() + sentence[1:]
