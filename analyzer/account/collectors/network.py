"""Networks: VPCs, subnets, routes, gateways, access lists, security groups, endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analyzer.account.collector import Call, Collector, same

VPC = "AWS::EC2::VPC"
SUBNET = "AWS::EC2::Subnet"
GROUP = "AWS::EC2::SecurityGroup"
_TABLE = "AWS::EC2::RouteTable"
_GATEWAY = "AWS::EC2::InternetGateway"
_EGRESS_GATEWAY = "AWS::EC2::EgressOnlyInternetGateway"
_NAT = "AWS::EC2::NatGateway"
_PEERING = "AWS::EC2::VPCPeeringConnection"
_ENDPOINT = "AWS::EC2::VPCEndpoint"
_LIST = "AWS::EC2::PrefixList"

_TABLES = Call("ec2", "DescribeRouteTables", "RouteTables[]")
_ACLS = Call("ec2", "DescribeNetworkAcls", "NetworkAcls[]")
_OWN_LISTS = Call("ec2", "DescribeManagedPrefixLists", "PrefixLists[?OwnerId != 'AWS']", absent=())


def _of(kind: str, id_: str) -> str:
    return f"arn:{{partition}}:ec2:{{region}}:{{account}}:{kind}/{{{id_}}}"


def _attachments(page: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for gateway in page.get("InternetGateways", ()):
        for attachment in gateway.get("Attachments", ()):
            yield {"InternetGatewayId": gateway["InternetGatewayId"], **attachment}


def _routes(page: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The routes but the local ones, which no template writes."""
    for table in page.get("RouteTables", ()):
        for route in table.get("Routes", ()):
            if route.get("GatewayId") != "local":
                destination = (
                    route.get("DestinationCidrBlock")
                    or route.get("DestinationIpv6CidrBlock")
                    or route.get("DestinationPrefixListId")
                )
                yield {**route, "RouteTableId": table["RouteTableId"], "Destination": destination}


