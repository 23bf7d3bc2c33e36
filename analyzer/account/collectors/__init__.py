"""The tables of what is read from an account, one file a group of services."""

from __future__ import annotations

from analyzer.account.collectors import (
    backup,
    balancing,
    buckets,
    caches,
    compute,
    files,
    network,
    rds,
    tables,
    warehouses,
)

TABLES = (
    backup.COLLECTORS,
    balancing.COLLECTORS,
    buckets.COLLECTORS,
    caches.COLLECTORS,
    compute.COLLECTORS,
    files.COLLECTORS,
    network.COLLECTORS,
    rds.COLLECTORS,
    tables.COLLECTORS,
    warehouses.COLLECTORS,
)
