"""One NAT gateway for a network that has one in each zone."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.findings import Fix
from analyzer.model import Inventory, Resource
from analyzer.savings.reading import certain, followed, target, text
from analyzer.savings.saving import KINDS, WHOLE, Edit, Saving, Surroundings

_GATEWAY = "AWS::EC2::NatGateway"
_ADDRESS = "AWS::EC2::EIP"
_ROUTE = "AWS::EC2::Route"


def shared_gateway(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Routes to the first gateway of each network; the others go, and their addresses with them."""
    for gateways in _by_network(inventory).values():
        kept, *others = gateways
        same_stack = all(gateway.stack == kept.stack for gateway in others)
        if others and same_stack and not inventory.live:
            title = f"route all zones through {kept.id}, without {_listed(others)}"
            edits = tuple(_edits(kept, others, inventory))
            yield Saving(KINDS["one-nat"], kept.key, title, edits)


def _by_network(inventory: Inventory) -> dict[str, list[Resource]]:
    """The public gateways of each network whose subnets are known."""
    found: dict[str, list[Resource]] = {}
    for gateway in certain(inventory, _GATEWAY):
        subnet = followed(gateway, "SubnetId")
        network = target(subnet, "VpcId") if subnet else ""
        if network and text(gateway, "ConnectivityType") != "private":
            found.setdefault(network, []).append(gateway)
    return found


def _edits(kept: Resource, others: list[Resource], inventory: Inventory) -> Iterator[Edit]:
    gone = {gateway.key for gateway in others}
    for route in certain(inventory, _ROUTE):
        if target(route, "NatGatewayId") in gone:
            yield route.key, Fix(set={"NatGatewayId": {"Ref": kept.id}})
    for gateway in others:
        yield gateway.key, Fix(remove=(WHOLE,))
        address = followed(gateway, "AllocationId")
        if address is not None and address.type == _ADDRESS:
            yield address.key, Fix(remove=(WHOLE,))


def _listed(resources: list[Resource]) -> str:
    return " and ".join(resource.id for resource in resources)
