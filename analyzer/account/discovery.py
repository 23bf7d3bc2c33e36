"""Which accounts there are, and in which regions they may have something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from analyzer.account.failures import failure_of
from analyzer.account.sessions import Account, Clients
from analyzer.errors import AccessError

ACTIONS = ("ec2:DescribeRegions",)
"""What finding out about an account needs of its role; who one is needs no permission."""


def caller(clients: Clients) -> tuple[str, str]:
    """The account and the partition of the current credentials. Raises `AccessError`."""
    answer = _asked(clients, "sts", "get_caller_identity", "")
    return answer["Account"], answer["Arn"].split(":")[1]


def named(
    ids: Iterable[str], role: str, partition: str, external_id: str, session_name: str
) -> Iterator[Account]:
    """The accounts of a list, each entered by the role of that name (or path and name)."""
    for id_ in dict.fromkeys(ids):
        arn = f"arn:{partition}:iam::{id_}:role/{role}" if role else ""
        yield Account(id_, role=arn, external_id=external_id, session_name=session_name)


def of_organization(clients: Clients) -> dict[str, str]:
    """The names of the organisation's active accounts, by id. Raises `AccessError`."""
    paginator = clients.of("organizations", "").get_paginator("list_accounts")
    try:
        accounts = [account for page in paginator.paginate() for account in page["Accounts"]]
    except Exception as error:
        raise _refused("organizations:ListAccounts", error) from error
    return {a["Id"]: a.get("Name", "") for a in accounts if a.get("Status") == "ACTIVE"}


def enabled_regions(clients: Clients, home: str) -> tuple[str, ...]:
    """The regions that the account has enabled, sorted. Raises `AccessError`."""
    answer = _asked(
        clients,
        "ec2",
        "describe_regions",
        home,
        Filters=[{"Name": "opt-in-status", "Values": ["opt-in-not-required", "opted-in"]}],
    )
    return tuple(sorted(region["RegionName"] for region in answer["Regions"]))


def _asked(clients: Clients, service: str, method: str, region: str, **parameters: Any) -> Any:
    try:
        return getattr(clients.of(service, region), method)(**parameters)
    except Exception as error:
        operation = "".join(word.title() for word in method.split("_"))
        raise _refused(f"{service}:{operation}", error) from error


def _refused(call: str, error: Exception) -> AccessError:
    failure = failure_of(call, error)
    hint = {
        "denied": "check the credentials and their permissions",
        "timed out": "check the network, or the endpoint",
    }.get(failure.kind, "check the credentials, the region and the network")
    return AccessError(f"{failure}", hint=hint)
