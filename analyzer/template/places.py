"""From a path in resolved properties back to the path in the template as it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analyzer.model import PropertyPath
from analyzer.template.arguments import arguments
from analyzer.template.problem import Problem
from analyzer.unknown import ABSENT

Walk = tuple[Any, PropertyPath]


class Places:
    """Finds where a property of one stack is written.

    `decide` gives the decision of a named condition, `value` the value of plain data: both are
    needed to know which branch was taken and which list items are not set.
    """

    def __init__(self, decide: Callable[[Any], Any], value: Callable[[Any], Any]) -> None:
        self._decide = decide
        self._value = value

    def written(self, data: Any, path: PropertyPath) -> PropertyPath:
        """The written path of a resolved one; of its nearest parent where it is not written."""
        written: PropertyPath = ()
        for part in path:
            steps = [
                found for walk in self._branches((data, ())) if (found := self._step(walk, part))
            ]
            if not steps:
                break
            data, below = steps[0]
            written += below
        return written

    def every(self, data: Any, path: PropertyPath) -> list[tuple[PropertyPath, PropertyPath]]:
        """The written paths of a resolved one, one in each branch that may be taken.

        Beside each stands the part that is not written there.
        """
        walks: list[tuple[Walk, PropertyPath]] = [
            (walk, path) for walk in self._branches((data, ()))
        ]
        found = []
        while walks:
            walk, rest = walks.pop(0)
            step = self._step(walk, rest[0]) if rest else None
            if step is None:
                found.append((walk[1], rest))
            else:
                walks.extend((branch, rest[1:]) for branch in self._branches(step))
        return found

    def _branches(self, walk: Walk) -> list[Walk]:
        """A value behind `Fn::If`: the branch that was taken, or both."""
        data, path = walk
        if not isinstance(data, dict) or len(data) != 1:
            return [walk]
        if "Fn::If" not in data:
            return [walk]
        try:
            argument = arguments("Fn::If", data["Fn::If"], 3, 3)
            decision = self._decide(argument[0])
        except Problem:
            return [walk]
        taken = [1] if decision is True else [2] if decision is False else [1, 2]
        return [
            branch
            for index in taken
            for branch in self._branches((argument[index], (*path, "Fn::If", index)))
        ]

    def _step(self, walk: Walk, part: str | int) -> Walk | None:
        data, path = walk
        if isinstance(data, dict) and isinstance(part, str) and part in data:
            return data[part], (*path, part)
        if isinstance(data, list) and isinstance(part, int):
            place = self._item(data, part)
            return (data[place], (*path, place)) if place is not None else None
        return None

    def _item(self, data: list[Any], wanted: int) -> int | None:
        """The written position of a list item: those that are not set do not count."""
        position = -1
        for index, item in enumerate(data):
            if isinstance(item, dict) or item is None:
                position += self._value(item) is not ABSENT
            else:
                position += 1
            if position == wanted:
                return index
        return None
