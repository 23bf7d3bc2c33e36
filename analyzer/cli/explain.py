"""`assay explain RULE`: all about one rule, with its examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from analyzer.budgets import RULES as BUDGETS
from analyzer.cli import completing, options
from analyzer.cli.exit_codes import COMPLIANT
from analyzer.cli.writing import emit, layout
from analyzer.findings import RuleInfo
from analyzer.output.text_blocks import BLANK, Block, line, span
from analyzer.policy.examples import Example, examples_file, examples_of
from analyzer.policy.rule import Rule
from analyzer.results import Problem


@click.command()
@click.argument("rule", shell_complete=completing.rules)
@options.PACKS
@options.COLOR
def command(
    *, rule: str, packs: Sequence[Path], trust_packs: bool, configuration_file: Path | None
) -> int:
    """Say what a rule asks for, why, how to fix it, its settings, and show its examples."""
    from analyzer.output.text import shown

    problems: list[Problem] = []
    configuration = options.configuration_of(configuration_file, problems)
    rules, frameworks = options.rules_of(packs, configuration, problems, trusted=trust_packs)
    options.check_known("rule", [rule.upper()], {**rules, **BUDGETS})
    known = rules.get(rule.upper())
    info = known.info if known else BUDGETS[rule.upper()]
    blocks = [*_explained(info, frameworks.titles), *(_shown_examples(known) if known else ())]
    emit(shown(blocks, **layout()))
    return COMPLIANT


def _explained(info: RuleInfo, titles: Mapping[str, str]) -> Iterator[Block]:
    yield line(span(info.id, "heading"), info.title)
    yield line(
        span(info.severity.label, info.severity.label),
        f"- {' - '.join([info.family, *_types(info)])}",
    )
    for label, text in (("Why", info.why), ("Fix", info.fix), ("Source", info.source)):
        if text:
            yield BLANK
            yield line(span(f"{label}:", "group"), text)
    if info.settings:
        yield BLANK
        yield line(span("Settings", "group"))
        for name, value in info.settings.items():
            listed = list(value) if isinstance(value, tuple) else value
            yield line(f"{name}: {listed}", indent=2)
    if info.frameworks:
        yield BLANK
        yield line(span("Frameworks", "group"))
        for framework, controls in info.frameworks.items():
            yield line(f"{titles.get(framework, framework)}: {', '.join(controls)}", indent=2)


def _types(info: RuleInfo) -> list[str]:
    return [", ".join(info.types)] if info.types else []


def _shown_examples(rule: Rule) -> Iterator[Block]:
    for example, rows in _examples(rule):
        yield BLANK
        style = {"PASS": "pass", "FAIL": "high", "UNKNOWN": "unknown"}
        yield line(span(example.verdict.value, style.get(example.verdict.value, "")))
        for written in rows:
            yield line(span(written), indent=2)


def _examples(rule: Rule) -> Iterator[tuple[Example, Sequence[str]]]:
    """The rule's examples as they stand in the file beside it."""
    from analyzer.template import read_source

    file = examples_file(rule)
    if not file.is_file():
        return
    source = read_source(file)
    for example in examples_of([rule], source.data["Resources"], file):
        place = source.locate(("Resources", example.resource))
        text = source.lines[place.line - 1 : place.end_line]
        indent = min(len(row) - len(row.lstrip()) for row in text if row.strip())
        yield example, [row[indent:] for row in text]
