"""AWS Fargate: the vCPUs, memory and disk of ECS tasks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from analyzer.cost.registry import Charge, Component, Context, Free, estimator, joined, number
from analyzer.cost.schedule import HOURS
from analyzer.cost.usage import Amount
from analyzer.model import Resource
from analyzer.unknown import Undecided

_SERVICE = "AWS::ECS::Service"
_INCLUDED_DISK_GIB = Decimal(20)


def running_tasks(service: Resource, context: Context) -> Amount:
    """How many tasks run on average."""
    if context.usage.declared("tasks") is not None:
        return context.usage.amount("tasks")
    return Amount(number(service.DesiredCount, 1), "tasks not declared: DesiredCount assumed")


def _is_fargate(service: Resource) -> bool:
    if service.LaunchType:
        return bool(service.LaunchType == "FARGATE")
    providers = [item.CapacityProvider for item in service.CapacityProviderStrategy]
    if providers:
        return any(str(provider).startswith("FARGATE") for provider in providers)
    return "FARGATE" in service.follow("TaskDefinition").RequiresCompatibilities


def _share(service: Resource, context: Context) -> tuple[Decimal, str]:
    """The part of the list price that is paid: less on FARGATE_SPOT."""
    providers = [item.CapacityProvider for item in service.CapacityProviderStrategy]
    if "FARGATE_SPOT" not in providers:
        return Decimal(1), ""
    discount = context.usage.spot_discount
    if discount is None or len(providers) > 1:
        raise Undecided("the price of FARGATE_SPOT", "moves: declare `spot: {discount: ...}`")
    return 1 - discount[
        0
    ], f"FARGATE_SPOT at a declared discount of {(discount[0] * 100).normalize():f} %"


def _size(value: Any, unit: str, scale: int) -> Decimal:
    """Read vCPUs or GiB from `256`, `.25 vCPU` or `2 GB`; `scale` of the bare number is one."""
    text = str(value).lower().strip()
    if text.endswith(unit):
        return number(text.removesuffix(unit).strip())
    return number(text) / scale


def _hours(
    service: Resource, context: Context, what: str, each: Decimal, unit: str
) -> Iterator[Component]:
    tasks, (share, spot) = running_tasks(service, context), _share(service, context)
    task = service.follow("TaskDefinition")
    architecture = "arm" if task.RuntimePlatform.CpuArchitecture == "ARM64" else "x86"
    why = joined(tasks.assumption, f"{tasks.value:f} tasks x {each:f} {unit} x {HOURS} hours", spot)
    quantity = tasks.value * each * HOURS
    yield Charge(f"fargate.{what}.{architecture}", quantity, why, share=share)


@estimator(_SERVICE, name="Fargate/vcpu-hours")
def vcpu_hours(service: Resource, context: Context) -> Iterator[Component]:
    """Tasks x vCPUs x hours."""
    if not _is_fargate(service):
        yield Free("its tasks run on instances that are priced themselves")
        return
    each = _size(service.follow("TaskDefinition").Cpu, "vcpu", 1024)
    yield from _hours(service, context, "vcpu", each, "vCPU")


@estimator(_SERVICE, name="Fargate/memory-hours")
def memory_hours(service: Resource, context: Context) -> Iterator[Component]:
    """Tasks x GiB x hours."""
    if _is_fargate(service):
        each = _size(service.follow("TaskDefinition").Memory, "gb", 1024)
        yield from _hours(service, context, "memory", each, "GiB")


@estimator(_SERVICE, name="Fargate/ephemeral-storage")
def ephemeral_storage(service: Resource, context: Context) -> Charge | None:
    """Disk of the tasks above the 20 GiB that are included."""
    if not _is_fargate(service):
        return None
    disk = number(service.follow("TaskDefinition").EphemeralStorage.SizeInGiB, 20)
    billed = disk - _INCLUDED_DISK_GIB
    if billed <= 0:
        return None
    tasks = running_tasks(service, context)
    why = joined(tasks.assumption, f"{disk} GiB, {_INCLUDED_DISK_GIB} included")
    quantity = tasks.value * billed * HOURS
    return Charge("fargate.ephemeral", quantity, why)
