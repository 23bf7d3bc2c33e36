"""A second opinion: one packet at a time over raw templates, by the plain words of AWS's pages.

It knows nothing of the engine, of sets or of bounds: a client is one address, a node of a load
balancer is one address, and each layer says yes or no to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

Template = dict[str, Any]
PROTOCOLS = {"tcp": "6", "udp": "17"}
CLIENT_PORTS = (1024, 2222, 2223, 5000, 30000, 35000, 40000, 40001, 65535)


@dataclass(frozen=True)
class Packet:
    source: str
    target: str
    port: int
    protocol: str = "6"


def resources(template: Template, type_: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == type_
    }


def ref(value: Any) -> str:
    return value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0]


def holds(block: str, address: str) -> bool:
    network, one = ip_network(block, strict=False), ip_address(address)
    return network.version == one.version and one in network


def ports_match(low: Any, high: Any, port: int) -> bool:
    if low is None or int(low) == -1:
        return True
    return int(low) <= port <= int(high)


def group_admits(
    template: Template, names: list[str], packet: Packet, carried: tuple[str, ...] = ()
) -> bool:
    groups = resources(template, "AWS::EC2::SecurityGroup")
    for name in names:
        for entry in groups[name].get("SecurityGroupIngress", ()):
            protocol = PROTOCOLS.get(f"{entry['IpProtocol']}", f"{entry['IpProtocol']}")
            if protocol != "-1":
                if protocol != packet.protocol:
                    continue
                if not ports_match(entry.get("FromPort"), entry.get("ToPort"), packet.port):
                    continue
            if "SourceSecurityGroupId" in entry:
                if ref(entry["SourceSecurityGroupId"]) in carried:
                    return True
            elif holds(entry.get("CidrIp") or entry["CidrIpv6"], packet.source):
                return True
    return False


def acl_passes(template: Template, subnet: str, packet: Packet, address: str, egress: bool) -> bool:
    """`address` is the one that is not in the subnet."""
    for link in resources(template, "AWS::EC2::SubnetNetworkAclAssociation").values():
        if ref(link["SubnetId"]) == subnet:
            acl = ref(link["NetworkAclId"])
            break
    else:
        return True
    entries = [
        entry
        for entry in resources(template, "AWS::EC2::NetworkAclEntry").values()
        if ref(entry["NetworkAclId"]) == acl and entry.get("Egress", False) == egress
    ]
    for entry in sorted(entries, key=lambda entry: entry["RuleNumber"]):
        protocol = f"{entry['Protocol']}"
        ranged = entry.get("PortRange", {})
        if protocol not in ("-1", packet.protocol):
            continue
        if protocol != "-1" and not ports_match(ranged.get("From"), ranged.get("To"), packet.port):
            continue
        if holds(entry.get("CidrBlock") or entry["Ipv6CidrBlock"], address):
            return entry["RuleAction"] == "allow"
    return False


def table_of(template: Template, subnet: str) -> str | None:
    for link in resources(template, "AWS::EC2::SubnetRouteTableAssociation").values():
        if ref(link["SubnetId"]) == subnet:
            return ref(link["RouteTableId"])
    return None


def next_hop(template: Template, subnet: str, address: str) -> str:
    """The type of what an address is sent to: "local", a resource type, or "" for nowhere."""
    vpc = resources(template, "AWS::EC2::VPC")[ref(subnets(template)[subnet]["VpcId"])]
    found = (
        [(ip_network(vpc["CidrBlock"]).prefixlen, "local")]
        if holds(vpc["CidrBlock"], address)
        else []
    )
    table = table_of(template, subnet)
    for route in resources(template, "AWS::EC2::Route").values():
        block = route.get("DestinationCidrBlock") or route["DestinationIpv6CidrBlock"]
        if ref(route["RouteTableId"]) == table and holds(block, address):
            target = ref(route.get("GatewayId") or route["NatGatewayId"])
            kind = template["Resources"][target]["Type"]
            attached = kind != "AWS::EC2::InternetGateway" or any(
                ref(link["InternetGatewayId"]) == target
                and ref(link["VpcId"]) == ref(subnets(template)[subnet]["VpcId"])
                for link in resources(template, "AWS::EC2::VPCGatewayAttachment").values()
            )
            found.append((ip_network(block, strict=False).prefixlen, kind if attached else ""))
    return max(found, default=(0, ""))[1]


def subnets(template: Template) -> dict[str, dict[str, Any]]:
    return resources(template, "AWS::EC2::Subnet")


def answers_pass(template: Template, subnet: str, client: str) -> bool:
    """Whether some port that a client may come from gets its answer out of a subnet."""
    return any(
        acl_passes(template, subnet, Packet("", client, port), client, egress=True)
        for port in CLIENT_PORTS
    )


def has_public_address(template: Template, host: str) -> bool:
    properties = template["Resources"][host]["Properties"]
    for address in resources(template, "AWS::EC2::EIP").values():
        if "InstanceId" in address and ref(address["InstanceId"]) == host:
            return True
    for interface in properties.get("NetworkInterfaces", ()):
        if "AssociatePublicIpAddress" in interface:
            return bool(interface["AssociatePublicIpAddress"])
    subnet = subnets(template)[subnet_of(template, host)]
    return bool(subnet.get("MapPublicIpOnLaunch", False))


def subnet_of(template: Template, host: str) -> str:
    properties = template["Resources"][host]["Properties"]
    for interface in properties.get("NetworkInterfaces", ()):
        return ref(interface["SubnetId"])
    return ref(properties["SubnetId"])


def groups_of(template: Template, host: str) -> list[str]:
    properties = template["Resources"][host]["Properties"]
    for interface in properties.get("NetworkInterfaces", ()):
        return [ref(group) for group in interface["GroupSet"]]
    return [ref(group) for group in properties["SecurityGroupIds"]]


def enters(template: Template, subnet: str, packet: Packet) -> bool:
    """Whether a packet from the internet reaches a subnet, and its answer the client."""
    return (
        next_hop(template, subnet, packet.source) == "AWS::EC2::InternetGateway"
        and acl_passes(template, subnet, packet, packet.source, egress=False)
        and answers_pass(template, subnet, packet.source)
    )


def reaches_directly(template: Template, host: str, client: str, port: int) -> bool:
    subnet = subnet_of(template, host)
    packet = Packet(client, "", port)
    return (
        has_public_address(template, host)
        and enters(template, subnet, packet)
        and group_admits(template, groups_of(template, host), packet)
    )


def crosses(template: Template, here: str, there: str, node: str, host: str, port: int) -> bool:
    """Whether a node's packet passes the access lists between two subnets, and the answer too."""
    if here == there:
        return True
    return (
        acl_passes(template, here, Packet(node, host, port), host, egress=True)
        and acl_passes(template, there, Packet(node, host, port), node, egress=False)
        and answers_pass(template, there, node)
        and any(
            acl_passes(template, here, Packet(host, node, back), host, egress=False)
            for back in CLIENT_PORTS
        )
    )


