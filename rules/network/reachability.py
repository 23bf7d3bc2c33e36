"""What the internet reaches, every layer taken together; and what does not reach what it needs."""

from __future__ import annotations

from analyzer.network import (
    Flow,
    admitted,
    decided,
    from_internet,
    ingress_entries,
    internet_source,
    opened_flows,
    service_reached,
    subnet_of,
    ways_from_internet,
)
from analyzer.policy import Fail, Fix, Resource, Skip, absent, rule
from analyzer.policy.fixes import place, with_endpoints

HOSTS = (
    "AWS::EC2::Instance",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::ECS::Service",
    "AWS::EKS::Nodegroup",
    "AWS::Batch::ComputeEnvironment",
)
STORES = (
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBCluster",
    "AWS::DocDB::DBCluster",
    "AWS::Neptune::DBCluster",
    "AWS::Redshift::Cluster",
    "AWS::RedshiftServerless::Workgroup",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::ServerlessCache",
    "AWS::MemoryDB::Cluster",
    "AWS::EFS::FileSystem",
    "AWS::FSx::FileSystem",
    "AWS::OpenSearchService::Domain",
    "AWS::MSK::Cluster",
    "AWS::AmazonMQ::Broker",
    "AWS::DMS::ReplicationInstance",
)
_MANAGED = ("/AmazonSSMManagedInstanceCore", "/AmazonEC2RoleforSSM")


def _reached(target: Resource, ports: tuple[int, ...]) -> Fail | None:
    """The failure where the internet reaches any of the ports, with the path to the first."""
    ways = ways_from_internet(target, ports)
    for path in list(ways.values())[:1]:
        names = " > ".join(hop.name for hop in path.hops)
        named = f"port{'s' if len(ways) > 1 else ''} {', '.join(map(str, ways))}"
        return Fail(f"is reached by the internet on TCP {named}: {names}")
    return None


@rule("NET-REACH-01", severity="critical", on=HOSTS)
def administration_is_not_reached_from_the_internet(
    host: Resource, *, admin_ports: tuple[int, ...] = (22, 3389)
) -> Fail | None:
    """SSH and remote desktop are not reached from the internet.

    Here nothing is left between everybody and the log-in: an address, a route, a group and an
    access list all let them pass, or a load balancer carries the port, whatever its listener is
    called.

    Fix: cut any hop of the path that the message names; use Session Manager or an EC2 Instance
        Connect Endpoint instead.
    Source: Amazon VPC User Guide, "Infrastructure security in Amazon VPC".
    """
    return _reached(host, admin_ports)


@rule("NET-REACH-02", severity="critical", on=(*HOSTS, *STORES))
def data_is_not_reached_from_the_internet(
    store: Resource,
    *,
    data_ports: tuple[int, ...] = (
        *(1433, 1521, 2049, 3306, 5432, 5439, 6379, 9042, 9092, 9200, 11211, 27017),
    ),
) -> Fail | None:
    """Databases, caches and shared files are not reached from the internet.

    Data stores are for applications; many of them ask for one password, some for none.

    Fix: take away the public address, and name the application's security group as the source.
    Source: Amazon RDS User Guide, "Controlling access with security groups".
    """
    return _reached(store, data_ports)


@rule("NET-REACH-03", severity="critical", on=HOSTS)
def control_ports_are_not_reached_from_the_internet(
    host: Resource,
    *,
    control_ports: tuple[int, ...] = (2375, 2376, 5985, 5986, 6443, 8080, 10250, 15672),
) -> Fail | None:
    """Control ports are not reached from the internet.

    Who speaks to Docker, Kubernetes, Windows Remote Management or a management console runs what he
    likes; a load balancer in front of a console is a way in as well.

    Fix: cut any hop of the path that the message names, or change the setting `control_ports` where
        one of them is an application's.
    Source: AWS Well-Architected Framework, SEC05-BP02 "Control traffic flow within your network
        layers".
    """
    return _reached(host, control_ports)


@rule("NET-REACH-04", severity="medium", on="AWS::EC2::SecurityGroup")
def open_group_does_not_wait_for_a_way_in(
    group: Resource,
    *,
    sensitive_ports: tuple[int, ...] = (22, 3389, 1433, 1521, 3306, 5432, 6379, 9200, 11211, 27017),
) -> Fail | None:
    """No group is open and spared by another layer alone.

    A group that lets the internet in on a sensitive port is one route, one address or one
    attachment away from being the way in. What it opens to nobody's use is best closed.

    Fix: remove the entry, or name the network that needs the port as the source.
    Source: Amazon VPC User Guide, "Security group rules".
    """
    cells = opened_flows(group, "6")
    for port in sensitive_ports:
        if not any(cell.first <= port <= cell.last for cell in cells):
            continue
        found = decided(from_internet(group, Flow("6", port, port)))
        if found.is_exposed:
            return Fail(
                f"lets the internet in on TCP port {port}, and only this is in the way:"
                f" {found.blocked_by}",
                at="SecurityGroupIngress",
                fix=lambda: _closed(group, sensitive_ports),
            )


def _closed(group: Resource, ports: tuple[int, ...]) -> Fix:
    """The group without the entries that let the internet in on any of the ports."""
    return Fix(
        remove=tuple(
            place(entry.at())
            for entry in ingress_entries(group)
            if admitted(entry, ports) and internet_source(entry)
        )
    )


@rule("NET-REACH-05", severity="medium", on=("AWS::EC2::Instance", "AWS::EKS::Nodegroup"))
def workload_reaches_what_it_needs(workload: Resource) -> Fail | Skip | None:
    """Workload reaches the services that it needs.

    A server that Systems Manager is to administer must reach its endpoints, and a node the registry
    that its images come from. In a private subnet without a NAT gateway or endpoints it does not.

    Fix: add a NAT gateway, or the interface endpoints that the message names, whose security group
        admits the workload on 443.
    Source: AWS Systems Manager User Guide, "Improve the security of EC2 instances by using VPC
        endpoints for Systems Manager".
    """
    needed = _needed(workload)
    if not needed:
        return Skip("needs no service that is known here")
    missing = [name for name in needed if not service_reached(workload, name)]
    if missing:
        return Fail(
            f"does not reach {', '.join(missing)}", fix=lambda: _reaching(workload, missing)
        )


def _reaching(workload: Resource, missing: list[str]) -> Fix:
    """Endpoints of the services in the workload's network."""
    named = workload.type == "AWS::EKS::Nodegroup"
    subnet = workload.follow_all("Subnets")[0] if named else subnet_of(workload)
    return with_endpoints(subnet.follow("VpcId"), missing)


def _needed(workload: Resource) -> tuple[str, ...]:
    """The services that a workload does nothing without."""
    if workload.type == "AWS::EKS::Nodegroup":
        return ("ecr.api", "ecr.dkr", "s3", "ec2", "sts")
    if absent(workload.IamInstanceProfile):
        return ()
    roles = workload.follow("IamInstanceProfile").follow_all("Roles")
    policies = [policy for role in roles for policy in role.ManagedPolicyArns]
    if any(policy.endswith(name) for policy in policies for name in _MANAGED):
        return ("ssm", "ssmmessages")
    return ()
