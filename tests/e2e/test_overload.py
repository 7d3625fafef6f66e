"""A server of which more is asked than it can: what is answered, what is told, and how soon it is over.

The measurement is `tests.bench.overload`; here its bounds are wide, since other work runs on the machine beside it.
"""

from __future__ import annotations

from pathlib import Path

from tests.bench import overload
from tests.bench.serving import serving, yiqi
from tests.e2e.conftest import write_archive

SECONDS = 4.0


def test_three_times_as_much_as_can_be_answered_leaves_much_answered_and_everybody_told(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive")
    yiqi("import", archive, "--community", "c", "--consent", "members", "--data", tmp_path / "data")
    people = [f"m{n:02}" for n in range(16)]
    with serving(tmp_path / "data", "c") as served:
        [found] = overload.measure(served.target, "c", people, [3.0], SECONDS)
    codes = found.asked.codes
    assert found.goodput > 0.3
    assert found.asked.hinted == codes["RESOURCE_EXHAUSTED"] > codes["OK"] / 2
    assert codes["DEADLINE_EXCEEDED"] < codes["OK"]
    assert not found.probed.failed
    assert found.probed.health
    assert found.recovered < 5.0
