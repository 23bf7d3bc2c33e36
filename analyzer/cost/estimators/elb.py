"""Elastic Load Balancing: hours, and capacity units by the dimension that is used most."""

from __future__ import annotations

from decimal import Decimal

from analyzer.cost.registry import Charge, Context, estimator
from analyzer.cost.schedule import HOURS
from analyzer.model import Resource

_TYPE = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"
_SHORT = {"application": "alb", "network": "nlb", "gateway": "gwlb"}

# What one capacity unit holds, by dimension (Elastic Load Balancing pricing page; NLB: TCP).
_UNIT = {
    "alb": {"new connections/s": 25, "active connections": 3000, "rule evaluations/s": 1000},
    "nlb": {"new connections/s": 800, "active connections": 100_000},
    "gwlb": {"new connections/s": 600, "active connections": 60_000},
}
_USAGE = {
    "new connections/s": "new_connections_per_second",
    "active connections": "active_connections",
    "rule evaluations/s": "rule_evaluations_per_second",
}


def _kind(balancer: Resource) -> str:
    return _SHORT[balancer.Type or "application"]


@estimator(_TYPE, name="ELB/load-balancer-hours")
def balancer_hours(balancer: Resource, context: Context) -> Charge:
    """Every hour that the load balancer exists."""
    kind = _kind(balancer)
    return Charge(f"elb.{kind}.hour", HOURS)


@estimator(_TYPE, name="ELB/capacity-units")
def capacity_units(balancer: Resource, context: Context) -> Charge:
    """Hours x the largest of the dimensions, as averages: peaks within the hour cost more."""
    kind = _kind(balancer)
    dimensions = {
        name: (context.usage.declared(_USAGE[name]) or Decimal(0)) / unit
        for name, unit in _UNIT[kind].items()
    }
    gib = context.usage.declared("processed_gib")
    dimensions["GiB/h"] = (gib or Decimal(0)) / HOURS
    largest = max(dimensions, key=lambda name: dimensions[name])
    units = dimensions[largest]
    if units:
        shown = ", ".join(f"{name} {value:.3f}" for name, value in dimensions.items())
        why = f"capacity units by dimension: {shown}; the largest, {largest}, x {HOURS} hours"
    else:
        why = "traffic not declared: 0 assumed"
    return Charge(f"elb.{kind}.lcu", units * HOURS, why)


@estimator(_CLASSIC, name="ELB/load-balancer-hours")
def classic_hours(balancer: Resource, context: Context) -> Charge:
    """Every hour that the load balancer exists."""
    return Charge("elb.clb.hour", HOURS)


@estimator(_CLASSIC, name="ELB/capacity-units")
def classic_data(balancer: Resource, context: Context) -> Charge:
    """Classic load balancers bill GiB."""
    return context.charged("elb.clb.gb", "processed_gib")
