"""Communities that are not loaded before a test lets them."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from service.serving.loading import Loaded, Loader


def loading_held_back(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """(set once a community begins to be loaded, to be set to let it go on)."""
    begun, let_on, load = threading.Event(), threading.Event(), Loader.load

    def held(self: Loader, *args: Any, **options: Any) -> Loaded:
        begun.set()
        assert let_on.wait(60)
        return load(self, *args, **options)

    monkeypatch.setattr(Loader, "load", held)
    return begun, let_on
