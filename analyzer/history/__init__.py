"""Runs that are kept: written as Parquet, asked with DuckDB."""

from analyzer.history.asking import Filter, History, read_history
from analyzer.history.store import save

__all__ = ["Filter", "History", "read_history", "save"]
