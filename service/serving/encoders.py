"""The text encoders in use: loaded when something has to be encoded, known by name before that."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TypeAlias

import numpy as np

from models.text.encoder import Encoder, identity, load_encoder
from service.core.errors import FailedPrecondition, Unavailable

REMEMBERED = 2048
# A community, the identity of an encoder, and a text.
_Asked: TypeAlias = tuple[str, str, str]


class Queue:
    """Counts the texts that wait for an encoder, one that is being encoded among them. For any thread."""

    def __init__(self) -> None:
        self.length = 0
        self._lock = threading.Lock()

    @contextmanager
    def waiting(self, count: int) -> Iterator[Callable[[int], None]]:
        """So many wait; tell how many more are done. Those that are left when the block ends wait no more."""
        left = count

        def done(more: int) -> None:
            nonlocal left
            left -= more
            self._add(-more)

        self._add(count)
        try:
            yield done
        finally:
            self._add(-left)

    def _add(self, count: int) -> None:
        with self._lock:
            self.length += count


class Encoders:
    """Encoders by identity (model and version), of which one is wanted: that of the settings. For any thread."""

    def __init__(self, setting: str) -> None:
        self.queue = Queue()
        self._wanted = setting
        self._settings: dict[str, str] = {}
        self._remembered: OrderedDict[_Asked, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()
        self._loading = threading.Lock()

    @cached_property
    def wanted(self) -> str:
        """Identity of the encoder that the settings ask for; loads it only where nothing else can tell."""
        name = identity(self._wanted) or _load(self._wanted).name
        self._settings[name] = self._wanted
        return name

    def knows(self, name: str, setting: str) -> bool:
        """Whether `setting` still gives the encoder of this identity; remembers it if so."""
        try:
            there = name == self.wanted or (identity(setting) or _load(setting).name) == name
        except FailedPrecondition:
            return False
        if there:
            self._settings.setdefault(name, setting)
        return there

    def setting(self, name: str) -> str:
        """How to load the encoder of this identity. KeyError when it was never seen."""
        return self._settings[name]

    def load(self, name: str) -> Encoder:
        """The encoder of this identity. Raises FailedPrecondition; Unavailable when it is not what it was any more."""
        with self._loading:
            encoder = _load(self._settings[name])
        if encoder.name != name:
            raise Unavailable("The text encoder", debug=f"{name} is now {encoder.name}")
        return encoder

    def encode(self, name: str, texts: Sequence[str], community: str) -> np.ndarray:
        """(len(texts), d) float32 of queries; the last 2,048 are remembered, for the community that asked: how fast an
        answer comes must not tell what others asked."""
        keys = [(community, name, text) for text in texts]
        with self._lock:
            known = {key: self._remembered[key] for key in keys if key in self._remembered}
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        if missing:
            fresh = dict(zip(missing, self.load(name).encode([text for _, _, text in missing]), strict=True))
            known |= fresh
            self._remember(fresh)
        if not keys:
            return np.zeros((0, self.load(name).dimension), np.float32)
        return np.stack([known[key] for key in keys])

    def _remember(self, fresh: dict[_Asked, np.ndarray]) -> None:
        with self._lock:
            self._remembered |= fresh
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)


def _load(setting: str) -> Encoder:
    try:
        return load_encoder(setting)
    except Exception as error:  # each library has errors of its own for a folder that it cannot read
        raise FailedPrecondition(f'The text encoder "{setting}" cannot be loaded', debug=str(error)) from error
