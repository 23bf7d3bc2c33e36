"""`assay rules`: what is judged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from analyzer.budgets import RULES as BUDGETS
from analyzer.cli import completing, options
from analyzer.cli.exit_codes import BAD_INPUT, COMPLIANT
from analyzer.cli.writing import emit, layout
from analyzer.findings import RuleInfo
from analyzer.output.grouping import counted
from analyzer.results import Problem


@click.command()
@click.option(
    "--family",
    multiple=True,
    metavar="NAME",
    shell_complete=completing.families,
    help="Only this family.",
)
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only for this resource type.")
@click.option(
    "--framework",
    metavar="ID",
    shell_complete=completing.frameworks,
    help="Only rules that answer this framework.",
)
@options.FORMAT
@options.PACKS
@options.COLOR
def command(
    *,
    family: Sequence[str],
    types: Sequence[str],
    framework: str | None,
    format_: str,
    packs: Sequence[Path],
    trust_packs: bool,
    configuration_file: Path | None,
) -> int:
    """List the rules: id, severity, family, title.

    `assay explain RULE` says all about one of them.
    """
    problems: list[Problem] = []
    configuration = options.configuration_of(configuration_file, problems)
    rules, frameworks = options.rules_of(packs, configuration, problems, trusted=trust_packs)
    infos = [*(rule.info for rule in rules.values()), *BUDGETS.values()]
    options.check_known("family", family, {info.family for info in infos})
    options.check_known("framework", [framework] if framework else [], frameworks.titles)
    options.check_known("resource type", types, {name for info in infos for name in info.types})
    chosen = [
        info
        for info in sorted(infos, key=lambda info: (info.family, info.id))
        if (not family or info.family in family)
        and (not types or set(types) & set(info.types))
        and (not framework or framework in info.frameworks)
    ]
    emit(_as_json(chosen) if format_ == "json" else _as_text(chosen))
    for problem in problems:
        click.echo(f"assay: {problem}", err=True)
    return BAD_INPUT if any(problem.kind == "input" for problem in problems) else COMPLIANT


def _as_json(rules: Sequence[RuleInfo]) -> str:
    from analyzer.output.json import plain

    return json.dumps([plain(rule) for rule in rules], indent=1, ensure_ascii=False)


def _as_text(rules: Sequence[RuleInfo]) -> str:
    from analyzer.output.text import shown
    from analyzer.output.text_blocks import BLANK, Table, line, span

    rows = tuple(
        (
            span(rule.id, "rule"),
            span(rule.severity.label, rule.severity.label),
            span(rule.family),
            span(rule.title),
        )
        for rule in rules
    )
    table = Table(("rule", "severity", "family", "title"), rows)
    last = line(f"{counted(len(rules), 'rule')}. `assay explain RULE` says all about one of them.")
    return shown([table, BLANK, last], **layout())
