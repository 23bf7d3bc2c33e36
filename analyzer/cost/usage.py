"""Usage: what a template cannot say about a month, declared per resource in a profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from analyzer.errors import InputError
from analyzer.model import Inventory, Resource

NETWORK = "network"
_ZERO = Decimal(0)


class Shape(Enum):
    """How the value of a usage key is written."""

    NUMBER = "a number"
    BY_NAME = "a map from names to numbers"
    NUMBER_OR_BY_NAME = "a number, or a map from names to numbers"
    SPOT = "a map with discount and source"


@dataclass(frozen=True, slots=True)
class Key:
    """One usage key: its unit (per month unless the unit says otherwise) and its shape."""

    unit: str
    shape: Shape = Shape.NUMBER
    names: tuple[str, ...] = ()  # the only names of a map; empty: any


_SPOT = {"spot": Key("", Shape.SPOT)}
_INSTANCE = {
    "hours_per_week": Key("hours a week"),
    "surplus_vcpu_hours": Key("vCPU-hours"),
    **_SPOT,
}
_DATABASE = {
    "storage_gib": Key("GiB"),
    "backup_gib": Key("GiB beyond the free backup"),
    "io_requests": Key("I/O requests"),
}
_CACHE = {"backup_gib": Key("GiB beyond the free backup")}
CLOUDFRONT_AREAS = {
    "Europe": "EU",
    "EU": "EU",
    "United States": "United States",
    "Canada": "Canada",
    "Asia Pacific": "Asia Pacific",
    "Australia": "Australia",
    "India": "India",
    "Japan": "Japan",
    "Middle East": "Middle East",
    "South Africa": "South Africa",
    "South America": "South America",
}
"""The names that usage gives CloudFront's areas, and those of the price book."""
BACKUP_KINDS = ("EFS", "RDS", "S3", "EBS", "DynamoDB")
_BY_AREA = Key("GiB", Shape.NUMBER_OR_BY_NAME, tuple(CLOUDFRONT_AREAS))

KEYS: Mapping[str, Mapping[str, Key]] = {
    "AWS::AutoScaling::AutoScalingGroup": {"instances": Key("instances running"), **_INSTANCE},
    "AWS::EC2::Instance": _INSTANCE,
    "AWS::EC2::Volume": {"snapshot_gib": Key("GiB")},
    "AWS::RDS::DBInstance": _DATABASE,
    "AWS::RDS::DBCluster": {**_DATABASE, "capacity_units": Key("ACU running")},
    "AWS::ElastiCache::ReplicationGroup": _CACHE,
    "AWS::ElastiCache::CacheCluster": _CACHE,
    "AWS::EFS::FileSystem": {
        "storage_gib": Key("GiB"),
        "ia_storage_gib": Key("GiB"),
        "read_gib": Key("GiB"),
        "write_gib": Key("GiB"),
    },
    "AWS::S3::Bucket": {
        "storage_gib": Key("GiB"),
        "standard_ia_gib": Key("GiB"),
        "glacier_gib": Key("GiB"),
        "deep_archive_gib": Key("GiB"),
        "put_requests": Key("requests"),
        "get_requests": Key("requests"),
        "transitions": Key("requests"),
    },
    "AWS::ElasticLoadBalancingV2::LoadBalancer": {
        "processed_gib": Key("GiB"),
        "new_connections_per_second": Key("connections a second"),
        "active_connections": Key("connections"),
        "rule_evaluations_per_second": Key("evaluations a second"),
    },
    "AWS::ElasticLoadBalancing::LoadBalancer": {"processed_gib": Key("GiB")},
    "AWS::EC2::NatGateway": {"processed_gib": Key("GiB")},
    "AWS::EC2::VPCEndpoint": {"processed_gib": Key("GiB")},
    "AWS::CloudFront::Distribution": {
        "data_out_gib": _BY_AREA,
        "https_requests": Key("requests"),
        "http_requests": Key("requests"),
    },
    "AWS::Route53::HostedZone": {"queries": Key("queries")},
    "AWS::ECS::Service": {"tasks": Key("tasks running"), **_SPOT},
    "AWS::ECR::Repository": {"storage_gib": Key("GiB")},
    "AWS::Logs::LogGroup": {"ingested_gib": Key("GiB"), "stored_gib": Key("GiB")},
    "AWS::EC2::FlowLog": {"ingested_gib": Key("GiB")},
    "AWS::SecretsManager::Secret": {"api_calls": Key("calls")},
    "AWS::KMS::Key": {"requests": Key("requests")},
    "AWS::Cognito::UserPool": {"monthly_active_users": Key("users")},
    "AWS::Backup::BackupVault": {"storage_gib": Key("GiB", Shape.BY_NAME, BACKUP_KINDS)},
    "AWS::WAFv2::WebACL": {"requests": Key("requests")},
    "AWS::Lambda::Function": {"requests": Key("requests"), "gb_seconds": Key("GB-seconds")},
    "AWS::Serverless::Function": {"requests": Key("requests"), "gb_seconds": Key("GB-seconds")},
    "AWS::SQS::Queue": {"requests": Key("requests")},
    "AWS::SNS::Topic": {"requests": Key("requests"), "emails": Key("notifications")},
    "AWS::DynamoDB::Table": {
        "storage_gib": Key("GiB"),
        "read_units": Key("read request units"),
        "write_units": Key("write request units"),
    },
}
"""The usage keys of each type."""
NETWORK_KEYS: Mapping[str, Key] = {
    "internet_out_gib": Key("GiB"),
    "between_zones_gib": Key("GiB"),
    "between_regions_gib": Key("GiB", Shape.BY_NAME),
}
"""The usage keys under `network` (or `stack/network`)."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity and where it comes from."""

    value: Decimal
    assumption: str


