"""What owners state in their architecture, as the outputs speak of it: rules, and findings."""

from __future__ import annotations

from typing import Protocol

from analyzer.findings import Finding, RuleInfo, Severity, Verdict
from analyzer.model import Location, Resource
from analyzer.system import System

_SOURCE = "the architecture's own file"


class Stated(Protocol):
    """A statement with an id, a severity and perhaps a reason."""

    @property
    def id(self) -> str:
        """By which findings name it."""
        ...

    @property
    def severity(self) -> str:
        """How bad it is where the statement does not hold."""
        ...

    @property
    def reason(self) -> str:
        """Why the owner states it."""
        ...


def rule_of(stated: Stated, system: System, *, title: str, family: str, fix: str) -> RuleInfo:
    """A statement as a rule: with an id, a title and a reason."""
    return RuleInfo(
        id=stated.id,
        title=title,
        severity=Severity[stated.severity.upper()],
        family=family,
        why=stated.reason or f"{system.title or system.name} is meant to be so.",
        fix=fix,
        source=_SOURCE,
        where="templates",
    )


def finding_of(
    rule: RuleInfo,
    verdict: Verdict,
    about: Resource | str,
    message: str = "",
    *,
    hangs_on: tuple[str, ...] = (),
    location: Location | None = None,
) -> Finding:
    """What is said of a resource, or of a system by its name and the place of the statement."""
    place = about if isinstance(about, Resource) else None
    return Finding(
        rule=rule.id,
        verdict=verdict,
        severity=rule.severity,
        family=rule.family,
        resource=place.id if place else f"{about}",
        type=place.type if place else "",
        message=message,
        stack=place.stack if place else "",
        region=place.region if place else "",
        account=place.account if place else "",
        location=place.locate() if place else location,
        hangs_on=hangs_on,
    )
