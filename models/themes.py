"""Themes that several people really share, named with their own words.

A theme is a place among the members' interests and statements that many of them are near to. Its name are the words
and phrases that set apart what was said near it: class-based TF-IDF (Grootendorst, "BERTopic", 2022), where a class is
all that was said near one theme. Only what everybody may read is counted: messages of open rooms, projects, and
statements of those whose profile the reader may see.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from models.community import INTERESTS, SUGGESTED_WEIGHT, Community
from models.lexical import CJK, tokens
from models.reasons import TELLING, speakable
from models.records import Message, Project
from models.tower import unit

# The messages of these ids, those that are there.
Messages = Callable[[Sequence[str]], Mapping[str, Message]]

WANTED = ("aims", "offers", "seeks")
MOST_POINTS, MOST_SEEDS = 24_000, 1_200
SHARERS = 6  # people whose nearness makes a theme
APART = 0.55  # two themes nearer than this (cosine, centred) are one
NEAR = 0.30  # centred cosine from which somebody is near a theme
PASSAGES = 60  # of each theme, from which its words are taken ...
AS_NEAR = 0.55  # ... as far as they are nearly as near (cosine) as the nearest
COMMON_PASSAGES = 300  # of the whole community, against which they stand out
STATEMENTS = 40
LETTERS = 800  # of a text
PHRASE_BONUS = 1.6  # a phrase says more than a word
WORDS = 4
FEWEST_PHRASES, TOGETHER = 3, 0.3
LEAST_TOLD = 0.35
LEAST_TEXTS, FEW_MEMBERS = (3, 5), 50  # in small and large communities
# When something is says nothing about what it is.
TIMES = ("上午", "下午", "中午", "晚上", "早上", "夜里", "今晚", "周末", "周一", "周二", "周三", "周四", "周五", "周六",
         "周日", "morning", "afternoon", "evening", "tonight", "weekend", "monday", "tuesday", "wednesday", "thursday",
         "friday", "saturday", "sunday")  # fmt: skip
_CLAUSE = re.compile(r"[^.,;:!?()\[\]{}<>|/\n\r\t，。；：！？（）【】《》、“”‘\"`*_~=]+")
_NO_WORDS = re.compile(r"```.*?(?:```|$)|`[^`]*`|https?://\S+|\S+@\S+|<[^>]{1,80}>", re.S)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place among interests: a unit vector (d,), with the mean taken away, and (N,) float32 how near everybody is."""

    vector: np.ndarray
    near: np.ndarray
    shared: float  # mean nearness of those who share it most


@dataclass(frozen=True, slots=True)
class Line:
    """Something said where all may read: by whom (a row), and the topic of its thread, or the text itself."""

    row: int
    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What was said near a spot or anywhere: (rows of those who said it, text), and the messages among it."""

    texts: list[tuple[tuple[int, ...], str]]
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Theme:
    """A spot with its words, the most telling first, and by word the rows of those who used it where all may read."""

    spot: Spot
    words: tuple[str, ...]
    users: Mapping[str, frozenset[int]]
    sayers: Mapping[int, float]  # by row, how much of the theme they said, in weights of its words
    told: float  # share of what was said near it that uses one of its words: small talk is about nothing
    lines: tuple[Line, ...] = ()  # messages near it, the nearest first


@dataclass(frozen=True, slots=True)
class Points:
    """Interests and statements: (p, d) centred unit vectors, and the row of each one's owner, ascending."""

    vectors: np.ndarray
    owner: np.ndarray

    def near(self, vectors: np.ndarray, n: int) -> np.ndarray:
        """(k, n) the best centred cosine of every member with each of (k, d) vectors, 0 without a point."""
        out = np.zeros((len(vectors), n), np.float32)
        if len(self.owner):
            rows, starts = np.unique(self.owner, return_index=True)
            out[:, rows] = np.maximum.reduceat(vectors @ self.vectors.T, starts, axis=1)
        return out


