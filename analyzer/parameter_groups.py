"""What the parameter group of a database sets."""

from __future__ import annotations

from typing import Any

from analyzer.model import Resource
from analyzer.unknown import ABSENT, absent


def setting_of(db: Resource, parameter: str) -> Any:
    """The value that a database's parameter group gives a parameter.

    `ABSENT` where the group leaves it to the engine's default, as AWS's own groups do. Raises
    `Undecided` where the group is not known.
    """
    name = db.DBParameterGroupName
    if absent(name) or (isinstance(name, str) and name.startswith("default.")):
        return ABSENT
    parameters = db.follow("DBParameterGroupName").Parameters
    return parameters.get(parameter, ABSENT)
