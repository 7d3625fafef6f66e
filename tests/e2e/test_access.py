"""Tokens and TLS as an operator meets them: real processes, real files, real certificates."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import orjson
import pytest
from yiqi.client import YiqiClient, YiqiRpcError
from yiqi.v1.community_pb2 import CreateCommunityRequest

from tests.certificates import Authority
from tests.e2e.serving import READY, ROOT, RUN

PASSING = {"TOKEN", "TOKEN_FILE", "SERVER_CA", "CLIENT_CERT", "CLIENT_KEY", "INSECURE", "SERVER"}


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.removeprefix("YIQI_") not in PASSING}
    return {**kept, "YIQI_LOG_LEVEL": "warning", "OMP_NUM_THREADS": "1", **more}


def yiqi(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", RUN, *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, env=environment(**more), capture_output=True, text=True, timeout=240, check=False
    )


@contextmanager
def serving(data: Path, *words: str, listen: str = "127.0.0.1:0", **more: str) -> Iterator[tuple[str, str]]:
    """A running server: its address, and the line that follows the ready line ("" where none does)."""
    command = [sys.executable, "-c", RUN, "serve", "--data", str(data), "--listen", listen, *words]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, env=environment(**more), stdout=pipe, stderr=pipe, text=True)
    assert process.stdout is not None
    ready = process.stdout.readline()
    if not ready.startswith(READY):
        raise AssertionError(f"the server said {ready!r} and {process.communicate(timeout=60)}")
    try:
        yield ready.removeprefix(READY).strip(), process.stdout.readline().strip() if "SILENT" not in more else ""
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def token(data: Path, *words: str) -> str:
    """A token that the command made."""
    made = yiqi("token", "create", "--data", data, *words)
    assert made.returncode == 0, made.stderr
    assert made.stdout.count("\n") == 1
    return made.stdout.strip()


def test_tokens_are_made_used_exchanged_and_revoked_beside_a_running_server(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, line):
        assert line.startswith(f"no tokens: whoever reaches {address} may do everything")
        with YiqiClient(address, timeout=30) as anybody:
            anybody.create_community("makers")
            first = token(tmp_path, "--community", "makers", "--role", "organizer", "--days", "1")
            with pytest.raises(YiqiRpcError) as caught:
                list(anybody.list_members("makers"))
            assert caught.value.reason == "NOT_AUTHENTICATED"
        second = token(tmp_path, "--community", "makers", "--role", "reader")
        members = ("members", "list", "--community", "makers", "--server", address)
        file = tmp_path / "token"
        file.write_text(first + "\n")
        assert yiqi(*members, YIQI_TOKEN=first).returncode == 0
        assert yiqi(*members, YIQI_TOKEN_FILE=str(file)).returncode == 0
        denied = yiqi(*members, YIQI_TOKEN=second)
        assert (denied.returncode, denied.stdout) == (1, "")
        assert "takes the role platform, and the token has the role reader" in denied.stderr
        listed = yiqi("token", "list", "--data", tmp_path, "--community", "makers", "--format", "jsonl")
        rows = [orjson.loads(row) for row in listed.stdout.splitlines()]
        assert [(row["role"], row["state"]) for row in rows] == [("organizer", "valid"), ("reader", "valid")]
        assert yiqi("token", "revoke", rows[0]["token"], "--data", tmp_path).returncode == 0
        ended = yiqi(*members, YIQI_TOKEN=first)
        assert ended.returncode == 1
        assert "carries no token that is valid here" in ended.stderr
        assert "revoked" in yiqi("token", "list", "--data", tmp_path).stdout
        for told in (denied, listed, ended):
            assert not any(one.split("_", 2)[2] in told.stdout + told.stderr for one in (first, second))
    assert yiqi("token", "revoke", "00000000", "--data", tmp_path).returncode == 1


@pytest.mark.parametrize("words", [("--role", "reader"), ("--role", "king", "--community", "makers")], ids=str)
def test_a_token_wants_a_community_and_a_role_that_there_is(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert yiqi("token", "create", "--data", tmp_path, *words).returncode == 2
    assert not (tmp_path / "access.json").exists()


@pytest.mark.parametrize("have", ["nothing", "tokens", "tls"])
def test_an_address_that_others_reach_wants_tls_and_tokens(tmp_path: Path, have: str) -> None:
    cert, key = Authority(tmp_path).issue("server")
    tls = {"YIQI_TLS_CERT": str(cert), "YIQI_TLS_KEY": str(key)} if have == "tls" else {}
    if have == "tokens":
        token(tmp_path, "--community", "makers", "--role", "reader")
    refused = yiqi("serve", "--data", tmp_path, "--listen", "0.0.0.0:0", **tls)
    assert refused.returncode == 1
    missing = {"nothing": "TLS and tokens", "tokens": "TLS", "tls": "tokens"}[have]
    assert refused.stderr.startswith(
        f"yiqi: At 0.0.0.0:0 others can reach the server, which would run without {missing}. Set YIQI_TLS_CERT"
    )
    with serving(tmp_path, "--insecure", listen="0.0.0.0:0", **tls) as (address, line):
        assert address.startswith("0.0.0.0:")
        assert line.startswith("no TLS" if have == "tokens" else "no tokens")


def test_tls_and_tokens_together_reach_a_command(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    cert, key = authority.issue("server")
    data = tmp_path / "data"
    secret = token(data, "--every-community", "--role", "admin")
    tls = {"YIQI_TLS_CERT": str(cert), "YIQI_TLS_KEY": str(key), "SILENT": "1"}
    with serving(data, listen="0.0.0.0:0", **tls) as (address, _):
        address = address.replace("0.0.0.0", "127.0.0.1")
        credentials = grpc.ssl_channel_credentials(authority.file.read_bytes())
        with YiqiClient(address, token=secret, credentials=credentials, timeout=30) as admin:
            admin.create_community("makers")
        members = ("members", "list", "--community", "makers", "--server")
        trusted = {"YIQI_TOKEN": secret, "YIQI_SERVER_CA": str(authority.file)}
        assert yiqi(*members, f"https://{address}", **trusted).returncode == 0
        assert yiqi(*members, f"https://{address}", YIQI_TOKEN=secret).returncode == 1  # not among the system's
        assert yiqi(*members, address, YIQI_TOKEN=secret).returncode == 1


def test_a_token_does_not_go_over_the_network_in_the_clear(tmp_path: Path) -> None:
    members = ("members", "list", "--community", "makers", "--server", "192.0.2.1:50551")
    refused = yiqi(*members, YIQI_TOKEN="yiqi_00000000_secret")
    assert refused.returncode == 2
    assert "TLS only" in " ".join(refused.stderr.split())
    assert "secret" not in refused.stderr
    for target in ("192.0.2.1:50551", "127.example.org:50551", "yiqi.example.org"):
        with pytest.raises(ValueError, match="TLS only"):
            YiqiClient(target, token="yiqi_00000000_secret")
    for target in ("127.0.0.1:1", "[::1]:1", "localhost:1", "unix:/tmp/socket"):
        YiqiClient(target, token="yiqi_00000000_secret").close()


def test_a_renewed_certificate_counts_without_a_restart_and_a_broken_one_does_not(tmp_path: Path) -> None:
    old, new = Authority(tmp_path, "old"), Authority(tmp_path, "new")
    cert, key = old.issue("server")
    tls = {"YIQI_TLS_CERT": str(cert), "YIQI_TLS_KEY": str(key)}
    with serving(tmp_path / "data", **tls) as (address, _):
        assert reaches(address, old)
        assert not reaches(address, new)
        new.issue("server")
        assert reaches(address, new)
        assert not reaches(address, old)
        cert.write_text("rubbish")
        assert reaches(address, new)


def test_clients_need_a_certificate_where_one_is_asked_for(tmp_path: Path) -> None:
    authority, stranger = Authority(tmp_path), Authority(tmp_path, "stranger")
    cert, key = authority.issue("server")
    tls = {"YIQI_TLS_CERT": str(cert), "YIQI_TLS_KEY": str(key), "YIQI_TLS_CLIENT_CA": str(authority.file)}
    with serving(tmp_path / "data", **tls) as (address, _):
        assert reaches(address, authority, authority.issue("client"))
        assert not reaches(address, authority, stranger.issue("other"))
        assert not reaches(address, authority)
        own, secret = authority.issue("client")
        shown = {"YIQI_SERVER_CA": str(authority.file), "YIQI_CLIENT_CERT": str(own), "YIQI_CLIENT_KEY": str(secret)}
        answered = yiqi("members", "list", "--community", "makers", "--server", address, **shown)
        assert "There is no community makers" in answered.stderr


def test_a_certificate_without_its_key_is_refused_in_a_sentence(tmp_path: Path) -> None:
    cert, _ = Authority(tmp_path).issue("server")
    _, other = Authority(tmp_path, "other").issue("another")
    for tls in ({"YIQI_TLS_CERT": str(cert)}, {"YIQI_TLS_CERT": str(cert), "YIQI_TLS_KEY": str(other)}):
        refused = yiqi("serve", "--data", tmp_path / "data", "--listen", "127.0.0.1:0", **tls)
        assert refused.returncode == 1
        assert refused.stderr.splitlines()[-1].startswith("yiqi: T")
        assert "TLS" in refused.stderr
        assert "Traceback" not in refused.stderr


def reaches(address: str, trusted: Authority, shown: tuple[Path, Path] | None = None) -> bool:
    """Whether a new connection that trusts an authority, and shows a certificate and its key, gets an answer."""
    cert, key = (file.read_bytes() for file in shown) if shown else (None, None)
    credentials = grpc.ssl_channel_credentials(trusted.file.read_bytes(), key, cert)
    with YiqiClient(address, credentials=credentials, timeout=20, attempts=1) as client:
        try:
            client.communities.CreateCommunity(CreateCommunityRequest(community_id="c"))
        except YiqiRpcError as error:
            if error.status is not grpc.StatusCode.UNAVAILABLE:
                raise
            return False
        return True
