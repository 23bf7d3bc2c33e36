"""The Parameters section: the value of each parameter in one profile."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analyzer.model import Location, PropertyPath
from analyzer.template.lists import split_text
from analyzer.template.patterns import matches
from analyzer.template.problem import Problem
from analyzer.template.texts import as_text
from analyzer.unknown import ABSENT, Either, Partial, Reference, Unknown

NOT_GIVEN = "(not given)"
MASK = "********"
_SHOWN_CHOICES = 10

_SSM_VALUE = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")
_LIST = re.compile(r"List<.+>|CommaDelimitedList")
_TYPE = re.compile(
    r"String|Number|CommaDelimitedList|List<(String|Number|AWS::[A-Za-z0-9:]+)>|AWS::[A-Za-z0-9:]+"
)
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_OPEN = (Unknown, Partial, Reference, Either)


class SecretParameter(Unknown):
    """A NoEcho parameter: its value may be known to the checks, and is never shown.

    `has_default` says whether the template itself holds a value for it.
    """

    __slots__ = ("has_default",)

    def __init__(self, subject: str, reason: str, *, has_default: bool, **more: Any) -> None:
        super().__init__(subject, reason, secret=True, **more)
        self.has_default = has_default


def has_literal_default(value: Any) -> bool:
    """Whether a value is, or contains, a NoEcho parameter whose default stands in the template."""
    if isinstance(value, Partial):
        return any(has_literal_default(part) for part in value.parts)
    if isinstance(value, Either):
        return has_literal_default(value.if_true) or has_literal_default(value.if_false)
    return isinstance(value, SecretParameter) and bool(value.has_default)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of one stack.

    `values` is what `Ref` gives, `clear` what conditions compare (secrets included), `shown` what a
    reader sees, and `secrets` the secret texts that were met.
    """

    values: Mapping[str, Any]
    clear: Mapping[str, Any]
    shown: Mapping[str, str]
    secrets: frozenset[str]
    notes: tuple[str, ...]


def read_parameters_section(
    declared: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    stack: str,
    all_scenarios: bool,
    locate: Callable[[PropertyPath], Location],
) -> Parameters:
    """The effective value of each declared parameter.

    Raises Problem where a declaration is malformed or a value breaks its constraints.
    """
    values: dict[str, Any] = {}
    clear: dict[str, Any] = {}
    shown: dict[str, str] = {}
    secrets: set[str] = set()
    notes = [
        f"parameter `{name}` is given but not declared" for name in given if name not in declared
    ]
    for name, declaration in declared.items():
        try:
            parameter = _Parameter(name, declaration, given, stack)
            parameter.check(notes)
            clear[name], values[name] = parameter.resolved(locate, all_scenarios=all_scenarios)
            shown[name] = parameter.shown(all_scenarios=all_scenarios)
            secrets.update(parameter.secrets())
        except Problem as problem:
            raise problem.anchored("Parameters", name) from None
    return Parameters(values, clear, shown, frozenset(secrets), tuple(notes))


def _type(name: str, declaration: Mapping[str, Any]) -> str:
    type_ = declaration.get("Type")
    if isinstance(type_, str) and (_TYPE.fullmatch(type_) or _SSM_VALUE.fullmatch(type_)):
        return type_
    raise Problem(
        f"parameter `{name}` has no valid Type", "for example String or Number", ("Type",)
    )


