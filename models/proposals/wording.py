"""A proposal in words, Chinese or English: what, why these people, what each brings and gets, and a first step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias, cast

import numpy as np

from models import features
from models.community import SUGGESTED_WEIGHT, Community, Facet
from models.proposals.people import Pairs, acquainted, free_times
from models.proposals.requests import Part, Value
from models.proposals.team import MET, NEAR_NEED, Team
from models.records import ValueKind
from models.requests import Language
from models.rounds.wording import called, chosen, listed, quote, settle
from models.themes import Theme
from models.tower import unit

QUOTED = 60  # characters
LEAST_QUOTED: dict[Language, int] = {"en": 30, "zh": 12}
NEAR_PROJECT = 0.35  # centred cosine of an earlier project with the theme from which it is named
SHARED_AIM = 0.5  # fit of two aims

Form: TypeAlias = Literal["aim", "exchange", "again", "join", "try"]
Say: TypeAlias = dict[Language, str]
TITLES: dict[Form, Say] = {
    "aim": {"en": "{aim}", "zh": "{aim}"},
    "exchange": {"en": "{names}: teach each other", "zh": "{names}：互相教一手"},
    "again": {"en": "Next: {names}", "zh": "接着做：{names}"},
    "join": {"en": "{names}, this time together", "zh": "{names}：这次一起做"},
    "try": {"en": "{names}: one small thing together", "zh": "{names}：一起做件小事"},
}
PLANS: dict[Form, Say] = {
    "aim": {
        "en": "Several of you want nearly the same: “{aim}”. Make a first version of it in four weeks, small enough to "
        "finish.",
        "zh": "你们想要的差不多是一件事：“{aim}”。用四周做出一个小而完整的版本。",
    },
    "exchange": {
        "en": "What one of you is looking for, another can give: {words}. Meet three times, each time somebody else "
        "shows what they know, and keep what comes of it.",
        "zh": "有人想要的，正好有人会：{words}。聚三次，每次换一个人来教，把成果留下来。",
    },
    "again": {
        "en": "You have all worked on {words}. Do the next one together, in the vein of “{project}”, and split it so "
        "that everybody has a part.",
        "zh": "你们都做过{words}。接着做下一个，就像“{project}”那样，每人分一块。",
    },
    "join": {
        "en": "You have all worked on {words}, mostly apart from each other. Do the next one together, in the vein of "
        "“{project}”, and split it so that everybody has a part.",
        "zh": "你们都做过{words}，多半是各做各的。下一个一起做，就像“{project}”那样，每人分一块。",
    },
    "try": {
        "en": "You all keep coming back to {words}.{start} Try out one question in it together and write down what you "
        "find, so that others can build on it.",
        "zh": "你们都常聊{words}。{start}挑其中一个问题一起试，把结果写下来，好让别人接着用。",
    },
}
STEPS: dict[Form, Say] = {
    "aim": {
        "en": "This week {lead} finds half an hour with everybody{where}{when}: what would the smallest version be, "
        "and who takes which part?",
        "zh": "这周由{lead}{where}约大家聊半小时{when}：最小的版本是什么样，谁来做哪块？",
    },
    "exchange": {
        "en": "This week {lead} asks everybody{where} for an evening{when}, and for one thing they want to be able to "
        "do afterwards.",
        "zh": "这周由{lead}{where}问大家哪天方便{when}，各自最想学会哪一样。",
    },
    "again": {
        "en": "This week {lead} suggests two candidates{where}; you pick one{when} and divide it.",
        "zh": "这周由{lead}{where}提两个备选，大家选定一个{when}，分好工。",
    },
    "join": {
        "en": "This week {lead} writes to everybody{where} and suggests two candidates; you pick one{when} and "
        "divide it.",
        "zh": "这周由{lead}{where}联系大家，提两个备选，一起选定一个{when}，分好工。",
    },
    "try": {
        "en": "This week {lead} opens a thread{where} with one question about {w1}; everybody adds what they know, and "
        "you agree on half an hour{when}.",
        "zh": "这周由{lead}{where}就{w1}提一个问题，每人补上自己知道的，再约半小时{when}。",
    },
}
BRINGS: dict[str, Say] = {
    "offer": {"en": "offers “{0}”", "zh": "能提供“{0}”"},
    "project": {"en": "worked on “{0}”", "zh": "做过“{0}”"},
    "words": {"en": "knows their way around {0}", "zh": "熟悉{0}"},
    "interest": {"en": "is interested in {0}", "zh": "对{0}感兴趣"},
}
GETS: dict[str, Say] = {
    "seek": {"en": "looks for “{0}”; {1} can give it", "zh": "想要“{0}”，{1}正好能给"},
    "aim": {"en": "comes closer to “{0}”", "zh": "离“{0}”更近一步"},
    "learns": {"en": "meets {1}, who knows about {0}", "zh": "认识懂{0}的{1}"},
    "meets": {"en": "meets {1}, who has the same interest", "zh": "认识兴趣相同的{1}"},
    "again": {"en": "goes on with {1}", "zh": "和{1}继续合作"},
}
TIES: dict[str, Say] = {
    "mixed": {"en": "Knows {0}; {1} would be new.", "zh": "认识{0}；和{1}还没打过交道。"},
    "known": {"en": "Knows {0} already.", "zh": "已认识{0}。"},
    "new": {"en": "Has not dealt with the others yet.", "zh": "和其他人都还没打过交道。"},
}
STARTS: dict[str, Say] = {
    "topic": {"en": " Start from the thread “{0}”.", "zh": "可以从“{0}”这个话题说起。"},
    "line": {"en": " Start from what {1} wrote: “{0}”", "zh": "可以从{1}说的“{0}”说起。"},
}
OPEN_NEEDS: Say = {"en": "Still to be found: {0}.", "zh": "还缺：{0}。"}


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
    parts = tuple(_part(case, row) for row in case.team.rows)
    aim, project = _shared_aim(case), _nearest_project(case, case.team.rows)
    form = _form(case, aim, project, parts)
    words = [quote(word, 24) for word in _readable(theme.words, language)]
    blanks = {
        "aim": quote(aim, QUOTED),
        "project": quote(project, QUOTED),
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


def _readable(words: Sequence[str], language: Language) -> list[str]:
    """In English only words in Latin letters, where there are any; who reads Chinese reads both."""
    latin = [word for word in words if word.isascii()]
    return latin if language == "en" and latin else list(words)


def _form(case: Case, aim: str, project: str, parts: tuple[Part, ...]) -> Form:
    if aim:
        return "aim"
    if sum(_has_seek(case, part) for part in parts) >= 2:
        return "exchange"
    if project and all(_nearest_project(case, (row,)) for row in case.team.rows):
        pairs = list(combinations(case.team.rows, 2))
        apart = sum(not acquainted(case.view, a, b) for a, b in pairs)
        return "join" if 2 * apart >= len(pairs) else "again"
    return "try"


def _has_seek(case: Case, part: Part) -> bool:
    row = case.view.row[part.member]
    return _met_seek(case, row, [other for other in case.team.rows if other != row]) is not None


def _line(case: Case, part: Part) -> str:
    """One of the team in a line."""
    who = called(case.view, part.member)
    if case.language == "zh":
        return f"· {who}：{part.brings.sentence}；{part.gets.sentence}。{part.why}"
    return f"· {who} {part.brings.sentence} and {part.gets.sentence}. {part.why}"


def _part(case: Case, row: int) -> Part:
    view, others = case.view, [other for other in case.team.rows if other != row]
    known = [other for other in others if acquainted(view, row, other)]
    return Part(
        member=view.ids[row],
        brings=_brings(case, row),
        gets=_gets(case, row, others, known),
        why=_why(case, others, known),
        known=tuple(view.ids[other] for other in known),
        fit=round(case.team.fit[row], 4),
        score=round(float(np.mean([case.pairs.score(row, other) for other in others])), 4),
    )


def _why(case: Case, others: list[int], known: list[int]) -> str:
    fresh = [other for other in others if other not in known]
    kind = "mixed" if known and fresh else "known" if known else "new"
    names = [listed([called(case.view, case.view.ids[row]) for row in rows], case.language) for rows in (known, fresh)]
    return settle(TIES[kind][case.language].format(*names))


def _brings(case: Case, row: int) -> Value:
    """Their offer for a need of the team or near the theme; else what they did; else what they talk about."""
    view, language = case.view, case.language
    offer = _best_offer(case, row)
    if offer is not None:
        return Value(BRINGS["offer"][language].format(_quoted(offer)), cast(ValueKind, offer.value))
    done = _nearest_project(case, (row,))
    if done:
        return Value(BRINGS["project"][language].format(quote(done, QUOTED)), "growth")
    own = [word for word in case.theme.words if row in case.theme.users[word]]
    kind = "words" if own else "interest"
    text = listed([quote(word, 24) for word in (own or case.theme.words)[:2]], language)
    variant = BRINGS[kind][language].format(text)
    return Value(settle(variant), "growth" if view.size else "")


def _gets(case: Case, row: int, others: list[int], known: list[int]) -> Value:
    """What they seek and another offers; else an aim near the theme; else somebody worth knowing."""
    view, language, facets = case.view, case.language, case.view.facets
    met = _met_seek(case, row, others)
    if met is not None:
        seek, giver, kind = met
        name = called(view, view.ids[giver])
        return Value(settle(GETS["seek"][language].format(_quoted(seek), name)), kind, view.ids[giver])
    aims = [i for i in facets.rows(row, "aims") if facets.weight[i] > SUGGESTED_WEIGHT] if case.readable[row] else []
    if aims:
        like = unit(facets.vectors[aims] - view.mean) @ case.theme.spot.vector
        if float(like.max()) >= NEAR_NEED:
            return Value(GETS["aim"][language].format(_quoted(facets.items[aims[int(like.argmax())]])), "growth")
    fresh = [other for other in others if other not in known]
    other = max(fresh or others, key=lambda one: case.pairs.score(row, one))
    told = [w for w in case.theme.words if other in case.theme.users[w] and row not in case.theme.users[w]]
    kind_of = ("learns" if told else "meets") if fresh else "again"
    filled = GETS[kind_of][language].format(quote(told[0], 24) if told else "", called(view, view.ids[other]))
    return Value(settle(filled), "growth" if kind_of == "learns" else "connections", view.ids[other])


def _best_offer(case: Case, row: int) -> Facet | None:
    facets = case.view.facets
    own = [i for i in facets.rows(row, "offers") if facets.weight[i] > SUGGESTED_WEIGHT] if case.readable[row] else []
    if not own:
        return None
    like = unit(facets.vectors[own] - case.view.mean) @ case.theme.spot.vector
    needs = [i for i, item in enumerate(facets.items) if item in case.team.covered]
    if needs:
        fit = features.fits(facets, np.array(own), facets.vectors[needs], None, features.FIT_RANGE["offers"]).max(1)
        like = np.maximum(like, np.where(fit >= MET, fit, 0))
    return facets.items[own[int(like.argmax())]] if float(like.max()) >= NEAR_NEED else None


def _met_seek(case: Case, row: int, others: list[int]) -> tuple[Facet, int, ValueKind] | None:
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


def _nearest_project(case: Case, rows: tuple[int, ...]) -> str:
    """The title of the project nearest to the theme that one of these did; of a team's the one that most were in."""
    projects = case.view.projects
    if not len(projects.ids):
        return ""
    inside = np.asarray(projects.members[:, list(rows)].sum(1)).ravel()
    there = np.flatnonzero((inside > 0) & np.array([bool(record.title) for record in projects.records]))
    if not len(there):
        return ""
    like = unit(projects.vectors[there] - case.view.mean) @ case.theme.spot.vector
    best = int(np.lexsort((projects.time[there] * -1, -like))[0])
    title: str = projects.records[there[best]].title
    return title if like[best] >= NEAR_PROJECT else ""


def _start(case: Case) -> str:
    """What one of the team said about it where everybody could read: a thread to start from, else their words."""
    own = [line for line in case.theme.lines if line.row in case.team.rows]
    told = Counter(line.topic for line in case.theme.lines if line.topic)
    told.update(line.topic for line in own if line.topic)
    if told and own:
        topic = max((line.topic for line in own), key=lambda topic: told[topic])
        return STARTS["topic"][case.language].format(quote(topic, QUOTED)) if topic else ""
    for line in own:
        text = quote(line.text, 100)
        if len(text) >= LEAST_QUOTED[case.language]:
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
