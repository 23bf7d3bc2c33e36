"""The tables of what is read from an account, one file a group of services."""

from __future__ import annotations

from analyzer.account.collectors import rds

TABLES = (rds.COLLECTORS,)
