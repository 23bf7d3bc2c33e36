from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analyzer.model import Inventory, Props, Resource


@pytest.fixture
def inventory_of() -> Callable[..., Inventory]:
    """An inventory from `Id=("AWS::Type", {properties})`."""

    def make(**resources: tuple[str, dict[str, Any]]) -> Inventory:
        return Inventory(
            "test",
            [
                Resource(type_, id_, props, stack="main")
                for id_, (type_, props) in resources.items()
            ],
        )

    return make


@pytest.fixture
def entry() -> Callable[..., Props]:
    """An ingress entry of a security group."""

    def make(**properties: Any) -> Props:
        group = Resource("AWS::EC2::SecurityGroup", "Group", {"SecurityGroupIngress": [properties]})
        Inventory("test", [group])
        return group.SecurityGroupIngress[0]

    return make
