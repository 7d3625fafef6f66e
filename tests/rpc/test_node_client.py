"""A client in another language works from the .proto files alone: Node with @grpc/grpc-js and @grpc/proto-loader."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from .conftest import TOKEN, Running

PROTO = Path(__file__).parents[2] / "proto"
PACKAGES = ("@grpc/grpc-js@1.14", "@grpc/proto-loader@0.8")


def node_modules() -> Path:
    """A folder with the packages, kept between runs; skips where node or the packages cannot be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node is not installed")
    folder = Path(tempfile.gettempdir(), "yiqi-node-client")
    if not (folder / "node_modules/@grpc/proto-loader/package.json").exists():
        folder.mkdir(exist_ok=True)
        install = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *PACKAGES]
        try:
            done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
        except subprocess.TimeoutExpired:
            pytest.skip("npm did not finish")
        if done.returncode:
            pytest.skip(f"npm cannot install: {done.stderr[-200:]}")
    return folder


@pytest.mark.slow
def test_node_calls_the_service_from_the_proto_files_alone(running: Running) -> None:
    script = Path(__file__).with_name("client.mjs")
    modules = node_modules()
    command = ["node", str(script), str(modules), str(PROTO), running.target]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told == {
        "profile": "茶 🍵",
        "offer": {"text": "brewing", "kind": "VALUE_KIND_GROWTH"},
        "created": "1",
        "rejected": [["1", "ERROR_REASON_NAME_MALFORMED"]],
        "resource": "communities/node/members/bo",
        "reason": "REASON_TYPE_SHARED_AIM",
        "token": TOKEN,
        "refusal": {
            "code": "NOT_FOUND",
            "sentence": told["refusal"]["sentence"],
            "reason": "MEMBER_NOT_FOUND",
        },
    }
    assert "nobody" in told["refusal"]["sentence"]
    assert running.store.get("node", "message", ["1"])
