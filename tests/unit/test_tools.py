"""The tools for measuring and attacking still run: nothing else imports them."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
TOOLS = sorted(path for folder in ("bench", "fuzz") for path in (TESTS / folder).glob("*.py"))


@pytest.mark.parametrize("tool", TOOLS, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_a_tool_finds_what_it_imports(tool: Path) -> None:
    importlib.import_module(".".join(tool.relative_to(TESTS.parent).with_suffix("").parts))
