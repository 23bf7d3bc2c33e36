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
    name = db.DBParameterGroupName
    if absent(name) or _is_default(name):
        return ABSENT
    parameters = db.follow("DBParameterGroupName").Parameters
    return parameters.get(parameter, ABSENT)


def warehouse_setting(cluster: Resource, parameter: str) -> Any:
    """The value that a warehouse's parameter group gives a parameter.

    `ABSENT` where the group leaves it to its family's default. Raises `Undecided` where the group
    is not known.
    """
    name = cluster.ClusterParameterGroupName
    if not absent(name) and not _is_default(name):
        for entry in cluster.follow("ClusterParameterGroupName").Parameters:
            if entry.ParameterName == parameter:
                return entry.ParameterValue
    return ABSENT


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
