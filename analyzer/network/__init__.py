"""Questions about a network that several rules ask: addresses, ports, subnets and their routes.

Arguments come from templates and may be unknown: testing them is then a choice point, and what
cannot be decided raises `Undecided`.
"""

from __future__ import annotations

from analyzer.network.addresses import (
    admits_internet,
    covers,
    holds_public_addresses,
    is_internet,
)
from analyzer.network.groups import ingress_entries, internet_source, public_source
from analyzer.network.links import attached, names
from analyzer.network.partial_answers import all_hold, matching
from analyzer.network.ports import admits, admitted, opens_beyond, opens_every_port, shown_ports
from analyzer.network.subnets import (
    default_routes,
    in_default_network,
    is_default,
    is_public,
    leads_to_internet_gateway,
    public_subnets,
    route_table_of,
    routes_of,
    subnet_of,
)
from analyzer.network.zones import (
    distinct,
    shown_zones,
    zone_named,
    zone_of,
    zones_named,
    zones_of,
)

__all__ = [
    "admits",
    "admits_internet",
    "admitted",
    "all_hold",
    "attached",
    "covers",
    "default_routes",
    "distinct",
    "holds_public_addresses",
    "in_default_network",
    "ingress_entries",
    "internet_source",
    "is_default",
    "is_internet",
    "is_public",
    "leads_to_internet_gateway",
    "matching",
    "names",
    "opens_beyond",
    "opens_every_port",
    "public_source",
    "public_subnets",
    "route_table_of",
    "routes_of",
    "shown_ports",
    "shown_zones",
    "subnet_of",
    "zone_named",
    "zone_of",
    "zones_named",
    "zones_of",
]