@dataclass(frozen=True, slots=True)
class ResourceUsage:
    """The declared usage of one resource; `read` collects the keys that were asked for."""

    values: Mapping[str, Any] = field(default_factory=dict)
    read: set[str] = field(default_factory=set, compare=False)

    @property
    def unread(self) -> list[str]:
        """The declared keys that nothing asked for."""
        return [key for key in self.values if key not in self.read]

    def declared(self, key: str) -> Decimal | None:
        """The number that the profile declares, None where it declares none."""
        self.read.add(key)
        return None if key not in self.values else Decimal(str(self.values[key]))

    def amount(self, key: str, default: Decimal = _ZERO, because: str = "") -> Amount:
        """The declared number, or `default` and an assumption that says so."""
        value = self.declared(key)
        if value is not None:
            return Amount(value, f"usage: {key} {value:,f}")
        return Amount(default, f"{key} not declared: {because or f'{default:f} assumed'}")

    def by_name(self, key: str, name: str = "") -> dict[str, Decimal]:
        """The declared numbers by name; a single number stands under `name`."""
        self.read.add(key)
        value = self.values.get(key, {})
        if isinstance(value, Mapping):
            return {str(part): Decimal(str(amount)) for part, amount in value.items()}
        return {name: Decimal(str(value))}

    @property
    def spot_discount(self) -> tuple[Decimal, str] | None:
        """The declared Spot discount (0 to 1) and its source."""
        self.read.add("spot")
        spot = self.values.get("spot")
        return (Decimal(str(spot["discount"])), str(spot.get("source", ""))) if spot else None


@dataclass(frozen=True, slots=True)
class Usage:
    """The declared usage of one profile, by the key of the resource (`stack/id`)."""

    resources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    networks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # by stack; "": all

    def of(self, resource: Resource) -> ResourceUsage:
        """The usage of one resource."""
        return ResourceUsage(self.resources.get(resource.key, {}))

    def network(self, stack: str) -> ResourceUsage:
        """The traffic of one stack; of the whole system under the empty name."""
        return ResourceUsage(self.networks.get(stack, {}))


def read_usage(declared: Mapping[str, Any], inventory: Inventory, *, file: str = "") -> Usage:
    """Usage from a profile's `usage`, checked against the resources that it speaks of.

    Raises `InputError` for a resource or key that does not exist, naming the nearest that does.
    """
    resources: dict[str, Mapping[str, Any]] = {}
    networks: dict[str, Mapping[str, Any]] = {}
    for name, values in declared.items():
        if not isinstance(values, Mapping):
            raise InputError(f"usage of {name} is not a map", file=file)
        stack, _, identifier = name.rpartition("/")
        if identifier == NETWORK:
            _check(name, values, NETWORK_KEYS, file)
            networks[stack] = values
        else:
            resource = _find(name, inventory, file)
            _check(name, values, KEYS.get(resource.type, {}), file)
            resources[resource.key] = values
    return Usage(resources, networks)


def _find(name: str, inventory: Inventory, file: str) -> Resource:
    if name in inventory.resources:
        return inventory.resources[name]
    matches = [resource for resource in inventory if resource.id == name]
    if len(matches) > 1:
        keys = " or ".join(resource.key for resource in matches)
        raise InputError(
            f"usage of {name}: several stacks have it", file=file, hint=f"write {keys}"
        )
    if not matches:
        known = [resource.id for resource in inventory] + [NETWORK]
        hint = _nearest(name.rpartition("/")[2], known)
        raise InputError(f"usage of {name}: there is no such resource", file=file, hint=hint)
    return matches[0]


def _check(name: str, values: Mapping[str, Any], keys: Mapping[str, Key], file: str) -> None:
    for key, value in values.items():
        if key not in keys:
            hint = _nearest(key, keys) if keys else "resources of its type take no usage"
            raise InputError(f"usage of {name} has an unknown key {key}", file=file, hint=hint)
        _check_value(f"usage of {name}: {key}", value, keys[key], file)


def _check_value(what: str, value: Any, key: Key, file: str) -> None:
    if key.shape is Shape.SPOT:
        if not isinstance(value, Mapping) or "discount" not in value:
            raise InputError(f"{what} is not {key.shape.value}", file=file)
        if not 0 <= _checked_number(what, value["discount"], file) <= 1:
            raise InputError(f"{what}: the discount is not between 0 and 1", file=file)
        return
    if isinstance(value, Mapping) and key.shape is not Shape.NUMBER:
        for name, amount in value.items():
            if key.names and name not in key.names:
                hint = _nearest(str(name), key.names)
                raise InputError(f"{what} has an unknown name {name}", file=file, hint=hint)
            _checked_number(f"{what}: {name}", amount, file)
    elif isinstance(value, Mapping) or key.shape is Shape.BY_NAME:
        raise InputError(f"{what} is not {key.shape.value}", file=file)
    else:
        _checked_number(what, value, file)


def _checked_number(what: str, value: Any, file: str) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if isinstance(value, bool) or not amount.is_finite() or amount < 0:
        raise InputError(f"{what} '{value}' is not a number that usage can have", file=file)
    return amount


def _nearest(name: str, known: Iterable[str]) -> str:
    import difflib  # needed for the message only

    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(names)[:12])}"
