"""What was shown reaches the nightly job: out of signed tokens that recorded outcomes quote."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.domain.records import Community, Message, Outcome, Record
from models.ranking.ranker import Ranker
from models.text.encoder import Encoder
from service.application.retraining import Choices, retrain
from service.core.tokens import Tokens
from service.serving.encoders import Encoders
from service.serving.model_folder import ModelFolder
from service.serving.rankers import Rankers
from service.store.sql import SqlStore
from tests import planted
from training.nightly.recipe import STANDARD
from training.nightly.windows import Questions

EVENTS, SHOWN = 400, 4


class Letters(Encoders):
    """Encodes without a model."""

    @property
    def wanted(self) -> str:
        return "letters"

    def load(self, name: str) -> Encoder:
        return Letter()  # type: ignore[return-value]

    def encode(self, name: str, texts: Sequence[str], community: str) -> np.ndarray:
        return planted.encode(list(texts))


class Letter:
    name, dimension = "letters", 8

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return planted.encode(list(texts))


def test_a_night_knows_who_was_shown_beside_whom(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    tokens = Tokens(tmp_path, may_create=True)
    history = [
        replace(r, id="c") if isinstance(r, Community) else r for r in planted.history(EVENTS)
    ]  # fmt: skip
    outcomes: list[Record] = []
    for message in history:
        if isinstance(message, Message) and message.time % 2 == 0 and len(outcomes) < EVENTS:
            member, *others = (str(one) for one in rng.choice(planted.NAMES, SHOWN + 1, replace=False))
            token = tokens.sign("c", "peers", member, "m1", "i", others)
            kinds = ["shown"] * SHOWN + ["met"]
            for n, (other, kind) in enumerate(zip([*others, others[-1]], kinds, strict=True)):
                id = f"{message.id}-{n}"
                outcomes.append(
                    Outcome(id=id, source=member, target=other, time=message.time, kind=kind, token=token)  # type: ignore[arg-type]
                )
    learnt: list[Questions] = []

    def fit(asked: Questions, prior: Ranker, seed: int) -> Ranker:
        learnt.append(asked)
        return prior

    with closing(SqlStore(tmp_path / "yiqi.db")) as store:
        store.put("c", [*history, *outcomes])
        encoders = Letters("letters")
        rankers = Rankers(ModelFolder(tmp_path / "models"), encoders, following=False)
        recipe = replace(STANDARD, fit=fit, finish=None)
        for signed_by in (tokens, Tokens(tmp_path / "elsewhere", may_create=False)):
            found = retrain(store, rankers, encoders, signed_by, "c", Choices(dry_run=True), 0, lambda *_: None, recipe)
            assert found.status in ("refused", "undecided")
    known, unknown = (
        [len(one.relevant) for asked in of for one in asked.get("peers outcomes", ())]
        for of in (learnt[: len(learnt) // 2], learnt[len(learnt) // 2 :])
    )
    assert known
    assert max(known) <= SHOWN, "compared with those who were shown, and nobody else"
    assert min(unknown) > SHOWN, "a token that cannot be read shows nobody"
