"""The tables of what is read from an account, one file a group of services."""

from __future__ import annotations

from analyzer.account.collectors import (
    account,
    backup,
    balancing,
    buckets,
    caches,
    compute,
    containers,
    edge,
    files,
    governance,
    identity,
    keys,
    messages,
    network,
    observability,
    rds,
    serverless,
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
    containers.COLLECTORS,
    edge.COLLECTORS,
    files.COLLECTORS,
    governance.COLLECTORS,
    identity.COLLECTORS,
    keys.COLLECTORS,
    messages.COLLECTORS,
    network.COLLECTORS,
    observability.COLLECTORS,
    rds.COLLECTORS,
    serverless.COLLECTORS,
    sign_in.COLLECTORS,
    tables.COLLECTORS,
    warehouses.COLLECTORS,
)
