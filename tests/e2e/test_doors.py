"""The same command on a data folder and on a server: the same words, mistakes and exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.compose import open_server
from service.core.settings import Settings

from .conftest import Done, Yiqi

MISTAKES = {
    "no such community": ("recommend", "peers", "--all", "--community", "nowhere"),
    "no such community to list": ("members", "list", "--community", "nowhere"),
    "no such community to export": ("export", "never.zip", "--community", "nowhere"),
    "a community that is no id": ("search", "kiln", "--community", "a/b"),
    "no such member": ("recommend", "collaborators", "--member", "nobody", "--community", "c"),
    "a member that is no id": ("recommend", "peers", "--member", "a/b", "--community", "c"),
    "a name that two have": ("recommend", "peers", "--member", "Twin", "--community", "c"),
    "no such round": ("round", "show", "none", "--community", "c"),
    "no such model": ("models", "promote", "none", "--community", "c"),
    "no such suggestion": ("suggestions", "strike", "none", "--community", "c"),
    "an import without an id": ("import", "tests/e2e/lakeside", "--community", "a/b"),
}
ANSWERS = {
    "members": ("members", "list", "person"),
    "suggestions": ("suggestions", "list", "--state", "all", "--format", "jsonl"),
    "models": ("models", "list", "--format", "jsonl"),
    "proposals": ("propose", "--format", "json"),
    "health": ("health", "--format", "json", "--since", "2026-03-01"),
}


@pytest.fixture(scope="module")
def here(data: Path) -> Iterator[str]:
    """The address of a server of the data folder in this process."""
    with open_server(Settings(data=data)) as address:
        yield address


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_in_the_same_words_with_the_same_exit_code_through_both_doors(
    mistake: str, yiqi: Yiqi, data: Path
) -> None:
    found: list[Done] = [yiqi(*MISTAKES[mistake])]
    with open_server(Settings(data=data), writes=True) as address:
        found.append(yiqi(*MISTAKES[mistake], "--server", address))
    assert found[0].code in (1, 2)
    assert found[0].err.strip()
    assert found[0] == found[1]


@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_is_printed_in_the_same_bytes_through_both_doors(what: str, yiqi: Yiqi, here: str) -> None:
    folder = yiqi(*ANSWERS[what], "--community", "c")
    server = yiqi(*ANSWERS[what], "--community", "c", "--server", here)
    assert folder.code == 0, folder.err
    assert server == folder


def test_an_export_holds_the_same_bytes_through_both_doors_in_every_form(yiqi: Yiqi, here: str, tmp_path: Path) -> None:
    for name in ("a.zip", "a.tar.gz", "folder"):
        for door, given in (("data", ()), ("server", ("--server", here))):
            done = yiqi("export", tmp_path / door / name, "--community", "c", *given)
            assert done.code == 0, done.err
            assert "member" in done.out
    for one in sorted(path for path in (tmp_path / "data").rglob("*") if path.is_file()):
        assert one.read_bytes() == (tmp_path / "server" / one.relative_to(tmp_path / "data")).read_bytes(), one


def test_the_environment_names_a_server_and_the_command_line_goes_before_it(
    yiqi: Yiqi, here: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIQI_DATA", str(tmp_path))
    monkeypatch.setenv("YIQI_SERVER", here)
    assert "m00" in yiqi("members", "--community", "c").out
    monkeypatch.setenv("YIQI_SERVER", "127.0.0.1:1")
    assert yiqi("members", "--community", "c").code == 1
    assert "m00" in yiqi("members", "--community", "c", "--data", data).out
    assert "m00" in yiqi("members", "--community", "c", "--server", here).out
    both = yiqi("members", "--community", "c", "--data", data, "--server", here)
    assert both.code == 2
    assert "not both" in both.err
