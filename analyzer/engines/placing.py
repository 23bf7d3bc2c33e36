"""Where a foreign finding belongs: checkers know a template, not the stacks that it makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from analyzer.findings import Finding
from analyzer.results import ResourceInfo


@dataclass
class _Map:
    """What is known of each template: its stacks with region and account, its resources' types."""

    stacks: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    types: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def add(self, item: Finding | ResourceInfo, name: str, account: str) -> None:
        """Learn from a finding or a listed resource."""
        file = item.location.file if item.location else ""
        known = self.stacks.setdefault(file, {})
        if account or item.stack not in known:
            known[item.stack] = (item.region, account)
        self.types.setdefault((file, name), {})[item.stack] = item.type


def placed(
    foreign: Iterable[Finding], ours: Iterable[Finding], resources: Iterable[ResourceInfo]
) -> Iterator[Finding]:
    """Foreign findings with stack, region, account and type; one for each stack that is made."""
    known = _Map()
    for info in resources:
        known.add(info, info.id, "")
    for finding in ours:
        known.add(finding, finding.resource, finding.account)
    for theirs in foreign:
        file = theirs.location.file if theirs.location else ""
        types = known.types.get((file, theirs.resource), {})
        stacks = known.stacks.get(file, {})
        for stack in types or stacks or ("",):
            region, account = stacks.get(stack, ("", ""))
            yield replace(
                theirs,
                stack=stack,
                region=region,
                account=account,
                type=theirs.type or types.get(stack, ""),
            )
