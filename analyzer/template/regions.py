"""What a region's name says: its partition, its domain, and its zones."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_ZONES = Path(__file__).parent / "data" / "zones.csv"
_PARTITIONS = {
    "cn": ("aws-cn", "amazonaws.com.cn"),
    "us-gov": ("aws-us-gov", "amazonaws.com"),
    "us-isof": ("aws-iso-f", "csp.hci.ic.gov"),
    "us-isob": ("aws-iso-b", "sc2s.sgov.gov"),
    "us-iso": ("aws-iso", "c2s.ic.gov"),
    "eu-isoe": ("aws-iso-e", "cloud.adc-e.uk"),
    "eusc-de": ("aws-eusc", "amazonaws.eu"),
}


def partition_of(region: str) -> str:
    """The partition that a region belongs to, `aws` for most."""
    return _partition(region)[0]


def domain_of(region: str) -> str:
    """The domain of the services in a region (`AWS::URLSuffix`)."""
    return _partition(region)[1]


def _partition(region: str) -> tuple[str, str]:
    prefix = region.rpartition("-")[0].rpartition("-")[0]
    return _PARTITIONS.get(prefix, ("aws", "amazonaws.com"))


def zones_of(region: str) -> tuple[str, ...]:
    """The names of a region's zones; empty where the table does not know the region.

    An account sees some of a region's zones only where the region has more than it offers.
    """
    return tuple(region + letter for letter in _letters().get(region, ""))


@cache
def _letters() -> dict[str, str]:
    with _ZONES.open(encoding="utf-8", newline="") as file:
        return {row["region"]: row["letters"] for row in csv.DictReader(file)}
