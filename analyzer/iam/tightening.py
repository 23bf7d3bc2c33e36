"""The smallest policy that a stack itself speaks for: statements bound to its own resources.

A proposal, from what is declared: what is used is not seen here. Each is proved to allow nothing
that the statement did not allow before, and comes with a request that it takes away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from analyzer.iam.escalation import known_escalations
from analyzer.iam.grants import Grant, layer_of
from analyzer.iam.inclusion import Comparison, allows_more
from analyzer.iam.managed_policies import managed_document
from analyzer.iam.patterns import glob, holes_in
from analyzer.iam.service_reference import ServiceReference
from analyzer.iam.space import Request
from analyzer.iam.statements import Statement, statements
from analyzer.iam.tightening_statements import (
    Held,
    Means,
    Narrowing,
    Proposal,
    narrowed,
    shown_text,
)
from analyzer.iam.tightening_targets import Surroundings, another, form_of
from analyzer.model import Props, Resource, references_in
from analyzer.unknown import ABSENT, Absent, Either, Reference, Undecided, Unknown

IDENTITIES = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
TIGHTENED = (*IDENTITIES, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
_PASS = "iam:PassRole"  # noqa: S105 - an action
UNTOUCHED = "nothing in AWS's policy is bounded by what the stack defines"
TOO_LONG = "its statements bounded are longer than the inline policies of a role may be"
_INLINE = 10_240  # IAM User Guide, "IAM and AWS STS quotas": characters of all of them
_LONGEST = 6144  # IAM User Guide, "IAM and AWS STS quotas": characters of a managed policy


@dataclass(frozen=True, slots=True)
class Document:
    """One policy document of an identity: `owner` is the resource in which it is written."""

    name: str
    owner: Resource
    value: Any
    arn: str = ""  # of a policy of AWS


@dataclass(frozen=True, slots=True)
class Tightened:
    """What is proposed for one statement: `parts` take its place where it `changes`."""

    document: Document
    number: int
    statement: Statement
    sid: str = ""
    parts: tuple[Proposal, ...] = ()
    kept: tuple[Held, ...] = ()
    not_narrowed: tuple[Held, ...] = ()
    dropped: tuple[Held, ...] = ()
    proof: Comparison | None = None
    takes_away: Request | None = None

    @property
    def changes(self) -> bool:
        """Whether less is proposed than what stands there."""
        return self.proof is not None

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The parts that are bounded."""
        return tuple(part for part in self.parts if part.confidence)

    @property
    def label(self) -> str:
        """The statement as sentences name it."""
        return f"{self.document.name}, {self.sid or f'statement {self.number + 1}'}"


@dataclass(frozen=True, slots=True)
class Tightening:
    """What is proposed for the policies of one identity.

    `takes_away` is a request that all of them together allow no longer. `proof` is whether the
    proposals allow anything more: no, or maybe with the names that AWS chooses.
    """

    identity: Resource
    statements: tuple[Tightened, ...] = ()
    not_read: tuple[Held, ...] = ()
    takes_away: Request | None = None
    proof: Comparison = field(default_factory=lambda: Comparison("no"))
    note: str = ""

    def of(self, document: Document) -> tuple[Tightened, ...]:
        """The statements of one policy."""
        return tuple(one for one in self.statements if one.document is document)

    @property
    def proposals(self) -> tuple[tuple[Tightened, Proposal], ...]:
        """Every bounded part, with the statement that it takes the place of."""
        return tuple((one, part) for one in self.statements for part in one.proposals)

    @property
    def kept(self) -> tuple[Held, ...]:
        """The actions whose star stays."""
        return tuple(held for one in self.statements for held in one.kept)

    @property
    def not_narrowed(self) -> tuple[Held, ...]:
        """What stays as wide as it is, although it might be bounded."""
        return (*self.not_read, *(held for one in self.statements for held in one.not_narrowed))

    @property
    def dropped(self) -> tuple[Held, ...]:
        """What was never used."""
        return tuple(held for one in self.statements for held in one.dropped)


