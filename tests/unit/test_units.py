"""The systemd units keep a service to its data folder."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).parents[2] / "deploy").glob("*.service"))
MOST_EXPOSED = 3.0  # by `systemd-analyze security`: 0 is safe, 10 is unsafe


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.name)
def test_a_unit_is_little_exposed(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", unit], capture_output=True, text=True
    )
    found = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    if found is None:
        pytest.skip(f"this systemd cannot tell: {done.stderr[:200]}")
    assert float(found[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.name)
def test_what_a_unit_writes_is_for_its_user_alone(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    assert "UMask=0077" in lines
    assert "ProtectSystem=strict" in lines
