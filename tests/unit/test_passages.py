"""Messages become passages, and come out of them again."""

from __future__ import annotations

import json

import numpy as np
import pytest

from models.domain.records import Member, Message, Need, Project
from models.text.passages import (
    DOCUMENT_CHARS,
    MESSAGE_PASSAGES,
    PASSAGE_CHARS,
    PassageBuilder,
    clean,
    profile_passages,
    project_text,
    split,
)

MINUTE = 60 * 1_000_000


def said(id: str, author: str, minute: float, text: str, channel: str = "hall", thread: str = "") -> Message:
    return Message(id=id, author=author, time=int(minute * MINUTE), text=text, channel=channel, thread=thread)


def built(*messages: Message) -> PassageBuilder:
    builder = PassageBuilder()
    for message in messages:
        builder.add(message)
    return builder


def test_consecutive_lines_of_one_author_make_one_passage() -> None:
    builder = PassageBuilder()
    assert builder.add(said("1", "ann", 0, "I keep bees")) == 0
    assert builder.add(said("2", "ann", 1, "three hives now")) == 0
    assert list(builder.texts) == ["I keep bees\nthree hives now"]
    assert list(builder.message_ids) == [("1", "2")]
    assert (builder.starts[0], builder.ends[0]) == (0, MINUTE)
    assert (builder.authors, builder.channels, builder.threads) == (["ann"], ["hall"], [""])


def test_somebody_else_speaking_breaks_the_run() -> None:
    builder = built(said("1", "ann", 0, "one"), said("2", "bo", 1, "two"), said("3", "ann", 2, "three"))
    assert list(builder.texts) == ["one", "two", "three"]


def test_a_wordless_line_of_somebody_else_breaks_the_run_too() -> None:
    builder = built(said("1", "ann", 0, "one"), said("2", "bo", 1, "👍"), said("3", "ann", 2, "three"))
    assert list(builder.texts) == ["one", "three"]


def test_a_wordless_line_of_the_same_author_keeps_the_run() -> None:
    builder = built(said("1", "ann", 0, "one"), said("2", "ann", 1, "..."), said("3", "ann", 2, "three"))
    assert list(builder.texts) == ["one\nthree"]


def test_speaking_elsewhere_does_not_break_the_run() -> None:
    builder = built(
        said("1", "ann", 0, "one"),
        said("2", "bo", 0.5, "two", channel="kitchen"),
        said("3", "cy", 0.6, "three", thread="t1"),
        said("4", "ann", 1, "four"),
    )
    assert list(builder.texts) == ["one\nfour", "two", "three"]


@pytest.mark.parametrize(("gap", "passages"), [(10, 1), (10.1, 2)])
def test_a_gap_of_more_than_ten_minutes_breaks_the_run(gap: float, passages: int) -> None:
    assert len(built(said("1", "ann", 0, "one"), said("2", "ann", gap, "two"))) == passages


def test_a_late_message_makes_a_passage_of_its_own_and_disturbs_nobody() -> None:
    builder = built(
        said("1", "ann", 5, "one"),
        said("late", "ann", 4, "before"),
        said("lost", "bo", 3, "earlier"),
        said("2", "ann", 6, "two"),
    )
    assert list(builder.texts) == ["one\ntwo", "before", "earlier"]


def test_a_full_passage_is_followed_by_another() -> None:
    builder = built(*(said(str(i), "ann", i / 10, "word " * 60) for i in range(10)))
    assert len(builder) > 1
    assert all(len(text) <= PASSAGE_CHARS for text in builder.texts)


def test_a_long_message_takes_several_passages_and_never_more_than_eight() -> None:
    builder = PassageBuilder()
    first = builder.add(said("long", "ann", 0, "A sentence that goes on. " * 4_000))
    assert builder.passages_of("long") == range(first, first + MESSAGE_PASSAGES)
    assert all(0 < len(text) <= PASSAGE_CHARS for text in builder.texts)
    assert all(text.endswith(".") for text in builder.texts)


@pytest.mark.parametrize("text", ["字" * 5_000, "x" * 5_000, "短句。" * 2_000, "a b " * 2_000])
def test_splitting_loses_nothing_but_spaces_and_respects_the_size(text: str) -> None:
    parts = split(text, size=1_000, most=100)
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")
    assert max(map(len, parts)) <= 1_000


def test_a_removed_message_leaves_the_rest_of_its_passage() -> None:
    builder = built(said("1", "ann", 0, "one"), said("2", "ann", 1, "two"), said("3", "ann", 2, "three"))
    assert builder.remove("1") == 0
    assert list(builder.texts) == ["two\nthree"]
    assert (builder.starts[0], builder.ends[0]) == (MINUTE, 2 * MINUTE)
    assert builder.remove("1") is None


