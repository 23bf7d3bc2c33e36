"""What is to be judged: a system, its stacks, and the profiles in which it is deployed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.model import Location, PropertyPath

if TYPE_CHECKING:
    from analyzer.cost.declared import CostClaim, Currency

ACCOUNT = "111122223333"
REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class StackSpec:
    """One stack of a profile: a template, and everything that it is deployed with.

    `content` holds a template that has no file, such as standard input; `imports` maps an export's
    name to `stack.OutputLogicalId` of a sibling.
    """

    name: str
    template: Path
    region: str = REGION
    account: str = ACCOUNT
    parameters: Mapping[str, Any] = field(default_factory=dict)
    imports: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """One way of deploying a system: its stacks, thresholds, usage, schedule and budget.

    `offered` are parameters that are given to each stack that declares them. `increase` is what a
    change may add to the cost: an amount per month, or so many percent.
    """

    name: str
    stacks: tuple[StackSpec, ...]
    title: str = ""
    offered: Mapping[str, Any] = field(default_factory=dict)
    policy: Mapping[str, Any] = field(default_factory=dict)
    usage: Mapping[str, Any] = field(default_factory=dict)
    schedule: Mapping[str, Any] | None = None
    budget: tuple[Decimal, str] | None = None  # amount per month and its currency
    increase: tuple[Decimal, str] | None = None  # amount and its currency, or number and "%"
    currency: Currency | None = None  # of both, where it is not the system's


@dataclass(frozen=True, slots=True)
class ControlClaim:
    """The owner's statement that a control holds: none of `rules` fails on `resources` (globs)."""

    id: str
    text: str
    rules: tuple[str, ...]
    profiles: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intent:
    """The owner's statement of who may reach whom: "deny", "allow", or "only" these sources.

    Ends are "internet", a CIDR block, a service, a glob on logical ids, or "tier NAME". Without
    ports all are meant that the target opens.
    """

    id: str
    kind: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    ports: tuple[int, ...] = ()
    protocol: str = "tcp"
    severity: str = "high"
    reason: str = ""
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The owner's statement that roles (globs on logical ids) may do no more than these statements.

    `${LogicalId.Arn}` in a statement is a resource of the system.
    """

    id: str
    roles: tuple[str, ...]
    statements: tuple[Mapping[str, Any], ...]
    severity: str = "high"
    reason: str = ""
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class System:
    """One system with its profiles and its owner's declarations.

    `file` is where they stand, and `locate` finds the place of a path in it.
    """

    name: str
    profiles: tuple[Profile, ...]
    title: str = ""
    description: str = ""
    file: str = ""
    controls: tuple[ControlClaim, ...] = ()
    costs: tuple[CostClaim, ...] = ()
    tiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    intents: tuple[Intent, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    currency: Currency | None = None
    locate: Callable[[PropertyPath], Location] | None = None

    def profile(self, name: str) -> Profile:
        """The one of its profiles that has this name."""
        return next(profile for profile in self.profiles if profile.name == name)

    def line(self, *path: str | int) -> int:
        """The line of a declaration in `file`; 0 for a system without one."""
        return self.locate(path).line if self.locate else 0

    @property
    def templates(self) -> dict[Path, StackSpec]:
        """Every template of every profile once, with one of the stacks that it makes."""
        return {stack.template: stack for profile in self.profiles for stack in profile.stacks}
