"""Frameworks: which of their controls our rules answer; one file a framework, with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from analyzer.errors import PackError
from analyzer.policy.rule import Rule

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Frameworks:
    """Titles by framework id, and the controls that each rule answers by framework id."""

    titles: Mapping[str, str]
    controls: Mapping[str, Mapping[str, tuple[str, ...]]]

    def applied(self, rules: Mapping[str, Rule]) -> dict[str, Rule]:
        """The rules, each knowing the controls that it answers."""
        return {
            id_: replace(rule, info=replace(rule.info, frameworks=self.controls.get(id_, {})))
            for id_, rule in rules.items()
        }


def load_frameworks(folder: Path) -> Frameworks:
    """The frameworks of a folder. Raises `PackError` where a file has not the form."""
    titles: dict[str, str] = {}
    controls: dict[str, dict[str, tuple[str, ...]]] = {}
    for file in sorted(folder.glob("*.yaml")):
        try:
            written: Any = yaml.load(file.read_bytes(), Loader=_LOADER)  # noqa: S506 - a safe one
            id_ = written["id"]
            titles[id_] = written["title"]
            for rule, ids in written["controls"].items():
                controls.setdefault(rule, {})[id_] = tuple(map(str, ids))
        except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            message = f"is not a framework file ({type(error).__name__}: {error})"
            raise PackError(message.replace("\n", " "), file=str(file)) from error
    return Frameworks(titles, controls)