def test_a_passage_without_messages_is_empty_and_is_not_spoken_into_again() -> None:
    builder = built(said("1", "ann", 0, "one"))
    builder.remove("1")
    assert list(builder.texts) == [""]
    assert builder.add(said("2", "ann", 1, "two")) == 1


def test_removing_a_long_message_empties_all_its_passages() -> None:
    builder = built(said("long", "ann", 0, "A sentence that goes on. " * 4_000), said("2", "bo", 1, "hello"))
    builder.remove("long")
    assert [text for text in builder.texts if text] == ["hello"]


def test_the_same_message_twice_is_refused() -> None:
    builder = built(said("1", "ann", 0, "one"))
    with pytest.raises(ValueError, match="already"):
        builder.add(said("1", "ann", 0, "one"))


def test_a_restored_builder_goes_on_as_if_nothing_had_happened() -> None:
    before = [said("1", "ann", 0, "one"), said("2", "bo", 1, "two"), said("3", "bo", 2, "three")]
    after = [said("4", "bo", 3, "four"), said("5", "ann", 4, "five"), said("6", "ann", 2, "late")]
    whole = built(*before, *after)
    state = built(*before).state()
    restored = PassageBuilder.from_state(json_round_trip(state))
    for message in after:
        restored.add(message)
    assert restored.remove("3") == whole.remove("3")
    assert list(restored.texts) == list(whole.texts)
    assert (restored.starts, restored.ends) == (whole.starts, whole.ends)


def json_round_trip(state: dict[str, np.ndarray | list[str]]) -> dict[str, np.ndarray | list[str]]:
    """Lists go through JSON and arrays through bytes, as in a snapshot: nothing else may hide in a state."""
    return {
        key: np.frombuffer(value.tobytes(), dtype=value.dtype)
        if isinstance(value, np.ndarray)
        else json.loads(json.dumps(value))
        for key, value in state.items()
    }


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        ("hello   world\n\nagain", "hello world again"),
        ("@bo: look at this", "look at this"),
        ("@张三 一起做前端吗", "一起做前端吗"),
        ("@所有人,明天见", "明天见"),
        ("@小明你会做前端吗?我们缺人", "@小明你会做前端吗?我们缺人"),
        ("write to bo@example.org", "write to bo@example.org"),
        ("see https://www.example.org/a/b?c=d#e for more", "see example.org for more"),
        ("看https://example.org/文档这篇", "看 example.org 文档这篇"),
        ("> what do you do?\nI paint", "I paint"),
        (">50% of us agree", ">50% of us agree"),
        ("run ```\nrm -rf /tmp/x\n``` please", "run please"),
        ("use `make run` first", "use make run first"),
        ('[quote="bo"]old words[/quote] new words', "new words"),
        ("nul\x00byte and \ud800 lone", "nul byte and lone"),
        ("👍👍", ""),
        ("?!... --", ""),
        ("> only a quote", ""),
        ("🎉 we shipped", "🎉 we shipped"),
        ("", ""),
    ],
)
def test_cleaning_keeps_what_a_person_said(raw: str, left: str) -> None:
    assert clean(raw) == left


def test_cleaned_text_can_always_be_written_as_utf8() -> None:
    assert clean("a\udc80b\ud83d").encode() == b"a b"


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "unit", ["[quote]", "```", "://", "@a", "> ", "www.", "a.", "字", "\ud800", "[quote", "`", "@@"]
)
def test_a_hundred_kilobytes_of_anything_are_cleaned_at_once(unit: str) -> None:
    assert len(split(clean(unit * (100_000 // len(unit)) + " end"))) <= MESSAGE_PASSAGES


def test_a_profile_gives_a_passage_a_statement() -> None:
    member = Member(
        id="ann", profile="I keep  bees", aims=("a garden", "👍"), offers=(Need("honey", "resources"),),
        seeks=(Need("land"),), values=("care",),
    )  # fmt: skip
    assert profile_passages(member) == [
        ("profile", "I keep bees"), ("aims", "a garden"), ("offers", "honey"), ("seeks", "land"), ("values", "care"),
    ]  # fmt: skip


def test_a_project_is_its_title_and_text() -> None:
    assert (
        project_text(Project(id="p", time=None, title="Roof garden", text="soil\nand seeds"))
        == "Roof garden\nsoil and seeds"
    )
    assert project_text(Project(id="p", time=None, title="屋顶花园")) == "屋顶花园"
    assert project_text(Project(id="p", time=None)) == ""
    assert len(project_text(Project(id="p", time=None, title="t", text="long " * 2_000))) <= DOCUMENT_CHARS
