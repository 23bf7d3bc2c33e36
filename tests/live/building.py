"""Making the resources of a template in an account, by direct calls, as CloudFormation would."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from analyzer.model import Inventory, Resource, references_in
from analyzer.unknown import Reference, Unknown

IMAGE = "ami-12c6146b"
Ids = dict[str, str]
ClientOf = Callable[[str], Any]


class CannotBeMade(Exception):  # noqa: N818 - it is no fault of the template
    """There is no call for a type here."""


def built(inventory: Inventory, client_of: ClientOf) -> Ids:
    """The physical ids by key, of every resource of a template made in order of its references."""
    ids: Ids = {}
    waiting = list(inventory)
    while waiting:
        ready = [
            resource
            for resource in waiting
            if all(found.target in ids for _, found in references_in(resource.properties))
        ]
        assert ready, [resource.key for resource in waiting]
        for resource in sorted(ready, key=lambda resource: resource.type not in _FIRST):
            make = _MAKERS.get(resource.type)
            if make is None:
                raise CannotBeMade(resource.type)
            ids[resource.key] = make(client_of, plain(resource.properties, ids), resource)
            waiting.remove(resource)
    return ids


_FIRST = ("AWS::EC2::VPCGatewayAttachment", "AWS::EC2::VPCCidrBlock")


def plain(value: Any, ids: Mapping[str, str]) -> Any:
    """A value with physical ids in place of references."""
    if isinstance(value, Reference):
        return ids[value.target]
    if isinstance(value, Unknown):
        raise CannotBeMade(value.subject)
    if isinstance(value, dict):
        # A block that AWS chooses is asked for where it is used.
        return {n: plain(item, ids) for n, item in value.items() if n != "Ipv6CidrBlock"}
    if isinstance(value, list):
        return [plain(item, ids) for item in value]
    return value


def only(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def vpc(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    return of("ec2").create_vpc(CidrBlock=p["CidrBlock"])["Vpc"]["VpcId"]


def vpc_block(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    answer = of("ec2").associate_vpc_cidr_block(**p)
    return answer["Ipv6CidrBlockAssociation"]["AssociationId"]


def gateway(of: ClientOf, _: dict[str, Any], __: Resource) -> str:
    return of("ec2").create_internet_gateway()["InternetGateway"]["InternetGatewayId"]


def attachment(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    of("ec2").attach_internet_gateway(**p)
    return "attached"


def egress_gateway(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    answer = of("ec2").create_egress_only_internet_gateway(**p)
    return answer["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]


def subnet(of: ClientOf, p: dict[str, Any], resource: Resource) -> str:
    ec2 = of("ec2")
    # The zone does not matter to a route; two subnets of a database need two zones.
    zone = "us-east-1b" if resource.id == "Second" else "us-east-1a"
    wanted = only(p, "VpcId", "CidrBlock")
    if "Ipv6CidrBlock" in resource.properties:
        vpc = ec2.describe_vpcs(VpcIds=[p["VpcId"]])["Vpcs"][0]
        whole = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
        wanted["Ipv6CidrBlock"] = whole.replace("/56", "/64")
    answer = ec2.create_subnet(AvailabilityZone=zone, **wanted)
    made = answer["Subnet"]["SubnetId"]
    for name in ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation"):
        if name in p:
            ec2.modify_subnet_attribute(SubnetId=made, **{name: {"Value": p[name]}})
    return made


def table(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    return of("ec2").create_route_table(VpcId=p["VpcId"])["RouteTable"]["RouteTableId"]


def route(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    of("ec2").create_route(**p)
    return "routed"


def table_link(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    return of("ec2").associate_route_table(**p)["AssociationId"]


def group(of: ClientOf, p: dict[str, Any], resource: Resource) -> str:
    ec2 = of("ec2")
    answer = ec2.create_security_group(
        GroupName=resource.id, Description=p["GroupDescription"], VpcId=p["VpcId"]
    )
    for entry in p.get("SecurityGroupIngress", ()):
        ec2.authorize_security_group_ingress(
            GroupId=answer["GroupId"], IpPermissions=[permission(entry)]
        )
    return answer["GroupId"]


def permission(entry: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"IpProtocol": f"{entry['IpProtocol']}"}
    if made["IpProtocol"] != "-1":
        made |= only(entry, "FromPort", "ToPort")
    if "CidrIp" in entry:
        made["IpRanges"] = [{"CidrIp": entry["CidrIp"]}]
    if "CidrIpv6" in entry:
        made["Ipv6Ranges"] = [{"CidrIpv6": entry["CidrIpv6"]}]
    if "SourceSecurityGroupId" in entry:
        made["UserIdGroupPairs"] = [{"GroupId": entry["SourceSecurityGroupId"]}]
    if "SourcePrefixListId" in entry:
        made["PrefixListIds"] = [{"PrefixListId": entry["SourcePrefixListId"]}]
    return made


def prefixes(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    answer = of("ec2").create_managed_prefix_list(**p)
    return answer["PrefixList"]["PrefixListId"]


def acl(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    return of("ec2").create_network_acl(VpcId=p["VpcId"])["NetworkAcl"]["NetworkAclId"]


def acl_entry(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    of("ec2").create_network_acl_entry(
        **{**p, "Protocol": f"{p['Protocol']}", "Egress": p.get("Egress", False)}
    )
    return "entered"


def acl_link(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    """A subnet always has a list: the new one takes the place of the old one."""
    ec2 = of("ec2")
    for listed in ec2.describe_network_acls()["NetworkAcls"]:
        for link in listed["Associations"]:
            if link["SubnetId"] == p["SubnetId"]:
                ec2.replace_network_acl_association(
                    AssociationId=link["NetworkAclAssociationId"], NetworkAclId=p["NetworkAclId"]
                )
                return "linked"
    raise CannotBeMade("AWS::EC2::SubnetNetworkAclAssociation")


def elastic_address(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    ec2 = of("ec2")
    made = ec2.allocate_address(Domain="vpc")["AllocationId"]
    if "InstanceId" in p:
        ec2.associate_address(AllocationId=made, InstanceId=p["InstanceId"])
    return made


def address_link(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    return of("ec2").associate_address(**p)["AssociationId"]


def nat(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    return of("ec2").create_nat_gateway(**p)["NatGateway"]["NatGatewayId"]


def peering(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    ec2 = of("ec2")
    made = ec2.create_vpc_peering_connection(**p)["VpcPeeringConnection"]
    id_: str = made["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=id_)
    return id_


def instance(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    wanted = only(p, "SubnetId", "SecurityGroupIds", "InstanceType", "PrivateIpAddress")
    if "NetworkInterfaces" in p:
        wanted["NetworkInterfaces"] = [
            {
                **only(part, "SubnetId", "AssociatePublicIpAddress"),
                "DeviceIndex": int(part["DeviceIndex"]),
                "Groups": part["GroupSet"],
            }
            for part in p["NetworkInterfaces"]
        ]
    answer = of("ec2").run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, **wanted)
    return answer["Instances"][0]["InstanceId"]


def balancer(of: ClientOf, p: dict[str, Any], resource: Resource) -> str:
    answer = of("elbv2").create_load_balancer(
        Name=resource.id, **only(p, "Type", "Scheme", "Subnets", "SecurityGroups")
    )
    return answer["LoadBalancers"][0]["LoadBalancerArn"]


def targets(of: ClientOf, p: dict[str, Any], resource: Resource) -> str:
    elb = of("elbv2")
    answer = elb.create_target_group(
        Name=resource.id, **only(p, "Protocol", "Port", "VpcId", "TargetType")
    )
    made = answer["TargetGroups"][0]["TargetGroupArn"]
    if "TargetGroupAttributes" in p:
        elb.modify_target_group_attributes(
            TargetGroupArn=made, Attributes=p["TargetGroupAttributes"]
        )
    elb.register_targets(TargetGroupArn=made, Targets=p["Targets"])
    return made


def listener(of: ClientOf, p: dict[str, Any], _: Resource) -> str:
    answer = of("elbv2").create_listener(**p)
    return answer["Listeners"][0]["ListenerArn"]


def subnet_group(of: ClientOf, p: dict[str, Any], resource: Resource) -> str:
    of("rds").create_db_subnet_group(
        DBSubnetGroupName=resource.id.lower(),
        DBSubnetGroupDescription="two zones",
        SubnetIds=p["SubnetIds"],
    )
    return resource.id.lower()


def database(of: ClientOf, p: dict[str, Any], resource: Resource) -> str:
    stated = only(p, "Engine", "DBInstanceClass", "MasterUsername", "PubliclyAccessible")
    of("rds").create_db_instance(
        DBInstanceIdentifier=resource.id.lower(),
        MasterUserPassword="not-shown",
        AllocatedStorage=20,
        DBSubnetGroupName=p["DBSubnetGroupName"],
        VpcSecurityGroupIds=p["VPCSecurityGroups"],
        **stated,
    )
    return resource.id.lower()


def launch_template(of: ClientOf, p: dict[str, Any], resource: Resource) -> str:
    data = {**p["LaunchTemplateData"], "ImageId": IMAGE}
    answer = of("ec2").create_launch_template(
        LaunchTemplateName=resource.id, LaunchTemplateData=data
    )
    return answer["LaunchTemplate"]["LaunchTemplateId"]


def scaling_group(of: ClientOf, p: dict[str, Any], resource: Resource) -> str:
    of("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=resource.id,
        MinSize=1,
        MaxSize=1,
        LaunchTemplate={"LaunchTemplateId": p["LaunchTemplate"]["LaunchTemplateId"]},
        VPCZoneIdentifier=",".join(p["VPCZoneIdentifier"]),
    )
    return resource.id


def cluster(of: ClientOf, _: dict[str, Any], resource: Resource) -> str:
    return of("ecs").create_cluster(clusterName=resource.id)["cluster"]["clusterArn"]


def role(of: ClientOf, p: dict[str, Any], resource: Resource) -> str:
    document = json.dumps(p["AssumeRolePolicyDocument"])
    answer = of("iam").create_role(RoleName=resource.id, AssumeRolePolicyDocument=document)
    return answer["Role"]["Arn"]


def task(of: ClientOf, p: dict[str, Any], resource: Resource) -> str:
    answer = of("ecs").register_task_definition(
        family=p["Family"],
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "web", "image": "web"}],
    )
    return answer["taskDefinition"]["taskDefinitionArn"]


def service(of: ClientOf, p: dict[str, Any], resource: Resource) -> str:
    stated = p["NetworkConfiguration"]["AwsvpcConfiguration"]
    network = {
        "subnets": stated["Subnets"],
        "securityGroups": stated["SecurityGroups"],
        "assignPublicIp": stated.get("AssignPublicIp", "DISABLED"),
    }
    answer = of("ecs").create_service(
        cluster=p["Cluster"],
        serviceName=resource.id,
        taskDefinition=p["TaskDefinition"],
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": network},
    )
    return answer["service"]["serviceArn"]


_MAKERS: dict[str, Callable[[ClientOf, dict[str, Any], Resource], str]] = {
    "AWS::EC2::VPC": vpc,
    "AWS::EC2::VPCCidrBlock": vpc_block,
    "AWS::EC2::InternetGateway": gateway,
    "AWS::EC2::VPCGatewayAttachment": attachment,
    "AWS::EC2::EgressOnlyInternetGateway": egress_gateway,
    "AWS::EC2::Subnet": subnet,
    "AWS::EC2::RouteTable": table,
    "AWS::EC2::Route": route,
    "AWS::EC2::SubnetRouteTableAssociation": table_link,
    "AWS::EC2::SecurityGroup": group,
    "AWS::EC2::PrefixList": prefixes,
    "AWS::EC2::NetworkAcl": acl,
    "AWS::EC2::NetworkAclEntry": acl_entry,
    "AWS::EC2::SubnetNetworkAclAssociation": acl_link,
    "AWS::EC2::EIP": elastic_address,
    "AWS::EC2::EIPAssociation": address_link,
    "AWS::EC2::NatGateway": nat,
    "AWS::EC2::VPCPeeringConnection": peering,
    "AWS::EC2::Instance": instance,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": balancer,
    "AWS::ElasticLoadBalancingV2::TargetGroup": targets,
    "AWS::ElasticLoadBalancingV2::Listener": listener,
    "AWS::RDS::DBSubnetGroup": subnet_group,
    "AWS::RDS::DBInstance": database,
    "AWS::EC2::LaunchTemplate": launch_template,
    "AWS::AutoScaling::AutoScalingGroup": scaling_group,
    "AWS::ECS::Cluster": cluster,
    "AWS::ECS::TaskDefinition": task,
    "AWS::ECS::Service": service,
    "AWS::IAM::Role": role,
}
