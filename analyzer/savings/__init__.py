"""What could be paid less for: proposals that an architecture's resources suggest by themselves.

A finder looks at the inventory and yields changes with what they give up. It knows no prices:
whether a change saves anything is found by trying it. What is not known gives no proposal.
"""

from __future__ import annotations

from analyzer.savings.finding import find_savings
from analyzer.savings.saving import KINDS, Edit, Kind, Saving, Surroundings

__all__ = ["KINDS", "Edit", "Kind", "Saving", "Surroundings", "find_savings"]
