"""What lies in a data folder is for its owner alone."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.compose import open_application, open_store
from service.core.settings import Settings

from .conftest import Yiqi

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def exposed(folder: Path) -> list[str]:
    return [str(path) for path in (folder, *folder.rglob("*")) if path.stat().st_mode & OTHERS]


def test_nothing_that_is_written_in_a_data_folder_can_be_read_by_others(data: Path, yiqi: Yiqi) -> None:
    assert yiqi("search", "kiln", "--community", "c").code == 0
    with open_application(Settings(data=data), writes=True) as (store, runtime):
        runtime.view("c", store.head("c"), timeout=60)
        assert exposed(data) == []
    assert exposed(data) == []
    assert {"yiqi.db", "snapshots"} <= {path.name for path in data.iterdir()}


def test_what_others_could_read_is_mended_with_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = tmp_path / "data"
    with open_store(Settings(data=data), writes=True):
        pass
    (data / "snapshots").mkdir()
    (data / "snapshots" / "c").touch()
    (data / "audit").mkdir()
    ours = [data / name for name in ("token.key", "access.json", "access.lock", "audit/c.0.jsonl")]
    for path in ours:
        path.touch()
    (tmp_path / "data" / "of somebody else").touch()
    for path in (data, data / "yiqi.db", data / "snapshots", data / "snapshots" / "c", data / "audit", *ours):
        path.chmod(path.stat().st_mode | 0o044)
    with caplog.at_level(logging.WARNING, "yiqi.app"), open_store(Settings(data=data), writes=True):
        pass
    assert exposed(data) == [str(data / "of somebody else")]
    assert [record.getMessage() for record in caplog.records] == ["modes mended"]
