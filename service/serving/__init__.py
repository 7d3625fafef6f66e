"""Keeps communities ready to be asked: loading them, views that follow the change log, snapshots, letting go."""

from __future__ import annotations

from pathlib import Path

from models.community.snapshot import state_of
from service.core.settings import Settings
from service.feed.letters import Letters
from service.serving import suggesting
from service.serving.encoders import Encoders
from service.serving.loading import Loader, Progress, silent
from service.serving.runtime import SNAPSHOTS, Runtime
from service.serving.saving import INDEX, describe
from service.serving.snapshots import Snapshots
from service.serving.vectors import all_processes
from service.store.contract import Store

__all__ = ["Runtime", "build"]


def build(store: Store, community: str, data: Path, settings: Settings, progress: Progress = silent) -> None:
    """Make a community searchable after much was written: suggestions drawn, texts embedded, a snapshot saved.

    The caller holds the lock of the data folder. What was embedded stays when this is interrupted. Raises
    CommunityNotFound.
    """
    suggesting.catch_up(store, community)
    encoders, snapshots = Encoders(settings.encoder), Snapshots(data / SNAPSHOTS)
    loader = Loader(store, snapshots, encoders, keep=True, processes=all_processes())
    loaded = loader.load(community, wanted_encoder=True, progress=progress)
    letters = Letters(store, community, INDEX)
    letters.look()
    letters.failed([*loaded.failed.values()])
    generation = snapshots.generation(community)
    snapshots.write(describe(loader, community, loaded), state_of(loaded.builder), generation)
    store.put_cursor(community, INDEX, loaded.sequence)
    store.put_cursor(community, suggesting.NAME, loaded.sequence)
