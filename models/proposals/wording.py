"""A proposal in words, Chinese or English: what, why these people, what each brings and gets, and a first step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import TypeAlias, cast

import numpy as np

from models import features
from models.community import SUGGESTED_WEIGHT, Community, Facet
from models.proposals.aims import COMPANY
from models.proposals.evidence import Done, Question, done_near, open_question, threads_of, topic_of
from models.proposals.people import Pairs, acquainted, free_times
from models.proposals.phrases import BRINGS, GETS, OPEN_NEEDS, PLANS, STARTS, STEPS, TIES, TITLES, Form
from models.proposals.requests import Part, Value
from models.proposals.team import MET, NEAR_NEED, Team
from models.records import DAY, ValueKind
from models.requests import Language
from models.rounds.wording import called, chosen, listed, quote, settle
from models.theme_names import Theme
from models.tower import unit

QUOTED = 60  # characters
LEAST_QUOTED: dict[Language, int] = {"en": 30, "zh": 12}
MOST_ASKED, MOST_THREADS = 160, 4
QUESTION_MARK: dict[Language, str] = {"en": "?", "zh": "？"}
LEAST_THREADS, LEAST_SIDES, LEAST_COLLECTED = 2, 4, 3  # from which there is something to put together
ALIKE = 0.5  # centred cosine with the theme from which projects belong into one collection
OLD = 500 * DAY  # since when a project may have a sequel
SHARED_AIM = 0.5  # fit of two aims


@dataclass(frozen=True, slots=True)
class Case:
    """A team with its theme, and all that its words are made of. `readable` (N,) bool: whose profile may be quoted."""

    view: Community
    theme: Theme
    team: Team
    pairs: Pairs
    readable: np.ndarray
    language: Language


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
    parts = _parts(case)
    ground = _ground(case)
    form = _form(case, ground, parts)
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
        "lead": called(case.view, case.view.ids[case.team.rows[0]]),
        "where": _where(case),
        "when": _when(case),
    }
    title = TITLES[form][language].format(**blanks)
    body = [PLANS[form][language].format(**blanks), *(_line(case, part) for part in parts)]
    if case.team.open:
        body.append(OPEN_NEEDS[language].format(listed([_quoted(one) for one in case.team.open], language)))
    return Words(
        settle(title[:1].upper() + title[1:]),
        settle("\n".join(body)),
        settle(STEPS[form][language].format(**blanks)),
        parts,
    )


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a plan can be built on."""

    aim: str
    shared: bool  # whether two of the team want it
    done: list[Done]  # one title a project, of the most of the team first
    question: Question | None
    threads: list[str]
    sides: list[str]  # a thread each, of those who each wrote in another


def _ground(case: Case) -> _Ground:
    rows = case.team.rows
    done = sorted(done_near(case.view, case.theme, rows), key=lambda one: -len(one.rows))
    by_title = list({one.title: one for one in reversed(done)}.values())[::-1]
    sides: list[str] = []
    for row in rows:
        sides += [topic for topic in [topic_of(case.theme, row, frozenset(sides))] if topic]
    threads = threads_of(case.theme, rows)
    both = _shared_aim(case)
    return _Ground(case.theme.aim or both, bool(both), by_title, open_question(case.theme, rows), threads, sides)


def _readable(words: Sequence[str], language: Language) -> list[str]:
    """In English only words in Latin letters, where there are any; who reads Chinese reads both."""
    latin = [word for word in words if word.isascii()]
    return latin if language == "en" and latin else list(words)


def _form(case: Case, ground: _Ground, parts: tuple[Part, ...]) -> Form:
    """The kind of plan, the one with most to build on first."""
    if ground.aim:
        return "aim" if ground.shared else "wish"
    if sum(_has_seek(case, part) for part in parts) >= 2:
        return "exchange"
    rows = case.team.rows
    if ground.done and all(any(row in one.rows for one in ground.done) for row in rows):
        return _next_project(case, ground)
    if ground.question:
        return "answer"
    if len(ground.sides) >= LEAST_SIDES:
        return "show"
    return "gather" if len(ground.threads) >= LEAST_THREADS else "try"


