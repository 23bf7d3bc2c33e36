"""Whom a policy of a resource, or a trust policy, lets in.

Asked for callers one by one: a stranger, and the accounts, services and identity providers that the
policy names, each with the requests that it can make.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from analyzer.iam.callers import Stranger
from analyzer.iam.conditions import Test
from analyzer.iam.context import Case
from analyzer.iam.federation import claims_of, host_of, is_shared
from analyzer.iam.forms import SOMETHING
from analyzer.iam.grants import Grant, Layer, Rule, principal_patterns
from analyzer.iam.patterns import expression, holes_in
from analyzer.iam.requests import Request
from analyzer.iam.service_reference import ServiceReference, numbers
from analyzer.iam.space import Space
from analyzer.model import Inventory
from analyzer.unknown import Open, Partial, Reference, Undecided, Unknown

# A principal of an account that no policy names.
STRANGER = "AWS:arn:aws:iam::000000000000:user/stranger"
_SOME_SERVICE = "Service:another-service.amazonaws.com"
_ACCOUNT = re.compile(r"(?:arn:[^:]*:[a-z0-9-]+:[^:]*:)?(\d{12})(?::.*)?")
_ACCOUNT_FIRST = re.compile(r"(?:arn:[^:]*:[a-z0-9-]+:[^:]*:)(\d{12}):")
_ORGANISATION = ("aws:principalorgid", "aws:principalorgpaths")
_OWNERS = (
    "aws:principalaccount",
    "aws:principalarn",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceowner",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
)
_WIDEST = ("public", "organisation", "cross-account", "federated", "service", "same-account")
Fits = Callable[[Test, Case], bool]


@dataclass(frozen=True, slots=True)
class Entry:
    """A caller gets in: by which statements, and with what request."""

    rules: tuple[Rule, ...]
    request: Request


@dataclass(frozen=True)
class Exposure:
    """Whom a policy lets in, asked when it is wanted; the words are those of `assay iam check`.

    `account` is the owner's number. `restricted`: S3's RestrictPublicBuckets keeps everyone but
    the own account and services out of a public bucket. `inventory` tells which provider a
    reference names. Questions raise `Undecided` where that is not known.
    """

    policy: Layer
    reference: ServiceReference
    account: str = ""
    is_trust: bool = False
    restricted: bool = False
    inventory: Inventory | None = None

    @cached_property
    def _space(self) -> Space:
        return Space([Grant((self.policy,))], self.reference)

    @cached_property
    def _groups(self) -> list[tuple[int, str]]:
        """The statements that are about the same actions, each with an example of them."""
        space, (side,) = self._space, self._space.sides
        groups = space.action_groups(space.perhaps(side))
        found = [
            (active, self.reference.name(next(numbers(actions))))
            for active, actions in groups.items()
        ]
        found.extend((space.about(n), n) for n in space.unknown_actions(sum(side.allows)))
        return [(active, action) for active, action in found if side.possible(active)]

    def entry(self, caller: str, fits: Fits | None = None) -> Entry | None:
        """A request that a caller can make and that is allowed, if there is one.

        Raises `TooManyClasses`.
        """
        space, (side,) = self._space, self._space.sides
        among = sum(1 << index for index, rule in enumerate(space.rules) if _is_about(rule, caller))

        def hopeless(left: int, settled: int) -> bool:
            return not side.possible(left) or bool(left & settled & side.denies)

        for group, action in self._groups:
            active = group & among
            if not side.possible(active):
                continue
            for found in space.resources(active, SOMETHING):
                for left, context, _ in space.contexts(found.active, fitting=fits, done=hopeless):
                    if side.allowed(left):
                        rules = tuple(rule for _, rule in space.indexed(left) if rule.allows)
                        request = Request(action, found.example, _shown(caller), context)
                        return Entry(rules, request)
        return None

    def by_statement(self) -> Iterator[tuple[Rule, Exposure]]:
        """Each Allow statement with whom it lets in by itself, beside every denial."""
        denials = tuple(rule for rule in self.policy if not rule.allows)
        for rule in self.policy:
            if rule.allows:
                yield rule, replace(self, policy=(rule, *denials))

    def about(self, actions: Iterable[str]) -> Exposure:
        """The same for some actions only."""
        wanted = 0
        for action in actions:
            wanted |= self.reference.matching(action)
        narrowed = (
            replace(rule, actions=rule.actions & wanted, others=(), complement=False)
            for rule in self.policy
        )
        return replace(self, policy=tuple(narrowed))

    def named(self, actions: Iterable[str]) -> str:
        """Those of some actions that the Allow statements are about, as a message lists them."""
        allowed = 0
        for rule in self.policy:
            allowed |= rule.actions if rule.allows else 0
        return ", ".join(one for one in actions if allowed & self.reference.matching(one))

    @cached_property
    def strangers(self) -> list[Entry]:
        """How strangers get in who guess nothing: themselves, or with a shared provider's token."""
        if self.restricted:
            return []
        own = [self.entry(STRANGER, Stranger().meets)]
        shared = [
            self.entry(caller, Stranger(claims=claims_of(host)).meets)
            for caller, host in self._providers
            if is_shared(host)
        ]
        return [entry for entry in (*own, *shared) if entry is not None]

    @cached_property
    def opening(self) -> Entry | None:
        """How a stranger gets in who knows what is agreed but not secret."""
        return None if self.restricted else self.entry(STRANGER, Stranger(guesses=True).meets)

    @cached_property
    def open_providers(self) -> list[str]:
        """The hosts of shared identity providers of which any customer gets in."""
        return [
            host
            for caller, host in self._providers
            if is_shared(host) and self.entry(caller, Stranger(claims=claims_of(host)).meets)
        ]

    @property
    def public(self) -> str:
        """Whether anyone in the world gets in: yes, conditional (a guessable bound), or no."""
        return "yes" if self.strangers else "conditional" if self.opening else "no"

    @cached_property
    def deputies(self) -> dict[str, Entry]:
        """The services by way of which a stranger gets in, with how.

        A role is only ever taken by a service to which it was passed, in its own account.
        IAM User Guide, "The confused deputy problem".
        """
        if self.is_trust:
            return {}
        fits = Stranger(through_service=True).meets
        services = {f"{value}": f"Service:{value}" for value in self._named("Service")}
        if not self.strangers:
            services["every service"] = _SOME_SERVICE
        found = {}
        for service, caller in services.items():
            entry = self.entry(caller, fits)
            if entry is not None:
                found[service] = entry
        return found

    @cached_property
    def foreign_accounts(self) -> dict[str, Entry]:
        """The accounts but the own one that get in, with how."""
        found = {}
        for caller, account in self._accounts:
            entry = self.entry(caller) if account != self.account else None
            if entry is not None:
                found[account] = entry
        return found

    @cached_property
    def unproven(self) -> dict[str, Entry]:
        """The foreign accounts that get in without an agreed id or the like."""
        found = {}
        for caller, account in self._accounts:
            if account in self.foreign_accounts:
                entry = self.entry(caller, _Member(account).meets)
                if entry is not None:
                    found[account] = entry
        for value in self._named("AWS", "*") if not found else ():
            self._need_account(value)
        return found

    def _need_account(self, value: Any) -> None:
        """Raise `Undecided` for a principal whose account is not known and who proves nothing."""
        if isinstance(value, Unknown | Partial) and not account_in(value):
            caller = _example("AWS", value)
            if self.entry(caller, _Member("").meets) is not None:
                reason = getattr(value, "reason", "has a part that is not known")
                raise Undecided(f"the account of `{value}`", reason)

    @property
    def trust(self) -> str:
        """The widest party that gets in: public, organisation, ... same-account, or nobody."""
        parties = set(self._parties())
        return next((party for party in _WIDEST if party in parties), "nobody")

    def _parties(self) -> Iterator[str]:
        if self.opening is not None:
            yield "public"
        for caller, _ in self._providers:
            if self.entry(caller, _is_issued) is not None:
                yield "federated"
        if any(self.entry(f"Service:{value}") for value in self._named("Service")):
            yield "service"
        if self.foreign_accounts:
            yield "cross-account"
        for caller in self._own():
            if self.entry(caller) is not None:
                yield "same-account"
        if self.opening is None and self.entry(STRANGER) is not None:
            yield from self._bounds()

    def _bounds(self) -> Iterator[str]:
        """What bounds a star, where it is bound."""
        for rule in self.policy:
            for test in rule.tests if rule.allows else ():
                if test.key in _ORGANISATION:
                    yield "organisation"
                for value in test.values if test.key in _OWNERS else ():
                    account = account_in(value)
                    yield "same-account" if account in ("", self.account) else "cross-account"

    @property
    def guarded(self) -> bool:
        """Whether a foreign party has to prove more than who it is: an agreed id, a subject."""
        if self.trust == "cross-account":
            return not self.unproven
        if self.trust != "federated":
            return False
        return not any(
            self.entry(caller, Stranger(claims=claims_of(host)).meets)
            for caller, host in self._providers
        )

    @property
    def key_holder(self) -> str:
        """Who is handed every action on a key: account, everyone, a principal; "" for nobody."""
        kms = self.reference.of_service("kms")
        for rule in self.policy:
            if rule.allows and not rule.tests and not kms & ~rule.actions:
                for _, value in rule.source.principals:
                    if account_in(value) == self.account and f"{value}".endswith((":root", "*")):
                        return "account"
                    return "everyone" if f"{value}" == "*" else f"{value}"
        return ""

    @cached_property
    def _accounts(self) -> list[tuple[str, str]]:
        """The AWS principals that are named, as callers, with their accounts."""
        named = [(_example("AWS", value), account_in(value)) for value in self._named("AWS", "*")]
        star = [
            (STRANGER, account_in(value))
            for rule in self.policy
            for test in rule.tests
            if rule.allows and test.key in _OWNERS and _stars(rule)
            for value in test.values
        ]
        return [(caller, account) for caller, account in (*named, *star) if account]

    def _own(self) -> Iterator[str]:
        """The principals of the own account, and of the same inventory, that are named."""
        for value in self._named("AWS", "*"):
            if isinstance(value, Open) or account_in(value) == self.account:
                yield _example("AWS", value)

    @cached_property
    def _providers(self) -> list[tuple[str, str]]:
        """The identity providers that are named, as callers, with their hosts."""
        return [
            (_example("Federated", value), host_of(value, self.inventory))
            for value in self._named("Federated")
        ]

    def _named(self, *kinds: str) -> list[Any]:
        return [
            value
            for rule in self.policy
            if rule.allows
            for kind, value in rule.source.principals
            if kind in kinds
        ]


