"""One writer a data folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from service.core.errors import DataLocked, DataUnusable

try:
    import fcntl
except ImportError:  # Windows, where a file that is held cannot be deleted
    fcntl = None  # type: ignore[assignment]

_NAME = "yiqi.lock"


@contextmanager
def data_lock(path: Path) -> Iterator[None]:
    """Holds the folder, which is made when missing. The system lets go of it when the process dies, however it dies.

    Raises DataLocked when another process holds it, DataUnusable when it cannot be made or written.
    """
    with ExitStack() as held:
        try:
            path.mkdir(parents=True, exist_ok=True)
            held.enter_context(FileLock(path / _NAME, timeout=0))
            held.enter_context(_folder_lock(path))
        except (Timeout, BlockingIOError):
            raise DataLocked(f"The data folder {path}") from None
        except OSError as error:
            raise DataUnusable(f"The data folder {path} cannot be written: {error.strerror or error}") from None
        yield


@contextmanager
def _folder_lock(path: Path) -> Iterator[None]:
    """The folder itself is held, too: whoever deletes the lock file lets nobody else in."""
    if fcntl is None:
        yield
        return
    folder = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(folder)
