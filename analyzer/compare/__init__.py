"""A change held against the base branch: what is new, what is fixed, what it costs and allows."""

from analyzer.compare.comparing import Asked, compared
from analyzer.compare.files import Files, base_files

__all__ = ["Asked", "Files", "base_files", "compared"]