class _Member(Stranger):
    """Somebody of an account that is trusted, who knows nothing else that was agreed."""

    def __init__(self, account: str) -> None:
        super().__init__()
        self.account = account

    def meets(self, test: Test, case: Case) -> bool:
        """As for a stranger, but that it has an account which is named."""
        if test.key in ("aws:principalaccount", "kms:calleraccount"):
            return case.value == self.account
        return super().meets(test, case)


def _is_issued(_test: Test, case: Case) -> bool:
    """Whether a token can have a value: none has a wildcard in it."""
    return not isinstance(case.value, str) or "*" not in case.value


def _stars(rule: Rule) -> bool:
    return _is_about(rule, STRANGER)


def _is_about(rule: Rule, caller: str) -> bool:
    """Whether a statement is about a caller."""
    stated = rule.principals
    inside = any(expression(pattern).fullmatch(caller) for pattern in stated.values)
    return inside is not stated.complement


def _example(kind: str, value: Any) -> str:
    """A caller that a principal element stands for."""
    pattern = principal_patterns(kind, value)[0]
    text = pattern.replace("\x00", "aws", 1) if kind == "AWS" else pattern
    return text.replace("\x00", "user/somebody")


def account_in(value: Any) -> str:
    """The account that a principal or an ARN names, "" for none, and where it is not known."""
    if isinstance(value, Partial):
        match = _ACCOUNT_FIRST.match(value.head)
        return match[1] if match else ""
    if isinstance(value, Open) and not (isinstance(value, Reference) and value.text):
        return ""
    match = _ACCOUNT.fullmatch(f"{value}")
    return match[1] if match else ""


def _shown(caller: str) -> str:
    text = caller.removeprefix("AWS:")
    return "".join("${" + holes_in(c)[0] + "}" if holes_in(c) else c for c in text)
