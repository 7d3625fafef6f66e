"""What the documents say is there is there: commands, files, settings and dependencies."""

from __future__ import annotations

import ast
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from service.cli.app import app
from service.core.settings import ClientSettings, Settings
from service.importers.formats import FORMATS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "proto/README.md", ROOT / "deploy/runbooks.md"]
)
# What says how things are now; the change log says how they were.
PAGES = [page for page in DOCUMENTS if page.name != "CHANGELOG.md"]
# Of all pages together: what is not read is not kept right either.
WORDS = 15_000
CODE = ("models", "service", "training", "tests", "proto/yiqi/client.py")
# Run by name, or found by other libraries, and so imported nowhere.
NOT_IMPORTED = {
    "tzdata", "buf-bin", "grpcio-tools", "hatchling", "mypy", "pytest-timeout", "pytest-xdist", "ruff",
    "types-protobuf",
    "cyclonedx-bom", "pip-audit", "uv",
}  # fmt: skip
# Modules of one namespace come from different distributions.
NAMESPACES = {
    "google.rpc": "googleapis-common-protos",
    "google.protobuf": "protobuf",
    "opentelemetry": "opentelemetry-api",
    "opentelemetry.context": "opentelemetry-api",
    "opentelemetry.trace": "opentelemetry-api",
    "opentelemetry.sdk": "opentelemetry-sdk",
    "opentelemetry.exporter": "opentelemetry-exporter-otlp-proto-grpc",
    "opentelemetry.proto": "opentelemetry-proto",
}


def test_readme_lists_every_target_of_the_makefile_and_no_other() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", README)) == targets
    assert set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()) == targets  # type: ignore[index]


class Line(NamedTuple):
    """A command line of a document, as words without `yiqi`; one in a sentence need not be whole."""

    document: str
    words: tuple[str, ...]
    whole: bool


def command_lines() -> Iterator[Line]:
    """Every command line in the documents, without comments and redirections."""
    for document in PAGES:
        name, text = str(document.relative_to(ROOT)), document.read_text(encoding="utf8")
        for line in re.findall(r"^ *(?:\S*/)?yiqi ([a-z].*)$", text, re.MULTILINE):
            yield Line(name, tuple(shlex.split(line.split(" > ")[0], comments=True)), True)
        for line in re.findall(r"`yiqi ([^`]+)`", text):
            yield Line(name, tuple(shlex.split(line)), False)


@pytest.mark.parametrize(
    "line", dict.fromkeys(command_lines()), ids=lambda one: f"{one.document} {' '.join(one.words)}"
)
def test_the_command_line_takes_what_a_document_shows(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command, rest = get_command(app), list(line.words)
    while isinstance(command, TyperGroup) and rest and not rest[0].startswith("-"):
        command = command.commands[rest.pop(0)]
    for word in rest:
        if "/" not in word and not word.startswith("-"):
            Path(word).touch()
    if not line.whole and (not rest or isinstance(command, TyperGroup)):
        return  # a mention
    command.make_context("yiqi", rest)


def test_every_command_is_in_readme() -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    assert {line.words[0] for line in command_lines() if line.document == "README.md"} == set(group.commands)


def test_every_name_of_the_contract_and_of_the_code_that_a_document_quotes_exists() -> None:
    known = set(re.findall(r"\w+", "\n".join(file.read_text(encoding="utf8") for file in sources())))
    known |= {f"YIQI_{name.upper()}" for one in (Settings, ClientSettings) for name in one.model_fields}
    # Documents leave out the prefix of an enum: MUTUAL for EVENT_KIND_MUTUAL.
    ends = {name[at.end() :] for name in known for at in re.finditer("_", name)}
    quoted = {
        (page.name, name)
        for page in PAGES
        for code in re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf8"))
        for name in re.findall(r"\b(?:[A-Z][a-z]+(?:[A-Z][a-z]+)+|[A-Z]{3,}(?:_[A-Z]+)+)\b", code)
    }
    assert {(page, name) for page, name in quoted if name not in known | ends} == set()


def test_the_pages_keep_to_their_budget_of_words() -> None:
    pages = [page for page in (ROOT / "docs").rglob("*.md") if page.parent.name != "experiments"]
    texts = [page.read_text(encoding="utf8") for page in pages]
    assert sum(len(re.findall(r"[^\s|]*\w[^\s|]*", text)) for text in texts) <= WORDS


def groups(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, one in getattr(command, "commands", {}).items():
        yield from groups(one, (*path, name))
    if hasattr(command, "commands"):
        yield path, command


@pytest.mark.parametrize(("path", "group"), [*groups(get_command(app))], ids=str)
def test_help_says_the_whole_first_sentence_of_every_command(path: tuple[str, ...], group: Any) -> None:
    help_ = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "80"}).output
    assert max(map(len, help_.splitlines())) <= 80
    said = " ".join(help_.split("Commands:")[1].split())
    for name, command in group.commands.items():
        first = " ".join(command.help.split("\n\n")[0].split())
        sentence = first.split(". ")[0].rstrip(".")
        assert f"{name} {sentence}." in said


