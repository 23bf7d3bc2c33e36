"""Ways in which a principal gains rights that nobody gave it; facts in `data/escalations.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analyzer.iam.conditions import Test, narrowing
from analyzer.iam.matching import action_matches, concerns, covers
from analyzer.iam.policies import denies
from analyzer.iam.statements import Statement

_FILE = Path(__file__).parent / "data" / "escalations.yaml"
_PASS = "iam:PassRole"  # noqa: S105 - an action
_ITSELF = "user/${aws:username}"


@dataclass(frozen=True, slots=True)
class Escalation:
    """A combination of actions that together gain rights.

    `passed_to` is the service that gets a role passed; `on_itself` marks what gains also where it
    may be used on its own holder only.
    """

    name: str
    actions: tuple[str, ...]
    passed_to: str = ""
    on_itself: bool = False

    @property
    def administers(self) -> bool:
        """Whether IAM's own actions suffice: then nothing else is needed to gain everything."""
        return all(action.startswith("iam:") for action in self.actions)


@cache
def known_escalations() -> tuple[Escalation, ...]:
    """Every known combination."""
    import yaml  # needed only where there is a policy

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(_FILE.read_bytes(), Loader=loader)  # noqa: S506 - a safe one
    return tuple(
        Escalation(
            path["name"],
            tuple(path["actions"]),
            path.get("passed_to", ""),
            path.get("on_itself", False),
        )
        for path in data["paths"]
    )


def escalations(statements: Sequence[Statement]) -> Iterator[tuple[Escalation, Statement]]:
    """What the statements of one identity allow together, each with the statement that begins it.

    Only actions on every resource count (or on the holder itself, where that suffices): what a
    named role, function or server may do is not asked. Conditions that leave a smaller part of the
    requests end a path, except on the very service that a role is passed to.
    """
    for path in known_escalations():
        granting = []
        for action in path.actions:
            found = _granting(statements, action, path)
            if not found:
                break
            granting.append(found)
        else:
            yield path, granting[0]


def _granting(statements: Sequence[Statement], action: str, path: Escalation) -> Statement | None:
    for statement in statements:
        if (
            statement.allows
            and _reaches(statement, action, path)
            and not _ended(narrowing(statement), action, path)
            and not denies(statements, action)
        ):
            return statement
    return None


def _reaches(statement: Statement, action: str, path: Escalation) -> bool:
    if path.on_itself and any(f"{resource}".endswith(_ITSELF) for resource in statement.resources):
        return concerns(statement, action)
    return covers(statement, action)


def _ended(tests: Iterable[Test], action: str, path: Escalation) -> bool:
    return any(
        not (
            action == _PASS
            and test.key == "iam:passedtoservice"
            and any(action_matches(value, path.passed_to) for value in test.values)
        )
        for test in tests
    )
