"""`yiqi listen` in a process of its own, and what the server knows afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from yiqi.client import community_name, id_of
from yiqi.v1 import channel_pb2, message_pb2
from yiqi.v1.community_pb2 import DeleteCommunityRequest
from yiqi.v1.member_pb2 import Member

from models.archive.times import parse_time
from service.application import messages as usecase
from service.application.importing import ImportSummary, import_archive
from service.importers import open_source
from tests.rpc.conftest import Running

ROOT = Path(__file__).parents[3]
PATIENCE = 90.0  # seconds until a test gives up; what it waits for comes within one or two


def until(true: Callable[[], bool], what: str = "it") -> None:
    """Waits for something to be so."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"{what} never came"
        time.sleep(0.02)


class Listener:
    """A process that listens; `lines` is what it says."""

    def __init__(self, platform: str, server: str, state: Path, environment: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", "service", "listen", platform, "--server", server, "--community", "c"]
        command += ["--state", str(state)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True
        )
        self.lines: list[str] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.lines.append(line.rstrip())

    def says(self, beginning: str) -> str:
        """The first line with this beginning, once it comes."""
        until(
            lambda: any(one.startswith(beginning) for one in self.lines) or self._process.poll() is not None, beginning
        )
        said = [one for one in self.lines if one.startswith(beginning)]
        assert said, self.lines
        return said[0]

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.wait()
        self._reading.join()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(PATIENCE)
        self._reading.join()
        return code


class Known:
    """What the server knows of the community."""

    def __init__(self, running: Running) -> None:
        self._running, self._client = running, running.client

    def members(self) -> dict[str, Member]:
        """By the handle on the platform, which is the first."""
        return {one.identities[0].handle: one for one in self._client.list_members("c")}

    def messages(self) -> dict[str, message_pb2.Message]:
        """By what they say."""
        request = message_pb2.ListMessagesRequest(parent=community_name("c"), page_size=1000)
        return {one.text: one for one in self._client.messages.ListMessages(request).messages}

    def texts(self) -> list[str]:
        return sorted(self.messages())

    def author(self, text: str) -> str:
        return next(key for key, one in self.members().items() if one.name == self.messages()[text].author)

    def mentioned(self, text: str) -> set[str]:
        names = {one.name: key for key, one in self.members().items()}
        return {names[one] for one in self.messages()[text].mentions}

    def channels(self) -> dict[str, channel_pb2.Channel]:
        request = channel_pb2.ListChannelsRequest(parent=community_name("c"), page_size=1000)
        return {id_of(one.name): one for one in self._client.channels.ListChannels(request).channels}

    def everything(self) -> list[object]:
        """All records, for comparing."""
        channels, messages = self.channels().values(), self.messages().values()
        return sorted(map(repr, (*self._client.list_members("c"), *channels, *messages)))

    def channel_before_message(self, channel: str, text: str) -> bool:
        """Whether it was known who may see a channel before something was said in it."""
        entries = [(one.kind, one.id) for one in self._running.store.changes("c", 0, 10_000)]
        message = id_of(self.messages()[text].name)
        return entries.index(("channel", channel)) < entries.index(("message", message))

    def forgets_the_community(self) -> None:
        self._client.communities.DeleteCommunity(DeleteCommunityRequest(name=community_name("c")))

    def imports(self, file: Path) -> ImportSummary:
        """Brings in an export of the same platform."""
        return import_archive(self._running.store, "c", open_source(file), now=parse_time("2026-11-30T00:00:00Z"))


@pytest.fixture
def known(running: Running) -> Known:
    running.client.create_community("c")
    return Known(running)


@pytest.fixture
def listen(running: Running, tmp_path: Path) -> Iterator[Callable[[str, Mapping[str, str]], Listener]]:
    """Starts a listener; one that still runs at the end is killed."""
    started: list[Listener] = []

    def start(platform: str, environment: Mapping[str, str]) -> Listener:
        started.append(Listener(platform, running.target, tmp_path / "bookmark", environment))
        return started[-1]

    yield start
    for one in started:
        one.kill()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """While it is set, the server takes no messages."""
    event, whole = threading.Event(), usecase.ingest_messages

    def ingest(*args: object, **kwargs: object) -> object:
        if event.is_set():
            raise RuntimeError("the disk is full")
        return whole(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(usecase, "ingest_messages", ingest)
    return event


Listen = Callable[[str, Mapping[str, str]], Listener]