def _next_project(case: Case, ground: _Ground) -> Form:
    """Where they did several things each with others, these make a collection; what is old is taken up again."""
    rows = case.team.rows
    pairs = list(combinations(rows, 2))
    apart = 2 * sum(not acquainted(case.view, a, b) for a, b in pairs) >= len(pairs)
    first = ground.done[:LEAST_COLLECTED]
    if len(first) == LEAST_COLLECTED and len({one.rows for one in first}) > 1 and min(o.near for o in first) >= ALIKE:
        return "collect"
    if case.view.as_of - ground.done[0].time >= OLD:
        return "renew"
    return "join" if apart else "again"


def _has_seek(case: Case, part: Part) -> bool:
    row = case.view.row[part.member]
    return _met_seek(case, row, [other for other in case.team.rows if other != row]) is not None


def _line(case: Case, part: Part) -> str:
    """One of the team in a line."""
    who = called(case.view, part.member)
    if case.language == "zh":
        return f"· {who}：{part.brings.sentence}；{part.gets.sentence}。{part.why}"
    return f"· {who} {part.brings.sentence} and {part.gets.sentence}. {part.why}"


def _parts(case: Case) -> tuple[Part, ...]:
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
    met = _met_seek(case, row, others)
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
    names = [listed([called(case.view, case.view.ids[row]) for row in rows], case.language) for rows in (known, fresh)]
    return settle(TIES[kind][case.language].format(*names))


def _brings(case: Case, row: int, said: frozenset[str], met: Facet | None) -> Value:
    """Their offer for a need of the team or near the theme; else what they did; else, where the theme is an aim, what
    they want, besides what they find here; else what they talk of, and where."""
    language = case.language
    offer = _best_offer(case, row)
    if offer is not None:
        return Value(BRINGS["offer"][language].format(_quoted(offer)), cast(ValueKind, offer.value))
    done = _own_project(case, row, said)
    if done:
        return Value(BRINGS["project"][language].format(quote(done, QUOTED)), "growth")
    if case.theme.aim and (wanted := _wanted(case, row)) is not None:
        kind = "tries" if wanted == met else wanted.kind
        return Value(BRINGS[kind][language].format(_quoted(wanted)), "growth")
    own = [word for word in case.theme.words if row in case.theme.users[word]]
    words = listed([quote(word, 24) for word in (own or case.theme.words)[:2]], language)
    topic = topic_of(case.theme, row, said)
    kind = "wrote" if own and topic else "words" if own else "interest"
    return Value(settle(BRINGS[kind][language].format(words, quote(topic, QUOTED))), "growth")


def _wanted(case: Case, row: int) -> Facet | None:
    """What somebody wants to bring about or looks for that is nearest to the theme."""
    facets = case.view.facets
    own = [i for kind in ("aims", "seeks") for i in facets.rows(row, kind) if facets.weight[i] > SUGGESTED_WEIGHT]
    if not own or not case.readable[row]:
        return None
    like = unit(facets.vectors[own] - case.view.mean) @ case.theme.spot.vector
    return facets.items[own[int(like.argmax())]] if float(like.max()) >= NEAR_NEED else None


_Met: TypeAlias = tuple[Facet, int, ValueKind]


