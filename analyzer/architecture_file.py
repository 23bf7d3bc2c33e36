"""The form of architecture.yaml as it is written: what may stand where."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from analyzer.network.services import services
from analyzer.policy.rule import RULE_ID
from analyzer.system import ACCOUNT

FILE_NAME = "architecture.yaml"

Text = Annotated[
    str, BeforeValidator(lambda value: f"{value}" if isinstance(value, int) else value)
]
# Said by ourselves: what pydantic says of decimals differs from version to version.
_NUMBER = WithJsonSchema(
    {
        "anyOf": [
            {"type": "number", "minimum": 0},
            {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"},
        ]
    }
)
Number = Annotated[Decimal, BeforeValidator(lambda value: f"{value}"), Field(ge=0), _NUMBER]
Rating = Annotated[Decimal, BeforeValidator(lambda value: f"{value}"), Field(gt=0), _NUMBER]
Code = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217 currency code")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rate(_Part):
    """The currency in which the owner declares, and what it was worth on a day."""

    code: Code
    usd_per_unit: Rating
    date: date
    source: str


class StackPart(_Part):
    """A stack: a template in a region."""

    template: str = Field(description="path, relative to this file")
    region: str = Field(pattern="^[a-z]{2}(-[a-z]+)+-[0-9]$")
    account: Text = Field(default=ACCOUNT, pattern="^[0-9]{12}$")
    parameters: dict[str, Any] = Field(default={}, description="given in all profiles")
    imports: dict[str, str] = Field(
        default={}, description="export name -> stack.OutputLogicalId of a sibling stack"
    )


_PERCENT = re.compile(r"^([0-9]+(?:\.[0-9]+)?) ?%$")
Increase = Annotated[
    str,
    BeforeValidator(lambda value: f"{value}"),
    Field(pattern=r"^[0-9]+(\.[0-9]+)?( ?%)?$"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?( ?%)?$"},
            ]
        }
    ),
]


class BudgetPart(_Part):
    """A ceiling per month, and what one change may add."""

    amount: Number
    currency: Code = "USD"
    increase: Increase | None = Field(
        default=None, description="what a change may add: an amount, or a percentage (10%)"
    )

    @property
    def allowed(self) -> tuple[Decimal, str] | None:
        """The increase as a number and its unit: the currency, or "%"."""
        if self.increase is None:
            return None
        percent = _PERCENT.match(self.increase)
        return (Decimal(percent[1]), "%") if percent else (Decimal(self.increase), self.currency)


class SchedulePart(_Part):
    """Instances and groups with all of these tags run only so many hours a week."""

    hours_per_week: Number
    tags: dict[str, str]


class ProfilePart(_Part):
    """One way of deploying the system."""

    title: str = ""
    stacks: list[str] | None = Field(default=None, description="which stacks; default all")
    parameters: dict[str, Any] = Field(
        default={}, description="given to every stack that declares the parameter"
    )
    stack_parameters: dict[str, dict[str, Any]] = Field(default={}, description="by stack")
    policy: dict[str, Any] = Field(
        default={}, description="thresholds, by setting name or by rule id"
    )
    schedule: SchedulePart | None = None
    budget: BudgetPart | None = None
    usage: dict[str, dict[str, Any]] = Field(
        default={}, description="by logical id (or stack/id), and `network`"
    )


class ControlPart(_Part):
    """A control that the owner says holds."""

    id: str
    text: str
    rules: list[str] = Field(min_length=1)
    profiles: list[str] = []
    resources: list[str] = Field(default=[], description="globs on logical ids; default all")


class RangePart(_Part):
    """A declared total between two amounts."""

    low: Number
    high: Number


class CostLinePart(_Part):
    """One line of a declared cost."""

    name: str
    amount: Number
    covers: list[str] = Field(description="globs on our charges, such as EC2/instance-hours")


class CostPart(_Part):
    """What the owner says that a profile costs."""

    profile: str
    currency: Code = "USD"
    total: Number | RangePart
    period: Literal["month", "hour"] = "month"
    lines: list[CostLinePart] = []


class ClaimsPart(_Part):
    """The owner's declarations, as data."""

    controls: list[ControlPart] = []
    costs: list[CostPart] = []


Words = Annotated[
    list[str],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]
_PORT = {"type": "integer", "minimum": 0, "maximum": 65535}
Ports = Annotated[
    list[Annotated[int, Field(ge=0, le=65535, strict=True)]],
    BeforeValidator(lambda value: value if isinstance(value, list) else [value]),
    WithJsonSchema({"anyOf": [_PORT, {"type": "array", "items": _PORT}]}),
]


class EndsPart(_Part):
    """Who, whom, and where: globs on logical ids, "tier NAME", internet, CIDR blocks, services."""

    sources: Words = Field(alias="from")
    targets: Words = Field(alias="to")
    port: Ports = Field(default=[], description="default: every port that the target opens")
    protocol: Literal["tcp", "udp"] = "tcp"


def _one_of(schema: dict[str, Any]) -> None:
    """Exactly one of the three is stated; null is none."""
    words = ("deny", "allow", "only")
    schema["oneOf"] = [
        {"required": [word], "properties": {word: {"not": {"type": "null"}}}} for word in words
    ]


class IntentPart(_Part):
    """Who may reach whom; exactly one of deny, allow and only."""

    model_config = ConfigDict(json_schema_extra=_one_of)

    id: str = Field(default="", pattern=rf"^({RULE_ID.pattern})?$")
    deny: EndsPart | None = Field(default=None, description="no source reaches any target")
    allow: EndsPart | None = Field(default=None, description="every source reaches every target")
    only: EndsPart | None = Field(default=None, description="nothing else reaches the targets")
    severity: Literal["info", "low", "medium", "high", "critical"] = "high"
    reason: str = ""
    profiles: list[str] = []

    @property
    def stated(self) -> list[tuple[str, EndsPart]]:
        """What is stated, by its word."""
        every = (("deny", self.deny), ("allow", self.allow), ("only", self.only))
        return [(word, ends) for word, ends in every if ends is not None]

    @model_validator(mode="after")
    def _one_thing(self) -> IntentPart:
        if len(self.stated) != 1:
            raise ValueError("states exactly one of deny, allow and only")
        word, ends = self.stated[0]
        if word == "allow" and not ends.port and not services().issuperset(ends.targets):
            raise ValueError("allow names the port, unless it is about services")
        return self


class CeilingPart(_Part):
    """What roles may do at most."""

    id: str = Field(default="", pattern=rf"^({RULE_ID.pattern})?$")
    roles: Words = Field(description="globs on logical ids")
    statements: list[dict[str, Any]] = Field(
        min_length=1, description="as in a policy; ${LogicalId.Arn} is a resource of the system"
    )
    severity: Literal["info", "low", "medium", "high", "critical"] = "high"
    reason: str = ""
    profiles: list[str] = []


class ArchitectureFile(_Part):
    """The file as it is written."""

    name: str
    title: str = ""
    description: str = ""
    currency: Rate | None = None
    stacks: dict[str, StackPart] = Field(min_length=1)
    profiles: dict[str, ProfilePart] = Field(min_length=1)
    claims: ClaimsPart = ClaimsPart()
    tiers: dict[str, list[str]] = Field(
        default={}, description="globs on logical ids, for intents: `tier database`"
    )
    intents: list[IntentPart] = Field(default=[], description="who may reach whom")
    ceilings: list[CeilingPart] = Field(default=[], description="what roles may do at most")


def schema() -> dict[str, Any]:
    """The JSON Schema of the file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ArchitectureFile.model_json_schema(mode="validation"),
        "title": FILE_NAME,
    }
