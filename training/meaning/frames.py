# ruff: noqa: E501 — a list of phrases is easier to read so
"""More examples, made of the lexicon's activities and the ways in which people offer, seek, show, ask and answer."""

from __future__ import annotations

import random
from collections.abc import Iterator

from models.meaning.lexicon import Lexicon
from training.meaning.material import Text

FRAMES = {
    ("offer", "en"): (
        "{name}", "teaching {name}", "I can help with {name}", "{name} for beginners, evenings", "I do {name} and share it",
        "ten years of {name}, ask me anything", "happy to show you {name}", "{name}: {word}, {other}", "lessons in {name}",
    ),
    ("offer", "zh"): (
        "{name}", "教{name}", "可以帮忙{name}", "{name}，零基础也能带", "会{name}，可以分享", "做了十年{name}", "{name}，{word}和{other}都懂",
        "{name}指导", "免费教{name}",
    ),
    ("seek", "en"): (
        "to learn {name}", "somebody who knows {name}", "help with {name}", "a person for {name}", "want to get into {name}",
        "looking for advice on {name}", "someone to explain {name} to me", "{name}", "trouble with {word}, need somebody for {name}",
    ),
    ("seek", "zh"): (
        "想学{name}", "找会{name}的人", "求{name}的帮助", "{name}方面想请教", "想入门{name}", "求教{name}", "需要懂{name}的人", "{name}",
        "{word}弄不好，求懂{name}的",
    ),
    ("say", "en"): (
        "the {word} gave me trouble again, but the {other} came out fine", "Finally understood the {word}", "spent all evening on {word} and {other}",
        "new {word} arrived, can't wait", "My {word} is done, next comes the {other}", "third try with the {word} today",
    ),
    ("say", "zh"): (
        "今天{word}又没弄好，{other}倒还行", "终于搞明白{word}了", "一晚上都在弄{word}和{other}", "新的{word}到了", "{word}弄完了，接下来是{other}",
        "第三次试{word}",
    ),
    ("ask", "en"): (
        "does anyone here know {name}?", "who can help me with {name}", "Is there somebody who does {name}? My {word} won't work",
        "who knows about {name}",
    ),
    ("ask", "zh"): ("有人会{name}吗", "谁能帮忙{name}", "有没有懂{name}的，{word}一直不对", "谁会{name}"),
    ("can", "en"): ("I can, I've done it for years, come by", "{name} is what I do, write to me", "sure, bring it over", "yes, I know {name} well"),
    ("can", "zh"): ("我会，弄了好几年了，过来找我", "{name}我熟，找我", "可以，拿来我看看", "{name}我做得多"),
    ("brief", "en"): (
        "A new project\nWe want to do something for the neighbourhood and need somebody for {name}.",
        "Together\nWhat is missing is a person who can do {name} with us, from {word} to {other}.",
    ),
    ("brief", "zh"): ("一起做\n想为街坊做点事，缺一位会{name}的人。", "新项目\n需要有人负责{name}，从{word}到{other}都要懂。"),
    ("name", "en"): ("{name}",),
    ("name", "zh"): ("{name}",),
}  # fmt: skip
MOST = {"offer": 3, "seek": 3, "say": 4, "ask": 2, "can": 2, "brief": 1, "name": 1}


def texts(lexicon: Lexicon, seed: int = 1) -> Iterator[Text]:
    """Some texts of each kind and language for every activity of the lexicon."""
    draw = random.Random(seed)
    inside = _inside(lexicon)
    for activity, names in enumerate(lexicon.names):
        for (kind, language), frames in FRAMES.items():
            words = inside[activity][language]
            for number, frame in enumerate(draw.sample(frames, min(MOST[kind], len(frames)))):
                word, other = draw.sample(words, 2) if len(words) > 1 else (names[0], names[0])
                text = frame.format(name=names[language == "zh"], word=word, other=other)
                yield Text(f"lexicon {activity}", "lexicon", kind, language, number, text)


def _inside(lexicon: Lexicon) -> list[dict[str, list[str]]]:
    found: list[dict[str, list[str]]] = [{"en": [], "zh": []} for _ in lexicon.names]
    for word, of in lexicon.words.items():
        for activity in of:
            found[activity]["en" if word.isascii() else "zh"].append(word)
    return found
