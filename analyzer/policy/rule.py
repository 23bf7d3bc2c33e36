"""The `@rule` decorator: a function with an id, a severity and the types that it judges."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_args

from analyzer.errors import PackError
from analyzer.exploration import settled
from analyzer.findings import Fix, RuleInfo, Severity
from analyzer.model import Inventory, PropertyPath, Props, Resource

RULE_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-\d{2,}")
_SECTION = re.compile(r"^(Fix|Source):\s*", re.MULTILINE)
_ATTRIBUTE = "__assay_rule__"
_PLAIN = (bool, int, float, str, tuple)

Where = Literal["everywhere", "templates", "accounts"]

_Stated = Fix | Mapping[str, Any] | None
Fixing = _Stated | Callable[[], _Stated]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Fail:
    """The resource breaks the rule.

    `reason` is a predicate of the resource ("keeps backups 1 day; the policy asks for 7"). `at` is
    the property that it is about (`"ScalingConfiguration/MinCapacity"`, `entry.at("CidrIp")`, or a
    structure itself); `on` another resource that is to be named instead of the judged one, and that
    the fix is for. `fix` is what would pass, for which property values alone may stand; a function
    without arguments where it has to be looked for. What that function asks decides no verdict:
    where it meets something unknown, there is no fix.
    """

    reason: str
    at: str | PropertyPath | Props = ""
    fix: Fixing = None
    on: Resource | None = None

    @property
    def mending(self) -> Fix | None:
        """The fix, in whatever way it was given."""
        found = settled(self.fix) if callable(self.fix) else self.fix
        return found if found is None or isinstance(found, Fix) else Fix(set=found)

    @property
    def path(self) -> PropertyPath:
        """The property path, list positions as numbers."""
        if isinstance(self.at, str):
            parts = self.at.split("/") if self.at else ()
            return tuple(int(part) if part.isdigit() else part for part in parts if part)
        return self.at if isinstance(self.at, tuple) else self.at.at()


@dataclass(frozen=True, slots=True)
class Skip:
    """The rule does not apply to the resource, for this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A loaded rule: the function, what it is called with, and what is said about it."""

    function: Callable[..., Any]
    info: RuleInfo
    types: tuple[str, ...]  # empty: called once, with the whole inventory
    takes: tuple[str, ...]  # "resource", "inventory", "today", in call order
    settings: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    line: int = 0

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.info.id

    def judges(self, inventory: Inventory) -> bool:
        """Whether the rule has anything to say about what was read in this way."""
        return self.info.where != ("templates" if inventory.live else "accounts")


def rule(
    id: str,  # noqa: A002 - the word that users see
    *,
    severity: str,
    on: str | Sequence[str] | type[Inventory],
    where: Where = "everywhere",
) -> Callable[[F], F]:
    """Declare a function as a rule; the function itself stays callable as it is.

    `on` names the resource types that it judges, one call a resource; `Inventory` for a rule that
    judges everything at once. `where` limits a rule that asks what only templates say (policies for
    deletion), or only accounts (the age of a key). A parameter annotated `Inventory` receives the
    inventory, one annotated `date` the day of the run; keyword-only parameters are the rule's
    settings.
    """
    types = () if on is Inventory else (on,) if isinstance(on, str) else tuple(on)  # type: ignore[arg-type]

    def declare(function: F) -> F:
        setattr(function, _ATTRIBUTE, (id, severity, types, where))
        return function

    return declare


def declared_rule(function: Any, family: str) -> Rule | None:
    """The rule that a module's attribute declares, if it is one.

    Raises `PackError` where the declaration is malformed.
    """
    declared = getattr(function, _ATTRIBUTE, None)
    if declared is None:
        return None
    id_, severity, types, where = declared
    code = function.__code__
    place = {"file": code.co_filename, "line": code.co_firstlineno}
    if not RULE_ID.fullmatch(id_):
        raise PackError(f"rule id '{id_}' is not of the form ABC-DEF-01", **place)
    if severity.upper() not in Severity.__members__:
        choices = ", ".join(member.label for member in Severity)
        raise PackError(f"severity '{severity}' of {id_} is not one of {choices}", **place)
    if where not in get_args(Where):
        choices = ", ".join(get_args(Where))
        raise PackError(f"where='{where}' of {id_} is not one of {choices}", **place)
    title, why, fix, source = _documentation(function.__doc__ or "")
    if not title:
        raise PackError(f"rule {id_} has no docstring; its first line is the title", **place)
    takes, settings = _signature(function, id_, place)
    info = RuleInfo(
        id=id_,
        title=title,
        severity=Severity[severity.upper()],
        family=family,
        types=types,
        why=why,
        fix=fix,
        source=source,
        settings=settings,
        where=where,
    )
    return Rule(function, info, types, takes, settings, **place)


def _signature(
    function: Callable[..., Any], id_: str, place: Mapping[str, Any]
) -> tuple[tuple[str, ...], dict[str, Any]]:
    takes: list[str] = []
    settings: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        annotation = str(parameter.annotation)
        if parameter.kind is parameter.KEYWORD_ONLY:
            if not isinstance(parameter.default, _PLAIN):
                raise PackError(
                    f"setting '{parameter.name}' of {id_} needs a plain default", **place
                )
            settings[parameter.name] = parameter.default
        elif annotation.endswith("Inventory"):
            takes.append("inventory")
        elif annotation.endswith("date"):
            takes.append("today")
        else:
            takes.append("resource")
    return tuple(takes), settings


def _documentation(docstring: str) -> tuple[str, str, str, str]:
    """Title, why, fix and source of a rule's docstring."""
    text = inspect.cleandoc(docstring)
    title, _, rest = text.partition("\n")
    pieces = _SECTION.split(rest)
    sections = {name: _flat(body) for name, body in zip(pieces[1::2], pieces[2::2], strict=True)}
    return (
        title.strip().rstrip("."),
        _flat(pieces[0]),
        sections.get("Fix", ""),
        sections.get("Source", ""),
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
