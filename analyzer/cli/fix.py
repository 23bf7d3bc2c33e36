"""`assay fix`: patches for what fails, with their prices; and written, where that is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.cli import options
from analyzer.cli.exit_codes import exit_code
from analyzer.cli.replacing import replace_files
from analyzer.cli.requests import request_of
from analyzer.cli.writing import emit, layout, tell_problems
from analyzer.errors import UsageError
from analyzer.findings import OURS, Finding, Severity
from analyzer.inputs import STANDARD_INPUT
from analyzer.output.grouping import counted
from analyzer.request import Request
from analyzer.results import Run
from analyzer.run import run

if TYPE_CHECKING:
    from analyzer.fixes.mending import Mended
    from analyzer.system import Profile, System


@click.command()
@options.PATHS
@options.PROFILE
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Only this rule's; repeatable.")
@click.option("--write", is_flag=True, help="Write the safe patches into their files.")
@click.option("--unsafe", is_flag=True, help="Take the patches that are not safe too.")
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["text", "json", "diff"]),
    default="text",
    show_default=True,
    help="How to show the patches; diff is what patch and git apply take.",
)
@options.FAIL_ON
@options.ALL_SCENARIOS
@options.PACKS
@options.DEPLOYMENT
@options.DATE
def command(
    *,
    paths: Sequence[Path],
    rules: Sequence[str],
    write: bool,
    unsafe: bool,
    format_: str,
    fail_on: Severity,
    strict: bool,
    **asked: Any,
) -> int:
    """Show a patch for every failure that has one: is it safe, what does it cost.

    A patch is safe where it replaces no resource, loses no data, interrupts nothing that is known
    to be interrupted, mends its failure and brings no other. Comments and layout stay.

    \b
    assay fix architectures/webmarket
    assay fix template.yaml --write
    assay fix . --rule ENC-S3-02 --format diff

    The exit code is that of `assay check` for the files as they are at the end, and 2 where a file
    could not be written.
    """  # noqa: D301 - \b is how click keeps lines
    if write and Path(STANDARD_INPUT) in paths:
        raise UsageError("standard input cannot be written", hint="name the template's file")

    def request() -> Request:
        made = request_of(
            paths, engines=(OURS,), no_cache=True, no_fixes=True, progress=lambda _: None, **asked
        )
        return replace(made, priced=False)

    first = request()
    options.check_known("rule", rules, first.rules)
    before = run(first)
    mended = _mended(first, before, rules, unsafe=unsafe)
    if write:
        replace_files(mended.before, {file: after.text for file, after in mended.after.items()})
    after = run(request()) if write and mended.after else before
    _show(mended, after, format_, written=write)
    tell_problems(after)
    return exit_code(after, fail_on, strict=strict)


def _mended(request: Request, before: Run, rules: Sequence[str], *, unsafe: bool) -> Mended:
    """The patches for what fails without a waiver."""
    from analyzer.fixes.mending import Mender
    from analyzer.fixes.remedies import subject_of

    # A waiver covers a rule on a resource: positions in lists move with what is mended before.
    waived = {
        (judgement.system, judgement.profile, subject_of(finding))
        for judgement in before.judgements
        for finding in judgement.findings
        if finding.waiver
    }

    def wanted(system: System, profile: Profile, finding: Finding) -> bool:
        known = (system.name, profile.name, subject_of(finding)) in waived
        return not known and (not rules or finding.rule in rules)

    chosen = [(system, list(request.chosen(system))) for system in request.systems]
    policy, scenarios = request.configuration.policy, request.all_scenarios
    mender = Mender(request.today, request.rules, policy, scenarios, unsafe, wanted)
    return mender.mended(chosen)


def _show(mended: Mended, after: Run, format: str, *, written: bool) -> None:  # noqa: A002 - the option's name
    from analyzer.output.fix import patch_blocks, patch_diff, patch_document
    from analyzer.output.text import shown

    if format == "json":
        emit(patch_document(mended, written=written))
    elif format == "diff":
        if mended.after:
            emit(patch_diff(mended))
    elif after.judgements:  # else the problems say it all
        emit(shown(patch_blocks(mended, after.rules, written=written), **layout()))
        if written:
            emit(_left(after))


def _left(after: Run) -> str:
    """What is left to mend by hand, or by the patches that are not safe."""
    left = {
        (judgement.system, finding.fingerprint)
        for judgement in after.judgements
        for finding in judgement.findings
        if finding.failed
    }
    return (
        counted(len(left), "failure is left", "failures are left") if left else "no failure is left"
    )
