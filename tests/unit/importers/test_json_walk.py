from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.importers.frame import json_walk
from service.importers.frame.container import open_container
from service.importers.frame.json_walk import BEGINS, Broken, json_heads, json_lines, walk

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def values(path: Path, *opened: str) -> list[tuple[str, Any]]:
    return [(found.path, found.value) for found in walk(open_container(path), path.name, opened)]


def put(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "a.json"
    path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    return path


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(JSON, max_size=6), chunk=st.integers(1, 9), indent=st.sampled_from([None, 2]))
def test_items_are_what_was_written_wherever_reading_stops_for_breath(
    items: list[Any], chunk: int, indent: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_walk, "_CHUNK", chunk)
    whole = {"name": "x", "list": items, "after": 12345}
    found = values(put(tmp_path, json.dumps(whole, indent=indent, ensure_ascii=False)), "", "list")
    assert found == [
        ("", BEGINS),
        ("name", "x"),
        ("list", BEGINS),
        *(("list[]", one) for one in items),
        ("after", 12345),
    ]


def test_objects_within_lists_are_entered(tmp_path: Path) -> None:
    found = values(put(tmp_path, '{"a": [{"b": [1]}, 2, {"c": {}}]}'), "", "a", "a[]", "a[].b")
    assert [path for path, _ in found] == ["", "a", "a[]", "a[].b", "a[].b[]", "a[]", "a[]", "a[].c"]


def test_marks_of_encodings_are_no_part_of_the_text(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "gb18030"):
        assert values(put(tmp_path, '["kiln and glaze 今天去烧窑"]'.encode(encoding)), "")[1:] == [
            ("[]", "kiln and glaze 今天去烧窑")
        ], encoding


def test_a_broken_item_spoils_itself_only(tmp_path: Path) -> None:
    found = values(put(tmp_path, '[1, {"a": b}, {"c": "d}"}, tru, 5]'), "")
    assert [type(value) is Broken for _, value in found] == [False, False, True, False, True, False]


def test_what_was_whole_in_a_file_that_is_cut_off_is_given(tmp_path: Path) -> None:
    for cut in ("[1, 2", '[1, 2, "x', "[1, 2,", '[1, 2, {"a": [', "[1, 2, 3:"):
        found = values(put(tmp_path, cut), "")
        assert [value for _, value in found[1:3]] == [1, 2]
        assert isinstance(found[-1][1], Broken), cut


def test_what_is_no_json_is_broken(tmp_path: Path) -> None:
    for content in (b"", b"hello", b"{]", b'{"a"', b"\xff\xfe\x00", b'{1: "x"}', b"[1 2]", b"\x00" * 100):
        assert isinstance(values(put(tmp_path, content), "")[-1][1], Broken), content


def test_deep_nesting_is_broken_and_what_comes_after_it_is_read(tmp_path: Path) -> None:
    deep = "[" * 300_000 + "]" * 300_000
    found = values(put(tmp_path, f'[{deep}, {{"a": {deep}}}, 1]'), "")
    assert [isinstance(value, Broken) for _, value in found[1:]] == [True, True, False]


def test_a_value_without_an_end_is_given_up_before_memory_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_walk, "LONGEST_VALUE", 1 << 20)
    for begin in (b'[1, "x', b"[1, [", b"[1, 9"):
        found = values(put(tmp_path, begin + begin[-1:] * (8 << 20)), "")
        assert found[1][1] == 1
        assert "longer than any message" in found[-1][1].reason


def test_a_file_of_broken_values_only_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_walk, "MOST_BROKEN", 100)
    found = values(put(tmp_path, "[" + '{"a": x},' * 50_000 + "1]"), "")
    assert len(found) == 102
    assert "more than 100" in found[-1][1].reason


def test_lines_are_read_one_by_one(tmp_path: Path) -> None:
    path = put(tmp_path, '\ufeff{"a": 1}\n\n{"b": \r\n[3]\r\n')
    found = [(one.number, one.value) for one in json_lines(open_container(path), path.name)]
    assert found[0] == (1, {"a": 1})
    assert isinstance(found[1][1], Broken)
    assert found[2] == (4, [3])


def test_heads_are_of_the_files_that_lie_least_deep(tmp_path: Path) -> None:
    for name in ("b/c/d.json", "a/x.json", "z.json", "y.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    files = open_container(tmp_path)
    assert [name for name, _ in json_heads(files, ".json", most=2)] == ["z.json", "a/x.json"]
