"""How long a question about reachability takes, over the five architectures and the labelled cases.

    python benchmarks/reach.py

Every server, service, database and load balancer of each profile is asked about from the internet
on four ports, and every pair of them on one. Reading the templates is not counted.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

from analyzer.cli.inventories import inventories
from analyzer.model import Inventory
from analyzer.network import EVERYBODY, STANDING_TYPES, answered, flow_of

_ARCHITECTURES = Path(__file__).parents[1] / "architectures"
_PORTS = (22, 80, 443, 5432)
_TARGET = 0.05


def main() -> int:
    """Print a line per profile; 1 where the median of any is above the target."""
    slow = 0
    for folder in sorted(path for path in _ARCHITECTURES.iterdir() if path.is_dir()):
        for named in inventories(folder):
            outside = list(_from_outside(named.inventory))
            between = list(_between(named.inventory))
            print(
                f"{named.name:30} {len(named.inventory):4} resources"
                f"  internet {len(outside):4} x {_told(outside)}"
                f"  pairs {len(between):4} x {_told(between)}"
            )
            slow += any(statistics.median(one) > _TARGET for one in (outside, between) if one)
    return 1 if slow else 0


def _told(times: list[float]) -> str:
    if not times:
        return "-"
    return f"{statistics.median(times) * 1e3:5.2f} ms (longest {max(times) * 1e3:.1f})"


def _from_outside(inventory: Inventory) -> Iterator[float]:
    for target in inventory.declared(*STANDING_TYPES):
        for port in _PORTS:
            begun = time.perf_counter()
            answered(EVERYBODY, target, flow_of("tcp", port))
            yield time.perf_counter() - begun


def _between(inventory: Inventory) -> Iterator[float]:
    for source, target in permutations(inventory.declared(*STANDING_TYPES), 2):
        begun = time.perf_counter()
        answered(source, target, flow_of("tcp", 443))
        yield time.perf_counter() - begun


if __name__ == "__main__":
    raise SystemExit(main())
