"""Encode much text with several processes: two give half as much again as one, a second thread hardly anything.

A worker is a program of its own (`python -m models.text.encoder_pool NAME`) that answers over pipes. It imports
nothing of the caller's main program, and it ends when its input closes, so it cannot outlive a caller that was killed.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np

from models.text.encoder import Encoder, Progress, load_encoder, usable_text

CHUNK = 256
MANY = 5_000
_SIZE = struct.Struct("<Q")
# Stands where the dimension of the vectors would: what follows is an error message.
_FAILED = 0
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class EncoderPool:
    """Worker processes with the same encoder, kept until `close` (or the end of a `with` block)."""

    def __init__(self, encoder_name: str, workers: int) -> None:
        """Starts `workers` >= 1 processes; each takes a few seconds to load while `encode` already feeds it."""
        command = [sys.executable, "-P", "-m", "models.text.encoder_pool", encoder_name]
        self._workers = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment())
            for _ in range(workers)
        ]
        self._encode = threading.Lock()

    def __enter__(self) -> EncoderPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        """As `Encoder.encode`. Calls from several threads wait for each other.

        Raises RuntimeError when a worker ended (out of memory, killed); the pool is of no further use then.
        """
        with self._encode:
            work = _Work(texts, progress)
            feeders = [threading.Thread(target=work.feed, args=(worker,), daemon=True) for worker in self._workers]
            for feeder in feeders:
                feeder.start()
            try:
                for feeder in feeders:
                    feeder.join()
            except BaseException:
                self.close()
                raise
            return work.result()

    def close(self) -> None:
        """End the workers at once; may be called twice."""
        for worker in self._workers:
            worker.kill()
        for worker in self._workers:
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                # What was not yet sent to a dead worker cannot be flushed, and need not be.
                with suppress(BrokenPipeError):
                    if pipe is not None:
                        pipe.close()


class _Work:
    """One call of `encode`: chunks not yet handed out, and the vectors that came back."""

    def __init__(self, texts: Sequence[str], progress: Progress | None) -> None:
        self._texts = [usable_text(text) for text in texts]
        # Longest first, so that no worker is left alone with a long chunk at the end.
        order = sorted(range(len(texts)), key=lambda row: -len(self._texts[row]))
        # No text at all is one empty chunk: a worker still has to say how long a vector is.
        self._chunks = iter([order[at : at + CHUNK] for at in range(0, len(order), CHUNK)] or [[]])
        self._progress = progress
        self._lock = threading.Lock()
        self._vectors: np.ndarray | None = None
        self._error: BaseException | None = None

    def feed(self, worker: subprocess.Popen[bytes]) -> None:
        """Hand chunks to one worker until none is left or something failed."""
        try:
            while (rows := self._next()) is not None:
                self._take(rows, _ask(worker, [self._texts[row] for row in rows]))
        except BaseException as error:
            # A thread cannot raise into its caller: `result` does.
            self._error = error

    def result(self) -> np.ndarray:
        """Vectors in the order of the texts."""
        if self._error is not None:
            raise RuntimeError(f"encoding failed: {self._error}") from self._error
        assert self._vectors is not None
        return self._vectors

    def _next(self) -> list[int] | None:
        with self._lock:
            return None if self._error is not None else next(self._chunks, None)

    def _take(self, rows: list[int], vectors: np.ndarray) -> None:
        with self._lock:
            if self._vectors is None:
                self._vectors = np.zeros((len(self._texts), vectors.shape[1]), dtype=np.float32)
            self._vectors[rows] = vectors
            if self._progress is not None and rows:
                self._progress(len(rows))


def encode_many(
    encoder_name: str, texts: Sequence[str], workers: int | None = None, progress: Progress | None = None
) -> np.ndarray:
    """As `load_encoder(encoder_name).encode(texts, progress)`, with several processes where that pays.

    `workers` defaults to the cores of this machine; fewer than 5,000 texts or one worker stay in this process. The pool
    lives for this call only: keep an `EncoderPool` where calls follow each other.
    """
    workers = os.cpu_count() or 1 if workers is None else workers
    if workers < 2 or len(texts) < MANY:
        return load_encoder(encoder_name).encode(texts, progress)
    with EncoderPool(encoder_name, workers) as pool:
        return pool.encode(texts, progress)


def _environment() -> dict[str, str]:
    """The caller's, but one thread a process, and this package found where it was found here."""
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(paths)}


def _ask(worker: subprocess.Popen[bytes], texts: list[str]) -> np.ndarray:
    """Vectors of one chunk. Raises RuntimeError with the worker's own words when it could not, or is gone."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    _send(worker.stdin, json.dumps(texts).encode())
    answer = _receive(worker.stdout)
    if answer is None:
        raise RuntimeError("an encoder process ended early")
    dimension, body = _SIZE.unpack(answer[: _SIZE.size])[0], answer[_SIZE.size :]
    if dimension == _FAILED:
        raise RuntimeError(body.decode("utf-8", "replace"))
    return np.frombuffer(body, dtype=np.float32).reshape(len(texts), dimension)


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(_SIZE.pack(len(data)) + data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    """The next whole piece of data, None when the other side is gone."""
    head = pipe.read(_SIZE.size)
    if len(head) < _SIZE.size:
        return None
    size = _SIZE.unpack(head)[0]
    data = pipe.read(size)
    return data if len(data) == size else None


def _work(encoder_name: str) -> None:
    """What a worker process does until its input closes."""
    # Ctrl-C reaches the whole group of processes; the caller decides, and then closes the pipe or kills.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not land among the answers.
    os.dup2(2, 1)
    try:
        encoder = load_encoder(encoder_name)
        while (question := _receive(questions)) is not None:
            _send(answers, _answer(encoder, json.loads(question)))
    except BrokenPipeError:
        return
    except Exception as error:
        _send(answers, _SIZE.pack(_FAILED) + f"{type(error).__name__}: {error}".encode("utf-8", "replace"))


def _answer(encoder: Encoder, texts: list[str]) -> bytes:
    return _SIZE.pack(encoder.dimension) + encoder.encode(texts).tobytes()


if __name__ == "__main__":
    _work(sys.argv[1])
