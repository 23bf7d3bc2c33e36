"""Questions about a network that several rules ask: addresses, ports, subnets and their routes.

One takes all of it together: whether something can be reached (`reachable`). Arguments come from
templates and may be unknown: testing them is then a choice point, and what cannot be decided raises
`Undecided`.
"""

from __future__ import annotations

from analyzer.network.address_sets import INTERNET, AddressSet, Limit, addresses_of
from analyzer.network.addresses import (
    admits_internet,
    covers,
    holds_public_addresses,
    is_internet,
)
from analyzer.network.asking import Reachability, Verdict
from analyzer.network.flow import Flow, flow_of
from analyzer.network.groups import ingress_entries, internet_source, public_source
from analyzer.network.interface_table import TYPES as STANDING_TYPES
from analyzer.network.interface_table import interfaces
from analyzer.network.interfaces import Interface
from analyzer.network.links import attached, names
from analyzer.network.opened import opened_flows
from analyzer.network.partial_answers import all_hold, matching
from analyzer.network.paths import Hop, Path
from analyzer.network.ports import admits, admitted, opens_beyond, opens_every_port, shown_ports
from analyzer.network.reach import (
    EVERYBODY,
    answered,
    asked,
    decided,
    from_internet,
    reachable,
    service_reached,
    ways_from_internet,
)
from analyzer.network.services import services
from analyzer.network.spans import Doubt, Span
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
    "EVERYBODY",
    "INTERNET",
    "STANDING_TYPES",
    "AddressSet",
    "Doubt",
    "Flow",
    "Hop",
    "Interface",
    "Limit",
    "Path",
    "Reachability",
    "Span",
    "Verdict",
    "addresses_of",
    "admits",
    "admits_internet",
    "admitted",
    "all_hold",
    "answered",
    "asked",
    "attached",
    "covers",
    "decided",
    "default_routes",
    "distinct",
    "flow_of",
    "from_internet",
    "holds_public_addresses",
    "in_default_network",
    "ingress_entries",
    "interfaces",
    "internet_source",
    "is_default",
    "is_internet",
    "is_public",
    "leads_to_internet_gateway",
    "matching",
    "names",
    "opened_flows",
    "opens_beyond",
    "opens_every_port",
    "public_source",
    "public_subnets",
    "reachable",
    "route_table_of",
    "routes_of",
    "service_reached",
    "services",
    "shown_ports",
    "shown_zones",
    "subnet_of",
    "ways_from_internet",
    "zone_named",
    "zone_of",
    "zones_named",
    "zones_of",
]
