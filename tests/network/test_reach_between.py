"""From one thing to another."""

from __future__ import annotations

from typing import Any

import pytest

from tests.network.reaching import in_order
from tests.network.worlds import asked, att, entry, host, made, network, ref, route, sg, world


def test_inside_a_network_groups_decide() -> None:
    inventory = world(
        Sg=sg(entry(5432, att("Web", "GroupId"))),
        Web=sg(),
        Host=host("Private"),
        App=host("Public", "Web"),
        Other=host("Public", "Sg"),
    )
    assert asked(inventory, "Host", 5432, source="App").verdict == "REACHABLE"
    assert asked(inventory, "Host", 5432, source="Other").verdict == "CLOSED"
    assert asked(inventory, "Host", 22, source="App").verdict == "CLOSED"


def test_what_is_let_out_counts_too() -> None:
    egress = [entry(443)]
    inventory = world(
        Sg=sg(entry(5432, "10.0.0.0/16")),
        Web=sg(egress=egress),
        Host=host("Private"),
        App=host("Public", "Web"),
    )
    answer = asked(inventory, "Host", 5432, source="App")
    assert answer.verdict == "EXPOSED-BUT-UNREACHABLE"
    assert answer.blocked_by is not None
    assert answer.blocked_by.name == "Web"


@pytest.mark.parametrize(
    ("source", "verdict"),
    [("10.0.0.0/24", "REACHABLE"), ("10.0.1.0/24", "CLOSED"), ("10.0.0.128/25", "UNKNOWN")],
)
def test_an_address_that_aws_chooses_is_somewhere_in_its_subnet(source: str, verdict: str) -> None:
    inventory = world(
        Sg=sg(entry(5432, source)), Web=sg(), Host=host("Private"), App=host("Public", "Web")
    )
    assert asked(inventory, "Host", 5432, source="App").verdict == verdict


def peered(*routes: str) -> dict[str, Any]:
    found = {
        **network("Other", 1),
        "Peering": made("EC2::VPCPeeringConnection", VpcId=ref("Vpc"), PeerVpcId=ref("OtherVpc")),
        "There": route("PrivateTable", "10.1.0.0/16", VpcPeeringConnectionId=ref("Peering")),
        "Back": route("OtherPrivateTable", "10.0.0.0/16", VpcPeeringConnectionId=ref("Peering")),
        "Sg": sg(entry(source="10.0.0.0/16"), vpc="OtherVpc"),
        "Own": sg(),
        "Host": host("OtherPrivate"),
        "App": host("Private", "Own"),
    }
    return {name: one for name, one in found.items() if name not in routes}


def test_a_peering_needs_routes_both_ways() -> None:
    answer = asked(world(peered()), "Host", source="App")
    assert answer.verdict == "REACHABLE"
    assert in_order(["App", "There", "Peering", "Sg", "Host"], answer.path)
    for missing in ("There", "Back"):
        parts = peered(missing)
        # Without it the private table's default route leads to a NAT gateway.
        assert asked(world(parts), "Host", source="App").verdict == "EXPOSED-BUT-UNREACHABLE"


def test_a_group_of_the_peer_may_be_named() -> None:
    parts = {**peered(), "Sg": sg(entry(22, att("Own", "GroupId")), vpc="OtherVpc")}
    assert asked(world(parts), "Host", source="App").verdict == "REACHABLE"


def transit(**more: Any) -> dict[str, Any]:
    def attached(prefix: str) -> dict[str, Any]:
        return made(
            "EC2::TransitGatewayVpcAttachment",
            TransitGatewayId=ref("Tgw"),
            VpcId=ref(f"{prefix}Vpc"),
            SubnetIds=[ref(f"{prefix}Private")],
        )

    parts = peered("Peering")
    return {
        **parts,
        "Tgw": made("EC2::TransitGateway", **more),
        "Here": attached(""),
        "Far": attached("Other"),
        "There": route("PrivateTable", "10.0.0.0/8", TransitGatewayId=ref("Tgw")),
        "Back": route("OtherPrivateTable", "10.0.0.0/8", TransitGatewayId=ref("Tgw")),
    }


def test_a_transit_gateway_joins_what_is_attached_to_it() -> None:
    assert asked(world(transit()), "Host", source="App").verdict == "REACHABLE"
    apart = transit(DefaultRouteTableAssociation="disable")
    assert asked(world(apart), "Host", source="App").verdict == "EXPOSED-BUT-UNREACHABLE"
    alone = {**transit(), "Far": None}
    assert asked(world(alone), "Host", source="App").verdict == "EXPOSED-BUT-UNREACHABLE"


def test_a_transit_gateway_from_outside_is_what_it_hangs_on() -> None:
    parts = {
        **transit(),
        "There": route("PrivateTable", "10.0.0.0/8", TransitGatewayId="tgw-0123456789abcdef0"),
    }
    answer = asked(world(parts), "Host", source="App")
    assert answer.verdict == "UNKNOWN"
    assert "tgw-0123456789abcdef0" in f"{answer.depends_on[0]}"


def test_two_networks_meet_in_the_internet_where_both_are_open() -> None:
    parts = {
        **network("Other", 1),
        "Sg": sg(entry(), vpc="OtherVpc"),
        "Own": sg(),
        "Host": host("OtherPublic"),
        "App": host("Private", "Own"),
    }
    answer = asked(world(parts), "Host", source="App")
    assert answer.verdict == "REACHABLE"
    assert in_order(["App", "Nat", "internet", "OtherIgw", "Host"], answer.path) or in_order(
        ["App", "Nat", "OtherIgw", "Host"], answer.path
    )
    office = {**parts, "Sg": sg(entry(source="198.51.100.0/24"), vpc="OtherVpc")}
    assert asked(world(office), "Host", source="App").verdict in (
        "CLOSED",
        "EXPOSED-BUT-UNREACHABLE",
    )


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("198.51.100.7/32", "REACHABLE"),
        ("203.0.113.0/24", "CLOSED"),
        ("10.0.1.0/24", "REACHABLE"),
        ("10.9.0.0/16", "EXPOSED-BUT-UNREACHABLE"),
    ],
)
def test_a_block_may_ask(source: str, verdict: str) -> None:
    group = sg(entry(source="198.51.100.0/24"), entry(source="10.0.0.0/8"))
    assert asked(world(Sg=group, Host=host()), "Host", source=source).verdict == verdict


def test_a_block_behind_a_gateway_needs_a_route_back() -> None:
    group = sg(entry(source="10.0.0.0/8"))
    back = route("PrivateTable", "10.9.0.0/16", GatewayId=ref("Vgw"))
    vgw = made("EC2::VPNGateway", Type="ipsec.1")
    inventory = world(Sg=group, Host=host("Private"), Back=back, Vgw=vgw)
    assert asked(inventory, "Host", source="10.9.0.0/16").verdict == "REACHABLE"
