"""One writer a data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from service.core.errors import DataLocked

_NAME = "yiqi.lock"


@contextmanager
def data_lock(path: Path) -> Iterator[None]:
    """Holds the folder, which is made when missing. The system lets go of it when the process dies, however it dies.

    Raises DataLocked when another process holds it.
    """
    path.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path / _NAME, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise DataLocked(f"The data folder {path}") from None
    try:
        yield
    finally:
        lock.release()