def tighten(
    identity: Resource,
    reference: ServiceReference,
    last_accessed: Mapping[str, date | None] | None = None,
) -> Tightening:
    """The smallest policies for a role, user, group or policy that its inventory speaks for.

    `last_accessed` says of services when the identity last used them, None for never; services that
    it does not name may have been used.
    """
    not_read: list[Held] = []
    found = list(_statements(identity, not_read))
    granted = [one.statement for one in found]
    passed_to = _services_in_use(granted, reference)
    around: dict[str, Surroundings] = {}
    told: list[Tightened] = []
    for one in found:
        owner = one.document.owner
        if owner.key not in around:
            around[owner.key] = Surroundings(
                identity.inventory, _holders(identity, owner), owner, reference
            )
        means = Means(reference, around[owner.key], passed_to, last_accessed)
        told.append(_tightened(one, means))
    return _compared(identity, _shortened(told), not_read, reference)


def _shortened(told: Sequence[Tightened]) -> list[Tightened]:
    """The statements of AWS's policies without their details where nothing of them is bounded."""
    changed = {one.document.arn for one in told if one.changes}
    long = {
        arn
        for arn in changed
        if arn and _size(one for one in told if one.document.arn == arn) > _INLINE
    }
    short: list[Tightened] = []
    for one in told:
        arn = one.document.arn
        if arn and (arn in long or arn not in changed):
            first = all(one.document is not other.document for other in short)
            held = Held((one.document.name,), TOO_LONG if arn in long else UNTOUCHED)
            short.append(
                Tightened(
                    one.document, one.number, one.statement, one.sid, not_narrowed=(held,) * first
                )
            )
        else:
            short.append(one)
    return short


def _size(told: Iterable[Tightened]) -> int:
    """About how many characters the statements take, white space aside."""
    texts = (
        text
        for one in told
        for actions, resources in (
            [(part.actions, part.resources) for part in one.parts]
            or [(one.statement.actions, one.statement.resources)]
        )
        for text in ("Effect", "Action", "Resource", "Condition" * 5, one.sid, *actions, *resources)
    )
    return sum(len(shown_text(text)) + 3 for text in texts)


def _statements(identity: Resource, not_read: list[Held]) -> Iterator[Tightened]:
    """Every statement of every policy; what cannot be read is noted."""
    for document in _documents(identity, not_read):
        try:
            entries = _entries(document.value)
        except Undecided as undecided:
            not_read.append(Held((document.name,), f"{undecided}"))
            continue
        for number, entry in enumerate(entries):
            try:
                (statement,) = statements({"Statement": [entry]})
                bool(statement.allows)
            except Undecided as undecided:
                not_read.append(Held((f"{document.name}, statement {number + 1}",), f"{undecided}"))
            else:
                yield Tightened(document, number, statement, _sid(entry))


def _entries(document: Any) -> Sequence[Any]:
    if isinstance(document, str):
        import json

        try:
            document = json.loads(document)
        except ValueError:
            raise Undecided("the policy", "is a text that is not JSON") from None
    if isinstance(document, Absent):
        return []
    if not isinstance(document, Props | dict):
        raise Undecided(f"{document}", getattr(document, "reason", "is no policy"))
    stated = document.get("Statement", [])
    return stated if isinstance(stated, list) else [stated]


def _documents(identity: Resource, not_read: list[Held]) -> Iterator[Document]:
    """The policies of an identity: its own, those attached of the stack, and those of AWS."""
    if identity.type not in IDENTITIES:
        yield Document(
            _text(identity.properties.get("PolicyName")) or identity.id,
            identity,
            _read(identity, "PolicyDocument", identity.id, not_read),
        )
        return
    for position, entry in _listed(identity, "Policies", not_read):
        view = Props(identity, entry, ("Policies", position))
        owner = identity.moved.get(("Policies", position), (identity, ()))[0]
        name = _text(entry.get("PolicyName")) or f"policy {position + 1}"
        yield Document(name, owner, _read(view, "PolicyDocument", name, not_read))
    for _, entry in _listed(identity, "ManagedPolicyArns", not_read):
        policy = isinstance(entry, Reference) and identity.inventory.resources.get(entry.target)
        if policy:
            yield Document(policy.id, policy, _read(policy, "PolicyDocument", policy.id, not_read))
        elif (known := managed_document(entry)) is not None:
            yield Document(f"{entry}".rpartition("/")[2], identity, known, f"{entry}")
        else:
            said = "is attached, and is not known here"
            not_read.append(Held((shown_text(entry),), said))


