"""The contract: generated code is that of the .proto files, linted, and commented to the last enum value."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto, FileDescriptorSet

ROOT = Path(__file__).parents[2]
PROTO = ROOT / "proto"
FILES = sorted((PROTO / "yiqi" / "v1").glob("*.proto"))


def compile_into(out: Path) -> None:
    args = ["-I", str(PROTO), f"--python_out={out}", f"--pyi_out={out}", f"--grpc_python_out={out}"]
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", *args, *map(str, FILES)], check=True)


def test_the_generated_code_is_current(tmp_path: Path) -> None:
    compile_into(tmp_path)
    fresh = {path.name: path.read_text() for path in (tmp_path / "yiqi" / "v1").iterdir()}
    kept = {name: (PROTO / "yiqi" / "v1" / name).read_text() for name in fresh}
    assert fresh == kept
    assert len(fresh) == 3 * len(FILES)


def test_buf_finds_nothing_to_complain_about() -> None:
    buf = Path(sys.executable).with_name("buf")
    if not buf.exists():
        pytest.skip("buf is not installed")
    done = subprocess.run([str(buf), "lint", str(PROTO)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_in_the_contract_is_commented(tmp_path: Path) -> None:
    out = tmp_path / "set.bin"
    args = ["-I", str(PROTO), f"--descriptor_set_out={out}", "--include_source_info", *map(str, FILES)]
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", *args], check=True)
    found = FileDescriptorSet.FromString(out.read_bytes())
    missing = [name for file in found.file for name in uncommented(file)]
    assert missing == []


def uncommented(file: FileDescriptorProto) -> Iterator[str]:
    comments = {tuple(at.path): at.leading_comments.strip() for at in file.source_code_info.location}
    assert len(comments) > 10
    for path, name in elements(file):
        if not comments.get(path):
            yield f"{file.name}: {name}"


def elements(file: FileDescriptorProto) -> Iterator[tuple[tuple[int, ...], str]]:
    """Paths as in SourceCodeInfo: 4 messages (2 fields, 8 oneofs), 5 enums (2 values), 6 services (2 methods)."""
    for at, message in enumerate(file.message_type):
        yield (4, at), message.name
        assert not message.nested_type, "the contract has no nested messages and no maps"
        yield from ((path, f"{message.name}.{name}") for path, name in parts_of(message, (4, at)))
    for at, enum in enumerate(file.enum_type):
        yield (5, at), enum.name
        yield from (((5, at, 2, i), value.name) for i, value in enumerate(enum.value))
    for at, service in enumerate(file.service):
        yield (6, at), service.name
        yield from (((6, at, 2, i), method.name) for i, method in enumerate(service.method))


def parts_of(message: DescriptorProto, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], str]]:
    optional = {field.oneof_index for field in message.field if field.proto3_optional}
    yield from (((*path, 2, i), field.name) for i, field in enumerate(message.field))
    yield from (((*path, 8, i), one.name) for i, one in enumerate(message.oneof_decl) if i not in optional)
