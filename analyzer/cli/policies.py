"""What the `iam` commands are asked about: policies in files, and those of resources."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from analyzer.cli.inventories import Named, inventories, named_resource
from analyzer.errors import InputError, UsageError
from analyzer.exploration import Cases
from analyzer.iam import Grant, StackWorld, exposure_of
from analyzer.iam.documents import RESOURCES_WITH_POLICIES, policy_document
from analyzer.iam.dossier import Dossier, answers_about_exposure, answers_about_holder
from analyzer.iam.grants import layer
from analyzer.iam.holders import IDENTITIES, POLICIES, holder_of
from analyzer.iam.openings import is_restricted
from analyzer.iam.service_reference import service_reference
from analyzer.model import Resource

UNKNOWN = "unknown"


def folded(cases: Cases[dict[str, Any]]) -> dict[str, Any]:
    """One map of answers; `unknown` where cases differ, or one of them could not be decided."""
    if not cases.answers:
        return {"depends_on": list(cases.hangs_on)}
    first, *others = cases.answers
    found = {
        key: value if cases.decided and all(one[key] == value for one in others) else UNKNOWN
        for key, value in first.items()
    }
    return {**found, "depends_on": list(cases.hangs_on) if UNKNOWN in found.values() else []}


def dossier_in(path: Path, kind: str = "") -> Dossier | None:
    """The policy that a file holds by itself; None for a template, an architecture, a snapshot.

    Raises `InputError`.
    """
    if not path.exists():
        raise InputError("does not exist", file=str(path), hint="check the path")
    if not path.is_file():
        return None
    stated = _plain(path)
    if not isinstance(stated, Mapping) or not {"Statement", "policy"} & stated.keys():
        return None
    try:
        return Dossier.read(stated, kind)
    except InputError as error:
        raise InputError(error.message, file=str(path), hint=error.hint) from error


def _plain(path: Path) -> Any:
    """The file as JSON or YAML; None where it is neither, or has tags of CloudFormation."""
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            return json.loads(text)
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe one
    except json.JSONDecodeError as error:
        raise InputError(
            f"is not JSON: {error.msg}", file=str(path), line=error.lineno, column=error.colno
        ) from error
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8 text", file=str(path)) from error
    except yaml.YAMLError:
        return None


def resource_in(path: Path, name: str, profiles: Sequence[str]) -> tuple[Named, Resource]:
    """The resource of a template, architecture or snapshot that a name means."""
    last: UsageError | None = None
    for named in inventories(path, profiles):
        try:
            return named, named_resource(named.inventory, name)
        except UsageError as error:
            last = error
    raise last or UsageError(f"'{path}' holds no inventory")


def answers_about(resource: Resource, kind: str) -> dict[str, Any]:
    """Every answer about a resource's policies; `kind` is identity, trust or resource."""
    if kind == "trust":
        document = resource.AssumeRolePolicyDocument
        return answers_about_exposure(exposure_of(document, resource, is_trust=True))
    if kind == "identity":
        return answers_about_holder(holder_of(resource), StackWorld(resource))
    exposure = exposure_of(policy_document(resource), resource)
    if exposure.opening and is_restricted(resource):
        exposure = replace(exposure, restricted=True)
    return answers_about_exposure(exposure)


def kind_of(resource: Resource, asked: str) -> str:
    """The kind of policy that is asked about. Raises `UsageError` where it has none of it."""
    own = "identity" if resource.type in (*IDENTITIES, *POLICIES) else "resource"
    kind = asked or own
    fits = {
        "identity": resource.type in (*IDENTITIES, *POLICIES),
        "trust": resource.type == "AWS::IAM::Role",
        "resource": resource.type in RESOURCES_WITH_POLICIES,
    }
    if not fits[kind]:
        raise UsageError(f"'{resource.id}' ({resource.type}) has no {kind} policy")
    return kind


def grant_in(resource: Resource, kind: str) -> Grant:
    """What a resource's policies allow, for a comparison."""
    if kind == "identity":
        return holder_of(resource).grant
    trust = kind == "trust"
    document = resource.AssumeRolePolicyDocument if trust else policy_document(resource)
    return Grant((layer([document], service_reference(), kind=kind),))
