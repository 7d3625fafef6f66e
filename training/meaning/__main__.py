"""Fits the judgements that ship from the material, and says how sure the chances are on topics the space has not seen.

python -m training.meaning [--encoder NAME] [--worlds N]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.meaning import columns, lexicon
from models.meaning.judgement import ENCODERS, MODELS, Judgement, to_arrays
from models.meaning.logistic import Logistic
from models.shipped import parts
from models.text.encoder import DEFAULT_ENCODER, load_encoder
from training.meaning import chatter, frames, material
from training.meaning.chances import MARKET_WEIGHT, NONE, Examples, built, exchanges, hand_judged, interests, knowledge
from training.meaning.space import Encode, fit_acts, fit_space
from training.meaning.worlds import draw, market, naming
from training.shipping import ship_arrays

WORLDS = 24
MARKETS = 3  # in which everybody states one thing, a part
PARTS = 3  # of the topics, each left out of the space once while worlds are drawn from it
NOISE = ("announcement", "ad", "refusal", "bye", "negated", "dontknow", "empty")
# Products of these columns tell more than they do alone; all products together fit what examples happen to have.
TOGETHER = (
    ("alike", "small_talk"), ("alike", "words"), ("alike", "activities_told"), ("small_talk", "activities_told"),
    ("alike", "standout"), ("small_talk", "standout"), ("words", "small_talk"), ("alike", "others"), ("alike", "able"),
    ("able", "small_talk"),
)  # fmt: skip
PRODUCTS = {
    "meets": [],
    "knows": [(columns.KNOWS.index(a), columns.KNOWS.index(b)) for a, b in TOGETHER],
    "shared": [(columns.SHARED.index(a), columns.SHARED.index(b)) for a, b in TOGETHER],
}
LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9)


def main() -> None:
    """Fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", default=DEFAULT_ENCODER, choices=list(ENCODERS))
    parser.add_argument("--worlds", type=int, default=WORLDS)
    asked = parser.parse_args()
    encode = _remembering(load_encoder(asked.encoder).encode)
    judgement = judgement_for(encode, asked.worlds)
    ship_arrays(
        parts.meaning(ENCODERS[asked.encoder]),
        to_arrays(judgement),
        "texts and pairs written for it, and the lexicon",
        [material.FOLDER, Path(lexicon.__file__).with_name("lexicon.tsv")],
        f"python -m training.meaning --encoder {asked.encoder}",
    )


def judgement_for(encode: Encode, worlds: int) -> Judgement:
    """The judgement for an encoder, from all the material."""
    written = material.topics()
    # Lines come in lots, so that what is made of one phrase is never both learnt from and held out.
    lines = [(at, *line) for at, line in enumerate(material.lines())]
    phrases = tuple(chatter.phrases())
    lines += [(number, text, "smalltalk") for number, fillings in phrases for text in fillings]
    named = [(at, text, "telling") for at, (_, text) in enumerate(naming(written))]
    # A bare name says something: it is what is stated where a form asks for an offer.
    named += [(at, text.text, "offer") for at, text in enumerate(written) if text.kind == "name"]
    named += [(at, name, "offer") for at, names in enumerate(lexicon.shipped().names) for name in names]
    texts = (*written, *frames.texts(lexicon.shipped()))
    kinds = {text.text: "near " * (text.kind == "near") + text.topic for text in written}
    examples = {model: Examples() for model in MODELS}
    again = Examples()
    topics = sorted({text.topic for text in written})
    for part in range(PARTS):
        unseen = frozenset(topics[part::PARTS])
        stated = [text for text in written if text.topic in unseen]
        idle = [text for lot, text, act in lines if act == "smalltalk" and lot % PARTS != part]
        space = fit_space([t for t in texts if t.topic not in unseen], idle, encode, lexicon.shipped())
        acts = fit_acts([(text, act) for lot, text, act in (*lines, *named) if lot % PARTS != part], encode)
        held_out = [(text, act) for lot, text, act in lines if lot % PARTS == part]
        small_talk = [text for text, act in held_out if act == "smalltalk"]
        noise = [text for text, act in held_out if act in NOISE]
        usual = [fillings for number, fillings in phrases if number % PARTS == part]
        judgement = Judgement(space, acts, NONE, NONE, NONE)
        views = []
        for seed in range(worlds // PARTS):
            world = draw(stated, small_talk, usual, noise, seed * PARTS + part)
            view = built(world, judgement, encode)
            views.append((world, view))
            interests(world, view, examples["shared"], None)
            knowledge(world, view, encode, examples["knows"])
            exchanges(view, examples["meets"], kinds)
        for number in range(MARKETS):
            exchanges(built(market(stated, number), judgement, encode), examples["meets"], kinds, MARKET_WEIGHT)
        nearest = examples["shared"].fit(PRODUCTS["shared"])
        for world, view in views:
            interests(world, view, again, nearest)
    if material.pairs():
        hand_judged(material.pairs(), judgement, encode, examples["meets"])
    examples["shared"] = again
    fitted = {model: examples[model].fit(PRODUCTS[model]) for model in MODELS}
    for model in MODELS:
        _report(model, fitted[model], examples[model])
    idle = [text for _, text, act in lines if act == "smalltalk"]
    space = fit_space(texts, idle, encode, lexicon.shipped())
    return Judgement(
        space,
        fit_acts([(text, act) for _, text, act in (*lines, *named)], encode),
        *(fitted[model] for model in MODELS),
    )


def _report(model: str, found: Logistic, examples: Examples) -> None:
    labels = np.concatenate(examples.labels)
    chance = found.chance(np.concatenate(examples.columns))
    names = getattr(columns, model.upper())
    print(
        f"{model}: {len(labels)} examples, {labels.mean():.3f} true;",
        _weights(names, found.weights),
        f"bias {found.bias:.2f}",
    )
    for level in LEVELS:
        claimed = chance >= level
        right = labels[claimed].mean() if claimed.any() else float("nan")
        print(
            f"  chance ≥ {level}: {claimed.sum()} claims, {right:.3f} right, "
            f"{labels[claimed].sum() / labels.sum():.3f} of all"
        )


def _weights(names: Sequence[str], weights: np.ndarray) -> str:
    return ", ".join(f"{name} {weight:.2f}" for name, weight in zip(names, weights, strict=True))


def _remembering(encode: Encode) -> Encode:
    known: dict[str, np.ndarray] = {}

    def remembered(texts: Sequence[str]) -> np.ndarray:
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(fresh, encode(fresh).astype(np.float16).astype(np.float32), strict=True))
        return np.array([known[text] for text in texts], np.float32).reshape(len(texts), -1)

    return remembered


if __name__ == "__main__":
    main()
