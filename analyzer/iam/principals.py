"""Who a statement lets in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any

from analyzer.iam.conditions import TEXTS, Test, names_some, shown, tests
from analyzer.iam.matching import arn_fields, takes_in
from analyzer.iam.statements import Statement, statements
from analyzer.unknown import Open, Partial, Reference, Undecided, Unknown

_ACCOUNT = re.compile(r"(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::.*)?")
# IAM User Guide, "AWS global condition context keys", and the same by service: keys that say who
# asks, or for whom. In lower case: IAM compares keys without regard to case.
_ARNS = frozenset({"aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn"})
_ADDRESSES = frozenset({"aws:sourceip", "aws:vpcsourceip"})
_FLAGS = frozenset({"aws:principalisawsservice", "elasticfilesystem:accessedviamounttarget"})
_IDS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:username",
        "kms:calleraccount",
        "lambda:eventsourcetoken",
        "s3:dataaccesspointaccount",
    }
)
_PATTERNS = ("ArnEquals", "ArnLike", *TEXTS)
_WILDCARD = re.compile(r"[*?]")
_KIND_OF_ID = "o-|vpc-|vpce-|A[A-Z]{3}"
# A prefix that counts as the whole internet, as for networks: at least so many addresses.
_INTERNET_IPV4 = 8
_INTERNET_IPV6 = 32


def is_everyone(principal: tuple[str, Any]) -> bool:
    """Whether a principal is anybody at all; an unknown one is a choice point."""
    kind, value = principal
    return kind != "Service" and bool(value == "*")


def lets_everyone_in(statement: Statement) -> bool:
    """Whether an Allow is for anybody, and no condition says which anybody."""
    return statement.allows and _is_for_everyone(statement) and not is_limited(statement)


def open_statements(document: Any) -> list[Statement]:
    """The statements of a resource's policy that let everyone in, and that no denial takes back.

    A denial takes a statement back where it denies all that the statement allows to everyone but
    some, such as with StringNotEquals on aws:PrincipalOrgID.
    """
    every = statements(document)
    denials = [one for one in every if not one.allows and _is_for_all_but_some(one)]
    return [
        statement
        for statement in every
        if lets_everyone_in(statement)
        and not any(_takes_back(denial, statement) for denial in denials)
    ]


def is_limited(statement: Statement) -> bool:
    """Whether a condition says who may ask, with a value that is not everybody."""
    return any(_limits(test) for test in tests(statement))


def asks_for(statement: Statement, key: str) -> bool:
    """Whether a condition asks for one of some values of a key, and not for any value."""
    return any(
        test.key == key.lower() and test.needs_key and test.operator in TEXTS and names_some(test)
        for test in tests(statement)
    )


def account_of(principal: tuple[str, Any]) -> str:
    """The account of an AWS principal, "" where it names none or a resource of the inventory.

    Raises `Undecided` where the account is not known.
    """
    kind, value = principal
    if kind not in ("AWS", "*") or isinstance(value, Reference):
        return ""
    text = value.head if isinstance(value, Partial) else f"{value}"
    match = None if isinstance(value, Unknown) else _ACCOUNT.match(text)
    if match is None and isinstance(value, Open):
        raise Undecided(f"the account of `{value}`", getattr(value, "reason", "is not known"))
    return match[1] if match else ""


def _is_for_everyone(statement: Statement) -> bool:
    return bool(statement.not_principals) or any(map(is_everyone, statement.principals))


def _is_for_all_but_some(denial: Statement) -> bool:
    if not any(map(is_everyone, denial.principals)):
        return False
    asked = list(tests(denial))
    return len(asked) == 1 and asked[0].negated and _limits(_turned(asked[0]))


def _turned(test: Test) -> Test:
    """What a denial with a negated operator leaves: its values only, and never an absent key."""
    return replace(test, operator=test.positive, for_all=False, if_exists=False)


def _takes_back(denial: Statement, statement: Statement) -> bool:
    lowered = [f"{action}".lower() for action in statement.actions]
    return (
        bool(lowered)
        and _cover([f"{action}".lower() for action in denial.actions], lowered)
        and not statement.not_resources
        and _cover(denial.resources, statement.resources)
    )


def _cover(wide: Sequence[Any], narrow: Sequence[Any]) -> bool:
    return all(any(takes_in(one, other) for one in wide) for other in narrow)


def _limits(test: Test) -> bool:
    if not test.needs_key:
        return False
    if test.key in _ADDRESSES:
        return test.operator == "IpAddress" and not _is_internet(test.values)
    if test.key in _FLAGS:
        return test.operator == "Bool" and all(
            f"{value}".lower() == "true" for value in test.values
        )
    if test.key in _ARNS:
        return test.operator in _PATTERNS and all(_is_some_arn(test, one) for one in test.values)
    return test.key in _IDS and test.operator in TEXTS and names_some(test, _KIND_OF_ID)


def _is_some_arn(test: Test, value: Any) -> bool:
    """Whether a value names an account, or where its kind of ARN has none, a name."""
    if not test.patterns or isinstance(value, Reference):
        return True
    if isinstance(value, Unknown):
        return bool(value != "*")
    fields = arn_fields(shown(value))
    if not fields:
        return False
    account, name = fields[4], fields[5]
    if account:
        return _WILDCARD.search(account) is None
    return _WILDCARD.match(name) is None


def _is_internet(values: Sequence[Any]) -> bool:
    """Whether address blocks together count as the internet; an unknown block is a choice."""
    blocks = [_block(value) for value in values if not isinstance(value, Open)]
    four = collapse_addresses(block for block in blocks if isinstance(block, IPv4Network))
    six = collapse_addresses(block for block in blocks if isinstance(block, IPv6Network))
    return (
        any(block.prefixlen <= _INTERNET_IPV4 and not block.is_private for block in four)
        or any(block.prefixlen <= _INTERNET_IPV6 and not block.is_private for block in six)
        or any(value == "0.0.0.0/0" for value in values if isinstance(value, Unknown))
    )


def _block(value: Any) -> IPv4Network | IPv6Network:
    try:
        return ip_network(f"{value}", strict=False)
    except ValueError as error:
        raise Undecided(f"the addresses `{value}`", "are no block of addresses") from error
