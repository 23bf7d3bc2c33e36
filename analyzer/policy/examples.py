"""The examples beside a rule file: resources named `PassBakRds01...`, `FailBakRds01ZeroDays`.

One CloudFormation file a rule file, `<service>.examples.yaml`. A resource whose logical id starts
with Pass, Fail, Unknown or Skip and goes on with the rule's id in camel case is an example; every
other resource of the file is its surroundings. `Live` beside `Properties` makes a resource one of a
running account, with these facts; a fact that is null could not be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer.findings import Verdict
from analyzer.membership import normalise
from analyzer.model import Inventory
from analyzer.policy.rule import Rule
from analyzer.unknown import Unknown

_EXAMPLE = re.compile(r"(Pass|Fail|Unknown|Skip)([A-Z]\w*)")


@dataclass(frozen=True, slots=True)
class Example:
    """One resource that shows a rule's verdict."""

    rule: str
    verdict: Verdict
    resource: str
    file: Path


def examples_file(rule: Rule) -> Path:
    """Where the examples of a rule stand."""
    return Path(rule.file).with_suffix(".examples.yaml")


def read_examples(file: Path) -> Inventory:
    """The resources of one file of examples. Raises `InputError` where it cannot be read."""
    from analyzer.template import StackContext, read_source, read_stack

    source = read_source(file)
    facts = {
        name: declared.pop("Live")
        for name, declared in source.data["Resources"].items()
        if "Live" in declared
    }
    resources = read_stack(source, StackContext("main")).resources
    for resource in resources:
        if resource.id in facts:
            resource.live = {
                name: _unread(resource.id, name) if value is None else value
                for name, value in facts[resource.id].items()
            }
    return Inventory("examples", normalise(resources))


def _unread(resource: str, fact: str) -> Any:
    return Unknown(
        f"{fact} of {resource}",
        "could not be read",
        key=("unread", resource, fact),
        may_be_absent=True,
    )


def camel(rule_id: str) -> str:
    """`BAK-RDS-01` as a logical id spells it: `BakRds01`."""
    return "".join(part.capitalize() for part in rule_id.split("-"))


def examples_of(rules: Iterable[Rule], logical_ids: Iterable[str], file: Path) -> Iterator[Example]:
    """The examples that logical ids of one file announce."""
    spelled = sorted(((camel(rule.id), rule.id) for rule in rules), key=lambda pair: -len(pair[0]))
    for logical_id in logical_ids:
        match = _EXAMPLE.fullmatch(logical_id)
        if match is None:
            continue
        for name, rule_id in spelled:
            if match[2].startswith(name):
                yield Example(rule_id, Verdict(match[1].upper()), logical_id, file)
                break
