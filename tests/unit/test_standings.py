"""Standings: where candidates stand among the people of today, whatever the scale of a value."""

from __future__ import annotations

import numpy as np
import pytest

from models.community.builder import Builder
from models.domain.records import Community, Member, Message
from models.features.matrix import HALFWAY, standing

DAY = 86_400_000_000


def test_the_first_stands_at_one_and_whoever_has_ten_before_them_at_one_half() -> None:
    values = np.arange(20, 0, -1, dtype=np.float32)
    found = standing(values, np.ones(20))
    assert found[0] == pytest.approx(1)
    assert found[int(HALFWAY)] == pytest.approx(0.5)
    assert (np.diff(found) < 0).all()


def test_nothing_stands_nowhere_and_equals_stand_together() -> None:
    found = standing(np.array([0, 3, 3, 5], np.float32), np.ones(4))
    assert found[0] == 0
    assert found[1] == found[2]
    assert found[3] == pytest.approx(1)


def test_people_who_count_for_nothing_stand_in_nobodys_way() -> None:
    values = np.array([1, 2, 3, 4], np.float32)
    found = standing(values, np.array([1, 0, 0, 0]))
    assert found == pytest.approx([1, 1, 1, 1])
    assert standing(values * 1000, np.ones(4)) == pytest.approx(standing(values, np.ones(4)))


def test_who_has_not_begun_counts_like_who_is_here_and_who_left_long_ago_hardly() -> None:
    builder = Builder(Community(id="c"), 4, "none")
    builder.put_all(Member(id=name, profile="somebody") for name in ("early", "new", "busy"))
    times = [("early", 0), *(("busy", day) for day in range(1, 400))]
    builder.put_all(
        Message(id=f"{who}{day}", author=who, time=(1000 + day) * DAY, channel="room", text="hello")
        for who, day in times
    )
    builder.embed_pending(lambda texts: np.ones((len(texts), 4), np.float32) / 2)
    view = builder.view()
    here = {name: float(view.here[view.row[name]]) for name in ("early", "new", "busy")}
    assert here["new"] == here["busy"] == 1
    assert here["early"] < 0.01
