"""A proposal in words, Chinese or English: what, why these people, what each brings and gets, and a first step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from models.proposals.case import QUOTED, Case, named, quoted
from models.proposals.evidence import threads_of
from models.proposals.parts import parts_of
from models.proposals.people import clock
from models.proposals.phrases import OPEN_NEEDS, PLANS, STARTS, STEPS, TITLES
from models.proposals.plan import form_of, ground_of
from models.proposals.requests import Part
from models.requests import Language
from models.rounds.wording import called, listed, quote, settle
from models.week_times import common_words

LEAST_QUOTED: dict[Language, int] = {"en": 30, "zh": 12}
MOST_ASKED, MOST_THREADS = 160, 4
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
    language, theme = case.language, case.theme
    parts = parts_of(case)
    ground = ground_of(case)
    form = form_of(case, ground)
    words = [quote(word, 24) for word in _readable(theme.words, language)]
    threads = ground.sides if form == "show" else ground.threads
    blanks = {
        "aim": quote(ground.aim, QUOTED),
        "project": quote(ground.done[0].title, QUOTED) if ground.done else "",
        "projects": listed([f"“{quote(one.title, QUOTED)}”" for one in ground.done[:3]], language),
        "year": str(datetime.fromtimestamp(ground.done[0].time / 1e6, UTC).year) if ground.done else "",
        "question": quote(ground.question.text, MOST_ASKED) + QUESTION_MARK[language] if ground.question else "",
        "asker": called(case.view, case.view.ids[ground.question.row]) if ground.question else "",
        "threads": listed([f"“{quote(topic, QUOTED)}”" for topic in threads[:MOST_THREADS]], language),
        "words": listed(words[:3], language),
        "start": _start(case),
        "names": listed(words[:2], language),
        "w1": words[0],
        "lead": named(case, case.team.rows[:1]),
        "others": named(case, case.team.rows[1:]),
        "wanting": named(case, ground.wanting),
        "where": _where(case),
        "when": _when(case),
    }
    title = TITLES[form][language].format(**blanks)
    body = [PLANS[form][language].format(**blanks), *(_line(case, part) for part in parts)]
    if case.team.open:
        needs = [quoted(case.view.facets.items[row]) for row in case.team.open]
        body.append(OPEN_NEEDS[language].format(listed(needs, language)))
    return Words(
        settle(title[:1].upper() + title[1:]),
        settle("\n".join(body)),
        settle(STEPS[form][language].format(**blanks)),
        parts,
    )


def _readable(words: Sequence[str], language: Language) -> list[str]:
    """In English only words in Latin letters, where one of the two that tell most is; who reads Chinese reads both."""
    latin = [word for word in words if word.isascii()]
    return latin if language == "en" and any(word in words[:2] for word in latin) else list(words)


def _line(case: Case, part: Part) -> str:
    """One of the team in a line."""
    who = called(case.view, part.member)
    if case.language == "zh":
        return f"· {who}：{part.brings.sentence}；{part.gets.sentence}。{part.why}"
    return f"· {who} {part.brings.sentence} and {part.gets.sentence}. {part.why}"


def _start(case: Case) -> str:
    """What one of the team said about it where everybody could read: a thread to start from, else their words."""
    threads = threads_of(case.theme, case.team.rows)
    if threads:
        return STARTS["topic"][case.language].format(quote(threads[0], QUOTED))
    for line in case.theme.lines:
        text = quote(line.text, 100)
        if line.row in case.team.rows and len(text) >= LEAST_QUOTED[case.language] and "://" not in text:
            return STARTS["line"][case.language].format(text, called(case.view, case.view.ids[line.row]))
    return ""


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
