"""Static models of sentence-transformers in numpy: a text is the mean of the vectors of its tokens.

Read from the same folders, without torch, whose import takes six seconds of a processor and 400 MB.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from models.arrays.unit import unit

_MODULES = {("StaticEmbedding",), ("StaticEmbedding", "Normalize")}
_WEIGHTS, _TOKENIZER = "model.safetensors", "tokenizer.json"
_TENSOR = "embedding.weight"


class StaticModel:
    """Texts in, vectors out, as `SentenceTransformer.encode` gives them with `normalize_embeddings`."""

    def __init__(self, place: Path) -> None:
        """`place` is what `place_in` gave. Raises what the libraries raise for broken files."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self._vectors = np.asarray(load_file(place / _WEIGHTS)[_TENSOR], np.float32)
        self._tokenizer = Tokenizer.from_file(str(place / _TOKENIZER))
        self._tokenizer.no_padding()

    def get_embedding_dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    def encode(self, texts: Sequence[str], **_: object) -> np.ndarray:
        """(len(texts), d) float32 of unit length; zeros for a text without tokens. There are no options."""
        tokens = [found.ids for found in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]
        ends = np.cumsum([0, *map(len, tokens)])
        ids = np.fromiter(chain.from_iterable(tokens), np.int64, ends[-1])
        counts = sp.csr_matrix((np.ones(len(ids), np.float32), ids, ends), (len(texts), len(self._vectors)))
        return unit(counts @ self._vectors)  # a sum has the direction of the mean


def place_in(folder: Path) -> Path | None:
    """Where in the folder of a model the files of a static one lie; None for another kind, or where something has to be
    done beside it, such as a prompt."""
    try:
        modules = json.loads((folder / "modules.json").read_bytes())
        config = json.loads((folder / "config_sentence_transformers.json").read_bytes())
        kinds = tuple(module["type"].rpartition(".")[2] for module in modules)
        plain = config.get("default_prompt_name") is None and config.get("truncate_dim") is None
        place = folder / str(modules[0]["path"])
        return place if kinds in _MODULES and plain and _holds_weights(place / _WEIGHTS) else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _holds_weights(path: Path) -> bool:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as file:
            names = file.keys()
            return _TENSOR in names
    except SafetensorError:
        return False
