"""Fits the three chances of `models.meaning` on communities in which it is known what is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.community.builder import Builder
from models.community.view import Community
from models.domain.records import Community as CommunityRecord
from models.domain.requests import Goal
from models.meaning import columns
from models.meaning.judgement import Judgement
from models.meaning.logistic import Logistic
from models.meaning.statements import read
from models.ranking import fit, pipeline
from training.meaning.material import Pair
from training.meaning.space import Encode
from training.meaning.worlds import World

RARE = 0.2  # the least standard deviation that a column is taken to have
MARKET_WEIGHT = 0.1  # of a pair where everybody states one thing, among many that are written to mislead
PAIR_WEIGHT = 4.0  # of a hand-judged pair, against 1 for a pair of a drawn community
NONE = Logistic(np.zeros(1, np.float32), 0.0, np.zeros((1, 1), np.float32))
MOST = 200_000  # examples that are fitted on; of more, so many are drawn


@dataclass
class Examples:
    """Columns with labels and weights, piled up world by world."""

    columns: list[np.ndarray] = field(default_factory=list)
    labels: list[np.ndarray] = field(default_factory=list)
    weights: list[np.ndarray] = field(default_factory=list)

    def add(self, columns_: np.ndarray, labels: np.ndarray, weight: float = 1.0) -> None:
        """Take in (n, F) columns with (n,) labels."""
        self.columns.append(columns_)
        self.labels.append(labels)
        self.weights.append(np.full(len(labels), weight))

    def fit(self, products: Sequence[tuple[int, int]] = ()) -> Logistic:
        """The logistic regression of all of them, on columns and these products of two."""
        x, y, w = np.concatenate(self.columns), np.concatenate(self.labels), np.concatenate(self.weights)
        if len(y) > MOST:
            drawn = np.random.default_rng(0).choice(len(y), MOST, replace=False)
            x, y, w = x[drawn], y[drawn], w[drawn]
        f = x.shape[1]
        i, j = np.array(products, int).reshape(-1, 2).T
        x = np.hstack([x, x[:, i] * x[:, j]])
        # What hardly ever occurs must not get a large weight from the few times it does.
        scale = np.maximum(x.std(0), RARE)
        model = LogisticRegression(max_iter=1000).fit(x / scale, y, sample_weight=w)
        weights = (model.coef_[0] / scale).astype(np.float32)
        of_products = np.zeros((f, f), np.float32)
        of_products[i, j] = weights[f:]
        return Logistic(weights[:f], float(model.intercept_[0]), of_products)


def built(world: World, judgement: Judgement, encode: Encode) -> Community:
    """The view of a world, read by a judgement."""
    builder = Builder(CommunityRecord(id="drawn"), judgement.space.mean.shape[0], "", judgement=judgement)
    builder.put_all(world.records)
    builder.embed_pending(lambda texts: encode([text for _, text in texts]))
    return builder.view()


def interests(world: World, view: Community, examples: Examples, judge: Logistic | None) -> None:
    """Which two pieces are about one thing: of each pair of members the pieces that `judge` takes, or the nearest."""
    everybody = np.arange(view.size)
    for row in everybody:
        rows = np.delete(everybody, row)
        found = fit.shared_columns(view, int(row), rows)
        if found is None:
            continue
        cols, mine, theirs = found
        which = (judge.logit(cols) if judge else cols[..., 0]).argmax(1)
        pick = np.arange(len(rows)), which
        own = fit.sources(view, np.full(len(rows), row), mine[which])
        other = fit.sources(view, rows, theirs[pick])
        verdict = np.array([_one_thing(world, _text(view, a), _text(view, b)) for a, b in zip(own, other, strict=True)])
        examples.add(cols[pick][verdict >= 0], verdict[verdict >= 0] > 0)


def _text(view: Community, source: int) -> str:
    if source == fit.NONE:
        return ""
    return view.facets.items[-2 - source].text if source < 0 else view.documents.texts[source]


def _one_thing(world: World, one: str, other: str) -> int:
    """1 for the same topic, 0 for different ones; -1 for neighbours, of which nobody can say."""
    (mine, my_field), (theirs, their_field) = (world.about_what.get(text, ("", "")) for text in (one, other))
    if mine and mine == theirs:
        return 1
    return -1 if my_field and my_field == their_field else 0


def knowledge(world: World, view: Community, encode: Encode, examples: Examples) -> None:
    """Who can what is asked."""
    rows = np.arange(view.size)
    domain = {topic: field_ for topic, field_ in world.about_what.values() if topic}
    for text, topic in (*world.questions, *world.briefs):
        asked = pipeline.goal_query(view, Goal(text=text), encode).asked
        assert asked is not None
        for need, reading in zip(asked.needs, asked.readings, strict=True):
            cols, source = fit.knows_columns(view, rows, reading, need)
            evidence = [world.about_what.get(_text(view, s), ("", "")) for s in source]
            right = np.array([of == topic for of, _ in evidence])
            near = np.array([field_ == domain[topic] for _, field_ in evidence])
            told = (source != fit.NONE) & (right | ~near)
            examples.add(cols[told], right[told])


def exchanges(view: Community, examples: Examples, texts: dict[str, str], weight: float = 1.0) -> None:
    """Which offers meet which wishes; `texts` tell their topics."""
    facets = view.facets
    offers, seeks = facets.of_kind("offers"), facets.of_kind("seeks")
    wanted = fit.Wanted(facets.statements, seeks, facets.readings[seeks], facets.telling[seeks], np.ones(len(seeks)))
    a, b, cols = fit.meets_columns(view, offers, wanted, wanted_offers=False)
    same = [
        texts[facets.items[offers[i]].text] == texts[facets.items[seeks[j]].text] for i, j in zip(a, b, strict=True)
    ]
    examples.add(cols, np.array(same, bool), weight)


def hand_judged(pairs: Sequence[Pair], space: Judgement, encode: Encode, examples: Examples) -> np.ndarray:
    """Pairs with verdicts; they stand alone, so an offer stands out from all other offers."""
    offers, seeks = read([p.offer for p in pairs]), read([p.seek for p in pairs])
    vectors = [encode([p.offer for p in pairs]), encode([p.seek for p in pairs])]
    readings = [
        space.read(v, t) for v, t in zip(vectors, ([p.offer for p in pairs], [p.seek for p in pairs]), strict=True)
    ]
    k = space.space.size
    alike = readings[0][:, :k] @ readings[1][:, :k].T
    of = columns.activities(readings[0][:, -1], readings[1][:, -1], space.activity_likeness)
    telling = [v - v.mean(0) for v in vectors]
    telling = [v / np.maximum(np.linalg.norm(v, axis=1, keepdims=True), 1e-9) for v in telling]
    at = np.arange(len(pairs))
    found = columns.met(
        offers, seeks, np.stack([at, at], 1), alike[at, at], (telling[0] * telling[1]).sum(1),
        columns.standout(alike)[at, at], of,
    )  # fmt: skip
    labels = np.array([p.meets for p in pairs])
    examples.add(found, labels, PAIR_WEIGHT)
    return found
