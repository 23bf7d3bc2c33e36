"""What IAM answers to one concrete request, and which statement of which policy says so.

IAM User Guide, "Policy evaluation logic", "Cross-account policy evaluation logic" and "How AWS
enforcement code logic evaluates requests to allow or deny access". Access control lists, grants
of KMS and policies of VPC endpoints are not part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from analyzer.iam.conditions import Test
from analyzer.iam.context import Value, holds, kind_of
from analyzer.iam.grants import Layer, Patterns, Rule
from analyzer.iam.patterns import STAR, expression, holes_in, widened
from analyzer.iam.requests import Request
from analyzer.iam.service_reference import compiled
from analyzer.unknown import Undecided

Verdict = Literal["allow", "explicit deny", "implicit deny"]
IDENTITY, BOUNDARY, SESSION = "identity policies", "permissions boundary", "session policies"
RESOURCE, SCP, RCP = "resource policy", "service control policies", "resource control policies"
ROOT = "root user"  # what allows where no policy has to
# A variable of a policy, with the default that it may have.
# "IAM policy elements: Variables and tags", "Specifying default values".
_VARIABLE = re.compile(r"\$\{\s*([\w.]+:[^,}\s]+)\s*(?:,\s*'([^']*)'\s*)?\}")
_SPECIAL = re.compile(r"[*?$]")
_TRUSTS = frozenset(
    {
        "sts:assumerole",
        "sts:assumerolewithsaml",
        "sts:assumerolewithwebidentity",
        "sts:setsourceidentity",
        "sts:tagsession",
    }
)
_ACCOUNT = f"AWS:arn:{STAR}"  # how the patterns of a whole account begin
_Place = tuple[str, int, Layer]  # a layer with its name, and its level
_SERVICE_LINKED = re.compile(r".*(:role/aws-service-role/|:assumed-role/AWSServiceRoleFor).*")


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, the layer that gave it, and the statement where one did.

    An implicit deny has no statement: its layer is the first one that does not allow. `level` is
    the place of the layer among those of its kind, from the root of the organisation on.
    """

    verdict: Verdict
    layer: str
    rule: Rule | None = None
    level: int = 0

    @property
    def allowed(self) -> bool:
        """Whether the request goes through."""
        return self.verdict == "allow"


def decide(
    request: Request,
    *,
    identity: Layer,
    boundary: Layer = (),
    session: Layer = (),
    scps: Sequence[Layer] = (),
    rcps: Sequence[Layer] = (),
    resource: Layer = (),
    principal_account: str,
    resource_account: str,
) -> Decision:
    """What IAM answers to a request.

    `identity` are all policies of the user and its groups, or of the role; a `boundary`, `session`
    or `resource` without statements is one that is not there. `scps` and `rcps` are the levels of
    the organisation, each a layer, above the accounts of the principal and of the resource. A
    principal without an account is a service, an identity provider or nobody that AWS knows: it
    has no policies of its own. `resource` is a trust policy too, or the policy of a key.

    Raises `Undecided` where a text or a test that matters is not known.
    """
    if not principal_account or _SERVICE_LINKED.fullmatch(request.principal):
        scps = ()  # "Service control policies": of no effect on a service and its own roles
    if _SERVICE_LINKED.fullmatch(request.principal):
        rcps = ()  # "Resource control policies": of no effect on them either
    levels = [
        (name, number, layer)
        for name, stated in ((RCP, rcps), (SCP, scps))
        for number, layer in enumerate(stated)
    ]
    limits = [(BOUNDARY, 0, boundary)] * bool(boundary) + [(SESSION, 0, session)] * bool(session)
    every = [*levels, (RESOURCE, 0, resource), (IDENTITY, 0, identity), *limits]
    if denied := _denial(every, request) or _limit(levels, request):
        return denied

    granted = {_named(rule, request): rule for rule in _matching(resource, request, allows=True)}
    same = principal_account == resource_account
    if "itself" in granted and (same or not principal_account):
        return Decision("allow", RESOURCE, granted["itself"])
    if not granted and (not same or _has_to_trust(request)):
        return Decision("implicit deny", RESOURCE)
    if same and "role" in granted:
        return _limit(limits, request) or Decision("allow", RESOURCE, granted["role"])
    return _of_identity(request, identity, limits)


def _denial(layers: Iterable[_Place], request: Request) -> Decision | None:
    for name, level, layer in layers:
        for rule in _matching(layer, request, allows=False):
            return Decision("explicit deny", name, rule, level)
    return None


def _limit(layers: Iterable[_Place], request: Request) -> Decision | None:
    """An implicit deny where one of the layers does not allow."""
    for name, level, layer in layers:
        if not any(_matching(layer, request, allows=True)):
            return Decision("implicit deny", name, level=level)
    return None


