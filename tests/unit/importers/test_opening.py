"""The door: what a file is taken for, what the command line says of it, and what is told of what is not understood."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from models.archive.container import ArchiveError, BadRow, Row
from models.domain.records import Member, Message
from service.cli.app import app
from service.importers import ArchiveSource, ChatSource, MemberSource, Source, formats, open_source
from service.importers.frame.clock import local_zone, written
from service.importers.frame.container import Container
from service.importers.frame.decoding import lines_of, text_of
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import head_of
from service.importers.frame.report import Report
from service.importers.frame.transcript import Entry, Said, Unused

CASES = Path(os.environ.get("YIQI_IMPORT_CASES", "no such folder"))  # files from outside, one folder each
SIGNUP = "昵称,介绍,擅长,想找什么,来自IP\n青,做纸的,造纸,染缸,1.2.3.4\n蓝,染布的,染布,无,1.2.3.5\n"


class Notebook(Format):
    """An invented chat format: a title line, then "time|name|words"."""

    name: ClassVar[str] = "notebook"
    title: ClassVar[str] = "notebook of a club"

    def sure(self, files: Container) -> float:
        head = head_of(files, files.names[0]) if files.names else ""
        return 0.95 if head.startswith("NOTEBOOK") else 0.3 if "notes" in head else 0.0

    def read(self, files: Container, options: Options, report: Report) -> Iterator[Entry]:
        zone = local_zone(options, report)
        file = files.names[0]
        stream, report.encoding = text_of(files, file)
        with stream:
            for number, line in lines_of(stream):
                time, _, rest = line.partition("|")
                name, _, words = rest.partition("|")
                if rest:
                    yield Said(file=file, line=number, author=name, time=written(time, zone), text=words, room="club")
                else:
                    yield Unused(what="title line")


@pytest.fixture(autouse=True)
def notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (Notebook(), *formats.FORMATS)
    monkeypatch.setattr(formats, "FORMATS", found)
    monkeypatch.setattr("service.importers.FORMATS", found)


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def kind(source: Source) -> type:
    return type(source)


def run(*words: object, code: int = 0, input: str = "") -> str:
    done = CliRunner().invoke(app, ["import", *map(str, words)], input=input)
    assert done.exit_code == code, done.output
    return done.output


NOTES = "NOTEBOOK of the club\n2024-03-05 21:00|青|大家好\n2024-03-05 21:01|蓝|\n"
MEMBER = '{"id": "a", "name": "A", "offers": ["paper"]}\n'


def test_what_a_file_is_is_told_by_its_contents(tmp_path: Path) -> None:
    assert kind(open_source(file(tmp_path, "a.csv", SIGNUP))) is MemberSource
    assert kind(open_source(file(tmp_path, "b.txt", NOTES))) is ChatSource
    assert kind(open_source(file(tmp_path, "c/members.jsonl", MEMBER).parent)) is ArchiveSource
    assert kind(open_source(file(tmp_path, "members.jsonl", MEMBER))) is ArchiveSource
    people = json.dumps({"name": "A", "skills": "paper", "looking_for": "ink"})
    assert kind(open_source(file(tmp_path, "d/members.jsonl", people).parent)) is MemberSource
    assert kind(open_source(file(tmp_path, "people.jsonl", people))) is MemberSource


def test_what_it_is_may_be_said(tmp_path: Path) -> None:
    path = file(tmp_path, "b.txt", "2024-03-05 21:00|青|大家好\n")
    assert kind(open_source(path, format="notebook")) is ChatSource
    with pytest.raises(ArchiveError, match=r"known are archive, members, .*notebook"):
        open_source(path, format="papyrus")
    with pytest.raises(ArchiveError, match="names the columns of a member list"):
        open_source(path, members=True)


def test_what_is_nothing_known_is_told_what_it_is_most_like(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"most like a notebook of a club \(30%\).*--time-zone.*--format: archive"):
        open_source(file(tmp_path, "b.txt", "my notes\n"))
    with pytest.raises(ArchiveError, match=r"nothing that is known\. Say what it is with --format"):
        open_source(file(tmp_path, "c.bin", "\x01\x02"))
    with pytest.raises(ArchiveError, match="there is no file"):
        open_source(tmp_path / "nothing")


def test_a_dry_run_says_what_each_column_is_and_writes_nothing(tmp_path: Path) -> None:
    said = run(file(tmp_path, "list.csv", SIGNUP), "--dry-run")
    for line in ("as member list", "想找什么 → seeks", "擅长 → offers", "来自IP → not kept", "people      2"):
        assert line in said
    assert "青: 做纸的 | offers 造纸 | seeks 染缸" in said
    assert "2 to organizers" in said
    assert [one.name for one in tmp_path.iterdir()] == ["list.csv"]


def test_a_dry_run_of_a_chat_says_what_was_found_and_what_was_not_used(tmp_path: Path) -> None:
    said = run(file(tmp_path, "b.txt", NOTES), "--dry-run", "--time-zone", "Asia/Shanghai")
    assert "recognised  as notebook of a club (utf-8)" in said
    assert "times       Asia/Shanghai, as you said" in said
    assert "messages    2: 1 without words, 0 replies, 0 mentions" in said
    assert "period      2024-03-05 to 2024-03-05 UTC" in said
    assert "1 × title line" in said


def test_a_zone_that_is_needed_is_named_or_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file(tmp_path, "b.txt", NOTES)
    done = CliRunner().invoke(app, ["import", str(path), "--dry-run"])
    assert done.exit_code
    assert "recognised as notebook of a club" in str(done.exception)
    assert "--time-zone" in str(done.exception)
    monkeypatch.setattr("service.cli.importing._at_a_terminal", lambda: True)
    assert "Europe/Berlin, as you said" in run(path, "--dry-run", input="Europe/Berlin\n")


def test_a_mapping_is_said_saved_and_used_again(tmp_path: Path) -> None:
    text = '昵称,求啥,"""a""=b"\n青,染缸,x\n'
    path, kept = file(tmp_path, "list.csv", text), tmp_path / "map.toml"
    first = run(path, "--dry-run", "--members", "--map", "求啥=seeks", "--map", '"a"=b=offers', "--save-mapping", kept)
    assert '"求啥" = "seeks"' in kept.read_text(encoding="utf-8")
    assert run(path, "--dry-run", "--mapping", kept) == first
    file(tmp_path, "map.json", '{"求啥": "aims"}')
    assert "求啥 → aims" in run(path, "--dry-run", "--mapping", tmp_path / "map.json")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--map", "求啥"], "written like"),
        (["--map", "求啥=wishes"], "cannot be 'wishes'"),
        (["--map", "ß=seeks"], "the columns are: 昵称"),
        (["--format", "papyrus"], "known are archive"),
        (["--time-zone", "Mars"], "no such time zone"),
    ],
)
def test_wrong_options_are_refused_in_words(tmp_path: Path, options: list[str], sentence: str) -> None:
    path = file(tmp_path, "list.csv", "昵称,求啥\n青,染缸\n")
    done = CliRunner().invoke(app, ["import", str(path), "--dry-run", *options])
    assert isinstance(done.exception, ArchiveError)
    assert sentence in str(done.exception)


