"""What is worked out once and kept beside what it was worked out from: a view, or a part that several views share."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from threading import RLock
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
NEWEST = 2  # values of a name that are kept: a request may still be busy with the model before the newest

# All functions marked with `once_a_view` in the modules imported so far: what a view is warmed with.
ONCE_A_VIEW: list[Callable[[Any], object]] = []


class Kept:
    """Values by name. For any thread: of several that ask for one at once, one works it out and the others wait."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, int], tuple[object, Any]] = {}
        self._lock = RLock()

    def get(self, name: str, make: Callable[[], T], by: object = None) -> T:
        """The value of a name, made when first asked for; `by`: the model that it was made with, one value each."""
        key = (name, id(by))  # kept beside `by`, so that no other object can have its id
        found = self._values.get(key)
        if found is None:
            with self._lock:
                found = self._values.get(key)
                if found is None:
                    made = make()
                    found = self._values[key] = (by, made)
                    for older in [known for known in self._values if known[0] == name][:-NEWEST]:
                        del self._values[older]
        value: T = found[1]
        return value

    def values(self) -> list[object]:
        """Everything that is kept."""
        return [made for _, made in list(self._values.values())]

    def names(self) -> set[str]:
        """Of everything that is kept."""
        return {name for name, _ in list(self._values)}


class Remembered:
    """The newest answers to a question that is asked with few different `key`s. For any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: dict[Hashable, tuple[Any]] = {}
        self._lock = RLock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer for a key, made when it is not there; nobody waits for one that another thread makes."""
        if (found := self._answers.get(key)) is None:
            found = (make(),)
            with self._lock:
                self._answers[key] = found
                for oldest in list(self._answers)[: -self._most]:
                    del self._answers[oldest]
        answer: T = found[0]
        return answer


class _View(Protocol):
    @property
    def kept(self) -> Kept: ...

    @property
    def kept_of_ids(self) -> Kept: ...

    @property
    def kept_of_names(self) -> Kept: ...


V = TypeVar("V", bound=_View)


def once_a_view(make: Callable[[V], T]) -> Callable[[V], T]:
    """Marks a function of a view alone: worked out once a view, and when a view is warmed."""
    return _marked(make, lambda view: view.kept)


def while_ids_stay(make: Callable[[V], T]) -> Callable[[V], T]:
    """As `once_a_view`, for a function of the members' ids alone: views that follow take it over until one joins."""
    return _marked(make, lambda view: view.kept_of_ids)


def while_names_stay(make: Callable[[V], T]) -> Callable[[V], T]:
    """As `while_ids_stay`, for a function of what members are called: their ids, names and handles."""
    return _marked(make, lambda view: view.kept_of_names)


def _marked(make: Callable[[V], T], where: Callable[[V], Kept]) -> Callable[[V], T]:
    name = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def kept(view: V) -> T:
        return where(view).get(name, lambda: make(view))

    ONCE_A_VIEW.append(kept)
    return kept
