"""Databases: gp3 in place of gp2, and engines that cost no Extended Support."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from analyzer.findings import Fix
from analyzer.model import Inventory, Resource
from analyzer.savings.reading import absent, certain, followed, number, text
from analyzer.savings.saving import KINDS, Edit, Saving, Surroundings
from analyzer.unknown import Unknown
from analyzer.versions import Support, support, supported_successor

INSTANCE = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"
# "gp3 storage" and "General Purpose SSD storage", Amazon RDS User Guide: gp3 includes 3,000 IOPS,
# from 400 GiB on 12,000; gp2 has 3 IOPS a GiB. Above this size gp2 would be the faster one.
_LARGEST_GIB = Decimal(4000)
_GROUPS = {
    "DBParameterGroupName": "AWS::RDS::DBParameterGroup",
    "DBClusterParameterGroupName": "AWS::RDS::DBClusterParameterGroup",
    "OptionGroupName": "AWS::RDS::OptionGroup",
}


def gp3_storage(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Storage of instances; where both cost the same, trying it shows that nothing is saved."""
    for db in certain(inventory, INSTANCE):
        size = number(db, "AllocatedStorage")
        untyped = absent(db, "StorageType") and absent(db, "Iops")
        if size is None or size > _LARGEST_GIB or not absent(db, "DBClusterIdentifier"):
            continue
        if untyped or text(db, "StorageType") == "gp2":
            title = f"store {size.normalize():f} GiB on gp3 instead of gp2"
            fix = Fix(set={"StorageType": "gp3"})
            yield Saving(KINDS["gp3"], db.key, title, ((db.key, fix),))


def supported_engines(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Engines for which Extended Support is charged, in a version that is in standard support."""
    for db in certain(inventory, INSTANCE, CLUSTER):
        dates = support(text(db, "Engine"), text(db, "EngineVersion"))
        if isinstance(dates, Unknown) or not dates.extended_years(around.today):
            continue
        successor = supported_successor(dates, around.today)
        if successor is not None and not _own_groups(db):
            yield _upgrade(db, dates, successor)


def _upgrade(db: Resource, dates: Support, successor: Support) -> Saving:
    wanted = {"EngineVersion": successor.version, "AllowMajorVersionUpgrade": True}
    if db.type == CLUSTER:
        del wanted["AllowMajorVersionUpgrade"]  # an instance's property; a cluster has none
    edits: tuple[Edit, ...] = ((db.key, Fix(set=wanted)),)
    title = f"upgrade {dates.engine} {dates.version} to {successor.version}"
    return Saving(KINDS["support"], db.key, title, edits, source=successor.source)


def _own_groups(db: Resource) -> bool:
    """Whether groups of its own, which belong to one major version, would have to follow."""
    return any(not absent(db, name) or followed(db, name) is not None for name in _GROUPS)
