"""Servers that may rest when nobody works."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Inventory
from analyzer.savings.reading import certain
from analyzer.savings.saving import KINDS, Saving, Surroundings

_SERVERS = ("AWS::EC2::Instance", "AWS::AutoScaling::AutoScalingGroup")


def scheduled_servers(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """One schedule for all servers that carry the tag, where the profile has none yet."""
    name, wanted = around.rest_tag
    tagged = [server for server in certain(inventory, *_SERVERS) if server.tags.get(name) == wanted]
    if around.scheduled or not tagged:
        return
    weekly = around.rest_hours
    schedule = {"hours_per_week": weekly, "tags": {name: wanted}}
    title = f"run what is tagged {name}={wanted} {weekly.normalize():f} hours a week"
    yield Saving(KINDS["schedule"], tagged[0].key, title, schedule=schedule)
