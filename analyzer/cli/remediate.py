"""`assay remediate`: what its owner would do by hand, listed first."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.cli.accounts import means_options
from analyzer.cli.exit_codes import COMPLIANT, INCOMPLETE
from analyzer.cli.options import FORMAT, with_options
from analyzer.cli.writing import emit
from analyzer.errors import UsageError
from analyzer.unknown import Undecided

if TYPE_CHECKING:
    from analyzer.account.sessions import Clients
    from analyzer.remediation import Action, Outcome, Schedule

Planner = Callable[["Clients", "Asked"], "list[Action]"]
_LOG = Path(".assay/actions.jsonl")


@dataclass(frozen=True)
class Asked:
    """What the options of an action say."""

    account: str
    region: str
    now: datetime
    names: tuple[str, ...] = ()
    tags: Mapping[str, str] | None = None
    days: int = 7


def _tags(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    tags = {}
    for value in values:
        key, sign, text = value.partition("=")
        if not sign or not key:
            raise click.BadParameter(f"'{value}' is not Key=Value")
        tags[key] = text
    return tags


_COMMON = with_options(
    click.option("--region", required=True, help="Where the resources are."),
    click.option("--aws-profile", default="", metavar="NAME", help="Credentials of this profile."),
    click.option("--endpoint-url", default="", metavar="URL", help="Ask here instead of AWS."),
    click.option("--apply", "applied", is_flag=True, help="Do it. [default: only list it]"),
    click.option("--yes", is_flag=True, help="Do it without asking."),
    click.option(
        "--log",
        type=click.Path(path_type=Path, dir_okay=False),
        default=_LOG,
        show_default=True,
        help="Each action that is done is added here, as one line of JSON.",
    ),
    FORMAT,
)
_TAG = click.option(
    "--tag",
    "tags",
    multiple=True,
    callback=_tags,
    metavar="KEY=VALUE",
    help="Only with this tag; may be repeated.",
)
_NAMES = click.option(
    "--instance", "names", multiple=True, metavar="ID", help="Only this one; may be repeated."
)
_SCHEDULE = with_options(
    click.option(
        "--days",
        default="mon,tue,wed,thu,fri",
        show_default=True,
        help="Working days, separated by commas.",
    ),
    click.option("--hours", default="8-18", show_default=True, help="Working hours."),
    click.option("--timezone", default="UTC", show_default=True, help="Of the working hours."),
)


@click.group()
def command() -> None:
    """Take and delete snapshots, stop and start servers: listed first, done with --apply.

    Nothing is touched that was not listed, or that has changed since.
    """


@command.command()
@_NAMES
@_TAG
@_COMMON
def snapshot(**options: Any) -> int:
    """Take a manual snapshot of databases: snap-NAME-YYYY-MM-DD-HH-MM, in UTC."""
    return _run(_snapshots, options)


@command.command()
@click.option(
    "--days", type=click.IntRange(min=0), default=7, show_default=True, help="Older than this."
)
@_COMMON
def cleanup(**options: Any) -> int:
    """Delete manual database snapshots that are older than some days.

    Automated and shared ones stay, and those with the tag assay:keep.
    """
    return _run(_cleanup, options)


@command.command()
@_NAMES
@_TAG
@_COMMON
def stop(**options: Any) -> int:
    """Stop servers that run, by tag: Environment=dev unless another is given."""
    return _run(_stops, _with_default_tag(options))


@command.command()
@_NAMES
@_TAG
@_COMMON
def start(**options: Any) -> int:
    """Start servers that are stopped, by tag: Environment=dev unless another is given."""
    return _run(_starts, _with_default_tag(options))


@command.command()
@_NAMES
@_TAG
@_SCHEDULE
@_COMMON
def schedule(*, days: str, hours: str, timezone: str, **options: Any) -> int:
    """Stop servers outside working hours, and start them within: call it every hour.

    Servers are chosen as by stop and start: by the tag Environment=dev unless another is given.
    """
    from analyzer.remediation import Schedule

    chosen = Schedule(tuple(day.strip().lower() for day in days.split(",")), hours, timezone)
    try:
        working = chosen.works(datetime.now(UTC))
    except Undecided as error:
        raise UsageError(f"{error}", hint="check --days, --hours and --timezone") from error
    planner = _starts if working else lambda clients, asked: _stops(clients, asked, chosen)
    return _run(planner, _with_default_tag(options))


def _with_default_tag(options: dict[str, Any]) -> dict[str, Any]:
    if not options["tags"] and not options["names"]:
        options["tags"] = {"Environment": "dev"}
    return options


def _snapshots(clients: Clients, asked: Asked) -> list[Action]:
    from analyzer.remediation import describing, planning

    rds = clients.of("rds", asked.region)
    found = describing.databases(rds, asked.names, asked.tags or {})
    _all_found(asked.names, [db["DBInstanceIdentifier"] for db in found])
    taken = describing.snapshots(rds)
    return list(planning.snapshots(found, taken, asked.region, asked.now))


def _cleanup(clients: Clients, asked: Asked) -> list[Action]:
    from analyzer.remediation import describing, planning

    rds = clients.of("rds", asked.region)
    found = describing.snapshots(rds)
    old = list(
        planning.stale_snapshots(found, (), asked.region, asked.account, asked.now, asked.days)
    )
    names = {action.resource for action in old}
    shared = describing.shared(rds, [one for one in found if one["DBSnapshotIdentifier"] in names])
    return [action for action in old if action.resource not in shared]


def _stops(clients: Clients, asked: Asked, chosen: Schedule | None = None) -> list[Action]:
    from analyzer.remediation import planning

    return list(planning.stops(_servers(clients, asked), asked.region, asked.account, chosen))


def _starts(clients: Clients, asked: Asked) -> list[Action]:
    from analyzer.remediation import planning

    return list(planning.starts(_servers(clients, asked), asked.region, asked.account))


def _servers(clients: Clients, asked: Asked) -> list[dict[str, Any]]:
    from analyzer.remediation import describing

    found = describing.servers(clients.of("ec2", asked.region), asked.names, asked.tags or {})
    _all_found(asked.names, [server["InstanceId"] for server in found])
    return found


def _all_found(named: Sequence[str], found: Sequence[str]) -> None:
    missing = [name for name in named if name not in found]
    if missing:
        raise UsageError(f"there is no {', '.join(missing)}", hint="check --instance and --region")


def _run(planner: Planner, options: dict[str, Any]) -> int:
    """List what would be done; with --apply and leave to do so, do it."""
    from analyzer.account.discovery import caller
    from analyzer.account.limits import Limiter
    from analyzer.account.sessions import Account, Clients

    applied, yes, log = options.pop("applied"), options.pop("yes"), options.pop("log")
    format_ = options.pop("format_")
    means = means_options({**options, "rates": {}, "read_seconds": 30.0})
    current = Clients(Account("current"), means.connection, Limiter())
    with closing(current) as clients:
        account = caller(clients)[0]
        asked = Asked(
            account,
            options["region"],
            datetime.now(UTC),
            tuple(options.get("names", ())),
            options.get("tags"),
            options.get("days", 7),
        )
        actions = planner(clients, asked)
        if format_ == "text":
            emit(_listed(actions, account, applied=applied))
        outcomes: list[Outcome] = []
        if applied and actions:
            _ask(len(actions), yes=yes)
            outcomes = _apply(actions, clients, account, log, told=format_ == "text")
    if format_ == "json":
        emit(_as_json(actions, outcomes))
    return INCOMPLETE if any(outcome.result == "failed" for outcome in outcomes) else COMPLIANT


def _ask(number: int, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to be asked", hint="call with --yes to do it all")
    if not click.confirm(f"Do {'all of them' if number > 1 else 'it'}?", err=True):
        raise click.exceptions.Abort


def _apply(
    actions: Sequence[Action], clients: Clients, account: str, log: Path, *, told: bool
) -> list[Outcome]:
    from analyzer.remediation import apply

    outcomes = []
    for outcome in apply(actions, clients.of, account, log):
        outcomes.append(outcome)
        if told:
            reason = f": {outcome.reason}" if outcome.reason else ""
            emit(f"  {outcome.result:8} {outcome.action.what}{reason}")
    if told:
        done = sum(outcome.result == "done" for outcome in outcomes)
        emit(f"{done} of {len(actions)} done; written to {log}.")
    return outcomes


def _listed(actions: Sequence[Action], account: str, *, applied: bool) -> str:
    """What would be done, with what it saves or costs."""
    if not actions:
        return f"Nothing to do in account {account}."
    lines = [f"{'To do' if applied else 'Would do'} in account {account}:"]
    lines += [f"  {action.what}{_money(action.usd)}" for action in actions]
    total = sum((action.usd for action in actions if action.usd is not None), Decimal(0))
    if total:
        lines.append(f"{len(actions)} in all{_money(total)}")
    if not applied:
        lines.append("Nothing was changed: --apply does it.")
    return "\n".join(lines)


def _money(usd: Decimal | None) -> str:
    if usd is None:
        return ", price not known"
    if not usd:
        return ""
    return f", saves {usd} USD a month" if usd > 0 else f", costs up to {-usd} USD a month"


def _as_json(actions: Sequence[Action], outcomes: Sequence[Outcome]) -> str:
    from analyzer.output.json import plain

    return json.dumps(
        {"actions": plain(list(actions)), "outcomes": plain(list(outcomes))}, indent=1
    )
