"""`assay audit`: live accounts, judged by the same rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.cli import options
from analyzer.cli.accounts import ACCOUNTS, CONNECTION, entry_of, means_options, selected
from analyzer.cli.exit_codes import COMPLIANT, exit_code
from analyzer.cli.writing import emit, format_of, save, show
from analyzer.errors import UsageError
from analyzer.output import FORMATS
from analyzer.policy.rule import Rule
from analyzer.results import Problem, Severity

if TYPE_CHECKING:
    from analyzer.account.plan import Plan
    from analyzer.account.scan import Means
    from analyzer.account.snapshot import Scope, Snapshot

_HOME = Path(".assay/audit")


@click.command()
@ACCOUNTS
@CONNECTION
@click.option(
    "--rule",
    "patterns",
    multiple=True,
    metavar="PATTERN",
    help="Only rules whose id or family fits, such as 'BAK-*' or backup; may be repeated.",
)
@click.option("--no-prices", is_flag=True, help="Do not estimate costs, nor read what they need.")
@click.option(
    "--snapshot",
    "where",
    metavar="PLACE",
    help="Keep what is read here, a folder or an fsspec URL. [default: below .assay/audit]",
)
@click.option("--resume", is_flag=True, help="Go on with --snapshot, or with the latest one.")
@click.option(
    "--from",
    "saved",
    metavar="PLACE",
    help="Judge a saved snapshot again: no account is asked.",
)
@click.option("--dry-run", is_flag=True, help="Print the calls, and the policy that permits them.")
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(list(FORMATS)),
    help="How to show the run. [default: text, or what the name of --output tells]",
)
@click.option(
    "--output",
    "-o",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file, and print text; may be repeated (.sarif, .json, .xml, .md, .html).",
)
@options.FAIL_ON
@options.PACKS
@options.DATE
@options.QUIET
def command(
    *,
    patterns: Sequence[str],
    no_prices: bool,
    where: str | None,
    resume: bool,
    saved: str | None,
    dry_run: bool,
    format_: str | None,
    outputs: Sequence[Path],
    fail_on: Severity,
    strict: bool,
    quiet: bool,
    packs: Sequence[Path],
    trust_packs: bool,
    configuration_file: Path | None,
    today: date,
    **asked: Any,
) -> int:
    """Judge AWS accounts: the current one, a list, or an organisation.

    Reading needs no more than the policy that --dry-run prints. What could not be read is UNKNOWN,
    and the run is then incomplete (exit code 3, or 4 with violations).

    \b
    assay audit --region eu-west-3
    assay audit --organization --role assay-audit --external-id EXAMPLE -o audit.html
    assay audit --from .assay/audit/2026-11-21T02-00-00Z --rule 'IAM-*'
    """  # noqa: D301 - \b is how click keeps lines
    if format_ is None:
        for file in outputs:
            format_of(file)
    from analyzer.account.plan import plan
    from analyzer.account.scan import places, scan
    from analyzer.account.snapshot import Snapshot
    from analyzer.audit import AuditRequest, audit

    problems: list[Problem] = []
    configuration = options.configuration_of(configuration_file, problems)
    every, frameworks = options.rules_of(packs, configuration, problems, trusted=trust_packs)
    rules = selected(every, patterns)
    planned = plan(rules.values(), priced=not no_prices)
    if dry_run:
        emit(_planned(planned, rules))
        return COMPLIANT
    means = means_options(asked)
    with options.progress_line(quiet=quiet) as progress:
        if saved:
            snapshot = Snapshot(saved)
            scope = _saved(snapshot)
        else:
            snapshot, begun = _place(where, resume=resume)
            scope = begun or _begun(snapshot, planned, means, asked, progress)
            if scope.digest != planned.digest:
                raise UsageError(
                    f"'{snapshot.where}' was begun with other rules",
                    hint="resume it with the same options, or begin a new one",
                )
            wanted = [
                place
                for account in scope.accounts
                for place in places(account, scope.regions[account.id])
            ]
            scan(wanted, planned, snapshot, means, progress)
        result = audit(
            AuditRequest(
                snapshot=snapshot,
                scope=scope,
                today=today,
                rules=rules,
                frameworks=frameworks.titles,
                configuration=configuration,
                priced=not no_prices,
                problems=tuple(problems),
                progress=progress,
            )
        )
    for file in outputs:
        save(result, format_, file)
    show(result, "text" if outputs else format_ or "text", quiet=quiet)
    if not saved and not quiet:
        click.echo(f"assay: what was read is kept in {snapshot.where}", err=True)
    return exit_code(result, fail_on, strict=strict)


def _saved(snapshot: Snapshot) -> Scope:
    scope = snapshot.scope()
    if scope is None:
        raise UsageError(f"'{snapshot.where}' holds no snapshot", hint="check --from")
    return scope


def _place(where: str | None, *, resume: bool) -> tuple[Snapshot, Scope | None]:
    """Where the run keeps what it reads, and what it goes on with."""
    from analyzer.account.snapshot import Snapshot

    if where is None and resume:
        kept = sorted(folder.parent for folder in _HOME.glob("*/plan.json"))
        if not kept:
            raise UsageError(f"there is no snapshot below {_HOME}", hint="give --snapshot")
        where = f"{kept[-1]}"
    snapshot = Snapshot(where or f"{_HOME / datetime.now(UTC).strftime('%Y-%m-%dT%H-%M-%SZ')}")
    scope = snapshot.scope()
    if scope is not None and not resume:
        raise UsageError(
            f"'{snapshot.where}' holds a snapshot already",
            hint="go on with --resume, judge it with --from, or name another place",
        )
    return snapshot, scope


def _begun(
    snapshot: Snapshot,
    planned: Plan,
    means: Means,
    asked: Mapping[str, Any],
    progress: Callable[[str], None],
) -> Scope:
    """Find out what is to be read, and write it down."""
    from analyzer.audit import scope_of

    entry = entry_of(means, **asked, progress=progress)
    started = datetime.now(UTC).isoformat(timespec="seconds")
    scope = scope_of(entry.accounts, entry.regions, planned, started, entry.problems)
    snapshot.begin(scope)
    return scope


def _planned(planned: Plan, rules: Mapping[str, Rule]) -> str:
    """The calls of a plan, and the policy that permits them."""
    import json

    from analyzer.account.plan import calls_of, is_global
    from analyzer.account.policy import minimal_policy

    lines = [f"{len(rules)} rules need {len(planned.types)} types of resources.", ""]
    for title, globally in (("Once an account", True), ("Once a region", False)):
        lines.append(title)
        told: dict[str, None] = {}
        for collector in planned.collectors:
            if is_global(collector) != globally:
                continue
            reads = {id(read.call) for read in collector.reads}
            for position, call in enumerate(calls_of(collector)):
                for_each = position > 0 and (id(call) in reads or bool(call.given))
                each = f", for each {collector.type}" if for_each else ""
                told[f"  {call.service}:{call.operation}{each}"] = None
        lines.extend(told)
        lines.append("")
    lines.append("The least policy that permits it:")
    lines.append(json.dumps(minimal_policy(planned.actions), indent=2))
    return "\n".join(lines)
