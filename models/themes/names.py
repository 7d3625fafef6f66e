"""Names of themes: the words and phrases that set apart what was said near a place from what is said elsewhere.

Class-based TF-IDF (Grootendorst, "BERTopic", 2022) with the root of the frequency, where a class is all that was said
near one theme; what stands in titles counts more, and a fragment gives way to the phrase in which it mostly stands.
Only what everybody may read is counted: messages of open rooms, projects, and statements of those whose profile the
reader may see.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from models.arrays.unit import unit
from models.community.kept import while_names_stay
from models.community.view import SUGGESTED_WEIGHT, Community
from models.domain.records import Message, Project
from models.text.lexical import CJK, tokens
from models.text.term_cache import Memo, memo_of
from models.text.terms import (
    ANYBODY,
    JOINTS,
    TELLING,
    TIMES,
    as_written,
    is_phrase,
    names,
    parts,
    shares_words,
    speakable,
    whole,
)
from models.themes.general_words import GENERAL_WORDS
from models.themes.places import NEAR, WANTED, Spot, centred_projects

# The messages of these ids, those that are there.
Messages = Callable[[Sequence[str]], Mapping[str, Message]]

PASSAGES = 60  # of each theme, from which its words are taken ...
AS_NEAR = 0.55  # ... as far as they are nearly as near (cosine) as the nearest
COMMON_PASSAGES = 300  # of the whole community, against which they stand out
STATEMENTS = 40
MOST_OF_ONE = 3  # texts of one thread that count for a term
LETTERS = 800  # of a text
PHRASE_BONUS = 1.6  # a phrase says more than a word
TITLED, MOST_TITLES = 0.5, 3  # what each title adds that a term stands in
WORDS = 4
TRIED = 40  # terms, the weightiest first, until there are enough words
FEWEST_PHRASES, TOGETHER = 3, 0.3
LEAST_TOLD, LEAST_NAMED = 0.35, 0.33  # share of what was said that uses one of the words, one of the first two
LEAST_CLUMPED = 1.1  # of a single word: what everybody says now and then is no theme
GENERAL_SHARE = 0.5  # of the texts near a theme, from which even an everyday word is what they are about
# In small and large communities: texts that make a theme, people who use one of its words.
LEAST_TEXTS, LEAST_USERS, FEW_MEMBERS = (3, 8), (2, 3), 50


@dataclass(frozen=True, slots=True)
class Line:
    """Something said where all may read: by whom (a row), and the topic of its thread, or the text itself."""

    row: int
    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A text with the rows of those who wrote it, and its title ("" for none)."""

    rows: tuple[int, ...]
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What was said near a spot or anywhere, and the messages among it."""

    texts: list[Told]
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
    aim: str = ""  # what somebody says they want to bring about, where the theme begins with that


@dataclass(frozen=True, slots=True)
class Counted:
    """In how many texts each term stands, who used it, and in how many titles it stands."""

    texts: Counter[str]
    users: Mapping[str, set[int]]
    titles: Counter[str]
    size: int  # texts

    def general(self, term: str) -> bool:
        """Whether it is an everyday word, and not what most of these texts are about."""
        return term in GENERAL_WORDS and self.texts[term] < GENERAL_SHARE * self.size


def named(
    view: Community, found: Sequence[Spot], messages: Messages, readable: np.ndarray, seed: int = 0
) -> list[Theme]:
    """The spots with their words. `readable` (N,) bool: whose statements the reader may see.

    A word stands for a theme only where several people used it. Spots without words are no themes.
    """
    memo = memo_of(view.lexical.vocabulary)
    said = [_said_near(view, spot, messages, readable) for spot in found]
    counted = [_count(one.texts, memo) for one in said]
    everywhere = _count(_said_anywhere(view, messages, seed), memo).texts
    for one in counted:
        everywhere.update(one.texts)
    mean = sum(everywhere.values()) / max(len(found) + 1, 1)
    out = []
    for spot, near, one in zip(found, said, counted, strict=True):
        weight = _weights(one, everywhere, mean)
        words = _best_words(view, one, weight)
        told, by_name = _share(near, words, memo), _share(near, words[:2], memo)
        enough = len(near.texts) >= LEAST_TEXTS[view.size > FEW_MEMBERS]
        if enough and len(words) >= 2 and told >= LEAST_TOLD and by_name >= LEAST_NAMED:
            out.append(_theme(spot, words, weight, one, near, told, memo))
    return sorted(out, key=lambda theme: -theme.told * theme.spot.shared)


def _theme(
    spot: Spot, words: Sequence[str], weight: Mapping[str, float], by: Counted, near: Said, told: float, memo: Memo
) -> Theme:
    shown = {word: as_written(word, (one.text for one in near.texts)) for word in words}
    sayers: defaultdict[int, float] = defaultdict(float)
    for word in words:
        for row in by.users[word]:
            sayers[row] += weight[word] / sum(weight[w] for w in words)
    lines = tuple(line for line in near.lines if not memo.terms(line.text).isdisjoint(words))
    users = {shown[word]: frozenset(by.users[word]) for word in words}
    return Theme(spot, tuple(shown.values()), users, sayers, told, lines)


def _share(near: Said, words: Sequence[str], memo: Memo) -> float:
    """Of the texts near a theme those that use one of the words."""
    uses = [not memo.terms(one.text).isdisjoint(words) for one in near.texts]
    return sum(uses) / max(len(uses), 1)


def _weights(one: Counted, everywhere: Mapping[str, int], mean: float) -> dict[str, float]:
    """Class-based TF-IDF of what two people used, and more for titles."""
    return {
        term: float(np.sqrt(count) * np.log1p(mean / everywhere[term]))
        * (PHRASE_BONUS if is_phrase(term) else 1.0)
        * (1 + TITLED * min(one.titles[term], MOST_TITLES))
        for term, users in one.users.items()
        if len(users) >= 2 and (count := one.texts[term])
    }


def _best_words(view: Community, one: Counted, weight: Mapping[str, float]) -> list[str]:
    """The weightiest terms that may name something, whole, none saying partly the same as a better one."""
    longer = [term for term in weight if is_phrase(term) or "-" in term or "_" in term]
    kept: list[str] = []
    for term in sorted(weight, key=lambda term: (-weight[term], term))[:TRIED]:
        name = whole(term, one.texts, longer)
        if _tells(view, name, one) and not any(shares_words(name, other) for other in kept):
            kept.append(name)
        if len(kept) == WORDS:
            break
    return kept


def _tells(view: Community, term: str, one: Counted) -> bool:
    """Whether it can stand as the name of an interest, and few enough people use it."""
    if not speakable(term) or term in ANYBODY or any(no in term for no in (*TIMES, *JOINTS)):
        return False
    if one.general(term) or term in people_called(view) or len(one.users[term]) < LEAST_USERS[view.size > FEW_MEMBERS]:
        return False
    if not names(term, view.lexical.knows):
        return False
    if not _holds_together(view, term, one):
        return False
    if is_phrase(term):
        return True
    if len(term) <= 2 and not CJK.search(term) and not one.titles[term]:
        return False
    known = view.lexical.vocabulary.ids([term], grow=False)
    known = known[known < len(view.lexical.df)]
    if not len(known):
        return len(term) < 25
    often, clumped = int(view.lexical.df[known[0]]), float(view.lexical.clumped[known[0]])
    return len(term) < 25 and often <= max(1.5 * TELLING * view.size, 6) and clumped >= LEAST_CLUMPED


@while_names_stay
def people_called(view: Community) -> frozenset[str]:
    """What members are called, as one says it of them: names and the words of names, lower-cased, and ids."""
    names_of = [one.name for one in view.members if one and one.name]
    whole_names = (name.casefold().strip() for name in (*names_of, *view.ids))
    words = (word for name in names_of for word in tokens(name) if not CJK.search(word))
    return frozenset((*whole_names, *words))


def _holds_together(view: Community, term: str, one: Counted) -> bool:
    """A phrase is one where its words are mostly said together, and often enough."""
    if not is_phrase(term):
        return True
    rarest = min((one.texts[part] for part in parts(term) if one.texts[part]), default=0)
    return one.texts[term] >= max(FEWEST_PHRASES, TOGETHER * rarest)


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
        near = centred_projects(view) @ spot.vector
        for row in np.argsort(-near, kind="stable")[:STATEMENTS]:
            if near[row] >= NEAR:
                people = tuple(int(i) for i in view.projects.members[int(row)].indices)
                out.append(_told(view.projects.records[row], people))
    facets = view.facets
    rows = np.concatenate([facets.of_kind(kind) for kind in WANTED])
    rows = rows[readable[facets.member[rows]] & (facets.weight[rows] > SUGGESTED_WEIGHT)]
    if len(rows):
        fits = unit(facets.vectors[rows] - view.mean) @ spot.vector
        best = np.argsort(-fits, kind="stable")[:STATEMENTS]
        out += [Told((int(facets.member[rows[i]]),), "", facets.items[rows[i]].text) for i in best if fits[i] >= NEAR]
    return said


def _said_anywhere(view: Community, messages: Messages, seed: int) -> list[Told]:
    rng = np.random.default_rng(seed)
    alive = np.flatnonzero(np.asarray(view.documents.owner) >= 0)
    rows = rng.choice(alive, min(COMMON_PASSAGES, len(alive)), replace=False) if len(alive) else alive
    out = _texts(view, [int(row) for row in rows], messages).texts
    projects = rng.permutation(len(view.projects.ids))[:COMMON_PASSAGES]
    return out + [_told(view.projects.records[i], ()) for i in projects]


def _told(project: Project, people: tuple[int, ...]) -> Told:
    return Told(people, project.title, f"{project.title}\n{project.text[:LETTERS]}")


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
            out.texts.append(Told((row,), said[0].topic, text))
            out.lines.append(Line(row, said[0].topic, text))
    return out


def is_open(view: Community, message: Message) -> bool:
    """Whether everybody in the community may read it."""
    row = view.channel_row.get(message.channel, -1)
    return row < 0 or view.channels[row].visibility == "community"


def _count(said: Iterable[Told], memo: Memo) -> Counted:
    """Only terms of two texts or more have users."""
    by_title: defaultdict[str, list[Told]] = defaultdict(list)
    for one in said:
        by_title[one.title].append(one)
    texts: Counter[str] = Counter()
    for title, group in by_title.items():
        within = Counter(term for one in group for term in memo.terms(one.text))
        capped = title and len(group) > MOST_OF_ONE
        texts.update({term: min(n, MOST_OF_ONE) for term, n in within.items()} if capped else within)
    users: defaultdict[str, set[int]] = defaultdict(set)
    for one in chain.from_iterable(by_title.values()):
        for term in memo.terms(one.text):
            if texts[term] > 1:
                users[term].update(one.rows)
    titles = Counter(term for title in by_title for term in memo.terms(title))
    return Counted(texts, users, titles, sum(map(len, by_title.values())))
