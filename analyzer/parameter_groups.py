"""What the parameter group of a database or a warehouse sets."""

from __future__ import annotations

from typing import Any

from analyzer.model import Resource
from analyzer.unknown import ABSENT, absent

_DEFAULT = "default."
_NEWEST = "redshift-2.0"  # the family of a new warehouse that names no group


def setting_of(db: Resource, parameter: str) -> Any:
    """The value that a database's parameter group gives a parameter.

    `ABSENT` where the group leaves it to the engine's default, as AWS's own groups do. Raises
    `Undecided` where the group is not known.
    """
    group = group_of(db)
    return ABSENT if absent(group) else group.Parameters.get(parameter, ABSENT)


def group_of(db: Resource) -> Any:
    """The parameter group of a database; `ABSENT` where it is one of AWS's own.

    Raises `Undecided` where the group is not known.
    """
    name = db.DBParameterGroupName
    return ABSENT if absent(name) or _is_default(name) else db.follow("DBParameterGroupName")


def warehouse_setting(cluster: Resource, parameter: str) -> Any:
    """The value that a warehouse's parameter group gives a parameter.

    `ABSENT` where the group leaves it to its family's default. Raises `Undecided` where the group
    is not known.
    """
    group = warehouse_group_of(cluster)
    for entry in group.Parameters:
        if entry.ParameterName == parameter:
            return entry.ParameterValue
    return ABSENT


def warehouse_group_of(cluster: Resource) -> Any:
    """The parameter group of a warehouse; `ABSENT` where it is one of AWS's own.

    Raises `Undecided` where the group is not known.
    """
    name = cluster.ClusterParameterGroupName
    if absent(name) or _is_default(name):
        return ABSENT
    return cluster.follow("ClusterParameterGroupName")


def warehouse_family(cluster: Resource) -> Any:
    """The family of a warehouse's parameter group.

    Raises `Undecided` where the group is not known.
    """
    name = cluster.ClusterParameterGroupName
    if absent(name):
        return _NEWEST
    if _is_default(name):
        return name.removeprefix(_DEFAULT)
    return cluster.follow("ClusterParameterGroupName").ParameterGroupFamily


def _is_default(name: Any) -> bool:
    return isinstance(name, str) and name.startswith(_DEFAULT)
