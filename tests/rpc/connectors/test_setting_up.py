"""What is said to whoever starts a listener without what it needs."""

from __future__ import annotations

import sys

import pytest

from service.cli.app import run

from .conftest import Known, Listen

COMMAND = ["yiqi", "listen", "slack", "--server", "127.0.0.1:1", "--community", "c"]


def fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setattr(sys, "argv", COMMAND)
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 1
    return capsys.readouterr().err


def test_a_missing_library_is_named_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "slack_sdk", None)
    monkeypatch.delitem(sys.modules, "service.connectors.slack", raising=False)
    assert "pip install 'yiqi[slack]'" in fails(monkeypatch, capsys)


def test_a_missing_token_is_named_and_one_that_is_there_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("slack_sdk")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    monkeypatch.delenv("SLACK_APP_TOKEN", raising=False)
    said = fails(monkeypatch, capsys)
    assert "SLACK_APP_TOKEN" in said
    assert "secret" not in said


def test_a_community_that_is_not_there_ends_it(known: Known, listen: Listen) -> None:
    pytest.importorskip("slack_sdk")
    known.forgets_the_community()
    listener = listen("slack", {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"})
    assert "no community c" in listener.says("yiqi: ")
