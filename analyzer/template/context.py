"""Where and how a stack is deployed: what its template cannot say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analyzer.template.regions import partition_of
from analyzer.template.source import Source


@dataclass(frozen=True)
class StackContext:
    """One stack in one profile.

    `imports` gives the value of an export of a sibling stack and raises KeyError where there is
    none. `all_scenarios` opens each parameter that has AllowedValues. `stack_name` is what
    `AWS::StackName` gives, where it differs from `name`. `sources` are templates of nested stacks
    that are not read again.
    """

    name: str
    region: str = "us-east-1"
    account: str = "111122223333"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    imports: Callable[[str], Any] | None = None
    all_scenarios: bool = False
    stack_name: str = ""
    sources: Mapping[str, Source] = field(default_factory=dict)

    @property
    def partition(self) -> str:
        """The partition that the region belongs to."""
        return partition_of(self.region)
