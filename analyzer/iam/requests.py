"""A concrete request, as the example of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analyzer.iam.context import Value


@dataclass(frozen=True, slots=True)
class Request:
    """One concrete request, as an example: what IAM would be asked."""

    action: str
    resource: str
    principal: str = ""
    context: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        told = [f"{key} {_shown(value)}" for key, value in self.context.items()]
        who = f"{self.principal}: " if self.principal else ""
        return f"{who}{self.action} on {self.resource}" + (
            f" with {', '.join(told)}" if told else ""
        )


def _shown(value: Value) -> str:
    if value is None:
        return "absent"
    return f"[{', '.join(value)}]" if isinstance(value, tuple) else value
