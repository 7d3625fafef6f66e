"""The catalogues of what people are told: complete, alike in every language, and the only place with words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from models.domain.facts import Fact
from models.rounds.constraints.registry import CONSTRAINTS
from service.texts.renderer import HERE, RENDERER, Renderer

ROOT = Path(__file__).parents[2]
CATALOGUES = RENDERER.catalogues
LANGUAGES = sorted(CATALOGUES)
# Where nothing but facts is made: no sentence for people, in any language.
FACTS_ONLY = (
    "models/health/advice.py",
    "models/health/definitions.py",
    "models/introductions/wording.py",
    "models/ranking/reasons/said.py",
    "models/ranking/explain.py",
    "models/ranking/joining.py",
    "models/proposals/case.py",
    "models/proposals/parts.py",
    "models/proposals/wording.py",
    "models/rounds/edits/warnings.py",
    "models/rounds/solvers/teams/role_evidence.py",
    "models/rounds/texts/constraints.py",
    "models/rounds/texts/group.py",
    "models/rounds/texts/meeting.py",
    "models/rounds/texts/pair.py",
    "models/rounds/texts/phrases.py",
    "models/rounds/texts/starters.py",
    "models/rounds/texts/texts.py",
)
SENTENCE = re.compile(r"[\u3400-\u9fff]|[“”]|[A-Za-z]+ [a-z]+ [a-z]+")
WRITES_KEYS = re.compile(r'"((?:\w+)(?:\.(?:\w+|\{[^}]+\}))+)"')


def literals(file: str) -> list[str]:
    """The texts in a file, but for docstrings and what an error says to programmers."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    left_out = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Expr, ast.Raise))
        for part in ast.walk(node)
        if isinstance(part, ast.Constant)
    }
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in left_out)
    return [node.value for node in found if isinstance(node.value, str)]


@pytest.mark.parametrize("file", FACTS_ONLY)
def test_models_make_facts_and_no_sentences(file: str) -> None:
    assert [text for text in literals(file) if SENTENCE.search(text)] == []


@pytest.mark.parametrize("name", ["notes", "reasons", "words"])
def test_files_of_a_round_take_their_words_from_the_catalogue(name: str) -> None:
    assert [text for text in literals(f"service/rendering/{name}.py") if re.search("[\u3400-\u9fff]", text)] == []


def test_every_language_has_every_message() -> None:
    english = set(CATALOGUES["en"].templates)
    assert english
    for language in LANGUAGES:
        assert set(CATALOGUES[language].templates) == english, language


@pytest.mark.parametrize("key", sorted(CATALOGUES["en"].templates))
def test_no_language_asks_for_a_value_that_english_does_not_have(key: str) -> None:
    for language in LANGUAGES:
        assert CATALOGUES[language].placeholders(key) <= CATALOGUES["en"].placeholders(key) | UNUSED_IN_ENGLISH.get(
            key, set()
        )


# Values that English leaves out, as it says the same another way.
UNUSED_IN_ENGLISH = {
    "health.who": {"rooms"},
    "proposal.plan.follow": {"names"},
    "round.told.profile": {"who"},
    "round.more.profile": {"who"},
}


def test_no_message_is_unused() -> None:
    patterns = [
        re.compile(re.sub(r"\\\{.+?\\\}", r"\\w+", re.escape(key)))
        for package in ("models", "service")
        for file in (ROOT / package).rglob("*.py")
        for key in WRITES_KEYS.findall(file.read_text("utf-8"))
    ]
    unused = [key for key in CATALOGUES["en"].templates if not any(one.fullmatch(key) for one in patterns)]
    by_name = {f"rule.{name}" for name in CONSTRAINTS}
    assert [key for key in unused if not key.startswith(("list.", "limits.")) and key not in by_name] == []


def test_another_language_is_one_more_file(tmp_path: Path) -> None:
    for language in ("en", "zh"):
        (tmp_path / f"{language}.toml").write_bytes((HERE / f"{language}.toml").read_bytes())
    (tmp_path / "fr.toml").write_text(
        '[list]\nbetween = ", "\nlast = " et "\nothers = "{{ n }} autres"\n'
        '[reasons]\ncommon_ties = "Vous connaissez tous deux {{ all | written | listed }}."\n',
        "utf-8",
    )
    renderer = Renderer(tmp_path)
    said = Fact("reasons.common_ties", {"all": ("Ann", "Bo", "Cy")})
    assert renderer.say(said, "fr") == "Vous connaissez tous deux Ann, Bo et Cy."
    assert renderer.say(said, "en") == "You both know Ann, Bo and Cy."
    assert renderer.say(said, "zh") == "你们都认识 Ann、Bo、Cy。"


def test_the_same_ids_always_get_the_same_of_several_wordings(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text('[a]\nb = ["one", "two", "three"]\n', "utf-8")
    renderer = Renderer(tmp_path)
    said = [renderer.say(Fact("a.b", ids=("ann", f"m{n}")), "en") for n in range(20)]
    assert said == [renderer.say(Fact("a.b", ids=("ann", f"m{n}")), "en") for n in range(20)]
    assert set(said) == {"one", "two", "three"}
