"""Vectors of a community's texts: from the cache of the store where they are, from the encoder where not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import blake2b
from typing import TypeAlias

import numpy as np

from models.text.encoder_pool import MANY, EncoderPool
from service.serving.encoders import Encoders
from service.store.contract import Store

# What is encoded between two writes of the cache, and so the most that a killed import encodes twice.
CHUNK = 4096
LOOKUP = 20_000
# So much text is worth the start of more processes, however few pieces it comes in.
MANY_CHARACTERS = 1_000_000

Text: TypeAlias = tuple[str, str]
# (how many texts are done, out of how many)
Progress: TypeAlias = Callable[[int, int], None]
Encode: TypeAlias = Callable[[Sequence[str]], np.ndarray]


def key_of(text: Text) -> bytes:
    """The key of a (member, text) in the cache: 16 bytes."""
    member, words = text
    return blake2b(f"{member}\0{words}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Vectors:
    """The `models.community.builder.Embed` of one community and encoder.

    Everything comes out rounded to float16, whether cached or fresh, so that a restart changes no answer. With `keep`,
    what is encoded goes into the cache as it comes, so that an interrupted import goes on where it was.
    """

    def __init__(
        self,
        store: Store,
        community: str,
        encoders: Encoders,
        name: str,
        *,
        keep: bool,
        processes: int = 1,
        progress: Progress = lambda done, total: None,
    ) -> None:
        """`processes` encode beside this one where texts are many."""
        self._store = store
        self._community = community
        self._encoders = encoders
        self.name = name
        self._keep = keep
        self._processes = processes
        self._progress = progress

    def __call__(self, texts: Sequence[Text]) -> np.ndarray:
        """(n, d) float16 of (member, text) pairs."""
        keys = [key_of(text) for text in texts]
        found = self._cached(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if missing:
            found |= self._encode(missing)
        if not keys:
            return np.zeros((0, self._encoders.load(self.name).dimension), np.float16)
        return np.stack([found[key] for key in keys])

    def _cached(self, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        found: dict[bytes, np.ndarray] = {}
        for at in range(0, len(keys), LOOKUP):
            found |= self._store.vectors(self._community, self.name, keys[at : at + LOOKUP])
        return found

    def _encode(self, missing: dict[bytes, Text]) -> dict[bytes, np.ndarray]:
        # Alike lengths together, so that no process waits long for another at the end of a chunk.
        order = sorted(missing, key=lambda key: -len(missing[key][1]))
        found: dict[bytes, np.ndarray] = {}
        with (
            self._encoder(len(order), sum(len(text) for _, text in missing.values())) as encode,
            self._encoders.queue.waiting(len(order)) as done,
            ThreadPoolExecutor(1, "vectors") as writer,
        ):
            written: Future[None] | None = None
            for at in range(0, len(order), CHUNK):
                keys = order[at : at + CHUNK]
                vectors = encode([missing[key][1] for key in keys]).astype(np.float16)
                done(len(keys))
                fresh = dict(zip(keys, vectors, strict=True))
                found |= fresh
                if written is not None:
                    written.result()
                if self._keep:
                    written = writer.submit(self._write, [(key, missing[key][0], fresh[key]) for key in keys])
                self._progress(min(at + CHUNK, len(order)), len(order))
            if written is not None:
                written.result()
        return found

    def _write(self, entries: list[tuple[bytes, str, np.ndarray]]) -> None:
        self._store.put_vectors(self._community, self.name, entries)

    @contextmanager
    def _encoder(self, count: int, characters: int) -> Iterator[Encode]:
        if count < MANY and characters < MANY_CHARACTERS:
            yield self._encoders.load(self.name).encode
        else:
            with EncoderPool(self._encoders.setting(self.name), self._processes) as pool:
                yield pool.encode


def all_processes() -> int:
    """As many as there are cores: for a command that has nothing else to do."""
    return os.cpu_count() or 1
