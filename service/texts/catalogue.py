"""The messages of one language: a TOML file of templates, each compiled when it is first said.

A template is Jinja: `{{ name }}` for a value, and whatever the grammar of a language needs (`{% if %}`, filters).
Several wordings of one message stand in a list.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from jinja2 import Environment, StrictUndefined, Template, meta, nodes
from jinja2.runtime import Context

Filled: TypeAlias = str | int | float | list["Filled"]
Message: TypeAlias = Callable[[Mapping[str, Filled]], str]
Filter: TypeAlias = Callable[..., str | list[str]]


class Catalogue:
    """The templates of a file by their keys ("reasons.shared_aim"), with the filters that they may use."""

    def __init__(self, file: Path, filters: Mapping[str, Filter]) -> None:
        self._file = file
        self._filters = filters
        self._compiled: dict[tuple[str, int], Message] = {}

    @cached_property
    def templates(self) -> dict[str, tuple[str, ...]]:
        """The wordings of each message."""
        return dict(_flat("", tomllib.loads(self._file.read_text("utf-8"))))

    def message(self, key: str, choice: int = 0) -> Message:
        """One wording of a message, ready to be filled; `choice` is any number. Raises KeyError for an unknown key."""
        wordings = self.templates[key]
        at = (key, choice % len(wordings))
        found = self._compiled.get(at)
        if found is None:
            found = self._compiled[at] = self._compile(wordings[at[1]])
        return found

    def placeholders(self, key: str) -> frozenset[str]:
        """The values that the wordings of a message use."""
        return frozenset().union(
            *(meta.find_undeclared_variables(self._environment.parse(text)) for text in self.templates[key])
        )

    @cached_property
    def _environment(self) -> Environment:
        environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
        environment.filters.update(self._filters)
        return environment

    def _compile(self, text: str) -> Message:
        plain = _plain(self._environment.parse(text))
        return _filling(self._environment.from_string(text)) if plain is None else plain


def _filling(template: Template) -> Message:
    """What `template.render` does, without the globals of an environment, which it copies for each call."""

    def fill(values: Mapping[str, Filled]) -> str:
        context = Context(template.environment, dict(values), template.name, template.blocks)
        return "".join(template.root_render_func(context))

    return fill


def _plain(template: nodes.Template) -> Message | None:
    """A template without grammar (text and placeholders alone) as something ten times faster; None for another one."""
    parts: list[tuple[str, bool]] = []
    for output in template.body:
        for node in output.nodes if isinstance(output, nodes.Output) else [output]:
            if isinstance(node, nodes.TemplateData):
                parts.append((node.data, False))
            elif isinstance(node, nodes.Name):
                parts.append((node.name, True))
            else:
                return None
    return lambda values: "".join([str(values[part]) if fills else part for part, fills in parts])


def _flat(before: str, table: Mapping[str, object]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{before}{name}.", value)
        else:
            yield f"{before}{name}", tuple(value) if isinstance(value, list) else (str(value),)
