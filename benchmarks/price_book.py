"""How long the first price takes, and what the book weighs in memory: a fresh process each time.

python benchmarks/price_book.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys

_REPEATS = 7
_PROBE = """
import time, tracemalloc
from analyzer.cost.book import embedded
if {memory}:
    tracemalloc.start()
start = time.perf_counter()
embedded().rate("us-east-1", "ec2.ondemand.linux.shared", instance_type="t3.medium").price
print(tracemalloc.get_traced_memory()[1] if {memory} else time.perf_counter() - start)
"""


def probe(*, memory: bool) -> float:
    """Seconds, or bytes at the peak, of one lookup in a new process."""
    code = _PROBE.format(memory=memory)
    answer = subprocess.check_output([sys.executable, "-c", code], text=True)
    return float(answer)


def main() -> None:
    """Print the median of several processes."""
    seconds = [probe(memory=False) for _ in range(_REPEATS)]
    peak = probe(memory=True)
    print(f"first price of the largest region: {statistics.median(seconds) * 1000:.1f} ms")
    print(f"peak memory of the book: {peak / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
