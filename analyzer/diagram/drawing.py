"""From an inventory and its costs to the picture of it: what stands where, and what is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from analyzer.cost_lines import CostLine
from analyzer.diagram.belonging import NETWORK, SUBNET, Belonging, targets
from analyzer.diagram.cards import card_of, gathered, name_of
from analyzer.diagram.catalog import LOOKS, Where, named
from analyzer.diagram.standing import known, standing_of, tier_of, zone_name
from analyzer.diagram.ways import links_of
from analyzer.model import Inventory, Resource
from analyzer.picture import (
    Card,
    Counted,
    Diagram,
    Network,
    Part,
    Region,
    Spread,
    Subnet,
    Sundry,
    Tier,
)

_STORES = frozenset({"database", "cache", "filesystem", "table"})
_CLOUDFRONT = "CLOUDFRONT"
_TRAFFIC = "DataTransfer"
_NOT_READ = "network outside of what was read"


@dataclass
class _World:
    """What was found out about an inventory so far."""

    inventory: Inventory
    parts: Mapping[str, Part]  # of each card and box, by its key
    zones: Mapping[str, str]  # of each subnet
    network_of: Mapping[str, str]  # of each subnet
    secrets: Collection[str]  # that no name may show
    gateways: dict[str, list[Card]] = field(default_factory=lambda: defaultdict(list))
    inside: dict[str, list[Card]] = field(default_factory=lambda: defaultdict(list))
    regional: dict[tuple[str, str], list[Card]] = field(default_factory=lambda: defaultdict(list))
    unplaced: dict[tuple[str, str], list[Card]] = field(default_factory=lambda: defaultdict(list))
    outside: list[Card] = field(default_factory=list)


def draw(
    inventory: Inventory,
    cost: Iterable[CostLine] = (),
    *,
    title: str = "",
    profile: str = "",
    secrets: Collection[str] = (),
) -> Diagram:
    """The picture of an inventory, with `secrets` masked in its names.

    Findings come onto it with `analyzer.diagram.marking`.
    """
    belonging = Belonging(inventory)
    lines = [line for line in cost if line.usd is not None]
    usd = _prices(lines)
    held: dict[str, list[Resource]] = {}
    counted: dict[str, list[Resource]] = {}
    for resource in inventory:
        owner = belonging.owner(resource)
        place = (held, owner) if owner else (counted, named(resource.type))
        place[0].setdefault(place[1], []).append(resource)
    parts = {key: _part(key, members, usd) for key, members in held.items()}
    world = _World(inventory, parts, *_subnets(inventory), secrets)
    for key in parts:
        _place(inventory.resources[key], world)
    everywhere = {(resource.stack, resource.id) for resource in inventory}
    elsewhere = [line for line in lines if (line.stack, line.resource) not in everywhere]
    diagram = Diagram(
        system=inventory.name,
        title=title or inventory.name,
        profile=profile,
        regions=tuple(_regions(world)),
        outside=gathered(world.outside),
        counted=tuple(
            Counted(label, len(members), _part("", members, usd))
            for label, members in sorted(counted.items(), key=lambda item: item[0].lower())
        ),
        elsewhere=Part(usd=sum(_prices(elsewhere).values(), Decimal(0)) if elsewhere else None),
        sundries=tuple(_sundries(elsewhere)),
    )
    return replace(diagram, links=links_of(inventory, diagram, belonging.owner))


def _prices(cost: Iterable[CostLine]) -> dict[tuple[str, str], Decimal]:
    usd: dict[tuple[str, str], Decimal] = {}
    for line in cost:
        if line.usd is not None:
            place = (line.stack, line.resource)
            usd[place] = usd.get(place, Decimal(0)) + line.usd
    return usd


def _sundries(lines: Iterable[CostLine]) -> Iterator[tuple[Sundry, Decimal]]:
    """What no single resource costs, by kind; only what AWS gives is less than nothing."""
    usd: dict[Sundry, Decimal] = {}
    for line in lines:
        if line.usd is not None and line.usd < 0:
            kind = Sundry.GIVEN
        else:
            kind = Sundry.TRAFFIC if line.service == _TRAFFIC else Sundry.OTHER
        usd[kind] = usd.get(kind, Decimal(0)) + (line.usd or Decimal(0))
    return ((kind, usd[kind]) for kind in Sundry if usd.get(kind))


def _part(key: str, members: Sequence[Resource], usd: Mapping[tuple[str, str], Decimal]) -> Part:
    """The part of a card or box: its own resource first, then what belongs to it."""
    ordered = sorted(members, key=lambda resource: resource.key != key)
    amounts = [usd[place] for one in members if (place := (one.stack, one.id)) in usd]
    return Part(
        tuple(resource.key for resource in ordered),
        sum(amounts, Decimal(0)) if amounts else None,
    )


def _subnets(inventory: Inventory) -> tuple[dict[str, str], dict[str, str]]:
    """The zone and the network of each subnet; a network that is outside goes by its name."""
    zones, networks = {}, {}
    for subnet in inventory.declared(SUBNET):
        zones[subnet.key] = zone_name(subnet)
        vpc = next(targets(subnet, "VpcId"), None)
        stated = subnet.properties.get("VpcId")
        networks[subnet.key] = vpc.key if vpc is not None else f"outside:{stated}"
    return zones, networks


def _place(resource: Resource, world: _World) -> None:
    """Put a card where it belongs; boxes are made afterwards."""
    if resource.type in (NETWORK, SUBNET):
        return
    look, part = LOOKS[resource.type], world.parts[resource.key]
    where = look.where
    border = _border(resource) if where is Where.BORDER or look.glyph == "endpoint" else ""
    standing = standing_of(resource)
    subnets = _zoned(resource, standing.subnets, world)
    place = (resource.account, resource.region)
    networks = {world.network_of[key] for key in subnets if key in world.network_of}
    card = card_of(resource, part, subnets, world.zones, world.secrets)
    if len(networks) == 1:
        world.inside[networks.pop()].append(card)
    elif border and not standing.why:
        world.gateways[border].append(card)
    elif where is Where.OUTSIDE or not resource.region or _of_the_edge(resource):
        world.outside.append(card)
    elif where in (Where.NETWORK, Where.BORDER) or standing.why:
        why = standing.why or "no network that was read holds it"
        world.unplaced[place].append(
            replace(card, subnets=(), spread=Spread.WHOLE, note="", explained=why)
        )
    else:
        world.regional[place].append(card)


def _of_the_edge(resource: Resource) -> bool:
    return resource.properties.get("Scope") == _CLOUDFRONT


def _border(resource: Resource) -> str:
    """The network on whose border a gateway stands."""
    for name in ("VpcId", "PeerVpcId"):
        for vpc in targets(resource, name):
            return vpc.key
    for other in resource.inventory.declared("AWS::EC2::VPCGatewayAttachment"):
        names = [*targets(other, "InternetGatewayId"), *targets(other, "VpnGatewayId")]
        if resource in names:
            return next((vpc.key for vpc in targets(other, "VpcId")), "")
    return ""


def _zoned(resource: Resource, subnets: tuple[str, ...], world: _World) -> tuple[str, ...]:
    """The subnets that are meant, where the thing itself names the zone that it is in."""
    zone = known(lambda: resource.AvailabilityZone, str)
    stated = tuple(key for key in subnets if zone and world.zones.get(key) == zone)
    multi = resource.properties.get("MultiAZ")
    return stated if stated and not multi else subnets


def _regions(world: _World) -> Iterator[Region]:
    networks = list(_networks(world))
    places = dict.fromkeys(
        [*(place for place, _ in networks), *world.regional, *world.unplaced],
    )
    accounts = {account for account, _ in places}
    for place in sorted(places, key=lambda place: _rank(place, networks)):
        account, region = place
        yield Region(
            name=region,
            account=account if len(accounts) > 1 else "",
            networks=tuple(
                sorted(
                    (network for at, network in networks if at == place),
                    key=lambda network: not network.cards,  # those with something in them first
                )
            ),
            services=gathered(world.regional[place]),
            unplaced=gathered(world.unplaced[place]),
        )


def _rank(
    place: tuple[str, str], networks: Sequence[tuple[tuple[str, str], Network]]
) -> tuple[str, int, str]:
    """Accounts apart; in each, the region with the most in its networks first."""
    size = sum(len(network.cards) for at, network in networks if at == place)
    return place[0], -size, place[1]


def _networks(world: _World) -> Iterator[tuple[tuple[str, str], Network]]:
    """The networks with the place where each is, and those outside of which subnets are known."""
    declared = {vpc.key: vpc for vpc in world.inventory.declared(NETWORK) if vpc.key in world.parts}
    members: dict[str, list[Resource]] = {key: [] for key in declared}
    for subnet in world.inventory.declared(SUBNET):
        members.setdefault(world.network_of[subnet.key], []).append(subnet)
    for key, subnets in members.items():
        vpc = declared.get(key)
        owner = vpc if vpc is not None else subnets[0]
        cards = gathered(world.inside[key])
        yield (
            (owner.account, owner.region),
            Network(
                id=key,
                name=name_of(vpc, world.secrets) if vpc is not None else _NOT_READ,
                block=_block(vpc) if vpc is not None else "",
                part=world.parts[key] if vpc is not None else Part(),
                gateways=gathered(world.gateways[key]),
                subnets=tuple(_subnet(subnet, cards, world) for subnet in subnets),
                cards=cards,
            ),
        )


def _subnet(subnet: Resource, cards: Sequence[Card], world: _World) -> Subnet:
    tier = tier_of(subnet)
    glyphs = {card.glyph for card in cards if subnet.key in card.subnets}
    if tier is Tier.ISOLATED and glyphs and glyphs <= _STORES:
        tier = Tier.DATA
    return Subnet(
        id=subnet.key,
        name=name_of(subnet, world.secrets),
        block=_block(subnet),
        zone=world.zones[subnet.key],
        tier=tier,
        part=world.parts[subnet.key],
    )


def _block(resource: Resource) -> str:
    return known(lambda: resource.CidrBlock, str) or ""
