"""Where lines of running text end, in tables and on posters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from service.rendering.wrapping import wrapped

NAMES = ("周予安 Yu'an", "刘嘉慧 Grace", "Ben Carter", "老K", "张")
words = st.sampled_from(
    [*NAMES, "聊聊", "，", "“茶”", "a", "soldering", "https://x.org/a/b", "。", "（再说）", "don’t", "3.5%"]
)
texts = st.lists(words, max_size=12).map(" ".join) | st.lists(words, max_size=12).map("".join)


@given(texts, st.integers(min_value=20, max_value=60))
def test_lines_fit_lose_nothing_and_break_no_name(text: str, width: int) -> None:
    lines = wrapped(text, width, NAMES)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for name in ("周予安 Yu'an", "刘嘉慧 Grace", "Ben Carter"):
        if f" {name} " in f" {text} ":
            assert any(name in line for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("both solder and weld", 10, ["both", "solder and", "weld"]),
        ("一起读一点哲学，不要求基础", 14, ["一起读一点哲", "学，不要求基础"]),
        ("大家说：“好”", 8, ["大家说：", "“好”"]),
        ("ask 方一 (方一), then", 10, ["ask 方一", "(方一),", "then"]),
        ("she offers “bread”.", 18, ["she offers", "“bread”."]),
        ("dance(s) or e.g. a walk", 8, ["dance(s)", "or e.g.", "a walk"]),
        ("· 周四见", 6, ["· 周四", "见"]),
        ("s01067c0931294df02d0b7fb3", 30, ["s01067c0931294df02d0b7fb3"]),
        ("averyverylongword", 6, ["averyv", "erylon", "gword"]),
        ("one\n\ntwo", 9, ["one", "", "two"]),
        ("", 9, [""]),
    ],
)
def test_a_line_ends_between_words_or_chinese_letters_and_never_before_a_comma(
    text: str, width: int, lines: list[str]
) -> None:
    assert wrapped(text, width) == lines
