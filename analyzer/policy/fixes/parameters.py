"""Parameters of databases and warehouses, set in their group or in one that is added."""

from __future__ import annotations

from analyzer.findings import Fix
from analyzer.model import Resource
from analyzer.parameter_groups import group_of, warehouse_family, warehouse_group_of
from analyzer.policy.fixes.values import entry
from analyzer.unknown import Undecided, absent
from analyzer.versions import release

_NAMES = ("ParameterName", "ParameterValue")
# How many numbers of the engine's version name the family of its parameter groups.
_FAMILIES = {"postgres": 1, "mysql": 2, "mariadb": 2}


def with_parameter(db: Resource, name: str, value: str) -> Fix:
    """Set a parameter of a database in its group, or in a group of its own where it has AWS's.

    Amazon RDS User Guide, "Parameter groups for Amazon RDS".
    """
    group = group_of(db)
    if not absent(group):
        return Fix(elsewhere={group.key: {f"Parameters/{name}": value}})
    added = f"{db.id}Parameters"
    properties = {
        "Description": f"Parameters of {db.id}",
        "Family": _family(db),
        "Parameters": {name: value},
    }
    return Fix(
        set={"DBParameterGroupName": {"Ref": added}},
        add={added: {"Type": "AWS::RDS::DBParameterGroup", "Properties": properties}},
    )


def _family(db: Resource) -> str:
    numbers = _FAMILIES[db.Engine]
    version = release(db.EngineVersion)
    if db.Engine == "postgres" and version[:1] < (10,):
        numbers = 2
    if len(version) < numbers:
        raise Undecided("the engine version", f"is not known in full ({db.EngineVersion})")
    return f"{db.Engine}{'.'.join(map(str, version[:numbers]))}"


def with_warehouse_parameter(cluster: Resource, name: str, value: str) -> Fix:
    """Set a parameter of a warehouse in its group, or in one of its own where it has AWS's.

    Amazon Redshift Management Guide, "Amazon Redshift parameter groups".
    """
    group = warehouse_group_of(cluster)
    if not absent(group):
        return Fix(
            elsewhere={group.key: entry("Parameters", group.Parameters, name, value, _NAMES)}
        )
    added = f"{cluster.id}Parameters"
    properties = {
        "Description": f"Parameters of {cluster.id}",
        "ParameterGroupFamily": warehouse_family(cluster),
        "Parameters": [dict(zip(_NAMES, (name, value), strict=True))],
    }
    return Fix(
        set={"ClusterParameterGroupName": {"Ref": added}},
        add={added: {"Type": "AWS::Redshift::ClusterParameterGroup", "Properties": properties}},
    )
