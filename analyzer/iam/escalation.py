"""Ways in which a principal gains rights that nobody gave it.

The facts stand in `data/escalation_paths.yaml`. Whether a way is open depends on how far its
actions go, and on what the resources that they may be used on can do: the world says that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from analyzer.iam.context import Value
from analyzer.iam.grants import Rule
from analyzer.iam.managed_policies import is_harmless, strongest
from analyzer.iam.permissions import Holder, Reach, widest
from analyzer.iam.service_reference import ServiceReference
from analyzer.unknown import Undecided

_FILE = Path(__file__).parent / "data" / "escalation_paths.yaml"
PASS = "iam:PassRole"  # noqa: S105 - an action
_PASSED_TO = "iam:passedtoservice"
_POLICY_ARN = "iam:policyarn"
_ITSELF = ("user/${aws:username}", "user/*/${aws:username}")
# Whose role, code or session is taken, where the reference does not say which type is needed.
_TARGETS = {"ssm:SendCommand": "instance", "ssm:StartSession": "instance"}
ASSUMING = ("sts:AssumeRole",)
_COMMAND = "ssm:SendCommand"
# Documents that run the text that they are given. AWS Systems Manager Automation runbook and
# document reference, "AWS-RunShellScript" and those after it.
_RUNS = re.compile(
    r"document/(\*|AWS-Run(ShellScript|PowerShellScript|Document|RemoteScript)?\*?)$"
)
_NOT_KNOWN = "not known"  # what a named thing can do: it may be strong
_STRENGTH = {"no": 0, "conditional": 1, _NOT_KNOWN: 2, "yes": 3}


@dataclass(frozen=True, slots=True)
class Escalation:
    """A combination of actions that together gain rights.

    `id` and `category` are those of pathfinding.cloud. `passed_to` are the services that can get a
    role passed; `on_itself` marks what gains also where it may be used on its own holder only.
    """

    id: str
    name: str
    category: str
    actions: tuple[str, ...]
    passed_to: tuple[str, ...] = ()
    on_itself: bool = False

    @property
    def administers(self) -> bool:
        """Whether one call of IAM suffices to gain everything."""
        only_iam = all(action.startswith("iam:") for action in self.actions)
        return only_iam and len(self.actions) == 1 and self.category == "self-escalation"

    def __str__(self) -> str:
        return f"{self.name} ({' + '.join(self.actions)})"


@dataclass(frozen=True, slots=True)
class Way:
    """An escalation that is open: `verdict` is yes, or conditional with what it hangs on.

    `rules` are the statements that open it, the first action's first. `is_open`: no condition
    stands in the way, but what the named resources can do is not known.
    """

    path: Escalation
    verdict: str
    hangs_on: tuple[str, ...]
    rules: tuple[Rule, ...]
    is_open: bool = False


class World(Protocol):
    """What is known of the resources that a policy names."""

    def power(self, type_: str, pattern: str) -> str:
        """What taking the resource gains: yes, no, conditional (not known), or itself."""
        ...


class WorstWorld:
    """Nothing is known: what a policy names may be strong, and there is something strong."""

    def power(self, type_: str, pattern: str) -> str:  # noqa: ARG002 - it knows nothing
        """`itself` for the variable of the own user, else not known."""
        return "itself" if is_itself(pattern) else "conditional"


def is_itself(pattern: str) -> bool:
    """Whether a resource pattern is the user who asks."""
    return pattern.lower().endswith(_ITSELF)  # variables ignore case


@cache
def known_escalations() -> tuple[Escalation, ...]:
    """Every known combination."""
    import yaml  # needed only where there is a policy

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(_FILE.read_bytes(), Loader=loader)  # noqa: S506 - a safe one
    return tuple(
        Escalation(
            path["id"],
            path["name"],
            path["category"],
            tuple(path["actions"]),
            tuple(path.get("passed_to", ())),
            path.get("on_itself", False),
        )
        for path in data["paths"]
    )


@cache
def _by_actions(reference: ServiceReference) -> tuple[tuple[int, Escalation], ...]:
    """Each combination with the set of its actions; those that AWS does not know are left out."""
    sets = []
    for path in known_escalations():
        actions = [reference.number(action) for action in path.actions]
        if None not in actions:
            sets.append((sum(1 << number for number in set(actions) if number is not None), path))
    return tuple(sets)


def escalations(holder: Holder, world: World | None = None) -> Iterator[Way]:
    """The ways that are open to a holder, surely or perhaps."""
    known = world or WorstWorld()
    missing = holder.reference.everything & ~holder.perhaps
    for actions, path in _by_actions(holder.reference):
        if not actions & missing:
            way = _way(holder, path, known)
            if way is not None:
                yield way


def open_escalations(holder: Holder, world: World) -> list[Way]:
    """The ways that are surely open; assuming a role, which is how it is meant, is none.

    Raises `Undecided` where none is, but one hangs on what a named resource can do.
    """
    ways = [way for way in escalations(holder, world) if way.path.actions != ASSUMING]
    surely = [way for way in ways if way.verdict == "yes"]
    for way in ways if not surely else ():
        if way.is_open:
            raise Undecided(f"{way.path}", f"hangs on {'; '.join(way.hangs_on)}")
    return surely


def _way(holder: Holder, path: Escalation, world: World) -> Way | None:
    answers, hangs_on = [], []
    rules: list[Rule] = []
    for action in path.actions:
        reach, answer = _answer(holder, action, path, world)
        if answer == "no":
            return None
        answers.append(answer)
        rules.append(widest(reach.rules))
        if answer != "yes":
            named = ", ".join((*reach.patterns, *reach.under)[:3])
            hangs_on.append(f"{action} on {named}")
    weakest = min(answers, key=_STRENGTH.__getitem__)
    return Way(
        path,
        "yes" if weakest == "yes" else "conditional",
        tuple(dict.fromkeys(hangs_on)),
        tuple(rules),
        is_open=weakest == _NOT_KNOWN,
    )


def _answer(holder: Holder, action: str, path: Escalation, world: World) -> tuple[Reach, str]:
    type_ = _TARGETS.get(action, "")
    known: dict[str, Sequence[Value]] = {}
    if action == PASS:
        known[_PASSED_TO] = path.passed_to
    elif action.startswith("iam:Attach"):
        return _attaching(holder, action, path, world)
    reach = holder.reach(action, type_, known=known)
    if action != PASS and path.category == "new-passrole":
        # Something new is made: it is enough that it may be made somewhere.
        return reach, "yes" if reach.patterns else "conditional" if reach.under else "no"
    gain = _gain(reach, _type(holder, action, type_), path, world)
    if action == _COMMAND:
        document = holder.reach(action, "document")
        return reach, min(gain, _runs_anything(document), key=_STRENGTH.__getitem__)
    return reach, gain


def _runs_anything(documents: Reach) -> str:
    """Whether the documents that may be sent run what the sender writes."""
    if documents.always or any(_RUNS.search(pattern) for pattern in documents.patterns):
        return "yes"
    if any(_RUNS.search(pattern) for pattern in documents.under) or documents.sometimes:
        return "conditional"
    return _NOT_KNOWN if documents else "no"


def _attaching(holder: Holder, action: str, path: Escalation, world: World) -> tuple[Reach, str]:
    """What attaching a policy gains hangs on which policies may be attached."""
    strong: Mapping[str, Sequence[Value]] = {_POLICY_ARN: strongest()}
    reach = holder.reach(action, known=strong)
    answer = _gain(reach, _type(holder, action, ""), path, world)
    if answer != "no":
        return reach, answer
    other = holder.reach(action)
    named = [
        value
        for rule in other.rules
        for test in rule.tests
        if test.key == _POLICY_ARN
        for value in test.values
    ]
    if not other or (named and all(is_harmless(value) for value in named)):
        return other, "no"
    answer = _gain(other, _type(holder, action, ""), path, world)
    return other, "no" if answer == "no" else "conditional"


def _type(holder: Holder, action: str, type_: str) -> str:
    told = holder.reference.action(action)
    return type_ or (next(iter((*told.required, *told.types)), "") if told else "")


def _gain(reach: Reach, type_: str, path: Escalation, world: World) -> str:
    if reach.always:
        return "yes"
    gains = [
        _NOT_KNOWN if power == "conditional" else power
        for power in (_power(world, type_, pattern, path) for pattern in reach.patterns)
    ]
    gains.extend(
        "no" if _power(world, type_, pattern, path) == "no" else "conditional"
        for pattern in reach.under
    )
    if reach.sometimes:
        gains.append("conditional")
    return max(gains, key=_STRENGTH.__getitem__, default="no")


def _power(world: World, type_: str, pattern: str, path: Escalation) -> str:
    power = world.power(type_, pattern)
    if power != "itself":
        return power
    return "yes" if path.on_itself else "no"
