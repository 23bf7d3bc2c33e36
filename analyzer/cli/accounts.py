"""The options that say which accounts are read and how, and what they become."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import click

from analyzer.cli.options import with_options
from analyzer.errors import AccessError, UsageError
from analyzer.policy.rule import Rule

if TYPE_CHECKING:
    from analyzer.account.scan import Means
    from analyzer.account.sessions import Account


def _rates(
    ctx: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> dict[str, float]:
    rates = {}
    for value in values:
        service, sign, text = value.partition("=")
        try:
            rates[service] = float(text)
        except ValueError:
            sign = ""
        if not sign or not service or rates[service] <= 0:
            raise click.BadParameter(f"'{value}' is not SERVICE=CALLS-PER-SECOND")
    return rates


ACCOUNTS = with_options(
    click.option(
        "--account",
        "accounts",
        multiple=True,
        metavar="ID",
        help="Read this account, entered by --role; may be repeated. [default: the current one]",
    ),
    click.option(
        "--organization", is_flag=True, help="Read every active account of the organisation."
    ),
    click.option("--role", default="", metavar="NAME", help="The role to assume in the accounts."),
    click.option("--external-id", default="", help="What the role's trust policy asks for."),
    click.option(
        "--session-name", default="assay", show_default=True, help="Of the assumed roles' sessions."
    ),
    click.option(
        "--region",
        "regions",
        multiple=True,
        metavar="REGION",
        help="Only this region; may be repeated. [default: all that the account has enabled]",
    ),
)
CONNECTION = with_options(
    click.option(
        "--aws-profile",
        default="",
        metavar="NAME",
        help="Credentials of this profile of ~/.aws/config.",
    ),
    click.option("--endpoint-url", default="", metavar="URL", help="Ask here instead of AWS."),
    click.option(
        "--rate",
        "rates",
        multiple=True,
        callback=_rates,
        metavar="SERVICE=N",
        help="At most N calls a second to a service, by account and region; * is for all others.",
    ),
    click.option(
        "--read-timeout",
        "read_seconds",
        type=click.FloatRange(min=0.1),
        default=30,
        show_default=True,
        help="Seconds to wait for one answer.",
    ),
)


@dataclass(frozen=True)
class Entry:
    """Who is to be read: accounts, their regions, and what went wrong while asking for them."""

    accounts: tuple[Account, ...]
    regions: Mapping[str, tuple[str, ...]]
    problems: tuple[str, ...]


def means_of(
    aws_profile: str, endpoint_url: str, rates: Mapping[str, float], read_seconds: float
) -> Means:
    """How accounts are reached."""
    from analyzer.account.scan import Means
    from analyzer.account.sessions import Connection

    connection = Connection(aws_profile, endpoint_url, read_seconds=read_seconds)
    return Means(connection, rates)


def entry_of(
    means: Means,
    *,
    accounts: Sequence[str],
    organization: bool,
    role: str,
    external_id: str,
    session_name: str,
    regions: Sequence[str],
    progress: Callable[[str], None],
) -> Entry:
    """The accounts to read and their regions; one that cannot be entered is a problem.

    Raises `AccessError` where no account can be told at all, `UsageError` for a bad id.
    """
    from analyzer.account import discovery
    from analyzer.account.limits import Limiter
    from analyzer.account.sessions import Account, Clients

    for id_ in accounts:
        if not (id_.isdigit() and len(id_) == 12):  # noqa: PLR2004 - the length of every account id
            raise UsageError(f"'{id_}' is no account id", hint="an id has twelve digits")
    limiter = Limiter(means.rates)
    progress("asking who we are")
    with closing(Clients(Account("current"), means.connection, limiter)) as own:
        current, partition = discovery.caller(own)
        names = discovery.of_organization(own) if organization else {}
    wanted = list(accounts) or list(names) or [current]
    if not role and set(wanted) - {current}:
        raise UsageError("other accounts are entered by a role", hint="give --role NAME")
    entered = [
        Account(id_, names.get(id_, ""))
        if id_ == current
        else Account(
            id_,
            names.get(id_, ""),
            f"arn:{partition}:iam::{id_}:role/{role}",
            external_id,
            session_name,
        )
        for id_ in dict.fromkeys(wanted)
    ]
    chosen: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    for account in entered:
        if regions:
            chosen[account.id] = tuple(dict.fromkeys(regions))
            continue
        progress(f"asking for the regions of {account.id}")
        try:
            with closing(Clients(account, means.connection, limiter)) as clients:
                chosen[account.id] = discovery.enabled_regions(clients, "")
        except AccessError as error:
            chosen[account.id] = ()
            problems.append(f"the regions of account {account.id} are not known: {error}")
    return Entry(tuple(entered), chosen, tuple(problems))


def selected(rules: Mapping[str, Rule], patterns: Sequence[str]) -> dict[str, Rule]:
    """The rules whose id or family fits one of the patterns; all where there are none.

    Raises `UsageError` for a pattern that fits none.
    """
    if not patterns:
        return dict(rules)
    for pattern in patterns:
        if not any(_fits(rule, pattern) for rule in rules.values()):
            raise UsageError(f"no rule or family fits '{pattern}'", hint="assay rules lists them")
    return {
        id_: rule
        for id_, rule in rules.items()
        if any(_fits(rule, pattern) for pattern in patterns)
    }


def _fits(rule: Rule, pattern: str) -> bool:
    return fnmatchcase(rule.id, pattern.upper()) or fnmatchcase(rule.info.family, pattern)


def means_options(asked: dict[str, Any]) -> Means:
    """The means, taken out of a command's options."""
    names = ("aws_profile", "endpoint_url", "rates", "read_seconds")
    return means_of(**{name: asked.pop(name) for name in names})
