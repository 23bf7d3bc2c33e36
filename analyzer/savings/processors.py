"""Instance types that do the same for less: newer generations, and Graviton.

`analyzer/data/processors.csv` says which family may follow which, and `graviton_engines.csv` from
which version on an engine runs on Graviton. A successor has the same size, as many vCPUs and as
much memory; whether it is sold and cheaper is found by trying it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analyzer.cost.book import embedded
from analyzer.findings import Fix
from analyzer.model import Inventory, Resource
from analyzer.savings.reading import absent, certain, followed, text, value
from analyzer.savings.saving import KINDS, Saving, Surroundings
from analyzer.unknown import Undecided, Unknown
from analyzer.versions import release

_FAMILIES = Path(__file__).parents[1] / "data" / "processors.csv"
_ENGINES = _FAMILIES.with_name("graviton_engines.csv")
_INSTANCE = "AWS::RDS::DBInstance"
_CACHES = ("AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::CacheCluster")
_HOLDERS = {
    "AWS::EC2::Instance": "InstanceType",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateData/InstanceType",
    "AWS::AutoScaling::LaunchConfiguration": "InstanceType",
}
_FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")


@dataclass(frozen=True, slots=True)
class Successor:
    """A family that may follow another; `why` is "generation", "arm" or "graviton"."""

    family: str
    why: str
    source: str


@cache
def successors() -> dict[tuple[str, str], tuple[Successor, ...]]:
    """The families that may follow one, by service and family."""
    found: dict[tuple[str, str], list[Successor]] = {}
    with _FAMILIES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            entry = Successor(row["successor"], row["why"], row["source"])
            found.setdefault((row["service"], row["family"]), []).append(entry)
    return {key: tuple(entries) for key, entries in found.items()}


def servers(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Servers, and what they are started from; their images decide whether it can be done."""
    for holder in certain(inventory, *_HOLDERS):
        path = _HOLDERS[holder.type]
        type_ = text(holder, *path.split("/"))
        yield from _typed(holder, path, "ec2", type_)


def databases(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Databases: the engine's version must be one that runs on Graviton."""
    for db in certain(inventory, _INSTANCE):
        owner = followed(db, "DBClusterIdentifier") or db
        graviton = _runs_on_graviton(text(owner, "Engine"), value(owner, "EngineVersion"))
        class_ = text(db, "DBInstanceClass")
        yield from _typed(db, "DBInstanceClass", "rds", class_, graviton=graviton)


def caches(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Caches, in the same way."""
    for cache_ in certain(inventory, *_CACHES):
        engine = "redis" if absent(cache_, "Engine") else text(cache_, "Engine").lower()
        graviton = _runs_on_graviton(engine, value(cache_, "EngineVersion"))
        type_ = text(cache_, "CacheNodeType")
        yield from _typed(cache_, "CacheNodeType", "elasticache", type_, graviton=graviton)


def functions(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Functions on x86."""
    for function in certain(inventory, *_FUNCTIONS):
        chosen = value(function, "Architectures")
        if absent(function, "Architectures") or chosen == ["x86_64"]:
            fix = Fix(set={"Architectures/0": "arm64"} if chosen else {"Architectures": ["arm64"]})
            yield Saving(KINDS["arm64"], function.key, "run on arm64", ((function.key, fix),))


def tasks(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Tasks on Fargate on x86."""
    for task in certain(inventory, "AWS::ECS::TaskDefinition"):
        platform = value(task, "RuntimePlatform")
        known = platform is None or isinstance(platform, dict)
        if not known or absent(task, "RequiresCompatibilities"):
            continue
        if value(task, "RequiresCompatibilities") != ["FARGATE"]:
            continue
        system = text(platform, "OperatingSystemFamily") or "LINUX"
        if system == "LINUX" and (text(platform, "CpuArchitecture") or "X86_64") == "X86_64":
            fix = Fix(
                set={
                    "RuntimePlatform": {
                        "CpuArchitecture": "ARM64",
                        "OperatingSystemFamily": "LINUX",
                    }
                }
            )
            yield Saving(KINDS["arm64"], task.key, "run on arm64", ((task.key, fix),))


def _typed(
    holder: Resource, path: str, service: str, type_: str, *, graviton: bool = True
) -> Iterator[Saving]:
    prefix, family, size = _parts(type_)
    for successor in successors().get((service, family), ()):
        if successor.why == "graviton" and not graviton:
            continue
        other = f"{prefix}{successor.family}.{size}"
        if not _as_large(other, type_):
            continue
        kind = KINDS["arm64" if successor.why == "arm" else successor.why]
        fix = Fix(set={path: other})
        title = f"run on {other} instead of {type_}"
        yield Saving(kind, holder.key, title, ((holder.key, fix),), source=successor.source)


def _as_large(other: str, type_: str) -> bool:
    """Whether a type has as many vCPUs as another and as much memory, as far as is known."""
    sizes = [
        (measure(other), measure(type_)) for measure in (embedded().vcpus, embedded().memory_gib)
    ]
    known = [pair for pair in sizes if not any(isinstance(size, Unknown) for size in pair)]
    return bool(known) and all(new >= old for new, old in known)


def _parts(type_: str) -> tuple[str, str, str]:
    """The prefix, family and size of a type: ("db.", "t3", "micro") of "db.t3.micro"."""
    *prefix, family, size = type_.split(".") if type_.count(".") in (1, 2) else ("", "")
    return "".join(f"{part}." for part in prefix), family, size


def _runs_on_graviton(engine: str, version: Any) -> bool:
    """Whether a version of an engine is one that Graviton classes are sold for.

    A version that is not set is AWS's own choice, and a new one; "8.0" is the newest of 8.0.
    """
    first = _first_on_graviton().get(engine)
    if first is None or version is None:
        return first is not None
    try:
        numbers = release(version)
    except Undecided:
        return False
    shared = min(len(first), len(numbers))
    return bool(numbers) and numbers[:shared] >= first[:shared]


@cache
def _first_on_graviton() -> dict[str, tuple[int, ...]]:
    with _ENGINES.open(encoding="utf-8", newline="") as file:
        return {row["engine"]: release(row["first"]) for row in csv.DictReader(file)}
