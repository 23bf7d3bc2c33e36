"""`assay audit`: live accounts, judged by the same rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from analyzer.cli import auditing, completing, options
from analyzer.cli.accounts import ACCOUNTS, CONNECTION, means_options, selected
from analyzer.cli.exit_codes import COMPLIANT, exit_code
from analyzer.cli.notifying import WEBHOOK, Webhook
from analyzer.cli.writing import emit, format_of, save, show, shows_diagrams
from analyzer.errors import UsageError
from analyzer.findings import Severity
from analyzer.results import Problem


@click.command()
@ACCOUNTS
@CONNECTION
@click.option(
    "--rule",
    "patterns",
    multiple=True,
    metavar="PATTERN",
    shell_complete=completing.rules,
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
@click.option("--store", default="", metavar="PLACE", help="Add the run to this history.")
@WEBHOOK
@click.option("--security-hub", is_flag=True, help="Import the findings into Security Hub.")
@click.option("--workers", type=click.IntRange(min=1), help="Audit in so many processes, by Dask.")
@click.option("--scheduler", default="", metavar="URL", help="Audit on this Dask scheduler.")
@click.option("--dry-run", is_flag=True, help="Print the calls, and the policy that permits them.")
@options.OUTPUTS
@options.FAIL_ON
@options.PACKS
@options.DATE
@options.showing()
def command(
    *,
    patterns: Sequence[str],
    no_prices: bool,
    where: str | None,
    resume: bool,
    saved: str | None,
    store: str,
    webhook: str,
    body_file: Path | None,
    security_hub: bool,
    workers: int | None,
    scheduler: str,
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
    for file in outputs if format_ is None else ():
        format_of(file)  # a name that tells no format is refused before the work
    told = Webhook(webhook, body_file)
    spread = bool(workers or scheduler)
    told_or_written = outputs or told or security_hub
    if spread and (told_or_written or saved or format_ not in (None, "text", "json")):
        raise UsageError(
            "an audit on Dask prints a summary, as text or json",
            hint="report an account, and tell of it, with --from the snapshot and --account",
        )
    problems: list[Problem] = []
    configuration = options.configuration_of(configuration_file, problems)
    every, frameworks = options.rules_of(packs, configuration, problems, trusted=trust_packs)
    policy = auditing.Policy(
        rules=selected(every, patterns),
        titles=frameworks.titles,
        configuration=configuration,
        packs=tuple(packs),
        priced=not no_prices,
        today=today,
        problems=tuple(problems),
        pictured=shows_diagrams(format_, outputs),
    )
    if dry_run:
        emit(auditing.planned(policy))
        return COMPLIANT
    means = means_options(asked)
    with options.progress_line(quiet=quiet) as progress:
        if saved:
            kept = auditing.saved(saved, asked["accounts"])
        else:
            kept = auditing.begun(where, policy, means, asked, progress, resume=resume)
        if spread:
            return auditing.spread(
                kept,
                policy,
                means,
                scheduler,
                workers or 1,
                store,
                progress,
                as_json=format_ == "json",
                fail_on=fail_on,
                strict=strict,
            )
        if not saved:
            auditing.read(kept, policy, means, progress)
        result = auditing.judged(kept, policy, progress)
    auditing.remember(result, store)
    for file in outputs:
        save(result, format_, file, **auditing.past(format_ or format_of(file), store))
    show(result, "text" if outputs else format_ or "text", quiet=quiet)
    delivery = auditing.Delivery(store, told, security_hub=security_hub)
    for words in auditing.delivered(result, kept, means, delivery):
        click.echo(f"assay: {words}", err=True)
    if not saved and not quiet:
        click.echo(f"assay: what was read is kept in {kept.snapshot.where}", err=True)
    return exit_code(result, fail_on, strict=strict)
