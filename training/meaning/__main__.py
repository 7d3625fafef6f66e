"""Fits `models/meaning/*.npz` from the material, and says how sure the chances are on topics the space has not seen.

python -m training.meaning [--encoder NAME] [--worlds N]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import models.meaning
from models.encoder import DEFAULT_ENCODER, load_encoder
from models.meaning import columns, lexicon
from models.meaning.judgement import ENCODERS, MODELS, Judgement, to_arrays
from training.meaning import chatter, frames, material
from training.meaning.chances import NONE, Examples, built, exchanges, hand_judged, interests, knowledge
from training.meaning.space import Encode, fit_acts, fit_space
from training.meaning.worlds import draw

WORLDS = 24
PARTS = 3  # of the topics, each left out of the space once while worlds are drawn from it
NOISE = ("announcement", "ad", "refusal", "bye", "negated", "dontknow", "empty")
LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9)


def main() -> None:
    """Fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", default=DEFAULT_ENCODER, choices=list(ENCODERS))
    parser.add_argument("--worlds", type=int, default=WORLDS)
    asked = parser.parse_args()
    encode = _remembering(load_encoder(asked.encoder).encode)
    judgement = fitted(encode, asked.worlds)
    out = Path(models.meaning.__file__).with_name(f"{ENCODERS[asked.encoder]}.npz")
    np.savez_compressed(out, allow_pickle=False, **to_arrays(judgement))
    print(f"wrote {out.name}, {out.stat().st_size // 1024} KB")


def fitted(encode: Encode, worlds: int) -> Judgement:
    """The judgement for an encoder, from all the material."""
    written = material.topics()
    # Lines come in lots, so that what is made of one phrase is never both learnt from and held out.
    lines = [(at, *line) for at, line in enumerate(material.lines())]
    lines += [(phrase, text, "smalltalk") for phrase, text in chatter.lines()]
    texts = (*written, *frames.texts(lexicon.shipped()))
    kinds = {text.text: "near " * (text.kind == "near") + text.topic for text in written}
    examples = {model: Examples() for model in MODELS}
    again = Examples()
    topics = sorted({text.topic for text in written})
    for part in range(PARTS):
        unseen = topics[part::PARTS]
        idle = [text for lot, text, act in lines if act == "smalltalk" and lot % PARTS != part]
        space = fit_space([t for t in texts if t.topic not in set(unseen)], idle, encode, lexicon.shipped())
        acts = fit_acts([(text, act) for lot, text, act in lines if lot % PARTS != part], encode)
        held_out = [(text, act) for lot, text, act in lines if lot % PARTS == part]
        small_talk = [text for text, act in held_out if act == "smalltalk"]
        noise = [text for text, act in held_out if act in NOISE]
        judgement = Judgement(space, acts, NONE, NONE, NONE)
        views = []
        for seed in range(worlds // PARTS):
            world = draw([t for t in written if t.topic in set(unseen)], small_talk, noise, seed * PARTS + part)
            view = built(world, judgement, encode)
            views.append((world, view))
            interests(world, view, examples["shared"], None)
            knowledge(world, view, encode, examples["knows"])
            exchanges(world, view, examples["meets"], kinds)
        nearest = examples["shared"].fit()
        for world, view in views:
            interests(world, view, again, nearest)
    if material.pairs():
        hand_judged(material.pairs(), judgement, encode, examples["meets"])
    examples["shared"] = again
    for model, one in examples.items():
        _report(model, one)
    idle = [text for _, text, act in lines if act == "smalltalk"]
    space = fit_space(texts, idle, encode, lexicon.shipped())
    return Judgement(
        space, fit_acts([(text, act) for _, text, act in lines], encode), *(examples[model].fit() for model in MODELS)
    )


def _report(model: str, examples: Examples) -> None:
    found, labels = examples.fit(), np.concatenate(examples.labels)
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
