"""Inventories of templates, and what the labelled cases expect of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from analyzer.assembly import assemble
from analyzer.model import Inventory, Resource
from analyzer.network import Reachability, reachable
from analyzer.system import Profile, StackSpec, System

CASES = Path(__file__).with_name("network-cases.yaml")


@cache
def cases() -> tuple[Mapping[str, Any], ...]:
    return tuple(yaml.safe_load(CASES.read_text(encoding="utf-8"))["cases"])


def inventory_of_template(
    template: str, *, all_scenarios: bool = False, region: str = "eu-west-3", **parameters: Any
) -> Inventory:
    stack = StackSpec(
        "main",
        Path("template.yaml"),
        region=region,
        content=template.encode(),
        parameters=parameters,
    )
    profile = Profile("", (stack,))
    system = System("test", (profile,))
    return assemble(system, profile, {}, all_scenarios=all_scenarios).inventory


def thing(inventory: Inventory, name: str) -> Resource:
    return inventory.resources[f"main/{name}"]


def answer(inventory: Inventory, ask: Mapping[str, Any]) -> Reachability:
    source = ask["from"] if ask["from"] == "internet" else thing(inventory, ask["from"])
    return reachable(source, thing(inventory, ask["to"]), ask["protocol"], ask["port"])


def scenarios() -> Iterator[tuple[Mapping[str, Any], str, str, str]]:
    for case in cases():
        for given, verdict in case.get("scenarios", {}).items():
            name, _, value = given.partition("=")
            yield case, name, value, verdict


def in_order(wanted: Iterable[str], found: Iterable[str]) -> bool:
    rest = iter(found)
    return all(name in rest for name in wanted)
