"""How people wrote a term: whole, and no character of the word beside it."""

from __future__ import annotations

from models.text.terms import as_written, names


def test_a_character_that_always_stands_after_a_chinese_term_belongs_to_it() -> None:
    assert as_written("比特", ["今天聊比特币", "比特币又涨了", "谁有比特币"]) == "比特币"


def test_the_first_character_of_a_word_that_joins_is_no_part_of_the_term_before_it() -> None:
    texts = ["最近在读关于木工的书", "我最近在读关于诗歌的书", "最近在读关于陶艺的书，很好"]
    assert as_written("最近在读", texts) == "最近在读"


def test_a_word_is_added_to_a_chinese_term_whole_or_not_at_all() -> None:
    assert as_written("手机碎屏", ["手机碎屏自救", "我会手机碎屏自救", "手机碎屏自救指南"]) == "手机碎屏"


def test_what_was_done_and_pieces_of_sentences_name_nothing() -> None:
    used = {"fix", "real"}.__contains__
    for no in ("brought", "fixed", "really", "说不行", "那家书店"):
        assert not names(no, used), no
    for yes in ("taxes", "seed", "family", "播客", "修理日", "炒茶", "repair event"):
        assert names(yes, used), yes
