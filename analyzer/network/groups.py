"""Whom the ingress entries of a security group let in."""

from __future__ import annotations

from typing import Any

from analyzer.model import Props, Resource
from analyzer.network.addresses import holds_public_addresses, is_internet
from analyzer.unknown import Reference

_INGRESS = "AWS::EC2::SecurityGroupIngress"
_BLOCKS = ("CidrIp", "CidrIpv6")
_LIST = "SourcePrefixListId"


def ingress_entries(group: Resource) -> list[Props]:
    """The ingress entries of a group; of an entry that stands alone, the entry itself."""
    if group.type == _INGRESS:
        return [Props(group, group.properties)]
    stated = group.SecurityGroupIngress
    return [stated] if isinstance(stated, Props) else list(stated)


def internet_source(entry: Props) -> str:
    """The property through which an entry admits the internet, "" if none does.

    Another security group is never the internet, and neither is a prefix list, except one of the
    same inventory whose blocks say so.
    """
    for name in _BLOCKS:
        if is_internet(getattr(entry, name)):
            return name
    return _LIST if any(is_internet(block) for block in _listed(entry)) else ""


def public_source(entry: Props) -> str:
    """The property through which an entry admits any public address, "" if none does."""
    for name in _BLOCKS:
        if holds_public_addresses(getattr(entry, name)):
            return name
    return _LIST if any(holds_public_addresses(block) for block in _listed(entry)) else ""


def _listed(entry: Props) -> list[Any]:
    """The blocks of the entry's prefix list, where the inventory holds it."""
    value = entry.SourcePrefixListId
    if not isinstance(value, Reference):
        return []
    prefixes = entry.resource.inventory.resolve(value, "a prefix list")
    return [item.Cidr for item in prefixes.Entries]
