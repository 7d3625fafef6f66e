"""What `yiqi health` says of help: recorded, read from words, or known from too little; in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from service.cli.app import app

PEOPLE = {"ann": "Ann Lee", "bo": "王博", "cy": "Cy", "di": "Di", "ed": "Ed", "flo": "Flo"}


def yiqi(*args: str | Path) -> str:
    done = CliRunner().invoke(app, [*map(str, args)], env={"COLUMNS": "160"})
    assert done.exit_code == 0, done.output
    return done.stdout


def line(author: str, minute: int, text: str, **fields: Any) -> dict[str, Any]:
    time = f"2026-03-{1 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00Z"
    return {"id": f"{author}{minute}", "author": author, "time": time, "channel": "lobby", "text": text, **fields}


def community(folder: Path, *messages: dict[str, Any], people: Iterable[str] = PEOPLE, outcomes: str = "") -> Path:
    """A data folder with a community in which everybody named says something, and then these messages are said."""
    here = list(people)
    members = [{"id": id, "name": PEOPLE[id], "consent": "members"} for id in here]
    hello = [line(id, at, "hm") for at, id in enumerate(here)]
    archive = folder / "archive"
    archive.mkdir()
    for name, rows in (("members", members), ("messages", [*hello, *messages])):
        (archive / f"{name}.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    if outcomes:
        (archive / "outcomes.jsonl").write_text(outcomes)
    yiqi("import", archive, "--community", "c", "--data", folder / "data")
    return folder / "data"


def figure(data: Path, kind: str) -> dict[str, Any]:
    told = orjson.loads(yiqi("health", "--community", "c", "--data", data, "--format", "json"))
    return next(one for one in told["figures"] if one["kind"] == f"HEALTH_FIGURE_KIND_{kind}")


def thanked(data: Path) -> dict[str, int]:
    """Who was thanked how often."""
    return {p["member"].split("/")[-1]: int(p["value"]) for p in figure(data, "THANKED").get("pointers", [])}


def asked(text: str, *, answer: str = "try the other port", **fields: Any) -> list[dict[str, Any]]:
    """Ann asks, Bo answers, and Ann says `text`."""
    return [
        line("ann", 100, "it does not start, how do I mend it?"),
        line("bo", 110, answer, reply_to="ann100"),
        line("ann", 120, text, **fields),
    ]


# -- recorded help -------------------------------------------------------------------------------------------------


def test_where_nobody_recorded_help_it_is_said_and_no_percentage(tmp_path: Path) -> None:
    data = community(tmp_path)
    newest = figure(data, "HELPED")["values"][-1]
    assert newest == {"count": "6", "unknown": "HEALTH_UNKNOWN_NOBODY_RECORDED"}
    shown = {lang: yiqi("health", "--community", "c", "--data", data, "--language", lang) for lang in ("en", "zh")}
    row = {lang: next(s for s in text.splitlines() if mark in s)
           for (lang, text), mark in zip(shown.items(), ("by recorded outcomes", "按记录"), strict=True)}  # fmt: skip
    assert "nobody recorded help" in row["en"]
    assert "没有人记录过帮助" in row["zh"]
    assert "%" not in row["en"] + row["zh"]


def test_recorded_help_counts_in_its_own_figure_and_not_in_that_of_words(tmp_path: Path) -> None:
    helped = '{"id": "o", "from": "ann", "to": "bo", "time": "2026-03-01T00:30:00Z", "kind": "helped"}\n'
    data = community(tmp_path, outcomes=helped)
    assert figure(data, "HELPED")["values"][-1]["value"] == pytest.approx(1 / 6)
    assert figure(data, "THANKED")["values"][-1]["value"] == 0


# -- help in words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("谢谢！", {"reply_to": "bo110"}),
        ("多谢多谢", {"mentions": ["bo"]}),
        ("感谢 @王博 帮忙", {}),
        ("谢谢王博", {}),
        ("搞定了，原来是端口", {"reply_to": "bo110"}),
        ("解决了", {}),
        ("thanks!", {"reply_to": "bo110"}),
        ("ok that worked", {}),
        ("solved, it was the port", {"mentions": ["bo"]}),
        ("Thank you, what a relief", {}),
        ("谢谢！那另一个口是干什么的？", {"reply_to": "bo110"}),
    ],
)
def test_thanks_and_answers_taken_up_are_help(tmp_path: Path, text: str, fields: dict[str, Any]) -> None:
    data = community(tmp_path, *asked(text, **fields))
    assert thanked(data) == {"bo": 1}
    assert figure(data, "THANKED")["values"][-1]["value"] == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    "text",
    [
        "thanks in advance",
        "先谢了",
        "提前感谢！",
        "先谢谢各位",
        "Thanks for nothing",
        "thanks a lot, now it is broken",
        "谢谢你啊，更糟了",
        "我谢谢你",
        "谢谢，不用了",
        "no thanks",
        "thanks, but it still does not start",
        "还没解决",
        "it is not solved",
        "解决了吗？",
        "could you look at it once more please, thanks",
        "能再帮我看看吗？谢谢",
        "hm",
    ],
)
def test_thanks_before_the_help_sarcasm_and_refusals_are_none(tmp_path: Path, text: str) -> None:
    assert thanked(community(tmp_path, *asked(text, reply_to="bo110"))) == {}


def test_thanks_for_a_welcome_are_courtesy(tmp_path: Path) -> None:
    welcomed = [
        line("bo", 110, "欢迎 Ann！"),
        line("ann", 111, "谢谢", reply_to="bo110"),
        line("cy", 120, "welcome!", mentions=["di"]),
        line("di", 121, "thank you!", reply_to="cy120"),
    ]
    assert thanked(community(tmp_path, *welcomed)) == {}


def test_who_says_that_it_is_done_for_somebody_else_is_not_the_one_helped(tmp_path: Path) -> None:
    data = community(tmp_path, line("ann", 100, "谁能帮我看看？"), line("bo", 110, "搞定了，你试试", reply_to="ann100"))
    assert thanked(data) == {}


def test_one_thanks_counts_once_however_often_it_is_said(tmp_path: Path) -> None:
    again = [line("ann", 121, "really, thanks!", reply_to="bo110"), line("ann", 122, "搞定了", mentions=["bo"])]
    data = community(tmp_path, *asked("谢谢", reply_to="bo110"), *again)
    assert thanked(data) == {"bo": 1}
    later = line("ann", 120 + 3 * 1440, "thanks for the lift", mentions=["bo"])
    (tmp_path / "later").mkdir()
    assert thanked(community(tmp_path / "later", *asked("谢谢", reply_to="bo110"), *again, later)) == {"bo": 2}


def test_titles_say_what_each_figure_of_help_rests_on(tmp_path: Path) -> None:
    data = community(tmp_path)
    english = yiqi("health", "--community", "c", "--data", data)
    assert "Members helped, by recorded outcomes" in " ".join(english.split())
    assert "Members helped, by their own words" in " ".join(english.split())
    chinese = yiqi("health", "--community", "c", "--data", data, "--language", "zh")
    assert "得到帮助的成员（按记录）" in chinese
    assert "得到帮助的成员（按道谢）" in chinese


def test_words_of_closed_rooms_are_not_read(tmp_path: Path) -> None:
    data = community(tmp_path, line("ann", 100, "thanks!", mentions=["bo"], channel="den"))
    assert thanked(data) == {"bo": 1}
    (tmp_path / "closed").mkdir()
    closed = tmp_path / "closed" / "archive"
    closed.mkdir()
    for file in (tmp_path / "archive").iterdir():
        (closed / file.name).write_bytes(file.read_bytes())
    (closed / "channels.jsonl").write_text('{"id": "den", "visibility": "private"}\n')
    yiqi("import", closed, "--community", "c", "--data", tmp_path / "closed" / "data")
    assert thanked(tmp_path / "closed" / "data") == {}


# -- too few -------------------------------------------------------------------------------------------------------


def test_a_figure_of_too_few_cases_is_called_so_and_keeps_its_count(tmp_path: Path) -> None:
    data = community(tmp_path, line("ann", 100, "how?"), line("bo", 101, "so", reply_to="ann100"), people=["ann", "bo"])
    assert figure(data, "RECIPROCITY")["values"][-1] == {"count": "1", "unknown": "HEALTH_UNKNOWN_TOO_FEW"}
    for language, word in (("en", "too few"), ("zh", "太少")):
        picture = tmp_path / f"{language}.svg"
        shown = yiqi("health", "--community", "c", "--data", data, "--language", language, "--plot", picture)
        assert word in shown
        assert "%" not in shown
        assert word in picture.read_text()


def test_five_cases_are_enough(tmp_path: Path) -> None:
    talk = [line("ann", 100 + n, "hm", mentions=[other]) for n, other in enumerate(["bo", "cy", "di", "ed", "flo"])]
    newest = figure(community(tmp_path, *talk), "RECIPROCITY")["values"][-1]
    assert newest == {"value": 0.0, "count": "5"}


# -- a reply that mentions -----------------------------------------------------------------------------------------


def five_questions(asker_talks_on: bool) -> list[dict[str, Any]]:
    found = []
    for n in range(5):
        found += [line("ann", 100 + 10 * n, f"how do I do {n}?")]
    found += [line("ann", 160, "tea now")] if asker_talks_on else []
    answers = [
        line("bo", 200 + n, "@Ann Lee like this", reply_to=f"ann{100 + 10 * n}", mentions=["ann"]) for n in range(5)
    ]
    return [*found, *answers, line("cy", 4000, "hm")]


def test_a_reply_that_also_mentions_its_addressee_answers_what_it_replies_to(tmp_path: Path) -> None:
    data = community(tmp_path, *five_questions(asker_talks_on=True))
    assert figure(data, "ANSWERED")["values"][-1] == {"value": 1.0, "count": "5"}


def test_a_quoted_reply_of_wechat_that_mentions_somebody_answers_the_quoted_line(tmp_path: Path) -> None:
    asks = [f"2026-03-01 10:0{n}:00,小安,第 {n} 个问题怎么弄？" for n in range(5)]
    quotes = [f'"「小安：第 {n} 个问题怎么弄？」\n- - - - - - - - - - - - - - -\n@小安 这样弄"' for n in range(5)]
    answers = [f"2026-03-01 11:0{n}:00,老博,{quote}" for n, quote in enumerate(quotes)]
    between, after = "2026-03-01 10:06:00,小安,我先去吃饭", "2026-03-05 10:00:00,小安,嗯"
    rows = ["时间,昵称,内容", *asks, between, *answers, after]
    (tmp_path / "群.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    yiqi("import", tmp_path / "群.csv", "--community", "c", "--data", tmp_path / "data")
    assert figure(tmp_path / "data", "ANSWERED")["values"][-1] == {"value": 1.0, "count": "5"}