def points(view: Community, mask: np.ndarray, said: bool = True) -> Points:
    """What the members in (N,) bool `mask` care about; of a large community those of the most active.

    Without `said` only what they state of themselves.
    """
    rows = np.flatnonzero(mask)
    per_member = 1 + INTERESTS
    if len(rows) * per_member > MOST_POINTS:
        busiest = np.argsort(-view.activity.decayed[rows, 2], kind="stable")
        rows = np.sort(rows[busiest[: MOST_POINTS // per_member]])
    spoken = view.interests.take(rows[: len(rows) * said])[:, 1:]
    owner = np.repeat(rows[: len(rows) * said], spoken.shape[1])
    vectors = spoken.reshape(-1, spoken.shape[2])
    facets = view.facets
    stated = np.concatenate([facets.of_kind(kind) for kind in WANTED])
    stated = stated[np.isin(facets.member[stated], rows) & (facets.weight[stated] > SUGGESTED_WEIGHT)]
    vectors = np.concatenate([vectors, facets.vectors[stated]])
    owner = np.concatenate([owner, facets.member[stated]])
    there = vectors.any(1)
    order = np.argsort(owner[there], kind="stable")
    return Points(unit(vectors[there][order] - view.mean), owner[there][order])


def spots(view: Community, found: Points, count: int, seed: int, about: Sequence[int] = ()) -> list[Spot]:
    """At most `count` places that several people are near to, the most shared first, none near another.

    `about`: only places that these rows have a point at.
    """
    at = np.flatnonzero(np.isin(found.owner, about)) if len(about) else np.arange(len(found.owner))
    if len(at) > MOST_SEEDS:
        at = np.sort(np.random.default_rng(seed).choice(at, MOST_SEEDS, replace=False))
    seeds = found.vectors[at]
    if not len(seeds):
        return []
    near = np.concatenate([found.near(seeds[i : i + 100], view.size) for i in range(0, len(seeds), 100)])
    worth = _shared(near, found.owner[at])
    chosen: list[Spot] = []
    for i in np.lexsort((at, -worth)):
        vector = _middle(found, near[i])
        if all(float(vector @ other.vector) < APART for other in chosen):
            own = found.near(vector[None], view.size)[0]
            chosen.append(Spot(vector, own, float(np.sort(own)[-SHARERS:].mean())))
        if len(chosen) == count:
            break
    return chosen


def _shared(near: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """(k,) mean nearness of those who share each seed most, besides its owner."""
    others = near.copy()
    others[np.arange(len(owner)), owner] = 0
    most = min(SHARERS, others.shape[1])
    return np.asarray(np.partition(others, -most, axis=1)[:, -most:].mean(1))


def _middle(found: Points, near: np.ndarray) -> np.ndarray:
    """(d,) the middle of the nearest points of those who are nearest."""
    rows = np.argsort(-near, kind="stable")[:SHARERS]
    inside = np.isin(found.owner, rows[near[rows] >= min(NEAR, float(near.max()))])
    vectors, owner = found.vectors[inside], found.owner[inside]
    centre = unit(vectors.mean(0)[None])[0]
    for _ in range(2):
        like = vectors @ centre
        best = [int(np.flatnonzero(owner == row)[like[owner == row].argmax()]) for row in np.unique(owner)]
        centre = unit(vectors[best].mean(0)[None])[0]
    return np.asarray(centre)


def named(
    view: Community, found: Sequence[Spot], messages: Messages, readable: np.ndarray, seed: int = 0
) -> list[Theme]:
    """The spots with their words. `readable` (N,) bool: whose statements the reader may see.

    A word stands for a theme only where at least two people used it. Spots without words are no themes.
    """
    said = [_said_near(view, spot, messages, readable) for spot in found]
    counted = [_count(one.texts) for one in said]
    common = _count(_said_anywhere(view, messages, seed))
    everywhere: Counter[str] = Counter(common[0])
    for counts, _ in counted:
        everywhere.update(counts)
    mean = sum(everywhere.values()) / max(len(found) + 1, 1)
    out = []
    for spot, near, (counts, users) in zip(found, said, counted, strict=True):
        weight = _weights(view, counts, users, everywhere, mean)
        words = _no_parts(sorted(weight, key=lambda term: (-weight[term], term)))[:WORDS]
        told = sum(any(word in _terms_of(text) for word in words) for _, text in near.texts) / max(len(near.texts), 1)
        if len(words) >= 2 and told >= LEAST_TOLD and len(near.texts) >= LEAST_TEXTS[view.size > FEW_MEMBERS]:
            out.append(_theme(spot, words, weight, users, near, told))
    return sorted(out, key=lambda theme: -theme.told * theme.spot.shared)


def _theme(
    spot: Spot,
    words: Sequence[str],
    weight: Mapping[str, float],
    users: Mapping[str, frozenset[int]],
    near: Said,
    told: float,
) -> Theme:
    shown = {word: _as_written(word, near.texts) for word in words}
    sayers: defaultdict[int, float] = defaultdict(float)
    for word in words:
        for row in users[word]:
            sayers[row] += weight[word] / sum(weight[w] for w in words)
    lines = tuple(line for line in near.lines if any(word in _terms_of(line.text) for word in words))
    return Theme(spot, tuple(shown.values()), {shown[word]: users[word] for word in words}, sayers, told, lines)


def _weights(
    view: Community,
    counts: Mapping[str, int],
    users: Mapping[str, frozenset[int]],
    everywhere: Mapping[str, int],
    mean: float,
) -> dict[str, float]:
    """Class-based TF-IDF of the words and phrases that may name a theme."""
    total = max(sum(counts.values()), 1)
    return {
        term: count / total * float(np.log1p(mean / everywhere[term])) * (PHRASE_BONUS if _is_phrase(term) else 1.0)
        for term, count in counts.items()
        if len(users[term]) >= _fewest(view, term) and _tells(view, term) and _holds_together(term, counts)
    }


def _fewest(view: Community, term: str) -> int:
    """How many people have to use it; among many, a phrase of two of them is a saying of theirs."""
    return 3 if _is_phrase(term) and view.size > FEW_MEMBERS else 2


def _holds_together(term: str, counts: Mapping[str, int]) -> bool:
    """A phrase is one where its words are mostly said together, and often enough."""
    if not _is_phrase(term):
        return True
    parts = term.split() if " " in term else [word for word in tokens(term) if word != term]
    rarest = min((counts.get(part, 0) for part in parts), default=0)
    return counts[term] >= max(FEWEST_PHRASES, TOGETHER * rarest)


@lru_cache(maxsize=20_000)
def _terms_of(text: str) -> frozenset[str]:
    return frozenset(terms(text))


def _said_near(view: Community, spot: Spot, messages: Messages, readable: np.ndarray) -> Said:
    """What was said near a spot."""
    back = unit((spot.vector + view.mean)[None])[0]
    said = Said([], [])
    if len(view.documents.index):
        passages, like = view.documents.index.search(back[None], min(PASSAGES, len(view.documents.index)), None)
        kept = (passages[0] >= 0) & (like[0] >= AS_NEAR * like[0].max(initial=0))
        said = _texts(view, passages[0][kept].tolist(), messages)
    out = said.texts
    if len(view.projects.ids):
        near = unit(view.projects.vectors - view.mean) @ spot.vector
        for row in np.argsort(-near, kind="stable")[:STATEMENTS]:
            if near[row] >= NEAR:
                project = view.projects.records[row]
                people = tuple(int(i) for i in view.projects.members[int(row)].indices)
                out.append((people, _text_of(project)))
    facets = view.facets
    rows = np.concatenate([facets.of_kind(kind) for kind in WANTED])
    rows = rows[readable[facets.member[rows]] & (facets.weight[rows] > SUGGESTED_WEIGHT)]
    if len(rows):
        fits = unit(facets.vectors[rows] - view.mean) @ spot.vector
        best = np.argsort(-fits, kind="stable")[:STATEMENTS]
        out += [((int(facets.member[rows[i]]),), facets.items[rows[i]].text) for i in best if fits[i] >= NEAR]
    return said


def _said_anywhere(view: Community, messages: Messages, seed: int) -> list[tuple[tuple[int, ...], str]]:
    rng = np.random.default_rng(seed)
    alive = np.flatnonzero(np.asarray(view.documents.owner) >= 0)
    rows = rng.choice(alive, min(COMMON_PASSAGES, len(alive)), replace=False) if len(alive) else alive
    out = _texts(view, [int(row) for row in rows], messages).texts
    projects = rng.permutation(len(view.projects.ids))[:COMMON_PASSAGES]
    return out + [((), _text_of(view.projects.records[i])) for i in projects]


def _text_of(project: Project) -> str:
    return f"{project.title}\n{project.text[:LETTERS]}"


def _texts(view: Community, passages: Sequence[int], messages: Messages) -> Said:
    """What passages say, as long as their rooms are open to all."""
    found = messages([id for row in passages for id in view.documents.messages[row]])
    out, before = Said([], []), set[str]()
    for passage in passages:
        said = [found[id] for id in view.documents.messages[passage] if id in found and is_open(view, found[id])]
        if said and said[0].author in view.row:
            row, text = view.row[said[0].author], "\n".join(message.text for message in said)[:LETTERS]
            if text in before:
                continue  # what a machine writes in everybody's name
            before.add(text)
            out.texts.append(((row,), text))
            out.lines.append(Line(row, said[0].topic, text))
    return out


def is_open(view: Community, message: Message) -> bool:
    """Whether everybody in the community may read it."""
    row = view.channel_row.get(message.channel, -1)
    return row < 0 or view.channels[row].visibility == "community"


def _count(said: Iterable[tuple[tuple[int, ...], str]]) -> tuple[Counter[str], dict[str, frozenset[int]]]:
    """How many texts use each word and phrase, and who."""
    counts: Counter[str] = Counter()
    users: defaultdict[str, set[int]] = defaultdict(set)
    for rows, text in said:
        for term in _terms_of(text):
            counts[term] += 1
            users[term].update(rows)
    return counts, {term: frozenset(rows) for term, rows in users.items()}


def terms(text: str) -> list[str]:
    """Words, and phrases of two words that stand side by side, as they are counted."""
    out: list[str] = []
    for clause in _CLAUSE.findall(_NO_WORDS.sub(" ", text)):
        words = tokens(clause)
        out += words
        if len(words) > 1:
            flat = clause.lower()
            pairs = dict.fromkeys(pairwise(words))
            out += [phrase for a, b in pairs if (phrase := _side_by_side(a, b, flat))]
    return out


def _side_by_side(first: str, second: str, clause: str) -> str:
    """The phrase of two words if they stand next to each other, "" else."""
    if first == second or first in second or second in first:
        return ""
    if CJK.search(first) and CJK.search(second):
        return first + second if len(first + second) <= 8 and first + second in clause else ""
    if CJK.search(first) or CJK.search(second) or len(first) < 3 or len(second) < 3:
        return ""
    beside = any(f"{first}{plural}{gap}{second}" in clause for plural in ("", "s", "es") for gap in " -")
    return f"{first} {second}" if beside else ""


def _is_phrase(term: str) -> bool:
    return " " in term or (len(term) >= 4 and bool(CJK.search(term)))


def _tells(view: Community, term: str) -> bool:
    """Whether it can stand as the name of an interest, and few enough people use it."""
    if any(time in term for time in TIMES):
        return False
    if _is_phrase(term):
        return speakable(term)
    known = view.lexical.vocabulary.ids([term], grow=False)
    known = known[known < len(view.lexical.df)]
    often = int(view.lexical.df[known[0]]) if len(known) else 0
    return speakable(term) and len(term) < 25 and often <= max(1.5 * TELLING * view.size, 6)


def _no_parts(found: Sequence[str]) -> list[str]:
    """Without words that stand inside a better one, or share most of one."""
    kept: list[str] = []
    for term in found:
        pieces = set(term.split())
        if not any(term in other or other in term or pieces & set(other.split()) for other in kept):
            kept.append(term)
        if len(kept) == WORDS:
            break
    return kept


def _as_written(term: str, said: Sequence[tuple[tuple[int, ...], str]]) -> str:
    """The way people mostly write it."""
    if CJK.search(term):
        return term
    pieces = [re.escape(piece) + "(?:e?s)?" for piece in term.split()]
    pattern = re.compile(rf"(?<!\w){'[ -]'.join(pieces)}(?!\w)", re.I)
    forms = Counter(form for _, text in said for form in pattern.findall(text[:4000]))
    if not forms:
        return term
    plain = sum(count for form, count in forms.items() if form == form.lower())
    mostly_plain = 2 * plain >= sum(forms.values())
    best = max((f for f in forms if (f == f.lower()) == mostly_plain), key=lambda form: (forms[form], form))
    return " ".join(best.split())