def _gets(case: Case, row: int, others: list[int], known: list[int], met: _Met | None, brings: Value) -> Value:
    """What they seek and another offers; else an aim near the theme, unless that is what they bring; else somebody
    worth knowing."""
    view, language, facets = case.view, case.language, case.view.facets
    if met is not None:
        seek, giver, kind = met
        name = called(view, view.ids[giver])
        return Value(settle(GETS["seek"][language].format(_quoted(seek), name)), kind, view.ids[giver])
    aims = [i for i in facets.rows(row, "aims") if facets.weight[i] > SUGGESTED_WEIGHT] if case.readable[row] else []
    if aims:
        like = unit(facets.vectors[aims] - view.mean) @ case.theme.spot.vector
        aim = _quoted(facets.items[aims[int(like.argmax())]])
        if float(like.max()) >= NEAR_NEED and aim not in brings.sentence:
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
    facets = case.view.facets
    own = [i for i in facets.rows(row, "offers") if facets.weight[i] > SUGGESTED_WEIGHT] if case.readable[row] else []
    if not own:
        return None
    like = unit(facets.vectors[own] - case.view.mean) @ case.theme.spot.vector
    needs = [i for i, item in enumerate(facets.items) if item in case.team.covered]
    if case.theme.aim:
        needs += list(facets.rows(case.team.rows[0], "seeks"))
    if needs:
        fit = features.fits(facets, np.array(own), facets.vectors[needs], None, features.FIT_RANGE["offers"]).max(1)
        like = np.maximum(like, np.where(fit >= (COMPANY if case.theme.aim else MET), fit, 0))
    return facets.items[own[int(like.argmax())]] if float(like.max()) >= NEAR_NEED else None


def _met_seek(case: Case, row: int, others: list[int]) -> _Met | None:
    """What somebody seeks, who in the team offers it, and its kind of value."""
    facets = case.view.facets
    own = facets.rows(row, "seeks") if case.readable[row] else np.zeros(0, np.int64)
    own = own[facets.weight[own] > SUGGESTED_WEIGHT]
    best: tuple[float, Facet, int, ValueKind] | None = None
    for other in others:
        offers = facets.rows(other, "offers") if case.readable[other] else np.zeros(0, np.int64)
        offers = offers[facets.weight[offers] > SUGGESTED_WEIGHT]
        if not len(own) or not len(offers):
            continue
        fit = features.fits(facets, offers, facets.vectors[own], None, features.FIT_RANGE["offers"])
        i, j = np.unravel_index(int(fit.argmax()), fit.shape)
        if fit[i, j] >= MET and (best is None or fit[i, j] > best[0]):
            kind = facets.items[offers[i]].value or facets.items[own[j]].value
            best = (float(fit[i, j]), facets.items[own[j]], other, cast(ValueKind, kind))
    return best[1:] if best else None


def _shared_aim(case: Case) -> str:
    """An aim near the theme that two of the team nearly share, "" where there is none; the shorter one."""
    facets = case.view.facets
    rows = [i for row in case.team.rows if case.readable[row] for i in facets.rows(row, "aims")]
    rows = [i for i in rows if facets.weight[i] > SUGGESTED_WEIGHT]
    if len(rows) < 2:
        return ""
    vectors, owner = facets.vectors[rows], facets.member[rows]
    like = unit(vectors - case.view.mean) @ case.theme.spot.vector
    fit = features.scaled(vectors @ vectors.T, features.FIT_RANGE["aims"])
    fit[owner[:, None] == owner[None, :]] = 0
    fit[like < NEAR_NEED] = 0
    fit[:, like < NEAR_NEED] = 0
    i, j = np.unravel_index(int(fit.argmax()), fit.shape)
    if fit[i, j] < SHARED_AIM:
        return ""
    texts = sorted((facets.items[rows[i]].text, facets.items[rows[j]].text), key=lambda text: (len(text), text))
    shorter: str = texts[0]
    return shorter


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
    stated = [times for times in (free_times(case.view, row) for row in case.team.rows) if times]
    shared = sorted(frozenset.intersection(*stated)) if len(stated) > 1 else []
    if not shared:
        return ""
    time = quote(chosen(shared, *(case.view.ids[row] for row in case.team.rows)), 40)
    return {"en": f" ({time})", "zh": f"（{time}）"}[case.language]


def _quoted(item: Facet) -> str:
    return quote(item.text, QUOTED)
