"""The tables of what is read from an account, one file a group of services."""

from __future__ import annotations

from analyzer.account.collectors import backup, caches, files, rds, tables, warehouses

TABLES = (
    backup.COLLECTORS,
    caches.COLLECTORS,
    files.COLLECTORS,
    rds.COLLECTORS,
    tables.COLLECTORS,
    warehouses.COLLECTORS,
)