def _read(owner: Any, name: str, what: str, not_read: list[Held]) -> Any:
    try:
        return getattr(owner, name)
    except Undecided as undecided:
        not_read.append(Held((what,), f"{undecided}"))
        return ABSENT


def _listed(identity: Resource, name: str, not_read: list[Held]) -> Iterator[tuple[int, Any]]:
    """The entries of a list; both of a condition that is not decided, where it is one entry."""
    stated = identity.properties.get(name, ABSENT)
    if isinstance(stated, Unknown | Either):
        told = "hangs on a condition" if isinstance(stated, Either) else f"{stated.reason}"
        not_read.append(Held((name,), f"{name} {told}"))
        return
    for position, entry in enumerate(stated if isinstance(stated, list) else ()):
        branches = (entry.if_true, entry.if_false) if isinstance(entry, Either) else (entry,)
        for branch in branches:
            if isinstance(branch, dict) if name == "Policies" else branch is not ABSENT:
                yield position, branch


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _sid(entry: Any) -> str:
    stated = entry.raw if isinstance(entry, Props) else entry
    return _text(stated.get("Sid")) if isinstance(stated, Mapping) else ""


def _holders(identity: Resource, owner: Resource) -> list[Resource]:
    """Whoever has a policy: all that it is attached to, as all of them need what it allows."""
    attached = [
        resource
        for resource in identity.inventory
        if resource.type in IDENTITIES
        and any(
            reference.target == owner.key
            for _, reference in references_in(resource.properties.get("ManagedPolicyArns", ABSENT))
        )
    ]
    named = [
        identity.inventory.resources[reference.target]
        for _, reference in references_in(
            {name: owner.properties.get(name) for name in ("Roles", "Users", "Groups")}
        )
        if reference.target in identity.inventory.resources
    ]
    return list({one.key: one for one in (identity, *attached, *named)}.values())


def _services_in_use(granted: Sequence[Statement], reference: ServiceReference) -> tuple[str, ...]:
    """The services to which roles are handed by other actions that are granted."""
    actions = 0
    for statement in granted:
        if statement.allows and not statement.not_actions:
            for pattern in statement.actions:
                actions |= reference.matching(f"{pattern}") if isinstance(pattern, str) else 0
    services: dict[str, None] = {}
    for path in known_escalations():
        if path.passed_to and _PASS in path.actions:
            others = (reference.number(name) for name in path.actions if name != _PASS)
            taking = next(others, None)
            if taking is not None and actions >> taking & 1:
                services.update(dict.fromkeys(path.passed_to))
    return tuple(services)


def _tightened(one: Tightened, means: Means) -> Tightened:
    """The proposal for one statement, proved; withdrawn where it is not."""
    try:
        found = narrowed(one.statement, means)
        return _proved(one, found, means)
    except Undecided as undecided:
        actions = tuple(shown_text(action) for action in one.statement.actions)
        return replace(one, not_narrowed=(Held(actions, f"{undecided}"),))


def _proved(one: Tightened, found: Narrowing, means: Means) -> Tightened:
    told = replace(one, kept=found.kept, not_narrowed=found.not_narrowed, dropped=found.dropped)
    if not found.dropped and not any(part.confidence for part in found.parts):
        return told
    before = _grant([one.statement], means.reference)
    after = _grant([_as_statement(part, one.statement) for part in found.parts], means.reference)
    proof = allows_more(after, before, means.reference)
    lost = allows_more(before, after, means.reference)
    actions = tuple(action for part in found.parts if part.confidence for action in part.actions)
    reason = _objection(proof, found)
    if not reason and lost.verdict == "no":
        reason = "it is no wider than that already"
    if (
        not reason
        and sum(len(text) for part in found.parts for text in (*part.actions, *part.resources))
        > _LONGEST
    ):
        reason = "spelled out, it is longer than a policy may be"
    if reason:
        return replace(told, not_narrowed=(*told.not_narrowed, Held(actions, reason)), dropped=())
    told = replace(told, parts=found.parts, proof=proof)
    return replace(told, takes_away=_example(told, before, after, means) or lost.example)


