"""Imports run one way, and only settings read the environment."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "training", "service")
FORBIDDEN = {
    "models": ("training", "service", "yiqi", "sqlalchemy", "alembic", "grpc", "google", "socket", "urllib", "http"),
    "training": ("service", "yiqi", "sqlalchemy", "alembic", "grpc", "google", "socket", "urllib", "http"),
    "service": ("tests",),
}
# Switches of libraries that are read while these are imported: setting them is no reading of settings.
SETS_DEFAULTS = {Path("models/text/encoder.py"), Path("service/compose.py"), Path("service/jobs/solve_child.py")}
STARTS = ("__main__.py", "compose.py", "app.py")
HANDS_DOWN = {Path("models/text/encoder_pool.py")}  # to its worker processes, as it is


def sources(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    assert found
    return found


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name their package"
            yield str(node.module)


def reads_environment(tree: ast.AST, may_set_defaults: bool) -> list[int]:
    """Lines that touch os.environ or os.getenv; `os.environ.setdefault` is setting, not reading."""
    set_only = {
        id(node.func.value)
        for node in ast.walk(tree)
        if may_set_defaults and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr == "setdefault"
    }
    found = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "environb", "getenv")
        and id(node) not in set_only
    ]
    found += [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "os"
        if {alias.name for alias in node.names} & {"environ", "environb", "getenv"}
    ]
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_run_from_service_to_training_to_models_and_never_back(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(package)
        for name in imported(ast.parse(path.read_text(encoding="utf8")))
        if name.split(".")[0] in FORBIDDEN[package]
    ]
    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_two_folders_import_each_other_not_even_by_way_of_others(package: str) -> None:
    above = {folder: set(below) for folder, below in folders(package).items()}
    while bottom := {folder for folder, below in above.items() if not below}:
        above = {folder: below - bottom for folder, below in above.items() if folder not in bottom}
    assert above == {}


def folders(package: str) -> dict[str, set[str]]:
    """The folders of a package, and which others each imports. What starts everything (`__main__`) belongs to none."""
    homes = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sources(package)}
    modules = {name.removesuffix(".__init__") for name in homes}
    out: dict[str, set[str]] = {}
    for path in homes.values():
        if path.name in STARTS:
            continue
        own = ".".join(path.parent.relative_to(ROOT).parts)
        below = {home(name, modules) for name in named(ast.parse(path.read_text(encoding="utf8")))}
        out.setdefault(own, set()).update(below - {own, ""})
    return {folder: below & out.keys() for folder, below in out.items()}


def named(tree: ast.AST) -> Iterator[str]:
    """What is imported, with the name taken from a module behind it: it may be a module itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def home(name: str, modules: set[str]) -> str:
    """The folder in which an imported name is; "" for one of another package."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    if not name:
        return ""
    path = ROOT.joinpath(*name.split("."))
    return name if path.is_dir() else name.rpartition(".")[0]


def test_the_client_imports_nothing_of_the_service() -> None:
    tree = ast.parse((ROOT / "proto/yiqi/client.py").read_text(encoding="utf8"))
    names = {name.split(".")[0] for name in imported(tree)}
    assert not names & {*PACKAGES, "torch", "numpy", "sqlalchemy"}


def test_a_data_folder_is_opened_in_one_place() -> None:
    opened = [
        f"{path.relative_to(ROOT)}"
        for path in sources("service")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[0] == "SqlStore"
    ]
    assert opened == ["service/compose.py"]


def test_only_settings_read_the_environment() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for package in PACKAGES
        for path in sources(package)
        if path.relative_to(ROOT) not in {Path("service/core/settings.py"), *HANDS_DOWN}
        for line in reads_environment(
            ast.parse(path.read_text(encoding="utf8")), path.relative_to(ROOT) in SETS_DEFAULTS
        )
    ]
    assert wrong == []


def test_what_reads_the_environment_would_be_noticed() -> None:
    for text in ("import os\nos.environ['A']", "import os\nos.getenv('A')", "from os import environ"):
        assert reads_environment(ast.parse(text), False)
        assert reads_environment(ast.parse(text), True)
    assert reads_environment(ast.parse("import os\nos.environ.setdefault('A', '1')"), False)
    assert not reads_environment(ast.parse("import os\nos.environ.setdefault('A', '1')"), True)
