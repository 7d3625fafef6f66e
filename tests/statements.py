"""What goes to the database while something is done, and something else done just between two statements of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import Engine, event

GIVEN_SECONDS = 0.5  # in which what comes in between is done, unless it has to wait for its turn


@dataclass
class Counted:
    """The statements, BEGIN among them, and how many transactions began and were committed."""

    statements: list[str] = field(default_factory=list)
    transactions: int = 0
    commits: int = 0


@contextmanager
def counted(threads: str = "") -> Iterator[Counted]:
    """Count in all threads, or in those whose name begins like this, until the block ends."""
    found = Counted()

    def counts() -> bool:
        return threading.current_thread().name.startswith(threads)

    def executed(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if counts():
            found.statements.append(" ".join(statement.split()))

    def began(connection: Any) -> None:
        found.transactions += counts()

    def committed(connection: Any) -> None:
        found.commits += counts()

    with _listening(("before_cursor_execute", executed), ("begin", began), ("commit", committed)):
        yield found


@contextmanager
def in_between(table: str, act: Callable[[], object]) -> Iterator[None]:
    """Once the first rows of a table are read, another thread does `act`; the reader goes on when that is done, or when
    it seems to wait for the reader. When the block ends, it is done. It must not raise."""
    other = _Other(act)

    def executed(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("SELECT") and f"FROM {table}" in statement.replace("\n", ""):
            other.act()

    with _listening(("after_cursor_execute", executed)):
        yield
    assert other.begun, f"nobody read {table}"
    other.join()


@contextmanager
def after_the_first_transaction(act: Callable[[], object]) -> Iterator[None]:
    """As `in_between`, where somebody begins a second transaction, which need not happen."""
    other, began = _Other(act), count(1)

    def begin(connection: Any) -> None:
        if not other.begun and next(began) == 2:
            other.act()

    with _listening(("begin", begin)):
        yield
    other.join()


class _Other:
    """A thread that does something once."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.begun = False
        self._thread = threading.Thread(target=act)

    def act(self) -> None:
        if not self.begun:
            self.begun = True
            self._thread.start()
            self._thread.join(GIVEN_SECONDS)

    def join(self) -> None:
        if self.begun:
            self._thread.join()


@contextmanager
def at_transactions(look: Callable[[], object]) -> Iterator[None]:
    """Do something whenever a transaction begins: it sees what a process leaves that is killed there."""
    taking_turns = threading.Lock()

    def began(connection: Any) -> None:
        with taking_turns:
            look()

    with _listening(("begin", began)):
        yield


@contextmanager
def _listening(*wanted: tuple[str, Callable[..., None]]) -> Iterator[None]:
    for name, listener in wanted:
        event.listen(Engine, name, listener)
    try:
        yield
    finally:
        for name, listener in wanted:
            event.remove(Engine, name, listener)
