"""Which resources of a stack an identity works on, and how a policy of the stack writes them.

The facts stand in `data/resource_arns.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from analyzer.iam.service_reference import ServiceReference
from analyzer.model import Inventory, PropertyPath, Resource, references_in
from analyzer.template.regions import partition_of
from analyzer.unknown import ABSENT, Either, Open, Partial, Reference

_FILE = Path(__file__).parent / "data" / "resource_arns.yaml"
_HOLE = re.compile(r"\$\{([^}]*)\}")
_WORD = r"(?<![A-Za-z0-9_.-]){}(?![A-Za-z0-9_.-])"
_KEY = "AWS::KMS::Key"
_SHORTEST_NAME = 4  # a shorter name stands in texts by chance


@dataclass(frozen=True, slots=True)
class Row:
    """How a resource of a CloudFormation type gives the ARN of a type of the service reference."""

    type: str
    arn: str
    stands_for: str = ""
    needs: tuple[str, ...] = ()
    implied: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """One resource as a policy names it: `text` as Fn::Sub takes it, `pattern` what that gives."""

    resource: Resource
    text: str
    pattern: Any = field(compare=False)  # it has no hash


@dataclass(frozen=True, slots=True)
class Bound:
    """The resources of a type that an identity works on; without any, the reason."""

    targets: tuple[Target, ...] = ()
    confidence: str = ""
    why: str = ""
    reason: str = ""


@cache
def _data() -> Mapping[str, Any]:
    import yaml  # needed only where there is something to tighten

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: Mapping[str, Any] = yaml.load(_FILE.read_bytes(), Loader=loader)  # noqa: S506 - a safe one
    return data


@cache
def rows() -> Mapping[str, tuple[Row, ...]]:
    """The rows of the table by `service:type`."""
    found: dict[str, list[Row]] = {}
    for type_, stated in _data()["types"].items():
        for name, arn in stated["arns"].items():
            row = {"arn": arn} if isinstance(arn, str) else arn
            found.setdefault(name, []).append(
                Row(
                    type_,
                    row["arn"],
                    row.get("is", ""),
                    tuple(row.get("if", ())),
                    row.get("implied", ""),
                )
            )
    return {name: tuple(of) for name, of in found.items()}


def form_of(reference: ServiceReference, service: str, type_: str) -> str:
    """The form of a resource type's ARNs, in whatever case an action names the type."""
    return reference.arn(service, type_) or reference.arn(service, type_.lower())


