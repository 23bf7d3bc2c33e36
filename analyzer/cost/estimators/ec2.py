"""Amazon EC2: instances, alone and in Auto Scaling groups, and what burstable ones owe."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from analyzer.cost.fleet import GROUP, INSTANCE, launch_property, on_demand_part, running
from analyzer.cost.registry import Charge, Component, Context, NotPriced, estimator, joined
from analyzer.model import Resource
from analyzer.unknown import Absent, Undecided

_LINUX = "ec2.ondemand.linux.shared"


@estimator(INSTANCE, GROUP, name="EC2/instance-hours")
def instance_hours(owner: Resource, context: Context) -> Iterator[Component]:
    """Instances x hours, on demand, Linux; Spot at the declared discount."""
    tenancy = launch_property(owner, "Tenancy") or launch_property(owner, "Placement").Tenancy
    if tenancy and tenancy != "default":
        yield NotPriced(f"{tenancy} tenancy is not in the price book")
        return
    type_ = launch_property(owner, "InstanceType")
    if isinstance(type_, Absent):
        raise Undecided("the instance type", "is not set")
    count, hours = running(owner, context), context.hours(owner)
    on_demand = on_demand_part(owner, count.value)
    why = joined(count.assumption, hours.assumption, "Linux assumed")
    discount = context.usage.spot_discount
    if on_demand or not count.value:
        unused = "declared Spot discount not applied: not a Spot instance" if discount else ""
        yield Charge(_LINUX, on_demand * hours.value, joined(why, unused), instance_type=type_)
    spot = count.value - on_demand
    if spot and discount is None:
        raise Undecided("the Spot price", "moves: declare `spot: {discount: ..., source: ...}`")
    if spot and discount is not None:
        share, source = 1 - discount[0], discount[1] or "no source given"
        declared = (
            f"Spot at a declared discount of {(discount[0] * 100).normalize():f} % ({source})"
        )
        why = joined(why, declared)
        yield Charge(_LINUX, spot * hours.value, why, instance_type=type_, share=share)


@estimator(INSTANCE, GROUP, name="EC2/cpu-credits")
def cpu_credits(owner: Resource, context: Context) -> Charge | None:
    """What burstable instances use above their baseline in unlimited mode, where it is declared."""
    if context.usage.declared("surplus_vcpu_hours") is None:
        return None
    family = launch_property(owner, "InstanceType").partition(".")[0]
    key = "ec2.cpu-credits.linux"
    return context.charged_if_declared(key, "surplus_vcpu_hours", variant=family)


@estimator("AWS::EC2::SpotFleet", "AWS::EC2::EC2Fleet", name="EC2/instance-hours")
def fleet_hours(fleet: Resource, context: Context) -> Component:
    """Fleets choose their instances themselves."""
    return NotPriced("a fleet chooses its instance types when it runs")


def detailed_monitoring_metrics(owner: Resource, count: Decimal) -> Decimal:
    """How many CloudWatch metrics detailed monitoring makes: 7 for each instance."""
    monitoring = launch_property(owner, "Monitoring")
    on = monitoring is True or getattr(monitoring, "Enabled", False)
    return count * 7 if on else Decimal(0)
