"""Proposed statements as YAML to paste."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.iam.tightening.notation import (
    STEP,
    passed_to_condition,
    yaml_action,
    yaml_conditions,
    yaml_member,
    yaml_resource,
)
from analyzer.iam.tightening.proposals import StatementTightening, Tightening


def snippet(tightening: Tightening) -> str:
    """The proposed statements as YAML to paste, by policy."""
    lines: list[str] = []
    name = ""
    for one in tightening.statements:
        if one.changes:
            if one.document.name != name:
                name = one.document.name
                lines.append(f"# {name}")
            lines.extend(statement_lines(one))
    return "\n".join(lines) + ("\n" if lines else "")


def statement_lines(one: StatementTightening) -> Iterator[str]:
    """The statements that take the place of one, as items of a list."""
    for number, part in enumerate(one.parts):
        yield "- Effect: Allow"
        if one.sid:
            yield f"  Sid: {one.sid}{number + 1 if number else ''}"
        yield from yaml_member("Action", [yaml_action(action) for action in part.actions], STEP)
        yield from yaml_member("Resource", [yaml_resource(named) for named in part.named], STEP)
        conditions = one.statement.conditions
        if part.passed_to:
            conditions = passed_to_condition(part.passed_to)
        yield from yaml_conditions(conditions, STEP)