class _Parameter:
    """One parameter while its value is worked out."""

    def __init__(self, name: str, declaration: Any, given: Mapping[str, Any], stack: str) -> None:
        if not isinstance(declaration, dict):
            raise Problem(f"parameter `{name}` is not a map", "give it a Type")
        self.name = name
        self.declaration = declaration
        self.key = ("parameter", stack, name)
        self.type = _type(name, declaration)
        self.is_list = _LIST.fullmatch(self.type) is not None
        self.no_echo = f"{declaration.get('NoEcho')}".lower() == "true"
        self.default = self._text(declaration.get("Default"), ("Default",))
        self.is_given = given.get(name) is not None
        self.value = self._text(given[name]) if self.is_given else self.default

    def _text(self, value: Any, path: PropertyPath = ()) -> Any:
        if value is None or value is ABSENT:
            return None
        if isinstance(value, dict):
            raise Problem(f"the value of parameter `{self.name}` is a map", "give a text", path)
        if isinstance(value, list):
            return value if self.is_list else as_text(value)
        return as_text(value)

    @property
    def allowed(self) -> list[str] | None:
        allowed = self.declaration.get("AllowedValues")
        if allowed is None:
            return None
        if not isinstance(allowed, list) or not allowed:
            raise Problem("AllowedValues is not a list", path=("AllowedValues",))
        return [as_text(value) for value in allowed]

    def check(self, notes: list[str]) -> None:
        """Hold the value, where it is a text, against the declared constraints."""
        if isinstance(self.value, _OPEN) or self.value is None or _SSM_VALUE.fullmatch(self.type):
            return
        items = self._items(self.value) if self.is_list else [self.value]
        for item in items:
            if isinstance(item, str):
                fault = self._fault(item, notes)
                if fault:
                    raise self._violation(item, fault)

    def _fault(self, text: str, notes: list[str]) -> str:
        allowed = self.allowed
        if allowed is not None and text not in allowed:
            more = ", ..." if allowed[_SHOWN_CHOICES:] else ""
            return f"is not one of {', '.join(allowed[:_SHOWN_CHOICES])}{more}"
        is_number = self.type in ("Number", "List<Number>")
        return self._fault_of_number(text) if is_number else self._fault_of_text(text, notes)

    def _fault_of_number(self, text: str) -> str:
        if not _NUMBER.fullmatch(text):
            return "is not a number"
        low, high = self._bound("MinValue"), self._bound("MaxValue")
        if low is not None and float(text) < low:
            return f"is below MinValue {low:g}"
        if high is not None and float(text) > high:
            return f"is above MaxValue {high:g}"
        return ""

    def _fault_of_text(self, text: str, notes: list[str]) -> str:
        shortest, longest = self._bound("MinLength"), self._bound("MaxLength")
        if shortest is not None and len(text) < shortest:
            return f"is shorter than MinLength {shortest:g}"
        if longest is not None and len(text) > longest:
            return f"is longer than MaxLength {longest:g}"
        return "" if self._matches(text, notes) else "does not match AllowedPattern"

    def _bound(self, name: str) -> float | None:
        value = self.declaration.get(name)
        if value is None:
            return None
        text = as_text(value)
        if not isinstance(text, str) or not _NUMBER.fullmatch(text):
            raise Problem(f"{name} is not a number", path=(name,))
        return float(text)

    def _matches(self, text: str, notes: list[str]) -> bool:
        pattern = self.declaration.get("AllowedPattern")
        if not isinstance(pattern, str):
            return True
        matched = matches(pattern, text)
        if matched is None:
            notes.append(
                f"the AllowedPattern of parameter `{self.name}` is not understood, or takes too "
                "long: not checked"
            )
        return matched is not False

    def _violation(self, text: str, fault: str) -> Problem:
        what = "its value" if self.is_given else "its default"
        if not self.no_echo:
            what = f"'{text}'" if self.is_given else f"its default '{text}'"
        hint = self.declaration.get("ConstraintDescription")
        return Problem(
            f"parameter `{self.name}`: {what} {fault}",
            hint if isinstance(hint, str) else "",
            () if self.is_given else ("Default",),
        )

    def _items(self, value: Any) -> Any:
        if isinstance(value, list):
            return [item.strip() if isinstance(item, str) else item for item in value]
        if value == "" and isinstance(value, str):
            return []
        pieces = split_text(",", value)
        if isinstance(pieces, list):
            return [piece.strip() if isinstance(piece, str) else piece for piece in pieces]
        return pieces

    def resolved(
        self, locate: Callable[[PropertyPath], Location], *, all_scenarios: bool
    ) -> tuple[Any, Any]:
        """The value as conditions see it, and as `Ref` gives it."""
        ssm = _SSM_VALUE.fullmatch(self.type)
        if self.value is None:
            return (self._unknown("has no value in this profile", locate),) * 2
        if ssm is not None:
            return (self._ssm_value(locate),) * 2
        if isinstance(self.value, _OPEN):
            value = self._items(self.value) if self.is_list else self.value
            return value, value
        if all_scenarios and self.allowed is not None and not self.is_list:
            return (
                self._unknown("can have each of its allowed values", locate, scenario=True),
            ) * 2
        value = self._items(self.value) if self.is_list else self.value
        if self.no_echo:
            allowed = [value] if isinstance(value, str) else None
            return value, self._unknown("is a NoEcho parameter", locate, allowed=allowed)
        return value, value

    def _unknown(
        self,
        reason: str,
        locate: Callable[[PropertyPath], Location],
        *,
        allowed: Sequence[Any] | None = None,
        scenario: bool = False,
    ) -> Unknown:
        numeric = self.type == "Number"
        details: dict[str, Any] = {
            "key": self.key,
            "source": locate(("Parameters", self.name)),
            "allowed": allowed or (None if self.is_list else self.allowed),
            "minimum": self._bound("MinValue") if numeric else None,
            "maximum": self._bound("MaxValue") if numeric else None,
            "scenario": scenario,
        }
        subject = f"parameter `{self.name}`"
        if self.no_echo:
            has_default = bool(self.default) and isinstance(self.default, str)
            return SecretParameter(subject, reason, has_default=has_default, **details)
        return Unknown(subject, reason, **details)

    def _ssm_value(self, locate: Callable[[PropertyPath], Location]) -> Unknown:
        return Unknown(
            f"parameter `{self.name}`",
            f"is read from the SSM parameter {self.value} at deployment",
            key=self.key,
            source=locate(("Parameters", self.name)),
            secret=self.no_echo,
        )

    def shown(self, *, all_scenarios: bool) -> str:
        """The value as a reader sees it."""
        if self.value is None or isinstance(self.value, Unknown):
            return NOT_GIVEN
        if self.no_echo:
            return MASK
        if _SSM_VALUE.fullmatch(self.type):
            return f"(SSM parameter {self.value})"
        if all_scenarios and self.allowed is not None and not self.is_list:
            return " | ".join(self.allowed)
        if isinstance(self.value, list):
            return ",".join(f"{item}" for item in self.value)
        return f"{self.value}" if not isinstance(self.value, Either) else "(hangs on a condition)"

    def secrets(self) -> list[str]:
        """The literal texts that must never be shown."""
        if not self.no_echo:
            return []
        return [text for text in (self.value, self.default) if isinstance(text, str) and text]
