"""The documentation that is written from the code: the rule reference, and the JSON Schemas.

Run `python -m analyzer.docs` in a checkout after a rule, a setting or a file format has changed; a
test holds the files to what it would write.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from analyzer import architecture_file, configuration_file
from analyzer.account.discovery import ACTIONS as DISCOVERY
from analyzer.account.plan import everything
from analyzer.account.policy import role_template
from analyzer.budgets import RULES as BUDGETS
from analyzer.content import content
from analyzer.findings import RuleInfo
from analyzer.output import json_schema
from analyzer.policy.frameworks import load_frameworks
from analyzer.policy.pack import load_packs

_ROOT = Path(__file__).parent.parent
_FAMILIES = {
    "multi-az": "Multi-AZ",
    "encryption": "Encryption and secrets",
    "network": "Network exposure",
    "iam": "Identity and access",
    "backup": "Backup and deletion protection",
    "cost": "Cost",
}


def documents() -> dict[Path, str]:
    """Every generated file, by its path in the repository."""
    return {
        Path("docs/audit-role.yaml"): role_template((*everything().actions, *DISCOVERY)),
        Path("docs/rules.md"): rule_reference(),
        Path("docs/schema/architecture.json"): _schema(architecture_file.schema()),
        Path("docs/schema/assay.json"): _schema(configuration_file.schema()),
        Path("docs/schema/run.json"): _schema(json_schema.schema()),
        Path("docs/schema/waivers.json"): _schema(configuration_file.waivers_schema()),
    }


def _schema(schema: Mapping[str, object]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def rule_reference() -> str:
    """Every built-in rule: what it asks for, why, its fix, settings, frameworks and source."""
    frameworks = load_frameworks(content("rules") / "frameworks")
    rules = frameworks.applied(load_packs([content("rules")])).values()
    infos = sorted((*(rule.info for rule in rules), *BUDGETS.values()), key=_order)
    return "\n".join(_reference(infos, frameworks.titles))


def _order(info: RuleInfo) -> tuple[int, str]:
    return list(_FAMILIES).index(info.family), info.id


def _reference(infos: list[RuleInfo], titles: Mapping[str, str]) -> Iterator[str]:
    yield "# Rules"
    yield ""
    yield f"The {len(infos)} built-in rules, written from the rules themselves. "
    yield "`assay explain RULE` shows one of them with its examples."
    for family, group in groupby(infos, key=lambda info: info.family):
        members = list(group)
        yield ""
        yield f"## {_FAMILIES[family]}"
        yield ""
        yield "| rule | severity | what holds when it passes |"
        yield "| --- | --- | --- |"
        for info in members:
            yield f"| [{info.id}](#{info.id.lower()}) | {info.severity.label} | {info.title} |"
        for info in members:
            yield from _entry(info, titles)
    yield ""


def _entry(info: RuleInfo, titles: Mapping[str, str]) -> Iterator[str]:
    yield ""
    yield f"### {info.id}"
    yield ""
    about = ", ".join(info.types) or "each profile"
    yield f"**{info.title}.** Severity {info.severity.label}; {about}."
    for label, text in (("", info.why), ("Fix: ", info.fix), ("Source: ", info.source)):
        if text:
            yield ""
            yield f"{label}{text}"
    if info.settings:
        settings = ", ".join(f"`{name}` ({_shown(value)})" for name, value in info.settings.items())
        yield ""
        yield f"Settings: {settings}."
    if info.frameworks:
        answered = "; ".join(
            f"{titles.get(name, name)} {', '.join(ids)}" for name, ids in info.frameworks.items()
        )
        yield ""
        yield f"Answers: {answered}."


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else f"{value}".lower()


def main() -> None:
    """Write every generated file."""
    for path, text in documents().items():
        file = _ROOT / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
