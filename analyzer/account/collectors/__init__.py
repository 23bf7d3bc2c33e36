"""The tables of what is read from an account, one file a group of services."""

from __future__ import annotations

from analyzer.account.collectors import (
    account,
    backup,
    balancing,
    buckets,
    caches,
    compute,
    files,
    governance,
    identity,
    keys,
    network,
    rds,
    sign_in,
    tables,
    warehouses,
)

TABLES = (
    account.COLLECTORS,
    backup.COLLECTORS,
    balancing.COLLECTORS,
    buckets.COLLECTORS,
    caches.COLLECTORS,
    compute.COLLECTORS,
    files.COLLECTORS,
    governance.COLLECTORS,
    identity.COLLECTORS,
    keys.COLLECTORS,
    network.COLLECTORS,
    rds.COLLECTORS,
    sign_in.COLLECTORS,
    tables.COLLECTORS,
    warehouses.COLLECTORS,
)
