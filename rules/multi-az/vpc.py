"""Networks that outlive the loss of a zone."""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.network import default_routes, is_public, shown_zones, zone_named, zones_of
from analyzer.policy import Fail, Inventory, Resource, Skip, rule
from analyzer.policy.fixes import one_gateway_a_zone


@rule("MAZ-VPC-01", severity="medium", on="AWS::EC2::VPC")
def tiers_of_subnets_span_zones(
    vpc: Resource, inventory: Inventory, *, min_zones: int = 2
) -> list[Fail] | Skip:
    """Public and private subnets of a network span two zones each.

    What a tier runs can only move to a zone where the tier has a subnet.

    Fix: add a subnet in a second zone to the tier.
    Source: Amazon VPC User Guide, "Subnets for your VPC".
    """
    subnets = inventory.referrers(vpc, "AWS::EC2::Subnet")
    if not subnets:
        return Skip("this architecture has no subnet in it")
    public = [subnet for subnet in subnets if is_public(subnet)]
    private = [subnet for subnet in subnets if subnet not in public]
    return [
        *_too_few("public", public, min_zones),
        *_too_few("private", private, min_zones),
    ]


def _too_few(tier: str, subnets: list[Resource], min_zones: int) -> Iterable[Fail]:
    zones = zones_of(subnets)
    if subnets and len(zones) < min_zones:
        yield Fail(f"has its {tier} subnets in {shown_zones(zones)} only")


@rule("MAZ-VPC-02", severity="medium", on="AWS::EC2::NatGateway")
def zones_do_not_share_a_nat_gateway(gateway: Resource, inventory: Inventory) -> Fail | None:
    """NAT gateway serves the subnets of its own zone only.

    A NAT gateway lives in one zone: when it fails, the private subnets of all zones that depend on
    it lose the internet. Traffic that crosses zones is charged too.

    Fix: give each zone its own NAT gateway and route table, or use a regional NAT gateway.
    Source: Amazon VPC User Guide, "NAT gateway basics".
    """
    if gateway.AvailabilityMode == "regional":
        return None
    own = zone_named(gateway, "SubnetId")
    served = [
        subnet for subnet in inventory.of("AWS::EC2::Subnet") if _goes_through(subnet, gateway)
    ]
    others = [zone for zone in zones_of(served) if zone != own]
    if others:
        return Fail(
            f"stands in {own} and serves private subnets in {shown_zones(others)} too",
            fix=lambda: one_gateway_a_zone(gateway, served),
        )


def _goes_through(subnet: Resource, gateway: Resource) -> bool:
    return any(route.follow("NatGatewayId") == gateway for route in default_routes(subnet))
