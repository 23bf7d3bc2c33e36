"""The built-in pack, and its examples, as the tests of all rules see them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from analyzer.content import content
from analyzer.model import Inventory
from analyzer.policy.examples import Example, examples_file, examples_of, read_examples
from analyzer.policy.pack import load_packs
from analyzer.policy.rule import Rule

FOLDER = content("rules")
RULES: dict[str, Rule] = load_packs([FOLDER])
FILES = sorted({Path(rule.file) for rule in RULES.values()})


@cache
def inventory_of(file: Path) -> Inventory:
    """The examples of one file as an inventory."""
    return read_examples(file)


@cache
def examples() -> tuple[Example, ...]:
    """Every example of every rule."""
    found: list[Example] = []
    for file in sorted({examples_file(rule) for rule in RULES.values()}):
        beside = [rule for rule in RULES.values() if examples_file(rule) == file]
        ids = [resource.id for resource in inventory_of(file)]
        found.extend(examples_of(beside, ids, file))
    return tuple(found)