@dataclass(slots=True)
class Surroundings:
    """The stack around some identities: what they work on, as far as the stack tells.

    `owner` is the resource in which their policy is written; it may have been moved onto them.
    `used` says of a resource, by its key, what refers to it.
    """

    inventory: Inventory
    holders: Sequence[Resource]
    owner: Resource
    reference: ServiceReference
    users: dict[str, str] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    _referrers: dict[str, list[tuple[Resource, PropertyPath]]] = field(default_factory=dict)
    _bounds: dict[tuple[str, str], Bound] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for resource in self.inventory:
            for path, reference in references_in(resource.properties):
                self._referrers.setdefault(reference.target, []).append((resource, path))
        for holder in self.holders:
            self._find_users(holder)
        for key in list(self.users):
            self._find_used(self.inventory.resources[key])
        for key in list(self.used):
            self._find_keys(self.inventory.resources[key])

    def _find_users(self, holder: Resource) -> None:
        queue = [holder]
        for resource in queue:
            followed = _data()["follow"].get(resource.type, ())
            for referrer, path in self._referrers.get(resource.key, ()):
                if resource is holder:
                    if any("Polic" in f"{part}" for part in path):
                        self.used.setdefault(
                            referrer.key, f"the policy of `{referrer.id}` names it"
                        )
                elif referrer.type not in followed:
                    continue
                elif referrer.type in _data()["itself"]:
                    self.used.setdefault(referrer.key, f"`{referrer.id}` refers to `{resource.id}`")
                if referrer.key not in self.users and referrer not in self.holders:
                    self.users[referrer.key] = referrer.id
                    queue.append(referrer)

    def _find_used(self, user: Resource) -> None:
        left_out = _data()["not_of_its_work"].get(user.type, ())
        told = {name: value for name, value in user.properties.items() if name not in left_out}
        texts = list(_texts(told))
        queue = [reference.target for _, reference in references_in(told)]
        for resource in self.inventory:
            name = _name(resource)
            if isinstance(name, str) and len(name) >= _SHORTEST_NAME:
                word = re.compile(_WORD.format(re.escape(name)))
                queue.extend(resource.key for text in texts if word.search(text))
        for key in queue:
            resource_ = self.inventory.resources.get(key)
            if resource_ is None or resource_ in self.holders or key in self.users:
                continue
            self.used.setdefault(key, f"`{user.id}` refers to it")
            if resource_.type in _data()["through"]:
                queue.extend(
                    reference.target
                    for _, reference in references_in(resource_.properties)
                    if reference.target not in queue
                )

    def _find_keys(self, used: Resource) -> None:
        """The keys that what is worked on is encrypted with."""
        for _, reference in references_in(used.properties):
            key = self.inventory.resources.get(reference.target)
            if key is not None and key.type == _KEY:
                self.used.setdefault(key.key, f"`{used.id}` refers to it")

    def bound(self, service: str, type_: str) -> Bound:
        """The resources of a type of the service reference that the identities work on."""
        key = (service, type_.lower())
        if key not in self._bounds:
            self._bounds[key] = self._bound(*key)
        return self._bounds[key]

    def _bound(self, service: str, type_: str) -> Bound:  # noqa: PLR0911 - one answer for each case
        wanted = rows().get(f"{service}:{type_}", ())
        none = f"no resource of the type `{type_}` in the stack"
        if not wanted:
            return Bound(reason=none)
        types = {row.type for row in wanted}
        gap = next((gap for gap in self.inventory.gaps if gap.type in types), None)
        if gap is not None:
            return Bound(reason=f"{gap.type} in {gap.region} {gap.reason}")
        pairs = [(r, row) for row in wanted for r in self._holding(row)]
        used = [(r, row) for r, row in pairs if r.key in self.used or row.implied]
        here = [(r, row) for r, row in used or pairs if r.stack == self.owner.stack]
        away = [r for r, _ in used or pairs if r.stack != self.owner.stack]
        if away and (used or not here):
            named = ", ".join(f"`{r.key}`" for r in away)
            return Bound(reason=f"{none}: {named} stands in another one, and has to be imported")
        if not here:
            return Bound(reason=none)
        targets = tuple(dict.fromkeys(self._target(r, row, service, type_) for r, row in here))
        if used:
            whys = dict.fromkeys(self._why(r, row) for r, row in here)
            return Bound(targets, "referenced", "; ".join(whys))
        ids = list(dict.fromkeys(target.resource.id for target in targets))
        if len(ids) == 1:
            return Bound(targets, "only candidate", f"`{ids[0]}` is the only one in the stack")
        which = ", ".join(f"`{id_}`" for id_ in ids)
        return Bound(targets, "candidate", f"nothing says which is used of {which}")

    def _holding(self, row: Row) -> Iterator[Resource]:
        for resource in self.inventory.declared(row.type):
            set_ = [
                name for name in row.needs if resource.properties.get(name, ABSENT) is not ABSENT
            ]
            if row.needs and not set_:
                continue
            if row.implied and not self._implies(resource, row):
                continue
            yield resource

    def _implies(self, resource: Resource, row: Row) -> bool:
        """Whether a user of the role makes a resource that the stack does not declare."""
        if resource.key not in self.users or row.implied in resource.properties:
            return False
        declaring = (referrer.type for referrer, _ in self._referrers.get(resource.key, ()))
        return "AWS::Logs::LogGroup" not in declaring

    def _why(self, resource: Resource, row: Row) -> str:
        if row.implied:
            return f"`{resource.id}` writes it"
        return self.used[resource.key].replace(" it", f" `{resource.id}`")

    def _target(self, resource: Resource, row: Row, service: str, type_: str) -> Target:
        text = _slashed(row.arn, resource)
        pattern = row.stands_for or text
        if not pattern.startswith("arn:"):
            pattern = _generic(form_of(self.reference, service, type_), pattern.count("*"))
        if resource.live is not None:
            text = _live(resource, text)
        return Target(resource, text.replace("${@", "${" + resource.id), _filled(resource, pattern))

    def circular(self, target: Target) -> bool:
        """Whether naming a resource in the owner's policy closes a circle of references."""
        seen = {target.resource.key}
        queue = [target.resource.key]
        for key in queue:
            if key == self.owner.key:
                return True
            resource = self.inventory.resources.get(key)
            for _, reference in references_in(resource.properties) if resource else ():
                if reference.target not in seen:
                    seen.add(reference.target)
                    queue.append(reference.target)
        return False


