"""`Fn::ForEach`: a fragment of a map once per item of a collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.model import PropertyPath
from analyzer.template.arguments import arguments
from analyzer.template.problem import Problem
from analyzer.unknown import Unknown

LOOP = "Fn::ForEach::"
MAX_ENTRIES = 10_000
MAX_CHARACTERS = 10_000_000

_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")


@dataclass(slots=True)
class LoopBudget:
    """How much all loops of one template may still write."""

    entries: int = MAX_ENTRIES
    characters: int = MAX_CHARACTERS

    def spend(self, *, entries: int = 0, characters: int = 0) -> None:
        """Raises Problem where the loops have written too much."""
        self.entries -= entries
        self.characters -= characters
        if self.entries < 0:
            raise Problem(f"loops make more than {MAX_ENTRIES:,} entries")
        if self.characters < 0:
            raise Problem(f"loops make more than {MAX_CHARACTERS:,} characters")


def expanded(
    data: Mapping[str, Any], value: Callable[[Any], Any], budget: LoopBudget
) -> tuple[dict[str, Any], dict[str, PropertyPath]]:
    """The map with its loops written out, and the path of the fragment behind each such key.

    `value` resolves a collection. Raises Problem where a loop is malformed, its collection is not
    known, a key comes twice, or the budget does not suffice.
    """
    expansion = _Expansion(value, budget)
    expansion.expand(data, (), {})
    return expansion.result, expansion.origins


class _Expansion:
    """The map that is written while the loops of one map are walked."""

    def __init__(self, value: Callable[[Any], Any], budget: LoopBudget) -> None:
        self.value = value
        self.budget = budget
        self.result: dict[str, Any] = {}
        self.origins: dict[str, PropertyPath] = {}

    def expand(
        self, data: Mapping[str, Any], path: PropertyPath, written: Mapping[str, str]
    ) -> None:
        """Add the entries of a map; `written` has the keys as they stand in the template."""
        for key, item in data.items():
            source = written.get(key, key)
            if key.startswith(LOOP):
                try:
                    self._loop(source, item, path)
                except Problem as problem:
                    raise problem.within(source) from None
                continue
            if key in self.result:
                raise Problem(f"`{key}` comes twice of a loop", "use the identifier in the key")
            self.result[key] = item
            if path:
                self.origins[key] = (*path, source)

    def _loop(self, key: str, item: Any, path: PropertyPath) -> None:
        identifier, collection, fragment = arguments(key, item, 3, 3)
        if not isinstance(identifier, str) or not identifier:
            raise Problem(f"`{key}` needs a text as identifier", path=(0,))
        if not isinstance(fragment, dict):
            raise Problem(f"`{key}` needs a map to repeat", path=(2,))
        for text in self._collection(key, collection):
            entries: dict[str, Any] = {}
            written: dict[str, str] = {}
            for name, template in fragment.items():
                self.budget.spend(entries=1)
                filled = self._filled(name, identifier, text, in_key=True)
                entries[filled] = self._substituted(template, identifier, text)
                written[filled] = name
            self.expand(entries, (*path, key, 2), written)

    def _collection(self, key: str, collection: Any) -> list[str]:
        try:
            items = self.value(collection)
        except Problem as problem:
            raise problem.within(1) from None
        if isinstance(items, Unknown):
            raise Problem(
                f"the collection of `{key}` is not known: {items.subject} {items.reason}",
                "give the parameter a value in the profile",
                (1,),
            )
        if not isinstance(items, list) or not all(isinstance(text, str | int) for text in items):
            raise Problem(f"`{key}` needs a list of texts as collection", path=(1,))
        return [f"{text}" for text in items]

    def _filled(self, text: str, identifier: str, item: str, *, in_key: bool = False) -> str:
        """`&{X}` in a key leaves out what a logical id cannot hold."""
        self.budget.spend(characters=len(text) + text.count(identifier) * len(item))
        bare = _NOT_ALPHANUMERIC.sub("", item) if in_key else item
        return text.replace(f"&{{{identifier}}}", bare).replace(f"${{{identifier}}}", item)

    def _substituted(self, data: Any, identifier: str, item: str) -> Any:
        if isinstance(data, str):
            return self._filled(data, identifier, item)
        if isinstance(data, list):
            self.budget.spend(characters=len(data))
            return [self._substituted(entry, identifier, item) for entry in data]
        if isinstance(data, dict):
            if data.get("Ref") == identifier and len(data) == 1:
                return item
            return {
                self._filled(key, identifier, item, in_key=True): self._substituted(
                    entry, identifier, item
                )
                for key, entry in data.items()
            }
        return data
