"""A git repository as the gate sees it: where it stands, a base to compare with, its files."""

from analyzer.repository.repository import Repository, find_repository
from analyzer.repository.tree import Entry, Tree

__all__ = ["Entry", "Repository", "Tree", "find_repository"]