@pytest.mark.parametrize("text", ["[columns]\nx = 1", "columns", "{", '{"a": []}', "\ufffe", "[a]\nb = 'offers'"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path, kept = file(tmp_path, "list.csv", SIGNUP), file(tmp_path, "map", text)
    done = CliRunner().invoke(app, ["import", str(path), "--dry-run", "--mapping", str(kept)])
    assert isinstance(done.exception, ArchiveError)


def test_words_of_a_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    said = run(file(tmp_path, "list.csv", "昵称,擅长\n青,\x1b[31m纸\n"), "--dry-run")
    assert "\x1b" not in said


def test_without_a_dry_run_a_community_is_needed(tmp_path: Path) -> None:
    assert "--community" in run(file(tmp_path, "list.csv", SIGNUP), code=2)


# --- what others write in the way of an archive ----------------------------------------------------------------------


def rows_of(path: Path) -> tuple[list[Member], list[BadRow], Report]:
    source = open_source(path)
    rows = list(source.rows("organizers", {}))
    members = [row.record for row in rows if isinstance(row, Row) and isinstance(row.record, Member)]
    return members, [row for row in rows if isinstance(row, BadRow)], source.report


FOREIGN = """{"id": 0, "name": "Lu", "bio": "I throw pots", "skills": "throwing, glazes", "shoe": 41}
{"id": 1, "name": "Bo", "bio": null, "skills": ["kiln"], "looking_for": "clay", "shoe": 43, "profile": "stated"}
{"id": 2, "name": "Bo", "bio": "tall", "profile": "short"}
"""


def test_fields_of_other_names_are_understood_or_named(tmp_path: Path) -> None:
    members, bad, report = rows_of(file(tmp_path, "in/members.jsonl", FOREIGN).parent)
    lu, bo, other = members
    assert (lu.profile, [need.text for need in lu.offers]) == ("I throw pots", ["throwing", "glazes"])
    assert (bo.profile, [need.text for need in bo.seeks]) == ("stated", ["clay"])
    assert (other.profile, other.extra) == ("short", '{"bio":"tall"}'), "what is stated stands"
    assert report.columns["skills"] == "offers"
    assert report.columns["shoe"] == "kept, but not matched on (2 rows)"
    assert report.columns["bio"] == "profile; elsewhere kept, but not matched on (1 rows)"
    assert lu.extra == '{"shoe":41}'
    assert not bad


def test_an_export_keeps_fields_that_yiqi_does_not_know_as_they_are(tmp_path: Path) -> None:
    file(tmp_path, "in/community.json", '{"id": "c"}')
    members, _, report = rows_of(file(tmp_path, "in/members.jsonl", FOREIGN).parent)
    assert members[0].profile == ""
    assert json.loads(members[0].extra)["bio"] == "I throw pots"
    assert report.columns == {}


def test_the_second_of_two_people_with_one_id_is_a_bad_row(tmp_path: Path) -> None:
    text = '{"id": "Bo", "name": "Bo"}\n\n{"id": "Bo", "name": "another Bo"}\n'
    members, bad, _ = rows_of(file(tmp_path, "in/members.jsonl", text).parent)
    assert len(members) == 1
    assert bad == [BadRow("members.jsonl", 3, "id Bo stood in line 1 already; give each person an id of their own")]


def test_messages_alone_are_an_archive(tmp_path: Path) -> None:
    path = file(tmp_path, "messages.jsonl", '{"id": 1, "author": "a", "time": "2024-03-05T12:00:00Z", "text": "hi"}')
    source = open_source(path)
    [row] = source.rows("organizers", {})
    assert isinstance(row, Row)
    assert isinstance(row.record, Message)
    assert (source.report.messages, source.report.examples) == (1, ["hi"])


@pytest.mark.parametrize(
    ("case", "lines"),
    [
        ("14-unknown-fields-unsaid/members", ["bio → profile", "skills → offers", "looking_for → seeks"]),
        ("22-two-people-one-name-as-id/members", ["id Bo stood in line 1 already", "1 read"]),
        ("25-empty-answers/archive", ["4 read"]),
        ("26-signup-taken-for-a-chat/answers.csv", ["擅长 → offers", "想找什么 → seeks", "内容 → profile"]),
    ],
)
def test_open_cases(case: str, lines: list[str]) -> None:
    if not (CASES / case).exists():
        pytest.skip("not here")
    said = run(CASES / case, "--dry-run")
    assert [line for line in lines if line not in said] == []


_NAMES = ("a.zip", "a.csv", "members.jsonl", "a.json")
_BYTES = st.binary(max_size=200) | st.sampled_from([SIGNUP, NOTES, MEMBER, FOREIGN]).map(str.encode)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_BYTES, st.integers(0, 400), st.binary(max_size=6), st.sampled_from(_NAMES))
def test_the_door_takes_or_refuses_whatever_comes(tmp_path: Path, raw: bytes, at: int, junk: bytes, name: str) -> None:
    path = tmp_path / name
    if name == "a.zip":
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("members.jsonl", raw)
        raw = path.read_bytes()
    path.write_bytes(raw[:at] + junk + raw[at + len(junk) :])
    with contextlib.suppress(ArchiveError):
        assert all(isinstance(row, Row | BadRow) for row in open_source(path).rows("members", {}))


@pytest.mark.parametrize("inside", ["members.jsonl", "users.json"])
def test_a_zip_with_a_damaged_name_inside_is_told_in_words(tmp_path: Path, inside: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(f"é{inside}" if inside == "users.json" else f"é/{inside}", '{"id": "lu"}')
    raw = path.read_bytes()
    # The name that stands before the content, not the one in the list at the end.
    path.write_bytes(raw.replace("é".encode(), b"\x9c\x9c", 1))
    try:
        rows = [*open_source(path).rows("members", {})]
        assert all(isinstance(row, BadRow) for row in rows)
    except ArchiveError as error:
        said = str(error)
        assert "a.zip" in said


@pytest.mark.parametrize("good", ["members.jsonl", "notes.csv"])
def test_a_zip_with_a_file_that_has_no_name_is_read_without_it(tmp_path: Path, good: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(good, MEMBER if good == "members.jsonl" else SIGNUP)
        out.writestr("lost", "?")
    path.write_bytes(path.read_bytes().replace(b"lost", b"\0ost"))  # a name ends where a NUL stands
    rows = [*open_source(path).rows("members", {})]
    assert rows
    assert all(isinstance(row, Row) for row in rows)


def test_a_format_is_found_where_its_file_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file(tmp_path, "diary.py", f"from {__name__} import Notebook\n\nclass Diary(Notebook):\n    name = 'diary'\n")
    there = set(formats.classes())
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])
    [diary] = set(formats.classes()) - there
    assert diary.name == "diary"
    assert Notebook not in formats.classes()


def test_a_zone_has_a_name() -> None:
    report = Report()
    assert local_zone(Options(zone=ZoneInfo("Europe/Berlin")), report).key in report.clock


@pytest.mark.parametrize(
    "line",
    ["[31/01/2026, 10:{:02}:{:02}] Ada Byron: the lathe is free\n", "2026-01-31 10:{:02}:{:02} 阿青\n车床空着\n\n"],
)
def test_a_full_folder_for_temporary_files_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    chat = tmp_path / "chat.txt"
    chat.write_text("".join(line.format(n // 60 % 60, n % 60) for n in range(3000)))
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: open("/dev/full", "w+b"))  # noqa: SIM115
    options = ["--community", "c", "--time-zone", "Europe/Berlin", "--dry-run"]
    result = CliRunner().invoke(app, ["import", str(chat), *options])
    assert isinstance(result.exception, ArchiveError)
    assert "TMPDIR=FOLDER" in str(result.exception)