def named_paths(document: Path) -> Iterator[Path]:
    text = document.read_text()
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)\)", text):
        yield document.parent / link
    own = {path.name for path in ROOT.iterdir()} - {"data", "dist", "sample", ".venv"}
    for quoted in re.findall(r"`([\w.*/-]+)`", text):
        if quoted.split("/")[0] in own:
            yield ROOT / quoted


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_names_is_there(document: Path) -> None:
    assert [str(path) for path in named_paths(document) if not list(ROOT.glob(str(inside(path))))] == []


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_heading_that_a_document_links_to_is_there(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", document.read_text(encoding="utf8"))
    missing = [anchor for file, anchor in links if anchor not in anchors(document.parent / file if file else document)]
    assert missing == []


def anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def inside(path: Path) -> Path:
    return Path(path.parent.resolve(), path.name).relative_to(ROOT)


def packages() -> Iterator[Path]:
    for top in ("models", "service", "training"):
        yield from (file.parent for file in (ROOT / top).rglob("__init__.py"))


def test_architecture_lists_every_folder_with_its_own_first_line() -> None:
    listing = (ROOT / "docs/architecture.md").read_text().split("```")[1]
    stated = dict(re.findall(r"^((?:models|service|training)/\S*) +(.+)$", listing, re.M))
    found = {f"{one.relative_to(ROOT)}/": first_line(one / "__init__.py") for one in packages()}
    assert stated == found


def test_every_file_begins_with_a_line_that_says_what_it_is_for() -> None:
    files = [file for one in packages() for file in one.glob("*.py")]
    assert [str(file) for file in files if not first_line(file)] == []


def first_line(file: Path) -> str:
    return (ast.get_docstring(ast.parse(file.read_text(encoding="utf8"))) or "").split("\n")[0]


def test_the_page_on_importing_names_every_format() -> None:
    page = (ROOT / "docs/importing.md").read_text(encoding="utf8")
    assert [one.name for one in FORMATS if f"`{one.name}`" not in page] == []


def test_operations_lists_every_setting_with_its_default() -> None:
    page = (ROOT / "docs/operations.md").read_text()
    rows = re.findall(r"^\| `YIQI_([A-Z_]+)` \| (?:`([^`]+)`|none) \|", page, re.MULTILINE)
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    stated = {
        name.lower(): type(defaults[name.lower()])("" if default == "none" else default) for name, default in rows
    }
    assert stated == defaults


def test_every_import_has_its_dependency_and_every_dependency_its_import_and_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    run = {distribution(line) for line in project["dependencies"]}
    dev, supply, bench, *extras = (set(map(distribution, lines)) for lines in optional(project))
    served = imported("models", "service", "training", "proto/yiqi/client.py")
    assert served == run.union(*extras) - NOT_IMPORTED
    assert supply <= NOT_IMPORTED
    assert imported(*CODE) - run <= dev | bench
    assert set().union(*extras) <= dev
    assert dev - imported(*CODE) <= NOT_IMPORTED
    recorded = re.findall(r"^\| ([a-z0-9.-]+) \|", (ROOT / "docs/decisions/0001-dependencies.md").read_text(), re.M)
    assert {distribution(one) for one in recorded} - {"library"} == run | dev | supply | bench
    pinned = {distribution(line) for line in (ROOT / "deploy/constraints.txt").read_text().splitlines()}
    assert (run | dev | supply | bench) - pinned == set()


def optional(project: dict[str, Any]) -> list[list[str]]:
    """What develops, what looks after the supply chain, what the bench needs, and what else is installed by name."""
    extras = dict(project["optional-dependencies"])
    return [extras.pop("dev"), extras.pop("supply"), extras.pop("bench"), *extras.values()]


def imported(*tops: str) -> set[str]:
    """The distributions that the code under these paths imports, this one left out."""
    owners = packages_distributions()
    own = {"models", "service", "training", "tests", "yiqi"}
    files = [file for top in tops for file in ((ROOT / top).rglob("*.py") if (ROOT / top).is_dir() else [ROOT / top])]
    found = {module for file in files for module in modules(file)}
    named = {NAMESPACES[part] for module in found if (part := ".".join(module.split(".")[:2])) in NAMESPACES}
    shared = {part.split(".")[0] for part in NAMESPACES}
    tops_found = {module.split(".")[0] for module in found} - own - set(sys.stdlib_module_names) - shared
    return named | {distribution(owners[top][0]) for top in tops_found if top in owners}


def sources() -> Iterator[Path]:
    tops = ("models", "service", "training", "proto", "tests")
    return (file for top in tops for end in ("py", "proto") for file in (ROOT / top).rglob(f"*.{end}"))


def modules(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def distribution(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-").replace(".", "-")
