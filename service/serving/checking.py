"""Looks for damage of the data file beside requests: on start, and once a day."""

from __future__ import annotations

import logging
import threading

from service.core.faults import outline
from service.store.contract import Store

EVERY_SECONDS = 24 * 3600.0

log = logging.getLogger("yiqi.app")


class Checking:
    """Looks at a store until it is closed. What it finds, the store then knows."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="check", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more; a look that is under way is not waited for."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                found = self._store.check()
                if found:
                    log.error("data damaged", extra={"findings": found[:10]})
            except Exception as fault:
                log.warning("data not checked", extra={"fault": outline(fault)})
            self._over.wait(EVERY_SECONDS)
