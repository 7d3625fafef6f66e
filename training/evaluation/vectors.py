"""Vectors of texts, each encoded once however many cuts ask for it; kept in a file between runs where one is named."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from models.text.encoder import Progress, load_encoder
from models.text.encoder_pool import encode_many

_KEY = 12  # bytes
Encode = Callable[[Sequence[str], Progress], np.ndarray]
Step = Callable[[int, int], None]


class TextVectors:
    """The vectors of one encoder, rounded to float16 as a service keeps them, so that both rank alike."""

    def __init__(self, setting: str, file: Path | None = None) -> None:
        """`setting` as for `load_encoder`, which may raise. What `file` (.npz) holds of this encoder is used."""
        encoder = load_encoder(setting)
        self.encoder = encoder.name
        self.dimension = encoder.dimension
        self._setting = setting
        self._file = file
        self._found = _read(file, self.encoder) if file else {}
        self._saved = len(self._found)
        self.step: Step = lambda done, total: None

    def embed(self, texts: Sequence[tuple[str, str]]) -> np.ndarray:
        """(n, d) float32 of (member, text) pairs; a `models.community.builder.Embed`."""
        return self.encode([text for _, text in texts])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(n, d) float32."""
        keys = [_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._found}
        if missing:
            fresh = encode_many(self._setting, list(missing.values()), progress=self._progress(len(missing)))
            self._found |= zip(missing, fresh.astype(np.float16), strict=True)
        if not keys:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([self._found[key] for key in keys]).astype(np.float32)

    def save(self) -> None:
        """Write what is new to the file, whole or not at all."""
        if self._file is None or len(self._found) == self._saved:
            return
        aside = self._file.with_name(f".{self._file.name}.{os.getpid()}.npz")
        try:
            keys = np.frombuffer(b"".join(self._found), np.uint8).reshape(-1, _KEY)
            np.savez(aside, encoder=np.array(self.encoder), keys=keys, vectors=np.stack(list(self._found.values())))
            aside.replace(self._file)
        finally:
            aside.unlink(missing_ok=True)
        self._saved = len(self._found)

    def _progress(self, total: int) -> Progress:
        done = 0

        def progress(more: int) -> None:
            nonlocal done
            done += more
            self.step(done, total)

        return progress


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY).digest()


def _read(file: Path, encoder: str) -> dict[bytes, np.ndarray]:
    """What the file holds of this encoder: nothing where it is missing, damaged or of another."""
    try:
        with np.load(file, allow_pickle=False) as stored:
            if str(stored["encoder"]) != encoder:
                return {}
            keys, vectors = stored["keys"], stored["vectors"]
    except (OSError, ValueError, KeyError, BadZipFile):
        return {}
    return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}
