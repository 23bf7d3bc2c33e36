"""The Conditions section: True, False, or an object that asks its operands when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.template.arguments import arguments
from analyzer.template.branches import either
from analyzer.template.problem import Problem, did_you_mean
from analyzer.unknown import Either, Partial, Reference, Unknown, settle

Decision = "bool | Equals | Not | Both | OneOf"

_MAX_OPERANDS = 5_000
_LIMITS = {"Fn::And": (2, 10), "Fn::Or": (2, 10), "Fn::Not": (1, 1), "Fn::Equals": (2, 2)}


@dataclass(frozen=True, eq=False, slots=True)
class Equals:
    """`Fn::Equals` with an operand that is not known."""

    left: Any
    right: Any
    size: int = 1

    def holds(self) -> bool:
        """Compare on the current path."""
        return bool(_settled(self.left) == _settled(self.right))


@dataclass(frozen=True, eq=False, slots=True)
class Not:
    """`Fn::Not` of an undecided condition."""

    operand: Any
    size: int

    def holds(self) -> bool:
        """Negate on the current path."""
        return not self.operand.holds()


@dataclass(frozen=True, eq=False, slots=True)
class Both:
    """`Fn::And` of undecided conditions."""

    operands: tuple[Any, ...]
    size: int

    def holds(self) -> bool:
        """Whether all hold; what follows a false one is not asked."""
        return all(operand.holds() for operand in self.operands)


@dataclass(frozen=True, eq=False, slots=True)
class OneOf:
    """`Fn::Or` of undecided conditions."""

    operands: tuple[Any, ...]
    size: int

    def holds(self) -> bool:
        """Whether one holds; what follows a true one is not asked."""
        return any(operand.holds() for operand in self.operands)


def equals(left: Any, right: Any) -> Any:
    """Compare as CloudFormation does, as texts; undecided where an operand is open."""
    left, right = _compared(left), _compared(right)
    if _is_open(left) or _is_open(right):
        return Equals(left, right)
    return left == right


def negation(operand: Any) -> Any:
    """The opposite of a decision."""
    if isinstance(operand, bool):
        return not operand
    return operand.operand if isinstance(operand, Not) else Not(operand, operand.size + 1)


def conjunction(*operands: Any) -> Any:
    """Whether all decisions hold."""
    return _combined(Both, operands, decisive=False)


def disjunction(*operands: Any) -> Any:
    """Whether one of the decisions holds."""
    return _combined(OneOf, operands, decisive=True)


def _combined(kind: Callable[..., Any], operands: tuple[Any, ...], *, decisive: bool) -> Any:
    if any(operand is decisive for operand in operands):
        return decisive
    undecided = tuple(dict.fromkeys(o for o in operands if not isinstance(o, bool)))
    if not undecided:
        return not decisive
    if len(undecided) == 1:
        return undecided[0]
    size = 1 + sum(operand.size for operand in undecided)
    if size > _MAX_OPERANDS:
        raise Problem(f"the condition stands for more than {_MAX_OPERANDS} comparisons")
    return kind(undecided, size)


def _compared(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return [_compared(item) for item in value]
    if isinstance(value, Either):
        return either(value.condition, _compared(value.if_true), _compared(value.if_false))
    return value


def _settled(value: Any) -> Any:
    value = settle(value)
    return [_settled(item) for item in value] if isinstance(value, list) else value


def _is_open(value: Any) -> bool:
    if isinstance(value, list):
        return any(_is_open(item) for item in value)
    return isinstance(value, Unknown | Partial | Reference | Either)


class Conditions:
    """The conditions of one stack, each decided once."""

    def __init__(self, declared: Mapping[str, Any], resolve: Callable[[Any], Any]) -> None:
        """`resolve` gives the value of an operand of `Fn::Equals`."""
        self._declared = declared
        self._resolve = resolve
        self._decided: dict[str, Any] = {}
        self._in_progress: list[str] = []

    def check(self) -> None:
        """Decide every condition, so that a broken one is found although nothing uses it."""
        for name in self._declared:
            self.named(name)

    def named(self, name: Any) -> Any:
        """The decision of a named condition."""
        if not isinstance(name, str):
            raise Problem("needs the name of a condition")
        if name in self._decided:
            return self._decided[name]
        if name not in self._declared:
            raise Problem(f"condition `{name}` is not declared", did_you_mean(name, self._declared))
        if name in self._in_progress:
            circle = [*self._in_progress[self._in_progress.index(name) :], name]
            raise Problem(f"conditions are circular: {' -> '.join(circle)}", "break the circle")
        self._in_progress.append(name)
        try:
            decision = self._decided[name] = self.decide(self._declared[name])
        except Problem as problem:
            raise problem.anchored("Conditions", name) from None
        finally:
            self._in_progress.pop()
        return decision

    def decide(self, data: Any) -> Any:
        """The decision of a condition function."""
        if not isinstance(data, dict) or len(data) != 1:
            raise Problem("is not a condition function", "use Fn::Equals, And, Or, Not, Condition")
        ((name, argument),) = data.items()
        if name == "Condition":
            return self.named(argument)
        if name not in _LIMITS:
            raise Problem(
                f"`{name}` is not a condition function", did_you_mean(name, [*_LIMITS, "Condition"])
            )
        try:
            return self._function(name, arguments(name, argument, *_LIMITS[name]))
        except Problem as problem:
            raise problem.within(name) from None

    def _function(self, name: str, stated: list[Any]) -> Any:
        function = self._resolve if name == "Fn::Equals" else self.decide
        operands = []
        for index, item in enumerate(stated):
            try:
                operands.append(function(item))
            except Problem as problem:
                raise problem.within(index) from None
        if name == "Fn::Equals":
            return equals(*operands)
        if name == "Fn::Not":
            return negation(operands[0])
        return conjunction(*operands) if name == "Fn::And" else disjunction(*operands)