def _associations(page: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for table in page.get("RouteTables", ()):
        for association in table.get("Associations", ()):
            if association.get("SubnetId"):
                yield association


def _edges(page: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The tables that gateways use for what comes in."""
    for table in page.get("RouteTables", ()):
        for association in table.get("Associations", ()):
            if association.get("GatewayId"):
                yield association


def _more_blocks(page: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The blocks of networks beside the first one of each."""
    for vpc in page.get("Vpcs", ()):
        for block in vpc.get("CidrBlockAssociationSet", ()):
            if block.get("CidrBlock") != vpc.get("CidrBlock"):
                yield {"VpcId": vpc["VpcId"], **block}
        for block in vpc.get("Ipv6CidrBlockAssociationSet", ()):
            yield {"VpcId": vpc["VpcId"], **block}


def _entries(page: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for acl in page.get("NetworkAcls", ()):
        for entry in acl.get("Entries", ()):
            direction = "egress" if entry["Egress"] else "ingress"
            yield {**entry, "NetworkAclId": acl["NetworkAclId"], "Direction": direction}


def _acl_associations(page: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for acl in page.get("NetworkAcls", ()):
        yield from acl.get("Associations", ())


def _rules(permissions: str, source: str) -> Any:
    """A function that spreads permissions into CloudFormation's rules: one source a rule.

    `source` is what a rule's other end is called: Source for ingress, Destination for egress.
    """

    def rules(group: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [
            {**_ports(permission), **end}
            for permission in group.get(permissions, ())
            for end in _ends(permission, source)
        ]

    return rules


def _ports(permission: Mapping[str, Any]) -> dict[str, Any]:
    names = ("IpProtocol", "FromPort", "ToPort")
    return {name: permission[name] for name in names if permission.get(name) is not None}


def _ends(permission: Mapping[str, Any], source: str) -> Iterator[dict[str, Any]]:
    """Every address range, list and group of a permission, with its description."""
    for listed, given, name in (
        ("IpRanges", "CidrIp", "CidrIp"),
        ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId", f"{source}PrefixListId"),
        ("UserIdGroupPairs", "GroupId", f"{source}SecurityGroupId"),
    ):
        for end in permission.get(listed, ()):
            if end.get(given):
                described = {"Description": end["Description"]} if end.get("Description") else {}
                yield {name: end[given], **described}


COLLECTORS = (
    Collector(
        VPC,
        (Call("ec2", "DescribeVpcs", "Vpcs[]"),),
        arn=_of("vpc", "VpcId"),
        names=("VpcId",),
        properties={**same("CidrBlock InstanceTenancy Tags")},
        live={"Default": "IsDefault"},
    ),
    Collector(
        SUBNET,
        (Call("ec2", "DescribeSubnets", "Subnets[]"),),
        arn="SubnetArn",
        names=("SubnetId",),
        properties={
            **same(
                "VpcId CidrBlock AvailabilityZone AvailabilityZoneId MapPublicIpOnLaunch"
                " AssignIpv6AddressOnCreation Ipv6Native Tags"
            ),
            "Ipv6CidrBlock": "Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock",
        },
        links={"VpcId": VPC},
        # From where a block was taken is not told any more.
        never="Ipv4IpamPoolId Ipv4NetmaskLength Ipv6IpamPoolId Ipv6NetmaskLength",
        live={"Default": "DefaultForAz"},
    ),
    Collector(
        _TABLE,
        (_TABLES,),
        arn=_of("route-table", "RouteTableId"),
        names=("RouteTableId",),
        properties=same("VpcId Tags"),
        links={"VpcId": VPC},
        live={"Main": "not_null(Associations[?Main == `true`] | [0].Main, `false`)"},
    ),
    Collector(
        "AWS::EC2::Route",
        (Call("ec2", "DescribeRouteTables", _routes),),
        arn=_of("route-table", "RouteTableId") + "/route/{Destination}",
        properties=same(
            "RouteTableId DestinationCidrBlock DestinationIpv6CidrBlock DestinationPrefixListId"
            " GatewayId NatGatewayId InstanceId NetworkInterfaceId VpcPeeringConnectionId"
            " TransitGatewayId EgressOnlyInternetGatewayId VpcEndpointId CarrierGatewayId"
            " LocalGatewayId CoreNetworkArn"
        ),
        links={
            "RouteTableId": _TABLE,
            "GatewayId": f"{_GATEWAY} {_ENDPOINT}",
            "NatGatewayId": _NAT,
            "VpcPeeringConnectionId": _PEERING,
            "EgressOnlyInternetGatewayId": _EGRESS_GATEWAY,
            "InstanceId": "AWS::EC2::Instance",
            "VpcEndpointId": _ENDPOINT,
        },
        live={"State": "State"},
    ),
    Collector(
        "AWS::EC2::SubnetRouteTableAssociation",
        (Call("ec2", "DescribeRouteTables", _associations),),
        arn=_of("route-table-association", "RouteTableAssociationId"),
        properties=same("RouteTableId SubnetId"),
        links={"RouteTableId": _TABLE, "SubnetId": SUBNET},
    ),
    Collector(
        "AWS::EC2::GatewayRouteTableAssociation",
        (Call("ec2", "DescribeRouteTables", _edges),),
        arn=_of("route-table-association", "RouteTableAssociationId"),
        properties=same("RouteTableId GatewayId"),
        links={"RouteTableId": _TABLE, "GatewayId": _GATEWAY},
    ),
    Collector(
        "AWS::EC2::VPCCidrBlock",
        (Call("ec2", "DescribeVpcs", _more_blocks),),
        arn=_of("vpc-cidr-block", "AssociationId"),
        properties=same("VpcId CidrBlock Ipv6CidrBlock"),
        links={"VpcId": VPC},
    ),
    Collector(
        "AWS::EC2::NetworkInterface",
        (Call("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces[]"),),
        arn=_of("network-interface", "NetworkInterfaceId"),
        names=("NetworkInterfaceId",),
        properties={
            **same("SubnetId PrivateIpAddress InterfaceType Description SourceDestCheck"),
            "GroupSet": "Groups[].GroupId",
            "Ipv6Addresses": "Ipv6Addresses[].{Ipv6Address: Ipv6Address}",
            "Tags": "TagSet",
        },
        links={"SubnetId": SUBNET, "GroupSet": GROUP},
        live={"PublicIp": "Association.PublicIp", "Instance": "Attachment.InstanceId"},
    ),
    Collector(
        _GATEWAY,
        (Call("ec2", "DescribeInternetGateways", "InternetGateways[]"),),
        arn=_of("internet-gateway", "InternetGatewayId"),
        names=("InternetGatewayId",),
        properties=same("Tags"),
    ),
    Collector(
        "AWS::EC2::VPCGatewayAttachment",
        (Call("ec2", "DescribeInternetGateways", _attachments),),
        arn=_of("internet-gateway", "InternetGatewayId") + "/attachment/{VpcId}",
        properties=same("InternetGatewayId VpcId"),
        links={"InternetGatewayId": _GATEWAY, "VpcId": VPC},
    ),
    Collector(
        _EGRESS_GATEWAY,
        (Call("ec2", "DescribeEgressOnlyInternetGateways", "EgressOnlyInternetGateways[]"),),
        arn=_of("egress-only-internet-gateway", "EgressOnlyInternetGatewayId"),
        names=("EgressOnlyInternetGatewayId",),
        properties={"VpcId": "Attachments[0].VpcId", "Tags": "Tags"},
        links={"VpcId": VPC},
    ),
    Collector(
        _NAT,
        (
            Call(
                "ec2",
                "DescribeNatGateways",
                "NatGateways[?State != 'deleted' && State != 'deleting' && State != 'failed']",
            ),
        ),
        arn=_of("natgateway", "NatGatewayId"),
        names=("NatGatewayId",),
        properties={
            **same("SubnetId VpcId ConnectivityType AvailabilityMode Tags"),
            "AllocationId": "NatGatewayAddresses[0].AllocationId",
        },
        links={"SubnetId": SUBNET, "VpcId": VPC, "AllocationId": "AWS::EC2::EIP"},
    ),
    Collector(
        "AWS::EC2::NetworkAcl",
        (_ACLS,),
        arn=_of("network-acl", "NetworkAclId"),
        names=("NetworkAclId",),
        properties=same("VpcId Tags"),
        links={"VpcId": VPC},
        live={"Default": "IsDefault"},
    ),
    Collector(
        "AWS::EC2::NetworkAclEntry",
        (Call("ec2", "DescribeNetworkAcls", _entries),),
        arn=_of("network-acl", "NetworkAclId") + "/entry/{Direction}-{RuleNumber}",
        properties={
            **same("NetworkAclId CidrBlock Ipv6CidrBlock Egress Protocol RuleAction RuleNumber"),
            "PortRange": "PortRange",
            "Icmp": "IcmpTypeCode",
        },
        links={"NetworkAclId": "AWS::EC2::NetworkAcl"},
        never="IpProtocol FromPort ToPort",
    ),
    Collector(
        "AWS::EC2::SubnetNetworkAclAssociation",
        (Call("ec2", "DescribeNetworkAcls", _acl_associations),),
        arn=_of("network-acl-association", "NetworkAclAssociationId"),
        properties=same("NetworkAclId SubnetId"),
        links={"NetworkAclId": "AWS::EC2::NetworkAcl", "SubnetId": SUBNET},
    ),
    Collector(
        GROUP,
        (Call("ec2", "DescribeSecurityGroups", "SecurityGroups[]"),),
        arn=_of("security-group", "GroupId"),
        names=("GroupId",),
        properties={
            "GroupName": "GroupName",
            "GroupDescription": "Description",
            "VpcId": "VpcId",
            "SecurityGroupIngress": _rules("IpPermissions", "Source"),
            "SecurityGroupEgress": _rules("IpPermissionsEgress", "Destination"),
            "Tags": "Tags",
        },
        links={
            "VpcId": VPC,
            "SecurityGroupIngress.SourceSecurityGroupId": GROUP,
            "SecurityGroupIngress.SourcePrefixListId": _LIST,
            "SecurityGroupEgress.DestinationSecurityGroupId": GROUP,
            "SecurityGroupEgress.DestinationPrefixListId": _LIST,
        },
        live={"Default": "GroupName == 'default'"},
    ),
    Collector(
        _LIST,
        (
            _OWN_LISTS,
            Call(
                "ec2",
                "GetManagedPrefixListEntries",
                lambda page: [{"Entries": page.get("Entries", [])}],
                given={"PrefixListId": "PrefixListId"},
            ),
        ),
        arn="_parent.PrefixListArn",
        names=("_parent.PrefixListId",),
        properties={
            "PrefixListName": "_parent.PrefixListName",
            "AddressFamily": "_parent.AddressFamily",
            "Entries": "Entries[].{Cidr: Cidr, Description: Description}",
        },
    ),
    Collector(
        _ENDPOINT,
        (Call("ec2", "DescribeVpcEndpoints", "VpcEndpoints[]"),),
        arn=_of("vpc-endpoint", "VpcEndpointId"),
        names=("VpcEndpointId",),
        properties={
            **same(
                "VpcId ServiceName VpcEndpointType RouteTableIds SubnetIds PrivateDnsEnabled Tags"
            ),
            "SecurityGroupIds": "Groups[].GroupId",
            "PolicyDocument": "from_json(PolicyDocument)",
        },
        links={
            "VpcId": VPC,
            "RouteTableIds": _TABLE,
            "SubnetIds": SUBNET,
            "SecurityGroupIds": GROUP,
        },
    ),
    Collector(
        _PEERING,
        (
            Call(
                "ec2",
                "DescribeVpcPeeringConnections",
                "VpcPeeringConnections[?Status.Code == 'active']",
            ),
        ),
        arn=_of("vpc-peering-connection", "VpcPeeringConnectionId"),
        names=("VpcPeeringConnectionId",),
        properties={
            "VpcId": "RequesterVpcInfo.VpcId",
            "PeerVpcId": "AccepterVpcInfo.VpcId",
            "PeerOwnerId": "AccepterVpcInfo.OwnerId",
            "PeerRegion": "AccepterVpcInfo.Region",
            "Tags": "Tags",
        },
        links={"VpcId": VPC, "PeerVpcId": VPC},
    ),
    Collector(
        "AWS::EC2::FlowLog",
        (Call("ec2", "DescribeFlowLogs", "FlowLogs[]"),),
        arn=_of("vpc-flow-log", "FlowLogId"),
        names=("FlowLogId",),
        properties={
            **same("ResourceId TrafficType LogDestinationType LogDestination LogGroupName Tags"),
            "ResourceType": "(starts_with(ResourceId, 'vpc-') && 'VPC')"
            " || (starts_with(ResourceId, 'subnet-') && 'Subnet') || 'NetworkInterface'",
            "DeliverLogsPermissionArn": "DeliverLogsPermissionArn",
        },
        links={"ResourceId": f"{VPC} {SUBNET}", "LogGroupName": "AWS::Logs::LogGroup"},
    ),
    Collector(
        "AWS::EC2::TransitGatewayVpcAttachment",
        (
            Call(
                "ec2",
                "DescribeTransitGatewayVpcAttachments",
                "TransitGatewayVpcAttachments[?State == 'available']",
            ),
        ),
        arn=_of("transit-gateway-attachment", "TransitGatewayAttachmentId"),
        names=("TransitGatewayAttachmentId",),
        properties=same("TransitGatewayId VpcId SubnetIds Tags"),
        links={"VpcId": VPC, "SubnetIds": SUBNET},
    ),
    Collector(
        "AWS::EC2::VPNConnection",
        (Call("ec2", "DescribeVpnConnections", "VpnConnections[?State != 'deleted']"),),
        arn=_of("vpn-connection", "VpnConnectionId"),
        names=("VpnConnectionId",),
        properties=same("Type CustomerGatewayId VpnGatewayId TransitGatewayId Tags"),
    ),
)
