"""Amazon EBS: volumes of their own and those of instances."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from analyzer.cost.fleet import GROUP, INSTANCE, Disk, disks, instance_months, optional
from analyzer.cost.registry import Charge, Context, estimator, joined, number
from analyzer.cost.usage import Amount
from analyzer.model import Resource

_VOLUME = "AWS::EC2::Volume"
_GP3_IOPS = Decimal(3000)  # included in the price of gp3 storage
_GP3_MIB_PER_SECOND = Decimal(125)
_PROVISIONED = ("io1", "io2")


def _volumes(owner: Resource, context: Context) -> Iterator[tuple[Disk, Amount]]:
    """Each volume and how many of it there are, on average over the month."""
    if owner.type == _VOLUME:
        volume = Disk(
            kind=owner.VolumeType or "gp2",
            gib=number(owner.Size),
            iops=optional(owner.Iops),
            mib_per_second=optional(owner.Throughput),
        )
        yield volume, Amount(Decimal(1), "")
        return
    count = instance_months(owner, context)
    for disk in disks(owner):
        yield disk, count


def _charges(
    owner: Resource, context: Context, key: str, quantity: Callable[[Disk], Decimal]
) -> Iterator[Charge]:
    for disk, count in _volumes(owner, context):
        each = quantity(disk)
        if each:
            why = joined(disk.assumption, count.assumption)
            name = key.format(kind=disk.kind)
            yield Charge(name, each * count.value, why)


@estimator(_VOLUME, INSTANCE, GROUP, name="EBS/storage")
def storage(owner: Resource, context: Context) -> Iterator[Charge]:
    """GiB provisioned, whether used or not."""
    return _charges(owner, context, "ebs.{kind}.storage", lambda disk: disk.gib)


@estimator(_VOLUME, INSTANCE, GROUP, name="EBS/iops")
def iops(owner: Resource, context: Context) -> Iterator[Charge]:
    """Provisioned IOPS: all of io1's and io2's, those of gp3 above the included 3,000."""
    return _charges(owner, context, "ebs.{kind}.iops", _billed_iops)


def _billed_iops(disk: Disk) -> Decimal:
    if disk.kind == "gp3":
        return max((disk.iops or Decimal(0)) - _GP3_IOPS, Decimal(0))
    return disk.iops or Decimal(0) if disk.kind in _PROVISIONED else Decimal(0)


@estimator(_VOLUME, INSTANCE, GROUP, name="EBS/throughput")
def throughput(owner: Resource, context: Context) -> Iterator[Charge]:
    """Throughput of gp3 above the included 125 MiB/s, in GiB/s."""
    return _charges(owner, context, "ebs.{kind}.throughput", _billed_throughput)


def _billed_throughput(disk: Disk) -> Decimal:
    if disk.kind != "gp3" or disk.mib_per_second is None:
        return Decimal(0)
    return max(disk.mib_per_second - _GP3_MIB_PER_SECOND, Decimal(0)) / 1024


@estimator(_VOLUME, name="EBS/snapshots")
def snapshots(volume: Resource, context: Context) -> Charge | None:
    """Snapshot storage, where it is declared."""
    return context.charged_if_declared("ebs.snapshot.standard", "snapshot_gib")