def _example(told: Tightened, before: Grant, after: Grant, means: Means) -> Request | None:
    """A request that is taken away, on another resource of a type that is bounded now."""
    owner, reference = told.document.owner, means.reference
    for part in told.proposals:
        action = next((found for a in part.actions if (found := reference.action(a))), None)
        for type_ in action.types if action else ():
            if action is None or not means.around.bound(action.service, type_).targets:
                continue
            form = form_of(reference, action.service, type_)
            asked = Request(action.name, another(form, owner))
            only = replace(told.statement, actions=(asked.action,), resources=(asked.resource,))
            point = _grant([only], reference)
            if form and allows_more(point, before, reference).verdict == "no":
                lost = allows_more(point, after, reference)
                if lost.verdict != "no" and lost.example:
                    return replace(asked, context=lost.example.context)
    return None


def _objection(proof: Comparison, found: Narrowing) -> str:
    """Why a proposal is withdrawn; "" where it allows nothing more, but for what AWS names."""
    if proof.verdict == "no":
        return ""
    chosen = {
        hole
        for part in found.parts
        for named in part.named
        if named.target
        for hole in holes_in(glob(named.pattern))
    }
    if proof.verdict == "maybe" and set(proof.hangs_on) <= chosen:
        return ""
    said = f"{proof.example}" if proof.verdict == "yes" else ", ".join(proof.hangs_on)
    return f"it cannot be shown to allow no more: {said}"


def _grant(given: Sequence[Statement], reference: ServiceReference) -> Grant:
    return Grant((layer_of(given, reference),))


def _as_statement(part: Proposal, statement: Statement) -> Statement:
    conditions = statement.conditions
    if part.passed_to:
        conditions = {"StringEquals": {"iam:PassedToService": list(part.passed_to)}}
    return replace(
        statement,
        actions=part.actions,
        resources=tuple(named.pattern for named in part.named),
        conditions=conditions,
    )


def grants_of(tightening: Tightening, reference: ServiceReference) -> tuple[Grant, Grant]:
    """What the policies allow as they stand, and as they are proposed."""
    before = [one.statement for one in tightening.statements]
    after = [
        statement
        for one in tightening.statements
        for statement in (
            [_as_statement(part, one.statement) for part in one.parts]
            if one.changes
            else [one.statement]
        )
    ]
    return _grant(before, reference), _grant(after, reference)


def _compared(
    identity: Resource,
    told: Sequence[Tightened],
    not_read: Sequence[Held],
    reference: ServiceReference,
) -> Tightening:
    """All statements together: a request that none of them allows any longer."""
    found = Tightening(identity, tuple(told), tuple(not_read))
    proofs = [one.proof for one in told if one.proof is not None]
    if not proofs:
        return found
    hangs_on = tuple(dict.fromkeys(name for proof in proofs for name in proof.hangs_on))
    proof = Comparison("maybe", hangs_on=hangs_on) if hangs_on else Comparison("no")
    try:
        before, after = grants_of(found, reference)
        lost = allows_more(before, after, reference)
    except Undecided:
        example = next((one.takes_away for one in told if one.takes_away), None)
        return replace(found, proof=proof, takes_away=example)
    note = "" if lost.verdict != "no" else "other statements allow all the same: tighten them too"
    return replace(
        found, proof=proof, takes_away=_shared(told, after, reference) or lost.example, note=note
    )


def _shared(told: Sequence[Tightened], after: Grant, reference: ServiceReference) -> Request | None:
    """A request that a statement allows no longer, and no other one does."""
    for one in told:
        if (asked := one.takes_away) is not None:
            only = replace(one.statement, actions=(asked.action,), resources=(asked.resource,))
            if allows_more(_grant([only], reference), after, reference).verdict == "yes":
                return asked
    return None
