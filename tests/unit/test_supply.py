"""What is installed is known to the last file, and no file can bring code along."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = {path.stem: path.read_text() for path in (ROOT / "deploy/locks").glob("*.txt")}
CONSTRAINTS = (ROOT / "deploy/constraints.txt").read_text()
LICENCES = (ROOT / "deploy/licences.md").read_text()
UNPICKLING = {"pickle", "_pickle", "dill", "joblib", "cloudpickle", "shelve", "marshal"}
# Between a process and its own child over pipes, never a file.
PIPES = {"service/jobs/solver.py", "service/jobs/solve_child.py"}


def plain(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-").replace(".", "-")


def pins(text: str) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE)
    return {plain(name): version for name, version in found}


# -- locks -----------------------------------------------------------------------------------------------------------


def test_there_is_a_lock_for_the_service_for_building_it_and_for_each_extra() -> None:
    assert LOCKS.keys() == {"run", "build", *PROJECT["optional-dependencies"]}


def test_every_dependency_is_locked_but_the_one_whose_build_each_machine_chooses() -> None:
    run = pins(LOCKS["run"])
    assert {plain(one) for one in PROJECT["dependencies"]} - run.keys() == {"torch"}
    for extra, lines in PROJECT["optional-dependencies"].items():
        assert {plain(one) for one in lines} - (run | pins(LOCKS["build"]) | pins(LOCKS[extra])).keys() == set(), extra


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_of_a_lock_has_hashes_and_the_version_of_the_constraints(name: str) -> None:
    known = pins(CONSTRAINTS)
    assert {package: version for package, version in pins(LOCKS[name]).items() if known.get(package) != version} == {}
    for block in re.split(r"^(?=[a-z0-9])", LOCKS[name], flags=re.MULTILINE)[1:]:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block


def test_make_installs_nothing_without_hashes_but_pytorch() -> None:
    makefile = (ROOT / "Makefile").read_text()
    installs = re.findall(r"^\t\$\((PIP|LOCKED)\)(.*)$", makefile, re.MULTILINE)
    assert "--no-deps --require-hashes" in re.search(r"^LOCKED := (.*)$", makefile, re.MULTILINE)[1]  # type: ignore[index]
    unlocked = [rest.strip() for how, rest in installs if how == "PIP"]
    assert unlocked == [
        "--constraint deploy/constraints.txt torch",
        "--no-deps --no-build-isolation --editable .",
    ]


def test_readme_names_the_locked_version_of_pytorch() -> None:
    assert set(re.findall(r"torch==([\d.]+)", (ROOT / "README.md").read_text())) == {pins(CONSTRAINTS)["torch"]}


# -- licences and weaknesses -----------------------------------------------------------------------------------------


def test_every_locked_package_has_its_licence() -> None:
    stated = dict(re.findall(r"^\| ([a-z0-9.-]+) \| (.+) \|$", LICENCES, re.MULTILINE))
    locked = {package for text in LOCKS.values() for package in pins(text)}
    assert stated.keys() - {"package"} == locked
    # What asks that our own code be given away cannot be shipped with it.
    assert {package for package, licence in stated.items() if "GPL" in licence} == set()


def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "deploy/audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SOUND = {"name": "a", "version": "1", "vulns": []}
WEAK = {"name": "b", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}
SKIPPED = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([SOUND], 0, "1 packages, no published weakness"),
        ([SOUND, WEAK], 1, "b 2: CVE-1, mended in 3"),
        ([SOUND, SKIPPED], 2, "Not audited, since nothing could be learnt of them: c"),
        ([SKIPPED], 2, "nothing was audited"),
        (None, 2, "nothing was audited"),
    ],
)
def test_an_audit_that_could_not_ask_is_none_that_found_nothing(
    packages: list[dict[str, object]] | None, code: int, said: str
) -> None:
    found = audit().verdict(None if packages is None else {"dependencies": packages})
    assert found[0] == code
    assert said in "\n".join(found[1])


# -- files that bring code along -------------------------------------------------------------------------------------


def sources() -> Iterator[Path]:
    return (path for top in ("models", "service", "training") for path in sorted((ROOT / top).rglob("*.py")))


def unpickles(tree: ast.AST) -> Iterator[int]:
    """Lines that could run what a file says."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            if {name.split(".")[0] for name in named(node)} & UNPICKLING:
                yield node.lineno
        elif isinstance(node, ast.Call) and loads_code(node):
            yield node.lineno


def named(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]


def loads_code(call: ast.Call) -> bool:
    called, given = ast.unparse(call.func), {one.arg: ast.unparse(one.value) for one in call.keywords}
    allowed = any(given.get(name, "False") != "False" for name in ("allow_pickle", "trust_remote_code"))
    unsafe = called == "torch.load" and given.get("weights_only") != "True"
    return allowed or unsafe or called.endswith("read_pickle")


def test_no_file_is_unpickled() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources()
        if str(path.relative_to(ROOT)) not in PIPES
        for line in unpickles(ast.parse(path.read_text(encoding="utf8")))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import load",
        "np.load(file, allow_pickle=True)",
        "torch.load(file)",
        "torch.load(file, weights_only=False)",
        "pd.read_pickle(file)",
        "SentenceTransformer(name, trust_remote_code=True)",
    ],
)
def test_what_unpickles_would_be_noticed(code: str) -> None:
    assert list(unpickles(ast.parse(code)))
