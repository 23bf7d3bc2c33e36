"""How long the questions about policies take: all of them, of 10,000 policies, and one comparison.

    python benchmarks/policies.py [--policies 10000] [--processes 2]

The policies are those that AWS publishes, then pairs of them that one role would hold, so that no
two are alike. Comparisons are those of the labelled cases, and each policy of AWS with itself.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations, islice
from pathlib import Path
from typing import Any

import yaml

from analyzer.iam import Holder, allows_more, grant_of, managed_policies, service_reference
from analyzer.iam.dossier import answers_about_holder
from analyzer.iam.escalation import WorstWorld

_CASES = Path(__file__).parents[1] / "tests" / "iam" / "iam-cases.yaml"
_ACCOUNT = "111122223333"
_TARGET = 60.0


def main() -> int:
    """Time the load, the questions, and the comparisons; 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--policies", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    begun = time.perf_counter()
    reference = service_reference()
    loaded = (time.perf_counter() - begun) * 1e3
    print(f"reference loaded      {loaded:8.1f} ms, {len(reference):,} actions")
    wanted = list(islice(_policies(), options.policies))
    begun = time.perf_counter()
    with ProcessPoolExecutor(options.processes) as pool:
        size = 50
        parts = [wanted[start : start + size] for start in range(0, len(wanted), size)]
        times = [one for part in pool.map(_asked, parts) for one in part]
    seconds = time.perf_counter() - begun
    print(
        f"{len(times):,} policies       {seconds:8.1f} s on {options.processes} processes; one:"
        f" median {statistics.median(times) * 1e3:.1f} ms, longest {max(times):.2f} s"
    )
    for title, pairs in (("labelled pairs", _labelled()), ("AWS's own", _own())):
        taken = [_compared(*pair) for pair in pairs]
        print(
            f"compared, {title:15} {len(taken):5} times: median"
            f" {statistics.median(taken) * 1e3:.2f} ms, longest {max(taken) * 1e3:.1f} ms"
        )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"peak memory of a process {peak} MiB")
    return 0 if seconds < _TARGET else 1


def _policies() -> Iterator[tuple[str, ...]]:
    """The names of the policies that one holder has."""
    names = sorted(managed_policies.names())
    yield from ((name,) for name in names)
    yield from combinations(names, 2)


def _asked(part: Sequence[tuple[str, ...]]) -> list[float]:
    reference = service_reference()
    times = []
    for names in part:
        begun = time.perf_counter()
        grant = grant_of(*map(_document, names), reference=reference)
        answers_about_holder(Holder(grant, reference, _ACCOUNT), WorstWorld())
        times.append(time.perf_counter() - begun)
    return times


def _document(name: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": managed_policies.statements_in(name)}


def _labelled() -> Iterator[tuple[Any, Any, str]]:
    for case in yaml.safe_load(_CASES.read_bytes())["cases"]:
        if case["kind"] == "compare":
            yield case["a"], case["b"], case["policy_type"]
            yield case["b"], case["a"], case["policy_type"]


def _own() -> Iterator[tuple[Any, Any, str]]:
    for name in managed_policies.names():
        yield _document(name), _document(name), "identity"


def _compared(a: Any, b: Any, kind: str) -> float:
    reference = service_reference()
    one = grant_of(a, reference=reference, kind=kind)
    other = grant_of(b, reference=reference, kind=kind)
    begun = time.perf_counter()
    allows_more(one, other, reference)
    return time.perf_counter() - begun


if __name__ == "__main__":
    raise SystemExit(main())
