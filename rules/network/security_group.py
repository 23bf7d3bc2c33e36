"""What security groups let in from the internet."""

from __future__ import annotations

from collections.abc import Callable

from analyzer.network import (
    admits,
    admitted,
    ingress_entries,
    internet_source,
    matching,
    opens_beyond,
    opens_every_port,
    public_source,
    shown_ports,
)
from analyzer.policy import Fail, Fix, Props, Resource, Skip, rule
from analyzer.policy.fixes import place

GROUPS = ("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress")


def _open(entry: Props, source: str, ports: str) -> Fail:
    return Fail(
        f"lets {entry[source]} in on {ports}",
        at=entry.at(source),
        fix=Fix(remove=(place(entry.at()),)),
    )


def _open_on(group: Resource, port: int) -> list[Fail]:
    return [
        _open(entry, source, shown_ports(entry))
        for entry in ingress_entries(group)
        if admits(entry, port) and (source := internet_source(entry))
    ]


def _open_where(group: Resource, opened: Callable[[Props], str]) -> list[Fail] | Skip:
    """The failures of the entries that open some ports, not all: those are said once."""
    fails, all_ports = [], False
    for entry in ingress_entries(group):
        ports = opened(entry)
        source = ports and internet_source(entry)
        if source and opens_every_port(entry):
            all_ports = True
        elif source:
            fails.append(_open(entry, source, ports))
    if all_ports and not fails:
        return Skip("an entry opens every port to the internet: NET-SG-03 fails on it")
    return fails


def _of(entry: Props, ports: tuple[int, ...], what: str) -> str:
    named = ", ".join(f"{port}" for port in admitted(entry, ports))
    return f"{shown_ports(entry)} ({what}: {named})" if named else ""


@rule("NET-SG-01", severity="high", on=GROUPS)
def ssh_is_closed(group: Resource) -> list[Fail]:
    """No SSH from the whole internet.

    An SSH port that everyone reaches is tried around the clock; one weak key or one flaw of the
    server is enough. Port ranges, all protocols and large blocks count as well as 0.0.0.0/0.

    Fix: remove the entry and use Session Manager or an EC2 Instance Connect Endpoint, or name the
        administrators' network as the source.
    Source: Amazon EC2 User Guide, "Security group rules for different use cases".
    """
    return _open_on(group, 22)


@rule("NET-SG-02", severity="high", on=GROUPS)
def remote_desktop_is_closed(group: Resource) -> list[Fail]:
    """No remote desktop from the whole internet.

    Remote desktop that everyone reaches is a usual way in for ransomware. Port ranges, all
    protocols and large blocks count as well as 0.0.0.0/0.

    Fix: remove the entry and use Fleet Manager, or name the administrators' network as the source.
    Source: Amazon EC2 User Guide, "Security group rules for different use cases".
    """
    return _open_on(group, 3389)


@rule("NET-SG-03", severity="critical", on=GROUPS)
def not_every_port_is_open(group: Resource) -> list[Fail]:
    """No rule opens every port to the internet.

    What opens every port opens also those that nobody thought of: agents, debuggers, metrics.

    Fix: name the protocol and the port that the internet is meant to reach.
    Source: Amazon VPC User Guide, "Security group rules".
    """
    return [
        _open(entry, source, shown_ports(entry))
        for entry in ingress_entries(group)
        if opens_every_port(entry) and (source := internet_source(entry))
    ]


@rule("NET-SG-04", severity="high", on=GROUPS)
def only_public_ports_are_open(
    group: Resource, *, public_ports: tuple[int, ...] = (80, 443)
) -> list[Fail] | Skip:
    """Only agreed ports are open to the internet.

    The ports that the internet reaches are a decision; every other open one is an accident. ICMP
    has no ports and is not judged.

    Fix: narrow the source of the entry, or add the port to the setting `public_ports`.
    Source: AWS Security Hub User Guide, "Security Hub controls for Amazon EC2", EC2.18.
    """
    agreed = ", ".join(f"{port}" for port in public_ports) or "none"

    def opened(entry: Props) -> str:
        beyond = opens_beyond(entry, public_ports)
        return f"{shown_ports(entry)}; agreed are {agreed}" if beyond else ""

    return _open_where(group, opened)


@rule("NET-SG-05", severity="critical", on=GROUPS)
def high_risk_ports_are_closed(
    group: Resource,
    *,
    high_risk_ports: tuple[int, ...] = (
        *(20, 21, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000),
        *(3306, 3389, 4333, 5000, 5432, 5500, 5601, 8080, 8088, 9200, 9300),
    ),
) -> list[Fail] | Skip:
    """High-risk ports are closed to the internet.

    File sharing, mail, databases, dashboards and development servers are attacked first, and many
    of them ask for no password of their own.

    Fix: name the security group or the network that needs the port as the source.
    Source: AWS Security Hub User Guide, "Security Hub controls for Amazon EC2", EC2.19.
    """
    return _open_where(group, lambda entry: _of(entry, high_risk_ports, "high-risk"))


@rule("NET-SG-06", severity="high", on=GROUPS)
def data_store_ports_are_closed(
    group: Resource,
    *,
    data_store_ports: tuple[int, ...] = (1433, 1521, 3306, 5432, 6379, 11211, 27017),
) -> list[Fail] | Skip:
    """Data store ports are closed to the internet.

    Databases and caches are for applications; none of them is built to face the internet.

    Fix: name the application's security group as the source.
    Source: Amazon RDS User Guide, "Controlling access with security groups".
    """
    return _open_where(group, lambda entry: _of(entry, data_store_ports, "data stores"))


@rule("NET-SG-13", severity="high", on=("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"))
def database_admits_its_own_network(db: Resource) -> list[Fail] | Skip:
    """Database tier accepts only the application tier.

    A public address in a database's security group is a way past the application, whatever port
    it opens and however small the block is.

    Fix: name the application's security group as the source instead of the public block.
    Source: Amazon RDS User Guide, "Controlling access with security groups".
    """
    if db.DBClusterIdentifier and db.type == "AWS::RDS::DBInstance":
        return Skip("its cluster names the security groups")
    name = "VpcSecurityGroupIds" if db.type == "AWS::RDS::DBCluster" else "VPCSecurityGroups"
    return [
        Fail(
            f"accepts {entry[source]} through its group {group.id}",
            at=name,
            fix=Fix(elsewhere={group.key: {place(entry.at()): None}}),
        )
        for group in matching(db, name, _admits_public_addresses)
        for entry in ingress_entries(group)
        if (source := public_source(entry))
    ]


def _admits_public_addresses(group: Resource) -> bool:
    return any(public_source(entry) for entry in ingress_entries(group))


@rule("NET-SG-10", severity="high", on="AWS::EC2::SecurityGroup", where="accounts")
def default_group_lets_nothing_through(group: Resource) -> Fail | Skip | None:
    """Default security group lets nothing through.

    Whatever is made without naming a group stands in the default one of its network.

    Fix: remove all rules of the default group; give every resource a group of its own.
    Source: Amazon VPC User Guide, "Default security groups for your VPCs".
    """
    if not group.Live.Default:
        return Skip("is not its network's default group")
    if group.SecurityGroupIngress or group.SecurityGroupEgress:
        return Fail("is its network's default group, and has rules")
