"""Cards: how one resource is shown, and many of the same as one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from analyzer.diagram.catalog import ALWAYS_TOGETHER, LOOKS, ORDER
from analyzer.diagram.notes import manner_of
from analyzer.diagram.standing import known
from analyzer.exploration import settled
from analyzer.model import Resource
from analyzer.picture import Card, Part, Spread, total
from analyzer.secrets import masked

_MANY = 4  # of the same in one place are shown as one
_BALANCERS = {"network": "Network balancer", "gateway": "Gateway balancer"}
_ENGINES = {"aurora": "Aurora", "mysql": "MySQL", "postgres": "PostgreSQL", "mariadb": "MariaDB"}
_DATABASES = ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster")


def name_of(resource: Resource, secrets: Collection[str]) -> str:
    """The name of a resource as the picture shows it, masked: its Name tag where it has one.

    An ARN may end with a number that nobody knows the thing by; its own name stands for it.
    """
    name = known(lambda: resource.name, str) or resource.id
    if name == resource.id:
        given = known(lambda: resource.Name, str) if name.startswith("arn:") else ""
        name = given or resource.label
    return masked(name, secrets)


def card_of(
    resource: Resource,
    part: Part,
    subnets: tuple[str, ...],
    zones: Mapping[str, str],
    secrets: Collection[str],
) -> Card:
    """The card of a resource that stands in some subnets, or in none."""
    look = LOOKS[resource.type]
    over = list(dict.fromkeys(zones.get(key) or key for key in subnets))
    manner = manner_of(resource, over, part.resources)
    return Card(
        id=resource.key,
        type=resource.type,
        glyph=look.glyph,
        service=_service(resource),
        name=name_of(resource, secrets),
        part=part,
        subnets=subnets if manner.spread is not Spread.WHOLE else subnets[:1],
        spread=manner.spread,
        note=manner.note,
        explained=manner.explained,
        certain=settled(resource.exists) is not None,
    )


def _service(resource: Resource) -> str:
    """What the service is called, as exactly as its properties say."""
    if resource.type.endswith("V2::LoadBalancer"):
        kind = known(lambda: resource.Type, str) or "application"
        return _BALANCERS.get(kind, "Load balancer")
    if resource.type in _DATABASES:
        return _database(resource)
    if resource.type == "AWS::EC2::VPCEndpoint":
        name = known(lambda: resource.ServiceName, str) or ""
        return f"{name.rpartition('.')[2]} endpoint" if name else "VPC endpoint"
    return LOOKS[resource.type].service


def _database(resource: Resource) -> str:
    engine = known(lambda: resource.Engine, str) or ""
    found = next((name for key, name in _ENGINES.items() if engine.startswith(key)), "")
    replica = "SourceDBInstanceIdentifier" in resource.properties
    kind = "cluster" if resource.type.endswith("Cluster") else "database"
    if replica:  # it takes its engine from its source
        return f"{found} replica" if found else "Database replica"
    return f"{found} {kind}" if found else LOOKS[resource.type].service


def gathered(cards: Iterable[Card]) -> tuple[Card, ...]:
    """The cards of one place in order, many of the same as one."""
    groups: dict[tuple[object, ...], list[Card]] = {}
    for card in sorted(cards, key=_position):
        groups.setdefault((card.type, card.service, card.subnets, card.spread), []).append(card)
    found: list[Card] = []
    for key, group in groups.items():
        together = key[0] in ALWAYS_TOGETHER and len(group) > 1
        found.extend([_as_one(group)] if together or len(group) >= _MANY else group)
    return tuple(found)


def _position(card: Card) -> tuple[int, str, list[tuple[int, str]], str]:
    return ORDER[card.type], card.service, _natural(card.name), card.id


def _natural(text: str) -> list[tuple[int, str]]:
    return [(int(run) if run.isdecimal() else -1, run) for run in re.findall(r"\d+|\D+", text)]


def _as_one(cards: Sequence[Card]) -> Card:
    """Many of the same: what each of them holds, under the name of all."""
    parts = [card.part for card in cards]
    return replace(
        cards[0],
        name=", ".join(card.name for card in cards),
        count=len(cards),
        part=Part(tuple(key for part in parts for key in part.resources), total(*parts)),
        note=cards[0].note if len({card.note for card in cards}) == 1 else "",
        certain=all(card.certain for card in cards),
    )
