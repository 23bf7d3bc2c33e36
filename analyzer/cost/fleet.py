"""The EC2 instances that a resource runs: where their properties stand, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analyzer.cost.registry import Context, joined, number, truth
from analyzer.cost.usage import Amount
from analyzer.model import Resource
from analyzer.unknown import ABSENT, Absent, Undecided

GROUP = "AWS::AutoScaling::AutoScalingGroup"
INSTANCE = "AWS::EC2::Instance"
_AMI_ROOT_GIB = Decimal(8)


@dataclass(frozen=True, slots=True)
class Disk:
    """An EBS volume: `kind` is the volume type; IOPS and MiB/s are None where not set."""

    kind: str
    gib: Decimal
    iops: Decimal | None
    mib_per_second: Decimal | None
    assumption: str = ""


def launch_property(owner: Resource, name: str) -> Any:
    """A property of the instances, from wherever it is set; `ABSENT` where it is set nowhere."""
    for place in _launch_places(owner):
        value = getattr(place, name)
        if not isinstance(value, Absent):
            return value
    return ABSENT


def _launch_places(owner: Resource) -> Iterator[Any]:
    """Where the properties of the instances may stand, the strongest first."""
    if owner.type == INSTANCE:
        yield owner
        if owner.LaunchTemplate:
            yield _template_data(owner.LaunchTemplate)
        return
    if owner.LaunchConfigurationName:
        yield owner.follow("LaunchConfigurationName")
        return
    mixed = owner.MixedInstancesPolicy.LaunchTemplate
    yield from mixed.Overrides
    yield _template_data(mixed.LaunchTemplateSpecification or owner.LaunchTemplate)


def _template_data(specification: Any) -> Any:
    template = specification.follow("LaunchTemplateId")
    if isinstance(template, Absent):
        raise Undecided(
            f"launch template {specification.LaunchTemplateName}", "is not declared here"
        )
    return template.LaunchTemplateData


def running(owner: Resource, context: Context) -> Amount:
    """How many instances run while the group is on.

    In an account the instances of a group are priced by themselves, and stopped ones do not run.
    """
    if owner.type == INSTANCE:
        stopped = owner.live is not None and owner.Live.State == "stopped"
        return Amount(Decimal(0), "is stopped") if stopped else Amount(Decimal(1), "")
    if owner.live is not None:
        return Amount(Decimal(0), "its instances are priced by themselves")
    desired = owner.DesiredCapacity
    if context.usage.declared("instances") is not None:
        return context.usage.amount("instances")
    if isinstance(desired, Absent):
        return Amount(number(owner.MinSize), "instances not declared: MinSize assumed")
    return Amount(number(desired), "instances not declared: DesiredCapacity assumed")


def disks(owner: Resource) -> list[Disk]:
    """The volumes of each instance; in an account they are priced by themselves."""
    if owner.live is not None:
        return []
    mappings = launch_property(owner, "BlockDeviceMappings")
    found = [_disk(mapping.Ebs) for mapping in mappings if mapping.Ebs]
    if not found:
        text = f"no block device declared: the image's root volume assumed, {_AMI_ROOT_GIB} GiB gp3"
        return [Disk("gp3", _AMI_ROOT_GIB, None, None, text)]
    return found


def _disk(ebs: Any) -> Disk:
    absent = isinstance(ebs.VolumeSize, Absent)
    return Disk(
        kind=ebs.VolumeType or "gp2",
        gib=number(ebs.VolumeSize, int(_AMI_ROOT_GIB)),
        iops=optional(ebs.Iops),
        mib_per_second=optional(ebs.Throughput),
        assumption=f"VolumeSize not set: {_AMI_ROOT_GIB} GiB assumed" if absent else "",
    )


def optional(value: Any) -> Decimal | None:
    """A number, or None where the property is not set."""
    return None if isinstance(value, Absent) else number(value)


def on_demand_part(owner: Resource, count: Decimal) -> Decimal:
    """How many of the instances are not Spot."""
    if launch_property(owner, "InstanceMarketOptions").MarketType == "spot":
        return Decimal(0)
    if launch_property(owner, "SpotPrice"):
        return Decimal(0)
    distribution = owner.MixedInstancesPolicy.InstancesDistribution
    base = min(number(distribution.OnDemandBaseCapacity, 0), count)
    percentage = number(distribution.OnDemandPercentageAboveBaseCapacity, 100)
    return base + (count - base) * percentage / 100


def public_address(owner: Resource) -> Amount:
    """How many public IPv4 addresses each instance gets of its own (0 or 1)."""
    for interface in launch_property(owner, "NetworkInterfaces"):
        if not isinstance(interface.AssociatePublicIpAddress, Absent):
            return Amount(Decimal(truth(interface.AssociatePublicIpAddress)), "")
    direct = launch_property(owner, "AssociatePublicIpAddress")
    if not isinstance(direct, Absent):
        return Amount(Decimal(truth(direct)), "")
    subnets = _subnets(owner)
    if not subnets:
        return Amount(Decimal(1), "no subnet declared: the default VPC's gives a public address")
    public = [truth(subnet.MapPublicIpOnLaunch) for subnet in subnets]
    return Amount(Decimal(any(public)), "")


def _subnets(owner: Resource) -> list[Resource]:
    if owner.type == GROUP:
        return owner.follow_all("VPCZoneIdentifier")
    subnet = owner.follow("SubnetId")
    if isinstance(subnet, Absent):
        interfaces = launch_property(owner, "NetworkInterfaces")
        return [interface.follow("SubnetId") for interface in interfaces if interface.SubnetId]
    return [subnet]


def instance_months(owner: Resource, context: Context) -> Amount:
    """Instances x the part of the month that their volumes exist.

    A stopped instance keeps its volumes; a group that is scaled to nothing has none.
    """
    count = running(owner, context)
    if owner.type == INSTANCE:
        return count
    hours = context.hours(owner)
    text = f"volumes exist as long as their instances ({hours.assumption})"
    share = hours.value / 730
    return Amount(count.value * share, joined(count.assumption, text if share < 1 else ""))
