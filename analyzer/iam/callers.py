"""What a stranger can say of itself: which condition keys tell who asks, and which anyone can meet.

IAM User Guide, "AWS global condition context keys"; the services' pages on their own keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_address, ip_network
from typing import Any

from analyzer.iam.conditions import Test, names_some, shown
from analyzer.iam.context import Case, Value, holds
from analyzer.unknown import Open, Reference, Undecided, Unknown

# Keys that say who asks, or for whom. In lower case: IAM compares keys without regard to case.
_ARNS = frozenset(
    {"aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn", "lambda:sourcefunctionarn"}
)
_ADDRESSES = frozenset({"aws:sourceip", "aws:vpcsourceip"})
_FLAGS = frozenset({"aws:principalisawsservice", "elasticfilesystem:accessedviamounttarget"})
_IDS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:userid",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "kms:calleraccount",
        "lambda:eventsourcetoken",
        "s3:dataaccesspointaccount",
    }
)
# Keys that anyone meets: how and when a request comes, and what it asks for.
_FREE = frozenset(
    {
        "aws:currenttime",
        "aws:epochtime",
        "aws:multifactorauthage",
        "aws:multifactorauthpresent",
        "aws:principaltype",
        "aws:referer",
        "aws:requestedregion",
        "aws:securetransport",
        "aws:tagkeys",
        "aws:tokenissuetime",
        "aws:useragent",
        "aws:viaawsservice",
        "kms:viaservice",
        "lambda:functionurlauthtype",
        "lambda:invokedviafunctionurl",
        "sns:protocol",
        "sts:rolesessionname",
    }
)
_FREE_PREFIXES = ("aws:requesttag/", "aws:principaltag/", "s3:")
_NOT_FREE = ("s3:existingobjecttag/", "s3:resourceaccount", "s3:accesspoint", "s3:dataaccesspoint")
_ARN_FIELDS = 6
_WILDCARD = re.compile(r"[*?]")
_KIND_OF_ID = "o-|ou-|r-|vpc-|vpce-|A[A-Z]{3}"
_CLAIM_LABEL = "[A-Za-z_-]+:"
# As for networks: from so many addresses on, a set of them is the internet.
_INTERNET = {4: 2**24, 6: 2**96}


class Stranger:
    """A caller whom the policy's author does not know; what it can meet, test by test.

    `guesses`: it knows what is agreed but not secret, such as an external id. `claims` are the
    condition keys of an identity provider that say whose token it is. `through_service`: it asks
    by way of a service, for a resource of its own.
    """

    def __init__(
        self,
        *,
        guesses: bool = False,
        claims: Iterable[str] = (),
        through_service: bool = False,
    ) -> None:
        self.guesses = guesses
        self.claims = frozenset(claims)
        self.through_service = through_service

    def meets(self, test: Test, case: Case) -> bool:
        """Whether a request of the stranger can have this value for the key of this test."""
        kind = self._kind(test.key)
        if kind == "free" or (kind == "soft" and self.guesses):
            return True
        if _is_atom(test):
            # Not compared: what names somebody does not hold for a stranger, its negation does.
            return bool(case.held) is (test.negated or not self._names(test, kind))
        if test.key in _ADDRESSES:
            return _is_public(case.value, test)
        if test.key in _FLAGS:
            return case.value in ("false", None) or self.through_service
        return not self._is_named(test, case.value, kind)

    def _kind(self, key: str) -> str:
        """Who: it says who asks; free: anyone meets it; soft: agreed, guessable, or not known."""
        if key in self.claims or key in _ARNS | _IDS | _ADDRESSES | _FLAGS:
            return "who"
        if key in _FREE or (key.startswith(_FREE_PREFIXES) and not key.startswith(_NOT_FREE)):
            return "free"
        if self.claims and ":" in key and not key.startswith(("aws:", "sts:")):
            return "free"
        return "soft"

    def _names(self, test: Test, kind: str) -> bool:
        return any(self._names_one(test, value, kind) for value in test.values)

    def _is_named(self, test: Test, value: Value, kind: str) -> bool:
        """Whether a value is one that the test keeps for somebody else."""
        if value is None:
            return False
        given = value if isinstance(value, tuple) else (value,)
        return any(
            self._names_one(test, wanted, kind) and any(_is_one(test, wanted, v) for v in given)
            for wanted in test.values
        )

    def _names_one(self, test: Test, value: Any, kind: str) -> bool:
        """Whether a value of a test says more than everybody."""
        if test.key in self.claims:
            return names_some(_only(test, value), _CLAIM_LABEL)
        if test.key in _ARNS:
            return self._is_some_arn(test, value)
        return names_some(_only(test, value), _KIND_OF_ID if kind == "who" else "")

    def _is_some_arn(self, test: Test, value: Any) -> bool:
        """Whether a value names an account, or where its kind of ARN has none, a name.

        A name without an account can be taken by a stranger, once it is free.
        """
        if not test.patterns or isinstance(value, Reference):
            return not self.through_service or isinstance(value, Open) or _has_account(f"{value}")
        if isinstance(value, Unknown):
            return bool(value != "*")
        fields = _arn_fields(shown(value))
        if not fields:
            return False
        account, name = fields[4], fields[5]
        if account:
            return _WILDCARD.search(account) is None
        return _WILDCARD.match(name) is None and not self.through_service


def _has_account(arn: str) -> bool:
    fields = _arn_fields(arn)
    return bool(fields) and bool(fields[4])


def _only(test: Test, value: Any) -> Test:
    return Test(test.operator, test.key, (value,), test.for_all, test.if_exists, test.for_any)


def _is_one(test: Test, wanted: Any, value: str) -> bool:
    return holds(Test(test.positive, test.key, (wanted,)), value)


def _is_atom(test: Test) -> bool:
    return any(isinstance(value, Open) for value in test.values) or any(
        "${" in f"{value}" for value in test.values if not isinstance(value, Open)
    )


def _is_public(value: Value, test: Test) -> bool:
    """Whether an address can be a stranger's: it is public, and one of very many like it."""
    if not isinstance(value, str):
        return True
    blocks = [_block(one) for one in test.values if not isinstance(one, Open)]
    address = ip_address(value)
    inside = any(address.version == block.version and address in block for block in blocks)
    if not inside:
        return not address.is_private
    return any(
        sum(part.num_addresses for part in family if not part.is_private) >= _INTERNET[version]
        for version, family in _families(blocks)
        if version == address.version
    )


def _families(
    blocks: Sequence[IPv4Network | IPv6Network],
) -> list[tuple[int, list[IPv4Network] | list[IPv6Network]]]:
    four = collapse_addresses(block for block in blocks if isinstance(block, IPv4Network))
    six = collapse_addresses(block for block in blocks if isinstance(block, IPv6Network))
    return [(4, list(four)), (6, list(six))]


def _block(value: Any) -> IPv4Network | IPv6Network:
    try:
        return ip_network(f"{value}", strict=False)
    except ValueError as error:
        raise Undecided(f"the addresses `{value}`", "are no block of addresses") from error


def _arn_fields(pattern: str) -> list[str]:
    """The six fields of an ARN pattern, nothing for another text; a last `*` stands for the rest.

    They are: arn, partition, service, region, account, and the name with its type.
    """
    fields = pattern.split(":", _ARN_FIELDS - 1)
    if fields[0] != "arn" or (len(fields) < _ARN_FIELDS and not pattern.endswith("*")):
        return []
    return [*fields, *"*" * (_ARN_FIELDS - len(fields))]
