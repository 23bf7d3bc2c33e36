"""`assay reach`: can this be reached, along which path, or what stops it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzer.cli import options
from analyzer.cli.exit_codes import COMPLIANT, INCOMPLETE, VIOLATIONS
from analyzer.cli.writing import emit, layout
from analyzer.errors import UsageError
from analyzer.model import Inventory

if TYPE_CHECKING:
    from analyzer.cli.inventories import Named
    from analyzer.network import Reachability

_SERVICE_PORT = 443


@click.command()
@click.argument("path")
@click.option("--from", "source", required=True, metavar="NAME", help="Who connects.")
@click.option("--to", "target", required=True, metavar="NAME", help="To what.")
@click.option("--port", type=int, help="To which port of TCP or UDP. [default for services: 443]")
@click.option("--protocol", default="tcp", show_default=True, help="tcp, udp, icmp, or a number.")
@options.ONE_PROFILE
@click.option("--account-id", metavar="ID", help="The account, where a snapshot holds several.")
@options.ALL_SCENARIOS
@options.FORMAT
@options.DEPLOYMENT
@options.COLOR
def command(
    *,
    path: str,
    source: str,
    target: str,
    port: int | None,
    protocol: str,
    profile: str | None,
    account_id: str | None,
    all_scenarios: bool,
    format_: str,
    parameter_files: Sequence[Path],
    assignments: Mapping[str, str],
    region: str,
    account: str,
) -> int:
    """Say whether a new connection can be opened, and along which path or what stops it.

    PATH is a template, an architecture, or the snapshot of an audit. NAME is internet, a CIDR
    block, a logical id, stack/id or an ARN; as a target also a security group (what it lets in) or
    a service by its endpoint, such as ecr.api, s3 or secretsmanager.

    \b
    assay reach template.yaml --from internet --to WebInstance --port 22
    assay reach architectures/jeancloud --profile active-passive --from france/Service --to ecr.api
    assay reach .assay/audit/2026-11-21T02-00-00Z --from 203.0.113.0/24 --to i-0abc --port 3389

    \b
    Exit codes
      0  it cannot be reached (EXPOSED-BUT-UNREACHABLE, CLOSED)
      1  it can (REACHABLE)
      2  bad usage, or an input that cannot be used
      3  that hangs on something that is not known (UNKNOWN)
    """  # noqa: D301 - \b is how click keeps lines
    from analyzer.account.plan import plan_asked
    from analyzer.cli.inventories import is_snapshot, of_snapshot, of_templates
    from analyzer.network import STANDING_TYPES, Verdict, flow_of, reachable
    from analyzer.network.naming import end_named

    if is_snapshot(path):
        needed = plan_asked([reachable], STANDING_TYPES)
        accounts = list(of_snapshot(path, [account_id] if account_id else [], needed))
        inventory = _only(accounts, "accounts in the snapshot", "--account-id")
    else:
        inputs = options.inputs_of([Path(path)], region, account, parameter_files, assignments)
        wanted = [] if profile is None else [profile]
        profiles = list(of_templates(inputs, wanted, all_scenarios=all_scenarios))
        inventory = _only(profiles, "profiles", "--profile")
    start = end_named(inventory, source)
    end = end_named(inventory, target, target=True)
    if isinstance(start, str) and isinstance(end, str):
        raise UsageError("one of the two ends must be a resource")
    if port is None and isinstance(end, str) and not _is_place(end):
        port = _SERVICE_PORT
    flow = flow_of(protocol, port)
    answer = reachable(start, end, protocol, port)
    _show(answer, source, target, f"{flow}", as_json=format_ == "json")
    if answer.verdict is Verdict.UNKNOWN:
        return INCOMPLETE
    return VIOLATIONS if answer.verdict is Verdict.REACHABLE else COMPLIANT


def _show(answer: Reachability, source: str, target: str, flow: str, *, as_json: bool) -> None:
    from analyzer.output.reach import blocks, plain

    if as_json:
        emit(json.dumps(plain(answer), indent=1, ensure_ascii=False))
        return
    from analyzer.output.text import shown

    told = list(blocks(answer, source, target, flow))
    emit(shown(told, **layout()))


def _is_place(end: str) -> bool:
    from analyzer.network.naming import is_block

    return end == "internet" or is_block(end)


def _only(found: Sequence[Named], what: str, option: str) -> Inventory:
    """The one inventory that is asked about. Raises `UsageError` for several and for none."""
    if len(found) != 1:
        names = ", ".join(named.choice for named in found[:6])
        raise UsageError(f"there are {len(found)} {what}", hint=f"give {option}: {names}")
    return found[0].inventory
