"""A policy with what stands around it, and every answer about it in one vocabulary.

A dossier is a policy document, or a map with `policy` and beside it what else decides: policies
that are `also_attached`, `boundary`, `scp`, `rcp`, `session`; the `world` that the policy's
resources live in; of a bucket's policy, `block_public_access`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analyzer.errors import InputError
from analyzer.iam.escalation import World, is_itself
from analyzer.iam.exposure import Exposure
from analyzer.iam.grants import Grant, layer
from analyzer.iam.identities import (
    Power,
    actions_without_effect,
    effective_services,
    exfiltrating,
    exposing,
    passing,
    power_of,
    revealing,
    stars,
    unknown_actions,
    whole_services,
)
from analyzer.iam.permissions import Holder
from analyzer.iam.service_reference import ServiceReference, service_reference
from analyzer.iam.statements import policy_of

ACCOUNT = "111122223333"


@dataclass(frozen=True, slots=True)
class CaseWorld:
    """What a dossier says of the resources that its policy names.

    `roles` (and users, groups, functions, ...) map ARNs to the actions that they allow;
    `attached_to_self` and `attached_to_others` list managed policies.
    """

    stated: Mapping[str, Any]
    reference: ServiceReference

    def power(self, type_: str, pattern: str) -> str:
        """What taking a resource gains: yes, no, itself, or conditional where it is not said."""
        if is_itself(pattern) or pattern in self.stated.get("itself", ()):
            return "itself"
        if type_ == "policy" and "attached_to_self" in self.stated:
            if pattern in self.stated["attached_to_self"]:
                return "yes"
            return "conditional" if pattern in self.stated.get("attached_to_others", ()) else "no"
        for named in self.stated.values():
            if isinstance(named, Mapping) and pattern in named:
                return self._of(named[pattern])
        return "conditional"

    def _of(self, described: Any) -> str:
        """What somebody can do of whom actions or whole policies are said."""
        documents = described.get("policies") or [
            policy_of([{"Effect": "Allow", "Action": described.get("allows", []), "Resource": "*"}])
        ]
        grant = Grant((layer(documents, self.reference),))
        return power_of(Holder(grant, self.reference), self).answer


@dataclass(frozen=True)
class Dossier:
    """One policy to be asked about, with everything that decides with it.

    `kind` is identity, trust or resource.
    """

    policy: Any
    kind: str
    also_attached: tuple[Any, ...] = ()
    limits: tuple[tuple[Any, ...], ...] = ()
    world: Mapping[str, Any] = field(default_factory=dict)
    account: str = ACCOUNT
    restricted: bool = False

    @classmethod
    def read(cls, stated: Any, kind: str = "", account: str = ACCOUNT) -> Dossier:
        """A dossier as it is written. Raises `InputError` where it is none."""
        if not isinstance(stated, Mapping):
            raise InputError("is no policy", hint="write a map with Statement, or with policy")
        given = stated if "policy" in stated else {"policy": stated}
        policy = _document(given["policy"], "policy")
        limits = [_documents(given, name) for name in _LIMITS if name in given]
        chosen = kind or f"{given.get('kind') or kind_of_policy(policy)}"
        if chosen not in _KINDS:
            raise InputError(f"is of no kind '{chosen}'", hint=f"write {', '.join(_KINDS)}")
        return cls(
            policy=policy,
            kind=chosen,
            also_attached=_documents(given, "also_attached"),
            limits=tuple(limits),
            world=_map(given, "world"),
            account=f"{given.get('account', account)}",
            restricted=bool(_map(given, "block_public_access").get("RestrictPublicBuckets")),
        )

    @property
    def grant(self) -> Grant:
        """What an identity policy grants, with all that decides with it."""
        reference = service_reference()
        own = layer([self.policy, *self.also_attached], reference, kind=self.kind)
        return Grant((own, *(layer(documents, reference) for documents in self.limits)))

    def answers(self) -> dict[str, Any]:
        """Every answer about the policy, by the names of the questions."""
        reference = service_reference()
        if self.kind == "identity":
            holder = Holder(self.grant, reference, self.account)
            return answers_about_holder(holder, CaseWorld(self.world, reference))
        exposure = Exposure(
            layer([self.policy], reference, kind=self.kind),
            reference,
            self.account,
            is_trust=self.kind == "trust",
            restricted=self.restricted,
        )
        return answers_about_exposure(exposure)


def answers_about_holder(holder: Holder, world: World) -> dict[str, Any]:
    """Every answer about what somebody may do, by the names of the questions."""
    reference = holder.reference
    own = holder.grant.layers[0]
    power = power_of(holder, world)
    starred = stars(holder)
    services = whole_services(holder)
    every = len(services) == len(list(reference.services))
    return {
        "admin": power.admin,
        "escalation": power.escalation,
        "paths": ["+".join(way.path.actions) for way in power.ways],
        "ways": [
            {
                "id": way.path.id,
                "name": way.path.name,
                "actions": list(way.path.actions),
                "verdict": way.verdict,
                "hangs_on": list(way.hangs_on),
            }
            for way in power.ways
        ],
        "service_wildcard": "all" if every else services,
        "resource_wildcard": starred.answer,
        "avoidable_actions": list(starred.avoidable),
        "exfiltration": power.exfiltration,
        "resource_exposure": power.resource_exposure,
        "credentials_exposure": power.credentials_exposure,
        "pass_role": passing(holder),
        "effective_services": effective_services(holder),
        "unknown_actions": unknown_actions(own, reference),
        "no_effect_actions": actions_without_effect(own, reference),
        "missing": list(holder.grant.missing),
        "examples": _examples(holder, power),
    }


def _examples(holder: Holder, power: Power) -> dict[str, str]:
    """A request for each question whose answer is a plain yes: what the reader can check."""
    asked = {
        "escalation": [way.path.actions[-1] for way in power.ways if way.verdict == "yes"],
        "exfiltration": exfiltrating(holder.reference),
        "resource_exposure": exposing(holder.reference),
        "credentials_exposure": revealing(),
    }
    found = {}
    for question, actions in asked.items():
        if getattr(power, question) == "yes":
            examples = (holder.example(action) for action in actions)
            found[question] = f"{next(filter(None, examples), '')}"
    return {question: example for question, example in found.items() if example}


def answers_about_exposure(exposure: Exposure) -> dict[str, Any]:
    """Every answer about whom a policy lets in, by the names of the questions."""
    way_in = next(iter(exposure.strangers), exposure.opening)
    return {
        "public": exposure.public,
        "trust": exposure.trust,
        "guarded": "yes" if exposure.guarded else "no",
        "confused_deputy": "yes" if exposure.deputies else "no",
        "cross_account": list(exposure.foreign_accounts),
        "admin_of_key": exposure.key_holder,
        "example": f"{way_in.request}" if way_in else "",
    }


_KINDS = ("identity", "trust", "resource")
_LIMITS = ("boundary", "scp", "rcp", "session")


def _map(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    stated = given.get(name, {})
    if not isinstance(stated, Mapping):
        raise InputError(f"states {name} that is no map")
    return stated


def _documents(given: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    return tuple(_document(one, name) for one in _several(given.get(name, ())))


def _document(stated: Any, name: str) -> Mapping[str, Any]:
    """A document of the shape that policies have. Raises `InputError`."""
    try:
        document = json.loads(stated) if isinstance(stated, str) else stated
    except ValueError as error:
        raise InputError(f"states a {name} that is a text and not JSON") from error
    if not isinstance(document, Mapping) or "Statement" not in document:
        raise InputError(f"is no policy: its {name} has no Statement")
    for statement in _several(document["Statement"]):
        if not isinstance(statement, Mapping):
            raise InputError(f"states a {name} with a Statement that is no map")
        if statement.get("Effect") not in ("Allow", "Deny"):
            raise InputError(f"states a {name} with an Effect that is neither Allow nor Deny")
        conditions = statement.get("Condition", {})
        if not isinstance(conditions, Mapping) or not all(
            isinstance(compared, Mapping) for compared in conditions.values()
        ):
            raise InputError(f"states a {name} with a Condition that is no map of maps")
    return document


def _several(stated: Any) -> tuple[Any, ...]:
    return tuple(stated) if isinstance(stated, list | tuple) else (stated,)


def kind_of_policy(document: Mapping[str, Any]) -> str:
    """Identity for a document without principals; trust where roles are taken; else resource."""
    named = _several(document["Statement"])
    if not any("Principal" in one or "NotPrincipal" in one for one in named):
        return "identity"
    actions = [f"{a}" for one in named for a in _several(one.get("Action", ()))]
    is_trust = bool(actions) and all(action.lower().startswith("sts:") for action in actions)
    return "trust" if is_trust else "resource"