def reaches_through_balancer(template: Template, host: str, client: str, port: int) -> bool:
    there = subnet_of(template, host)
    for listener in resources(template, "AWS::ElasticLoadBalancingV2::Listener").values():
        balancer = resources(template, "AWS::ElasticLoadBalancingV2::LoadBalancer")[
            ref(listener["LoadBalancerArn"])
        ]
        targets = resources(template, "AWS::ElasticLoadBalancingV2::TargetGroup")[
            ref(listener["DefaultActions"][0]["TargetGroupArn"])
        ]
        registered = [item for item in targets["Targets"] if ref(item["Id"]) == host]
        if not any(item.get("Port", targets["Port"]) == port for item in registered):
            continue
        if balancer.get("Scheme", "internet-facing") != "internet-facing":
            continue
        own = [ref(group) for group in balancer.get("SecurityGroups", ())]
        kept = not any(
            attribute == {"Key": "preserve_client_ip.enabled", "Value": "false"}
            for attribute in targets.get("TargetGroupAttributes", ())
        )
        for subnet in map(ref, balancer["Subnets"]):
            front = Packet(client, "", listener["Port"])
            if not enters(template, subnet, front):
                continue
            if own and not group_admits(template, own, front):
                continue
            node, address = inside(template, subnet), inside(template, there)
            seen = Packet(client if kept else node, address, port)
            admitted = group_admits(template, groups_of(template, host), seen, tuple(own))
            if kept:
                out = subnet == there or (
                    acl_passes(template, subnet, Packet(node, address, port), address, egress=True)
                    and any(
                        acl_passes(
                            template, subnet, Packet(address, node, back), address, egress=False
                        )
                        for back in CLIENT_PORTS
                    )
                )
                passed = (
                    out
                    and acl_passes(template, there, seen, client, egress=False)
                    and answers_pass(template, there, client)
                )
            else:
                passed = crosses(template, subnet, there, node, address, port)
            if admitted and passed:
                return True
    return False


def inside(template: Template, subnet: str) -> str:
    """An address in a subnet."""
    return f"{ip_network(subnets(template)[subnet]['CidrBlock'])[10]}"


def reaches(template: Template, host: str, client: str, port: int) -> bool:
    """Whether one client of the internet opens a connection to a port of a host."""
    return reaches_directly(template, host, client, port) or reaches_through_balancer(
        template, host, client, port
    )


def opened(template: Template, host: str, client: str, port: int) -> bool:
    """Whether the host's own groups admit a client."""
    return group_admits(template, groups_of(template, host), Packet(client, "", port))