def _name(resource: Resource) -> Any:
    property_ = _data()["types"].get(resource.type, {}).get("name", "")
    return resource.properties.get(property_, ABSENT) if property_ else ABSENT


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Partial):
        yield from _texts(value.parts)
    elif isinstance(value, Either):
        yield from _texts((value.if_true, value.if_false))


def _slashed(text: str, resource: Resource) -> str:
    """A parameter's name may begin with the slash (Systems Manager User Guide, hierarchies)."""
    name = _name(resource)
    head = name.head if isinstance(name, Partial) else name
    slash = isinstance(head, str) and head.startswith("/")
    return (
        text.replace("/${@}", "${@}") if slash and resource.type == "AWS::SSM::Parameter" else text
    )


def _generic(form: str, stars: int) -> str:
    """The form of an ARN; its first parts belong to the resource, its last `stars` are any text."""
    names = [name for name in _HOLE.findall(form) if name not in ("Partition", "Region", "Account")]
    for position, name in enumerate(names):
        own = "*" if position >= len(names) - stars else "${@}" if len(names) == 1 + stars else ""
        form = form.replace(f"${{{name}}}", own or f"${{@.{name}}}", 1)
    for name, pseudo in (("Partition",) * 2, ("Region",) * 2, ("Account", "AccountId")):
        form = form.replace(f"${{{name}}}", f"${{AWS::{pseudo}}}")
    return form


def _filled(resource: Resource, text: str) -> Any:
    """A text of Fn::Sub with what is known of the resource; what AWS chooses is a reference."""
    known = {
        "AWS::Partition": partition_of(resource.region),
        "AWS::Region": resource.region,
        "AWS::AccountId": resource.account,
    }
    parts: list[Any] = []
    position = 0
    for match in _HOLE.finditer(text):
        parts.append(text[position : match.start()])
        parts.append(_part(resource, match[1], known))
        position = match.end()
    parts.append(text[position:])
    partial = Partial(*parts)
    return partial if any(isinstance(part, Open) for part in partial.parts) else f"{partial}"


def another(form: str, owner: Resource) -> str:
    """The ARN of some other resource of a form, beside the owner."""
    known = {
        "Partition": partition_of(owner.region),
        "Region": owner.region,
        "Account": owner.account,
    }
    return _HOLE.sub(lambda match: known.get(match[1]) or f"another-{match[1].lower()}", form)


def _part(resource: Resource, name: str, known: Mapping[str, str]) -> Any:
    if name in known:
        return known[name]
    stated = _name(resource)
    if name == "@":
        if isinstance(stated, str | Partial):
            return stated
        return resource.id.rpartition(":")[2] if resource.live else Reference(resource.key)
    return Reference(resource.key, name.removeprefix("@."))


def _live(resource: Resource, text: str) -> str:
    """The text for a resource that an account has: its ARN itself."""
    if resource.id.startswith("arn:") and text.startswith("${@"):
        return resource.id + text[text.index("}") + 1 :]
    return f"{_filled(resource, text)}"
