"""What is told beside an answer: stepping stones, and ways in that ask who one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analyzer.model import Inventory, Resource
from analyzer.network.balanced import speaks_http
from analyzer.network.between import private_paths
from analyzer.network.direct import Ask
from analyzer.network.flow import Flow
from analyzer.network.group_sets import Group, referred
from analyzer.network.interface_table import interfaces
from analyzer.network.interfaces import Interface
from analyzer.network.links import attached, pointing
from analyzer.network.paths import Hop, hop, name_of
from analyzer.network.registrations import forwardings, registrations
from analyzer.network.ways_in import carriers, paths_to, standing_of
from analyzer.unknown import Undecided, absent

_BALANCERS = (
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::EC2::InstanceConnectEndpoint",
    "AWS::EC2::VPCEndpoint",
)
_SERVICE = "AWS::EC2::VPCEndpointService"
_PERMISSIONS = "AWS::EC2::VPCEndpointServicePermissions"
_MANAGED = (
    "/AmazonSSMManagedInstanceCore",
    "/AmazonSSMManagedEC2InstanceDefaultPolicy",
    "/AmazonEC2RoleforSSM",
)


def stepping_stones(target: Resource, ask: Ask) -> tuple[str, ...]:
    """Members of groups that the target lets in, which can be reached themselves."""
    found: dict[str, None] = {}
    for interface in _attempted_standing(target):
        for member in _members(target.inventory, interface, ask):
            if member is not target and _is_reached(member, ask):
                found[name_of(member)] = None
    return tuple(found)


def _attempted_standing(target: Resource) -> list[Interface]:
    try:
        return standing_of(target)
    except Undecided:
        return []


def _members(inventory: Inventory, interface: Interface, ask: Ask) -> Iterator[Resource]:
    seen: set[str] = set()
    try:
        keys = list(referred(interface.groups or (), ask.flow))
    except Undecided:
        return
    for key in keys:
        for carrier in carriers(inventory, Group(key, "")):
            owner = carrier.owner
            if owner.type not in _BALANCERS and owner.key not in seen:
                seen.add(owner.key)
                yield owner


def _is_reached(member: Resource, ask: Ask) -> bool:
    """Whether a thing is reached on any port that its own groups open."""
    for flow in dict.fromkeys([ask.flow, *_opened(member)]):
        question = Ask(flow, ask.clients, ask.named, ask.limit)
        paths = list(paths_to(member, question))
        if any(question.enough(path.admitted.least) for path in paths):
            return True
    return False


def _opened(member: Resource) -> Iterator[Flow]:
    """A port of each entry of a thing's groups."""
    for interface in _attempted_standing(member):
        for group in interface.groups or ():
            for entry in group.ingress:
                port = entry.FromPort
                if isinstance(port, int) and port >= 0:
                    yield Flow("17" if entry.IpProtocol in ("udp", "17") else "6", port, port)


def identity_ways(target: Resource, ask: Ask) -> tuple[Hop, ...]:
    """Ways in that let only those in who may use them, whatever the network says."""
    found: dict[Hop, None] = {}
    standing = _attempted_standing(target)
    ways: tuple[Callable[[], Iterator[Hop]], ...] = (
        lambda: _tunnels(target, standing, ask),
        lambda: _sessions(target),
        lambda: _private_links(target, standing, ask),
        lambda: _signed_in(target, standing, ask),
    )
    for way in ways:
        try:
            found.update(dict.fromkeys(way()))
        except Undecided:
            continue
    return tuple(found)


def _tunnels(target: Resource, standing: list[Interface], ask: Ask) -> Iterator[Hop]:
    """Instance Connect endpoints and client VPNs from which the target is reached."""
    for type_, kind, action in (
        (
            "AWS::EC2::InstanceConnectEndpoint",
            "instance connect endpoint",
            "who may ec2-instance-connect:OpenTunnel",
        ),
        ("AWS::EC2::ClientVpnEndpoint", "client vpn", "who may sign in to the VPN"),
    ):
        for endpoint in target.inventory.declared(type_):
            if endpoint.exists() and _leads(interfaces(endpoint), standing, ask):
                yield hop(kind, endpoint, action)


def _leads(sources: list[Interface], standing: list[Interface], ask: Ask) -> bool:
    return any(
        path.admitted
        for source in sources
        for interface in standing
        for path in private_paths(source, interface, ask.flow)
    )


def _sessions(target: Resource) -> Iterator[Hop]:
    """Session Manager, for servers whose role has a managed policy for its agent."""
    if target.type != "AWS::EC2::Instance" or absent(target.IamInstanceProfile):
        return
    profile = target.follow("IamInstanceProfile")
    for role in profile.follow_all("Roles"):
        for policy in role.ManagedPolicyArns:
            if any(policy.endswith(name) for name in _MANAGED):
                yield hop("session manager", role, "who may ssm:StartSession")
                return


def _private_links(target: Resource, standing: list[Interface], ask: Ask) -> Iterator[Hop]:
    """Endpoint services that offer the target's load balancer to other accounts.

    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html
    """
    for registered in registrations(target, standing, ask.flow.first):
        for forwarding in forwardings(registered.targets):
            balancer = forwarding.listener.follow("LoadBalancerArn")
            for service in pointing(balancer, _SERVICE, "NetworkLoadBalancerArns"):
                yield hop("endpoint service", service, _offered_to(service))


def _offered_to(service: Resource) -> str:
    allowed = [
        f"{principal}"
        for permissions in attached(service, _PERMISSIONS, "ServiceId")
        for principal in permissions.AllowedPrincipals
    ]
    asked = "" if absent(service.AcceptanceRequired) or service.AcceptanceRequired else "out"
    everyone = "every AWS account" if "*" in allowed else ", ".join(allowed)
    return f"offered to {everyone or 'its own account'} with{asked} acceptance"


def _signed_in(target: Resource, standing: list[Interface], ask: Ask) -> Iterator[Hop]:
    """Listeners that ask a browser to sign in before they forward."""
    if not speaks_http(ask):
        return
    for registered in registrations(target, standing, ask.flow.first):
        for forwarding in forwardings(registered.targets):
            if forwarding.signs_in:
                yield hop("listener", forwarding.listener, "who may sign in")