def _of_identity(request: Request, identity: Layer, limits: Iterable[_Place]) -> Decision:
    if request.principal.endswith(":root"):
        return _limit(limits, request) or Decision("allow", ROOT)
    for rule in _matching(identity, request, allows=True):
        return _limit(limits, request) or Decision("allow", IDENTITY, rule)
    return Decision("implicit deny", IDENTITY)


def _named(rule: Rule, request: Request) -> str:
    """How a resource's policy names who asks: itself, its role or its account.

    "How AWS enforcement code logic evaluates requests to allow or deny access": what is granted to
    a user, a session or everyone is granted directly, what is granted to a role may be limited.
    "AWS JSON policy elements: Principal": an account is given what it may pass on.
    """
    values = rule.principals.values
    is_role = ":role/" in request.principal  # every request of a role comes from a session
    if rule.principals.complement or STAR in values:
        return "itself"
    if request.principal in values and not is_role:
        return "account" if request.principal.endswith(":root") else "itself"
    to_role = any(_fits(v, request.principal) for v in values if not v.startswith(_ACCOUNT))
    return "role" if to_role else "account"


def _has_to_trust(request: Request) -> bool:
    """Whether the resource's policy has to allow, even within one account.

    "How AWS enforcement code logic evaluates requests to allow or deny access": trust policies of
    roles and policies of KMS keys are the exceptions.
    """
    action = request.action.lower()
    is_key = action.startswith("kms:") and ":key/" in request.resource
    return is_key or action in _TRUSTS


def _matching(layer: Layer, request: Request, *, allows: bool) -> Iterator[Rule]:
    return (rule for rule in layer if rule.allows is allows and matches(rule, request))


def matches(rule: Rule, request: Request) -> bool:
    """Whether a statement is about a concrete request.

    Raises `Undecided` where that hangs on what is not known.
    """
    context = {key.lower(): value for key, value in request.context.items()}
    return (
        _is_about(rule, request.action.lower())
        and _takes(rule.principals, request.principal, context)
        and _takes(rule.resources, request.resource, context)
        and all(_passes(test, context) for test in rule.tests)
    )


def _is_about(rule: Rule, action: str) -> bool:
    stated = rule.source.actions or rule.source.not_actions
    inside = any(compiled(f"{pattern}".lower()).fullmatch(action) for pattern in stated)
    return inside is not rule.complement


def _takes(patterns: Patterns, text: str, context: Mapping[str, Value]) -> bool:
    told = (_filled(value, context) for value in patterns.values)
    filled = [value for value in told if value is not None]
    inside = any(_fits(value, text) for value in filled)
    if not inside:
        for value in filled:
            if (unknown := holes_in(value)) and _fits(widened(value), text):
                raise Undecided(unknown[0], "is not known")
    return inside is not patterns.complement


def _fits(pattern: str, text: str) -> bool:
    return expression(pattern).fullmatch(text) is not None


def _filled(pattern: str, context: Mapping[str, Value]) -> str | None:
    """A pattern with the variables that the request tells; None where one has no value."""
    texts = []
    for character in pattern:
        name = "".join(holes_in(character))
        variable = _VARIABLE.fullmatch(f"${{{name}}}")
        text = _value_of(variable, context) if variable else character
        if text is None:
            return None
        texts.append(text)
    return "".join(texts)


def _value_of(variable: re.Match[str], context: Mapping[str, Value]) -> str | None:
    """What a variable stands for: a text, compared letter by letter; None where there is none.

    "IAM policy elements: Variables and tags": a key with several values is no variable.
    """
    value = context.get(variable[1].lower())
    return value if isinstance(value, str) else variable[2]


def _passes(test: Test, context: Mapping[str, Value]) -> bool:
    """Whether a test holds; nothing equals a variable without value, as that page says."""
    values = (_told(value, context) for value in test.values)
    known = replace(test, values=tuple(value for value in values if value is not None))
    if not kind_of(known):
        raise Undecided(f"the condition `{test}`", "is not understood")
    try:
        return holds(known, context.get(test.key))
    except ValueError:  # the request's value is of another kind
        return test.negated


def _told(value: Any, context: Mapping[str, Value]) -> Any:
    """A value of a condition with the variables that the request tells."""
    if not isinstance(value, str):
        return value
    variables = list(_VARIABLE.finditer(value))
    if any(_value_of(variable, context) is None for variable in variables):
        return None

    def told(variable: re.Match[str]) -> str:
        return _SPECIAL.sub(r"${\g<0>}", _value_of(variable, context) or "")

    return _VARIABLE.sub(told, value)
