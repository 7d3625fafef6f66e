"""The bench at a tiny size: every figure is there, beside what it is measured against, and can be drawn."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np

from models.archive import container
from tests.bench.__main__ import picture, run
from tests.bench.communities import MadeUp
from tests.bench.figures import table

MEMBERS = (30, 60)
WHOLE = {
    "import ÷ bare SQLite insert", "ready after start, s", "recommendation ÷ floor", "recommendation ÷ echo",
    "answers/s ÷ floor's", "p99 ÷ p50 at half of capacity", "write searchable at 50/s, p99, s", "memory, KB a member",
}  # fmt: skip


def test_every_figure_is_measured_beside_its_reference_and_drawn() -> None:
    found = run(MEMBERS, seconds=2.0, asked=20, encoder=False)
    for members in MEMBERS:
        assert found[members].keys() >= WHOLE
        assert all(value > 0 for name, value in found[members].items() if name != "failed under load")
        assert found[members]["failed under load"] == 0
        assert np.isfinite([*found[members].values()]).all()
    assert all(name in table(found) for name in WHOLE)
    drawing = ET.fromstring(picture(found))
    lines = [one for one in drawing.iter() if one.tag.endswith("circle")]
    assert len(lines) == 2 * len(MEMBERS)


def test_a_made_up_community_is_the_same_for_the_same_seed_and_valid_throughout(tmp_path: Path) -> None:
    rows = MadeUp(80).write(tmp_path / "one.tar.gz")
    MadeUp(80).write(tmp_path / "again.tar.gz")
    MadeUp(80, seed=2).write(tmp_path / "other.tar.gz")
    one, again, other = (container.read(tmp_path / f"{name}.tar.gz") for name in ("one", "again", "other"))
    assert one.fingerprint() == again.fingerprint() != other.fingerprint()
    assert sum(isinstance(row, container.Row) for row in one.records()) == rows > 400
