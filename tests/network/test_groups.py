from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analyzer.model import Inventory, Props, Resource
from analyzer.network import ingress_entries, internet_source, public_source
from analyzer.unknown import Reference, Undecided, Unknown, explore

Entry = Callable[..., Props]
WEB = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


def group(ingress: Any) -> Resource:
    made = Resource("AWS::EC2::SecurityGroup", "Group", {"SecurityGroupIngress": ingress})
    Inventory("test", [made])
    return made


def test_a_group_has_its_entries() -> None:
    assert [entry.FromPort for entry in ingress_entries(group([WEB, WEB]))] == [443, 443]


def test_a_single_entry_needs_no_list() -> None:
    assert [entry.FromPort for entry in ingress_entries(group(WEB))] == [443]


def test_an_entry_that_stands_alone_is_its_own() -> None:
    alone = Resource("AWS::EC2::SecurityGroupIngress", "Alone", dict(WEB, CidrIp="0.0.0.0/0"))
    Inventory("test", [alone])
    [entry] = ingress_entries(alone)
    assert internet_source(entry) == "CidrIp"
    assert entry.at("CidrIp") == ("CidrIp",)


def test_entries_that_are_not_known_are_not_decided() -> None:
    with pytest.raises(Undecided, match="Rules"):
        ingress_entries(group(Unknown("parameter `Rules`", "has no value")))


@pytest.mark.parametrize(
    ("source", "property_"),
    [({"CidrIp": "0.0.0.0/0"}, "CidrIp"), ({"CidrIpv6": "::/0"}, "CidrIpv6")],
)
def test_the_internet_is_named_by_the_block_that_admits_it(
    entry: Entry, source: dict[str, str], property_: str
) -> None:
    assert internet_source(entry(**WEB, **source)) == property_


@pytest.mark.parametrize(
    "source",
    [
        {"SourceSecurityGroupId": "sg-1"},
        {"SourcePrefixListId": "pl-1"},
        {"CidrIp": "10.0.0.0/8"},
        {"CidrIp": "203.0.113.0/24"},
    ],
)
def test_groups_foreign_lists_and_small_networks_are_not_the_internet(
    entry: Entry, source: dict[str, str]
) -> None:
    assert internet_source(entry(**WEB, **source)) == ""


def test_a_small_public_network_is_still_public(entry: Entry) -> None:
    assert public_source(entry(**WEB, CidrIp="203.0.113.0/24")) == "CidrIp"
    assert public_source(entry(**WEB, CidrIp="10.0.0.0/8")) == ""


def test_a_prefix_list_of_the_inventory_is_looked_into() -> None:
    made = group([dict(WEB, SourcePrefixListId=Reference("/List"))])
    halves = {"Entries": [{"Cidr": "0.0.0.0/1"}, {"Cidr": "128.0.0.0/1"}]}
    Inventory("test", [made, Resource("AWS::EC2::PrefixList", "List", halves)])
    assert internet_source(made.SecurityGroupIngress[0]) == "SourcePrefixListId"


def test_an_unknown_block_is_the_internet_or_not(entry: Entry) -> None:
    source = Unknown("parameter `Source`", "has no value")
    paths = explore(lambda: internet_source(entry(**WEB, CidrIp=source))).paths
    assert [path.result for path in paths] == ["CidrIp", ""]
