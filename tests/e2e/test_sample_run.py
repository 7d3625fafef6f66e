"""What a stranger does first: `make run` shows the sample community, and README says how to call it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.sample.generate import generate

from .sample import ROOT, YIQI, recipe, run, sample_data

README = (ROOT / "README.md").read_text()
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample in it, made as `make run` makes it."""
    return sample_data(tmp_path_factory)


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[str]:
    """HOST:PORT of a server of the sample."""
    command = [*YIQI, "serve", "--data", str(data), "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on "), line
        yield line.split()[-1]
        process.terminate()
        assert process.wait(60) == 0


def test_every_recommendation_that_make_run_shows_has_reasons(data: Path) -> None:
    shown = recipe(data, "recommend")
    assert [line[4] for line in shown] == ["peers", "collaborators", "projects"]
    for line in shown:
        table = run(*line)
        found = re.findall(r"^ +0\.\d{3} ", table, re.MULTILINE)
        assert len(found) == 3, table
        assert len(re.findall(r"(?<=\s)·\s?\S", table)) >= 3, table


def test_make_run_shows_a_collaborator_who_seeks_in_chinese_what_is_offered_in_english(data: Path) -> None:
    [line] = [line for line in recipe(data, "recommend") if line[4] == "collaborators"]
    first = run(*line, "--limit", "1")
    assert "bai-lu" in first
    assert "英语母语的编辑" in first


def test_the_chinese_search_of_make_run_finds_somebody_who_writes_english(data: Path) -> None:
    [line] = recipe(data, "search")
    assert re.search(r"[\u4e00-\u9fff]", line[-1])
    assert "ruth-adler" in run(*line)


STRANGERS = [
    ("shen-mo", "hanna-vogt", "谁能陪我练德语口语"),
    ("he-yun", "ruth-adler", "谁能帮我写资助申请书？"),
    ("jonas-brandt", "ma-tiesheng", "somebody who writes low power firmware for a soil sensor"),
    ("aoife-byrne", "tang-wen", "who knows how schools buy things"),
    ("luo-ning", "priya-nair", "谁懂无障碍测试和屏幕阅读器"),
    ("marta-kowalczyk", "bai-lu", "谁能把中文小说翻成英文"),
]


@pytest.mark.parametrize(("query", "helper", "asked"), STRANGERS)
def test_whoever_docs_say_can_be_found_is_among_the_first_three(
    data: Path, query: str, helper: str, asked: str
) -> None:
    place = ["--data", data, "--community", "makers", "--limit", "3"]
    assert f"| `{query}` (" in (ROOT / "docs" / "sample.md").read_text()
    assert helper in run(*YIQI, "recommend", "collaborators", *place, "--member", query)
    assert helper in run(*YIQI, "search", *place, asked)


def test_importing_the_sample_again_changes_nothing(data: Path) -> None:
    [line] = recipe(data, "import")
    summary = run(*line)
    assert f" 0 created, {len(generate()['message']):,} unchanged" in summary
    assert "kept as they were" not in summary


def test_the_python_example_of_readme_prints_three_collaborators(server: str) -> None:
    [example] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert "127.0.0.1:50551" in example
    lines = run(sys.executable, "-c", example.replace("127.0.0.1:50551", server)).splitlines()
    assert len(lines) == 3
    assert all("communities/makers/members/" in line for line in lines)


def test_buf_calls_the_server_by_reflection_as_readme_says(server: str) -> None:
    [command] = re.findall(r"^buf curl .*?[^\\]$", README, re.MULTILINE | re.DOTALL)
    words = shlex.split(command.replace("\\\n", " ").replace("127.0.0.1:50551", server))
    assert '"recommendationToken"' in run(BIN / "buf", *words[1:])


def test_who_only_advertises_is_recommended_to_nobody_but_can_be_searched_for(data: Path) -> None:
    [line] = [line for line in recipe(data, "recommend") if line[4] == "peers"]
    assert "kevin-growth" not in run(*line, "--limit", "20")
    [search] = recipe(data, "search")
    assert "kevin-growth" in run(*search[:-1], "增长训练营")
