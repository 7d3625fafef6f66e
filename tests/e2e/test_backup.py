"""Backups taken while a server is written to, put back elsewhere, and refused where a byte is wrong."""

from __future__ import annotations

import shutil
import stat
import tarfile
import threading
from pathlib import Path

import pytest
from yiqi.client import YiqiClient

from models.domain.records import Community, Member
from service.access.caller import Quota
from service.access.grants import Grants
from service.compose import open_store
from service.core.settings import Settings

from .conftest import Yiqi
from .serving import message, serving

NAMES = ("backup.tar.gz", "backup.tar", "folder")


def filled(data: Path) -> Settings:
    settings = Settings(data=data)
    with open_store(settings, writes=True) as store:
        store.put("c", [Community(id="c"), Member(id="ann", name="Ann"), Member(id="gone", name="G")])
        store.erase_member("c", "gone")
    (data / "token.key").write_bytes(b"k" * 32)
    version = data / "models" / "c" / "m1"
    version.mkdir(parents=True)
    (version / "ranker.json").write_text("{}")
    (data / "models" / "c" / ".left.aside").touch()
    return settings


@pytest.mark.parametrize("name", NAMES)
def test_a_backup_comes_back_whole(name: str, tmp_path: Path, yiqi: Yiqi) -> None:
    settings = filled(tmp_path / "data")
    Grants(settings.data).create("c", "reader", 1, Quota())
    assert yiqi("backup", tmp_path / name, "--data", settings.data).code == 0
    assert not (tmp_path / name).stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    done = yiqi("restore", tmp_path / name, "--data", tmp_path / "back")
    assert done.code == 0, done.err
    assert (tmp_path / "back" / "token.key").read_bytes() == b"k" * 32
    assert (tmp_path / "back" / "access.json").read_bytes() == (settings.data / "access.json").read_bytes()
    assert [path.name for path in (tmp_path / "back" / "models" / "c").iterdir()] == ["m1"]
    with open_store(Settings(data=tmp_path / "back"), writes=True) as store:
        assert store.get("c", "member", ["ann", "gone"]).keys() == {"ann"}
        assert store.put("c", [Member(id="gone", name="G")])[0].status == "conflict"


def test_what_was_acknowledged_before_a_backup_is_in_it_however_much_is_written_meanwhile(
    tmp_path: Path, yiqi: Yiqi
) -> None:
    data, sent, over = tmp_path / "data", [0], threading.Event()
    filled(data)

    def write(address: str) -> None:
        with YiqiClient(address, timeout=20) as client:
            while not over.is_set():
                client.ingest_messages("c", [message(sent[0], "ann")])
                sent[0] += 1

    with serving(data) as (server, _):
        writing = threading.Thread(target=write, args=[server.address])
        writing.start()
        try:
            known = []
            for n in range(5):
                known.append(sent[0])
                assert yiqi("backup", tmp_path / f"{n}.tar.gz", "--data", data).code == 0
        finally:
            over.set()
            writing.join()
    assert known[-1] > known[0]
    for n, count in enumerate(known):
        assert yiqi("restore", tmp_path / f"{n}.tar.gz", "--data", tmp_path / f"back{n}").code == 0
        assert yiqi("check", "--data", tmp_path / f"back{n}").code == 0
        with open_store(Settings(data=tmp_path / f"back{n}"), writes=True) as store:
            messages = [record.id for record in store.scan("c", "message")]
            assert messages == [f"x{at:06}" for at in range(len(messages))]
            assert len(messages) >= count


@pytest.mark.parametrize("file", ["yiqi.db", "token.key", "models/c/m1/ranker.json", "backup.json"])
def test_a_backup_with_a_wrong_byte_is_refused_and_nothing_is_restored(file: str, tmp_path: Path, yiqi: Yiqi) -> None:
    settings = filled(tmp_path / "data")
    yiqi("backup", tmp_path / "folder", "--data", settings.data)
    path = tmp_path / "folder" / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    done = yiqi("restore", tmp_path / "folder", "--data", tmp_path / "back")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert list((tmp_path / "back").iterdir()) == []


def test_a_backup_that_lost_or_gained_a_file_or_is_cut_off_is_refused(tmp_path: Path, yiqi: Yiqi) -> None:
    settings = filled(tmp_path / "data")
    yiqi("backup", tmp_path / "one", "--data", settings.data)
    shutil.copytree(tmp_path / "one", tmp_path / "more")
    (tmp_path / "more" / "another").touch()
    (tmp_path / "one" / "token.key").unlink()
    yiqi("backup", tmp_path / "cut.tar.gz", "--data", settings.data)
    cut = (tmp_path / "cut.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(cut[: len(cut) // 2])
    with tarfile.open(tmp_path / "outside.tar", "w") as packed:
        packed.add(settings.data / "token.key", "../token.key")
    for name in ("one", "more", "cut.tar.gz", "outside.tar", "missing"):
        done = yiqi("restore", tmp_path / name, "--data", tmp_path / "back")
        assert (done.code, "Traceback" in done.err) == (1, False), name
    assert not (tmp_path / "token.key").exists()


def test_neither_a_backup_nor_a_restore_takes_the_place_of_anything(tmp_path: Path, yiqi: Yiqi) -> None:
    settings = filled(tmp_path / "data")
    assert yiqi("backup", tmp_path / "folder", "--data", settings.data).code == 0
    assert "there already" in yiqi("backup", tmp_path / "folder", "--data", settings.data).err
    assert "not empty" in yiqi("restore", tmp_path / "folder", "--data", settings.data).err
