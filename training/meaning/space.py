"""Fits the space of topics and the model of acts: what needs texts and their vectors only."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from models.arrays.unit import unit
from models.meaning.acts import ACTS, HASHED, SIGNS, ActModel, hashed, signs
from models.meaning.lexicon import NAMED, Lexicon
from models.meaning.space import Space
from training.meaning.material import Text

Encode = Callable[[Sequence[str]], np.ndarray]
SHRINKAGE = 0.3  # of the covariance within topics, towards equal in all directions
DIMENSIONS = 160
LEXICON_WEIGHT = 0.5  # of a word of the lexicon, against 1 for a text of a topic
PULL = 0.6


def fit_space(
    texts: Sequence[Text], small_talk: Sequence[str], encode: Encode, lexicon: Lexicon, *, pull: float = PULL
) -> Space:
    """The directions that tell topics apart, from the texts of topics, the inside words of activities, and small talk,
    which is one topic more."""
    used = [text for text in texts if text.kind != "near"]
    words = [(word, activity) for word, of in lexicon.words.items() for activity in of]
    chatter = encode(small_talk)
    vectors = np.vstack([encode([text.text for text in used]), encode([word for word, _ in words]), chatter])
    activity_of = _activities_named(used, lexicon)
    topics = [activity_of.get(text.topic, text.topic) for text in used]
    called = [*topics, *(f"lexicon {activity}" for _, activity in words), *["small talk"] * len(chatter)]
    labels = np.unique(called, return_inverse=True)[1]
    weight = np.concatenate([np.ones(len(used)), np.full(len(words), LEXICON_WEIGHT), np.ones(len(chatter))])
    mean = np.average(vectors, axis=0, weights=weight)
    projection = _discriminant(vectors - mean, labels, weight)
    nowhere = np.zeros((len(lexicon.names), projection.shape[1]), np.float32)
    space = Space(mean.astype(np.float32), projection, nowhere, nowhere[:1].sum(0), pull)
    activities = _activities(space, vectors[len(used) : len(used) + len(words)], words, len(lexicon.names))
    return Space(space.mean, projection, activities, unit(space.project(chatter).mean(0)[None])[0], pull)


def _activities_named(texts: Sequence[Text], lexicon: Lexicon) -> dict[str, str]:
    """Topics that the lexicon has an activity for, by name: they are one thing."""
    found: dict[str, str] = {}
    for text in texts:
        if text.kind == "name":
            named = {a for word in lexicon.inside(text.text) for a, v in lexicon.words[word].items() if v >= NAMED}
            if len(named) == 1:
                found[text.topic] = f"lexicon {named.pop()}"
    return found


def _discriminant(vectors: np.ndarray, labels: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(d, k) whitening of what varies within a topic, then the directions in which topics lie apart."""
    d = vectors.shape[1]
    total = np.bincount(labels, weight)
    means = np.stack([np.bincount(labels, weight * vectors[:, i]) for i in range(d)], 1) / total[:, None]
    inside = (vectors - means[labels]) * np.sqrt(weight)[:, None]
    within = inside.T @ inside / weight.sum()
    within = (1 - SHRINKAGE) * within + SHRINKAGE * np.trace(within) / d * np.eye(d)
    whiten = np.linalg.inv(np.linalg.cholesky(within)).T
    spread = (means @ whiten) * np.sqrt(total)[:, None]
    value, direction = np.linalg.eigh(spread.T @ spread / total.sum())
    best = np.argsort(-value)[: min(DIMENSIONS, d)]
    # Directions count by how far topics lie apart in them, beside the one part that is noise.
    scale = np.sqrt(np.maximum(value[best], 0) / (1 + np.maximum(value[best], 0)))
    return np.asarray(whiten @ direction[:, best] * scale, np.float32)


def _activities(space: Space, vectors: np.ndarray, words: Sequence[tuple[str, int]], n: int) -> np.ndarray:
    """(A, k) unit rows: the mean of an activity's words."""
    points = space.project(vectors)
    out = np.zeros((n, points.shape[1]), np.float32)
    np.add.at(out, [activity for _, activity in words], points)
    return unit(out)


def fit_acts(lines: Sequence[tuple[str, str]], encode: Encode, *, strength: float = 4.0) -> ActModel:
    """What lines do, from lines with what they do; rare acts count as much as common ones, nearly."""
    texts = [text for text, _ in lines]
    acts = np.array([ACTS.index(act) for _, act in lines])
    vectors = encode(texts)
    columns = sp.hstack([sp.csr_matrix(vectors), sp.csr_matrix(signs(texts)) * 0.5, hashed(texts)]).tocsr()
    share = np.bincount(acts, minlength=len(ACTS)) / len(acts)
    weight = (1 / np.maximum(share, 1e-6)) ** 0.7
    model = LogisticRegression(C=strength, max_iter=400)
    model.fit(columns, acts, sample_weight=(weight / (weight @ share))[acts])
    coefficients = np.zeros((columns.shape[1], len(ACTS)), np.float32)
    bias = np.full(len(ACTS), -30.0, np.float32)
    coefficients[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
    d = vectors.shape[1]
    return ActModel(
        coefficients[:d], coefficients[d : d + SIGNS] * 0.5, coefficients[d + SIGNS : d + SIGNS + HASHED], bias
    )
