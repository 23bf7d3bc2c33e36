"""From what was read to an inventory: physical ids become references, what was not read a gap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from analyzer.account.collector import GLOBAL, Collector, collectors
from analyzer.account.records import Part, Record, paths_to
from analyzer.model import Gap, Inventory, Resource
from analyzer.unknown import Reference, Unknown


class _Names:
    """Every name by which a resource can be meant: its ARN, its id, and others, by type."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._found: dict[tuple[str, str], dict[str, str]] = {}
        for part in parts:
            for record in part.records:
                for name in (record.arn, *record.names):
                    known = self._found.setdefault((record.type, name), {})
                    known.setdefault(part.region, record.arn)

    def target(self, types: str, name: str, region: str) -> str | None:
        """The ARN that a name stands for where `region` uses it.

        A name counts in its own region, and that of something global everywhere; what only one
        region has may be meant from elsewhere too, as a distribution means a load balancer.
        """
        for type_ in types.split():
            known = self._found.get((type_, name), {})
            found = known.get(region) or known.get(GLOBAL)
            if found is None and len(known) == 1 and (region == GLOBAL or name.startswith("arn:")):
                found = next(iter(known.values()))
            if found is not None:
                return found
        return None


def load(account: str, parts: Sequence[Part], gaps: Iterable[Gap] = ()) -> Inventory:
    """The inventory of one account; `gaps` are types that no part tells of."""
    tables = collectors()
    names = _Names(parts)
    resources: dict[str, Resource] = {}
    for part in parts:
        told = {type_: frozenset(told) | {"Read", "Names"} for type_, told in part.told.items()}
        for record in part.records:
            if record.type in tables and record.arn not in resources:
                resources[record.arn] = _resource(
                    record, part, tables[record.type], told[record.type], names
                )
    every = (*_gaps(parts), *gaps)
    return Inventory(account, list(resources.values()), live=True, gaps=tuple(dict.fromkeys(every)))


def _gaps(parts: Iterable[Part]) -> Iterator[Gap]:
    for part in parts:
        for miss in part.misses:
            yield Gap(miss.type, part.region, miss.call, miss.code, part.account)


def _resource(
    record: Record, part: Part, collector: Collector, told: frozenset[str], names: _Names
) -> Resource:
    properties = deepcopy(dict(record.properties))
    for path, types in collector.links.items():
        for owner, name in paths_to(properties, path.split(".")):
            owner[name] = _linked(owner[name], types, part.region, names)
    live = {"Read": part.read_at, "Names": list(record.names), **record.live}
    for name, failure in record.unread.items():
        place = properties if name in collector.told else live
        place[name] = Unknown(
            f"{name} of {re.split('[:/]', record.arn)[-1]}",
            f"could not be read: {failure}",
            key=("unread", record.arn, name),
            may_be_absent=True,
        )
    return Resource(
        record.type,
        record.arn,
        properties,
        region="" if record.region == GLOBAL else record.region,
        account=part.account,
        live=live,
        told=told,
    )


def _linked(value: Any, types: str, region: str, names: _Names) -> Any:
    """The value with the names of resources that were read as references to them."""
    if isinstance(value, list):
        return [_linked(item, types, region, names) for item in value]
    target = names.target(types, value, region) if isinstance(value, str) else None
    return value if target is None else Reference(f"/{target}", text=f"{value}")
