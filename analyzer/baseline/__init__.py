"""The committed baseline: failures that a repository starts with, each with its day and title."""

from analyzer.baseline.entries import Baseline, Entry, read_baseline, written
from analyzer.baseline.matching import added, laid, shrunk, unnamed

__all__ = ["Baseline", "Entry", "added", "laid", "read_baseline", "shrunk", "unnamed", "written"]
