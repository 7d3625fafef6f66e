"""New ids that read as others are refused, whatever the script; what exists stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.domain.records import Community, Member
from service.application import members as usecase
from service.application.communities import create_community
from service.core.errors import InvalidArgument
from service.core.lookalikes import require_plain
from service.store.sql import SqlStore


@pytest.mark.parametrize(
    "id",
    [
        "ann", "user1", "userl", "林小明", "小明（深圳）", "わたし", "カフェ", "김민수", "José", "Łukasz",
        "Анна Смирнова",
        "Анна Smith", "Νίκος", "דוד", "محمد", "हिन्दी", "🦀", "👩‍👩‍👧", "❤️ann", "1️⃣", "林Ann", "ёжик", "Աննա",
    ],
)  # fmt: skip
def test_ids_in_any_script_are_taken(id: str) -> None:
    require_plain(id)


@pytest.mark.parametrize(
    ("id", "why"),
    [
        ("nna\u202e", "U+202E"), ("an\u200bn", "U+200B"), ("ann\u200d", "U+200D"), ("ann\ufeff", "U+FEFF"),
        ("-", "everybody"),
        ("a\u00adnn", "U+00AD"), ("a\u3164nn", "U+3164"), ("ann\u00a0b", "U+00A0"), ("a\u2028b", "U+2028"),
        ("ann\U000e0041", "U+E0041"), ("Jose\u0301", "NFC"), ("Ａｎｎ", '"A"'), ("𝐚nn", '"a"'),
        ("аnn", "Latin and Cyrillic"),
        ("аса", '"aca"'), ("bob оса", '"oca"'), ("Αnna", "Latin and Greek"), ("ΑΝΝΑ", '"ANNA"'), ("ноmе", "Cyrillic"),
    ],
)  # fmt: skip
def test_ids_that_read_as_others_are_refused(id: str, why: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        require_plain(id)
    assert refused.value.reason == "ID_MISLEADING"
    assert why in refused.value.sentence


def test_new_people_and_communities_are_refused_and_those_who_exist_stay(tmp_path: Path) -> None:
    store = SqlStore(tmp_path / "yiqi.db")
    with pytest.raises(InvalidArgument, match="unseen"):
        create_community(store, Community(id="c\u200b"))
    create_community(store, Community(id="c"))
    store.put("c", [Member(id="old\u202e")])
    with pytest.raises(InvalidArgument, match="unseen"):
        usecase.create_member(store, "c", Member(id="new\u202e"))
    usecase.create_member(store, "c", Member(id="old\u202e"))
    usecase.update_member(store, "c", Member(id="old\u202e", name="Old"), ["name"])
    found = usecase.import_members(
        store, "c", [Member(id="old\u202e", name="Older"), Member(id="аnn"), Member(id="白露")], replace_existing=True
    )
    assert [one.status for one in found.items] == ["replaced", "rejected", "created"]
    assert usecase.get_member(store, "c", "old\u202e").record.name == "Older"
    store.close()
